//! SQLite: one writer that takes what waits and commits it as one group, a pool of readers.
//!
//! Each job has a savepoint of its own, so that a refusal in the middle of a group rolls back alone. Answers and
//! changes leave after the commit of the group (WAL, `synchronous=FULL`): what is answered is durable.
//! The group code has two runners: a thread, and in place for the simulation, which allows no threads.

use super::in_place::InPlace;
use super::refusals::Refusals;
use super::tx::{Connection, Tx};
use super::value::{Row, Value};
use super::{Counted, Job, migrations};
use crate::bus::{Bus, Hint};
use crate::error::{Error, Result, StoreFailure};
use crate::figures::Writes;
use crate::moments::Moments;
use futures_util::FutureExt;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OpenFlags, ffi};
use std::path::{Path, PathBuf};
use std::sync::mpsc as std_mpsc;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::sync::oneshot;
use tripchat_runtime::Sources;

/// Jobs in one commit. Enough for one fsync to serve everyone who waits; small enough to answer soon.
const GROUP: usize = 512;
/// Readers kept open.
const READERS: usize = 8;

/// Who runs the writer.
#[derive(Debug, Clone)]
pub enum Runner {
    /// A thread of its own: production.
    Thread,
    /// The caller, at once: the simulation, which may end the server at any moment of it.
    InPlace(Option<Arc<dyn Moments>>),
}

/// A job with its answer's way back: runs inside the group, not at all if there is no transaction.
pub(super) type Waiting = Box<dyn FnOnce(Option<&mut Tx>) -> Ran + Send>;

/// A job that ran and waits for the commit.
pub(super) struct Ran {
    /// Its savepoint could not be ended, so that the group must not be committed.
    stuck: Option<Error>,
    answer: Answer,
}

/// Is told how the commit went.
type Answer = Box<dyn FnOnce(Option<&Error>) + Send>;

/// What the store is opened with.
#[derive(Debug)]
pub(super) struct Surroundings {
    pub sources: Sources,
    pub bus: Bus,
    pub writes: Arc<Writes>,
}

#[derive(Debug)]
pub(super) struct Sqlite {
    path: PathBuf,
    sources: Sources,
    /// Closed before the writer: only who may write brings the log into the file, and the last to close does it.
    readers: Mutex<Vec<Tx>>,
    writer: Writer,
    refusals: Arc<Refusals>,
}

#[derive(Debug)]
enum Writer {
    Thread { queue: Option<std_mpsc::Sender<Waiting>>, thread: Option<JoinHandle<()>> },
    InPlace(Box<InPlace>),
}

impl Drop for Writer {
    /// Whoever dropped the store may open the file again: the writer has ended by then.
    fn drop(&mut self) {
        let Self::Thread { queue, thread } = self else { return };
        drop(queue.take());
        if let Some(thread) = thread.take().filter(|it| it.thread().id() != std::thread::current().id())
            && thread.join().is_err()
        {
            tracing::error!("the store's writer panicked");
        }
    }
}

impl Sqlite {
    pub(super) fn open(
        path: &Path,
        max_bytes: Option<u64>,
        runner: Runner,
        surroundings: Surroundings,
    ) -> Result<Self> {
        let Surroundings { sources, bus, writes } = surroundings;
        let mut db = rusqlite::Connection::open(path).map_err(failure)?;
        configure(&db, max_bytes).map_err(failure)?;
        migrations::sqlite(&mut db)?;
        let refusals = Arc::new(Refusals::none(sources.clone()));
        let tx = Tx::new(Connection::Sqlite(db), sources.clone());
        let group = Group { tx, bus, refusals: refusals.clone(), writes };
        let writer = match runner {
            Runner::Thread => start_thread(group)?,
            Runner::InPlace(moments) => Writer::InPlace(Box::new(InPlace::new(group, moments))),
        };
        Ok(Self { path: path.into(), sources, writer, readers: Mutex::default(), refusals })
    }

    pub(super) fn is_writable(&self) -> bool {
        self.refusals.is_writable()
    }

    pub(super) async fn write<J: Job>(&self, job: J, counted: Counted) -> Result<J::Out> {
        let (answer, answered) = oneshot::channel();
        let waiting = wait(job, counted, answer);
        match &self.writer {
            Writer::Thread { queue, .. } => {
                let sent = queue.as_ref().map(|queue| queue.send(waiting));
                if !matches!(sent, Some(Ok(()))) {
                    return Err(Error::internal("the store's writer is gone"));
                }
            }
            Writer::InPlace(writer) => writer.commit(waiting).await?,
        }
        answered.await.map_err(|_| Error::internal("the store's writer is gone"))?
    }

