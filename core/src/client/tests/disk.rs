//! A disk that refuses: nothing counts as done that is not stored.

use super::connection::theirs;
use super::stage::{Stage, me, room};
use rusqlite::Connection;
use tokio::time::Instant;
use tripchat_protocol::{ClientFrame, ErrorCode};

/// The disk under the account's database, and what it refuses for as long as this lives.
struct Full(Connection);

impl Full {
    /// From here on it refuses what is done to a table.
    fn for_every(stage: &Stage, what: &str) -> Self {
        let is_accounts =
            |path: &std::path::PathBuf| path.to_string_lossy().ends_with(&format!("-{}.db", me()));
        let disk = Connection::open(stage.files().into_iter().find(is_accounts).unwrap()).unwrap();
        let refuse = format!("CREATE TRIGGER refuse BEFORE {what} BEGIN SELECT RAISE(ABORT, 'full'); END");
        disk.execute_batch(&refuse).unwrap();
        Self(disk)
    }
}

impl Drop for Full {
    fn drop(&mut self) {
        self.0.execute_batch("DROP TRIGGER refuse").unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_stored_ends_the_connection_and_comes_again() {
    let (mut stage, mut connection) = Stage::online().await;
    let full = Full::for_every(&stage, "INSERT ON message");
    let began = Instant::now();
    connection.change(4, theirs(1, 4, "hello")).await;
    assert_eq!(connection.ends().await, []);
    assert_eq!(began.elapsed().as_secs(), 0, "at once");
    drop(full);
    let mut again = stage.connection().await;
    let hello = again.welcome_back().await;
    assert_eq!(hello.rooms[&room()].1.0, 3);
    again.change(4, theirs(1, 4, "hello")).await;
    stage.shows(&["hello Sent"]).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_written_and_cannot_be_stored_is_refused_and_not_sent() {
    let (stage, mut connection) = Stage::online().await;
    let full = Full::for_every(&stage, "INSERT ON outbox");
    let refused = stage.client.send(room(), "hello".into()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::LocalStorage);
    stage.client.wake();
    assert!(matches!(connection.hear().await, ClientFrame::Ping(_)), "nothing was sent before it");
    drop(full);
    let id = stage.client.send(room(), "hello".into()).await.unwrap();
    assert_eq!(connection.sent().await.id, id);
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_before_it_is_stored_that_it_was_attempted() {
    let (stage, mut connection) = Stage::online().await;
    let full = Full::for_every(&stage, "UPDATE OF attempted ON outbox");
    let id = stage.client.send(room(), "hello".into()).await.unwrap();
    stage.client.wake();
    assert!(matches!(connection.hear().await, ClientFrame::Ping(_)), "nothing was sent before it");
    drop(full);
    assert_eq!(connection.sent().await.id, id);
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_result_cannot_be_stored_is_sent_again_under_the_same_id() {
    let (mut stage, mut connection) = Stage::online().await;
    let id = stage.client.send(room(), "hello".into()).await.unwrap();
    assert_eq!(connection.sent().await.id, id);
    let full = Full::for_every(&stage, "INSERT ON message");
    connection.accept_message(id, 4).await;
    connection.ends().await;
    assert_eq!(stage.rows().await, ["hello Waiting"]);
    drop(full);
    let mut again = stage.connection().await;
    again.welcome_back().await;
    assert_eq!(again.sent().await.id, id);
    again.accept_message(id, 4).await;
    stage.shows(&["hello Sent"]).await;
}
