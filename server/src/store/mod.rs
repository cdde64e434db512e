//! The database: transactions, changes and the two engines behind one face.
//!
//! A use case is a [`Job`]: its input, and what it does inside one transaction. [`Store::write`] answers only
//! after the durable commit, and what the job recorded is published after it; a job that fails leaves nothing.
//! One SQL text serves both engines: `$1 … $n`, BIGINT, TEXT, BLOB/BYTEA, `ON CONFLICT`, `RETURNING`.

mod fold;
mod in_place;
mod migrations;
mod older;
mod postgres;
mod record;
mod refusals;
mod sqlite;
pub mod tables;
mod tx;
mod value;

use crate::bus::Bus;
use crate::config::StoreConfig;
use crate::error::Result;
use std::future::Future;
use tripchat_runtime::Sources;
use uuid::Uuid;

pub use record::{NewMessage, to_json};
pub use sqlite::Runner;
pub use tx::Tx;
pub use value::{LAST_TIME, Value};

/// One use case: what it needs, and what it does inside one transaction.
pub trait Job: Send + Sync + 'static {
    /// What it answers.
    type Out: Send + 'static;

    /// Does it. May run more than once if the transaction lost a race; nothing of an attempt stays.
    fn run(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Out>> + Send;

    /// Jobs of one lane run in the order of their arrival: the room or trip that they write to.
    fn lane(&self) -> Option<Uuid> {
        None
    }
}

/// The database.
#[derive(Debug)]
pub struct Store {
    engine: Engine,
}

#[derive(Debug)]
enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens the database of `config` and brings its tables up to date.
    ///
    /// # Errors
    /// If it cannot be opened, or was made by a newer server.
    pub async fn open(config: &StoreConfig, runner: Runner, sources: Sources, bus: Bus) -> Result<Self> {
        let engine = match config {
            StoreConfig::Sqlite { path, max_bytes } => {
                Engine::Sqlite(sqlite::Sqlite::open(path, *max_bytes, runner, sources, bus)?)
            }
            StoreConfig::Postgres { url } => {
                Engine::Postgres(postgres::Postgres::open(url, sources, bus).await?)
            }
        };
        let store = Self { engine };
        // Asked where it is done: an SQLite that no reader was opened on is put into its one file when it is closed.
        while store.write(older::CatchUp).await? {}
        Ok(store)
    }

    /// Runs `job` in a transaction; returns after the durable commit.
    ///
    /// # Errors
    /// What the job refused, or the failure of the database; in both cases nothing of it stays.
    pub async fn write<J: Job>(&self, job: J) -> Result<J::Out> {
        match &self.engine {
            Engine::Sqlite(db) => db.write(job).await,
            Engine::Postgres(db) => db.write(job).await,
        }
    }

    /// Runs `job` on one snapshot; writing fails.
    ///
    /// # Errors
    /// What the job refused, or the failure of the database.
    pub async fn read<J: Job>(&self, job: J) -> Result<J::Out> {
        match &self.engine {
            Engine::Sqlite(db) => db.read(&job),
            Engine::Postgres(db) => db.read(&job).await,
        }
    }

    /// Whether nothing was refused in the last ten seconds: false while the disk is full or failing.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        match &self.engine {
            Engine::Sqlite(db) => db.is_writable(),
            Engine::Postgres(db) => db.is_writable(),
        }
    }
}

#[cfg(test)]
mod tests;
