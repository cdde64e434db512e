//! Routes of trips and bookings.

use super::answer::Refused;
use super::extract::{Asked, Body, Id};
use crate::context::Context;
use crate::tokens::Caller;
use crate::trips::{
    CancelBooking, ChangeTrip, ConfirmBooking, CreateTrip, Deed, FindTrip, ListBookings, ListMyBookings,
    ListTrips, MarkBooking, OpenBookingRoom, RequestBooking, SearchTrips, SetStatus,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use tripchat_protocol::rest::{Bookings, MyBookings, NewBooking, NewStatus, NewTrip, TripChange, Trips};
use tripchat_protocol::{Booking, BookingId, MessageId, Millis, RoomId, Trip, TripId};

type Shared = State<Arc<Context>>;

/// Which trips are looked for; nothing: the list.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    from: Option<String>,
    to: Option<String>,
    after: Option<Millis>,
    before: Option<Millis>,
}

/// `GET /trips`.
pub async fn list(
    State(context): Shared,
    by: Caller,
    Asked(search): Asked<Search>,
) -> Result<Json<Trips>, Refused> {
    let trips = match search {
        Search { from: None, to: None, after: None, before: None } => {
            context.store.read(ListTrips { by }).await?
        }
        Search { from, to, after, before } => {
            let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
            context.store.read(SearchTrips { by, from, to, after, before }).await?
        }
    };
    Ok(Json(Trips { trips }))
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

/// `PATCH /trips/{id}`.
pub async fn change(
    State(context): Shared,
    by: Caller,
    Id(trip): Id<TripId>,
    Body(change): Body<TripChange>,
) -> Result<Json<Trip>, Refused> {
    let messages = [MessageId(context.sources.uuid()), MessageId(context.sources.uuid())];
    Ok(Json(context.store.write(ChangeTrip { by, trip, change, messages }).await?))
}

/// `POST /trips/{id}/status`.
pub async fn set_status(
    State(context): Shared,
    by: Caller,
    Id(trip): Id<TripId>,
    Body(NewStatus { status: to }): Body<NewStatus>,
) -> Result<Json<Trip>, Refused> {
    let message = MessageId(context.sources.uuid());
    Ok(Json(context.store.write(SetStatus { by, trip, to, message }).await?))
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
    Body(wanted): Body<NewBooking>,
) -> Result<(StatusCode, Json<Booking>), Refused> {
    let id = BookingId(context.sources.uuid());
    let job = RequestBooking { by, trip, wanted, id, random: context.sources.bytes() };
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

/// `GET /bookings`.
pub async fn my_bookings(State(context): Shared, by: Caller) -> Result<Json<MyBookings>, Refused> {
    Ok(Json(MyBookings { bookings: context.store.read(ListMyBookings { by }).await? }))
}

/// `POST /bookings/{id}/room`.
pub async fn booking_room(
    State(context): Shared,
    by: Caller,
    Id(booking): Id<BookingId>,
) -> Result<Json<Booking>, Refused> {
    Ok(Json(context.store.write(OpenBookingRoom { by, booking }).await?))
}

/// `POST /bookings/{id}/decline`.
pub async fn decline(context: Shared, by: Caller, id: Id<BookingId>) -> Result<Json<Booking>, Refused> {
    mark(context, by, id, Deed::Decline).await
}

/// `POST /bookings/{id}/board`.
pub async fn board(context: Shared, by: Caller, id: Id<BookingId>) -> Result<Json<Booking>, Refused> {
    mark(context, by, id, Deed::Board).await
}

/// `POST /bookings/{id}/unboard`.
pub async fn unboard(context: Shared, by: Caller, id: Id<BookingId>) -> Result<Json<Booking>, Refused> {
    mark(context, by, id, Deed::Unboard).await
}

/// `POST /bookings/{id}/no-show`.
pub async fn no_show(context: Shared, by: Caller, id: Id<BookingId>) -> Result<Json<Booking>, Refused> {
    mark(context, by, id, Deed::NoShow).await
}

async fn mark(
    State(context): Shared,
    by: Caller,
    Id(booking): Id<BookingId>,
    deed: Deed,
) -> Result<Json<Booking>, Refused> {
    Ok(Json(context.store.write(MarkBooking { by, booking, deed }).await?))
}
