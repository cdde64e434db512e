//! Coming in, renewing and going out, over REST; and what an answer means.

use crate::api::{Api, Method, Reply, Request};
use crate::config::ServerAddress;
use crate::error::CoreError;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::rest::{ErrorBody, Grant, Health, Refresh};

/// What the server said no with.
fn refusal(reply: &Reply) -> CoreError {
    match serde_json::from_slice::<ErrorBody>(&reply.body) {
        Ok(ErrorBody { error }) => {
            CoreError { code: error.code, message: error.message, details: error.details }
        }
        // A proxy in front of a server that is down.
        Err(_) if matches!(reply.status, 502..=504) => ErrorCode::Unavailable.into(),
        Err(_) => ErrorCode::NotAServer.into(),
    }
}

/// The body of a reply, or the refusal in it.
///
/// # Errors
/// What the server said.
pub fn accepted(reply: Reply) -> Result<Vec<u8>, CoreError> {
    if (200..300).contains(&reply.status) { Ok(reply.body) } else { Err(refusal(&reply)) }
}

/// A body as what it should be.
///
/// # Errors
/// `NOT_A_SERVER` when it is something else.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, CoreError> {
    serde_json::from_slice(body).map_err(|_| ErrorCode::NotAServer.into())
}

/// A value as a body.
///
/// # Errors
/// `INTERNAL`, which none of our types gives.
pub fn body<T: Serialize>(value: &T) -> Result<Vec<u8>, CoreError> {
    serde_json::to_vec(value).map_err(|_| ErrorCode::Internal.into())
}

async fn post(api: &Arc<dyn Api>, url: String, body: Vec<u8>) -> Result<Vec<u8>, CoreError> {
    let request = Request { method: Method::Post, url, token: None, body: Some(body) };
    accepted(api.call(request).await.map_err(|_| ErrorCode::NoServer)?)
}

/// Whether there is a Tripchat server at this address. Asked before a password is sent there.
///
/// # Errors
/// `NO_SERVER`, `NOT_A_SERVER`.
pub async fn check_server(api: &Arc<dyn Api>, server: &ServerAddress) -> Result<(), CoreError> {
    let request = Request { method: Method::Get, url: server.health(), token: None, body: None };
    let reply = api.call(request).await.map_err(|_| ErrorCode::NoServer)?;
    match serde_json::from_slice::<Health>(&reply.body) {
        Ok(_) => Ok(()),
        Err(_) if matches!(reply.status, 502..=504) => Err(ErrorCode::NoServer.into()),
        Err(_) => Err(ErrorCode::NotAServer.into()),
    }
}

/// Registers or signs in; `path` says which.
///
/// # Errors
/// What the server said, `NO_SERVER`.
pub async fn come_in(
    api: &Arc<dyn Api>,
    server: &ServerAddress,
    path: &str,
    body: Vec<u8>,
) -> Result<Grant, CoreError> {
    check_server(api, server).await?;
    read(&post(api, server.api(path), body).await?)
}

/// Sets another password with the operator's code.
///
/// # Errors
/// What the server said, `NO_SERVER`.
pub async fn reset(api: &Arc<dyn Api>, server: &ServerAddress, body: Vec<u8>) -> Result<(), CoreError> {
    check_server(api, server).await?;
    post(api, server.api("/auth/reset"), body).await.map(|_| ())
}

/// Exchanges the refresh token for the next pair.
///
/// # Errors
/// What the server said, `NO_SERVER`.
pub async fn renew(
    api: &Arc<dyn Api>,
    server: &ServerAddress,
    refresh: &SecretString,
) -> Result<Grant, CoreError> {
    let asked = body(&Refresh { refresh_token: refresh.expose_secret().to_owned() })?;
    read(&post(api, server.api("/auth/refresh"), asked).await?)
}

/// Ends the session on the server.
///
/// # Errors
/// What the server said, `NO_SERVER`.
pub async fn sign_out(
    api: &Arc<dyn Api>,
    server: &ServerAddress,
    token: SecretString,
) -> Result<(), CoreError> {
    let url = server.api("/auth/sign-out");
    let request = Request { method: Method::Post, url, token: Some(token), body: None };
    accepted(api.call(request).await.map_err(|_| ErrorCode::NoServer)?).map(|_| ())
}

/// Whether a refused renewal means that the session is over, rather than that it did not work this time.
pub fn is_over(error: &CoreError) -> bool {
    matches!(
        error.code,
        ErrorCode::Unauthorized
            | ErrorCode::SessionEnded
            | ErrorCode::TokenExpired
            | ErrorCode::WrongCredentials
    )
}
