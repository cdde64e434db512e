//! Trips and bookings, as far as "offer, look, ask for a seat, confirm, call off".

mod bookings;
mod cancel_booking;
mod check;
mod confirm_booking;
mod create;
mod list;
mod request_booking;

pub use bookings::ListBookings;
pub use cancel_booking::CancelBooking;
pub use confirm_booking::ConfirmBooking;
pub use create::CreateTrip;
pub use list::{FindTrip, ListTrips};
pub use request_booking::RequestBooking;
