//! The address of those who run the server: its figures, for Prometheus and as JSON, and the REST routes to try. It
//! asks nobody who they are, and is never on a public address.

mod api;
mod figures;
mod text;

use crate::context::Context;
use crate::http::health;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use std::sync::Arc;

/// Every route of the admin address.
pub fn router(context: Arc<Context>) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/metrics.json", get(metrics_json))
        .route("/openapi.json", get(api::document))
        .route("/try", get(api::page))
        .route("/health", get(health::health))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(context)
}

const TEXT: (HeaderName, &str) = (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
const FRESH: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

async fn metrics(State(context): State<Arc<Context>>) -> Response {
    match figures::read(&context).await {
        Ok(snapshot) => ([TEXT, FRESH], text::written(&snapshot)).into_response(),
        Err(error) => failed(&error),
    }
}

async fn metrics_json(State(context): State<Arc<Context>>) -> Response {
    match figures::read(&context).await {
        Ok(snapshot) => ([FRESH], Json(snapshot)).into_response(),
        Err(error) => failed(&error),
    }
}

fn failed(error: &crate::error::Error) -> Response {
    error.log();
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
