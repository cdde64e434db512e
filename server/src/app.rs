//! The server put together. Production and simulation differ in what they pass in, and in nothing else.

use crate::admin;
use crate::bus;
use crate::config::Config;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::expiry;
use crate::fanout;
use crate::figures::Figures;
use crate::handshakes::Handshakes;
use crate::hub::Hub;
use crate::issuers::Issuers;
use crate::keys::{self, MakeKeys};
use crate::listening::Identity;
use crate::moments::Moments;
use crate::once;
use crate::passwords::{Passwords, Workers};
use crate::router::router;
use crate::store::tables::server_key;
use crate::store::{Job, Runner, Store, Tx};
use crate::tokens::Tokens;
use crate::upkeep::{self, Ledger};
use crate::webhooks::{self, Courier};
use axum::serve::Listener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tripchat_runtime::{Sources, Tasks};

/// Marks that may wait to be gathered; then connections wait.
const WISHES: usize = 1_024;
/// What was taken is finished by then.
const FINISHING: Duration = Duration::from_secs(10);

/// Whether the server may use threads.
#[derive(Debug, Clone)]
pub enum Mode {
    /// One for the store, a few for password hashing.
    Production,
    /// None at all, and it may die at any moment of a commit.
    Simulation(Arc<dyn Moments>),
}

/// A server that is ready to serve. Dropping it ends its background work.
#[derive(Debug)]
pub struct App {
    context: Arc<Context>,
    _tasks: Tasks,
}

impl App {
    /// Opens the database, makes the keys if there are none, and starts the fan-out.
    ///
    /// # Errors
    /// If the configuration is wrong or the database cannot be used.
    pub async fn open(config: Config, mode: Mode, sources: Sources) -> Result<Self> {
        let config = config.check()?;
        make_folder(&config.data)?;
        // The simulation has no network that a request could go out to, and no disk beside its database.
        let outside = matches!(mode, Mode::Production);
        let (runner, workers) = match mode {
            Mode::Production => (Runner::Thread, Workers::Threads),
            Mode::Simulation(moments) => (Runner::InPlace(Some(moments)), Workers::InPlace),
        };
        let (bus, reader) = bus::local();
        let store = Store::open(&config.store(), runner, sources.clone(), bus).await?;
        let seconds = config.access_token_seconds;
        let keys = store.write(MakeKeys { seconds, fresh: sources.bytes() }).await?;
        let refresh = store.write(MakeRefreshKey { fresh: sources.bytes() }).await?;
        let tokens = Tokens::new(&config.issuer, seconds, keys, &refresh)?;
        let hub = Arc::new(Hub::new(tokens.longest_life()));
        let (wishes, waiting) = mpsc::channel(WISHES);
        let handshakes = Mutex::new(Handshakes::new(config.handshakes_per_second));
        let passwords = Passwords::new(workers, &sources)?;
        let presences = Arc::default();
        let issuers = Issuers::new(&config.issuers, sources.clone())?;
        let context = Context {
            config,
            sources,
            store,
            hub,
            presences,
            wishes,
            handshakes,
            tokens,
            issuers,
            figures: Figures::default(),
            passwords,
        };
        let context = Arc::new(context);
        let tasks = Tasks::default();
        tasks.start("fanout", fanout::run(reader, context.clone()));
        tasks.start("marks", fanout::gather(waiting, context.clone()));
        tasks.start("expiry", expiry::follow(context.clone()));
        tasks.start("keys", keys::follow(context.clone()));
        tasks.start("presence", fanout::tell(context.clone()));
        tasks.start("answers", once::forget(context.clone()));
        if outside {
            let courier = Courier::new(context.config.webhooks.bounds(), context.sources.clone())?;
            let ledger = Ledger::open(&context.config.ledger())?;
            tasks.start("ledger", upkeep::follow(context.clone(), ledger));
            tasks.start("webhooks", webhooks::deliver(context.clone(), courier));
        }
        Ok(Self { context, _tasks: tasks })
    }

    /// Prepares to stop: every client is told to come again, at a time of its own choice within the configured span;
    /// nobody else is let in; what was taken is done and answered. Returns when all have gone, or late.
    pub async fn drain(&self) {
        let within = Duration::from_millis(self.context.config.drain_ms);
        self.context.hub.drain(within);
        if timeout(within + FINISHING, self.context.hub.until_empty()).await.is_err() {
            tracing::warn!("clients were still connected at the end");
        }
    }

    /// Where it was set up to show its figures, if anywhere.
    #[must_use]
    pub fn admin(&self) -> Option<std::net::SocketAddr> {
        self.context.config.admin.listen
    }

    /// With what it answers by itself, if it was set up so.
    ///
    /// # Errors
    /// If the certificate or its key cannot be read.
    pub fn identity(&self) -> Result<Option<Identity>> {
        self.context.config.tls.as_ref().map(Identity::read).transpose()
    }

    /// Where it was set up to listen.
    #[must_use]
    pub fn listen(&self) -> std::net::SocketAddr {
        self.context.config.listen
    }
}

/// Serves `app` on `listener` until it fails.
///
/// # Errors
/// What the listener fails with.
pub async fn serve<L>(listener: L, app: &App) -> std::io::Result<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    axum::serve(listener, router(app.context.clone())).await
}

/// Serves the figures of `app` on `listener` until it fails: never where the public can come.
///
/// # Errors
/// What the listener fails with.
pub async fn serve_admin<L>(listener: L, app: &App) -> std::io::Result<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    axum::serve(listener, admin::router(app.context.clone())).await
}

struct MakeRefreshKey {
    fresh: [u8; 32],
}

impl Job for MakeRefreshKey {
    type Out = [u8; 32];

    async fn run(&self, tx: &mut Tx) -> Result<[u8; 32]> {
        server_key::get_or_make(tx, "refresh", &self.fresh).await
    }
}

/// The data folder, for its owner's eyes only.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path).map_err(|error| Error::internal(format!("{}: {error}", path.display())))
}
