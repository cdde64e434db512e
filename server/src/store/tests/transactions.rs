//! What a transaction promises: all or nothing, one snapshot, and hints for exactly what was committed.

use super::ride::{Ride, changes_in, from_the_start, send, written};
use super::{Ground, Work, on_both, on_postgres, on_sqlite, run_sql};
use crate::config::StoreConfig;
use crate::error::{Error, Result, StoreFailure};
use crate::store::Tx;
use crate::store::tables::{booking, stay, stream, users};
use futures_util::FutureExt;
use std::future::pending;
use std::time::Duration;
use tripchat_protocol::{ErrorCode, MessageId, Object, Rev, Role, RoomId, Seq, StreamId, UserId};

async fn head(ground: &Ground, stream: StreamId) -> Rev {
    ground.read(stream, |&stream, tx| Box::pin(stream::head(tx, stream))).await.expect("it reads").1
}

/// Sends a message and opens another stream, then ends as `end` says.
async fn send_and(
    ground: &Ground,
    ride: &Ride,
    end: impl for<'a> Fn(&'a mut Tx, RoomId) -> futures_util::future::BoxFuture<'a, Result<()>>
    + Send
    + Sync
    + 'static,
) -> Result<()> {
    let id = MessageId(ground.sources.uuid());
    let with = (ride.room.id, ride.driver, id, end);
    let done = ground.write(with, |(room, author, id, end), tx| {
        Box::pin(async move {
            tx.record_message(*room, written(*id, *author, "hi")).await?;
            tx.open_stream(StreamId::User(*author)).await?;
            end(tx, *room).await
        })
    });
    done.await
}

/// Nothing of a failed write is there, and the store goes on.
async fn assert_nothing_stays(ground: &mut Ground, ride: &Ride) {
    assert_eq!(head(ground, ride.stream()).await, Rev(0));
    let changes = ground.read(ride.stream(), |&stream, tx| Box::pin(changes_in(tx, stream)));
    assert_eq!(changes.await.expect("it reads"), []);
    assert_eq!(ground.published().len(), 0);
    assert!(send_and(ground, ride, |_, _| Box::pin(async { Ok(()) })).await.is_ok());
    assert_eq!(head(ground, ride.stream()).await, Rev(1));
    assert_eq!(ground.published().len(), 1);
    assert!(ground.store.is_writable());
}

#[tokio::test]
async fn a_refusal_leaves_nothing_and_gives_its_number_back() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let refused = send_and(&ground, &ride, |_, _| {
            Box::pin(async { Err(Error::refused(ErrorCode::RoomInactive, "room")) })
        });
        let refused = refused.await.expect_err("it is refused");
        assert_eq!((refused.code(), refused.details()), (ErrorCode::RoomInactive, Some("room")));
        assert_nothing_stays(&mut ground, &ride).await;
    })
    .await;
}

#[tokio::test]
async fn a_panic_leaves_nothing_and_the_store_goes_on() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let broken =
            send_and(&ground, &ride, |_, _| Box::pin(async { panic!("this panic is part of the test") }))
                .await;
        let error = broken.expect_err("it is answered");
        assert_eq!(error.code(), ErrorCode::Internal);
        assert!(!error.to_string().contains("part of the test"), "what a panic says may quote a person");
        let read = ground.read((), |(), _| -> futures_util::future::BoxFuture<'_, Result<()>> {
            panic!("this panic is part of the test")
        });
        assert_eq!(read.await.expect_err("it is answered").code(), ErrorCode::Internal);
        assert_nothing_stays(&mut ground, &ride).await;
    })
    .await;
}

#[tokio::test]
async fn a_job_that_waits_for_something_else_is_a_defect_on_sqlite() {
    on_sqlite(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let waits = send_and(&ground, &ride, |_, _| Box::pin(pending())).await;
        assert_eq!(waits.expect_err("it is answered").code(), ErrorCode::Internal);
        assert_nothing_stays(&mut ground, &ride).await;
    })
    .await;
}

