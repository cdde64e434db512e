//! From an HTTP request to a socket. What can be refused is refused here, with a status that says why.

use super::{connection, greeting};
use crate::context::Context;
use crate::http::{Refused, agrees, bearer};
use crate::hub::GATHERED;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{State, WebSocketUpgrade};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use std::sync::{Arc, PoisonError};
use tokio::time::Instant;
use tripchat_protocol::limits::{FRAME_IN, FRAME_OUT};
use tripchat_protocol::{ErrorCode, SUBPROTOCOL};

/// The web views of the app itself.
const OWN_ORIGINS: [&str; 3] = ["tauri://localhost", "http://tauri.localhost", "https://tauri.localhost"];

/// A server that stops is back by then, or another one is; in seconds.
const AFTER_RESTART: u64 = 5;

/// `GET /api/v1/ws`.
pub async fn upgrade(
    State(context): State<Arc<Context>>,
    headers: HeaderMap,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refused> {
    let socket =
        socket.map_err(|_| Refused::input("this address takes WebSocket connections only".into()))?;
    if let Some(origin) = headers.get(header::ORIGIN) {
        let known = origin.to_str().is_ok_and(|origin| {
            OWN_ORIGINS.contains(&origin) || context.config.allowed_origins.iter().any(|it| it == origin)
        });
        if !known {
            return Err(ErrorCode::OriginRefused.into());
        }
    }
    if context.hub.is_draining() {
        return Err(Refused::unavailable(AFTER_RESTART));
    }
    let caller = match bearer(&headers) {
        Some(token) => Some(context.tokens.check(token, context.sources.now())?),
        None => None,
    };
    if let Some(caller) = &caller {
        agrees(&headers, &caller.tenant)?;
    }
    if caller.as_ref().is_some_and(|caller| context.hub.is_revoked(caller.session)) {
        return Err(ErrorCode::SessionEnded.into());
    }
    // Only who could come in is counted, and nobody has touched the database yet.
    let begun = context.handshakes.lock().unwrap_or_else(PoisonError::into_inner).begin(Instant::now());
    begun.map_err(Refused::unavailable)?;
    // The defaults reserve 128 KiB for each connection; frames here are small. One that is too large is read up to
    // twice the limit: hanging up on unread bytes resets the connection, and the refusal would be lost with it.
    let socket = socket
        .protocols([SUBPROTOCOL])
        .max_message_size(2 * FRAME_IN)
        .max_frame_size(2 * FRAME_IN)
        .read_buffer_size(4 * 1024)
        .write_buffer_size(GATHERED)
        .max_write_buffer_size(2 * FRAME_OUT);
    Ok(socket.on_upgrade(move |socket| async move {
        match greeting::greet(&context, socket, caller, &headers).await {
            Ok((wire, hello, caller)) => connection::run(context, wire, hello, caller).await,
            Err(end) => tracing::debug!(?end, "a connection ended before its hello"),
        }
    }))
}
