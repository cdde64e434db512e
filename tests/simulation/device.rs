//! A person's device: the real core, with its files, on its own road, by its own clock.

use crate::network::{End, Network};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tripchat_core::api::{Api, Method, Reply, Request, Unreachable};
use tripchat_core::{Client, Config, DialError, Dialer, Parts, SecretString, Socket, connect_over};
use tripchat_runtime::{Sources, Tasks};
use tripchat_tests::Keyring;

/// The server's address, as everybody types it.
pub const SERVER: &str = "http://localhost:7400";

/// No answer after this long counts as none, as in the real one.
const DEADLINE: Duration = Duration::from_secs(20);

/// A device.
pub struct Device {
    pub number: usize,
    pub person: usize,
    pub folder: PathBuf,
    keyring: Keyring,
    sources: Sources,
    network: Network,
    running: Option<(Client, Tasks)>,
}

impl Device {
    pub fn new(number: usize, person: usize, folder: &Path, sources: Sources, network: Network) -> Self {
        let keyring = Keyring::default();
        let mut device =
            Self { number, person, folder: folder.into(), keyring, sources, network, running: None };
        device.start();
        device
    }

    pub fn start(&mut self) {
        let line = Line::new(self.number, self.network.clone());
        let config =
            Config { data_dir: self.folder.clone(), server: SERVER.into(), app: "simulation".into() };
        let (client, engine) = Client::with(Parts {
            config,
            sources: self.sources.clone(),
            api: Arc::new(line.clone()),
            dialer: Arc::new(line),
            secrets: Arc::new(self.keyring.clone()),
        });
        let tasks = Tasks::default();
        tasks.start("core", engine);
        self.running = Some((client, tasks));
    }

    /// Ends it in the middle of what it does.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// The core, while it runs.
    pub fn client(&self) -> Option<Client> {
        self.running.as_ref().map(|(client, _)| client.clone())
    }

    /// The account's own file.
    pub fn cache(&self) -> Option<PathBuf> {
        let files = std::fs::read_dir(&self.folder).ok()?;
        let mut caches: Vec<PathBuf> = files
            .flatten()
            .map(|file| file.path())
            .filter(|path| path.extension().is_some_and(|end| end == "db"))
            .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains("localhost")))
            .collect();
        caches.sort();
        caches.into_iter().next()
    }
}

/// The way from a device to the server.
#[derive(Clone)]
pub struct Line {
    device: usize,
    network: Network,
}

impl Line {
    pub fn new(device: usize, network: Network) -> Self {
        Self { device, network }
    }
}

impl Dialer for Line {
    fn dial(&self, url: String, token: SecretString) -> BoxFuture<'static, Result<Socket, DialError>> {
        let Self { device, network } = self.clone();
        Box::pin(async move {
            let stream = network.dial(device).await.map_err(|_| DialError::Unreachable)?;
            connect_over(stream, &url, &token).await
        })
    }
}

impl Api for Line {
    fn call(&self, request: Request) -> BoxFuture<'static, Result<Reply, Unreachable>> {
        let Self { device, network } = self.clone();
        Box::pin(async move {
            let asked = async {
                let stream = network.dial(device).await.ok()?;
                ask(stream, request).await
            };
            timeout(DEADLINE, asked).await.ok().flatten().ok_or(Unreachable)
        })
    }
}

async fn ask(stream: End, request: Request) -> Option<Reply> {
    use secrecy::ExposeSecret;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    let tasks = Tasks::default();
    tasks.start("http", async move { drop(connection.await) });
    let path = request.url.strip_prefix(SERVER)?;
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    };
    let mut asked = hyper::Request::builder().method(method).uri(path).header("host", "localhost");
    if let Some(token) = &request.token {
        asked = asked.header("authorization", format!("Bearer {}", token.expose_secret()));
    }
    if request.body.is_some() {
        asked = asked.header("content-type", "application/json");
    }
    let body = Full::new(Bytes::from(request.body.unwrap_or_default()));
    let answer = sender.send_request(asked.body(body).ok()?).await.ok()?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.ok()?.to_bytes().to_vec();
    Some(Reply { status, body })
}
