//! The server's storage fails: what is shown as sent was stored, and the rest waits.

use anyhow::{Context, Result};
use tripchat_core::view::SendState;
use tripchat_tests::{World, on_both};

async fn health(world: &World) -> Result<String> {
    let raw = world.raw_stranger();
    let answer = raw.get("/health").await?;
    assert_eq!(answer.status, 200);
    answer.body["status"].as_str().map(str::to_owned).context("no status")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_makes_messages_wait_and_loses_none() -> Result<()> {
    let mut world = World::new().await?;
    let (driver, passenger, room) = world.ride().await?;
    assert_eq!(health(&world).await?, "ok");
    // From here on the server's file may not grow by more than a few pages.
    let size = std::fs::metadata(world.server.config.data.join("tripchat.db"))?.len();
    world.server.kill();
    world.server.config.max_database_bytes = Some(size + 64 * 1024);
    world.server.restart().await?;
    passenger.until_online().await?;

    let mut written = Vec::new();
    let refused = passenger.road.until_heard("STORAGE_FULL");
    tokio::pin!(refused);
    loop {
        let text = format!("{} {}", written.len(), "x".repeat(3_000));
        let id = passenger.say(room, &text).await?;
        written.push((id, text));
        anyhow::ensure!(written.len() < 100, "the disk is never full");
        let texts: Vec<&str> = written.iter().map(|(_, text)| text.as_str()).collect();
        tokio::select! {
            biased;
            () = &mut refused => break,
            sent = passenger.until_reads(room, &texts) => sent?,
        }
    }
    assert_eq!(health(&world).await?, "read_only");
    // It may have been a mark that was refused: then the last message was the last that fitted.
    let text = format!("one more {}", "x".repeat(3_000));
    written.push((passenger.say(room, &text).await?, text));
    passenger.road.until_heard("STORAGE_FULL").await;
    let acked = world.server.stored(room).await?;
    assert!(written.iter().map(|(id, _)| id).take(acked.len()).eq(&acked));
    assert!((1..=2).contains(&(written.len() - acked.len())), "{} of {}", acked.len(), written.len());
    // Refused once more, they wait all the same.
    passenger.road.until_heard("STORAGE_FULL").await;
    let rows = passenger.rows(room).await?;
    let waits: Vec<bool> = rows.iter().map(|row| row.state == SendState::Waiting).collect();
    assert_eq!(waits, (0..written.len()).map(|place| place >= acked.len()).collect::<Vec<_>>());

    world.server.kill();
    world.server.config.max_database_bytes = None;
    world.server.restart().await?;
    let texts: Vec<&str> = written.iter().map(|(_, text)| text.as_str()).collect();
    passenger.until_reads(room, &texts).await?;
    driver.until_reads(room, &texts).await?;
    let all: Vec<String> = written.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(world.server.stored(room).await?, all);
    assert_eq!(health(&world).await?, "ok");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_drops_its_connections_loses_and_doubles_nothing() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, room) = world.ride().await?;
        let (mut written, mut texts) = (Vec::new(), Vec::new());
        for round in 0..3 {
            for number in 0..10 {
                let text = format!("line {round}.{number}");
                written.push(passenger.say(room, &text).await?);
                texts.push(text);
                if number == 5 {
                    world.server.cut_database_connections().await?;
                }
            }
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            passenger.until_reads(room, &texts).await?;
            driver.until_reads(room, &texts).await?;
        }
        assert_eq!(world.server.stored(room).await?, written);
        Ok(())
    })
    .await
}
