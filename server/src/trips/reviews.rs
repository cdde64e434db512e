//! Reading how rides were.

use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::{booking, review, trip};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use std::collections::BTreeSet;
use tripchat_protocol::rest::{PersonReviews, TripReviews};
use tripchat_protocol::{BookingId, ErrorCode, TripId, UserId};

/// Lists what was written about the rides of a trip, as far as they are the caller's.
#[derive(Debug)]
pub struct ListTripReviews {
    /// For whom.
    pub by: Caller,
    /// Of which trip.
    pub trip: TripId,
}

impl Job for ListTripReviews {
    type Out = TripReviews;

    async fn run(&self, tx: &mut Tx) -> Result<TripReviews> {
        let Self { by, trip: id } = self;
        rights::session(tx, by).await?;
        let trip = trip::by_id(tx, &by.tenant, *id).await?.ok_or(ErrorCode::TripNotFound)?;
        let mut reviews = review::of_trip(tx, *id).await?;
        if trip.driver != by.user {
            let own = booking::of_trip(tx, *id, Some(by.user)).await?;
            let own: BTreeSet<_> = own.into_iter().map(|booking| booking.id).collect();
            reviews.retain(|review| own.contains(&review.booking));
        }
        Ok(TripReviews { reviews })
    }
}

/// Reads what was said about a person.
#[derive(Debug)]
pub struct ReadPersonReviews {
    /// For whom.
    pub by: Caller,
    /// About whom.
    pub person: UserId,
    /// Those after the one of this booking; none: from the newest on.
    pub after: Option<BookingId>,
    /// How many.
    pub limit: u32,
}

impl Job for ReadPersonReviews {
    type Out = PersonReviews;

    async fn run(&self, tx: &mut Tx) -> Result<PersonReviews> {
        let Self { by, person, after, limit } = self;
        rights::session(tx, by).await?;
        if !review::is_open_to(tx, &by.tenant, *person, by.user).await? {
            return Err(ErrorCode::UserNotFound.into());
        }
        let after = match after {
            None => None,
            Some(booking) => {
                let at = review::written_at(tx, *person, *booking).await?;
                Some((at.ok_or_else(|| Error::invalid("after"))?, *booking))
            }
        };
        let wanted = usize::try_from(*limit).unwrap_or(usize::MAX);
        // One more than is asked for tells whether there are more.
        let mut reviews = review::about(tx, *person, after, i64::from(*limit) + 1).await?;
        let has_more = reviews.len() > wanted;
        reviews.truncate(wanted);
        Ok(PersonReviews { rating: review::rating(tx, *person).await?, reviews, has_more })
    }
}
