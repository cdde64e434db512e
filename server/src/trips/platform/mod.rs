//! What a platform's backend does with trips and bookings that no person does: naming who drives and who rides, and
//! looking at all there is.

mod book;
mod list;
mod offer;

pub use book::BookFor;
pub use list::{AnyBooking, AnyTrip, ListAllTrips, ListBookingsOf, NumberedBooking, ReferredTrip};
pub use offer::OfferFor;
