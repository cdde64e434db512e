//! What the window may ask: parse, call the core, hand on what it says. Nothing is decided here.
mod account;
mod desktop;
mod messages;
mod oneself;
mod own;
mod rooms;
mod trips;

use tauri::Wry;
use tauri::ipc::Invoke;

/// Every command. `ui/src/ipc/tauri.ts` calls them by these names; a test compares the two.
pub fn all() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        account::start,
        account::register,
        account::sign_in,
        account::sign_out,
        oneself::sessions,
        oneself::end_session,
        oneself::end_other_sessions,
        oneself::change_password,
        oneself::reset_password,
        oneself::profile,
        oneself::change_profile,
        oneself::export_me,
        oneself::delete_account,
        rooms::inbox,
        rooms::room,
        rooms::timeline,
        rooms::search,
        rooms::visible,
        messages::send,
        messages::edit,
        messages::delete_message,
        messages::retry,
        messages::discard,
        own::seen,
        own::set_draft,
        own::set_room,
        own::typing,
        own::availability,
        trips::trips,
        trips::trip_bookings,
        trips::create_trip,
        trips::request_booking,
        trips::confirm_booking,
        trips::cancel_booking,
        trips::search_trips,
        trips::my_bookings,
        trips::set_trip_status,
        trips::change_trip,
        trips::decline_booking,
        trips::board_booking,
        trips::no_show_booking,
        trips::booking_room,
        trips::unboard_booking,
        trips::find_trip,
        trips::write_review,
        trips::trip_reviews,
        trips::person_reviews,
        desktop::preferences,
        desktop::set_preferences,
        desktop::open_link,
        desktop::quit,
    ]
}
