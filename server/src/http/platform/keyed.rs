//! Requests that have a name of the platform's, and their answers.

use crate::context::Context;
use crate::error::Result as Done;
use crate::http::answer::Refused;
use crate::http::extract::Body;
use crate::once::{Answered, Key, Once};
use crate::store::Job;
use crate::tokens::{Scope, Service, sha256};
use axum::body::{Body as Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;
use tripchat_protocol::ErrorCode;

/// draft-ietf-httpapi-idempotency-key-header, section 2.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Longest key.
const KEY_BYTES: usize = 255;
/// The router takes no larger bodies anyhow.
const LARGEST: usize = 64 * 1024;

/// A request with its key and its JSON.
#[derive(Debug)]
pub struct Keyed<T> {
    /// Its name.
    pub key: Key,
    /// What it says.
    pub body: T,
}

impl<T: DeserializeOwned> FromRequest<Arc<Context>> for Keyed<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, context: &Arc<Context>) -> Result<Self, Refused> {
        let text = key_of(request.headers())?;
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, LARGEST).await.map_err(|_| ErrorCode::TooLarge)?;
        let asked = canonical(&bytes);
        let place = format!("{} {}", parts.method, parts.uri.path());
        let request = sha256(&[place.as_bytes(), b"\0", &asked]);
        let Body(body) = Body::from_request(Request::from_parts(parts, Bytes::from(bytes)), context).await?;
        Ok(Self { key: Key { text, request }, body })
    }
}

/// A request with its key that says nothing else.
#[derive(Debug)]
pub struct Named(pub Key);

impl FromRequest<Arc<Context>> for Named {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &Arc<Context>) -> Result<Self, Refused> {
        let text = key_of(request.headers())?;
        let place = format!("{} {}", request.method(), request.uri().path());
        Ok(Self(Key { text, request: sha256(&[place.as_bytes()]) }))
    }
}

/// The key, bare or between quotes as a string of RFC 9651.
fn key_of(headers: &HeaderMap) -> Result<String, Refused> {
    let refused = || Refused::input("the header Idempotency-Key names each request".into());
    let mut values = headers.get_all(KEY).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(refused()) };
    let text = value.to_str().map_err(|_| refused())?.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let fits =
        (1..=KEY_BYTES).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if fits { Ok(text.into()) } else { Err(refused()) }
}

/// The same for the same JSON, however it is laid out; what is no JSON is refused a little later.
fn canonical(bytes: &[u8]) -> Vec<u8> {
    let value = serde_json::from_slice::<Value>(bytes).and_then(|value| serde_json::to_vec(&value));
    value.unwrap_or_else(|_| bytes.to_vec())
}

/// Who asks, and under which name.
#[derive(Debug)]
pub struct Asking {
    /// The platform.
    pub by: Service,
    /// What its token must be for.
    pub scope: Scope,
    /// The name of the request.
    pub key: Key,
}

impl Asking {
    /// Does `job` once; its answer has `status`.
    ///
    /// # Errors
    /// What the job refuses; `ID_CONFLICT` if another request has the name.
    pub async fn once<J>(self, context: &Context, status: StatusCode, job: J) -> Result<Response, Refused>
    where
        J: Job,
        J::Out: Serialize,
    {
        let Self { by, scope, key } = self;
        let done: Done<Answered> =
            context.store.write(Once { by, scope, key, status: status.as_u16(), job }).await;
        Ok(done?.into_response())
    }
}

impl IntoResponse for Answered {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        let mut response = (status, json, self.body).into_response();
        if self.replayed {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_with_and_without_quotes_and_a_bad_one_is_none() {
        let read = |text: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(KEY, HeaderValue::from_bytes(text).unwrap());
            key_of(&headers).ok()
        };
        assert_eq!(read(b"trip-7"), Some("trip-7".into()));
        assert_eq!(read(b"\"trip-7\""), Some("trip-7".into()));
        assert!(read(&[b'k'; 255]).is_some());
        for bad in [&b""[..], b"  ", b"\"\"", &[b'k'; 256], "ключ".as_bytes()] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
        assert!(key_of(&HeaderMap::new()).is_err());
        let mut twice = HeaderMap::new();
        twice.append(KEY, HeaderValue::from_static("a"));
        twice.append(KEY, HeaderValue::from_static("b"));
        assert!(key_of(&twice).is_err());
    }

    #[test]
    fn one_json_is_one_request_however_it_is_laid_out() {
        assert_eq!(canonical(b"{\"a\": 1, \"b\": [2]}"), canonical(b"{ \"b\":[2],\"a\":1 }"));
        assert_ne!(canonical(b"{\"a\": 1}"), canonical(b"{\"a\": 2}"));
        assert_eq!(canonical(b"{"), b"{");
    }
}
