//! The stage: a client, and a server in the test's hands.

use super::patience::Patience;
use crate::account::secret_store::{SecretError, SecretStore};
use crate::api::{Api, Reply, Request, Unreachable};
use crate::session::transport::{DialError, Dialer, Socket, connect_over};
use crate::view::{AccountView, ConnectionView, Place};
use crate::{Client, Config, Parts, SecretString};
use futures_util::future::BoxFuture;
use futures_util::{SinkExt, StreamExt};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request as Upgrade, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tripchat_protocol::frame::Hello;
use tripchat_protocol::{ClientFrame, OperationId, RoomId, UserId};
use tripchat_runtime::{FixedClock, SeededRandom, Sources, Tasks};
use uuid::Uuid;

pub const SERVER: &str = "https://ride.example";

pub fn me() -> UserId {
    UserId(Uuid::from_u128(0xA1))
}

pub fn room() -> RoomId {
    RoomId(Uuid::from_u128(0xB2))
}

/// A keyring that works, and outlives a restart of the client.
#[derive(Default)]
pub struct Drawer(Mutex<BTreeMap<String, SecretString>>);

impl Drawer {
    pub fn contents(&self) -> Vec<String> {
        self.0.lock().unwrap().values().map(|secret| secret.expose_secret().to_owned()).collect()
    }
}

impl SecretStore for Drawer {
    fn get(&self, key: String) -> BoxFuture<'static, Result<Option<SecretString>, SecretError>> {
        let found = self.0.lock().unwrap().get(&key).cloned();
        Box::pin(std::future::ready(Ok(found)))
    }
    fn set(&self, key: String, secret: SecretString) -> BoxFuture<'static, Result<(), SecretError>> {
        self.0.lock().unwrap().insert(key, secret);
        Box::pin(std::future::ready(Ok(())))
    }
    fn delete(&self, key: String) -> BoxFuture<'static, Result<(), SecretError>> {
        self.0.lock().unwrap().remove(&key);
        Box::pin(std::future::ready(Ok(())))
    }
}

type Answerer = Box<dyn FnMut(&Request) -> Result<(u16, Value), Unreachable> + Send>;

/// A REST interface that answers by a script and notes what it was asked.
pub struct Desk {
    answer: Mutex<Answerer>,
    asked: Mutex<Vec<String>>,
    /// While it is locked, answers to renewals and of the history are on their way.
    pub slow: Arc<tokio::sync::Mutex<()>>,
}

impl Desk {
    /// From here on `answer` answers.
    pub fn will(&self, answer: impl FnMut(&Request) -> Result<(u16, Value), Unreachable> + Send + 'static) {
        *self.answer.lock().unwrap() = Box::new(answer);
    }

    pub fn asked(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| asked.ends_with(path)).count()
    }
}

impl Api for Desk {
    fn call(&self, request: Request) -> BoxFuture<'static, Result<Reply, Unreachable>> {
        self.asked.lock().unwrap().push(request.url.clone());
        let answered = (self.answer.lock().unwrap())(&request);
        let reply = answered.map(|(status, body)| Reply { status, body: body.to_string().into_bytes() });
        let is_slow = request.url.ends_with("/refresh") || request.url.contains("/messages?");
        let slow = is_slow.then(|| self.slow.clone());
        Box::pin(async move {
            if let Some(slow) = slow {
                let _turn = slow.lock().await;
            }
            reply
        })
    }
}

/// Answers everything kindly; each grant has the next number.
pub fn kindly() -> Answerer {
    let mut grants = 0;
    Box::new(move |request| {
        let path = request.url.trim_start_matches(SERVER);
        Ok(match path {
            "/health" => (200, json!({"status": "ok", "timestamp": 1})),
            "/api/v1/auth/sign-in" | "/api/v1/auth/register" | "/api/v1/auth/refresh" => {
                grants += 1;
                (200, grant(grants))
            }
            "/api/v1/auth/sign-out" => (204, Value::Null),
            "/api/v1/trips" => (200, json!({"trips": []})),
            _ => (404, refusal("NOT_FOUND")),
        })
    })
}

pub fn grant(n: u32) -> Value {
    json!({
        "access_token": format!("access-{n}"), "expires_at": 1, "refresh_token": format!("refresh-{n}"),
        "user": {"id": me(), "name": "Aida"},
    })
}

pub fn refusal(code: &str) -> Value {
    json!({"error": {"code": code, "message": "no", "request_id": "r"}})
}

/// Dials into the test.
struct Pipe(mpsc::UnboundedSender<DuplexStream>);

