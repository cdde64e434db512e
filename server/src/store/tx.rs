//! A transaction, on either engine.

use super::postgres::PgConnection;
use super::sqlite;
use super::value::{Row, Value};
use crate::bus::Hint;
use crate::error::Result;
use tripchat_protocol::Millis;
use tripchat_runtime::Sources;

/// A transaction. Table functions take `&mut Tx`; only the store opens and ends one.
#[derive(Debug)]
pub struct Tx {
    pub(super) connection: Connection,
    pub(super) sources: Sources,
    pub(super) now: Millis,
    pub(super) changes: Vec<Hint>,
}

#[derive(Debug)]
pub(super) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(PgConnection),
}

impl Tx {
    pub(super) fn new(connection: Connection, sources: Sources) -> Self {
        Self { connection, now: sources.now(), sources, changes: Vec::new() }
    }

    /// Makes it ready for the next job.
    pub(super) fn begin(&mut self) {
        self.now = self.sources.now();
        self.changes.clear();
    }

    /// When the transaction began: the one time that it writes.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.now
    }

    /// The rows that `sql` answers.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn all(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        match &mut self.connection {
            Connection::Sqlite(db) => sqlite::query(db, sql, params),
            Connection::Postgres(db) => db.query(sql, params).await,
        }
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
