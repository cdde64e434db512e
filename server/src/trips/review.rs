//! Saying how the ride was: its two people about each other, once it is completed.

use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::{booking, review, trip};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::limits::REVIEW_CHARS;
use tripchat_protocol::rest::NewReview;
use tripchat_protocol::{BookingId, BookingStatus, ErrorCode, Review};

/// Stores what the caller says of the other one of `booking`, or changes it.
#[derive(Debug)]
pub struct WriteReview {
    /// Who says it: the passenger of the driver, or the driver of the passenger.
    pub by: Caller,
    /// The ride it is about.
    pub booking: BookingId,
    /// What is said.
    pub review: NewReview,
}

impl Job for WriteReview {
    type Out = Review;

    async fn run(&self, tx: &mut Tx) -> Result<Review> {
        let Self { by, booking: id, review: said } = self;
        rights::session(tx, by).await?;
        let booking = booking::by_id(tx, *id).await?.ok_or(ErrorCode::BookingNotFound)?;
        let trip = trip::by_id(tx, &by.tenant, booking.trip).await?.ok_or(ErrorCode::BookingNotFound)?;
        let subject = match by.user {
            user if user == trip.driver => booking.passenger,
            user if user == booking.passenger => trip.driver,
            _ => return Err(ErrorCode::BookingNotFound.into()),
        };
        let said = checked(said)?;
        if booking.status != BookingStatus::Completed {
            return Err(Error::refused(ErrorCode::NotNow, "the ride is not completed"));
        }
        if !review::put(tx, *id, (by.user, subject), &said).await? {
            return Err(Error::refused(ErrorCode::NotNow, "the review can no longer be changed"));
        }
        let stored = review::by_author(tx, *id, by.user).await?;
        stored.ok_or_else(|| Error::internal("a review that was stored is gone"))
    }
}

/// What is said, with its text trimmed.
fn checked(said: &NewReview) -> Result<NewReview> {
    if !(1..=5).contains(&said.stars) {
        return Err(Error::invalid("stars"));
    }
    let text = said.text.trim();
    if text.chars().count() > REVIEW_CHARS || text.contains('\0') {
        return Err(Error::invalid("text"));
    }
    Ok(NewReview { stars: said.stars, text: text.into() })
}
