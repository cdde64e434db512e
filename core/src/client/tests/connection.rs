//! The server's end of a connection, in the test's hands.

use super::patience::LIMIT;
use super::stage::{me, room};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request as Upgrade, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tripchat_protocol::frame::Hello;
use tripchat_protocol::{ClientFrame, OperationId};
use uuid::Uuid;

/// The server's end of a connection.
pub struct Connection {
    socket: WebSocketStream<DuplexStream>,
    pub token: String,
}

impl Connection {
    pub async fn accept(stream: DuplexStream) -> Self {
        let mut token = String::new();
        #[expect(clippy::result_large_err, reason = "the shape of tungstenite's callback")]
        let callback = |request: &Upgrade, mut response: Response| {
            token = request.headers()["authorization"].to_str().unwrap().replace("Bearer ", "");
            let protocol = request.headers()["sec-websocket-protocol"].clone();
            response.headers_mut().insert("sec-websocket-protocol", protocol);
            Ok(response)
        };
        let socket = tokio_tungstenite::accept_hdr_async(stream, callback).await.unwrap();
        Self { socket, token }
    }

    /// The next frame, but for reports of what is stored, which come by themselves and are answered.
    pub async fn hear(&mut self) -> ClientFrame {
        loop {
            match self.hear_all().await {
                ClientFrame::Delivered(mark) => self.say_ok(mark.id, None, None).await,
                frame => return frame,
            }
        }
    }

    /// The next frame, whichever.
    pub async fn hear_all(&mut self) -> ClientFrame {
        loop {
            if let Message::Text(text) = self.socket.next().await.unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    /// The next frame, unless the connection has ended.
    pub async fn try_hear(&mut self) -> Option<ClientFrame> {
        loop {
            match self.socket.next().await? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// Waits for the client to drop the connection; says what else it had sent.
    pub async fn ends(&mut self) -> Vec<ClientFrame> {
        let mut heard = Vec::new();
        let end = async {
            while let Some(Ok(message)) = self.socket.next().await {
                if let Message::Text(text) = message {
                    heard.push(serde_json::from_str(&text).unwrap());
                }
            }
        };
        timeout(LIMIT, end).await.expect("a connection that the client drops");
        heard
    }

    pub async fn say(&mut self, frame: Value) {
        self.socket.send(Message::text(frame.to_string())).await.unwrap();
    }

    pub async fn say_text(&mut self, text: &str) {
        self.socket.send(Message::text(text.to_owned())).await.unwrap();
    }

    pub async fn close(&mut self, code: u16) {
        let frame = CloseFrame { code: CloseCode::from(code), reason: "".into() };
        self.socket.close(Some(frame)).await.unwrap();
    }

    pub async fn hello(&mut self) -> Hello {
        match self.hear().await {
            ClientFrame::Hello(hello) => hello,
            other => panic!("{other:?}"),
        }
    }

    pub async fn welcome(&mut self) -> Hello {
        let hello = self.hello().await;
        self.say(json!({
            "type": "welcome", "version": 1, "connection": Uuid::nil(), "user": me(), "server_time": 1,
            "heartbeat_ms": 25_000, "limits": {"text_chars": 4_000, "frame_bytes": 65_536},
            "token_expires_at": 1,
        }))
        .await;
        hello
    }

    /// Everything from `welcome` to `synced`: one room with two people, its stream at rev 3.
    pub async fn welcome_with_room(&mut self) -> Hello {
        self.welcome_with_room_and(&[]).await
    }

    /// The same, with more in the room.
    pub async fn welcome_with_room_and(&mut self, more: &[(i64, Value)]) -> Hello {
        let hello = self.welcome().await;
        let membership = json!({
            "kind": "membership", "room": room(), "room_type": "TRIP", "role": "MEMBER", "state": "current",
            "from_rev": 1, "to_rev": null,
        });
        self.page(&format!("user:{}", me()), 0, &[(1, membership)]).await;
        let room_object = json!({
            "kind": "room", "id": room(), "type": "TRIP", "name": null, "trip": null,
            "created_by": Uuid::from_u128(0xC3), "created_at": 5, "is_active": true,
        });
        let member = |user: Uuid, name: &str, role: &str| json!({"kind": "member", "user": user, "name": name, "role": role, "state": "current", "since": 1});
        let people = [
            (1, room_object),
            (2, member(Uuid::from_u128(0xC3), "Bek", "OWNER")),
            (3, member(me().0, "Aida", "MEMBER")),
        ];
        self.page(&room_stream(), 0, &[&people, more].concat()).await;
        self.say(json!({"type": "synced"})).await;
        hello
    }

    /// A short way through a reconnect: nothing is new.
    pub async fn welcome_back(&mut self) -> Hello {
        let hello = self.welcome().await;
        self.say(json!({"type": "synced"})).await;
        hello
    }

    pub async fn page(&mut self, stream: &str, from: i64, objects: &[(i64, Value)]) {
        let upto = objects.last().map_or(from, |(rev, _)| *rev);
        let objects: Vec<Value> =
            objects.iter().map(|(rev, object)| json!({"rev": rev, "object": object})).collect();
        self.say(json!({
            "type": "changes", "stream": stream, "epoch": 7, "from": from, "upto": upto, "objects": objects,
            "more": false,
        }))
        .await;
    }

    pub async fn change(&mut self, rev: i64, object: Value) {
        self.say(
            json!({"type": "change", "stream": room_stream(), "epoch": 7, "rev": rev, "object": object}),
        )
        .await;
    }

    /// The next frame, which is a message.
    pub async fn sent(&mut self) -> tripchat_protocol::frame::Send {
        match self.hear().await {
            ClientFrame::Send(send) => send,
            other => panic!("{other:?}"),
        }
    }

    pub async fn accept_message(&mut self, id: tripchat_protocol::MessageId, seq: i64) {
        self.say(json!({"type": "ok", "id": id, "stream": room_stream(), "rev": seq, "seq": seq, "at": 9}))
            .await;
    }

    /// An `ok` to an operation that changed a stream, or none.
    pub async fn say_ok(&mut self, id: impl Into<OperationId>, stream: Option<&str>, rev: Option<i64>) {
        let id = id.into();
        self.say(json!({"type": "ok", "id": id, "stream": stream, "rev": rev, "at": 9})).await;
    }

    pub async fn refuse(&mut self, id: impl Into<OperationId>, code: &str, retry: &str) {
        let id = id.into();
        self.say(json!({"type": "error", "id": id, "code": code, "retry": retry, "message": "no"})).await;
    }
}

pub fn room_stream() -> String {
    format!("room:{}", room())
}

/// A message of somebody else.
pub fn theirs(n: u128, seq: i64, text: &str) -> Value {
    message(Uuid::from_u128(n), Uuid::from_u128(0xC3), seq, text)
}

pub fn message(id: Uuid, author: Uuid, seq: i64, text: &str) -> Value {
    json!({
        "kind": "message", "id": id, "seq": seq, "author": author, "body": {"kind": "TEXT", "text": text},
        "at": 10, "written_at": 9,
    })
}
