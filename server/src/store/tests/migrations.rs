//! Opening a database: again, together, and when a newer server wrote it; and the two schemas side by side.

use super::ride::{Ride, send};
use super::{Ground, START, file_in, on_both, on_new_database, run_sql};
use crate::bus;
use crate::config::StoreConfig;
use crate::error::Result;
use crate::store::{Runner, Store};
use futures_util::future::join_all;
use rusqlite::types::ValueRef;
use tripchat_protocol::Seq;
use tripchat_runtime::{FixedClock, SeededRandom, Sources};

/// What `sql` answers beside the store, as text.
async fn ask(config: &StoreConfig, sql: &str) -> Vec<Vec<String>> {
    match config {
        StoreConfig::Postgres { url } => run_sql(url, sql).await,
        StoreConfig::Sqlite { path, .. } => {
            let db = rusqlite::Connection::open(path).expect("it opens");
            let mut statement = db.prepare(sql).expect("it is SQL");
            let columns = statement.column_count();
            let mut rows = statement.raw_query();
            let mut all = Vec::new();
            while let Some(row) = rows.next().expect("it answers") {
                let text = |column| match row.get_ref(column).expect("a column") {
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    ValueRef::Integer(number) => number.to_string(),
                    ValueRef::Null => String::new(),
                    other => panic!("{other:?}"),
                };
                all.push((0..columns).map(text).collect());
            }
            all
        }
    }
}

async fn open(config: &StoreConfig, runner: Runner) -> Result<Store> {
    let sources = Sources::new(FixedClock::at(START), SeededRandom::new(1));
    Store::open(config, runner, sources, bus::local().0).await
}

const HISTORY: &str = "SELECT version, name, checksum FROM refinery_schema_history ORDER BY version";

#[tokio::test]
async fn a_database_of_a_newer_server_is_refused_and_left_alone() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        send(&ground, ride.room.id, ride.driver, "hi").await.expect("it is sent");
        let Ground { store, config, runner, clock, sources, .. } = ground;
        drop(store);
        ask(
            &config,
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
             VALUES (9999, 'later', '2030-01-01T00:00:00Z', '1')",
        )
        .await;
        let before = (ask(&config, HISTORY).await, schema(&config).await, indexes(&config).await);
        let refused = open(&config, runner.clone()).await.expect_err("it is newer").to_string();
        assert!(refused.contains("newer server") && refused.contains("9999"), "{refused}");
        assert_eq!((ask(&config, HISTORY).await, schema(&config).await, indexes(&config).await), before);
        // The newer server is gone again: all is as it was.
        ask(&config, "DELETE FROM refinery_schema_history WHERE version = 9999").await;
        let ground = Ground::open_at(config, runner, (clock, sources)).await;
        let next = send(&ground, ride.room.id, ride.passenger, "hi").await.expect("it is sent");
        assert_eq!(next.seq, Seq(2));
    })
    .await;
}

/// How many migrations there are; both engines have the same.
fn migrations() -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/server/sqlite");
    std::fs::read_dir(folder).expect("the folder of migrations").count()
}

#[tokio::test]
async fn a_database_is_opened_again_without_a_change() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        send(&ground, ride.room.id, ride.driver, "hi").await.expect("it is sent");
        let before = ask(&ground.config, HISTORY).await;
        assert_eq!(before.len(), migrations());
        let ground = ground.reopened().await.reopened().await;
        assert_eq!(ask(&ground.config, HISTORY).await, before);
        assert_eq!(send(&ground, ride.room.id, ride.driver, "hi").await.expect("it is sent").seq, Seq(2));
    })
    .await;
}

#[tokio::test]
async fn nodes_that_start_together_make_the_tables_once() {
    on_new_database(|config| async move {
        for opened in join_all((0..4).map(|_| open(&config, Runner::Thread))).await {
            opened.expect("each of them opens");
        }
        assert_eq!(ask(&config, HISTORY).await.len(), migrations());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = file_in(&folder.path().join("nowhere"), None);
    assert!(open(&nowhere, Runner::Thread).await.is_err());
    std::fs::write(folder.path().join("tripchat.db"), "no database at all, but a text ".repeat(99))
        .expect("a file");
    assert!(open(&file_in(folder.path(), None), Runner::Thread).await.is_err());
    for url in ["host=", "host=/nowhere user=tripchat password=s3cret", "postgres://u:s3cret@[bad"] {
        let refused = open(&StoreConfig::Postgres { url: url.into() }, Runner::Thread).await;
        let error = refused.expect_err("nothing is there");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    }
}

/// Table, column, type and whether it may be empty.
async fn schema(config: &StoreConfig) -> Vec<Vec<String>> {
    let sql = match config {
        StoreConfig::Sqlite { .. } => {
            "SELECT tables.name, columns.name,
                    CASE columns.type WHEN 'BLOB' THEN 'bytea' WHEN 'INTEGER' THEN 'bigint' ELSE lower(columns.type) END,
                    CASE columns.\"notnull\" WHEN 1 THEN 'NO' ELSE 'YES' END
             FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' AND tables.name <> 'refinery_schema_history'"
        }
        StoreConfig::Postgres { .. } => {
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name <> 'refinery_schema_history'"
        }
    };
    let mut found = ask(config, sql).await;
    found.sort();
    found
}

/// Table, index, whether it is unique, and its columns in order; those that stand for a constraint without a name.
async fn indexes(config: &StoreConfig) -> Vec<Vec<String>> {
    let sql = match config {
        StoreConfig::Sqlite { .. } => {
            "SELECT tables.name, CASE indexes.origin WHEN 'c' THEN indexes.name ELSE '' END, indexes.\"unique\",
                    (SELECT group_concat(name, ',') FROM
                        (SELECT columns.name FROM pragma_index_info(indexes.name) AS columns ORDER BY seqno))
             FROM sqlite_schema AS tables, pragma_index_list(tables.name) AS indexes
             WHERE tables.type = 'table' AND tables.name <> 'refinery_schema_history'"
        }
        StoreConfig::Postgres { .. } => {
            "SELECT tables.relname, CASE WHEN constraints.oid IS NULL THEN indexes.relname ELSE '' END,
                    index.indisunique::int,
                    (SELECT string_agg(attname, ',' ORDER BY place) FROM pg_attribute
                     JOIN unnest(index.indkey) WITH ORDINALITY AS keys (attribute, place)
                       ON attnum = attribute AND attrelid = tables.oid)
             FROM pg_index AS index
             JOIN pg_class AS tables ON tables.oid = index.indrelid
             JOIN pg_class AS indexes ON indexes.oid = index.indexrelid
             LEFT JOIN pg_constraint AS constraints ON constraints.conindid = indexes.oid AND constraints.contype IN ('p', 'u')
             WHERE tables.relnamespace = 'public'::regnamespace AND tables.relname <> 'refinery_schema_history'"
        }
    };
    let mut found = ask(config, sql).await;
    found.sort();
    found
}

#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = file_in(folder.path(), None);
    drop(open(&sqlite, Runner::InPlace(None)).await.expect("it opens"));
    assert!(schema(&sqlite).await.len() > 60);
    assert!(indexes(&sqlite).await.len() > 15);
    on_new_database(|postgres| async move {
        drop(open(&postgres, Runner::Thread).await.expect("it opens"));
        assert_eq!(schema(&sqlite).await, schema(&postgres).await);
        assert_eq!(indexes(&sqlite).await, indexes(&postgres).await);
    })
    .await;
}
