//! Routes of trips and bookings.

use super::answer::Refused;
use super::extract::{Body, Id};
use crate::context::Context;
use crate::tokens::Caller;
use crate::trips::{
    CancelBooking, ConfirmBooking, CreateTrip, FindTrip, ListBookings, ListTrips, RequestBooking,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use tripchat_protocol::rest::{Bookings, NewBooking, NewTrip, Trips};
use tripchat_protocol::{Booking, BookingId, RoomId, Trip, TripId};

type Shared = State<Arc<Context>>;

/// `GET /trips`.
pub async fn list(State(context): Shared, by: Caller) -> Result<Json<Trips>, Refused> {
    Ok(Json(Trips { trips: context.store.read(ListTrips { by }).await? }))
}

/// `GET /trips/{id}`.
pub async fn find(State(context): Shared, by: Caller, Id(id): Id<TripId>) -> Result<Json<Trip>, Refused> {
    Ok(Json(context.store.read(FindTrip { by, id }).await?))
}

/// `POST /trips`.
pub async fn create(
    State(context): Shared,
    by: Caller,
    Body(trip): Body<NewTrip>,
) -> Result<(StatusCode, Json<Trip>), Refused> {
    let (id, room) = (TripId(context.sources.uuid()), RoomId(context.sources.uuid()));
    let trip = context.store.write(CreateTrip { by, trip, id, room }).await?;
    Ok((StatusCode::CREATED, Json(trip)))
}

/// `GET /trips/{id}/bookings`.
pub async fn bookings(
    State(context): Shared,
    by: Caller,
    Id(trip): Id<TripId>,
) -> Result<Json<Bookings>, Refused> {
    Ok(Json(Bookings { bookings: context.store.read(ListBookings { by, trip }).await? }))
}

/// `POST /trips/{id}/bookings`.
pub async fn request_booking(
    State(context): Shared,
    by: Caller,
    Id(trip): Id<TripId>,
    Body(NewBooking { seats }): Body<NewBooking>,
) -> Result<(StatusCode, Json<Booking>), Refused> {
    let id = BookingId(context.sources.uuid());
    let job = RequestBooking { by, trip, seats, id, random: context.sources.bytes() };
    Ok((StatusCode::CREATED, Json(context.store.write(job).await?)))
}

/// `POST /bookings/{id}/confirm`.
pub async fn confirm_booking(
    State(context): Shared,
    by: Caller,
    Id(booking): Id<BookingId>,
) -> Result<Json<Booking>, Refused> {
    Ok(Json(context.store.write(ConfirmBooking { by, booking }).await?))
}

/// `POST /bookings/{id}/cancel`.
pub async fn cancel_booking(
    State(context): Shared,
    by: Caller,
    Id(booking): Id<BookingId>,
) -> Result<Json<Booking>, Refused> {
    Ok(Json(context.store.write(CancelBooking { by, booking }).await?))
}
