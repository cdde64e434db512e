//! Offering a trip for the person who drives it.

use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::{trip, users};
use crate::store::{Job, Tx};
use crate::tokens::{Scope, Service};
use crate::trips::create::offer;
use tripchat_protocol::platform::{NewPlatformTrip, PlatformTrip};
use tripchat_protocol::{ErrorCode, RoomId, TripId};

/// Longest name that a platform has for a trip.
const REFERENCE_CHARS: usize = 255;

/// Offers `trip`, driven by a person of the tenant.
#[derive(Debug)]
pub struct OfferFor {
    /// The platform.
    pub by: Service,
    /// The trip.
    pub trip: NewPlatformTrip,
    /// Its id.
    pub id: TripId,
    /// Its room's.
    pub room: RoomId,
}

impl Job for OfferFor {
    type Out = PlatformTrip;

    async fn run(&self, tx: &mut Tx) -> Result<PlatformTrip> {
        let Self { by, trip: new, id, room } = self;
        rights::service(tx, by, Scope::TripsWrite).await?;
        if users::name_in(tx, &by.tenant, new.driver).await?.is_none() {
            return Err(Error::refused(ErrorCode::InvalidInput, "driver: no such person"));
        }
        if let Some(reference) = &new.reference {
            check(reference)?;
            if trip::by_reference(tx, &by.tenant, reference).await?.is_some() {
                return Err(Error::refused(ErrorCode::Conflict, "reference"));
            }
        }
        let trip = offer(tx, (&by.tenant, new.driver), &new.trip(), (*id, *room)).await?;
        if let Some(reference) = &new.reference {
            trip::refer(tx, *id, reference).await?;
        }
        Ok(PlatformTrip { reference: new.reference.clone(), trip })
    }
}

fn check(reference: &str) -> Result<()> {
    let fits = (1..=REFERENCE_CHARS).contains(&reference.chars().count());
    if fits && !reference.chars().any(char::is_control) { Ok(()) } else { Err(Error::invalid("reference")) }
}
