//! How a refusal looks, and what every answer carries.

use crate::context::Context;
use crate::error::Error;
use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Instant;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::rest::{ErrorBody, ErrorDetail};

/// A refusal on its way out. Its body is written by [`dress`], which knows the request's id.
#[derive(Debug, Clone)]
pub struct Refused {
    code: ErrorCode,
    details: Option<String>,
    /// In seconds.
    retry_after: Option<u64>,
}

impl Refused {
    /// Not now, but after so many seconds.
    #[must_use]
    pub fn unavailable(retry_after: u64) -> Self {
        Self { retry_after: Some(retry_after), ..ErrorCode::Unavailable.into() }
    }

    /// Bad input, described by the framework.
    #[must_use]
    pub fn input(details: String) -> Self {
        Self { code: ErrorCode::InvalidInput, details: Some(details), retry_after: None }
    }
}

impl From<ErrorCode> for Refused {
    fn from(code: ErrorCode) -> Self {
        Self { code, details: None, retry_after: None }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        error.log();
        Self { code: error.code(), details: error.details().map(Into::into), retry_after: None }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Names of query parameters in which tokens are found in the wild.
const TOKEN_NAMES: [&str; 8] =
    ["token", "access_token", "id_token", "refresh_token", "jwt", "auth", "authorization", "bearer"];

/// A token in the URL ends up in logs and histories: it is refused, whether it is good or not.
pub async fn refuse_tokens_in_the_url(request: Request, next: Next) -> Response {
    // Decoded as the routes would: a name can be written in many ways.
    let named = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
    let found = named.is_ok_and(|Query(pairs)| {
        pairs.iter().any(|(name, _)| TOKEN_NAMES.iter().any(|token| name.eq_ignore_ascii_case(token)))
    });
    if found { Refused::from(ErrorCode::TokenInUrl).into_response() } else { next.run(request).await }
}

/// Whoever was here once comes by TLS for two years (RFC 6797).
const HSTS: &str = "max-age=63072000";

/// Gives every answer its request id and safe headers, and every refusal its body. Nothing of the request is
/// logged but its method and path.
pub async fn dress(State(context): State<Arc<Context>>, request: Request, next: Next) -> Response {
    let id = context.sources.uuid();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let began = Instant::now();
    let mut response = next.run(request).await;
    context.figures.requests.note_time(began.elapsed());
    tracing::debug!(%id, %method, path, status = response.status().as_u16(), "answered");
    let mut after = None;
    if let Some(Refused { code, details, retry_after }) = response.extensions_mut().remove::<Refused>() {
        let detail = ErrorDetail {
            code,
            message: code.message().into(),
            details,
            retry_after_ms: retry_after.map(|seconds| seconds * 1_000),
            request_id: id.to_string(),
        };
        response = (response.status(), Json(ErrorBody { error: detail })).into_response();
        after = retry_after;
    }
    let headers = response.headers_mut();
    if let Some(seconds) = after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if context.config.tls.is_some() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}
