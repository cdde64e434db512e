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
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Page {
    after: Option<BookingId>,
    limit: Option<u32>,
}

/// Say how the ride of a booking was, or say it anew.
#[utoipa::path(
    put,
    path = "/bookings/{id}/review",
    tag = "reviews",
    operation_id = "review_write",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    request_body = NewReview,
    responses((status = 200, description = "Done.", body = Review))
)]
pub async fn write(
    State(context): Shared,
    by: Caller,
    Id(booking): Id<BookingId>,
    Body(review): Body<NewReview>,
) -> Result<Json<Review>, Refused> {
    Ok(Json(context.store.write(WriteReview { by, booking, review }).await?))
}

/// List what was written about the rides of a trip.
#[utoipa::path(
    get,
    path = "/trips/{id}/reviews",
    tag = "reviews",
    operation_id = "review_of_trip",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    responses((status = 200, description = "Done.", body = TripReviews))
)]
pub async fn of_trip(
    State(context): Shared,
    by: Caller,
    Id(trip): Id<TripId>,
) -> Result<Json<TripReviews>, Refused> {
    Ok(Json(context.store.read(ListTripReviews { by, trip }).await?))
}

/// Read what was written about a person, page by page.
#[utoipa::path(
    get,
    path = "/people/{id}/reviews",
    tag = "reviews",
    operation_id = "review_of_person",
    params(("id" = uuid::Uuid, Path, description = "The person."), Page),
    responses((status = 200, description = "Done.", body = PersonReviews))
)]
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
