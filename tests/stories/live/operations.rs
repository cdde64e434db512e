//! Operations of one connection: their order, and the marks that are gathered.

use super::{board, say, text, until_said, uuid};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tripchat_protocol::{ErrorCode, ServerFrame, UserId};
use tripchat_tests::{Raw, World, on_both};

/// The epoch of the room, as a page of its changes says it.
async fn epoch_of(raw: &mut Raw, room: &str) -> Result<i64> {
    raw.say(&json!({"type": "catch_up", "stream": format!("room:{room}")})).await?;
    let stream = format!("room:{room}").parse()?;
    raw.until(|frame| match frame {
        ServerFrame::Changes(page) if page.stream == stream => Some(page.epoch.0),
        _ => None,
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marks_are_committed_at_most_once_a_second_for_a_room_and_hold_up_no_message() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let mut passenger = world.raw("Daniyar").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        board(&driver, &passenger, &trip).await?;
        driver.connect().await?;
        passenger.connect().await?;
        for number in 0..12 {
            say(&mut driver, &room, &format!("line {number}")).await?;
        }
        until_said(&mut passenger, "line 11").await?;
        let epoch = epoch_of(&mut passenger, &room).await?;
        let began = std::time::Instant::now();
        let marks: Vec<Value> = (1..=12)
            .map(|seq| json!({"type": "read", "id": uuid(), "room": room, "epoch": epoch, "seq": seq + 2}))
            .collect();
        for mark in &marks {
            passenger.say(mark).await?;
        }
        let message = text(&room, "on my way");
        passenger.say(&message).await?;
        let mut left: BTreeSet<String> =
            marks.iter().filter_map(|mark| mark["id"].as_str().map(str::to_owned)).collect();
        left.extend(message["id"].as_str().map(str::to_owned));
        passenger
            .until(|frame| {
                match frame {
                    ServerFrame::Ok(done) => drop(done.id.map(|id| left.remove(&id.to_string()))),
                    ServerFrame::Error(failure) => panic!("{failure:?}"),
                    _ => {}
                }
                left.is_empty().then_some(())
            })
            .await?;
        // Another room is not held up; this one says when everything has arrived.
        let seconds = began.elapsed().as_secs();
        let reader: UserId = passenger.user.parse()?;
        let mut numbers = Vec::new();
        driver
            .until(|frame| {
                let ServerFrame::Marks(marks) = frame else { return None };
                numbers.push(marks.marks);
                let read = marks.people.iter().find(|person| person.user == reader)?.read;
                (read.0 == 14).then_some(())
            })
            .await?;
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        assert!(u64::try_from(numbers.len())? <= seconds + 2, "{} commits in {seconds} s", numbers.len());
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_with_other_marks_gets_them_whole() -> Result<()> {
    let world = World::new().await?;
    let mut driver = world.raw("Aigerim").await?;
    let (_, room) = driver.trip(&world.trip()).await?;
    driver.connect().await?;
    say(&mut driver, &room, "one").await?;
    let epoch = epoch_of(&mut driver, &room).await?;
    let first = driver
        .until(|frame| if let ServerFrame::Marks(it) = frame { Some(it.marks.0) } else { None })
        .await?;
    let mark = json!({"type": "read", "id": uuid(), "room": room, "epoch": epoch, "seq": 4});
    driver.say(&mark).await?;
    let next = driver
        .until(|frame| if let ServerFrame::Marks(it) = frame { Some(it.marks.0) } else { None })
        .await?;
    assert_eq!(next, first + 1);
    for (named, followed) in [(first, true), (next, false)] {
        let stream = format!("room:{room}");
        driver
            .say(&json!({"type": "catch_up", "stream": stream, "since": [epoch, 4], "marks": named}))
            .await?;
        driver.say(&json!({"type": "ping"})).await?;
        let mut marks = Vec::new();
        driver
            .until(|frame| match frame {
                ServerFrame::Marks(it) => {
                    marks.push(it.marks.0);
                    None
                }
                ServerFrame::Pong(_) => Some(()),
                _ => None,
            })
            .await?;
        assert_eq!(marks, if followed { vec![next] } else { vec![] });
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operations_of_a_connection_are_done_in_the_order_of_their_arrival() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let (_, room) = driver.trip(&world.trip()).await?;
        driver.connect().await?;
        let first = text(&room, "gate 3");
        let edit = |edit_no: u32, line: &str| {
            let body = json!({"kind": "TEXT", "text": line});
            json!({"type": "edit", "id": uuid(), "room": room, "message": first["id"], "edit_no": edit_no, "body": body})
        };
        let delete = json!({"type": "delete", "id": uuid(), "room": room, "message": first["id"]});
        let frames =
            [first.clone(), edit(0, "gate 4"), edit(1, "gate 5"), delete, edit(2, "gate 6"), text(&room, "bye")];
        for frame in &frames {
            driver.say(frame).await?;
        }
        let mut answers = Vec::new();
        driver
            .until(|frame| {
                match frame {
                    ServerFrame::Ok(done) => answers.push((done.id, None)),
                    ServerFrame::Error(failure) => answers.push((failure.id, Some(failure.code))),
                    _ => {}
                }
                (answers.len() == frames.len()).then_some(())
            })
            .await?;
        let mut wanted = Vec::new();
        for (number, frame) in frames.iter().enumerate() {
            let id = frame["id"].as_str().context("no id")?.parse()?;
            wanted.push((Some(id), (number == 4).then_some(ErrorCode::Gone)));
        }
        assert_eq!(answers, wanted);
        Ok(())
    })
    .await
}
