//! The same rules on every engine: each test here runs on SQLite with both runners and on PostgreSQL.
//!
//! `TRIPCHAT_TEST_POSTGRES` holds a connection string; every test makes a database of its own there. Without it
//! PostgreSQL is skipped, aloud; with `TRIPCHAT_REQUIRE_POSTGRES=1` skipping it is a failure.

mod aboard;
mod booking_rooms;
mod catching_up;
mod changing;
mod expiry;
mod failures;
mod former;
mod full_disk;
mod heads;
mod leaving;
mod life;
mod marks;
mod messages;
mod migrations;
mod own;
mod people;
mod platform;
mod races;
mod reviews;
mod ride;
mod rooms;
mod stretches;
mod transactions;
mod trips;
mod upgrade;
mod versions;
mod webhooks;

use super::{Job, Runner, Store, Tx};
use crate::bus::{self, BusReader, ChangeHint, Hint, Signal};
use crate::config::StoreConfig;
use crate::error::Result;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use tokio::task::unconstrained;
use tokio_postgres::NoTls;
use tripchat_runtime::{FixedClock, OsRandom, SeededRandom, Sources, SystemClock, Tasks};
use uuid::Uuid;

/// When the tests begin, by their clock.
const START: i64 = 1_800_000_000_000;

/// An engine, an empty database on it and what goes with them.
struct Ground {
    store: Store,
    config: StoreConfig,
    runner: Runner,
    sources: Sources,
    clock: Arc<FixedClock>,
    hints: BusReader,
}

impl Ground {
    async fn open(config: StoreConfig, runner: Runner) -> Self {
        let clock = FixedClock::at(START);
        let sources = Sources::new(clock.clone(), SeededRandom::new(1));
        Self::open_at(config, runner, (clock, sources)).await
    }

    async fn open_at(config: StoreConfig, runner: Runner, at: (Arc<FixedClock>, Sources)) -> Self {
        let (clock, sources) = at;
        let (bus, hints) = bus::local();
        let store =
            Store::open(&config, runner.clone(), sources.clone(), bus).await.expect("the store opens");
        Self { store, config, runner, sources, clock, hints }
    }

    fn is_sqlite(&self) -> bool {
        matches!(self.config, StoreConfig::Sqlite { .. })
    }

    /// Does `run` in a transaction that writes.
    async fn write<C, T, F>(&self, with: C, run: F) -> Result<T>
    where
        C: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'a> Fn(&'a C, &'a mut Tx) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
    {
        self.store.write(Work::new(with, run)).await
    }

    /// Does `run` in a transaction that reads.
    async fn read<C, T, F>(&self, with: C, run: F) -> Result<T>
    where
        C: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'a> Fn(&'a C, &'a mut Tx) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
    {
        self.store.read(Work::new(with, run)).await
    }

    /// The changes that were published so far.
    fn published(&mut self) -> Vec<ChangeHint> {
        let changes = self.heard().into_iter().filter_map(|hint| match hint {
            Hint::Change(change) => Some(change),
            Hint::Marks(_) => None,
        });
        changes.collect()
    }

    /// What was published so far. Publishing comes before the answer, so nothing has to be waited for.
    fn heard(&mut self) -> Vec<Hint> {
        let mut all = Vec::new();
        // Unconstrained: tokio would have a long loop of ready reads yield, and that looks like an empty bus.
        while let Some(Some(signal)) = unconstrained(self.hints.next()).now_or_never() {
            match signal {
                Signal::Committed(hints) => all.extend(hints),
                Signal::Overflowed => panic!("the bus overflowed"),
            }
        }
        all
    }

    /// Closes the store and opens its database again.
    async fn reopened(self) -> Self {
        let Self { store, config, runner, sources, clock, .. } = self;
        drop(store);
        Self::open_at(config, runner, (clock, sources)).await
    }
}

/// A use case made of its input and a closure.
struct Work<C, T, F> {
    with: C,
    run: F,
    lane: Option<Uuid>,
    answer: PhantomData<fn() -> T>,
}

impl<C, T, F> Work<C, T, F>
where
    F: for<'a> Fn(&'a C, &'a mut Tx) -> BoxFuture<'a, Result<T>>,
{
    fn new(with: C, run: F) -> Self {
        Self { with, run, lane: None, answer: PhantomData }
    }

    fn in_lane(self, lane: Uuid) -> Self {
        Self { lane: Some(lane), ..self }
    }
}

impl<C, T, F> Job for Work<C, T, F>
where
    C: Send + Sync + 'static,
    T: Send + 'static,
    F: for<'a> Fn(&'a C, &'a mut Tx) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
{
    type Out = T;

    async fn run(&self, tx: &mut Tx) -> Result<T> {
        (self.run)(&self.with, tx).await
    }

    fn lane(&self) -> Option<Uuid> {
        self.lane
    }
}

/// Runs `test` on SQLite with both runners and on PostgreSQL.
async fn on_both<F: Future<Output = ()>>(test: impl Fn(Ground) -> F) {
    on_sqlite(&test).await;
    on_postgres(test).await;
}

/// Runs `test` on SQLite with both runners.
async fn on_sqlite<F: Future<Output = ()>>(test: impl Fn(Ground) -> F) {
    for runner in [Runner::Thread, Runner::InPlace(None)] {
        let folder = tempfile::tempdir().expect("a folder");
        test(Ground::open(file_in(folder.path(), None), runner).await).await;
    }
}

/// Runs `test` on PostgreSQL, if there is one.
async fn on_postgres<F: Future<Output = ()>>(test: impl Fn(Ground) -> F) {
    on_new_database(|config| async { test(Ground::open(config, Runner::Thread).await).await }).await;
}

fn file_in(folder: &Path, max_bytes: Option<u64>) -> StoreConfig {
    StoreConfig::Sqlite { path: folder.join("tripchat.db"), max_bytes }
}

/// Makes an empty database for `test`, and drops it whatever becomes of the test.
async fn on_new_database<F: Future<Output = ()>>(test: impl FnOnce(StoreConfig) -> F) {
    let Some(server) = std::env::var("TRIPCHAT_TEST_POSTGRES").ok().filter(|it| !it.is_empty()) else {
        let required = std::env::var("TRIPCHAT_REQUIRE_POSTGRES").is_ok_and(|it| it == "1");
        assert!(!required, "TRIPCHAT_REQUIRE_POSTGRES is set, but TRIPCHAT_TEST_POSTGRES is not");
        println!("PostgreSQL was skipped: TRIPCHAT_TEST_POSTGRES is not set");
        return;
    };
    let name =
        format!("tripchat_{}", Sources::new(Arc::new(SystemClock), Arc::new(OsRandom)).uuid().simple());
    run_sql(&server, &format!("CREATE DATABASE {name}")).await;
    let url = format!("{server} dbname={name}");
    let outcome = AssertUnwindSafe(test(StoreConfig::Postgres { url })).catch_unwind().await;
    run_sql(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Runs `sql` beside the store; gives each row with its columns as text.
async fn run_sql(url: &str, sql: &str) -> Vec<Vec<String>> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("PostgreSQL answers");
    let tasks = Tasks::default();
    tasks.start("postgres", connection.map(|ended| ended.expect("the connection stays")));
    let answer = client.simple_query(sql).await.expect("the statement runs");
    let rows = answer.into_iter().filter_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => {
            Some((0..row.len()).map(|place| row.get(place).unwrap_or("").into()).collect())
        }
        _ => None,
    });
    rows.collect()
}
