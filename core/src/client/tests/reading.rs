//! What comes: pages, live changes, and what does not come.

use super::connection::{room_stream, theirs};
use super::stage::{Stage, me, room};
use crate::view::{ConnectionView, Edge, Place};
use serde_json::json;
use tokio::time::Instant;
use tripchat_protocol::{ClientFrame, Cursor, Epoch, MarksNo, Rev, RoomCursor, RoomId, StreamId};
use uuid::Uuid;

#[tokio::test(start_paused = true)]
async fn a_lost_change_is_asked_for_and_what_came_too_early_is_kept() {
    let (stage, mut connection) = Stage::online().await;
    connection.change(5, theirs(2, 5, "two")).await;
    let ClientFrame::CatchUp(asked) = connection.hear().await else { panic!() };
    assert_eq!((asked.stream, asked.since), (StreamId::Room(room()), Some(Cursor(Epoch(7), Rev(3)))));
    connection.page(&room_stream(), 3, &[(4, theirs(1, 4, "one"))]).await;
    stage.shows(&["one Sent", "two Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_lost_last_change_is_found_by_its_head() {
    let (stage, mut connection) = Stage::online().await;
    let head = json!({"room": room(), "epoch": 7, "head": 4, "marks": 0, "unread": 1, "newest": null});
    connection.say(json!({"type": "heads", "rooms": [head]})).await;
    let ClientFrame::CatchUp(asked) = connection.hear().await else { panic!() };
    assert_eq!(asked.since, Some(Cursor(Epoch(7), Rev(3))));
    connection.page(&room_stream(), 3, &[(4, theirs(1, 4, "last"))]).await;
    stage.shows(&["last Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_does_not_join_is_asked_for_from_the_cursor_on() {
    let (stage, mut connection) = Stage::online().await;
    connection.page(&room_stream(), 4, &[(5, theirs(2, 5, "two"))]).await;
    let ClientFrame::CatchUp(asked) = connection.hear().await else { panic!() };
    assert_eq!(asked.since, Some(Cursor(Epoch(7), Rev(3))));
    connection.page(&room_stream(), 3, &[(4, theirs(1, 4, "one")), (5, theirs(2, 5, "two"))]).await;
    stage.shows(&["one Sent", "two Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_is_not_asked_for() {
    let (_stage, mut connection) = Stage::online().await;
    connection.change(6, theirs(2, 6, "too early")).await;
    connection.say(json!({"type": "gone", "stream": room_stream(), "to_rev": 4})).await;
    assert_eq!(connection.ends().await, [], "not a word in thirty-five seconds");
}

#[tokio::test(start_paused = true)]
async fn rooms_that_are_behind_have_their_turn_and_one_that_is_opened_is_next() {
    let mut stage = Stage::new();
    stage.sign_in().await;
    let mut connection = stage.connection().await;
    connection.welcome().await;
    let rooms = [1, 2, 3].map(|n| RoomId(Uuid::from_u128(n)));
    let membership = |room: RoomId| {
        json!({
            "kind": "membership", "room": room, "room_type": "TRIP", "role": "MEMBER", "state": "current",
            "from_rev": 1, "to_rev": null,
        })
    };
    let inbox = [(1, membership(rooms[0])), (2, membership(rooms[1])), (3, membership(rooms[2]))];
    connection.page(&format!("user:{}", me()), 0, &inbox).await;
    let head =
        |room: RoomId| json!({"room": room, "epoch": 7, "head": 1, "marks": 0, "unread": 1, "newest": null});
    connection.say(json!({"type": "heads", "rooms": rooms.map(head)})).await;
    connection.say(json!({"type": "synced"})).await;
    stage.until(ConnectionView::Online).await;
    let opened = stage.client.timeline(rooms[2], Place::Newest, 9).await.unwrap();
    assert_eq!((opened.rows.len(), opened.older), (0, Edge::Hole));
    for next in [rooms[0], rooms[2], rooms[1]] {
        let ClientFrame::CatchUp(asked) = connection.hear().await else { panic!() };
        assert_eq!(asked.stream, StreamId::Room(next));
        connection.page(&format!("room:{next}"), 0, &[(1, theirs(1, 1, "here"))]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_catch_up_that_is_not_answered_ends_the_connection() {
    let (mut stage, mut connection) = Stage::online().await;
    connection.change(5, theirs(2, 5, "two")).await;
    assert!(matches!(connection.ends().await[..], [ClientFrame::CatchUp(_)]));
    let hello = stage.connection().await.hello().await;
    assert_eq!(
        hello.rooms[&room()],
        RoomCursor(Epoch(7), Rev(3), MarksNo(0)),
        "what was held does not count as stored"
    );
}

#[tokio::test(start_paused = true)]
async fn a_restored_server_starts_the_room_again() {
    let (stage, mut connection) = Stage::online().await;
    connection.change(4, theirs(1, 4, "forgotten")).await;
    stage.shows(&["forgotten Sent"]).await;
    connection
        .say(json!({"type": "change", "stream": room_stream(), "epoch": 8, "rev": 2, "object": null}))
        .await;
    let ClientFrame::CatchUp(asked) = connection.hear().await else { panic!() };
    assert_eq!(asked.since, Some(Cursor(Epoch(7), Rev(4))));
    connection
        .say(json!({
            "type": "changes", "stream": room_stream(), "epoch": 8, "from": 0, "upto": 2, "more": false,
            "reset": true, "objects": [{"rev": 2, "object": theirs(9, 2, "kept")}],
        }))
        .await;
    stage.shows(&["kept Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn frames_of_a_later_version_are_passed_over() {
    let (stage, mut connection) = Stage::online().await;
    connection.say(json!({"type": "sparkle", "much": true})).await;
    connection.change(4, json!({"kind": "poll", "id": uuid::Uuid::nil()})).await;
    let odd = json!({"kind": "STICKER", "pack": 1});
    let mut message = theirs(1, 5, "");
    message["body"] = odd;
    connection.change(5, message).await;
    stage.shows(&[" Sent"]).await;
    let row = stage.client.timeline(room(), Place::Newest, 9).await.unwrap().rows.remove(0);
    assert_eq!((row.text, row.author_name.as_str()), (None, "Bek"));
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_cannot_be_read_costs_the_connection_and_nothing_else() {
    let (mut stage, mut connection) = Stage::online().await;
    connection.say_text("{\"type\": \"change\", \"stream\": 5}").await;
    let began = Instant::now();
    connection.ends().await;
    assert_eq!(began.elapsed().as_secs(), 0, "at once");
    let mut again = stage.connection().await;
    let hello = again.welcome_back().await;
    assert_eq!(hello.inbox, Some(Cursor(Epoch(7), Rev(1))));
    stage.until(ConnectionView::Online).await;
}

#[tokio::test(start_paused = true)]
async fn the_inbox_puts_the_latest_first_and_tells_the_last_line() {
    let (stage, mut connection) = Stage::online().await;
    connection.change(4, theirs(1, 4, "I am at the corner")).await;
    stage.shows(&["I am at the corner Sent"]).await;
    let row = stage.client.inbox().await.unwrap().remove(0);
    let last = row.last.unwrap();
    assert_eq!((last.author_name.as_str(), last.text.as_deref()), ("Bek", Some("I am at the corner")));
    assert_eq!((row.active_at, last.mine), (10, false));
    let view = stage.client.room(room()).await.unwrap();
    assert_eq!(view.members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), ["Bek", "Aida"]);
    assert!(view.can_write);
}

#[tokio::test(start_paused = true)]
async fn a_room_that_is_gone_is_not_asked_for_again() {
    let (mut stage, mut connection) = Stage::online().await;
    connection.change(4, theirs(1, 4, "bye")).await;
    stage.shows(&["bye Sent"]).await;
    let ended = json!({
        "kind": "membership", "room": room(), "room_type": "TRIP", "role": "MEMBER", "state": "ended",
        "from_rev": 1, "to_rev": 4,
    });
    connection
        .say(json!({"type": "change", "stream": format!("user:{}", me()), "epoch": 7, "rev": 2, "object": ended}))
        .await;
    connection.say(json!({"type": "gone", "stream": room_stream(), "to_rev": 4})).await;
    connection.close(4012).await;
    let hello = stage.connection().await.hello().await;
    assert_eq!(hello.rooms.len(), 0);
    assert_eq!(stage.rows().await, ["bye Sent"]);
    assert!(!stage.client.room(room()).await.unwrap().can_write);
    assert_eq!(stage.client.inbox().await.unwrap()[0].unread, 0, "where one was nothing is unread");
    let refused = stage.client.send(room(), "x".into()).await.unwrap_err();
    assert_eq!(refused.code, tripchat_protocol::ErrorCode::NotParticipant);
}
