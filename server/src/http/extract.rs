//! What routes take from a request, refused with the server's own words.

use super::answer::Refused;
use crate::accounts;
use crate::context::Context;
use crate::error::Error;
use crate::tokens::{Caller, Service};
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Json, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::str::FromStr;
use std::sync::Arc;
use tripchat_protocol::ErrorCode;

/// The bearer token of the Authorization header (RFC 6750, section 2.1).
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl FromRequestParts<Arc<Context>> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, context: &Arc<Context>) -> Result<Self, Refused> {
        let token = bearer(&parts.headers).ok_or(ErrorCode::Unauthorized)?;
        let caller = context.tokens.check(token, context.sources.now())?;
        agrees(&parts.headers, &caller.tenant)?;
        Ok(caller)
    }
}

/// The header in which a platform names its tenant.
const TENANT: &str = "x-tenant-tag";

/// Whether the tenant that a request names, if it does, is the one of its token.
///
/// # Errors
/// `FORBIDDEN`.
pub fn agrees(headers: &HeaderMap, tenant: &str) -> Result<(), Refused> {
    let named = headers.get_all(TENANT).iter();
    if named.into_iter().all(|it| it == tenant) { Ok(()) } else { Err(other_tenant()) }
}

fn other_tenant() -> Refused {
    Error::refused(ErrorCode::Forbidden, TENANT).into()
}

/// The tenant that a request without a token names, if it does; the server has it.
#[derive(Debug)]
pub struct Tenant(pub Option<String>);

impl FromRequestParts<Arc<Context>> for Tenant {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, context: &Arc<Context>) -> Result<Self, Refused> {
        let Some(named) = parts.headers.get(TENANT) else { return Ok(Self(None)) };
        let known = context.config.tenants.iter().find(|it| named == it.as_str()).ok_or_else(other_tenant)?;
        agrees(&parts.headers, known)?;
        Ok(Self(Some(known.clone())))
    }
}

impl FromRequestParts<Arc<Context>> for Service {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, context: &Arc<Context>) -> Result<Self, Refused> {
        let token = bearer(&parts.headers).ok_or(ErrorCode::Unauthorized)?;
        let service = accounts::recognise(context, token).await?;
        agrees(&parts.headers, &service.tenant)?;
        Ok(service)
    }
}

/// A JSON body. Unknown fields are refused by the types themselves.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Context>> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, context: &Arc<Context>) -> Result<Self, Refused> {
        match Json::from_request(request, context).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ErrorCode::TooLarge.into())
            }
            // serde quotes what it read, which may be a password: only say where it stopped.
            Err(JsonRejection::JsonDataError(_)) => {
                Err(Refused::input("a field is missing, unknown or of a wrong type".into()))
            }
            Err(JsonRejection::JsonSyntaxError(_)) => Err(Refused::input("the body is not JSON".into())),
            Err(_) => Err(Refused::input("the body must be JSON, with that content type".into())),
        }
    }
}

/// The id in the path. One that cannot be read is answered like one that is not there.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<T: FromStr> FromRequestParts<Arc<Context>> for Id<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, context: &Arc<Context>) -> Result<Self, Refused> {
        let path = Path::<String>::from_request_parts(parts, context).await;
        let Path(text) = path.map_err(|_| ErrorCode::NotFound)?;
        text.parse().map(Self).map_err(|_| ErrorCode::NotFound.into())
    }
}

/// Longest name of an app that is kept.
const APP_CHARS: usize = 64;

/// The app that asks, by its User-Agent (RFC 9110, section 10.1.5); whatever is no plain short text is not kept.
#[derive(Debug)]
pub struct App(pub Option<String>);

impl FromRequestParts<Arc<Context>> for App {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Context>) -> Result<Self, Infallible> {
        let name = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let name = name.map(str::trim).filter(|name| (1..=APP_CHARS).contains(&name.len()));
        Ok(Self(name.map(Into::into)))
    }
}

/// The query.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Context>> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, context: &Arc<Context>) -> Result<Self, Refused> {
        match Query::from_request_parts(parts, context).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(_) => Err(Refused::input("the query has an unknown parameter or a wrong value".into())),
        }
    }
}
