//! Routes of reviews.

use super::answer::Refused;
use super::extract::{Asked, Body, Id};
use crate::context::Context;
use crate::tokens::Caller;
use crate::trips::{ListTripReviews, ReadPersonReviews, WriteReview};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use tripchat_protocol::limits::{REVIEWS_DEFAULT, REVIEWS_MAX};
use tripchat_protocol::rest::{NewReview, PersonReviews, TripReviews};
use tripchat_protocol::{BookingId, Review, TripId, UserId};

type Shared = State<Arc<Context>>;

/// Which page is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    after: Option<BookingId>,
    limit: Option<u32>,
}

/// `PUT /bookings/{id}/review`.
pub async fn write(
    State(context): Shared,
    by: Caller,
    Id(booking): Id<BookingId>,
    Body(review): Body<NewReview>,
) -> Result<Json<Review>, Refused> {
    Ok(Json(context.store.write(WriteReview { by, booking, review }).await?))
}

/// `GET /trips/{id}/reviews`.
pub async fn of_trip(
    State(context): Shared,
    by: Caller,
    Id(trip): Id<TripId>,
) -> Result<Json<TripReviews>, Refused> {
    Ok(Json(context.store.read(ListTripReviews { by, trip }).await?))
}

/// `GET /people/{id}/reviews`.
pub async fn of_person(
    State(context): Shared,
    by: Caller,
    Id(person): Id<UserId>,
    Asked(page): Asked<Page>,
) -> Result<Json<PersonReviews>, Refused> {
    let limit = page.limit.unwrap_or(REVIEWS_DEFAULT).clamp(1, REVIEWS_MAX);
    let job = ReadPersonReviews { by, person, after: page.after, limit };
    Ok(Json(context.store.read(job).await?))
}
