//! The data is lost, and put back from a backup: who had seen what came after it comes to what is there now.

use crate::operator::program;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::path::{Path, PathBuf};
use tripchat_protocol::ErrorCode;
use tripchat_tests::talk::{RawRide, delete, refused, text};
use tripchat_tests::{PASSWORD, World, board, on_both};

/// A new file in the folder of the world's data.
fn file(world: &World, name: &str) -> PathBuf {
    world.server.config.data.with_file_name(name)
}

fn run(world: &World, command: &str, file: &Path, more: &[&str]) -> Result<String> {
    let file = file.to_str().context("a path")?;
    program(world, &[&[command, file], more].concat())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_lost_is_put_back_and_who_was_ahead_of_it_converges() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, room) = world.ride().await?;
        driver.say(room, "before the backup").await?;
        passenger.until_reads(room, &["before the backup"]).await?;
        let backup = file(&world, "backup.db");
        // Beside the running server.
        run(&world, "backup", &backup, &[])?;
        driver.say(room, "after the backup").await?;
        passenger.until_reads(room, &["before the backup", "after the backup"]).await?;
        let heads = driver.client.room(room).await?;
        world.server.kill();
        run(&world, "restore", &backup, &["--force"])?;
        world.server.restart().await?;
        // Both are told that what they have is void, and read what is there.
        passenger.until_online().await?;
        driver.until_online().await?;
        passenger.say(room, "we go on").await?;
        for person in [&driver, &passenger] {
            person
                .until("what the server has", |client| async move {
                    let page = client.timeline(room, tripchat_core::view::Place::Newest, 50).await?;
                    let mut said: Vec<String> = page.rows.into_iter().filter_map(|row| row.text).collect();
                    let first = (!said.is_empty()).then(|| said.remove(0));
                    said.sort();
                    // What the server lost is sent again by its writer, once.
                    let all = said == ["after the backup", "we go on"];
                    Ok((first.as_deref() == Some("before the backup") && all).then_some(()))
                })
                .await?;
        }
        ensure!(driver.client.room(room).await?.members.len() == heads.members.len());
        assert!(program(&world, &["verify"])?.contains("all is as it must be"));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_away_since_the_backup_does_not_come_back() -> Result<()> {
    on_both(|mut world| async move {
        let mut ride = RawRide::on(&world).await?;
        let said = text(&ride.room, "my number is 7");
        ride.driver.does(&said).await?;
        ride.driver.does(&text(&ride.room, "see you")).await?;
        let phone = ride.passenger.on_another_device().await?;
        program(&world, &["tokens", "create", "--name", "Lugar", "--scope", "trips:read"])?;
        let tokens = program(&world, &["tokens", "list"])?;
        let token = tokens.split_whitespace().next().context("no token")?;
        let backup = file(&world, "backup.db");
        run(&world, "backup", &backup, &[])?;
        program(&world, &["tokens", "revoke", token])?;
        ride.driver.does(&delete(&ride.room, &said["id"])).await?;
        assert_eq!(phone.post("/api/v1/auth/sign-out", &json!({})).await?.status, 204);
        world.server.kill();
        let told = run(&world, "restore", &backup, &["--force"])?;
        assert!(told.contains("1 messages taken away again, 2 sign-ins and tokens ended again"), "{told}");
        world.server.restart().await?;
        let history = ride.driver.get(&format!("/api/v1/rooms/{}/messages", ride.room)).await?;
        assert_eq!(history.status, 200, "{history:?}");
        let words = history.body.to_string();
        assert!(!words.contains("my number") && words.contains("see you") && words.contains("DELETED"));
        refused(&phone.get("/api/v1/sessions").await?, ErrorCode::SessionEnded)?;
        // Once more changes nothing.
        world.server.kill();
        let again = run(&world, "restore", &backup, &["--force"])?;
        assert!(again.contains("1 messages taken away again"), "{again}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_deleted_their_account_does_not_come_back_with_an_older_backup() -> Result<()> {
    on_both(|mut world| async move {
        let mut ride = RawRide::on(&world).await?;
        ride.passenger.does(&text(&ride.room, "my number is 7")).await?;
        let backup = file(&world, "backup.db");
        run(&world, "backup", &backup, &[])?;
        let deleted = ride.passenger.post("/api/v1/me/delete", &json!({"password": PASSWORD})).await?;
        assert_eq!(deleted.status, 204);
        world.server.kill();
        run(&world, "restore", &backup, &["--force"])?;
        for row in world.server.everything().await? {
            for left in ["Daniyar", "my number", ride.passenger.email.as_str()] {
                assert!(!row.contains(left), "{left}: {row}");
            }
        }
        world.server.restart().await?;
        let history = ride.driver.get(&format!("/api/v1/rooms/{}/messages", ride.room)).await?;
        assert!(history.status == 200 && history.body.to_string().contains("DELETED"), "{history:?}");
        refused(&ride.passenger.get("/api/v1/sessions").await?, ErrorCode::SessionEnded)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_overwritten_unasked_and_nothing_half_is_left() -> Result<()> {
    let mut world = World::new().await?;
    let driver = world.person("Aigerim").await?;
    let passenger = world.person("Daniyar").await?;
    let trip = driver.client.create_trip(world.trip()).await?;
    board(&driver, &passenger, &trip).await?;
    let backup = file(&world, "backup.db");
    run(&world, "backup", &backup, &[])?;
    let there = run(&world, "backup", &backup, &[]).expect_err("it is there").to_string();
    assert!(there.contains("is there already"), "{there}");
    // A server has it open.
    let open = run(&world, "restore", &backup, &["--force"]).expect_err("it runs").to_string();
    assert!(open.contains("a server has it open"), "{open}");
    world.server.kill();
    let unasked = run(&world, "restore", &backup, &[]).expect_err("it is there").to_string();
    assert!(unasked.contains("--force"), "{unasked}");
    // A backup that is damaged is told, and leaves all as it was.
    let bytes = std::fs::read(&backup)?;
    let damaged = file(&world, "damaged.db");
    std::fs::write(&damaged, [&bytes[..8_192], &vec![0x5a; 40_000][..], &bytes[48_192..]].concat())?;
    assert!(run(&world, "restore", &damaged, &["--force"]).is_err());
    std::fs::write(&damaged, "no database")?;
    assert!(run(&world, "restore", &damaged, &["--force"]).is_err());
    world.server.restart().await?;
    assert!(world.raw_stranger().get("/health/ready").await?.status == 204);
    assert!(program(&world, &["verify"])?.contains("all is as it must be"));
    assert!(program(&world, &["migrate"])?.contains("the database has version "));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_as_it_must_be_is_found_and_told() -> Result<()> {
    let mut world = World::new().await?;
    let ride = RawRide::on(&world).await?;
    drop(ride);
    let well = program(&world, &["doctor"])?;
    assert!(!well.contains("WRONG") && well.lines().count() >= 9, "{well}");
    world.server.kill();
    let path = world.server.config.data.join("tripchat.db");
    let breaks = [
        (
            "UPDATE trip SET seats_taken = seats_taken + 1",
            "trips whose seats are not those of their bookings: 1",
        ),
        ("UPDATE stream SET head = head + 1 WHERE head > 3", "streams whose last change is not there: 2"),
        (
            "DELETE FROM stream WHERE id IN (SELECT id FROM users LIMIT 1)",
            "people who have signed in and have no inbox: 1",
        ),
        (
            "UPDATE own SET read = delivered + 1",
            "marks beyond the room's last change, or read but not delivered: 4",
        ),
    ];
    let whole = std::fs::read(&path)?;
    for (sql, told) in breaks {
        std::fs::write(&path, &whole)?;
        let db = rusqlite::Connection::open(&path)?;
        db.execute_batch("PRAGMA foreign_keys = OFF")?;
        ensure!(db.execute(sql, [])? > 0, "{sql}");
        drop(db);
        let found = program(&world, &["verify"]).expect_err(sql).to_string();
        assert!(found.contains(told), "{found}");
        let found = program(&world, &["doctor"]).expect_err(sql).to_string();
        assert!(found.contains("WRONG content"), "{found}");
    }
    Ok(())
}
