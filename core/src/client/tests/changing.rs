//! Messages that are changed and taken away, before, while and after they leave.

use super::connection::{Connection, message, room_stream, theirs};
use super::patience::Patience;
use super::stage::{Stage, me, room};
use crate::view::{ConnectionView, Place, TimelineRow};
use serde_json::{Value, json};
use tripchat_protocol::frame::{Delete, Edit};
use tripchat_protocol::{Body, ClientFrame, ErrorCode, MessageId, OperationId};

impl Connection {
    async fn edited(&mut self) -> Edit {
        match self.hear().await {
            ClientFrame::Edit(edit) => edit,
            other => panic!("{other:?}"),
        }
    }

    async fn deleted(&mut self) -> Delete {
        match self.hear().await {
            ClientFrame::Delete(delete) => delete,
            other => panic!("{other:?}"),
        }
    }

    async fn say_changed(&mut self, id: OperationId, rev: i64) {
        self.say_ok(id, Some(&room_stream()), Some(rev)).await;
    }
}

fn text(edit: &Edit) -> &str {
    match &edit.body {
        Body::Text { text } => text,
        _ => "",
    }
}

/// One's own message as it stands after so many edits.
fn own(id: MessageId, text: &str, edit_no: u32) -> Value {
    let mut object = message(id.0, me().0, 4, text);
    (object["edit_no"], object["edited_at"]) = (json!(edit_no), json!(11));
    object
}

fn tombstone(id: MessageId) -> Value {
    let mut object = message(id.0, me().0, 4, "");
    object["body"] = json!({"kind": "DELETED"});
    object
}

/// Somebody is online and has written `one`, which is sent at seq 4.
async fn with_one_sent() -> (Stage, Connection, MessageId) {
    let (stage, mut connection) = Stage::online().await;
    let id = stage.client.send(room(), "one".into()).await.unwrap();
    connection.sent().await;
    connection.accept_message(id, 4).await;
    connection.change(4, message(id.0, me().0, 4, "one")).await;
    stage.shows(&["one Sent"]).await;
    (stage, connection, id)
}

