//! Trips and bookings.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]

use crate::core::Core;
use tauri::State;
use tripchat_core::CoreError;
use tripchat_protocol::rest::NewTrip;
use tripchat_protocol::{Booking, BookingId, Trip, TripId};

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
pub async fn request_booking(core: State<'_, Core>, trip: TripId, seats: u16) -> Result<Booking, CoreError> {
    core.client()?.request_booking(trip, seats).await
}

#[tauri::command]
pub async fn confirm_booking(core: State<'_, Core>, booking: BookingId) -> Result<Booking, CoreError> {
    core.client()?.confirm_booking(booking).await
}

#[tauri::command]
pub async fn cancel_booking(core: State<'_, Core>, booking: BookingId) -> Result<Booking, CoreError> {
    core.client()?.cancel_booking(booking).await
}
