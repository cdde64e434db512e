//! Databases that are busy, unreachable or read-only: the writer may try again later, and nothing is half done.

use super::ride::{Ride, changes_in, send, written};
use super::{Ground, on_postgres, on_sqlite, run_sql};
use crate::config::StoreConfig;
use crate::error::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tripchat_protocol::{ErrorCode, MessageId, Retry, Rev, Seq};

/// Nothing was stored or published, and the next write is the first.
async fn assert_untouched(ground: &mut Ground, ride: &Ride) {
    let changes = ground.read(ride.stream(), |&stream, tx| Box::pin(changes_in(tx, stream)));
    assert_eq!(changes.await.expect("it reads"), []);
    assert_eq!(ground.published().len(), 0);
    assert_eq!(send(ground, ride.room.id, ride.driver, "hi").await.expect("it is sent").seq, Seq(1));
    ground.clock.advance(Duration::from_secs(10));
    assert!(ground.store.is_writable());
    assert_eq!(ground.published().len(), 1);
}

#[tokio::test]
async fn an_sqlite_file_that_someone_else_holds_is_tried_later() {
    on_sqlite(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let impatient = ground.write((), |(), tx| Box::pin(tx.run("PRAGMA busy_timeout = 0", &[])));
        impatient.await.expect("it is set");
        let StoreConfig::Sqlite { path, .. } = &ground.config else { return };
        let other = rusqlite::Connection::open(path).expect("it opens");
        other.execute_batch("BEGIN IMMEDIATE").expect("it is held");
        let busy = send(&ground, ride.room.id, ride.driver, "hi").await.expect_err("it is held");
        assert_eq!((busy.code(), busy.code().retry()), (ErrorCode::Unavailable, Retry::Later));
        assert!(!ground.store.is_writable());
        other.execute_batch("ROLLBACK").expect("it is free");
        assert_untouched(&mut ground, &ride).await;
    })
    .await;
}

/// Sends a message in a transaction that loses its race the first `losses` times; gives the attempts that it took.
async fn send_against(ground: &Ground, ride: &Ride, losses: u32) -> (Result<Seq>, u32) {
    let StoreConfig::Postgres { url } = &ground.config else { panic!("only PostgreSQL races") };
    let attempts = Arc::new(AtomicU32::new(0));
    let id = MessageId(ground.sources.uuid());
    let with = (ride.clone(), id, url.clone(), attempts.clone(), losses);
    let sent = ground.write(with, |(ride, id, url, attempts, losses), tx| {
        Box::pin(async move {
            changes_in(tx, ride.stream()).await?;
            if attempts.fetch_add(1, Ordering::SeqCst) < *losses {
                // Someone else changes the row that this transaction is about to change.
                run_sql(url, "UPDATE stream SET touched_at = touched_at + 1").await;
            }
            Ok(tx.record_message(ride.room.id, written(*id, ride.driver, "hi")).await?.seq)
        })
    });
    (sent.await, attempts.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_lost_race_is_run_again_and_leaves_nothing() {
    on_postgres(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let (sent, attempts) = send_against(&ground, &ride, 3).await;
        assert_eq!((sent.expect("it is sent"), attempts), (Seq(1), 4));
        assert_eq!(ground.published().iter().map(|hint| hint.rev).collect::<Vec<_>>(), [Rev(1)]);
        let changes = ground.read(ride.stream(), |&stream, tx| Box::pin(changes_in(tx, stream)));
        assert_eq!(changes.await.expect("it reads").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_race_that_is_always_lost_is_tried_later_by_the_writer() {
    on_postgres(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let (sent, attempts) = send_against(&ground, &ride, u32::MAX).await;
        let code = sent.expect_err("it lost").code();
        assert_eq!((code, code.retry()), (ErrorCode::Unavailable, Retry::Later));
        assert!(attempts > 10, "{attempts} attempts");
        assert!(ground.store.is_writable(), "the database is busy, not full");
        assert_untouched(&mut ground, &ride).await;
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_ends_in_a_transaction_leaves_nothing() {
    on_postgres(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let with = (ride.clone(), MessageId(ground.sources.uuid()));
        let ended = ground.write(with, |(ride, id), tx| {
            Box::pin(async move {
                tx.record_message(ride.room.id, written(*id, ride.driver, "hi")).await?;
                tx.run("SELECT pg_terminate_backend(pg_backend_pid())::int", &[]).await
            })
        });
        let code = ended.await.expect_err("the connection ended").code();
        assert_eq!((code, code.retry()), (ErrorCode::Unavailable, Retry::Later));
        assert!(!ground.store.is_writable());
        assert_untouched(&mut ground, &ride).await;
    })
    .await;
}

#[tokio::test]
async fn a_read_only_database_is_told_as_a_full_one() {
    on_postgres(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let with = (ride.clone(), MessageId(ground.sources.uuid()));
        let refused = ground.write(with, |(ride, id), tx| {
            Box::pin(async move {
                tx.run("SET TRANSACTION READ ONLY", &[]).await?;
                tx.record_message(ride.room.id, written(*id, ride.driver, "hi")).await.map(drop)
            })
        });
        assert_eq!(refused.await.expect_err("it cannot write").code(), ErrorCode::StorageFull);
        assert!(!ground.store.is_writable());
        assert_untouched(&mut ground, &ride).await;
    })
    .await;
}