    pub(super) fn read<J: Job>(&self, job: &J) -> Result<J::Out> {
        let mut reader = match self.readers.lock().ok().and_then(|mut idle| idle.pop()) {
            Some(reader) => reader,
            None => self.open_reader()?,
        };
        batch(&reader, "BEGIN")?;
        let answer = poll_once(job, &mut reader);
        batch(&reader, "COMMIT")?;
        if let Ok(mut idle) = self.readers.lock()
            && idle.len() < READERS
        {
            idle.push(reader);
        }
        answer
    }

    fn open_reader(&self) -> Result<Tx> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = rusqlite::Connection::open_with_flags(&self.path, flags).map_err(failure)?;
        db.execute_batch("PRAGMA busy_timeout = 5000").map_err(failure)?;
        keep_plans(&db).map_err(failure)?;
        db.set_prepared_statement_cache_capacity(256);
        Ok(Tx::new(Connection::Sqlite(db), self.sources.clone()))
    }
}

fn configure(db: &rusqlite::Connection, max_bytes: Option<u64>) -> rusqlite::Result<()> {
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = 4000;
         PRAGMA temp_store = MEMORY;",
    )?;
    keep_plans(db)?;
    if let Some(bytes) = max_bytes {
        let page: i64 = db.query_row("PRAGMA page_size", [], |row| row.get(0))?;
        let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page.max(1);
        db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    }
    db.set_prepared_statement_cache_capacity(256);
    Ok(())
}

/// A plan depends on the statement alone. Without this SQLite prepares a statement anew at each use if one of its
/// parameters might fit a partial index.
fn keep_plans(db: &rusqlite::Connection) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

fn start_thread(mut group: Group) -> Result<Writer> {
    // Bounded by the connections: each has one operation on its way.
    let (sender, queue) = std_mpsc::channel::<Waiting>();
    let thread = std::thread::Builder::new()
        .name("store-writer".into())
        .spawn(move || {
            while let Ok(first) = queue.recv() {
                group.commit(first, || queue.try_recv().ok());
            }
        })
        .map_err(|error| Error::internal(format!("cannot start the store's writer: {error}")))?;
    Ok(Writer::Thread { queue: Some(sender), thread: Some(thread) })
}

/// The writing connection and what becomes of a commit.
#[derive(Debug)]
pub(super) struct Group {
    tx: Tx,
    bus: Bus,
    refusals: Arc<Refusals>,
    writes: Arc<Writes>,
}

/// Jobs that ran in one transaction.
pub(super) struct Grouped {
    broken: Option<Error>,
    full: bool,
    changes: Vec<Hint>,
    answers: Vec<Answer>,
}

impl Grouped {
    /// Tells everybody how it went.
    pub(super) fn answer(&mut self) {
        for answer in self.answers.drain(..) {
            answer(self.broken.as_ref());
        }
    }
}

impl Group {
    /// Runs `first` and what waits behind it, commits, publishes, answers: in that order.
    fn commit(&mut self, first: Waiting, next: impl FnMut() -> Option<Waiting>) {
        let mut grouped = self.run(first, next);
        self.end(&mut grouped);
        self.publish(&mut grouped);
        grouped.answer();
    }

    /// Begins a transaction and runs the jobs in it.
    pub(super) fn run(&mut self, first: Waiting, mut next: impl FnMut() -> Option<Waiting>) -> Grouped {
        let broken = batch(&self.tx, "BEGIN IMMEDIATE").err();
        let mut grouped = Grouped { broken, full: false, changes: Vec::new(), answers: Vec::new() };
        let mut job = Some(first);
        while let Some(waiting) = job {
            let Ran { stuck, answer } = waiting(grouped.broken.is_none().then_some(&mut self.tx));
            grouped.answers.push(answer);
            if grouped.broken.is_none() {
                grouped.full |= self.tx.found_no_space();
                grouped.changes.append(&mut self.tx.changes);
                grouped.broken = if self.lost_transaction() { Some(rolled_back()) } else { stuck };
            }
            job = if grouped.answers.len() < GROUP { next() } else { None };
        }
        grouped
    }

    /// Commits what ran, or rolls all of it back.
    pub(super) fn end(&mut self, grouped: &mut Grouped) {
        if grouped.broken.is_none() {
            grouped.broken = batch(&self.tx, "COMMIT").err();
        }
        self.writes.batch.note(u64::try_from(grouped.answers.len()).unwrap_or(u64::MAX));
        if grouped.full || grouped.broken.is_some() {
            self.refusals.note();
        }
        if let Some(error) = &grouped.broken {
            tracing::error!(%error, jobs = grouped.answers.len(), "a commit failed; nothing of it was kept");
            self.roll_back();
        }
    }

    /// Hands on what was committed.
    pub(super) fn publish(&self, grouped: &mut Grouped) {
        let changes = std::mem::take(&mut grouped.changes);
        if grouped.broken.is_none() {
            self.bus.publish(changes);
        }
    }

    fn lost_transaction(&self) -> bool {
        matches!(&self.tx.connection, Connection::Sqlite(db) if db.is_autocommit())
    }

