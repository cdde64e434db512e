//! A message is changed, or taken away: by its writer alone, against a named version, and for everybody.

use anyhow::{Context, Result};
use serde_json::json;
use tripchat_protocol::{Body, ErrorCode, Seq};
use tripchat_tests::on_both;
use tripchat_tests::talk::{RawRide, delete, edit, text, uuid, words};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_names_the_version_that_it_replaces() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, .. } = RawRide::on(&world).await?;
        let said = text(&room, "at exit 2");
        let sent = driver.does(&said).await?;
        let id = &said["id"];
        let first = driver.does(&edit(&room, id, 0, "  at exit 3 ")).await?;
        assert!(first.rev > sent.rev, "{first:?} after {sent:?}");
        let seen = passenger.until_message(|it| it.edit_no == 1).await?;
        assert_eq!((words(&seen), Some(seen.seq)), ("at exit 3", sent.seq), "its place stays");
        assert!(seen.edited_at.is_some_and(|at| at >= seen.at));

        // Made for a version that is gone: the writer is told. Unless it says the same: then it is done.
        assert_eq!(driver.fails(&edit(&room, id, 0, "at exit 4")).await?, ErrorCode::Conflict);
        assert_eq!(driver.fails(&edit(&room, id, 2, "at exit 4")).await?, ErrorCode::Conflict);
        let again = driver.does(&edit(&room, id, 0, "at exit 3")).await?;
        assert!(again.rev.is_none_or(|rev| Some(rev) == first.rev), "nothing changed: {again:?}");
        driver.does(&edit(&room, id, 1, "at exit 5")).await?;
        let seen = passenger.until_message(|it| it.edit_no > 1).await?;
        assert_eq!((words(&seen), seen.edit_no), ("at exit 5", 2));

        for bad in ["", " \n ", "a\u{0}b"] {
            assert_eq!(driver.fails(&edit(&room, id, 2, bad)).await?, ErrorCode::MessageRefused, "{bad:?}");
        }
        assert_eq!(driver.fails(&edit(&room, id, 2, &"🚌".repeat(4_001))).await?, ErrorCode::TooLarge);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleting_wins_and_can_be_repeated() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, .. } = RawRide::on(&world).await?;
        let said = text(&room, "my number is 12345");
        let sent = driver.does(&said).await?;
        driver.does(&edit(&room, &said["id"], 0, "my number is 54321")).await?;
        driver.does(&delete(&room, &said["id"])).await?;
        let seen = passenger.until_message(|it| it.body == Body::Deleted).await?;
        assert_eq!(Some(seen.seq), sent.seq, "its place stays");
        driver.does(&delete(&room, &said["id"])).await?;
        assert_eq!(driver.fails(&edit(&room, &said["id"], 1, "back")).await?, ErrorCode::Gone);
        assert_eq!(driver.fails(&edit(&room, &said["id"], 2, "back")).await?, ErrorCode::Gone);
        // What it said is nowhere on the wire any more.
        let history = passenger.get(&format!("/api/v1/rooms/{room}/messages")).await?;
        assert!(!history.body.to_string().contains("my number"), "{:?}", history.body);
        passenger.say(&json!({"type": "catch_up", "stream": format!("room:{room}")})).await?;
        for page in passenger.until_pages(format!("room:{room}").parse()?).await? {
            assert!(!serde_json::to_string(&page)?.contains("my number"));
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_its_writer_changes_a_message() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, .. } = RawRide::on(&world).await?;
        let said = text(&room, "at exit 2");
        driver.does(&said).await?;
        passenger.until_message(|it| words(it) == "at exit 2").await?;
        assert_eq!(passenger.fails(&edit(&room, &said["id"], 0, "at exit 9")).await?, ErrorCode::Forbidden);
        assert_eq!(passenger.fails(&delete(&room, &said["id"])).await?, ErrorCode::Forbidden);
        // Somebody from elsewhere learns nothing, not even that there is such a room.
        let mut stranger = world.raw("Nurlan").await?;
        stranger.connect().await?;
        for room in [room.clone(), uuid()] {
            assert_eq!(stranger.fails(&edit(&room, &said["id"], 0, "x")).await?, ErrorCode::RoomNotFound);
            assert_eq!(stranger.fails(&delete(&room, &said["id"])).await?, ErrorCode::RoomNotFound);
        }
        let history = passenger.get(&format!("/api/v1/rooms/{room}/messages")).await?;
        // After the note that they came.
        assert_eq!(history.body["messages"][1]["body"]["text"], json!("at exit 2"));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeat_returns_the_first_result_whatever_has_changed_since() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, booking, .. } = RawRide::on(&world).await?;
        let said = text(&room, "on my way");
        let sent = passenger.does(&said).await?;
        let is_repeat = |again: tripchat_protocol::frame::Done| {
            assert!(again.duplicate);
            assert_eq!((again.seq, again.at), (sent.seq, sent.at));
        };
        passenger.does(&edit(&room, &said["id"], 0, "I am late")).await?;
        is_repeat(passenger.does(&said).await?);
        passenger.does(&delete(&room, &said["id"])).await?;
        is_repeat(passenger.does(&said).await?);
        let out = driver.post(&format!("/api/v1/bookings/{booking}/cancel"), &json!({})).await?;
        assert_eq!(out.status, 200, "{out:?}");
        is_repeat(passenger.does(&said).await?);
        // The first request is what counts, not what the message says now.
        let mut other = said.clone();
        other["body"]["text"] = json!("I am late");
        assert_eq!(passenger.fails(&other).await?, ErrorCode::IdConflict);
        assert_eq!(passenger.fails(&text(&room, "more")).await?, ErrorCode::NotParticipant);
        let stored = world.server.stored(room.parse()?).await?;
        assert_eq!(stored.len(), 1, "{stored:?}");
        driver.until_message(|it| it.body == Body::Deleted).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_worth_nothing_any_more_is_not_sent() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, room, .. } = RawRide::on(&world).await?;
        let mut said = text(&room, "leaving in a minute");
        said["send_by"] = json!(world.sources.now() - 1);
        assert_eq!(driver.fails(&said).await?, ErrorCode::TooLate);
        said["send_by"] = json!(world.sources.now() + 60_000);
        let sent = driver.does(&said).await?;
        // It was in time once: a repeat is answered, however late it comes.
        said["send_by"] = json!(world.sources.now() - 1);
        let again = driver.does(&said).await?;
        assert_eq!((again.duplicate, again.seq), (true, sent.seq));
        assert_eq!(world.server.stored(room.parse()?).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connections_operations_are_taken_in_their_order() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, room, .. } = RawRide::on(&world).await?;
        let mut said = Vec::new();
        for number in 0..40 {
            let line = text(&room, &format!("line {number}"));
            driver.say(&line).await?;
            driver.say(&edit(&room, &line["id"], 0, &format!("edited {number}"))).await?;
            said.push(line["id"].as_str().context("no id")?.to_owned());
        }
        let mut answered = Vec::new();
        driver
            .until(|frame| match frame {
                tripchat_protocol::ServerFrame::Ok(done) => {
                    answered.push(done.clone());
                    (answered.len() == 80).then_some(())
                }
                tripchat_protocol::ServerFrame::Error(failure) => panic!("{failure:?}"),
                _ => None,
            })
            .await?;
        let sent: Vec<(String, Option<Seq>)> = answered
            .iter()
            .filter(|done| done.seq.is_some())
            .filter_map(|done| Some((done.id?.to_string(), done.seq)))
            .filter(|(id, _)| said.contains(id))
            .collect();
        assert!(sent.iter().map(|(id, _)| id).eq(&said), "answered in the order of asking");
        assert!(sent.is_sorted_by(|one, next| one.1 < next.1), "and stored in it");
        let history = driver.get(&format!("/api/v1/rooms/{room}/messages?limit=100")).await?;
        let texts = history.body["messages"].as_array().context("no messages")?;
        // After the note that they came.
        let texts = texts.iter().skip(1).enumerate();
        assert!(texts.into_iter().all(|(number, it)| it["body"]["text"] == format!("edited {number}")));
        Ok(())
    })
    .await
}
