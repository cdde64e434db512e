//! A platform's backend signs a person in, on a device that it names.

use super::grant::{Begin, grant_with};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::{booking, trip, users};
use crate::store::{Job, Tx};
use crate::tokens::{Scope, Service, TripContext, TripRole};
use tripchat_protocol::platform::MintGrant;
use tripchat_protocol::rest::{Grant, Profile};
use tripchat_protocol::{ErrorCode, TripId, UserId};

/// Begins a session of `user`. In the person's list it is called as the service is.
///
/// # Errors
/// `UNAUTHORIZED` and `FORBIDDEN` for the service; `NOT_FOUND` for a person who is not of its tenant,
/// `TRIP_NOT_FOUND` for a trip that the person has no part in.
pub async fn mint(context: &Context, by: Service, user: UserId, input: MintGrant) -> Result<Grant> {
    let begin = Begin::new(context, input.device, None);
    let refresh = context.tokens.read_refresh(&begin.refresh.text())?;
    let tenant = by.tenant.clone();
    let (user, trip) = context.store.write(Mint { by, user, trip: input.trip, begin }).await?;
    grant_with(context, user, &tenant, &refresh, trip)
}

struct Mint {
    by: Service,
    user: UserId,
    trip: Option<TripId>,
    begin: Begin,
}

impl Job for Mint {
    type Out = (Profile, Option<TripContext>);

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        let service = rights::service(tx, &self.by, Scope::PeopleWrite).await?;
        let name = users::name_in(tx, &service.tenant, self.user).await?;
        let name = name.ok_or_else(|| Error::from(ErrorCode::NotFound))?;
        let trip = match self.trip {
            Some(trip) => Some(self.part_in(tx, trip).await?),
            None => None,
        };
        self.begin.store_as(tx, self.user, &service.tenant, Some(&service.name)).await?;
        Ok((Profile { id: self.user, name }, trip))
    }
}

impl Mint {
    async fn part_in(&self, tx: &mut Tx, id: TripId) -> Result<TripContext> {
        let trip = trip::by_id(tx, &self.by.tenant, id).await?.ok_or(ErrorCode::TripNotFound)?;
        let role = if trip.driver == self.user {
            TripRole::Driver
        } else if booking::of_trip(tx, id, Some(self.user)).await?.is_empty() {
            return Err(ErrorCode::TripNotFound.into());
        } else {
            TripRole::Passenger
        };
        Ok(TripContext { trip: id, role })
    }
}
