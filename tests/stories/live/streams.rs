//! What a connection is told of its streams: what was lost on the way, what is no longer its own, what is behind.

use super::operations::epoch_of;
use super::{restarted, said, say, until_said};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use tripchat_protocol::ServerFrame;
use tripchat_protocol::frame::{RoomHead, close};
use tripchat_runtime::Sources;
use tripchat_tests::talk::{answer, book, uuid};
use tripchat_tests::{Database, Raw, Server, World};

/// Another node on the same database hands out no hints: for this one they are all lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_hints_are_healed_the_last_one_too_and_heads_are_told() -> Result<()> {
    let mut world = World::new().await?;
    restarted(&mut world, |config| config.heads_every_ms = 200).await?;
    let mut driver = world.raw("Aigerim").await?;
    let (trip, room) = driver.trip(&world.trip()).await?;
    driver.connect().await?;
    let data = world.server.config.data.clone();
    let other = Server::start(data, Database::Sqlite, Sources::system()).await?;
    let mut passenger = Raw::register(&other.url(), "Daniyar").await?;
    let mut elsewhere = driver.twin();
    elsewhere.url = other.url();
    book(&elsewhere, &passenger, &trip).await?;
    passenger.connect().await?;
    say(&mut passenger, &room, "the only one").await?;
    until_said(&mut driver, "the only one").await?;
    let stream = format!("room:{room}").parse()?;
    let head = driver
        .until(|frame| match frame {
            ServerFrame::Heads(heads) => heads.streams.get(&stream).copied(),
            _ => None,
        })
        .await?;
    // A room that one was let into unheard is found as well.
    let (trip, room) = elsewhere.trip(&world.trip()).await?;
    book(&elsewhere, &passenger, &trip).await?;
    say(&mut passenger, &room, "in the other room").await?;
    until_said(&mut driver, "in the other room").await?;
    // And a session that was ended elsewhere ends here.
    ensure!(elsewhere.post("/api/v1/auth/sign-out", &json!({})).await?.status == 204);
    let (code, _) = driver.until_closed().await?;
    assert_eq!(code, Some(close::REVOKED));
    assert!(head.1.0 > 3, "{head:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_tell_of_changes_that_were_sent_too() -> Result<()> {
    let mut world = World::new().await?;
    restarted(&mut world, |config| config.heads_every_ms = 200).await?;
    let mut driver = world.raw("Aigerim").await?;
    let (_, room) = driver.trip(&world.trip()).await?;
    driver.connect().await?;
    let stream = format!("room:{room}").parse()?;
    for line in ["one", "two"] {
        say(&mut driver, &room, line).await?;
        let mut rev = None;
        let told = driver
            .until(|frame| match frame {
                ServerFrame::Change(change) => {
                    rev = Some(change.rev);
                    None
                }
                ServerFrame::Heads(heads) => heads.streams.get(&stream).copied(),
                _ => None,
            })
            .await?;
        // The change may have come before the answer.
        assert!(rev.is_none_or(|rev| rev == told.1), "{rev:?} {told:?}");
    }
    Ok(())
}

