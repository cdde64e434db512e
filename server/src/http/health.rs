//! How the server is.

use crate::context::Context;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use tripchat_protocol::rest::Health;

/// `GET /health`: `ok`, or `read_only` while nothing can be stored.
pub async fn health(State(context): State<Arc<Context>>) -> Json<Health> {
    let status = if context.store.is_writable() { "ok" } else { "read_only" };
    Json(Health { status: status.into(), timestamp: context.sources.now() })
}

/// `GET /health/live`: the process answers.
pub async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `GET /health/ready`: requests are worth sending here. Not while nothing can be stored, nor before a stop.
pub async fn ready(State(context): State<Arc<Context>>) -> StatusCode {
    let ready = context.store.is_writable() && !context.hub.is_draining();
    if ready { StatusCode::NO_CONTENT } else { StatusCode::SERVICE_UNAVAILABLE }
}
