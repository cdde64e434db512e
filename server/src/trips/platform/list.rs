//! All trips and bookings of a tenant, page by page, and one by whatever name it goes.

use crate::error::Result;
use crate::rights;
use crate::store::tables::{booking, trip};
use crate::store::{Job, Tx};
use crate::tokens::{Scope, Service};
use tripchat_protocol::platform::{PlatformBookings, PlatformTrip, PlatformTrips};
use tripchat_protocol::{Booking, BookingId, ErrorCode, TripId};
use uuid::Uuid;

/// Lists the trips of the tenant in the order of their making.
#[derive(Debug)]
pub struct ListAllTrips {
    /// The platform.
    pub by: Service,
    /// Those after this one.
    pub after: Option<TripId>,
    /// At most so many.
    pub limit: i64,
}

impl Job for ListAllTrips {
    type Out = PlatformTrips;

    async fn run(&self, tx: &mut Tx) -> Result<PlatformTrips> {
        let Self { by, after, limit } = self;
        rights::service(tx, by, Scope::TripsRead).await?;
        let after = after.unwrap_or(TripId(Uuid::nil()));
        let mut found = trip::after(tx, &by.tenant, after, limit + 1).await?;
        let more = cut(&mut found, *limit);
        let mut trips = Vec::with_capacity(found.len());
        for trip in found {
            trips.push(PlatformTrip { reference: trip::reference(tx, trip.id).await?, trip });
        }
        let next = trips.last().filter(|_| more).map(|it| it.trip.id);
        Ok(PlatformTrips { trips, next })
    }
}

/// Finds the trip that the platform calls so.
#[derive(Debug)]
pub struct ReferredTrip {
    /// The platform.
    pub by: Service,
    /// Its name for the trip.
    pub reference: String,
}

impl Job for ReferredTrip {
    type Out = PlatformTrips;

    async fn run(&self, tx: &mut Tx) -> Result<PlatformTrips> {
        let Self { by, reference } = self;
        rights::service(tx, by, Scope::TripsRead).await?;
        let found = trip::by_reference(tx, &by.tenant, reference).await?;
        let trip = found.map(|trip| PlatformTrip { reference: Some(reference.clone()), trip });
        Ok(PlatformTrips { trips: trip.into_iter().collect(), next: None })
    }
}

/// Finds one trip of the tenant.
#[derive(Debug)]
pub struct AnyTrip {
    /// The platform.
    pub by: Service,
    /// Which.
    pub id: TripId,
}

impl Job for AnyTrip {
    type Out = PlatformTrip;

    async fn run(&self, tx: &mut Tx) -> Result<PlatformTrip> {
        let Self { by, id } = self;
        rights::service(tx, by, Scope::TripsRead).await?;
        let trip = trip::by_id(tx, &by.tenant, *id).await?.ok_or(ErrorCode::TripNotFound)?;
        Ok(PlatformTrip { reference: trip::reference(tx, *id).await?, trip })
    }
}

/// Lists the bookings of a trip in the order of their making.
#[derive(Debug)]
pub struct ListBookingsOf {
    /// The platform.
    pub by: Service,
    /// Which trip's.
    pub trip: TripId,
    /// Those after this one.
    pub after: Option<BookingId>,
    /// At most so many.
    pub limit: i64,
}

impl Job for ListBookingsOf {
    type Out = PlatformBookings;

    async fn run(&self, tx: &mut Tx) -> Result<PlatformBookings> {
        let Self { by, trip: id, after, limit } = self;
        rights::service(tx, by, Scope::TripsRead).await?;
        trip::by_id(tx, &by.tenant, *id).await?.ok_or(ErrorCode::TripNotFound)?;
        let after = after.unwrap_or(BookingId(Uuid::nil()));
        // The bookings of one trip are as few as its seats allow, and a few more that came to nothing.
        let mut bookings = booking::of_trip(tx, *id, None).await?;
        bookings.sort_by_key(|booking| booking.id);
        bookings.retain(|booking| booking.id > after);
        let more = cut(&mut bookings, *limit);
        let next = bookings.last().filter(|_| more).map(|it| it.id);
        Ok(PlatformBookings { bookings, next })
    }
}

/// Finds one booking of the tenant.
#[derive(Debug)]
pub struct AnyBooking {
    /// The platform.
    pub by: Service,
    /// Which.
    pub id: BookingId,
}

impl Job for AnyBooking {
    type Out = Booking;

    async fn run(&self, tx: &mut Tx) -> Result<Booking> {
        let Self { by, id } = self;
        rights::service(tx, by, Scope::TripsRead).await?;
        let booking = booking::by_id(tx, *id).await?.ok_or(ErrorCode::BookingNotFound)?;
        trip::by_id(tx, &by.tenant, booking.trip).await?.ok_or(ErrorCode::BookingNotFound)?;
        Ok(booking)
    }
}

/// Finds the booking with the number that people say.
#[derive(Debug)]
pub struct NumberedBooking {
    /// The platform.
    pub by: Service,
    /// Its number.
    pub number: String,
}

impl Job for NumberedBooking {
    type Out = PlatformBookings;

    async fn run(&self, tx: &mut Tx) -> Result<PlatformBookings> {
        let Self { by, number } = self;
        rights::service(tx, by, Scope::TripsRead).await?;
        let mut bookings = Vec::new();
        if let Some(booking) = booking::by_number(tx, &number.trim().to_uppercase()).await?
            && trip::by_id(tx, &by.tenant, booking.trip).await?.is_some()
        {
            bookings.push(booking);
        }
        Ok(PlatformBookings { bookings, next: None })
    }
}

/// Cuts what was read only to know whether there is more.
fn cut<T>(found: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = found.len() > limit;
    found.truncate(limit);
    more
}
