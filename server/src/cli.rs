//! The command line.

mod config;
mod doctor;
mod keys;
mod pg_tools;
mod reset_code;
mod tokens;
mod upkeep;
mod webhooks;

use crate::app::{App, Mode, serve, serve_admin};
use crate::bus;
use crate::config::{Config, Loaded, StoreConfig};
use crate::listening::{TlsListener, listen};
use crate::store::{Runner, Store};
use anyhow::Context as _;
use axum::serve::Listener;
use clap::{Parser, Subcommand};
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use tripchat_runtime::Sources;

/// The companion server of Tripchat.
#[derive(Debug, Parser)]
#[command(version, name = "tripchat-server")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until it is stopped. Without any option: SQLite in ./data, on 127.0.0.1:7400.
    Serve(Serve),
    /// The keys that sign access tokens; a running server follows.
    Keys {
        #[command(subcommand)]
        command: keys::Command,
        #[command(flatten)]
        place: Place,
    },
    /// What platforms' backends call with; a running server knows at once.
    Tokens {
        #[command(subcommand)]
        command: tokens::Command,
        #[command(flatten)]
        place: Place,
    },
    /// The settings.
    Config {
        #[command(subcommand)]
        command: config::Command,
        #[command(flatten)]
        place: Place,
    },
    /// Copy the database into a new file, beside a running server.
    Backup {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Put a backup in the place of the database; the server must not run. What the ledger says was taken away stays so.
    Restore {
        /// The backup.
        file: PathBuf,
        /// Put aside the database that is there; of PostgreSQL its tables, in another schema.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Look whether the database is as it must be.
    Verify(Place),
    /// Look at everything that a server needs: configuration, folder, disk, clock, ports, keys, database.
    Doctor(Place),
    /// Bring the tables up to date, as a start of the server would.
    Migrate(Place),
    /// The addresses at which platforms are told what happens; a running server follows.
    Webhooks {
        #[command(subcommand)]
        command: webhooks::Command,
        #[command(flatten)]
        place: Place,
    },
    /// Make a one-time code with which a person replaces a forgotten password. Hand it to nobody else: for an hour it
    /// opens their account.
    ResetCode {
        #[command(flatten)]
        who: reset_code::Who,
        #[command(flatten)]
        place: Place,
    },
}

/// Where the data is.
#[derive(Debug, Clone, clap::Args)]
struct Place {
    /// A configuration file in TOML; what is given here or in the environment wins over it.
    #[arg(long, env = "TRIPCHAT_CONFIG", global = true)]
    config: Option<PathBuf>,
    /// The folder of everything that it stores.
    #[arg(long, env = "TRIPCHAT_DATA", global = true)]
    data: Option<PathBuf>,
    /// A PostgreSQL address in place of SQLite.
    #[arg(long, env = "TRIPCHAT_POSTGRES", hide_env_values = true, global = true)]
    postgres: Option<String>,
}

#[derive(Debug, clap::Args)]
struct Serve {
    #[command(flatten)]
    place: Place,
    /// Where it listens; port 0 takes a free one.
    #[arg(long, env = "TRIPCHAT_LISTEN")]
    listen: Option<SocketAddr>,
}

/// Does what was asked for.
///
/// # Errors
/// In words for the person at the terminal.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(options) => run_server(options).await,
        Command::Keys { command, place } => keys::run(command, &place.open().await?).await,
        Command::Tokens { command, place } => tokens::run(command, &place.open().await?).await,
        Command::Config { command: config::Command::Check, place } => config::check(place),
        Command::Backup { file, place } => upkeep::backup(place, &file).await,
        Command::Restore { file, force, place } => upkeep::restore(place, &file, force).await,
        Command::Verify(place) => upkeep::verify(place).await,
        Command::Doctor(place) => doctor::run(place).await,
        Command::Migrate(place) => upkeep::migrate(place).await,
        Command::Webhooks { command, place } => {
            let bounds = place.clone().config()?.webhooks.bounds();
            webhooks::run(command, &place.open().await?, bounds).await
        }
        Command::ResetCode { who, place } => reset_code::run(who, &place.open().await?).await,
    }
}

async fn run_server(options: Serve) -> anyhow::Result<()> {
    let app = App::open(options.config()?, Mode::Production, Sources::system()).await?;
    let address = app.listen();
    let identity = app.identity()?;
    let listener = listen(address).with_context(|| format!("cannot listen on {address}"))?;
    let (scheme, address) = (if identity.is_some() { "https" } else { "http" }, listener.local_addr()?);
    writeln!(std::io::stdout(), "listening on {scheme}://{address}")?;
    match identity {
        Some(identity) => until_stopped(TlsListener::new(listener, &identity)?, &app).await,
        None => until_stopped(listener, &app).await,
    }
}

/// Serves until somebody asks it to stop.
async fn until_stopped<L>(listener: L, app: &App) -> anyhow::Result<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    let mut serving = std::pin::pin!(serve_both(listener, app));
    tokio::select! {
        biased;
        stop = stopped() => stop?,
        served = &mut serving => served?,
    }
    // Whoever comes meanwhile is answered that it is too late.
    tokio::select! {
        biased;
        () = app.drain() => {}
        stop = stopped() => stop?,
        served = &mut serving => served?,
    }
    // Every answer that was given is durable: there is nothing left to save.
    tracing::info!("stopped");
    Ok(())
}

/// Serves the people, and those who run it.
async fn serve_both<L>(listener: L, app: &App) -> anyhow::Result<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    let Some(address) = app.admin() else { return Ok(serve(listener, app).await?) };
    let admin = listen(address).with_context(|| format!("cannot listen on {address}"))?;
    tracing::info!(address = %admin.local_addr()?, "figures");
    tokio::try_join!(serve(listener, app), serve_admin(admin, app))?;
    Ok(())
}

impl Place {
    fn config(self) -> anyhow::Result<Config> {
        Ok(self.loaded()?.check()?)
    }

    /// The settings, and where they stand.
    fn loaded(self) -> anyhow::Result<Loaded> {
        let mut loaded = Loaded::read(self.config.as_deref(), std::env::vars())?;
        let config = &mut loaded.config;
        if let Some(data) = self.data {
            config.data = data;
        }
        config.postgres = self.postgres.or(config.postgres.take());
        Ok(loaded)
    }

    /// The database beside a server, running or not. One that is not there is not made: the folder was mistaken.
    async fn open(self) -> anyhow::Result<Store> {
        let config = self.config()?.store();
        if let StoreConfig::Sqlite { path, .. } = &config {
            anyhow::ensure!(path.is_file(), "there is no database {}", path.display());
        }
        Ok(Store::open(&config, Runner::Thread, Sources::system(), bus::local().0).await?)
    }
}

impl Serve {
    fn config(self) -> anyhow::Result<Config> {
        let mut config = self.place.config()?;
        config.listen = self.listen.unwrap_or(config.listen);
        Ok(config)
    }
}

/// Ctrl+C, or the signal that service managers send.
async fn stopped() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            biased;
            _ = terminate.recv() => {}
            pressed = tokio::signal::ctrl_c() => pressed?,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}
