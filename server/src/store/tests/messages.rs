//! Messages: their places, their ids and their pages.

use super::ride::{Ride, add_room, send, written};
use super::{Ground, START, on_both};
use crate::error::Result;
use crate::store::tables::{changed, message};
use std::time::Duration;
use tripchat_protocol::limits::TEXT_CHARS;
use tripchat_protocol::{Body, ErrorCode, Message, MessageId, Rev, RoomId, Seq, UserId};

async fn send_as(ground: &Ground, room: RoomId, author: UserId, id: MessageId) -> Result<Message> {
    let sent = ground.write((room, author, id), |&(room, author, id), tx| {
        Box::pin(async move { tx.record_message(room, written(id, author, "hi")).await })
    });
    sent.await
}

#[tokio::test]
async fn a_message_reads_back_as_it_was_answered() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let long: &'static str = "🚌".repeat(TEXT_CHARS).leak();
        let texts = ["Сәлем, қайдасың?", "", "a\0b \u{feff}\u{2028}", "'); DROP TABLE message; --", long];
        let mut sent = Vec::new();
        for text in texts {
            ground.clock.advance(Duration::from_secs(1));
            sent.push(send(&ground, ride.room.id, ride.driver, text).await.expect("it is sent"));
        }
        assert_eq!(sent[4].body, Body::Text { text: long.into() });
        assert_eq!((sent[0].seq, sent[0].at, sent[0].written_at), (Seq(1), START + 1_000, 5));
        let read = ground.read((ride.room.id, ride.driver), |&(room, reader), tx| {
            Box::pin(message::after_seq(tx, room, reader, Seq(0), 100))
        });
        let read: Vec<_> = read.await.expect("it reads").into_iter().map(|it| it.message).collect();
        assert_eq!(read, sent);
    })
    .await;
}

#[tokio::test]
async fn a_repeat_is_recognised_by_its_author_and_nobody_else() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let first = send(&ground, ride.room.id, ride.driver, "hi").await.expect("it is sent");
        ground.clock.advance(Duration::from_secs(9));
        let unknown = MessageId(ground.sources.uuid());
        let cases = [(ride.driver, first.id), (ride.passenger, first.id), (ride.driver, unknown)];
        let found = ground.read(cases, |cases, tx| {
            Box::pin(async move {
                let mut found = Vec::new();
                for (author, id) in *cases {
                    found.push(message::sent(tx, author, id).await?);
                }
                Ok(found)
            })
        });
        let found = found.await.expect("it reads");
        let sent = found[0].as_ref().expect("it was sent");
        assert_eq!((sent.room, sent.seq, sent.at), (ride.room.id, first.seq, first.at));
        assert_eq!(sent.request_hash, [first.id.0.as_bytes()[15]; 32]);
        assert!(found[1].is_none() && found[2].is_none());
    })
    .await;
}

#[tokio::test]
async fn an_id_is_unique_in_a_room_and_for_an_author() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let room = ride.room.id;
        let other = RoomId(add_room(&ground, ride.driver).await.uuid());
        let id = send(&ground, room, ride.driver, "hi").await.expect("it is sent").id;
        for (room, author) in [(room, ride.driver), (room, ride.passenger), (other, ride.driver)] {
            let refused = send_as(&ground, room, author, id).await.expect_err("the id is taken");
            assert_eq!(refused.code(), ErrorCode::Conflict);
        }
        // Someone else's id in another room is free: nobody can occupy ids in advance.
        assert_eq!(send_as(&ground, other, ride.passenger, id).await.expect("it is sent").seq, Seq(1));
        let taken = ground.read((room, other, id), |&(room, other, id), tx| {
            Box::pin(async move {
                let unknown = MessageId(room.0);
                Ok([
                    message::id_is_taken(tx, room, id).await?,
                    message::id_is_taken(tx, other, id).await?,
                    message::id_is_taken(tx, room, unknown).await?,
                ])
            })
        });
        assert_eq!(taken.await.expect("it reads"), [true, true, false]);
        assert_eq!(send(&ground, room, ride.driver, "next").await.expect("it is sent").seq, Seq(2));
    })
    .await;
}

#[tokio::test]
async fn pages_have_their_order_their_borders_and_their_limit() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let room = ride.room.id;
        let other = RoomId(add_room(&ground, ride.driver).await.uuid());
        for _ in 0..7 {
            send(&ground, room, ride.driver, "hi").await.expect("it is sent");
            send(&ground, other, ride.passenger, "elsewhere").await.expect("it is sent");
        }
        let before = async |seq, limit| {
            let page = ground
                .read((room, ride.driver, Seq(seq), limit), |&(room, reader, seq, limit), tx| {
                    Box::pin(message::before_seq(tx, room, reader, seq, limit))
                });
            page.await.expect("it reads").iter().map(|it| it.message.seq.0).collect::<Vec<_>>()
        };
        assert_eq!(before(8, 3).await, [7, 6, 5]);
        assert_eq!(before(i64::MAX, 100).await, [7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(before(2, 100).await, [1]);
        assert_eq!(before(1, 100).await, [0; 0]);
        assert_eq!(before(8, 0).await, [0; 0]);
        let after = async |seq, limit| {
            let page = ground
                .read((room, ride.driver, Seq(seq), limit), |&(room, reader, seq, limit), tx| {
                    Box::pin(message::after_seq(tx, room, reader, seq, limit))
                });
            page.await.expect("it reads").iter().map(|it| it.message.seq.0).collect::<Vec<_>>()
        };
        assert_eq!(after(0, 3).await, [1, 2, 3]);
        assert_eq!(after(5, 100).await, [6, 7]);
        assert_eq!(after(7, 100).await, [0; 0]);
        assert_eq!(after(i64::MAX, 100).await, [0; 0]);
        let changed = async |rev, limit| {
            let page = ground.read((room, Rev(rev), limit), |&(room, rev, limit), tx| {
                Box::pin(changed::after_rev(tx, room, rev, limit))
            });
            page.await.expect("it reads").iter().map(|(rev, it)| (rev.0, it.seq.0)).collect::<Vec<_>>()
        };
        assert_eq!(changed(4, 2).await, [(5, 5), (6, 6)]);
        assert_eq!(changed(7, 100).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_message_needs_its_room_and_its_author() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let nowhere = RoomId(ground.sources.uuid());
        let refused = send(&ground, nowhere, ride.driver, "hi").await.expect_err("no stream");
        assert_eq!(refused.code(), ErrorCode::Internal);
        let nobody = UserId(ground.sources.uuid());
        let refused = send(&ground, ride.room.id, nobody, "hi").await.expect_err("no author");
        assert_eq!(refused.code(), ErrorCode::Conflict);
        // Neither took a place.
        assert_eq!(send(&ground, ride.room.id, ride.driver, "hi").await.expect("it is sent").seq, Seq(1));
    })
    .await;
}
