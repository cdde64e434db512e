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
#[derive(Debug, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Search {
    from: Option<String>,
    to: Option<String>,
    #[param(value_type = Option<i64>)]
    after: Option<Millis>,
    #[param(value_type = Option<i64>)]
    before: Option<Millis>,
}

/// List or search trips.
#[utoipa::path(
    get,
    path = "/trips",
    tag = "trips",
    operation_id = "trip_list",
    params(Search),
    responses((status = 200, description = "Done.", body = Trips))
)]
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

/// Look at a trip.
#[utoipa::path(
    get,
    path = "/trips/{id}",
    tag = "trips",
    operation_id = "trip_find",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    responses((status = 200, description = "Done.", body = Trip))
)]
pub async fn find(State(context): Shared, by: Caller, Id(id): Id<TripId>) -> Result<Json<Trip>, Refused> {
    Ok(Json(context.store.read(FindTrip { by, id }).await?))
}

/// Offer a trip.
#[utoipa::path(
    post,
    path = "/trips",
    tag = "trips",
    operation_id = "trip_create",
    request_body = NewTrip,
    responses((status = 201, description = "Done.", body = Trip))
)]
pub async fn create(
    State(context): Shared,
    by: Caller,
    Body(trip): Body<NewTrip>,
) -> Result<(StatusCode, Json<Trip>), Refused> {
    let (id, room) = (TripId(context.sources.uuid()), RoomId(context.sources.uuid()));
    let trip = context.store.write(CreateTrip { by, trip, id, room }).await?;
    Ok((StatusCode::CREATED, Json(trip)))
}

/// Change a trip until it sets out.
#[utoipa::path(
    patch,
    path = "/trips/{id}",
    tag = "trips",
    operation_id = "trip_change",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    request_body = TripChange,
    responses((status = 200, description = "Done.", body = Trip))
)]
pub async fn change(
    State(context): Shared,
    by: Caller,
    Id(trip): Id<TripId>,
    Body(change): Body<TripChange>,
) -> Result<Json<Trip>, Refused> {
    let messages = [MessageId(context.sources.uuid()), MessageId(context.sources.uuid())];
    Ok(Json(context.store.write(ChangeTrip { by, trip, change, messages }).await?))
}

/// Bring a trip to another status.
#[utoipa::path(
    post,
    path = "/trips/{id}/status",
    tag = "trips",
    operation_id = "trip_set_status",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    request_body = NewStatus,
    responses((status = 200, description = "Done.", body = Trip))
)]
pub async fn set_status(
    State(context): Shared,
    by: Caller,
    Id(trip): Id<TripId>,
    Body(NewStatus { status: to }): Body<NewStatus>,
) -> Result<Json<Trip>, Refused> {
    let message = MessageId(context.sources.uuid());
    Ok(Json(context.store.write(SetStatus { by, trip, to, message }).await?))
}

/// List a trip's bookings: all for the driver, one's own for anyone else.
#[utoipa::path(
    get,
    path = "/trips/{id}/bookings",
    tag = "bookings",
    operation_id = "trip_bookings",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    responses((status = 200, description = "Done.", body = Bookings))
)]
pub async fn bookings(
    State(context): Shared,
    by: Caller,
    Id(trip): Id<TripId>,
) -> Result<Json<Bookings>, Refused> {
    Ok(Json(Bookings { bookings: context.store.read(ListBookings { by, trip }).await? }))
}

/// Ask for seats.
#[utoipa::path(
    post,
    path = "/trips/{id}/bookings",
    tag = "bookings",
    operation_id = "trip_request_booking",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    request_body = NewBooking,
    responses((status = 201, description = "Done.", body = Booking))
)]
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

/// Agree, as the driver.
#[utoipa::path(
    post,
    path = "/bookings/{id}/confirm",
    tag = "bookings",
    operation_id = "trip_confirm_booking",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn confirm_booking(
    State(context): Shared,
    by: Caller,
    Id(booking): Id<BookingId>,
) -> Result<Json<Booking>, Refused> {
    Ok(Json(context.store.write(ConfirmBooking { by, booking }).await?))
}

/// Call a booking off, as its passenger or the driver.
#[utoipa::path(
    post,
    path = "/bookings/{id}/cancel",
    tag = "bookings",
    operation_id = "trip_cancel_booking",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn cancel_booking(
    State(context): Shared,
    by: Caller,
    Id(booking): Id<BookingId>,
) -> Result<Json<Booking>, Refused> {
    Ok(Json(context.store.write(CancelBooking { by, booking }).await?))
}

/// List one's own bookings with their trips.
#[utoipa::path(
    get,
    path = "/bookings",
    tag = "bookings",
    operation_id = "trip_my_bookings",
    responses((status = 200, description = "Done.", body = MyBookings))
)]
pub async fn my_bookings(State(context): Shared, by: Caller) -> Result<Json<MyBookings>, Refused> {
    Ok(Json(MyBookings { bookings: context.store.read(ListMyBookings { by }).await? }))
}

/// Open the room of a booking, if there is none yet.
#[utoipa::path(
    post,
    path = "/bookings/{id}/room",
    tag = "bookings",
    operation_id = "trip_booking_room",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn booking_room(
    State(context): Shared,
    by: Caller,
    Id(booking): Id<BookingId>,
) -> Result<Json<Booking>, Refused> {
    Ok(Json(context.store.write(OpenBookingRoom { by, booking }).await?))
}

/// Say no, as the driver.
#[utoipa::path(
    post,
    path = "/bookings/{id}/decline",
    tag = "bookings",
    operation_id = "trip_decline",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn decline(context: Shared, by: Caller, id: Id<BookingId>) -> Result<Json<Booking>, Refused> {
    mark(context, by, id, Deed::Decline).await
}

/// Note that the passenger got in.
#[utoipa::path(
    post,
    path = "/bookings/{id}/board",
    tag = "bookings",
    operation_id = "trip_board",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn board(context: Shared, by: Caller, id: Id<BookingId>) -> Result<Json<Booking>, Refused> {
    mark(context, by, id, Deed::Board).await
}

/// Note that this was a mistake.
#[utoipa::path(
    post,
    path = "/bookings/{id}/unboard",
    tag = "bookings",
    operation_id = "trip_unboard",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn unboard(context: Shared, by: Caller, id: Id<BookingId>) -> Result<Json<Booking>, Refused> {
    mark(context, by, id, Deed::Unboard).await
}

/// Note that the passenger did not come.
#[utoipa::path(
    post,
    path = "/bookings/{id}/no-show",
    tag = "bookings",
    operation_id = "trip_no_show",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
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
