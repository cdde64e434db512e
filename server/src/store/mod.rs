//! The database: transactions, changes and the two engines behind one face.
//!
//! A use case is a [`Job`]: its input, and what it does inside one transaction. [`Store::write`] answers only
//! after the durable commit, and what the job recorded is published after it; a job that fails leaves nothing.
//! One SQL text serves both engines: `$1 … $n`, BIGINT, TEXT, BLOB/BYTEA, `ON CONFLICT`, `RETURNING`.

mod copy;
mod fold;
mod in_place;
mod migrations;
mod older;
mod postgres;
mod record;
mod refusals;
mod sqlite;
pub mod tables;
mod telling;
mod tx;
mod value;

use crate::bus::Bus;
use crate::config::StoreConfig;
use crate::error::{Error, Result};
use crate::figures::{Piece, Writes};
use std::future::Future;
use std::sync::Arc;
use std::time::Instant;
use tripchat_runtime::Sources;
use uuid::Uuid;

pub use copy::{copy, damage, put_aside};
pub use record::{NewMessage, to_json};
pub use sqlite::Runner;
pub use telling::{EVENTS, covers, rfc3339};
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
    writes: Arc<Writes>,
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
        let writes = Arc::<Writes>::default();
        let engine = match config {
            StoreConfig::Sqlite { path, max_bytes } => {
                let group = sqlite::Surroundings { sources, bus, writes: writes.clone() };
                Engine::Sqlite(sqlite::Sqlite::open(path, *max_bytes, runner, group)?)
            }
            StoreConfig::Postgres { url } => {
                Engine::Postgres(postgres::Postgres::open(url, sources, bus).await?)
            }
        };
        let store = Self { engine, writes };
        // Asked where it is done: an SQLite that no reader was opened on is put into its one file when it is closed.
        while store.write(older::CatchUp).await? {}
        Ok(store)
    }

    /// Runs `job` in a transaction; returns after the durable commit.
    ///
    /// # Errors
    /// What the job refused, or the failure of the database; in both cases nothing of it stays.
    pub async fn write<J: Job>(&self, job: J) -> Result<J::Out> {
        let counted =
            Counted { piece: self.writes.work.wait(), writes: self.writes.clone(), since: Instant::now() };
        match &self.engine {
            Engine::Sqlite(db) => db.write(job, counted).await,
            Engine::Postgres(db) => db.write(job, counted).await,
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

    /// How its writes go.
    #[must_use]
    pub fn writes(&self) -> &Writes {
        &self.writes
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

/// A write on its way, for the figures.
#[derive(Debug)]
struct Counted {
    piece: Piece,
    writes: Arc<Writes>,
    since: Instant,
}

impl Counted {
    /// It was answered. A refusal is an answer; only what the database or a defect has ended failed.
    fn end<T>(self, answer: &Result<T>) {
        self.writes.took.note_time(self.since.elapsed());
        self.piece.end(matches!(answer, Ok(_) | Err(Error::Refused { .. })));
    }
}

#[cfg(test)]
mod tests;
