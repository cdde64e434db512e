//! What is shown as sent was stored, and was stored once, whatever breaks in between.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tripchat_core::view::{Place, SendState};
use tripchat_protocol::{RoomId, ServerFrame};
use tripchat_runtime::Sources;
use tripchat_tests::{Person, Raw, World, on_both};

async fn result_of(raw: &mut Raw, id: &str) -> Result<(i64, bool)> {
    let id = id.parse()?;
    raw.until(|frame| match frame {
        ServerFrame::Ok(done) if done.id == Some(id) => {
            Some((done.seq.map_or(0, |seq| seq.0), done.duplicate))
        }
        _ => None,
    })
    .await
}

/// A message for the wire.
fn on_my_way(id: &str, room: &str) -> Value {
    json!({"type": "send", "id": id, "room": room, "written_at": 5, "body": {"kind": "TEXT", "text": "on my way"}})
}

/// Until the app shows one waiting message.
async fn until_waiting(person: &Person, room: RoomId) -> Result<()> {
    person
        .until("one waiting message", |client| async move {
            let mut rows = client.timeline(room, Place::Newest, 50).await?.rows;
            rows.retain(|row| !row.silent);
            Ok((rows.len() == 1 && rows[0].state == SendState::Waiting).then_some(()))
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeat_returns_the_first_result() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let (_, room) = driver.trip(&world.trip()).await?;
        driver.connect().await?;
        let id = Sources::system().uuid().to_string();
        let send = on_my_way(&id, &room);
        driver.say(&send).await?;
        let (seq, duplicate) = result_of(&mut driver, &id).await?;
        assert!(!duplicate);
        for _ in 0..3 {
            driver.say(&send).await?;
            assert_eq!(result_of(&mut driver, &id).await?, (seq, true));
        }
        // The same id for something else is refused, and changes nothing.
        let mut other = send.clone();
        other["body"]["text"] = json!("something else");
        driver.say(&other).await?;
        let code = driver
            .until(|frame| if let ServerFrame::Error(failure) = frame { Some(failure.code) } else { None })
            .await?;
        assert_eq!(code, tripchat_protocol::ErrorCode::IdConflict);
        assert_eq!(world.server.stored(room.parse()?).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_message_on_ten_connections_at_once_is_one() -> Result<()> {
    on_both(|world| async move {
        let driver = world.raw("Aigerim").await?;
        let (_, room) = driver.trip(&world.trip()).await?;
        let id = Sources::system().uuid().to_string();
        let send = on_my_way(&id, &room);
        let at_once = (0..10).map(|_| {
            let (send, id) = (send.clone(), id.clone());
            let mut twin = driver.twin();
            async move {
                twin.connect().await?;
                twin.say(&send).await?;
                result_of(&mut twin, &id).await
            }
        });
        let results = futures_util::future::join_all(at_once).await;
        let results = results.into_iter().collect::<Result<Vec<_>>>()?;
        assert_eq!(results.iter().filter(|(_, duplicate)| !duplicate).count(), 1, "{results:?}");
        assert!(results.iter().all(|(seq, _)| *seq == results[0].0), "{results:?}");
        assert_eq!(world.server.stored(room.parse()?).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_is_lost_and_the_message_is_not_doubled() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, room) = world.ride().await?;
        passenger.road.close_before(&[r#""type":"ok""#]);
        let id = passenger.say(room, "at the exit").await?;
        driver.until_reads(room, &["at the exit"]).await?;
        passenger.road.until_broken().await;
        passenger.road.open();
        passenger.until_reads(room, &["at the exit"]).await?;
        driver.until_reads(room, &["at the exit"]).await?;
        assert_eq!(world.server.stored(room).await?, [id]);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_dies_between_commit_and_answer() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, room) = world.ride().await?;
        // Neither the answer nor the echo reaches the app; the message is committed when the driver reads it.
        passenger.road.close_before(&[r#""type":"ok""#, "at the exit"]);
        let id = passenger.say(room, "at the exit").await?;
        driver.until_reads(room, &["at the exit"]).await?;
        passenger.road.until_broken().await;
        world.server.kill();
        passenger.road.open();
        until_waiting(&passenger, room).await?;
        assert_eq!(world.server.stored(room).await?, std::slice::from_ref(&id));
        world.server.restart().await?;
        passenger.until_reads(room, &["at the exit"]).await?;
        driver.until_reads(room, &["at the exit"]).await?;
        assert_eq!(world.server.stored(room).await?, [id]);
        Ok(())
    })
    .await
}

/// As above for a client that knows nothing but its own id: it repeats before it has read anything back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeat_after_the_server_died_returns_the_first_result() -> Result<()> {
    on_both(|mut world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let (_, room) = driver.trip(&world.trip()).await?;
        driver.connect().await?;
        let id = Sources::system().uuid().to_string();
        let send = on_my_way(&id, &room);
        driver.say(&send).await?;
        let (seq, _) = result_of(&mut driver, &id).await?;
        world.server.kill();
        world.server.restart().await?;
        driver.connect().await?;
        driver.say(&send).await?;
        assert_eq!(result_of(&mut driver, &id).await?, (seq, true));
        assert_eq!(world.server.stored(room.parse()?).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_app_dies_between_outbox_and_answer() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, mut passenger, room) = world.ride().await?;
        // Once before anything left the device …
        passenger.road.close();
        let first = passenger.say(room, "first").await?;
        passenger.reopen();
        until_waiting(&passenger, room).await?;
        passenger.road.open();
        passenger.until_reads(room, &["first"]).await?;
        driver.until_reads(room, &["first"]).await?;
        // … and once after the server had stored it.
        passenger.road.close_before(&[r#""type":"ok""#, "second"]);
        let second = passenger.say(room, "second").await?;
        // The answer to a mark may come first and break the road before the message has left: it goes later then.
        passenger.road.until_broken().await;
        passenger.reopen();
        passenger.road.open();
        passenger.until_reads(room, &["first", "second"]).await?;
        driver.until_reads(room, &["first", "second"]).await?;
        assert_eq!(world.server.stored(room).await?, [first, second]);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_offline_arrives_in_its_order() -> Result<()> {
    let mut world = World::new().await?;
    let (driver, passenger, room) = world.ride().await?;
    world.server.kill();
    let mut written = Vec::new();
    for number in 0..40 {
        written.push(passenger.say(room, &format!("line {number}")).await?);
    }
    let rows = passenger.rows(room).await?;
    assert!(rows.iter().all(|row| row.state == SendState::Waiting && row.seq.is_none()));
    world.server.restart().await?;
    let texts: Vec<String> = (0..40).map(|number| format!("line {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    driver.until_reads(room, &texts).await?;
    passenger.until_reads(room, &texts).await.context("the writer's own view")?;
    assert_eq!(world.server.stored(room).await?, written);
    Ok(())
}