impl Dialer for Pipe {
    fn dial(&self, url: String, token: SecretString) -> BoxFuture<'static, Result<Socket, DialError>> {
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let dialed = self.0.send(theirs).map_err(|_| DialError::Unreachable);
        Box::pin(async move {
            dialed?;
            connect_over(ours, &url, &token).await
        })
    }
}

/// A client and what it stands on.
pub struct Stage {
    pub client: Client,
    pub desk: Arc<Desk>,
    pub drawer: Arc<Drawer>,
    dials: mpsc::UnboundedReceiver<DuplexStream>,
    secrets: Option<Arc<dyn SecretStore>>,
    run: u64,
    folder: tempfile::TempDir,
    engine: Tasks,
}

impl Stage {
    pub fn new() -> Self {
        Self::with_secrets(None)
    }

    /// With another keyring than the drawer.
    pub fn with_secrets(secrets: Option<Arc<dyn SecretStore>>) -> Self {
        let desk =
            Arc::new(Desk { answer: Mutex::new(kindly()), asked: Mutex::default(), slow: Arc::default() });
        let drawer = Arc::new(Drawer::default());
        let folder = tempfile::tempdir().unwrap();
        let store = secrets.clone().unwrap_or_else(|| drawer.clone());
        let (client, dials, engine) = start(folder.path().into(), desk.clone(), store, 1);
        Self { client, desk, drawer, dials, secrets, run: 1, folder, engine }
    }

    /// Ends the client in the middle of whatever it does, and starts another on the same files.
    pub fn kill(&mut self) {
        self.run += 1;
        // Its files are closed when the old engine is dropped, which a runtime does when it next turns; SQLite
        // bears two connections until then.
        self.engine = Tasks::default();
        let store = self.secrets.clone().unwrap_or_else(|| self.drawer.clone());
        let (client, dials, engine) = start(self.folder.path().into(), self.desk.clone(), store, self.run);
        (self.client, self.dials, self.engine) = (client, dials, engine);
    }

    pub async fn sign_in(&self) -> AccountView {
        let password = SecretString::from("correct horse");
        self.client.sign_in(SERVER.into(), "aida@example.com".into(), password).await.unwrap()
    }

    /// The next connection, shaken hands on.
    pub async fn connection(&mut self) -> Connection {
        Connection::accept(self.dials.recv().await.unwrap()).await
    }

    /// Signed in, and everything there.
    pub async fn online() -> (Self, Connection) {
        let mut stage = Self::new();
        stage.sign_in().await;
        let mut connection = stage.connection().await;
        connection.welcome_with_room().await;
        stage.until(ConnectionView::Online).await;
        (stage, connection)
    }

    pub async fn until(&self, wanted: ConnectionView) {
        let mut events = Patience::with(&self.client);
        while self.client.start_view().await.unwrap().connection != wanted {
            events.next().await;
        }
    }

    /// The timeline's rows as `text state`.
    pub async fn rows(&self) -> Vec<String> {
        let rows = self.client.timeline(room(), Place::Newest, 50).await.unwrap().rows;
        rows.into_iter().map(|row| format!("{} {:?}", row.text.unwrap_or_default(), row.state)).collect()
    }

    /// Waits until the timeline is so.
    pub async fn shows(&self, wanted: &[&str]) {
        let mut events = Patience::with(&self.client);
        while self.rows().await != wanted {
            events.next().await;
        }
    }

    pub fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> =
            std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

fn start(
    data_dir: PathBuf,
    api: Arc<Desk>,
    secrets: Arc<dyn SecretStore>,
    seed: u64,
) -> (Client, mpsc::UnboundedReceiver<DuplexStream>, Tasks) {
    let (pipe, dials) = mpsc::unbounded_channel();
    let sources = Sources::new(FixedClock::at(1_800_000_000_000), SeededRandom::new(seed));
    let config = Config { data_dir, server: SERVER.into(), app: "test/1".into() };
    let (client, engine) =
        Client::with(Parts { config, sources, api, dialer: Arc::new(Pipe(pipe)), secrets });
    let tasks = Tasks::default();
    tasks.start("engine", engine);
    (client, dials, tasks)
}

/// The server's end of a connection.
pub struct Connection {
    socket: WebSocketStream<DuplexStream>,
    pub token: String,
}

impl Connection {
    async fn accept(stream: DuplexStream) -> Self {
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
        while let Some(Ok(message)) = self.socket.next().await {
            if let Message::Text(text) = message {
                heard.push(serde_json::from_str(&text).unwrap());
            }
        }
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
