//! The REST routes to look at, and a page on which each is made a command.

use super::failed;
use crate::context::Context;
use crate::openapi::openapi;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

/// The page has its own script and asks for nothing but the document.
const CLOSED: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The document, with where this server listens.
pub(super) async fn document(State(context): State<Arc<Context>>) -> Response {
    match openapi() {
        Ok(mut document) => {
            let here = json!([{"url": format!("http://{}", context.config.listen)}]);
            if let Some(fields) = document.as_object_mut() {
                fields.insert("servers".into(), here);
            }
            Json(document).into_response()
        }
        Err(error) => failed(&error),
    }
}

/// The page.
pub(super) async fn page() -> Response {
    ([CLOSED], Html(include_str!("try.html"))).into_response()
}
