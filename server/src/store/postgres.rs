//! PostgreSQL: a pool of connections, one serializable transaction a job, tried again when it lost a race.
//!
//! Jobs of one lane (a room, a trip) queue in the node, so that a busy room does not fight with itself.

use super::refusals::Refusals;
use super::tx::{Connection, Tx};
use super::value::{Row, Value};
use super::{Counted, Job, migrations};
use crate::bus::Bus;
use crate::error::{Error, Result, StoreFailure};
use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::oneshot;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use tripchat_runtime::{Sources, Tasks};
use uuid::Uuid;

const CONNECTIONS: usize = 16;
/// How often a job may lose its race before it is refused as busy.
const ATTEMPTS: u32 = 20;
/// Names the lock under which one node at a time brings the tables up to date; any number, but always the same.
const MIGRATING: &str = "SELECT pg_advisory_lock(7305177417)";

#[derive(Debug)]
pub(super) struct Postgres {
    node: Arc<Node>,
    writes: Tasks,
}

#[derive(Debug)]
struct Node {
    pool: Pool,
    sources: Sources,
    bus: Bus,
    lanes: Mutex<BTreeMap<Uuid, Weak<tokio::sync::Mutex<()>>>>,
    refusals: Refusals,
}

impl Postgres {
    pub(super) async fn open(url: &str, sources: Sources, bus: Bus) -> Result<Self> {
        let config = url.parse().map_err(|_| Error::internal("the PostgreSQL address cannot be read"))?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, tokio_postgres::NoTls, recycling);
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .post_create(Hook::async_fn(|connection, _| Box::pin(make_durable(connection))))
            .build()
            .map_err(|error| Error::internal(error.to_string()))?;
        let mut connection = pool.get().await.map_err(unreachable)?;
        connection.batch_execute(MIGRATING).await.map_err(failure)?;
        migrations::postgres(&mut connection).await?;
        // The lock ends with its connection.
        drop(Object::take(connection));
        let refusals = Refusals::none(sources.clone());
        let node = Arc::new(Node { pool, sources, bus, lanes: Mutex::default(), refusals });
        Ok(Self { node, writes: Tasks::default() })
    }

    pub(super) fn is_writable(&self) -> bool {
        self.node.refusals.is_writable()
    }

    /// A write that has begun goes on when its caller goes away: else a commit could stand unpublished.
    pub(super) async fn write<J: Job>(&self, job: J, mut counted: Counted) -> Result<J::Out> {
        let turn = match job.lane() {
            Some(lane) => Some(self.node.lane(lane).lock_owned().await),
            None => None,
        };
        let (answer, answered) = oneshot::channel();
        let node = self.node.clone();
        self.writes.start("store-write", async move {
            counted.piece.begin();
            let result = node.write(&job).await;
            drop(turn);
            counted.writes.batch.note(1);
            counted.end(&result);
            // The caller may have gone away; its operation stands all the same.
            drop(answer.send(result));
        });
        answered.await.map_err(|_| Error::internal("the write was ended"))?
    }

    pub(super) async fn read<J: Job>(&self, job: &J) -> Result<J::Out> {
        let (out, _) = self.node.once(job, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        Ok(out)
    }
}

impl Node {
    async fn write<J: Job>(&self, job: &J) -> Result<J::Out> {
        let mut attempt = 1;
        loop {
            let result = self.once(job, "BEGIN ISOLATION LEVEL SERIALIZABLE").await;
            match result {
                Err(Error::Store { kind: StoreFailure::Contended, .. }) if attempt < ATTEMPTS => attempt += 1,
                Err(Error::Store { kind: StoreFailure::Contended, message }) => {
                    // Busy: the writer shall come again, as if nobody had been there.
                    return Err(Error::Store { kind: StoreFailure::Unreachable, message });
                }
                Ok((out, changes)) => {
                    self.bus.publish(changes);
                    return Ok(out);
                }
                Err(error) => {
                    if matches!(
                        error,
                        Error::Store { kind: StoreFailure::NotWritable | StoreFailure::Unreachable, .. }
                    ) {
                        self.refusals.note();
                    }
                    return Err(error);
                }
            }
        }
    }