#[tokio::test]
async fn a_failed_statement_cannot_be_overlooked() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let author = ride.driver;
        let overlooked = send_and(&ground, &ride, move |tx, room| {
            Box::pin(async move {
                drop(stay::begin(tx, room, author, from_the_start(Role::Member)).await);
                Ok(())
            })
        });
        let error = overlooked.await.expect_err("it is not answered as done");
        assert!(matches!(error, Error::Store { kind: StoreFailure::Constraint, .. }), "{error:?}");
        assert_nothing_stays(&mut ground, &ride).await;
    })
    .await;
}

#[tokio::test]
async fn a_broken_constraint_may_be_answered_in_words() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let author = ride.driver;
        let in_words = send_and(&ground, &ride, move |tx, room| {
            Box::pin(async move {
                let again = stay::begin(tx, room, author, from_the_start(Role::Member)).await;
                again.map_err(|_| Error::from(ErrorCode::IdConflict))
            })
        });
        assert_eq!(in_words.await.expect_err("it is refused").code(), ErrorCode::IdConflict);
        assert_nothing_stays(&mut ground, &ride).await;
    })
    .await;
}

#[tokio::test]
async fn a_broken_sql_text_is_a_defect() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let broken = send_and(&ground, &ride, |tx, _| Box::pin(tx.run("SELECT nothing FROM nowhere", &[])));
        assert_eq!(broken.await.expect_err("it is answered").code(), ErrorCode::Internal);
        let too_few =
            send_and(&ground, &ride, |tx, _| Box::pin(tx.run("SELECT id FROM users WHERE id = $1", &[])));
        assert_eq!(too_few.await.expect_err("it is answered").code(), ErrorCode::Internal);
        assert_nothing_stays(&mut ground, &ride).await;
    })
    .await;
}

#[tokio::test]
async fn a_read_cannot_write() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let with = (ride.room.id, ride.driver, MessageId(ground.sources.uuid()));
        let refused = ground.read(with, |&(room, author, id), tx| {
            Box::pin(async move { tx.record_message(room, written(id, author, "hi")).await.map(drop) })
        });
        assert!(refused.await.is_err());
        assert_nothing_stays(&mut ground, &ride).await;
    })
    .await;
}

/// Sets the name of everyone, beside the store.
async fn rename_all(config: &StoreConfig) {
    let sql = "UPDATE users SET name = 'later'";
    match config {
        StoreConfig::Sqlite { path, .. } => {
            let db = rusqlite::Connection::open(path).expect("it opens");
            db.execute(sql, []).expect("it runs");
        }
        StoreConfig::Postgres { url } => drop(run_sql(url, sql).await),
    }
}

#[tokio::test]
async fn a_read_is_one_snapshot() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let names = ground.read((ride.driver, ground.config.clone()), |(user, config), tx| {
            Box::pin(async move {
                let before = users::name(tx, *user).await?;
                rename_all(config).await;
                Ok((before, users::name(tx, *user).await?))
            })
        });
        let (before, after) = names.await.expect("it reads");
        assert_eq!(before, after);
        let name = ground.read(ride.driver, |&user, tx| Box::pin(users::name(tx, user)));
        assert_eq!(name.await.expect("it reads"), Some("later".into()));
    })
    .await;
}

#[tokio::test]
async fn a_transaction_has_one_time() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        ground.clock.advance(Duration::from_secs(7));
        let now = ground.sources.now();
        let clock = ground.clock.clone();
        let times = ground.write((ride.room.id, ride.driver, clock), |(room, author, clock), tx| {
            Box::pin(async move {
                let (room, author) = (*room, *author);
                let first = tx.record_message(room, written(MessageId(room.0), author, "hi")).await?;
                clock.advance(Duration::from_secs(1));
                let second = tx.record_message(room, written(MessageId(author.0), author, "hi")).await?;
                Ok([first.at, second.at, tx.now()])
            })
        });
        assert_eq!(times.await.expect("they are sent"), [now; 3]);
        let next = send(&ground, ride.room.id, ride.driver, "hi").await.expect("it is sent");
        assert_eq!((next.seq, next.at), (Seq(3), now + 1_000));
    })
    .await;
}

