//! Notifications: once for what is new, unread and not on the screen.

use super::connection::{Connection, message, room_stream, theirs};
use super::marks::marks;
use super::patience::{LIMIT, Patience};
use super::stage::{Stage, me, room};
use crate::event::ClientEvent;
use crate::view::ConnectionView;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::time::timeout;
use uuid::Uuid;

/// The next thing that the shell is told to do about notifications.
async fn next(events: &mut Receiver<ClientEvent>) -> String {
    loop {
        match timeout(LIMIT, events.recv()).await.expect("it never came").unwrap() {
            ClientEvent::Notify { notice } => {
                return format!(
                    "{}: {} ({})",
                    notice.author_name,
                    notice.text.unwrap_or_default(),
                    notice.unread
                );
            }
            ClientEvent::Withdraw { .. } => return "withdrawn".into(),
            _ => {}
        }
    }
}

/// What was told so far.
fn told(events: &mut Receiver<ClientEvent>) -> Vec<ClientEvent> {
    let is_notice =
        |it: &ClientEvent| matches!(it, ClientEvent::Notify { .. } | ClientEvent::Withdraw { .. });
    std::iter::from_fn(|| events.try_recv().ok()).filter(is_notice).collect()
}

async fn hears(stage: &Stage, connection: &mut Connection, seq: i64, text: &str) {
    connection.change(seq, theirs(u128::try_from(seq).unwrap(), seq, text)).await;
    let mut events = Patience::with(&stage.client);
    while stage.rows().await.last() != Some(&format!("{text} Sent")) {
        events.next().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_is_told_once_and_withdrawn_when_it_is_read_elsewhere() {
    let (mut stage, mut connection) = Stage::online().await;
    let mut events = stage.client.subscribe();
    hears(&stage, &mut connection, 4, "hello").await;
    assert_eq!(next(&mut events).await, "Bek: hello (1)");
    hears(&stage, &mut connection, 5, "there").await;
    assert_eq!(next(&mut events).await, "Bek: there (2)");
    connection.change(6, message(Uuid::from_u128(9), me().0, 6, "mine")).await;
    stage.shows(&["hello Sent", "there Sent", "mine Sent"]).await;
    assert_eq!(told(&mut events), []);
    stage.kill();
    let mut events = stage.client.subscribe();
    let mut connection = stage.connection().await;
    connection.welcome_back().await;
    connection.change(7, theirs(4, 4, "never seen")).await;
    stage.until(ConnectionView::Online).await;
    connection.say(marks(1, (7, 7), (7, 7))).await;
    assert_eq!(next(&mut events).await, "withdrawn", "and not told again after a restart");
}

#[tokio::test(start_paused = true)]
async fn what_is_on_the_screen_muted_or_archived_is_not_told() {
    let (stage, mut connection) = Stage::online().await;
    let mut events = stage.client.subscribe();
    stage.client.visible(Some(room()));
    hears(&stage, &mut connection, 4, "seen").await;
    stage.client.visible(None);
    let stream = format!("user:{}", me());
    for (rev, set) in [
        (2, json!({"muted_until": 1_800_000_000_001_i64})),
        (3, json!({"archived": true})),
        (4, json!({"muted_until": 1_799_999_999_999_i64})),
    ] {
        let mut membership = json!({
            "kind": "membership", "room": room(), "room_type": "TRIP", "role": "MEMBER", "state": "current",
            "from_rev": 1, "to_rev": null,
        });
        membership.as_object_mut().unwrap().extend(set.as_object().unwrap().clone());
        connection
            .say(json!({"type": "change", "stream": stream, "epoch": 7, "rev": rev, "object": membership}))
            .await;
        hears(&stage, &mut connection, rev + 3, &format!("m{rev}")).await;
    }
    assert_eq!(next(&mut events).await, "Bek: m4 (4)", "the first that is told");
    assert_eq!(told(&mut events), []);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_five_hundred_is_one_notification_and_what_was_read_elsewhere_is_none() {
    let (mut stage, mut connection) = Stage::online().await;
    connection.close(4012).await;
    let mut events = stage.client.subscribe();
    let mut connection = stage.connection().await;
    connection.welcome().await;
    for (from, more) in [(3, true), (203, true), (403, false)] {
        let upto = if more { from + 200 } else { 503 };
        let objects: Vec<_> = (from + 1..=upto)
            .map(|seq| json!({"rev": seq, "object": theirs(u128::try_from(seq).unwrap(), seq, "x")}))
            .collect();
        connection
            .say(json!({
                "type": "changes", "stream": room_stream(), "epoch": 7, "from": from, "upto": upto,
                "objects": objects, "more": more,
            }))
            .await;
    }
    connection.say(marks(1, (503, 503), (500, 500))).await;
    connection.say(json!({"type": "synced"})).await;
    assert_eq!(next(&mut events).await, "Bek: x (3)");
    assert_eq!(told(&mut events), []);
}

#[tokio::test(start_paused = true)]
async fn between_the_pages_of_a_catch_up_nothing_is_told() {
    let (stage, mut connection) = Stage::online().await;
    let mut events = stage.client.subscribe();
    for (seq, text, more) in [(4, "one", true), (5, "two", false)] {
        let object = theirs(u128::try_from(seq).unwrap(), seq, text);
        connection
            .say(json!({
                "type": "changes", "stream": room_stream(), "epoch": 7, "from": seq - 1, "upto": seq,
                "objects": [{"rev": seq, "object": object}], "more": more,
            }))
            .await;
        let shown = ["one Sent", "two Sent"];
        stage.shows(if more { &shown[..1] } else { &shown }).await;
    }
    assert_eq!(next(&mut events).await, "Bek: two (2)");
    assert_eq!(told(&mut events), []);
}

#[tokio::test(start_paused = true)]
async fn a_fresh_device_is_not_told_of_what_is_old() {
    let mut stage = Stage::new();
    let mut events = stage.client.subscribe();
    stage.sign_in().await;
    let mut connection = stage.connection().await;
    connection.welcome_with_room_and(&[(4, theirs(4, 4, "old"))]).await;
    stage.until(ConnectionView::Online).await;
    assert_eq!(stage.client.inbox().await.unwrap()[0].unread, 1);
    hears(&stage, &mut connection, 5, "new").await;
    assert_eq!(next(&mut events).await, "Bek: new (2)");
}

#[tokio::test(start_paused = true)]
async fn a_deleted_message_is_withdrawn() {
    let (stage, mut connection) = Stage::online().await;
    let mut events = stage.client.subscribe();
    hears(&stage, &mut connection, 4, "oops").await;
    assert_eq!(next(&mut events).await, "Bek: oops (1)");
    let mut deleted = theirs(4, 4, "");
    deleted["body"] = json!({"kind": "DELETED"});
    connection.change(5, deleted).await;
    assert_eq!(next(&mut events).await, "withdrawn");
}

#[tokio::test(start_paused = true)]
async fn signing_out_leaves_no_notification_on_the_screen() {
    let (stage, mut connection) = Stage::online().await;
    let mut events = stage.client.subscribe();
    hears(&stage, &mut connection, 4, "hello").await;
    assert_eq!(next(&mut events).await, "Bek: hello (1)");
    stage.client.sign_out(true).await.unwrap();
    assert_eq!(next(&mut events).await, "withdrawn");
}