async fn only_row(stage: &Stage) -> TimelineRow {
    let mut rows = stage.client.timeline(room(), Place::Newest, 50).await.unwrap().rows;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

/// Says something and waits until it has been taken in.
async fn taken_in(stage: &Stage, connection: &mut Connection, n: i64) {
    connection.change(n, theirs(u128::try_from(n).unwrap(), n, "seen")).await;
    let mut events = Patience::with(&stage.client);
    while !stage.rows().await.contains(&"seen Sent".to_owned()) {
        events.next().await;
    }
}

#[tokio::test(start_paused = true)]
async fn before_its_first_byte_a_message_is_changed_and_withdrawn_without_the_network() {
    let (mut stage, connection) = Stage::online().await;
    drop(connection);
    stage.until(ConnectionView::Connecting).await;
    let kept = stage.client.send(room(), "one".into()).await.unwrap();
    let dropped = stage.client.send(room(), "two".into()).await.unwrap();
    assert_eq!(stage.client.edit(room(), kept, " better ".into()).await.unwrap(), kept.into());
    assert_eq!(stage.client.delete(room(), dropped).await.unwrap(), dropped.into());
    stage.shows(&["better Waiting"]).await;
    let mut again = stage.connection().await;
    again.welcome_back().await;
    let sent = again.sent().await;
    assert!(sent.id == kept && sent.body == Body::Text { text: "better".into() });
    again.accept_message(kept, 4).await;
    stage.shows(&["better Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn once_it_was_attempted_an_edit_and_a_delete_follow_it_in_its_lane() {
    let (stage, mut connection) = Stage::online().await;
    let id = stage.client.send(room(), "one".into()).await.unwrap();
    connection.sent().await;
    let edit = stage.client.edit(room(), id, "two".into()).await.unwrap();
    stage.client.send(room(), "next".into()).await.unwrap();
    assert_eq!(stage.rows().await, ["two Waiting", "next Waiting"], "one bubble, with the new text");
    connection.accept_message(id, 4).await;
    let sent = connection.edited().await;
    assert_eq!((sent.id, sent.message, sent.edit_no, text(&sent)), (edit, id, 0, "two"));
    let delete = stage.client.delete(room(), id).await.unwrap();
    connection.say_changed(edit, 5).await;
    connection.sent().await;
    connection.say_text(&json!({"type": "pong"}).to_string()).await;
    connection
        .accept_message(stage.client.timeline(room(), Place::Newest, 9).await.unwrap().rows[1].id, 6)
        .await;
    let sent = connection.deleted().await;
    assert_eq!((sent.id, sent.message), (delete, id));
    connection.say_changed(delete, 7).await;
    stage.shows(&[" Sent", "next Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn an_edit_shows_at_once_and_never_flickers_back() {
    let (stage, mut connection, id) = with_one_sent().await;
    let edit = stage.client.edit(room(), id, "two".into()).await.unwrap();
    let row = only_row(&stage).await;
    let change = row.change.unwrap();
    assert_eq!(
        (row.text.as_deref(), change.id, change.delete, change.failure),
        (Some("two"), edit, false, None)
    );
    let line = stage.client.inbox().await.unwrap().remove(0).last.unwrap();
    assert_eq!(line.text.as_deref(), Some("two"));
    assert_eq!(connection.edited().await.edit_no, 0);
    connection.say_changed(edit, 5).await;
    let mut events = Patience::with(&stage.client);
    while only_row(&stage).await.change.is_some() {
        events.next().await;
    }
    let row = only_row(&stage).await;
    assert_eq!((row.text.as_deref(), row.edited), (Some("two"), true), "before the change itself came");
    connection.change(5, own(id, "two", 1)).await;
    taken_in(&stage, &mut connection, 6).await;
    assert_eq!(stage.rows().await, ["two Sent", "seen Sent"]);
    stage.client.edit(room(), id, "three".into()).await.unwrap();
    assert_eq!(connection.edited().await.edit_no, 1, "the version that is on the screen now");
}

#[tokio::test(start_paused = true)]
async fn an_edit_whose_answer_is_lost_goes_again_under_the_same_id() {
    let (mut stage, mut connection, id) = with_one_sent().await;
    let edit = stage.client.edit(room(), id, "two".into()).await.unwrap();
    let first = connection.edited().await;
    stage.kill();
    assert_eq!(only_row(&stage).await.text.as_deref(), Some("two"), "it outlives the process");
    let mut again = stage.connection().await;
    again.welcome_back().await;
    assert_eq!(again.edited().await, first);
    again.say_changed(edit, 5).await;
    stage.shows(&["two Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_delete_whose_answer_is_lost_goes_again_under_the_same_id() {
    let (mut stage, mut connection, id) = with_one_sent().await;
    let delete = stage.client.delete(room(), id).await.unwrap();
    let first = connection.deleted().await;
    stage.kill();
    assert!(only_row(&stage).await.deleted, "it outlives the process");
    let mut again = stage.connection().await;
    again.welcome_back().await;
    assert_eq!(again.deleted().await, first);
    again.say_changed(delete, 5).await;
    stage.shows(&[" Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_shown_to_the_writer_who_decides() {
    let (stage, mut connection, id) = with_one_sent().await;
    let edit = stage.client.edit(room(), id, "mine".into()).await.unwrap();
    connection.edited().await;
    connection.change(5, own(id, "theirs", 1)).await;
    connection.refuse(edit, "CONFLICT", "never").await;
    let mut events = Patience::with(&stage.client);
    while only_row(&stage).await.change.unwrap().failure != Some(ErrorCode::Conflict) {
        events.next().await;
    }
    let next = stage.client.send(room(), "next".into()).await.unwrap();
    assert_eq!(connection.sent().await.id, next, "the lane goes on");
    connection.accept_message(next, 6).await;
    stage.client.retry(edit).await.unwrap();
    let again = connection.edited().await;
    assert_eq!((again.id, again.edit_no, text(&again)), (edit, 1, "mine"), "against the newest version");
    connection.refuse(edit, "CONFLICT", "never").await;
    let mut events = Patience::with(&stage.client);
    while stage.client.discard(edit).await.is_err() {
        events.next().await;
    }
    assert_eq!(stage.rows().await, ["theirs Sent", "next Sent"]);
}

#[tokio::test(start_paused = true)]
async fn a_delete_shows_at_once_and_drops_the_edits_that_wait() {
    let (mut stage, connection, id) = with_one_sent().await;
    drop(connection);
    stage.until(ConnectionView::Connecting).await;
    stage.client.edit(room(), id, "two".into()).await.unwrap();
    let delete = stage.client.delete(room(), id).await.unwrap();
    let row = only_row(&stage).await;
    assert!(row.deleted && row.text.is_none() && !row.can_edit && row.change.unwrap().delete);
    assert_eq!(stage.client.edit(room(), id, "x".into()).await.unwrap_err().code, ErrorCode::Gone);
    let mut again = stage.connection().await;
    again.welcome_back().await;
    assert_eq!(again.deleted().await.id, delete);
    again.say_changed(delete, 5).await;
    again.change(5, tombstone(id)).await;
    taken_in(&stage, &mut again, 6).await;
    assert_eq!(stage.rows().await, [" Sent", "seen Sent"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_message_goes_again_with_another_text() {
    let (stage, mut connection) = Stage::online().await;
    let id = stage.client.send(room(), "bad".into()).await.unwrap();
    connection.sent().await;
    connection.refuse(id, "MESSAGE_REFUSED", "never").await;
    stage.shows(&["bad Failed"]).await;
    assert_eq!(stage.client.edit(room(), id, "good".into()).await.unwrap(), id.into());
    let again = connection.sent().await;
    assert!(again.id == id && again.body == Body::Text { text: "good".into() });
    connection.accept_message(id, 4).await;
    stage.shows(&["good Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn only_ones_own_messages_are_changed() {
    let (stage, mut connection) = Stage::online().await;
    connection.change(4, theirs(1, 4, "theirs")).await;
    stage.shows(&["theirs Sent"]).await;
    let of = MessageId(uuid::Uuid::from_u128(1));
    assert_eq!(stage.client.edit(room(), of, "x".into()).await.unwrap_err().code, ErrorCode::Forbidden);
    assert_eq!(stage.client.delete(room(), of).await.unwrap_err().code, ErrorCode::Forbidden);
    assert_eq!(stage.client.edit(room(), of, " ".into()).await.unwrap_err().code, ErrorCode::MessageRefused);
    assert!(stage.client.timeline(room(), Place::Newest, 9).await.unwrap().rows[0].change.is_none());
}

#[tokio::test(start_paused = true)]
async fn signing_out_asks_about_changes_that_would_be_lost() {
    let (stage, mut connection, id) = with_one_sent().await;
    let edit = stage.client.edit(room(), id, "two".into()).await.unwrap();
    connection.edited().await;
    connection.refuse(edit, "CONFLICT", "never").await;
    let mut events = Patience::with(&stage.client);
    while only_row(&stage).await.change.unwrap().failure.is_none() {
        events.next().await;
    }
    stage.client.set(room(), tripchat_protocol::Setting::Favourite(true)).await.unwrap();
    let refused = stage.client.sign_out(false).await.unwrap_err();
    assert_eq!((refused.code, refused.details.as_deref()), (ErrorCode::Conflict, Some("1")));
}

#[tokio::test(start_paused = true)]
async fn after_its_time_a_message_is_not_sent_and_the_writer_is_asked() {
    let (mut stage, connection) = Stage::online().await;
    // The stage's server shows 1 at `welcome`; time passes from there.
    let late = stage.client.send_by(room(), "in time".into(), 10_000).await.unwrap();
    let mut connection = connection;
    let sent = connection.sent().await;
    assert_eq!((sent.id, sent.send_by), (late, Some(10_000)));
    connection.accept_message(late, 4).await;
    stage.shows(&["in time Sent"]).await;
    drop(connection);
    stage.until(ConnectionView::Connecting).await;
    let late = stage.client.send_by(room(), "too late".into(), 20_000).await.unwrap();
    stage.shows(&["in time Sent", "too late Failed"]).await;
    let row = stage.client.timeline(room(), Place::Newest, 9).await.unwrap().rows.remove(1);
    assert_eq!(row.failure, Some(ErrorCode::TooLate), "with no connection at all");
    stage.client.retry(late).await.unwrap();
    let mut again = stage.connection().await;
    again.welcome_back().await;
    let sent = again.sent().await;
    assert_eq!((sent.id, sent.send_by), (late, None), "without a limit");
}

#[tokio::test(start_paused = true)]
async fn what_is_too_late_when_it_is_written_never_leaves() {
    let (stage, mut connection) = Stage::online().await;
    stage.client.send_by(room(), "too late".into(), 0).await.unwrap();
    stage.shows(&["too late Failed"]).await;
    stage.client.wake();
    assert!(matches!(connection.hear().await, ClientFrame::Ping(_)), "nothing was sent before it");
}

#[tokio::test(start_paused = true)]
async fn of_what_was_attempted_the_server_says_whether_it_came_in_time() {
    let (mut stage, mut connection) = Stage::online().await;
    let id = stage.client.send_by(room(), "in time?".into(), 5_000).await.unwrap();
    connection.sent().await;
    assert_eq!(connection.ends().await, [], "no answer for ten seconds");
    assert_eq!(stage.rows().await, ["in time? Waiting"]);
    let mut again = stage.connection().await;
    again.welcome_back().await;
    let sent = again.sent().await;
    assert_eq!((sent.id, sent.send_by), (id, Some(5_000)));
    again.accept_message(id, 4).await;
    stage.shows(&["in time? Sent"]).await;
}
