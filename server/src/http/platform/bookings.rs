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
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    after: Option<BookingId>,
    limit: Option<u32>,
}

/// Which booking is looked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    number: String,
}

/// Ask for seats for a person.
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
pub async fn numbered(
    State(context): Shared,
    by: Service,
    Asked(Number { number }): Asked<Number>,
) -> Result<Json<PlatformBookings>, Refused> {
    Ok(Json(context.store.read(NumberedBooking { by, number }).await?))
}

/// Look at one booking.
pub async fn find(
    State(context): Shared,
    by: Service,
    Id(id): Id<BookingId>,
) -> Result<Json<Booking>, Refused> {
    Ok(Json(context.store.read(AnyBooking { by, id }).await?))
}

/// Agree for the driver: seats are taken, the passenger enters the trip's room.
pub async fn confirm(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, ConfirmBooking { by, booking }).await
}

/// Say no for the driver.
pub async fn decline(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, MarkBooking { by, booking, deed: Deed::Decline }).await
}

/// Call a booking off, for either of the two.
pub async fn cancel(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, CancelBooking { by, booking }).await
}

/// Note that the passenger got in.
pub async fn board(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, MarkBooking { by, booking, deed: Deed::Board }).await
}

/// Note that this was a mistake.
pub async fn unboard(
    context: Shared,
    by: Service,
    Id(booking): Id<BookingId>,
    named: Named,
) -> Result<Response, Refused> {
    done(context, by.clone(), named, MarkBooking { by, booking, deed: Deed::Unboard }).await
}

/// Note that the passenger did not come.
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
