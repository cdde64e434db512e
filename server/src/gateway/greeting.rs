//! The first frame: who it is, and in which version they will speak.

use super::wire::{End, Incoming, Wire};
use crate::context::Context;
use crate::http::agrees;
use crate::tokens::Caller;
use axum::extract::ws::WebSocket;
use axum::http::HeaderMap;
use std::time::Duration;
use tokio::time::timeout;
use tripchat_protocol::frame::{Hello, close};
use tripchat_protocol::limits::HELLO_ROOMS;
use tripchat_protocol::{ClientFrame, ErrorCode, VERSIONS};
use tripchat_runtime::{Plant, planted};

/// A `hello` that does not come in time will not come.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest name of an app.
const APP_CHARS: usize = 64;

/// Waits for `hello` and checks it.
pub(super) async fn greet(
    context: &Context,
    socket: WebSocket,
    caller: Option<Caller>,
    headers: &HeaderMap,
) -> Result<(Wire, Hello, Caller), End> {
    let mut wire = Wire::new(socket, context.sources.clone());
    match hello(context, &mut wire, caller, headers).await {
        Ok((hello, caller)) => {
            if !planted(Plant::ExpiryIgnored) {
                wire.life.expires_at = caller.expires_at;
            }
            Ok((wire, hello, caller))
        }
        Err(end) => {
            wire.close(&end).await;
            wire.linger(&end).await;
            Err(end)
        }
    }
}

async fn hello(
    context: &Context,
    wire: &mut Wire,
    caller: Option<Caller>,
    headers: &HeaderMap,
) -> Result<(Hello, Caller), End> {
    let first = match timeout(PATIENCE, first_frame(wire)).await {
        Ok(first) => first?,
        Err(_) => return Err(wire.refuse(ErrorCode::InvalidInput, close::NO_HELLO).await),
    };
    let ClientFrame::Hello(hello) = first else {
        return Err(wire.refuse(ErrorCode::InvalidInput, close::NO_HELLO).await);
    };
    if !hello.versions.iter().any(|version| VERSIONS.contains(version)) {
        return Err(wire.refuse(ErrorCode::VersionUnsupported, close::VERSION).await);
    }
    let too_late = i64::try_from(hello.generation).is_err();
    if hello.rooms.len() > HELLO_ROOMS || hello.app.chars().count() > APP_CHARS || too_late {
        return Err(wire.refuse(ErrorCode::InvalidInput, close::BAD_FRAME).await);
    }
    let caller = match (caller, &hello.token) {
        (Some(caller), _) => caller,
        (None, Some(token)) => match context.tokens.check(token, context.sources.now()) {
            Ok(caller) => caller,
            Err(error) => return Err(wire.refuse(error.code(), close::TOKEN).await),
        },
        (None, None) => return Err(wire.refuse(ErrorCode::Unauthorized, close::TOKEN).await),
    };
    if agrees(headers, &caller.tenant).is_err() {
        return Err(wire.refuse(ErrorCode::Forbidden, close::TOKEN).await);
    }
    if context.hub.is_revoked(caller.session) {
        return Err(wire.refuse(ErrorCode::SessionEnded, close::REVOKED).await);
    }
    Ok((hello, caller))
}

async fn first_frame(wire: &mut Wire) -> Result<ClientFrame, End> {
    loop {
        match wire.read().await? {
            Incoming::Frame(frame) => return Ok(*frame),
            Incoming::Unreadable(_) => {
                return Err(wire.refuse(ErrorCode::InvalidInput, close::BAD_FRAME).await);
            }
            Incoming::Alive => {}
        }
    }
}
