//! The server's machine: the real server on the simulated network, and its deaths.

use crate::network::{End, Network};
use anyhow::Result;
use axum::serve::Listener;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use tripchat_runtime::{Plant, Sources, Tasks, planted};
use tripchat_server::app::{App, Mode, serve};
use tripchat_server::config::Config;
use tripchat_server::moments::{Moment, Moments};

/// Decides when a run of the server ends.
#[derive(Debug)]
pub struct Fate {
    alive: AtomicBool,
    /// Where it dies, at which of the commits from now on.
    death: Mutex<Option<(Moment, u64)>>,
    died: mpsc::UnboundedSender<Moment>,
    sources: Sources,
    /// Of a hundred hints so many are lost.
    lost_of_100: AtomicU64,
}

impl Moments for Fate {
    fn survives(&self, moment: Moment) -> bool {
        if !self.alive.load(Ordering::SeqCst) {
            return false;
        }
        let mut death = self.death.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((at, left)) = death.as_mut().filter(|(at, _)| *at == moment) else { return true };
        let at = *at;
        *left = left.saturating_sub(1);
        if *left > 0 {
            return true;
        }
        *death = None;
        // What is promised too early has to get out before the end.
        let lingers = planted(Plant::AckBeforeCommit) || planted(Plant::HintBeforeCommit);
        self.alive.store(lingers, Ordering::SeqCst);
        if self.died.send(at).is_err() {
            tracing::debug!("nobody listens once the simulation is over");
        }
        false
    }

    fn loses_hint(&self) -> bool {
        self.sources.below(100) < self.lost_of_100.load(Ordering::SeqCst)
    }
}

/// The server.
pub struct Host {
    config: Config,
    sources: Sources,
    network: Network,
    died: mpsc::UnboundedSender<Moment>,
    running: Option<(Arc<Fate>, Tasks)>,
    lost_of_100: u64,
}

impl Host {
    pub fn new(
        folder: &Path,
        sources: Sources,
        network: Network,
        died: mpsc::UnboundedSender<Moment>,
    ) -> Self {
        let config = Config {
            data: folder.into(),
            access_token_seconds: 150,
            handshakes_per_second: 50,
            drain_ms: 2_000,
            ..Config::default()
        };
        Self { config, sources, network, died, running: None, lost_of_100: 0 }
    }

    pub async fn start(&mut self) -> Result<()> {
        let fate = Arc::new(Fate {
            alive: AtomicBool::new(true),
            death: Mutex::new(None),
            died: self.died.clone(),
            sources: self.sources.clone(),
            lost_of_100: AtomicU64::new(self.lost_of_100),
        });
        let mode = Mode::Simulation(fate.clone());
        let app = App::open(self.config.clone(), mode, self.sources.clone()).await?;
        let coming = self.network.listen();
        let tasks = Tasks::default();
        tasks.start("server", async move {
            if let Err(error) = serve(Door(coming), &app).await {
                tracing::error!(%error, "the simulated listener failed");
            }
        });
        self.running = Some((fate, tasks));
        Ok(())
    }

    pub fn is_up(&self) -> bool {
        self.running.is_some()
    }

    /// Ends it in the middle of what it does.
    pub fn kill(&mut self, silently: bool) {
        if let Some((fate, _tasks)) = self.running.take() {
            fate.alive.store(false, Ordering::SeqCst);
        }
        self.network.server_gone(silently);
    }

    /// It will die at `moment` of one of the next commits.
    pub fn doom(&self, moment: Moment, commits: u64) {
        if let Some((fate, _)) = &self.running {
            *fate.death.lock().unwrap_or_else(PoisonError::into_inner) = Some((moment, commits));
        }
    }

    /// From now on so many of a hundred hints are lost.
    pub fn lose_hints(&mut self, of_100: u64) {
        self.lost_of_100 = of_100;
        if let Some((fate, _)) = &self.running {
            fate.lost_of_100.store(of_100, Ordering::SeqCst);
        }
    }
}

/// Where connections come in.
struct Door(mpsc::UnboundedReceiver<(End, u64)>);

impl Listener for Door {
    type Io = End;
    type Addr = u64;

    async fn accept(&mut self) -> (End, u64) {
        match self.0.recv().await {
            Some(coming) => coming,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<u64> {
        Ok(0)
    }
}
