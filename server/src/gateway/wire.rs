//! Frames in and out of one socket, with the limits that nothing passes by.

use super::heartbeat::{AFTER_EXPIRY, Life};
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tripchat_protocol::frame::close;
use tripchat_protocol::limits::FRAME_IN;
use tripchat_protocol::{ClientFrame, ErrorCode, Failure, Millis, OperationId, ServerFrame};
use tripchat_runtime::Sources;

/// A client that takes nothing for so long is let go.
const PROGRESS: Duration = Duration::from_secs(10);

/// A client that does not answer the end of a connection is dropped.
const LINGER: Duration = Duration::from_secs(2);

/// Why a connection ends.
#[derive(Debug)]
pub(super) enum End {
    /// The client went away.
    Left,
    /// We close it, with this code.
    Close(u16),
}

/// What the client sent.
#[derive(Debug)]
pub(super) enum Incoming {
    Frame(Box<ClientFrame>),
    /// Not a frame of the protocol, but an operation whose id could be read: it alone is refused.
    Unreadable(OperationId),
    /// WebSocket control frames: a sign of life.
    Alive,
}

#[derive(Debug)]
pub(super) struct Wire {
    socket: WebSocket,
    sources: Sources,
    /// Frames that were handed to the socket and not flushed.
    unflushed: usize,
    /// Until `hello` the token never expires.
    pub(super) life: Life,
}

impl Wire {
    pub(super) fn new(socket: WebSocket, sources: Sources) -> Self {
        let now = Instant::now();
        Self {
            socket,
            sources,
            unflushed: 0,
            life: Life { last_read: now, last_written: now, expires_at: Millis::MAX },
        }
    }

    /// The next thing that the client sent. Cancel safe.
    pub(super) async fn read(&mut self) -> Result<Incoming, End> {
        let message = match self.socket.recv().await {
            None => return Err(End::Left),
            Some(Err(error)) => return Err(self.broken(&error).await),
            Some(Ok(message)) => message,
        };
        self.life.last_read = Instant::now();
        match message {
            Message::Text(text) if text.len() > FRAME_IN => {
                Err(self.refuse(ErrorCode::TooLarge, close::BAD_FRAME).await)
            }
            Message::Text(text) => self.parse(&text).await,
            Message::Ping(_) | Message::Pong(_) => Ok(Incoming::Alive),
            Message::Binary(_) => Err(self.refuse(ErrorCode::InvalidInput, close::BAD_FRAME).await),
            Message::Close(_) => Err(End::Left),
        }
    }

    async fn parse(&mut self, text: &str) -> Result<Incoming, End> {
        if let Ok(frame) = serde_json::from_str(text) {
            return Ok(Incoming::Frame(Box::new(frame)));
        }
        #[derive(serde::Deserialize)]
        struct Named {
            id: OperationId,
        }
        match serde_json::from_str::<Named>(text) {
            Ok(Named { id }) => Ok(Incoming::Unreadable(id)),
            Err(_) => Err(self.refuse(ErrorCode::InvalidInput, close::BAD_FRAME).await),
        }
    }

    /// The socket failed while reading: a frame that is far too large, or the road.
    async fn broken(&mut self, error: &axum::Error) -> End {
        let too_large =
            std::error::Error::source(error).is_some_and(|cause| cause.to_string().contains("too long"));
        if too_large { self.refuse(ErrorCode::TooLarge, close::BAD_FRAME).await } else { End::Left }
    }

    pub(super) async fn write(&mut self, frame: &ServerFrame) -> Result<(), End> {
        self.queue(frame).await?;
        self.flush().await
    }

    /// As [`Wire::write`], but it leaves with the next flush.
    pub(super) async fn queue(&mut self, frame: &ServerFrame) -> Result<(), End> {
        match serde_json::to_string(frame) {
            Ok(text) => self.queue_text(text.into()).await,
            Err(error) => {
                tracing::error!(%error, "a frame cannot be written");
                Err(End::Close(close::BAD_FRAME))
            }
        }
    }

    pub(super) async fn write_text(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.queue_text(text).await?;
        self.flush().await
    }

    /// As [`Wire::write_text`], but it leaves with the next flush: many small frames cost one write.
    pub(super) async fn queue_text(&mut self, text: Utf8Bytes) -> Result<(), End> {
        if self.sources.now() >= self.life.expires_at.saturating_add(AFTER_EXPIRY) {
            return Err(End::Close(close::TOKEN));
        }
        self.unflushed += 1;
        progress(self.socket.feed(Message::Text(text))).await
    }

    /// Frames that wait for a flush.
    pub(super) fn unflushed(&self) -> usize {
        self.unflushed
    }

    pub(super) async fn flush(&mut self) -> Result<(), End> {
        self.unflushed = 0;
        progress(self.socket.flush()).await?;
        self.life.last_written = Instant::now();
        Ok(())
    }

    /// Says why, then ends with `code`.
    pub(super) async fn refuse(&mut self, error: ErrorCode, code: u16) -> End {
        match self.write(&ServerFrame::Error(Failure::new(None, error))).await {
            Ok(()) => End::Close(code),
            Err(end) => end,
        }
    }

    /// Closes as `end` says.
    pub(super) async fn close(&mut self, end: &End) {
        if let End::Close(code) = *end {
            let frame = Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static("") }));
            if let Ok(Err(error)) = timeout(PROGRESS, self.socket.send(frame)).await {
                tracing::debug!(%error, "a connection left before it was closed");
            }
        }
    }

    /// Waits a moment for the client to hang up: doing so first, with something of it unread, resets the connection,
    /// and the last answers would be lost with it.
    pub(super) async fn linger(mut self, end: &End) {
        if let End::Close(_) = *end {
            let hangs_up = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            if timeout(LINGER, hangs_up).await.is_err() {
                tracing::debug!("a connection did not answer its end");
            }
        }
    }
}

/// Writes, as long as the client takes something.
async fn progress(write: impl Future<Output = Result<(), axum::Error>>) -> Result<(), End> {
    match timeout(PROGRESS, write).await {
        Ok(written) => written.map_err(|_| End::Left),
        Err(_) => Err(End::Close(close::SLOW)),
    }
}
