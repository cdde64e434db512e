//! The whole API on one page.

use crate::context::Context;
use crate::gateway;
use crate::http::{
    Refused, accounts, dress, health, messages, platform, refuse_tokens_in_the_url, reviews, trips,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, post, put};
use std::sync::Arc;
use tripchat_protocol::ErrorCode;

/// Bodies larger than this are refused.
const BODY: usize = 64 * 1024;

/// Every route of the server.
pub fn router(context: Arc<Context>) -> Router {
    let api = Router::new()
        .route("/auth/register", post(accounts::register))
        .route("/auth/sign-in", post(accounts::sign_in))
        .route("/auth/refresh", post(accounts::refresh))
        .route("/auth/exchange", post(accounts::exchange))
        .route("/auth/sign-out", post(accounts::sign_out))
        .route("/auth/password", post(accounts::change_password))
        .route("/sessions", get(accounts::sessions).delete(accounts::end_other_sessions))
        .route("/sessions/{id}", delete(accounts::end_session))
        .route("/trips", get(trips::list).post(trips::create))
        .route("/trips/{id}", get(trips::find).patch(trips::change))
        .route("/trips/{id}/status", post(trips::set_status))
        .route("/trips/{id}/bookings", get(trips::bookings).post(trips::request_booking))
        .route("/bookings", get(trips::my_bookings))
        .route("/bookings/{id}/room", post(trips::booking_room))
        .route("/bookings/{id}/confirm", post(trips::confirm_booking))
        .route("/bookings/{id}/decline", post(trips::decline))
        .route("/bookings/{id}/cancel", post(trips::cancel_booking))
        .route("/bookings/{id}/board", post(trips::board))
        .route("/bookings/{id}/unboard", post(trips::unboard))
        .route("/bookings/{id}/no-show", post(trips::no_show))
        .route("/bookings/{id}/review", put(reviews::write))
        .route("/trips/{id}/reviews", get(reviews::of_trip))
        .route("/people/{id}/reviews", get(reviews::of_person))
        .route("/rooms/{id}/messages", get(messages::history))
        .route("/platform/people", put(platform::people::put))
        .route("/platform/people/{id}/token", post(platform::people::token))
        .route("/platform/trips", get(platform::trips::list).post(platform::trips::create))
        .route("/platform/trips/{id}", get(platform::trips::find).patch(platform::trips::change))
        .route("/platform/trips/{id}/status", post(platform::trips::set_status))
        .route("/platform/trips/{id}/room", get(platform::rooms::of_trip))
        .route(
            "/platform/trips/{id}/bookings",
            get(platform::bookings::list).post(platform::bookings::create),
        )
        .route("/platform/bookings", get(platform::bookings::numbered))
        .route("/platform/bookings/{id}", get(platform::bookings::find))
        .route("/platform/bookings/{id}/confirm", post(platform::bookings::confirm))
        .route("/platform/bookings/{id}/decline", post(platform::bookings::decline))
        .route("/platform/bookings/{id}/cancel", post(platform::bookings::cancel))
        .route("/platform/bookings/{id}/board", post(platform::bookings::board))
        .route("/platform/bookings/{id}/unboard", post(platform::bookings::unboard))
        .route("/platform/bookings/{id}/no-show", post(platform::bookings::no_show))
        .route("/platform/rooms/{id}/members", get(platform::rooms::members))
        .route("/platform/rooms/{id}/messages", get(platform::rooms::history).post(platform::rooms::post))
        .route("/ws", get(gateway::upgrade));
    Router::new()
        .nest("/api/v1", api)
        .route("/health", get(health::health))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/.well-known/jwks.json", get(accounts::jwks))
        .fallback(|| async { Refused::from(ErrorCode::NotFound) })
        .method_not_allowed_fallback(|| async { Refused::from(ErrorCode::NotFound) })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn(refuse_tokens_in_the_url))
        .layer(from_fn_with_state(context.clone(), dress))
        .with_state(context)
}