#[tokio::test]
async fn a_hint_is_the_change_as_it_was_committed() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        assert_eq!(ground.published().len(), 0, "nothing was recorded");
        let message = send(&ground, ride.room.id, ride.driver, "Сәлем 👋").await.expect("it is sent");
        let trip = Object::Trip(ride.trip.clone());
        let recorded = ground
            .write((ride.stream(), trip.clone()), |(stream, trip), tx| Box::pin(tx.record(*stream, trip)));
        assert_eq!(recorded.await.expect("it is recorded"), Rev(2));
        let epoch = ground.read(ride.stream(), |&stream, tx| Box::pin(stream::head(tx, stream)));
        let epoch = epoch.await.expect("it reads").0;
        let hints = ground.published();
        for (hint, (rev, object)) in hints.iter().zip([(1, Object::Message(message)), (2, trip)]) {
            assert_eq!((hint.stream, hint.epoch, hint.rev), (ride.stream(), epoch, Rev(rev)));
            assert_eq!(serde_json::from_str::<Object>(&hint.object).expect("an object"), object);
        }
        assert_eq!(hints.len(), 2);
        drop(ground.read(ride.stream(), |&stream, tx| Box::pin(stream::head(tx, stream))).await);
        assert_eq!(ground.published().len(), 0, "a read publishes nothing");
    })
    .await;
}

#[tokio::test]
async fn a_write_that_began_stands_when_its_caller_goes_away() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let lane = ride.room.id.0;
        let work = |id: MessageId| {
            let with = (ride.room.id, ride.driver, id);
            let work = Work::new(with, |&(room, author, id), tx: &mut Tx| {
                Box::pin(async move { tx.record_message(room, written(id, author, "hi")).await })
            });
            work.in_lane(lane)
        };
        let left = ground.store.write(work(MessageId(ground.sources.uuid()))).now_or_never();
        assert!(left.is_none() || ground.is_sqlite(), "PostgreSQL cannot have answered yet");
        let next = ground.store.write(work(MessageId(ground.sources.uuid()))).await.expect("it is sent");
        assert_eq!(next.seq, Seq(2));
        assert_eq!(ground.published().iter().map(|hint| hint.rev.0).collect::<Vec<_>>(), [1, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_column_of_another_type_is_a_defect() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let taken = ground.read(ride.driver, |&user, tx| {
            Box::pin(async move {
                let row =
                    tx.one("SELECT id, name, created_at FROM users WHERE id = $1", &[user.into()]).await?;
                let mut row = row.expect("the driver");
                assert!(row.take::<String>(0).is_err());
                assert!(row.take::<i64>(1).is_err());
                assert!(row.take::<u16>(2).is_err(), "out of its bounds");
                assert!(row.take::<i64>(3).is_err(), "there is no such column");
                Ok(())
            })
        });
        taken.await.expect("it reads");
        let absent = UserId(ground.sources.uuid());
        let passengers = ground.read((ride.trip.id, absent), |&(trip, user), tx| {
            Box::pin(booking::of_trip(tx, trip, Some(user)))
        });
        assert_eq!(passengers.await.expect("it reads"), []);
    })
    .await;
}

#[tokio::test]
async fn commits_are_durable() {
    on_sqlite(|ground| async move {
        let settings = ground.write((), |(), tx| {
            Box::pin(async move {
                let mut found = Vec::new();
                for sql in ["PRAGMA synchronous", "PRAGMA foreign_keys"] {
                    let mut row = tx.one(sql, &[]).await?.expect("a setting");
                    found.push(row.take::<i64>(0)?);
                }
                Ok((found, tx.one("PRAGMA journal_mode", &[]).await?.expect("a mode").take::<String>(0)?))
            })
        });
        assert_eq!(settings.await.expect("it reads"), (vec![2, 1], "wal".into()));
    })
    .await;
    on_postgres(|ground| async move {
        let StoreConfig::Postgres { url } = &ground.config else { return };
        for (set, is) in [("off", "on"), ("local", "on"), ("remote_apply", "remote_apply")] {
            let sql = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = VALUE', \
                       current_database()); END $$";
            run_sql(url, &sql.replace("VALUE", set)).await;
            let again = Ground::open(ground.config.clone(), ground.runner.clone()).await;
            let setting = again.write((), |(), tx| {
                Box::pin(async move {
                    let sql = "SELECT current_setting('synchronous_commit')";
                    tx.one(sql, &[]).await?.expect("a setting").take::<String>(0)
                })
            });
            assert_eq!(setting.await.expect("it reads"), is, "{set}");
        }
    })
    .await;
}
