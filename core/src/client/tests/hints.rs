//! Who is writing, and who is there.

use super::connection::theirs;
use super::patience::Patience;
use super::stage::{Stage, me, room};
use crate::event::ClientEvent;
use crate::view::ConnectionView;
use serde_json::json;
use tripchat_protocol::{Presence, RoomId};
use uuid::Uuid;

fn bek() -> Uuid {
    Uuid::from_u128(0xC3)
}

/// Waits until the room's row says that these write.
async fn writing(stage: &Stage, wanted: &[&str]) {
    let mut events = Patience::with(&stage.client);
    while stage.client.inbox().await.unwrap()[0].typing != wanted {
        events.next().await;
    }
}

#[tokio::test(start_paused = true)]
async fn typing_is_shown_for_six_seconds_and_cleared_by_the_persons_message() {
    let (stage, mut connection) = Stage::online().await;
    let typing = |user| json!({"type": "typing", "room": room(), "user": user});
    connection.say(typing(me().0)).await;
    connection.say(typing(bek())).await;
    let began = tokio::time::Instant::now();
    writing(&stage, &["Bek"]).await;
    assert_eq!(stage.client.room(room()).await.unwrap().typing, ["Bek"]);
    writing(&stage, &[]).await;
    assert_eq!(began.elapsed().as_secs(), 6);
    connection.say(typing(bek())).await;
    writing(&stage, &["Bek"]).await;
    let began = tokio::time::Instant::now();
    connection.change(4, theirs(1, 4, "there")).await;
    writing(&stage, &[]).await;
    assert_eq!(began.elapsed().as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn writing_is_shown_only_in_rooms_that_one_is_or_was_in() {
    let (stage, mut connection) = Stage::online().await;
    let mut events = stage.client.subscribe();
    let elsewhere = Uuid::from_u128(0xB9);
    connection.say(json!({"type": "typing", "room": elsewhere, "user": bek()})).await;
    connection.say(json!({"type": "typing", "room": room(), "user": bek()})).await;
    writing(&stage, &["Bek"]).await;
    let told = std::iter::from_fn(|| events.try_recv().ok());
    let rooms: Vec<RoomId> =
        told.filter_map(|it| if let ClientEvent::Room { room } = it { Some(room) } else { None }).collect();
    assert_eq!(rooms, [room()]);
}

#[tokio::test(start_paused = true)]
async fn presence_is_shown_as_told_and_lost_with_the_connection() {
    let (mut stage, mut connection) = Stage::online().await;
    let presence = async |stage: &Stage| stage.client.inbox().await.unwrap()[0].presence;
    assert_eq!(presence(&stage).await, Some(Presence::Offline));
    let mut events = Patience::with(&stage.client);
    connection.say(json!({"type": "presence", "people": {bek().to_string(): "online"}})).await;
    while presence(&stage).await != Some(Presence::Online) {
        events.next().await;
    }
    let bek_is = stage.client.room(room()).await.unwrap().members[0].presence;
    assert_eq!(bek_is, Presence::Online);
    connection.close(4012).await;
    stage.until(ConnectionView::Connecting).await;
    assert_eq!(presence(&stage).await, Some(Presence::Offline));
    let mut connection = stage.connection().await;
    connection.welcome_back().await;
    stage.until(ConnectionView::Online).await;
    assert_eq!(presence(&stage).await, Some(Presence::Offline), "nobody has told yet");
}