    async fn once<J: Job>(&self, job: &J, begin: &'static str) -> Result<(J::Out, Vec<crate::bus::Hint>)> {
        let connection = PgConnection(Some(self.pool.get().await.map_err(unreachable)?));
        let mut tx = Tx::new(Connection::Postgres(connection), self.sources.clone());
        tx.control(begin).await?;
        let result = tx.attempt(job).await;
        tx.control(if result.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
        if let Connection::Postgres(connection) = &mut tx.connection {
            connection.give_back();
        }
        result.map(|out| (out, tx.changes))
    }

    fn lane(&self, lane: Uuid) -> Arc<tokio::sync::Mutex<()>> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(&lane).and_then(Weak::upgrade) {
            return lane;
        }
        lanes.retain(|_, lane| lane.strong_count() > 0);
        let fresh = Arc::<tokio::sync::Mutex<()>>::default();
        lanes.insert(lane, Arc::downgrade(&fresh));
        fresh
    }
}

/// What is answered is durable, whatever the database was set to; a stricter setting of its own stays.
async fn make_durable(connection: &mut ClientWrapper) -> std::result::Result<(), HookError> {
    connection
        .batch_execute(
            "SELECT set_config('synchronous_commit', 'on', false)
             WHERE current_setting('synchronous_commit') IN ('off', 'local')",
        )
        .await
        .map_err(HookError::Backend)
}

/// A pooled connection. One that is dropped inside a transaction (its caller went away) is closed, not reused.
pub(super) struct PgConnection(Option<Object>);

impl std::fmt::Debug for PgConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PgConnection")
    }
}

impl PgConnection {
    pub(super) async fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
        let connection = self.0.as_ref().ok_or_else(|| Error::internal("the transaction has ended"))?;
        let statement = connection.prepare_cached(sql).await.map_err(failure)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|it| it as &(dyn ToSql + Sync)).collect();
        let rows = connection.query(&statement, &params).await.map_err(failure)?;
        rows.iter().map(row).collect()
    }

    fn give_back(&mut self) {
        drop(self.0.take());
    }
}

impl Drop for PgConnection {
    fn drop(&mut self) {
        if let Some(unfinished) = self.0.take() {
            drop(Object::take(unfinished));
        }
    }
}

impl Tx {
    async fn control(&mut self, sql: &'static str) -> Result<()> {
        let Connection::Postgres(PgConnection(Some(connection))) = &self.connection else {
            return Err(Error::internal("not a PostgreSQL transaction"));
        };
        connection.batch_execute(sql).await.map_err(failure)
    }
}

fn row(from: &tokio_postgres::Row) -> Result<Row> {
    let values = from.columns().iter().enumerate().map(|(place, column)| {
        Ok(match *column.type_() {
            Type::INT8 => from.try_get::<_, Option<i64>>(place)?.map_or(Value::Null, Value::Int),
            Type::INT4 => {
                from.try_get::<_, Option<i32>>(place)?.map_or(Value::Null, |it| Value::Int(it.into()))
            }
            Type::BYTEA => from.try_get::<_, Option<Vec<u8>>>(place)?.map_or(Value::Null, Value::Bytes),
            _ => from.try_get::<_, Option<String>>(place)?.map_or(Value::Null, Value::Text),
        })
    });
    values.collect::<std::result::Result<_, tokio_postgres::Error>>().map(Row).map_err(failure)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            // LIMIT and the like ask for what they are given: everything we bind is a BIGINT.
            Self::Int(it) if *ty == Type::INT4 => i32::try_from(*it)?.to_sql(ty, out),
            Self::Int(it) => it.to_sql(ty, out),
            Self::Text(it) => it.to_sql(ty, out),
            Self::Bytes(it) => it.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn unreachable(error: deadpool_postgres::PoolError) -> Error {
    Error::Store { kind: StoreFailure::Unreachable, message: error.to_string() }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(super) fn failure(error: tokio_postgres::Error) -> Error {
    let kind = match error.code() {
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => {
            StoreFailure::Contended
        }
        Some(&SqlState::DISK_FULL | &SqlState::READ_ONLY_SQL_TRANSACTION | &SqlState::IO_ERROR) => {
            StoreFailure::NotWritable
        }
        // Integrity; connection, out of resources, shutting down (PostgreSQL, appendix A, by their first digits).
        Some(code) if code.code().starts_with("23") => StoreFailure::Constraint,
        Some(code) if ["08", "53", "57P"].iter().any(|class| code.code().starts_with(class)) => {
            StoreFailure::Unreachable
        }
        Some(_) => StoreFailure::Broken,
        None if error.is_closed() => StoreFailure::Unreachable,
        None => StoreFailure::Broken,
    };
    // The text of a database error may quote a row: only its code is kept.
    let message =
        error.code().map_or_else(|| "connection".into(), |code| format!("SQLSTATE {}", code.code()));
    Error::Store { kind, message }
}
