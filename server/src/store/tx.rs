//! A transaction, on either engine.

use super::Job;
use super::postgres::PgConnection;
use super::sqlite;
use super::value::{Row, Value, params};
use crate::bus::Hint;
use crate::error::{Error, Result, StoreFailure};
use futures_util::FutureExt;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use tripchat_protocol::{Millis, StreamId};
use tripchat_runtime::Sources;
use uuid::Uuid;

/// A transaction. Table functions take `&mut Tx`; only the store opens and ends one.
#[derive(Debug)]
pub struct Tx {
    pub(super) connection: Connection,
    pub(super) sources: Sources,
    pub(super) now: Millis,
    pub(super) changes: Vec<Hint>,
    /// The first statement that failed in this job.
    failed: Option<(StoreFailure, String)>,
}

#[derive(Debug)]
pub(super) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(PgConnection),
}

impl Tx {
    pub(super) fn new(connection: Connection, sources: Sources) -> Self {
        Self { connection, now: sources.now(), sources, changes: Vec::new(), failed: None }
    }

    /// Makes it ready for the next job.
    fn begin(&mut self) {
        self.now = self.sources.now();
        self.changes.clear();
        self.failed = None;
    }

    /// Runs `job` to its answer. On an error nothing that it recorded is left.
    ///
    /// A panic is an answer too: it must end neither the writer nor the node. And no failed statement is lost: had
    /// a job overlooked one, SQLite would commit the rest of it and PostgreSQL would answer COMMIT by rolling back.
    /// Only a broken constraint may be answered by a refusal of the job's own.
    pub(super) async fn attempt<J: Job>(&mut self, job: &J) -> Result<J::Out> {
        self.begin();
        let answer = AssertUnwindSafe(async { job.run(self).await }).catch_unwind().await;
        let answer = answer.unwrap_or_else(|_| Err(Error::internal("a job panicked")));
        let answer = match (self.failed.clone(), answer) {
            (None, answer) | (Some((StoreFailure::Constraint, _)), answer @ Err(_)) => answer,
            (Some((kind, message)), _) => Err(Error::Store { kind, message }),
        };
        if answer.is_err() {
            self.changes.clear();
        }
        answer
    }

    /// Whether the job failed because nothing can be written.
    pub(super) fn found_no_space(&self) -> bool {
        matches!(self.failed, Some((StoreFailure::NotWritable, _)))
    }

    /// When the transaction began: the one time that it writes.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.now
    }

    /// An id for something that the job makes.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        self.sources.uuid()
    }

    /// Holds `streams` until the transaction ends, in the order of their ids whatever the order they come in: two
    /// transactions that write to the same ones never wait for each other. For a job that writes to several.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn hold(&mut self, streams: impl IntoIterator<Item = StreamId>) -> Result<()> {
        // SQLite has one writer.
        if matches!(self.connection, Connection::Sqlite(_)) {
            return Ok(());
        }
        let ids: BTreeSet<Uuid> = streams.into_iter().map(StreamId::uuid).collect();
        for id in ids {
            self.run("SELECT id FROM stream WHERE id = $1 FOR UPDATE", params![id]).await?;
        }
        Ok(())
    }

    /// The rows that `sql` answers.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn all(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        if params.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0'))) {
            // PostgreSQL's TEXT has no NUL; SQLite would take it.
            return Err(Error::invalid("nul"));
        }
        let answer = match &mut self.connection {
            Connection::Sqlite(db) => sqlite::query(db, sql, params),
            Connection::Postgres(db) => db.query(sql, params).await,
        };
        if let Err(Error::Store { kind, message }) = &answer {
            self.failed.get_or_insert_with(|| (*kind, message.clone()));
        }
        answer
    }

    /// The first row that `sql` answers.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn one(&mut self, sql: &'static str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    /// Runs `sql` and drops its answer.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn run(&mut self, sql: &'static str, params: &[Value]) -> Result<()> {
        self.all(sql, params).await.map(drop)
    }
}
