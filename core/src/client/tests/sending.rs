//! A message on its way, and everything that can happen to it there.

use super::connection::{Connection, message, theirs};
use super::stage::{Stage, me, room};
use crate::view::{ConnectionView, Place};
use serde_json::json;
use tripchat_protocol::{Body, ClientFrame, ErrorCode, MessageId};

fn text(body: &Body) -> &str {
    match body {
        Body::Text { text } => text,
        Body::System(_) | Body::Deleted | Body::Unknown(_) => "",
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_waits_until_its_ok_and_the_next_until_then() {
    let (stage, mut connection) = Stage::online().await;
    let first = stage.client.send(room(), "  one ".into()).await.unwrap();
    stage.client.send(room(), "two".into()).await.unwrap();
    stage.shows(&["one Waiting", "two Waiting"]).await;
    let sent = connection.sent().await;
    assert_eq!((sent.id, text(&sent.body), sent.room), (first, "one", room()));
    connection.accept_message(first, 4).await;
    stage.shows(&["one Sent", "two Waiting"]).await;
    assert_eq!(text(&connection.sent().await.body), "two");
}

#[tokio::test(start_paused = true)]
async fn the_echo_may_come_before_the_ok_or_after_it() {
    let (stage, mut connection) = Stage::online().await;
    for (n, echo_first) in [(4, true), (5, false)] {
        let id = stage.client.send(room(), format!("m{n}")).await.unwrap();
        assert_eq!(connection.sent().await.id, id);
        let echo = message(id.0, me().0, n, &format!("m{n}"));
        if echo_first {
            connection.change(n, echo).await;
            connection.accept_message(id, n).await;
        } else {
            connection.accept_message(id, n).await;
            connection.change(n, echo).await;
        }
    }
    connection.change(6, theirs(1, 6, "seen")).await;
    stage.shows(&["m4 Sent", "m5 Sent", "seen Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn without_an_answer_the_same_message_goes_again_on_a_new_connection() {
    let (mut stage, mut connection) = Stage::online().await;
    let id = stage.client.send(room(), "are you there?".into()).await.unwrap();
    assert_eq!(connection.sent().await.id, id);
    assert_eq!(connection.ends().await, [], "ten seconds later it is dropped without a word");
    let mut again = stage.connection().await;
    again.welcome_back().await;
    assert_eq!(again.sent().await.id, id);
    again.accept_message(id, 4).await;
    stage.shows(&["are you there? Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn what_the_server_took_before_the_cut_settles_by_its_echo() {
    let (mut stage, mut connection) = Stage::online().await;
    let id = stage.client.send(room(), "hello".into()).await.unwrap();
    connection.sent().await;
    drop(connection);
    let mut again = stage.connection().await;
    let hello = again.welcome().await;
    assert_eq!(hello.rooms[&room()].1.0, 3);
    again.page(&super::connection::room_stream(), 3, &[(4, message(id.0, me().0, 4, "hello"))]).await;
    again.say(json!({"type": "synced"})).await;
    stage.shows(&["hello Sent"]).await;
    let next = stage.client.send(room(), "next".into()).await.unwrap();
    assert_eq!(again.sent().await.id, next, "the first is not sent again");
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_waits_for_the_person_through_a_restart() {
    let (mut stage, mut connection) = Stage::online().await;
    let refused = stage.client.send(room(), "no".into()).await.unwrap();
    connection.sent().await;
    connection.refuse(refused, "MESSAGE_REFUSED", "never").await;
    stage.shows(&["no Failed"]).await;
    stage.kill();
    let mut again = stage.connection().await;
    again.welcome_back().await;
    let next = stage.client.send(room(), "yes".into()).await.unwrap();
    assert_eq!(again.sent().await.id, next);
    assert_eq!(stage.rows().await, ["no Failed", "yes Waiting"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_message_is_parked_and_the_next_one_goes() {
    let (stage, mut connection) = Stage::online().await;
    let first = stage.client.send(room(), "no".into()).await.unwrap();
    let second = stage.client.send(room(), "yes".into()).await.unwrap();
    connection.sent().await;
    connection.refuse(first, "MESSAGE_REFUSED", "never").await;
    assert_eq!(connection.sent().await.id, second);
    connection.accept_message(second, 4).await;
    stage.shows(&["yes Sent", "no Failed"]).await;
    let row = stage.client.timeline(room(), Place::Newest, 50).await.unwrap().rows.remove(1);
    assert_eq!(row.failure, Some(ErrorCode::MessageRefused));

    stage.client.retry(first).await.unwrap();
    assert_eq!(connection.sent().await.id, first, "under the same id");
    assert_eq!(stage.client.retry(first).await.unwrap_err().code, ErrorCode::Gone);
    assert_eq!(stage.client.discard(first).await.unwrap_err().code, ErrorCode::Conflict);
    connection.refuse(first, "MESSAGE_REFUSED", "never").await;
    stage.shows(&["yes Sent", "no Failed"]).await;
    assert_eq!(stage.client.discard(first).await.unwrap(), "no");
    assert_eq!(stage.client.discard(first).await.unwrap_err().code, ErrorCode::Gone);
    stage.shows(&["yes Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_busy_server_makes_it_wait_and_not_fail() {
    let (stage, mut connection) = Stage::online().await;
    let id = stage.client.send(room(), "patience".into()).await.unwrap();
    connection.sent().await;
    connection.refuse(id, "STORAGE_FULL", "later").await;
    assert_eq!(connection.sent().await.id, id);
    assert_eq!(stage.rows().await, ["patience Waiting"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_expires_with_twenty_queued_loses_none() {
    let (stage, mut connection) = Stage::online().await;
    let mut ids: Vec<MessageId> = Vec::new();
    for n in 0..20 {
        ids.push(stage.client.send(room(), format!("m{n}")).await.unwrap());
    }
    assert_eq!(connection.sent().await.id, ids[0]);
    connection.refuse(ids[0], "TOKEN_EXPIRED", "auth").await;
    let ClientFrame::Authenticate(with) = connection.hear().await else { panic!() };
    assert_eq!(with.token, "access-2");
    for (seq, id) in (4..).zip(&ids) {
        assert_eq!(connection.sent().await.id, *id);
        connection.accept_message(*id, seq).await;
    }
    let wanted: Vec<String> = (0..20).map(|n| format!("m{n} Sent")).collect();
    stage.shows(&wanted.iter().map(String::as_str).collect::<Vec<_>>()).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_written_offline_outlives_the_process_and_keeps_its_order() {
    let (mut stage, connection) = Stage::online().await;
    drop(connection);
    stage.until(ConnectionView::Connecting).await;
    let mut ids = Vec::new();
    for n in 1..=3 {
        ids.push(stage.client.send(room(), format!("m{n}")).await.unwrap());
        stage.kill();
        assert!(stage.client.start_view().await.unwrap().account.is_some());
    }
    let mut again = stage.connection().await;
    again.welcome_back().await;
    for (seq, id) in (4..).zip(ids) {
        assert_eq!(again.sent().await.id, id);
        again.accept_message(id, seq).await;
    }
    stage.shows(&["m1 Sent", "m2 Sent", "m3 Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_kill_between_the_attempt_and_the_ok_sends_the_same_id_again() {
    let (mut stage, mut connection) = Stage::online().await;
    let id = stage.client.send(room(), "once".into()).await.unwrap();
    connection.sent().await;
    stage.kill();
    let mut again = stage.connection().await;
    let hello: tripchat_protocol::frame::Hello = again.welcome_back().await;
    // One more than that of the connection before, which had the second of the stage's clock.
    assert_eq!(hello.generation, 1_800_000_001);
    assert_eq!(again.sent().await.id, id);
    again
        .say(json!({"type": "ok", "id": id, "stream": super::connection::room_stream(), "seq": 4, "at": 9, "duplicate": true}))
        .await;
    stage.shows(&["once Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_refused_before_it_is_stored() {
    let (stage, _connection): (Stage, Connection) = Stage::online().await;
    let refused = |room, text: &str| {
        let sent = stage.client.send(room, text.into());
        async { sent.await.unwrap_err().code }
    };
    assert_eq!(refused(room(), "  ").await, ErrorCode::MessageRefused);
    assert_eq!(refused(room(), &"x".repeat(4_001)).await, ErrorCode::TooLarge);
    assert_eq!(refused(uuid::Uuid::nil().into(), "x").await, ErrorCode::RoomNotFound);
    assert_eq!(stage.rows().await, Vec::<String>::new());
}
