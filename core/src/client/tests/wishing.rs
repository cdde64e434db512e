//! What a person reads, sets and begins to write; and what is only worth saying now.

use super::connection::{Connection, theirs};
use super::patience::Patience;
use super::stage::{Stage, me, room};
use crate::view::{ConnectionView, InboxRow};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, advance};
use tripchat_protocol::frame::{Mark, Set};
use tripchat_protocol::{Availability, ClientFrame, Epoch, ErrorCode, Seq, Setting, Standing};

fn inbox_stream() -> String {
    format!("user:{}", me())
}

impl Connection {
    async fn set(&mut self) -> Set {
        match self.hear().await {
            ClientFrame::Set(set) => set,
            other => panic!("{other:?}"),
        }
    }

    async fn read(&mut self) -> Mark {
        match self.hear().await {
            ClientFrame::Read(mark) => mark,
            other => panic!("{other:?}"),
        }
    }

    async fn delivered(&mut self) -> Mark {
        match self.hear_all().await {
            ClientFrame::Delivered(mark) => mark,
            other => panic!("{other:?}"),
        }
    }

    /// The membership as it stands at `rev` of the inbox.
    async fn membership(&mut self, rev: i64, own: &Value) {
        let mut object = json!({
            "kind": "membership", "room": room(), "room_type": "TRIP", "role": "MEMBER", "state": "current",
            "from_rev": 1, "to_rev": null,
        });
        for (key, value) in own.as_object().unwrap() {
            object[key] = value.clone();
        }
        let stream = inbox_stream();
        self.say(json!({"type": "change", "stream": stream, "epoch": 7, "rev": rev, "object": object})).await;
    }
}

async fn row(stage: &Stage) -> InboxRow {
    stage.client.inbox().await.unwrap().remove(0)
}

async fn until(stage: &Stage, so: impl Fn(&InboxRow) -> bool) -> InboxRow {
    let mut events = Patience::with(&stage.client);
    loop {
        let row = row(stage).await;
        if so(&row) {
            return row;
        }
        events.next().await;
    }
}

fn draft(text: &str) -> Setting {
    Setting::Draft(Some(text.into()))
}

#[tokio::test(start_paused = true)]
async fn what_was_read_counts_at_once_and_is_told_when_there_is_a_network() {
    let (mut stage, mut connection) = Stage::online().await;
    for seq in 4..=6 {
        connection.change(seq, theirs(u128::try_from(seq).unwrap(), seq, "hi")).await;
    }
    until(&stage, |row| row.unread == 3).await;
    drop(connection);
    stage.until(ConnectionView::Connecting).await;
    stage.client.seen(room(), Seq(4)).await.unwrap();
    assert_eq!(row(&stage).await.unread, 2);
    stage.client.seen(room(), Seq(6)).await.unwrap();
    stage.client.seen(room(), Seq(5)).await.unwrap();
    assert_eq!((row(&stage).await.unread, stage.client.room(room()).await.unwrap().read), (0, Seq(6)));
    stage.kill();
    assert_eq!(row(&stage).await.unread, 0, "it outlives the process");
    let mut again = stage.connection().await;
    again.welcome_back().await;
    let mark = again.read().await;
    assert_eq!((mark.room, mark.epoch, mark.seq), (room(), Epoch(7), Seq(6)), "the last one alone");
    again.say_ok(mark.id, None, None).await;
    stage.client.set(room(), Setting::Favourite(true)).await.unwrap();
    again.set().await;
    assert_eq!(row(&stage).await.unread, 0);
    again.close(4012).await;
    let mut third = stage.connection().await;
    third.welcome_back().await;
    assert_eq!(third.set().await.set, Setting::Favourite(true), "what was answered is not told again");
}

