//! Who says hello, and to whom.

use super::stage::{Stage, me};
use serde_json::json;
use tokio::time::Instant;
use tripchat_protocol::{Cursor, Epoch, Rev, VERSIONS};
use uuid::Uuid;

#[tokio::test(start_paused = true)]
async fn the_device_stays_itself_and_each_of_its_connections_is_newer() {
    let mut stage = Stage::new();
    stage.sign_in().await;
    let mut connection = stage.connection().await;
    let first = connection.welcome_with_room().await;
    assert_eq!((first.inbox, first.rooms.len()), (None, 0), "nothing is here yet");
    assert_eq!(first.versions, VERSIONS);
    connection.close(4012).await;
    let second = stage.connection().await.hello().await;
    assert_eq!((second.inbox, second.rooms.len()), (Some(Cursor(Epoch(7), Rev(1))), 1));
    stage.kill();
    let third = stage.connection().await.hello().await;
    assert_eq!([first.device, second.device], [third.device; 2]);
    assert!(first.generation < second.generation && second.generation < third.generation);
}

#[tokio::test(start_paused = true)]
async fn a_hello_names_at_most_three_hundred_rooms() {
    let mut stage = Stage::new();
    stage.sign_in().await;
    let mut connection = stage.connection().await;
    connection.welcome().await;
    for n in 1..=301 {
        connection.page(&format!("room:{}", Uuid::from_u128(n)), 0, &[(1, json!(null))]).await;
    }
    connection.say(json!({"type": "synced"})).await;
    connection.close(4012).await;
    assert_eq!(stage.connection().await.hello().await.rooms.len(), 300);
}

#[tokio::test(start_paused = true)]
async fn a_welcome_of_somebody_else_is_none() {
    let mut stage = Stage::new();
    stage.sign_in().await;
    let mut connection = stage.connection().await;
    connection.hello().await;
    let began = Instant::now();
    connection
        .say(json!({
            "type": "welcome", "version": 1, "connection": Uuid::nil(), "user": Uuid::from_u128(0xE5),
            "server_time": 1, "heartbeat_ms": 25_000, "token_expires_at": 1,
            "limits": {"text_chars": 4_000, "frame_bytes": 65_536},
        }))
        .await;
    assert_eq!(connection.ends().await, []);
    assert_eq!(began.elapsed().as_secs(), 0, "at once");
    assert!(stage.client.start_view().await.unwrap().account.is_some_and(|account| account.user == me()));
}