/// The passenger's seat is called off on another node: this one hears of it only by what follows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_no_member_any_more_hears_nothing_though_the_hints_of_it_were_lost() -> Result<()> {
    let world = World::new().await?;
    let mut driver = world.raw("Aigerim").await?;
    let mut passenger = world.raw("Daniyar").await?;
    let (trip, room) = driver.trip(&world.trip()).await?;
    let booking = passenger.post(&format!("/api/v1/trips/{trip}/bookings"), &json!({"seats": 1})).await?;
    let id = booking.body["id"].as_str().context("no booking")?;
    ensure!(driver.post(&format!("/api/v1/bookings/{id}/confirm"), &json!({})).await?.status == 200);
    driver.connect().await?;
    passenger.connect().await?;
    say(&mut driver, &room, "for both").await?;
    until_said(&mut passenger, "for both").await?;
    let epoch = epoch_of(&mut driver, &room).await?;
    let data = world.server.config.data.clone();
    let other = Server::start(data, Database::Sqlite, Sources::system()).await?;
    let mut elsewhere = driver.twin();
    elsewhere.url = other.url();
    ensure!(elsewhere.post(&format!("/api/v1/bookings/{id}/cancel"), &json!({})).await?.status == 200);

    // Marks have no gap that would betray them: the node must know by their hint that it knows too little.
    let mark = json!({"type": "read", "id": uuid(), "room": room, "epoch": epoch, "seq": 4});
    driver.say(&mark).await?;
    ensure!(answer(&mut driver, &mark["id"]).await?.is_none());
    driver.say(&json!({"type": "typing", "room": room})).await?;
    say(&mut driver, &room, "for the driver alone").await?;
    let stream = format!("room:{room}").parse()?;
    let to_rev = passenger
        .until(|frame| {
            let is_lost = matches!(frame, ServerFrame::Typing(_) | ServerFrame::Marks(_));
            assert!(!is_lost && said(frame).is_none(), "{frame:?}");
            match frame {
                ServerFrame::Gone(gone) if gone.stream == stream => Some(gone.to_rev),
                _ => None,
            }
        })
        .await?;
    assert!(to_rev.is_some(), "what was theirs may be kept");
    say(&mut driver, &room, "and nothing after").await?;
    passenger.say(&json!({"type": "ping"})).await?;
    let heard = passenger
        .until(|frame| match frame {
            ServerFrame::Pong(_) => Some(None),
            ServerFrame::Change(change) if change.stream == stream => Some(Some(change.rev)),
            ServerFrame::Changes(page) if page.stream == stream => Some(Some(page.upto)),
            _ => None,
        })
        .await?;
    assert_eq!(heard, None);
    Ok(())
}

/// Rooms of ninety long messages in all: two of them fit in the first catch-up, the third does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_catch_up_ends_at_its_budget_and_the_rest_is_behind_until_asked_for() -> Result<()> {
    let mut world = World::new().await?;
    restarted(&mut world, |config| config.heads_every_ms = 200).await?;
    let mut writer = world.raw("Aigerim").await?;
    let mut rooms = Vec::new();
    for _ in 0..3 {
        rooms.push(writer.trip(&world.trip()).await?.1);
    }
    writer.connect().await?;
    let long = "🚌".repeat(4_000);
    for room in &rooms {
        for _ in 0..30 {
            say(&mut writer, room, &long).await?;
        }
    }
    let mut late = writer.twin();
    late.greet(&json!({})).await?;
    let mut heads = Vec::new();
    let mut filled = Vec::new();
    let mut bytes = 0;
    late.until(|frame| match frame {
        ServerFrame::Heads(told) => {
            heads.extend(told.rooms.iter().map(|head: &RoomHead| head.room.to_string()));
            None
        }
        ServerFrame::Changes(page) if page.stream.room().is_some() => {
            filled.extend(page.stream.room().map(|room| room.to_string()));
            let size = |object| serde_json::to_vec(object).map_or(0, |json| json.len());
            bytes += page.objects.iter().map(|change| size(&change.object)).sum::<usize>();
            None
        }
        ServerFrame::Synced(_) => Some(()),
        _ => None,
    })
    .await?;
    let newest_first: Vec<String> = rooms.iter().rev().cloned().collect();
    filled.dedup();
    assert_eq!((&heads, &filled[..]), (&newest_first, &newest_first[..2]));
    assert!(bytes > 512 * 1024 && bytes <= 1024 * 1024, "{bytes}");
    // What happens there is told by its head alone.
    let behind = rooms[0].clone();
    say(&mut writer, &behind, "are you there?").await?;
    let stream = format!("room:{behind}").parse()?;
    late.until(|frame| {
        assert_eq!(said(frame), None);
        matches!(frame, ServerFrame::Heads(told) if told.streams.contains_key(&stream)).then_some(())
    })
    .await?;
    late.say(&json!({"type": "catch_up", "stream": format!("room:{behind}")})).await?;
    until_said(&mut late, "are you there?").await?;
    say(&mut writer, &behind, "good").await?;
    let live = late
        .until(|frame| match frame {
            ServerFrame::Change(_) => said(frame),
            _ => None,
        })
        .await?;
    assert_eq!(live, "good");
    Ok(())
}
