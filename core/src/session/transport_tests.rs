//! The real dialer against a real TCP port.

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::handshake::server::{Request as Upgrade, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

async fn port() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/api/v1/ws", listener.local_addr().unwrap());
    (listener, url)
}

fn token() -> SecretString {
    SecretString::from("a-token")
}

/// Answers the upgrade with a status and nothing else.
async fn refused_with(status: &str) -> DialError {
    let (listener, url) = port().await;
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream
    };
    let (dialed, _stream) = tokio::join!(TcpDialer.dial(url, token()), server);
    dialed.unwrap_err()
}

#[tokio::test]
async fn refusals_are_told_apart() {
    assert_eq!(refused_with("401 Unauthorized").await, DialError::Token);
    assert_eq!(refused_with("426 Upgrade Required").await, DialError::Version);
    assert_eq!(refused_with("503 Service Unavailable").await, DialError::Unreachable);
    assert_eq!(refused_with("503 Busy\r\nretry-after: 7").await, DialError::Busy(7_000));
    let date = "503 Busy\r\nretry-after: Fri, 31 Dec 2027 23:59:59 GMT";
    assert_eq!(refused_with(date).await, DialError::Unreachable);
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let (listener, url) = port().await;
    drop(listener);
    assert_eq!(TcpDialer.dial(url, token()).await.unwrap_err(), DialError::Unreachable);
}

/// An accepted connection and the head of its upgrade.
async fn accept(listener: &TcpListener) -> (WebSocketStream<TcpStream>, Upgrade) {
    let (stream, _) = listener.accept().await.unwrap();
    let mut seen = None;
    #[expect(clippy::result_large_err, reason = "the shape of tungstenite's callback")]
    let callback = |request: &Upgrade, mut response: Response| {
        seen = Some(request.clone());
        response.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        Ok(response)
    };
    let socket = tokio_tungstenite::accept_hdr_async(stream, callback).await.unwrap();
    (socket, seen.unwrap())
}

#[tokio::test]
async fn the_token_is_in_a_header_and_frames_go_both_ways() {
    let (listener, url) = port().await;
    let (dialed, (mut server, request)) = tokio::join!(TcpDialer.dial(url, token()), accept(&listener));
    assert_eq!(request.headers()["authorization"], "Bearer a-token");
    assert_eq!(request.headers()["sec-websocket-protocol"], SUBPROTOCOL);
    assert_eq!(request.uri().query(), None);
    let mut socket = dialed.unwrap();
    socket.write("out".into());
    assert_eq!(server.next().await.unwrap().unwrap(), Message::text("out"));
    server.send(Message::text("in")).await.unwrap();
    assert_eq!(socket.read().await, Incoming::Frame("in".into()));
    server.close(Some(CloseFrame { code: CloseCode::from(4014), reason: "".into() })).await.unwrap();
    assert_eq!(socket.read().await, Incoming::Closed(Some(4014)));
}

#[tokio::test]
async fn a_frame_beyond_the_limit_ends_the_connection() {
    let (listener, url) = port().await;
    let (dialed, (mut server, _)) = tokio::join!(TcpDialer.dial(url, token()), accept(&listener));
    let mut socket = dialed.unwrap();
    let largest = "x".repeat(limits::FRAME_OUT);
    let (sent, heard) = tokio::join!(server.send(Message::text(largest.clone())), socket.read());
    sent.unwrap();
    assert_eq!(heard, Incoming::Frame(largest));
    let beyond = Message::text("x".repeat(limits::FRAME_OUT + 1));
    let (_, heard) = tokio::join!(server.send(beyond), socket.read());
    assert_eq!(heard, Incoming::Closed(None));
}

#[tokio::test]
async fn dropping_it_drops_the_connection_without_a_word() {
    let (listener, url) = port().await;
    let (dialed, (mut server, _)) = tokio::join!(TcpDialer.dial(url, token()), accept(&listener));
    drop(dialed.unwrap());
    assert!(server.next().await.is_none_or(|heard| heard.is_err()), "no close frame");
}
