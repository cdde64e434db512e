//! Trips and bookings: offering, looking, asking for a seat, and the way of both to their end.

mod aboard;
mod announce;
mod booked;
mod booking_room;
mod bookings;
mod cancel_booking;
mod change;
mod check;
mod confirm_booking;
mod create;
mod expire;
mod life;
mod list;
mod mark_booking;
mod part;
mod platform;
mod request_booking;
mod review;
mod reviews;
mod set_status;

pub use booking_room::OpenBookingRoom;
pub use bookings::{ListBookings, ListMyBookings};
pub use cancel_booking::CancelBooking;
pub use change::ChangeTrip;
pub use confirm_booking::ConfirmBooking;
pub use create::CreateTrip;
pub use expire::{ExpireRequest, FindOverdue};
pub use life::Deed;
pub use list::{FindTrip, ListTrips, SearchTrips};
pub use mark_booking::MarkBooking;
pub use platform::{
    AnyBooking, AnyTrip, BookFor, ListAllTrips, ListBookingsOf, NumberedBooking, OfferFor, ReferredTrip,
};
pub use request_booking::RequestBooking;
pub use review::WriteReview;
pub use reviews::{ListTripReviews, ReadPersonReviews};
pub use set_status::SetStatus;
