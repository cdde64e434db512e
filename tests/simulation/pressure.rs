//! Back-pressure (rule 5.7) where it needs full buffers and time: a client that does not read, and one that asks
//! faster than it can be answered.

use crate::clock::SimClock;
use crate::device::{Line, SERVER};
use crate::live::Live;
use crate::network::{Network, Way};
use crate::server::Host;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tripchat_core::api::{Api, Method, Request};
use tripchat_core::{Dialer, Incoming, SecretString, Socket};
use tripchat_runtime::{SeededRandom, Sources};
use uuid::Uuid;

/// More answers than a socket's buffers hold.
const FLOOD: usize = 6_000;

/// A server, the network before it, and a client without a core that said hello.
struct Scene {
    network: Network,
    socket: Socket,
    sources: Sources,
    _host: Host,
}

impl Scene {
    fn say(&self, frame: &Value) {
        self.socket.write(frame.to_string());
    }

    fn ping(&self, times: usize) {
        (0..times).for_each(|_| self.say(&json!({"type": "ping"})));
    }

    async fn hear(&mut self) -> Result<Value> {
        match self.socket.read().await {
            Incoming::Frame(text) => Ok(serde_json::from_str(&text)?),
            Incoming::Closed(code) => bail!("closed with {code:?}"),
        }
    }

    /// Reads to the end: how many pongs there were, and the close code.
    async fn drain(&mut self) -> (usize, Option<u16>) {
        let mut pongs = 0;
        loop {
            match self.socket.read().await {
                Incoming::Frame(text) => pongs += usize::from(text.contains("pong")),
                Incoming::Closed(code) => return (pongs, code),
            }
        }
    }
}

/// Plays `scene` by tokio's clock, which jumps when all wait.
fn play<F: Future<Output = Result<()>>>(scene: impl FnOnce(Scene) -> F) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    runtime.block_on(async { scene(begin(folder.path()).await?).await })
}

async fn begin(folder: &std::path::Path) -> Result<Scene> {
    let sources = Sources::new(SimClock::new(Instant::now(), 0), SeededRandom::new(57));
    let network = Network::new(sources.clone(), 1, Arc::new(Live::new(folder)));
    let mut host = Host::new(folder, sources.clone(), network.clone(), mpsc::unbounded_channel().0);
    host.start().await?;
    let line = Line::new(0, network.clone());
    let body = json!({"email": "who@example.org", "password": "correct horse battery", "name": "Who",
                      "device": sources.uuid()});
    let url = format!("{SERVER}/api/v1/auth/register");
    let request = Request { method: Method::Post, url, token: None, body: Some(body.to_string().into()) };
    let reply = line.call(request).await?;
    let account: Value = serde_json::from_slice(&reply.body)?;
    let token = account["access_token"].as_str().with_context(|| format!("no token: {account}"))?;
    let url = SERVER.replace("http", "ws") + "/api/v1/ws";
    let socket = line.dial(url, SecretString::from(token)).await?;
    let mut scene = Scene { network, socket, sources, _host: host };
    scene.say(&json!({"type": "hello", "versions": [1], "device": scene.sources.uuid(), "generation": 1,
                      "app": "pressure"}));
    while scene.hear().await?["type"] != "synced" {}
    Ok(scene)
}

#[test]
fn a_client_that_takes_nothing_for_ten_seconds_is_closed_as_slow() -> Result<()> {
    play(|mut scene| async move {
        scene.network.hold(0, Way::Down, true);
        scene.ping(FLOOD);
        sleep(Duration::from_secs(11)).await;
        scene.network.hold(0, Way::Down, false);
        let (pongs, code) = scene.drain().await;
        ensure!(code == Some(4011), "closed with {code:?} after {pongs} pongs");
        ensure!(pongs < FLOOD, "the buffers hold it all: nothing was tested");
        Ok(())
    })
}

#[test]
fn a_client_that_takes_something_within_ten_seconds_stays() -> Result<()> {
    play(|mut scene| async move {
        scene.network.hold(0, Way::Down, true);
        scene.ping(FLOOD);
        sleep(Duration::from_secs(9)).await;
        scene.network.hold(0, Way::Down, false);
        let mut pongs = 0;
        while pongs < FLOOD {
            let heard = scene.hear().await.with_context(|| format!("after {pongs} pongs"))?;
            pongs += usize::from(heard["type"] == "pong");
        }
        Ok(())
    })
}

#[test]
fn with_sixteen_operations_waiting_the_socket_is_not_read() -> Result<()> {
    const ASKED: usize = 40;
    const WAITING: usize = 16;
    play(|mut scene| async move {
        let room: Uuid = scene.sources.uuid();
        for _ in 0..ASKED {
            let id = scene.sources.uuid();
            // Gathered for a second, so that they wait.
            scene.say(&json!({"type": "delivered", "id": id, "room": room, "epoch": 1, "seq": 1}));
        }
        scene.ping(1);
        let mut answered = 0;
        while scene.hear().await?["type"] != "pong" {
            answered += 1;
        }
        ensure!(answered > ASKED - WAITING, "only {answered} of {ASKED} were answered before more was read");
        Ok(())
    })
}
