//! Operations of one connection: their order, and the marks that are gathered.

use super::{say, until_said};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use tripchat_protocol::{ErrorCode, ServerFrame, UserId};
use tripchat_tests::talk::{answer, book, text, uuid};
use tripchat_tests::{Raw, World, on_both};

/// The epoch of the room, as a page of its changes says it.
pub async fn epoch_of(raw: &mut Raw, room: &str) -> Result<i64> {
    raw.say(&json!({"type": "catch_up", "stream": format!("room:{room}")})).await?;
    let stream = format!("room:{room}").parse()?;
    raw.until(|frame| match frame {
        ServerFrame::Changes(page) if page.stream == stream => Some(page.epoch.0),
        _ => None,
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marks_are_committed_at_most_once_a_second_for_a_room() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let mut passenger = world.raw("Daniyar").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        book(&driver, &passenger, &trip).await?;
        driver.connect().await?;
        passenger.connect().await?;
        for number in 0..12 {
            say(&mut driver, &room, &format!("line {number}")).await?;
        }
        until_said(&mut passenger, "line 11").await?;
        let epoch = epoch_of(&mut passenger, &room).await?;
        let began = std::time::Instant::now();
        let read = |seq: i64| json!({"type": "read", "id": uuid(), "room": room, "epoch": epoch, "seq": seq});
        // One after the other: each waits for the commit of the one before.
        for seq in 3..=5 {
            let mark = read(seq);
            passenger.say(&mark).await?;
            anyhow::ensure!(answer(&mut passenger, &mark["id"]).await?.is_none(), "{mark} was refused");
        }
        // All at once, and a message behind them.
        let frames: Vec<Value> = (6..=14).map(read).chain([text(&room, "on my way")]).collect();
        for frame in &frames {
            passenger.say(frame).await?;
        }
        let mut left = frames.len();
        passenger
            .until(|frame| {
                match frame {
                    ServerFrame::Ok(_) => left -= 1,
                    ServerFrame::Error(failure) => panic!("{failure:?}"),
                    _ => {}
                }
                (left == 0).then_some(())
            })
            .await?;
        // Two commits are at least a second apart, so that so many seconds hold at most one more.
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
        assert!(u64::try_from(numbers.len())? <= seconds + 1, "{} commits in {seconds} s", numbers.len());
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
