//! From an HTTP request to a socket. What can be refused is refused here, with a status that says why.

use super::{connection, greeting};
use crate::context::Context;
use crate::http::{Refused, bearer};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{State, WebSocketUpgrade};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use std::sync::Arc;
use tripchat_protocol::limits::{FRAME_IN, FRAME_OUT};
use tripchat_protocol::{ErrorCode, SUBPROTOCOL};

/// The web views of the app itself.
const OWN_ORIGINS: [&str; 3] = ["tauri://localhost", "http://tauri.localhost", "https://tauri.localhost"];

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
    let caller = match bearer(&headers) {
        Some(token) => Some(context.tokens.check(token, context.sources.now())?),
        None => None,
    };
    // The defaults reserve 128 KiB for each connection; frames here are small. One that is too large is read up to
    // twice the limit: hanging up on unread bytes resets the connection, and the refusal would be lost with it.
    let socket = socket
        .protocols([SUBPROTOCOL])
        .max_message_size(2 * FRAME_IN)
        .max_frame_size(2 * FRAME_IN)
        .read_buffer_size(4 * 1024)
        .write_buffer_size(4 * 1024)
        .max_write_buffer_size(2 * FRAME_OUT);
    Ok(socket.on_upgrade(move |socket| async move {
        match greeting::greet(&context, socket, caller).await {
            Ok((wire, hello, caller)) => connection::run(context, wire, hello, caller).await,
            Err(end) => tracing::debug!(?end, "a connection ended before its hello"),
        }
    }))
}
