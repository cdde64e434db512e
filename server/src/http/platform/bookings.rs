//! Bookings of a platform's trips.

use super::keyed::{Asking, Keyed, Named};
use super::page;
use crate::context::Context;
use crate::http::answer::Refused;
use crate::http::extract::{Asked, Id};
use crate::store::Job;
use crate::tokens::{Scope, Service};
use crate::trips::{
    AnyBooking, BookFor, CancelBooking, ConfirmBooking, Deed, ListBookingsOf, MarkBooking, NumberedBooking,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use tripchat_protocol::platform::{NewPlatformBooking, PlatformBookings};
use tripchat_protocol::{Booking, BookingId, TripId};

type Shared = State<Arc<Context>>;

/// Which bookings of a trip are listed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Page {
    after: Option<BookingId>,
    limit: Option<u32>,
}

/// Which booking is looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Number {
    number: String,
}

/// Ask for seats for a person.
#[utoipa::path(
    post,
    path = "/platform/trips/{id}/bookings",
    tag = "platform",
    operation_id = "platform_booking_create",
    params(("id" = uuid::Uuid, Path, description = "The trip.")),
    request_body = NewPlatformBooking,
    responses((status = 201, description = "Done.", body = Booking))
)]
pub async fn create(
    State(context): Shared,
    by: Service,
    Id(trip): Id<TripId>,
    Keyed { key, body: booking }: Keyed<NewPlatformBooking>,
) -> Result<Response, Refused> {
    let id = BookingId(context.sources.uuid());
    let job = BookFor { by: by.clone(), trip, booking, id, random: context.sources.bytes() };
    let asking = Asking { by, scope: Scope::BookingsWrite, key };
    asking.once(&context, StatusCode::CREATED, job).await
}

/// List the bookings of a trip.
#[utoipa::path(
    get,
    path = "/platform/trips/{id}/bookings",
    tag = "platform",
    operation_id = "platform_booking_list",
    params(("id" = uuid::Uuid, Path, description = "The trip."), Page),
    responses((status = 200, description = "Done.", body = PlatformBookings))
)]
pub async fn list(
    State(context): Shared,
    by: Service,
    Id(trip): Id<TripId>,
    Asked(Page { after, limit }): Asked<Page>,
) -> Result<Json<PlatformBookings>, Refused> {
    let job = ListBookingsOf { by, trip, after, limit: page(limit) };
    Ok(Json(context.store.read(job).await?))
}

/// Find the booking with a number.
#[utoipa::path(
    get,
    path = "/platform/bookings",
    tag = "platform",
    operation_id = "platform_booking_numbered",
    params(Number),
    responses((status = 200, description = "Done.", body = PlatformBookings))
)]
pub async fn numbered(
    State(context): Shared,
    by: Service,
    Asked(Number { number }): Asked<Number>,
) -> Result<Json<PlatformBookings>, Refused> {
    Ok(Json(context.store.read(NumberedBooking { by, number }).await?))
}

/// Look at one booking.
#[utoipa::path(
    get,
    path = "/platform/bookings/{id}",
    tag = "platform",
    operation_id = "platform_booking_find",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn find(
    State(context): Shared,
    by: Service,
    Id(id): Id<BookingId>,
) -> Result<Json<Booking>, Refused> {
    Ok(Json(context.store.read(AnyBooking { by, id }).await?))
}

/// Agree for the driver: seats are taken, the passenger enters the trip's room.
#[utoipa::path(
    post,
    path = "/platform/bookings/{id}/confirm",
    tag = "platform",
    operation_id = "platform_booking_confirm",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn confirm(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, ConfirmBooking { by, booking }).await
}

/// Say no for the driver.
#[utoipa::path(
    post,
    path = "/platform/bookings/{id}/decline",
    tag = "platform",
    operation_id = "platform_booking_decline",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn decline(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, MarkBooking { by, booking, deed: Deed::Decline }).await
}

/// Call a booking off, for either of the two.
#[utoipa::path(
    post,
    path = "/platform/bookings/{id}/cancel",
    tag = "platform",
    operation_id = "platform_booking_cancel",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn cancel(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, CancelBooking { by, booking }).await
}

/// Note that the passenger got in.
#[utoipa::path(
    post,
    path = "/platform/bookings/{id}/board",
    tag = "platform",
    operation_id = "platform_booking_board",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn board(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, MarkBooking { by, booking, deed: Deed::Board }).await
}

/// Note that this was a mistake.
#[utoipa::path(
    post,
    path = "/platform/bookings/{id}/unboard",
    tag = "platform",
    operation_id = "platform_booking_unboard",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn unboard(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, MarkBooking { by, booking, deed: Deed::Unboard }).await
}

/// Note that the passenger did not come.
#[utoipa::path(
    post,
    path = "/platform/bookings/{id}/no-show",
    tag = "platform",
    operation_id = "platform_booking_no_show",
    params(("id" = uuid::Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "Done.", body = Booking))
)]
pub async fn no_show(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, MarkBooking { by, booking, deed: Deed::NoShow }).await
}

async fn done<J>(State(context): Shared, by: Service, Named(key): Named, job: J) -> Result<Response, Refused>
where
    J: Job<Out = Booking>,
{
    Asking { by, scope: Scope::BookingsWrite, key }.once(&context, StatusCode::OK, job).await
}
