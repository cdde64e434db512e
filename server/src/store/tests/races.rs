//! Many at once: numbers without a gap, the last seat sold once, lanes in order.

use super::ride::{Ride, add_room, add_trip, changes_in, new_trip, written};
use super::{Ground, Work, on_both};
use crate::bus::{ChangeHint, Hint};
use crate::error::Error;
use crate::store::tables::{stream, trip};
use crate::store::{Job, Tx};
use futures_util::future::join_all;
use std::collections::BTreeMap;
use tripchat_protocol::{ErrorCode, Message, MessageId, Object, Rev, RoomId, StreamId, UserId};

const WRITES: usize = 200;

/// A message that is sent, or refused at the last moment if `stands` is false.
fn sending(to: StreamId, author: UserId, id: MessageId, stands: bool) -> impl Job<Out = Message> {
    Work::new((RoomId(to.uuid()), author, id, stands), |&(room, author, id, stands), tx: &mut Tx| {
        Box::pin(async move {
            let message = tx.record_message(room, written(id, author, "hi")).await?;
            if stands { Ok(message) } else { Err(Error::from(ErrorCode::MessageRefused)) }
        })
    })
    .in_lane(to.uuid())
}

async fn changes(ground: &Ground, stream: StreamId) -> Vec<i64> {
    let changes = ground.read(stream, |&stream, tx| Box::pin(changes_in(tx, stream)));
    changes.await.expect("it reads").into_iter().map(|(rev, _)| rev.0).collect()
}

fn revs_by_stream(hints: &[ChangeHint]) -> BTreeMap<StreamId, Vec<i64>> {
    let mut by_stream = BTreeMap::<_, Vec<_>>::new();
    for hint in hints {
        by_stream.entry(hint.stream).or_default().push(hint.rev.0);
    }
    by_stream
}

#[tokio::test]
async fn revs_have_no_gap_and_hints_are_what_was_committed() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let mut rooms = Vec::new();
        for _ in 0..5 {
            rooms.push(add_room(&ground, ride.driver).await);
        }
        let plan: Vec<_> = (0..WRITES).map(|n| (rooms[n % rooms.len()], n % 7 != 3)).collect();
        let writes = plan.iter().map(|&(room, stands)| {
            ground.store.write(sending(room, ride.driver, MessageId(ground.sources.uuid()), stands))
        });
        let answers = join_all(writes).await;
        let mut answered = BTreeMap::<StreamId, Vec<i64>>::new();
        for (&(room, stands), answer) in plan.iter().zip(answers) {
            match answer {
                Ok(message) => answered.entry(room).or_default().push(message.seq.0),
                Err(error) => assert_eq!(error.code(), ErrorCode::MessageRefused),
            }
            assert!(stands || !answered.is_empty());
        }
        let published = revs_by_stream(&ground.published());
        for room in rooms {
            let sent = plan.iter().filter(|&&(to, stands)| to == room && stands).count();
            let all: Vec<i64> = (1..).take(sent).collect();
            assert_eq!(changes(&ground, room).await, all, "stored");
            assert_eq!(answered.get(&room), Some(&all), "answered, in the order of their lane");
            assert_eq!(published.get(&room), Some(&all), "published, in order");
            let head = ground.read(room, |&room, tx| Box::pin(stream::head(tx, room)));
            assert_eq!(head.await.expect("it reads").1, Rev(all.len().try_into().expect("a few")));
        }
    })
    .await;
}

#[tokio::test]
async fn two_streams_are_written_from_both_ends_without_a_gap() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        let (left, right) = (add_room(&ground, ride.driver).await, add_room(&ground, ride.driver).await);
        let trip = Object::Trip(ride.trip.clone());
        let writes = (0..8).map(|n| {
            let with = if n % 2 == 0 { (left, right) } else { (right, left) };
            ground.write((with, trip.clone()), |&((first, second), ref trip), tx| {
                Box::pin(async move {
                    tx.record(first, trip).await?;
                    tx.record(second, trip).await
                })
            })
        });
        for answer in join_all(writes).await {
            answer.expect("it is recorded");
        }
        let mut published = revs_by_stream(&ground.published());
        for stream in [left, right] {
            assert_eq!(changes(&ground, stream).await, [8]);
            // Without a common lane only the numbers are in order, not their hints: readers count.
            let revs = published.get_mut(&stream).expect("it was published");
            revs.sort_unstable();
            assert_eq!(*revs, (1..=8).collect::<Vec<i64>>());
        }
    })
    .await;
}

#[tokio::test]
async fn the_last_seat_is_sold_once() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let bus = new_trip(&ground.sources, ride.driver, ride.room.id, 1);
        let id = bus.id;
        add_trip(&ground, super::ride::TENANT, bus).await;
        // Without a lane, so that the row decides and not the queue.
        let takers = (0..100).map(|_| ground.write(id, |&id, tx| Box::pin(trip::take_seats(tx, id, 1))));
        let taken = join_all(takers).await;
        assert_eq!(taken.iter().filter(|it| matches!(it, Ok(true))).count(), 1);
        assert_eq!(taken.iter().filter(|it| matches!(it, Ok(false))).count(), 99, "{taken:?}");
    })
    .await;
}

#[tokio::test]
async fn the_jobs_of_a_lane_commit_in_the_order_of_their_arrival() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let ids: Vec<_> = (0..100).map(|_| MessageId(ground.sources.uuid())).collect();
        let writes = ids.iter().map(|&id| ground.store.write(sending(ride.stream(), ride.driver, id, true)));
        let seqs: Vec<_> = join_all(writes).await.into_iter().map(|it| it.expect("sent").seq.0).collect();
        assert_eq!(seqs, (1..=100).collect::<Vec<i64>>());
    })
    .await;
}

#[tokio::test]
async fn a_hint_never_comes_before_its_commit() {
    on_both(|mut ground| async move {
        let ride = Ride::begin(&ground).await;
        // A failed write ends the test at once: its hint would be waited for in vain.
        let writes = (0..50).map(async |_| {
            let id = MessageId(ground.sources.uuid());
            ground.store.write(sending(ride.stream(), ride.driver, id, true)).await.expect("it is sent")
        });
        let mut hints = std::mem::replace(&mut ground.hints, crate::bus::local().1);
        let watching = async {
            let mut seen = 0;
            while seen < 50 {
                let Some(crate::bus::Signal::Committed(changes)) = hints.next().await else { break };
                for hint in changes {
                    let Hint::Change(hint) = hint else { continue };
                    let head = ground.read(hint.stream, |&stream, tx| Box::pin(stream::head(tx, stream)));
                    assert!(head.await.expect("it reads").1 >= hint.rev);
                    seen += 1;
                }
            }
            seen
        };
        let (_, seen) = futures_util::future::join(join_all(writes), watching).await;
        assert_eq!(seen, 50);
    })
    .await;
}
