//! The port to the socket, and the real one: text frames of JSON over a WebSocket.

use futures_util::future::BoxFuture;
use futures_util::{SinkExt, StreamExt};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tripchat_protocol::{SUBPROTOCOL, limits};
use tripchat_runtime::Tasks;

/// Frames that wait to be handled before reading stops.
const INCOMING: usize = 64;

/// Why there is no socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DialError {
    /// Nobody answered, or the server is busy.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The server is busy, and asks to be left alone for so many milliseconds.
    #[error("the server is busy")]
    Busy(u64),
    /// The token was refused.
    #[error("the token was refused")]
    Token,
    /// The server speaks no version of ours.
    #[error("this app is too old for the server")]
    Version,
}

/// What comes out of a socket. Nothing more comes after `Closed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A text frame.
    Frame(String),
    /// The end, with the close code if the server gave one.
    Closed(Option<u16>),
}

/// An open socket. Dropping it drops the connection at once, without a close handshake, which could hang for
/// minutes on a dead network.
pub struct Socket {
    outgoing: mpsc::UnboundedSender<String>,
    incoming: mpsc::Receiver<Incoming>,
    _pump: Tasks,
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Socket")
    }
}

impl Socket {
    /// Queues a frame. It never waits: what is written is bounded by the outbox (one message in flight a room).
    /// On a socket that is closing the frame is lost, like any frame on the way; `Closed` follows.
    pub fn write(&self, frame: String) {
        if self.outgoing.send(frame).is_err() {
            tracing::debug!("a frame was written to a closing socket");
        }
    }

    /// The next frame; the end only once.
    pub async fn read(&mut self) -> Incoming {
        self.incoming.recv().await.unwrap_or(Incoming::Closed(None))
    }
}

/// The port.
pub trait Dialer: Send + Sync {
    /// Connects to `url` (`ws://` or `wss://`), with the access token in a header.
    fn dial(&self, url: String, token: SecretString) -> BoxFuture<'static, Result<Socket, DialError>>;
}

/// TCP, and TLS with the system's roots for `wss://`.
#[derive(Debug, Clone, Copy, Default)]
pub struct TcpDialer;

impl Dialer for TcpDialer {
    fn dial(&self, url: String, token: SecretString) -> BoxFuture<'static, Result<Socket, DialError>> {
        Box::pin(async move {
            let request = upgrade(&url, &token)?;
            let host = request.uri().host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
            let secure = request.uri().scheme_str() == Some("wss");
            let port = request.uri().port_u16().unwrap_or(if secure { 443 } else { 80 });
            let stream = TcpStream::connect((host.as_str(), port)).await.map_err(|error| {
                tracing::debug!(%error, "no connection");
                DialError::Unreachable
            })?;
            stream.set_nodelay(true).map_err(|_| DialError::Unreachable)?;
            let (socket, _) =
                tokio_tungstenite::client_async_tls_with_config(request, stream, Some(sizes()), None)
                    .await
                    .map_err(|error| refused(&error))?;
            Ok(pump(socket))
        })
    }
}

/// Shakes hands over any stream: the simulation hands in its own.
///
/// # Errors
/// As the server answers.
pub async fn connect_over<S>(stream: S, url: &str, token: &SecretString) -> Result<Socket, DialError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let request = upgrade(url, token)?;
    let (socket, _) = tokio_tungstenite::client_async_with_config(request, stream, Some(sizes()))
        .await
        .map_err(|error| refused(&error))?;
    Ok(pump(socket))
}

fn upgrade(url: &str, token: &SecretString) -> Result<Request, DialError> {
    let mut request = url.into_client_request().map_err(|_| DialError::Unreachable)?;
    let mut bearer =
        HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).map_err(|_| DialError::Token)?;
    bearer.set_sensitive(true);
    request.headers_mut().insert("authorization", bearer);
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
    Ok(request)
}

fn sizes() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(16 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(4 * limits::FRAME_IN)
        .max_message_size(Some(limits::FRAME_OUT))
        .max_frame_size(Some(limits::FRAME_OUT))
}

fn refused(error: &Error) -> DialError {
    match error {
        Error::Http(response) if response.status().as_u16() == 401 => DialError::Token,
        Error::Http(response) if response.status().as_u16() == 426 => DialError::Version,
        Error::Http(response) if response.status().as_u16() == 503 => {
            // In seconds (RFC 9110, section 10.2.3); a date is left to the usual delay.
            let after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
            let seconds = after.and_then(|seconds| seconds.trim().parse::<u64>().ok());
            seconds.map_or(DialError::Unreachable, |seconds| DialError::Busy(seconds.saturating_mul(1_000)))
        }
        other => {
            tracing::debug!(error = %other, "no socket");
            DialError::Unreachable
        }
    }
}

/// Reads and writes side by side, so that a peer that does not read never keeps us from hearing it.
fn pump<S>(socket: WebSocketStream<S>) -> Socket
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (outgoing, mut to_write) = mpsc::unbounded_channel::<String>();
    let (heard, incoming) = mpsc::channel(INCOMING);
    let (mut sink, mut stream) = socket.split();
    let writer = async move {
        while let Some(frame) = to_write.recv().await {
            if let Err(error) = sink.send(Message::text(frame)).await {
                tracing::debug!(%error, "the socket takes nothing more");
                break;
            }
        }
        // The reader reports the end; a writer that stopped has nothing to add.
        std::future::pending::<()>().await;
    };
    let reader = async move {
        let end = loop {
            match stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    if heard.send(Incoming::Frame(text.as_str().to_owned())).await.is_err() {
                        return;
                    }
                }
                Some(Ok(Message::Close(frame))) => break frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    tracing::debug!(%error, "the socket broke");
                    break None;
                }
                None => break None,
            }
        };
        if heard.send(Incoming::Closed(end)).await.is_err() {
            tracing::debug!("nobody waits for the end of this socket");
        }
    };
    let pump = Tasks::default();
    pump.start("socket", async move {
        tokio::select! {
            biased;
            () = reader => {}
            () = writer => {}
        }
    });
    Socket { outgoing, incoming, _pump: pump }
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
