//! The stage: a client, and a server in the test's hands.

use super::connection::Connection;
use super::patience::Patience;
use crate::account::secret_store::{SecretError, SecretStore};
use crate::api::{Api, Reply, Request, Unreachable};
use crate::session::transport::{DialError, Dialer, Socket, connect_over};
use crate::view::{AccountView, ConnectionView, Place};
use crate::{Client, Config, Parts, SecretString};
use futures_util::future::BoxFuture;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tripchat_protocol::{RoomId, UserId};
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
    /// While it is locked, answers to renewals, about one's account and of the history are on their way.
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
        // Where there is nothing to say there is no body.
        let bytes = |body: Value| if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let reply = answered.map(|(status, body)| Reply { status, body: bytes(body) });
        let slow_ones = ["/refresh", "/me", "/me/delete"];
        let is_slow =
            slow_ones.iter().any(|end| request.url.ends_with(end)) || request.url.contains("/messages?");
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
        Connection::accept(self.dial().await).await
    }

    /// The next dial, not yet answered.
    pub async fn dial(&mut self) -> DuplexStream {
        self.dials.recv().await.unwrap()
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
