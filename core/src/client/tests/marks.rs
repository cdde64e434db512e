//! How far people have got, and what is unread.

use super::connection::{message, room_stream, theirs};
use super::patience::Patience;
use super::stage::{Stage, me, room};
use crate::view::{Place, Reach};
use serde_json::{Value, json};
use tripchat_protocol::{ClientFrame, MarksNo, RoomCursor, Seq};
use uuid::Uuid;

/// The marks of the room's two people, as (delivered, read).
pub fn marks(number: i64, bek: (i64, i64), mine: (i64, i64)) -> Value {
    json!({
        "type": "marks", "room": room(), "epoch": 7, "marks": number, "people": [
            {"user": Uuid::from_u128(0xC3), "delivered": bek.0, "read": bek.1},
            {"user": me(), "delivered": mine.0, "read": mine.1},
        ],
    })
}

#[tokio::test(start_paused = true)]
async fn a_message_is_sent_then_delivered_then_read_and_marks_never_fall() {
    let (stage, mut connection) = Stage::online().await;
    connection.change(4, message(Uuid::from_u128(1), me().0, 4, "hi")).await;
    stage.shows(&["hi Sent"]).await;
    connection.say(marks(1, (4, 0), (4, 4))).await;
    stage.shows(&["hi Delivered"]).await;
    let row = stage.client.timeline(room(), Place::Newest, 9).await.unwrap().rows.remove(0);
    assert_eq!(row.reach, Some(Reach { of: 1, delivered: 1, read: 0 }));
    assert!(row.can_edit && row.can_delete);
    connection.say(marks(3, (4, 4), (4, 4))).await;
    stage.shows(&["hi Read"]).await;
    connection.say(marks(2, (4, 0), (4, 4))).await;
    let mut other_epoch = marks(9, (4, 0), (4, 4));
    other_epoch["epoch"] = json!(8);
    connection.say(other_epoch).await;
    connection.change(5, theirs(2, 5, "and you")).await;
    stage.shows(&["hi Read", "and you Sent"]).await;
    let view = stage.client.room(room()).await.unwrap();
    assert_eq!((view.read, view.unread), (Seq(4), 1));
}

#[tokio::test(start_paused = true)]
async fn marks_that_were_lost_are_found_by_heads_and_named_at_the_next_hello() {
    let (mut stage, mut connection) = Stage::online().await;
    connection.say(marks(2, (3, 3), (3, 3))).await;
    let mut streams = serde_json::Map::new();
    streams.insert(room_stream(), json!([7, 3, 5]));
    connection.say(json!({"type": "heads", "streams": streams})).await;
    let ClientFrame::CatchUp(asked) = connection.hear().await else { panic!() };
    assert_eq!(asked.marks, Some(MarksNo(2)));
    connection.page(&room_stream(), 3, &[]).await;
    connection.say(marks(5, (3, 3), (3, 3))).await;
    connection.change(4, theirs(1, 4, "x")).await;
    stage.shows(&["x Sent"]).await;
    connection.close(4012).await;
    let hello = stage.connection().await.hello().await;
    let RoomCursor(_, rev, number) = hello.rooms[&room()];
    assert_eq!((rev.0, number), (4, MarksNo(5)));
}

#[tokio::test(start_paused = true)]
async fn marks_that_come_by_themselves_are_not_asked_for() {
    let (_stage, mut connection) = Stage::online().await;
    let mut streams = serde_json::Map::new();
    streams.insert(room_stream(), json!([7, 3, 5]));
    connection.say(json!({"type": "heads", "streams": streams})).await;
    connection.say(marks(5, (3, 3), (3, 3))).await;
    assert_eq!(connection.ends().await, [], "not a word in thirty-five seconds");
}

#[tokio::test(start_paused = true)]
async fn what_is_read_on_another_device_is_not_unread_here() {
    let (stage, mut connection) = Stage::online().await;
    for seq in 4..=6 {
        connection.change(seq, theirs(u128::try_from(seq).unwrap(), seq, "x")).await;
    }
    stage.shows(&["x Sent"; 3]).await;
    assert_eq!(stage.client.inbox().await.unwrap()[0].unread, 3);
    let first = stage.client.timeline(room(), Place::FirstUnread, 4).await.unwrap();
    assert_eq!(first.rows.first().unwrap().seq, Some(Seq(4)));
    let mut events = Patience::with(&stage.client);
    connection.say(marks(1, (6, 6), (6, 5))).await;
    while stage.client.inbox().await.unwrap()[0].unread != 1 {
        events.next().await;
    }
}