    /// After a failed commit SQLite may or may not have left the transaction.
    pub(super) fn roll_back(&self) {
        if !self.lost_transaction()
            && let Err(error) = batch(&self.tx, "ROLLBACK")
        {
            tracing::error!(%error, "a failed commit could not be rolled back");
        }
    }
}

/// A full disk can make SQLite roll the whole group back. Going on would commit job by job, unseen.
fn rolled_back() -> Error {
    Error::Store { kind: StoreFailure::NotWritable, message: "the transaction was rolled back".into() }
}

/// Packs `job` so that the writer need not know its types.
fn wait<J: Job>(job: J, mut counted: Counted, answer: oneshot::Sender<Result<J::Out>>) -> Waiting {
    Box::new(move |tx| {
        counted.piece.begin();
        let (result, stuck) = match tx {
            Some(tx) => in_savepoint(&job, tx),
            None => (Err(Error::internal("there was no transaction")), None),
        };
        let answer = Box::new(move |failed: Option<&Error>| {
            let result = match failed {
                None => result,
                Some(Error::Store { kind, message }) => {
                    Err(Error::Store { kind: *kind, message: message.clone() })
                }
                Some(other) => Err(Error::internal(other.to_string())),
            };
            counted.end(&result);
            // The caller may have gone away; its operation stands all the same.
            drop(answer.send(result));
        });
        Ran { stuck, answer }
    })
}

/// The job's answer, and the failure to end its savepoint.
fn in_savepoint<J: Job>(job: &J, tx: &mut Tx) -> (Result<J::Out>, Option<Error>) {
    if let Err(error) = batch(tx, "SAVEPOINT job") {
        return (Err(Error::internal("the job did not run")), Some(error));
    }
    let result = poll_once(job, tx);
    let unwound = if result.is_err() { batch(tx, "ROLLBACK TO job") } else { Ok(()) };
    let ended = unwound.and_then(|()| batch(tx, "RELEASE job"));
    (result, ended.err())
}

/// On SQLite nothing in a job ever waits, so that one poll finishes it.
fn poll_once<J: Job>(job: &J, tx: &mut Tx) -> Result<J::Out> {
    let Some(answer) = tx.attempt(job).now_or_never() else {
        tx.changes.clear();
        return Err(Error::internal("a job waited inside its transaction"));
    };
    answer
}

fn batch(tx: &Tx, sql: &'static str) -> Result<()> {
    match &tx.connection {
        Connection::Sqlite(db) => {
            db.prepare_cached(sql).and_then(|mut it| it.execute([])).map(drop).map_err(failure)
        }
        Connection::Postgres(_) => Err(Error::internal("not an SQLite transaction")),
    }
}

pub(super) fn query(db: &rusqlite::Connection, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
    let mut statement = db.prepare_cached(sql).map_err(failure)?;
    for place in 1..=statement.parameter_count() {
        // `$n` is a named parameter in SQLite, numbered by its first appearance: bind it by its name.
        let named = statement
            .parameter_name(place)
            .and_then(|name| name.trim_start_matches('$').parse::<usize>().ok());
        let value = named.and_then(|number| params.get(number.wrapping_sub(1)));
        let value = value.ok_or_else(|| Error::internal(format!("no value for a parameter of: {sql}")))?;
        statement.raw_bind_parameter(place, value).map_err(failure)?;
    }
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        let values: rusqlite::Result<Vec<Value>> =
            (0..columns).map(|column| row.get_ref(column).and_then(value)).collect();
        all.push(Row(values.map_err(failure)?));
    }
    Ok(all)
}

fn value(from: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match from {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(it) => Value::Int(it),
        ValueRef::Text(_) => Value::Text(from.as_str()?.into()),
        ValueRef::Blob(it) => Value::Bytes(it.into()),
        ValueRef::Real(_) => return Err(rusqlite::Error::InvalidQuery),
    })
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(it) => ValueRef::Integer(*it),
            Self::Text(it) => ValueRef::Text(it.as_bytes()),
            Self::Bytes(it) => ValueRef::Blob(it),
        }))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(super) fn failure(error: rusqlite::Error) -> Error {
    let kind = match error.sqlite_error_code() {
        Some(ffi::ErrorCode::ConstraintViolation) => StoreFailure::Constraint,
        Some(ffi::ErrorCode::DiskFull | ffi::ErrorCode::ReadOnly | ffi::ErrorCode::SystemIoFailure) => {
            StoreFailure::NotWritable
        }
        // Another process holds the file, longer than we wait for it.
        Some(ffi::ErrorCode::DatabaseBusy | ffi::ErrorCode::DatabaseLocked | ffi::ErrorCode::CannotOpen) => {
            StoreFailure::Unreachable
        }
        _ => StoreFailure::Broken,
    };
    Error::Store { kind, message: error.to_string() }
}
