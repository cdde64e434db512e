//! The whole API on one page.

use crate::context::Context;
use crate::gateway;
use crate::http::{
    Refused, accounts, cors, dress, health, messages, platform, refuse_tokens_in_the_url, reviews, trips,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use std::sync::Arc;
use tripchat_protocol::ErrorCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Bodies larger than this are refused.
const BODY: usize = 64 * 1024;

/// The server: every route, and what each answer has in common.
pub fn router(context: Arc<Context>) -> Router {
    let (routes, _) = routes().split_for_parts();
    routes
        .fallback(|| async { Refused::from(ErrorCode::NotFound) })
        .method_not_allowed_fallback(|| async { Refused::from(ErrorCode::NotFound) })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn(refuse_tokens_in_the_url))
        .layer(from_fn_with_state(context.clone(), dress))
        // Refusals are worded by what stands above: pages must be able to read them, too.
        .layer(cors(&context.config))
        .with_state(context)
}

type Routes = OpenApiRouter<Arc<Context>>;

/// Every route of the server, with what describes it.
pub fn routes() -> Routes {
    let api = people().merge(rides()).merge(platforms()).route("/ws", get(gateway::upgrade));
    Routes::default()
        .nest("/api/v1", api)
        .routes(routes!(health::health))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(accounts::jwks))
}

fn people() -> Routes {
    Routes::default()
        .routes(routes!(accounts::register))
        .routes(routes!(accounts::sign_in))
        .routes(routes!(accounts::refresh))
        .routes(routes!(accounts::exchange))
        .routes(routes!(accounts::sign_out))
        .routes(routes!(accounts::change_password))
        .routes(routes!(accounts::reset))
        .routes(routes!(accounts::me, accounts::change_me))
        .routes(routes!(accounts::export))
        .routes(routes!(accounts::delete_me))
        .routes(routes!(accounts::sessions, accounts::end_other_sessions))
        .routes(routes!(accounts::end_session))
        .routes(routes!(reviews::of_person))
}

fn rides() -> Routes {
    Routes::default()
        .routes(routes!(trips::list, trips::create))
        .routes(routes!(trips::find, trips::change))
        .routes(routes!(trips::set_status))
        .routes(routes!(trips::bookings, trips::request_booking))
        .routes(routes!(trips::my_bookings))
        .routes(routes!(trips::booking_room))
        .routes(routes!(trips::confirm_booking))
        .routes(routes!(trips::decline))
        .routes(routes!(trips::cancel_booking))
        .routes(routes!(trips::board))
        .routes(routes!(trips::unboard))
        .routes(routes!(trips::no_show))
        .routes(routes!(reviews::write))
        .routes(routes!(reviews::of_trip))
        .routes(routes!(messages::history))
}

/// For service tokens and nobody else.
fn platforms() -> Routes {
    use platform::{bookings, people, rooms, trips, webhooks};
    Routes::default()
        .routes(routes!(people::put))
        .routes(routes!(people::token))
        .routes(routes!(trips::list, trips::create))
        .routes(routes!(trips::find, trips::change))
        .routes(routes!(trips::set_status))
        .routes(routes!(rooms::of_trip))
        .routes(routes!(rooms::of_booking))
        .routes(routes!(bookings::list, bookings::create))
        .routes(routes!(bookings::numbered))
        .routes(routes!(bookings::find))
        .routes(routes!(bookings::confirm))
        .routes(routes!(bookings::decline))
        .routes(routes!(bookings::cancel))
        .routes(routes!(bookings::board))
        .routes(routes!(bookings::unboard))
        .routes(routes!(bookings::no_show))
        .routes(routes!(rooms::members))
        .routes(routes!(rooms::history, rooms::post))
        .routes(routes!(webhooks::list, webhooks::add))
        .routes(routes!(webhooks::remove))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::enable))
}