#[tokio::test(start_paused = true)]
async fn what_is_stored_is_reported_one_report_at_a_time() {
    let (stage, mut connection) = Stage::online().await;
    connection.change(4, theirs(1, 4, "one")).await;
    let first = connection.delivered().await;
    assert_eq!((first.room, first.epoch, first.seq), (room(), Epoch(7), Seq(4)));
    for seq in 5..=9 {
        connection.change(seq, theirs(u128::try_from(seq).unwrap(), seq, "more")).await;
    }
    until(&stage, |row| row.unread == 6).await;
    connection.say_ok(first.id, None, None).await;
    let second = connection.delivered().await;
    assert_eq!(second.seq, Seq(9), "the newest alone");
    connection.say_ok(second.id, None, None).await;
    stage.client.set(room(), Setting::Favourite(true)).await.unwrap();
    assert!(matches!(connection.hear_all().await, ClientFrame::Set(_)), "nothing is reported twice");
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_refused_for_ever_is_not_made_again() {
    let (stage, mut connection) = Stage::online().await;
    connection.change(4, theirs(1, 4, "one")).await;
    let first = connection.delivered().await;
    connection.refuse(first.id, "CONFLICT", "never").await;
    connection.change(5, json!({"kind": "poll", "id": room()})).await;
    stage.client.set(room(), Setting::Favourite(true)).await.unwrap();
    assert!(matches!(connection.hear_all().await, ClientFrame::Set(_)));
}

#[tokio::test(start_paused = true)]
async fn the_last_setting_stands_and_shows_at_once() {
    let (mut stage, connection) = Stage::online().await;
    drop(connection);
    stage.until(ConnectionView::Connecting).await;
    for favourite in [true, false, true] {
        stage.client.set(room(), Setting::Favourite(favourite)).await.unwrap();
        assert_eq!(row(&stage).await.favourite, favourite);
    }
    stage.client.set(room(), Setting::MutedUntil(Some(99))).await.unwrap();
    stage.kill();
    let shown = row(&stage).await;
    assert_eq!((shown.favourite, shown.muted_until), (true, Some(99)));
    let mut again = stage.connection().await;
    again.welcome_back().await;
    let first = again.set().await;
    assert_eq!((first.room, first.set.clone()), (room(), Setting::Favourite(true)));
    again.say_ok(first.id, Some(&inbox_stream()), Some(2)).await;
    let second = again.set().await;
    assert_eq!(second.set, Setting::MutedUntil(Some(99)));
    again.refuse(second.id, "INVALID_INPUT", "never").await;
    let shown = until(&stage, |row| row.muted_until.is_none()).await;
    assert!(shown.favourite, "the answer is stored, before the change itself came");
    again.membership(2, &json!({"archived": true})).await;
    let shown = until(&stage, |row| row.archived).await;
    assert!(!shown.favourite, "in the end the server's word counts");
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_a_setting_that_was_changed_meanwhile_does_not_settle_the_newer_one() {
    let (stage, mut connection) = Stage::online().await;
    stage.client.set(room(), Setting::Archived(true)).await.unwrap();
    let first = connection.set().await;
    stage.client.set(room(), Setting::Archived(false)).await.unwrap();
    let second = connection.set().await;
    assert_eq!(second.set, Setting::Archived(false));
    connection.say_ok(first.id, Some(&inbox_stream()), Some(2)).await;
    connection.membership(2, &json!({"archived": true})).await;
    connection.change(4, theirs(1, 4, "later")).await;
    let shown = until(&stage, |row| row.last.is_some()).await;
    assert!(!shown.archived);
    connection.close(4012).await;
}

#[tokio::test(start_paused = true)]
async fn a_room_that_is_marked_unread_is_cleared_by_reading_in_the_order_of_the_person() {
    let (stage, mut connection) = Stage::online().await;
    connection.change(4, theirs(1, 4, "one")).await;
    until(&stage, |row| row.unread == 1).await;
    stage.client.set(room(), Setting::MarkedUnread(true)).await.unwrap();
    assert!(row(&stage).await.marked_unread);
    stage.client.seen(room(), Seq(4)).await.unwrap();
    assert!(!row(&stage).await.marked_unread);
    let report = connection.delivered().await;
    connection.say_ok(report.id, None, None).await;
    let set = connection.set().await;
    connection.say_ok(set.id, Some(&inbox_stream()), Some(2)).await;
    assert_eq!(connection.read().await.seq, Seq(4), "after the mark that it clears");
}

#[tokio::test(start_paused = true)]
async fn a_draft_is_kept_at_once_and_told_when_the_person_pauses() {
    let (mut stage, mut connection) = Stage::online().await;
    let began = Instant::now();
    for text in ["I", "I am", "I am at"] {
        stage.client.set(room(), draft(text)).await.unwrap();
        advance(Duration::from_millis(1_500)).await;
    }
    assert_eq!(row(&stage).await.draft.as_deref(), Some("I am at"));
    let set = connection.set().await;
    assert_eq!(
        (set.set, began.elapsed()),
        (draft("I am at"), Duration::from_secs(5)),
        "2 s after the last key"
    );
    stage.kill();
    assert_eq!(row(&stage).await.draft.as_deref(), Some("I am at"), "it outlives the process");
}

#[tokio::test(start_paused = true)]
async fn a_draft_is_told_when_the_person_turns_to_another_room() {
    let (stage, mut connection) = Stage::online().await;
    stage.client.visible(Some(room()));
    stage.client.draft(room(), Some("begun".into())).await.unwrap();
    let began = Instant::now();
    stage.client.visible(None);
    assert_eq!(connection.set().await.set, draft("begun"));
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_draft_of_another_device_fills_only_what_is_untouched_here() {
    let (stage, mut connection) = Stage::online().await;
    connection.membership(2, &json!({"draft": "from the phone"})).await;
    until(&stage, |row| row.draft.as_deref() == Some("from the phone")).await;
    stage.client.draft(room(), Some("from here".into())).await.unwrap();
    connection.membership(3, &json!({"draft": "from the phone, longer", "favourite": true})).await;
    let shown = until(&stage, |row| row.favourite).await;
    assert_eq!(shown.draft.as_deref(), Some("from here"));
    let set = connection.set().await;
    connection.say_ok(set.id, Some(&inbox_stream()), Some(4)).await;
    connection.membership(4, &json!({"draft": "from here"})).await;
    connection.membership(5, &json!({"draft": "from the phone again"})).await;
    until(&stage, |row| row.draft.as_deref() == Some("from the phone again")).await;
}

#[tokio::test(start_paused = true)]
async fn a_message_clears_the_draft_that_it_was() {
    let (stage, mut connection) = Stage::online().await;
    stage.client.draft(room(), Some("I am at".into())).await.unwrap();
    let first = stage.client.send(room(), "I am at the exit".into()).await.unwrap();
    assert_eq!(row(&stage).await.draft, None);
    assert_eq!(connection.sent().await.id, first);
    connection.accept_message(first, 4).await;
    connection.membership(2, &json!({"draft": "where"})).await;
    until(&stage, |row| row.draft.as_deref() == Some("where")).await;
    let second = stage.client.send(room(), "where are you?".into()).await.unwrap();
    assert_eq!(row(&stage).await.draft, None);
    assert_eq!(
        connection.sent().await.id,
        second,
        "nobody had heard of the first draft: nothing to take back"
    );
    assert_eq!(connection.set().await.set, Setting::Draft(None));
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_was_emptied_before_the_message_is_emptied_everywhere() {
    let (stage, mut connection) = Stage::online().await;
    connection.membership(2, &json!({"draft": "where"})).await;
    until(&stage, |row| row.draft.is_some()).await;
    stage.client.draft(room(), Some(String::new())).await.unwrap();
    let id = stage.client.send(room(), "another thing".into()).await.unwrap();
    assert_eq!(connection.sent().await.id, id);
    assert_eq!(connection.set().await.set, Setting::Draft(None));
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_is_longer_than_a_message_stays_on_this_device() {
    let (mut stage, mut connection) = Stage::online().await;
    let long = "x".repeat(4_001);
    stage.client.draft(room(), Some(long.clone())).await.unwrap();
    advance(Duration::from_secs(5)).await;
    stage.kill();
    assert_eq!(row(&stage).await.draft, Some(long));
    connection.ends().await;
    let mut again = stage.connection().await;
    again.welcome_back().await;
    stage.client.draft(room(), Some("short".into())).await.unwrap();
    assert_eq!(again.set().await.set, draft("short"), "and nothing before it");
}

#[tokio::test(start_paused = true)]
async fn a_setting_waits_for_a_fresh_token_and_for_a_busy_server() {
    let (stage, mut connection) = Stage::online().await;
    stage.client.set(room(), Setting::Archived(true)).await.unwrap();
    let first = connection.set().await;
    connection.refuse(first.id, "TOKEN_EXPIRED", "auth").await;
    assert!(matches!(connection.hear().await, ClientFrame::Authenticate(_)));
    assert_eq!(connection.set().await, first);
    connection
        .say(json!({"type": "error", "id": first.id, "code": "STORAGE_FULL", "retry": "later", "retry_after_ms": 7_000, "message": "no"}))
        .await;
    let began = Instant::now();
    assert_eq!(connection.set().await, first);
    assert_eq!(began.elapsed(), Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn in_a_room_that_one_has_left_nothing_is_told_or_set() {
    let (stage, mut connection) = Stage::online().await;
    connection.membership(2, &json!({"state": "ended", "to_rev": 3})).await;
    until(&stage, |row| row.state == Standing::Ended).await;
    stage.client.seen(room(), Seq(3)).await.unwrap();
    for setting in [Setting::Favourite(true), draft("x")] {
        let refused = stage.client.set(room(), setting).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NotParticipant);
    }
    stage.client.typing(room());
    assert_eq!(connection.ends().await, [], "not a word");
}

#[tokio::test(start_paused = true)]
async fn typing_is_told_at_most_every_three_seconds_and_only_online() {
    let (mut stage, mut connection) = Stage::online().await;
    let began = Instant::now();
    for _ in 0..8 {
        stage.client.typing(room());
        stage.client.start_view().await.unwrap();
        advance(Duration::from_millis(500)).await;
    }
    stage.client.set(room(), Setting::Favourite(true)).await.unwrap();
    let mut told = 0;
    while let ClientFrame::Typing(typing) = connection.hear().await {
        assert_eq!(typing.room, room());
        told += 1;
    }
    assert_eq!(told, 2);
    assert_eq!(began.elapsed(), Duration::from_secs(4));
    stage.client.typing(uuid::Uuid::nil().into());
    stage.client.wake();
    assert!(matches!(connection.hear().await, ClientFrame::Ping(_)), "nobody is in that room");
    drop(connection);
    stage.until(ConnectionView::Connecting).await;
    advance(Duration::from_secs(3)).await;
    stage.client.typing(room());
    let mut again = stage.connection().await;
    again.welcome().await;
    stage.until(ConnectionView::Syncing).await;
    stage.client.typing(room());
    stage.client.wake();
    assert!(matches!(again.hear().await, ClientFrame::Ping(_)), "not before everything is here");
    again.say(json!({"type": "synced"})).await;
    stage.until(ConnectionView::Online).await;
    stage.client.typing(room());
    again.set().await;
    assert!(matches!(again.hear().await, ClientFrame::Typing(_)), "what was not told does not count");
}

#[tokio::test(start_paused = true)]
async fn how_one_wants_to_be_seen_is_told_after_every_connect() {
    let (mut stage, mut connection) = Stage::online().await;
    stage.client.availability(Availability::Away);
    let told =
        |frame| matches!(frame, ClientFrame::Presence(presence) if presence.state == Availability::Away);
    assert!(told(connection.hear().await));
    connection.close(4012).await;
    let mut again = stage.connection().await;
    again.welcome_back().await;
    assert!(told(again.hear().await));
}

#[tokio::test(start_paused = true)]
async fn a_drain_brings_the_client_back_within_its_span_and_loses_nothing() {
    let (mut stage, mut connection) = Stage::online().await;
    let began = Instant::now();
    let first = stage.client.send(room(), "in flight".into()).await.unwrap();
    connection.sent().await;
    connection.say(json!({"type": "drain", "within_ms": 5_000})).await;
    let second = stage.client.send(room(), "after it".into()).await.unwrap();
    assert_eq!(connection.ends().await, []);
    assert!(began.elapsed() <= Duration::from_secs(5));
    let mut again = stage.connection().await;
    assert!(began.elapsed() <= Duration::from_secs(5), "at once, at the moment that was drawn");
    again.welcome_back().await;
    for (seq, id) in [(4, first), (5, second)] {
        assert_eq!(again.sent().await.id, id);
        again.accept_message(id, seq).await;
    }
    stage.shows(&["in flight Sent", "after it Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_booking_is_called_off() {
    let (stage, _connection) = Stage::online().await;
    let booking = uuid::Uuid::from_u128(5).into();
    let refused = stage.client.cancel_booking(booking).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound, "as this stage answers");
    assert_eq!(stage.desk.asked(&format!("/bookings/{booking}/cancel")), 1);
}
