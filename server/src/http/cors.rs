//! Which sites' pages may call: those of the configuration, and no others. Without a cookie anywhere there is nothing
//! that a foreign page could use, but it shall not even read answers.

use crate::config::Config;
use axum::http::{HeaderName, HeaderValue, Method, header};
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a page remembers the answer.
const REMEMBERED: Duration = Duration::from_secs(3_600);

/// What answers pages that ask whether they may.
pub fn cors(config: &Config) -> CorsLayer {
    let origins = config.allowed_origins.iter().filter_map(|it| HeaderValue::from_str(it).ok());
    let named = |name: &'static str| HeaderName::from_static(name);
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            named("idempotency-key"),
            named("x-tenant-tag"),
        ])
        .expose_headers([named("x-request-id"), header::RETRY_AFTER, named("idempotent-replayed")])
        .max_age(REMEMBERED)
}
