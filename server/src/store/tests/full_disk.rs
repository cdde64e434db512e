//! A disk that fills up: nothing acknowledged is lost, nothing refused is stored, and it goes on afterwards.

use super::ride::{Ride, changes_in, send, written};
use super::{Ground, Work, file_in, on_sqlite};
use crate::error::{Error, Result};
use crate::store::tables::message;
use crate::store::{Runner, Tx};
use futures_util::future::{join, join_all};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tripchat_protocol::{ErrorCode, MessageId, Rev, Seq};

/// A store whose file may grow by `bytes` more, with a ride in it.
async fn nearly_full(folder: &Path, bytes: u64, runner: Runner) -> (Ground, Ride) {
    let ground = Ground::open(file_in(folder, None), runner).await;
    let ride = Ride::begin(&ground).await;
    let mut ground = ground.reopened().await;
    // Closing the store brought everything into the file.
    let size = std::fs::metadata(folder.join("tripchat.db")).expect("the file").len();
    ground.config = file_in(folder, Some(size + bytes));
    (ground.reopened().await, ride)
}

async fn stored(ground: &Ground, ride: &Ride) -> Vec<(Seq, MessageId)> {
    let read = ground.read((ride.room.id, ride.driver), |&(room, reader), tx| {
        Box::pin(message::after_seq(tx, room, reader, Seq(0), 10_000))
    });
    read.await.expect("it reads").into_iter().map(|it| (it.message.seq, it.message.id)).collect()
}

#[tokio::test]
async fn what_is_acknowledged_stays_and_what_is_refused_is_not_there() {
    for runner in [Runner::Thread, Runner::InPlace(None)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut ground, ride) = nearly_full(folder.path(), 200_000, runner).await;
        let text: &'static str = "ж".repeat(1_000).leak();
        let mut acknowledged = Vec::new();
        let mut refused = BTreeSet::new();
        for round in 0.. {
            let ids: Vec<_> = (0..20).map(|_| MessageId(ground.sources.uuid())).collect();
            let writes = ids.iter().map(|&id| {
                let with = (ride.room.id, ride.driver, id, text);
                ground.write(with, |&(room, author, id, text), tx| {
                    Box::pin(async move { tx.record_message(room, written(id, author, text)).await })
                })
            });
            for (id, answer) in ids.iter().zip(join_all(writes).await) {
                match answer {
                    Ok(message) => acknowledged.push((message.seq, *id)),
                    Err(error) => {
                        assert_eq!(error.code(), ErrorCode::StorageFull, "{error:?}");
                        refused.insert(*id);
                    }
                }
            }
            if !refused.is_empty() {
                break;
            }
            assert!(ground.store.is_writable());
            assert!(round < 50, "it never fills up");
        }
        // A group may fail as a whole; one at a time the last free page is found.
        let full = loop {
            match send(&ground, ride.room.id, ride.driver, text).await {
                Ok(message) => acknowledged.push((message.seq, message.id)),
                Err(error) => break error,
            }
        };
        assert_eq!(full.code(), ErrorCode::StorageFull);
        assert!(!ground.store.is_writable());
        assert!(acknowledged.len() > 20, "{} fitted", acknowledged.len());
        let hints: Vec<_> = ground.published().iter().map(|hint| hint.rev.0).collect();
        assert_eq!(hints, acknowledged.iter().map(|(seq, _)| seq.0).collect::<Vec<_>>());
        assert_eq!(stored(&ground, &ride).await, acknowledged, "reading goes on");

        ground.config = file_in(folder.path(), Some(10_000_000));
        let ground = ground.reopened().await;
        assert_eq!(stored(&ground, &ride).await, acknowledged);
        assert!(acknowledged.iter().all(|(_, id)| !refused.contains(id)));
        let next = send(&ground, ride.room.id, ride.driver, text).await.expect("there is space again");
        assert_eq!(next.seq, acknowledged.last().map(|(seq, _)| Seq(seq.0 + 1)).expect("the last"));
        assert!(ground.store.is_writable());
    }
}

#[tokio::test]
async fn a_file_at_its_limit_takes_no_write_at_all() {
    for runner in [Runner::Thread, Runner::InPlace(None)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut ground, ride) = nearly_full(folder.path(), 0, runner).await;
        let text: &'static str = "ж".repeat(4_000).leak();
        let full = send(&ground, ride.room.id, ride.driver, text).await.expect_err("it is full");
        assert_eq!(full.code(), ErrorCode::StorageFull);
        assert!(!ground.store.is_writable());
        assert_eq!(ground.published().len(), 0);
        assert_eq!(stored(&ground, &ride).await, []);
    }
}

/// Jobs that share one group: the writer is held in a first one until all of them wait behind it.
struct Gate {
    open: mpsc::Sender<()>,
    opened: Arc<Mutex<mpsc::Receiver<()>>>,
}

impl Gate {
    fn new() -> Self {
        let (open, opened) = mpsc::channel();
        Self { open, opened: Arc::new(Mutex::new(opened)) }
    }

    async fn hold(&self, ground: &Ground) -> Result<()> {
        let held = ground.write(self.opened.clone(), |opened, _| {
            Box::pin(async move {
                let opened = opened.lock().expect("one job waits here");
                opened.recv().map_err(|_| Error::internal("the gate is gone"))
            })
        });
        held.await
    }
}

/// Ends the writer's transaction under it, as SQLite does at a failing disk.
async fn lose_the_transaction(ground: &Ground) -> Result<()> {
    let work = Work::new((), |(), tx: &mut Tx| Box::pin(tx.run("ROLLBACK", &[])));
    ground.store.write(work).await
}

#[tokio::test]
async fn when_the_whole_group_is_rolled_back_nothing_of_it_is_acknowledged() {
    on_sqlite(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        if matches!(ground.runner, Runner::Thread) {
            let gate = Gate::new();
            let before = join(gate.hold(&ground), send(&ground, ride.room.id, ride.driver, "before"));
            let after =
                join(lose_the_transaction(&ground), send(&ground, ride.room.id, ride.driver, "after"));
            // Polled in this order: the gate opens when everything else waits.
            let opening = async { gate.open.send(()) };
            let ((held, first), ((lost, second), opened)) = join(before, join(after, opening)).await;
            opened.expect("the gate is there");
            let codes = [held.err(), first.err(), lost.err(), second.err()].map(|it| it.map(|it| it.code()));
            assert_eq!(codes, [Some(ErrorCode::StorageFull); 4]);
        } else {
            let lost = lose_the_transaction(&ground).await;
            assert_eq!(lost.expect_err("it is lost").code(), ErrorCode::StorageFull);
        }
        assert!(!ground.store.is_writable());
        assert_eq!(ground.published().len(), 0);
        let changes = ground.read(ride.stream(), |&stream, tx| Box::pin(changes_in(tx, stream)));
        assert_eq!(changes.await.expect("it reads"), []);
        let next = send(&ground, ride.room.id, ride.driver, "next").await.expect("it goes on");
        assert_eq!(next.seq, Seq(1));
        assert!(!ground.store.is_writable(), "one write that fitted says little");
        ground.clock.advance(Duration::from_secs(10));
        assert!(ground.store.is_writable());
        assert_eq!(ground.published().iter().map(|hint| hint.rev).collect::<Vec<_>>(), [Rev(1)]);
    })
    .await;
}
