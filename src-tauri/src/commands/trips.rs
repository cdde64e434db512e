//! Trips and bookings.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]

use crate::core::Core;
use tauri::State;
use tripchat_core::CoreError;
use tripchat_protocol::rest::{MyBooking, NewBooking, NewReview, NewTrip, PersonReviews, TripChange};
use tripchat_protocol::{Booking, BookingId, Millis, Review, Trip, TripId, TripStatus, UserId};

#[tauri::command]
pub async fn trips(core: State<'_, Core>) -> Result<Vec<Trip>, CoreError> {
    core.client()?.trips().await
}

#[tauri::command]
pub async fn trip_bookings(core: State<'_, Core>, trip: TripId) -> Result<Vec<Booking>, CoreError> {
    core.client()?.trip_bookings(trip).await
}

#[tauri::command]
pub async fn create_trip(core: State<'_, Core>, trip: NewTrip) -> Result<Trip, CoreError> {
    core.client()?.create_trip(trip).await
}

#[tauri::command]
pub async fn request_booking(
    core: State<'_, Core>,
    trip: TripId,
    wanted: NewBooking,
) -> Result<Booking, CoreError> {
    core.client()?.request_stretch(trip, wanted).await
}

#[tauri::command]
pub async fn confirm_booking(core: State<'_, Core>, booking: BookingId) -> Result<Booking, CoreError> {
    core.client()?.confirm_booking(booking).await
}

#[tauri::command]
pub async fn cancel_booking(core: State<'_, Core>, booking: BookingId) -> Result<Booking, CoreError> {
    core.client()?.cancel_booking(booking).await
}

#[tauri::command]
pub async fn search_trips(
    core: State<'_, Core>,
    from: String,
    to: String,
    after: Option<Millis>,
    before: Option<Millis>,
) -> Result<Vec<Trip>, CoreError> {
    core.client()?.search_trips(from, to, after, before).await
}

#[tauri::command]
pub async fn my_bookings(core: State<'_, Core>) -> Result<Vec<MyBooking>, CoreError> {
    core.client()?.my_bookings().await
}

#[tauri::command]
pub async fn set_trip_status(
    core: State<'_, Core>,
    trip: TripId,
    status: TripStatus,
) -> Result<Trip, CoreError> {
    core.client()?.set_trip_status(trip, status).await
}

#[tauri::command]
pub async fn change_trip(core: State<'_, Core>, trip: TripId, change: TripChange) -> Result<Trip, CoreError> {
    core.client()?.change_trip(trip, change).await
}

#[tauri::command]
pub async fn decline_booking(core: State<'_, Core>, booking: BookingId) -> Result<Booking, CoreError> {
    core.client()?.decline_booking(booking).await
}

#[tauri::command]
pub async fn board_booking(core: State<'_, Core>, booking: BookingId) -> Result<Booking, CoreError> {
    core.client()?.board_booking(booking).await
}

#[tauri::command]
pub async fn no_show_booking(core: State<'_, Core>, booking: BookingId) -> Result<Booking, CoreError> {
    core.client()?.no_show_booking(booking).await
}

#[tauri::command]
pub async fn booking_room(core: State<'_, Core>, booking: BookingId) -> Result<Booking, CoreError> {
    core.client()?.booking_room(booking).await
}

#[tauri::command]
pub async fn unboard_booking(core: State<'_, Core>, booking: BookingId) -> Result<Booking, CoreError> {
    core.client()?.unboard_booking(booking).await
}

#[tauri::command]
pub async fn find_trip(core: State<'_, Core>, trip: TripId) -> Result<Trip, CoreError> {
    core.client()?.find_trip(trip).await
}

#[tauri::command]
pub async fn write_review(
    core: State<'_, Core>,
    booking: BookingId,
    review: NewReview,
) -> Result<Review, CoreError> {
    core.client()?.write_review(booking, review).await
}

#[tauri::command]
pub async fn trip_reviews(core: State<'_, Core>, trip: TripId) -> Result<Vec<Review>, CoreError> {
    core.client()?.trip_reviews(trip).await
}

#[tauri::command]
pub async fn person_reviews(
    core: State<'_, Core>,
    person: UserId,
    after: Option<BookingId>,
) -> Result<PersonReviews, CoreError> {
    core.client()?.person_reviews(person, after).await
}
