//! Read and delivered: marks only rise, are told after they are stored, and count for all devices of a person.

use anyhow::{Context, Result};
use futures_util::future::try_join_all;
use serde_json::json;
use tripchat_protocol::frame::Marks;
use tripchat_protocol::{ErrorCode, PersonMarks, Seq, ServerFrame};
use tripchat_tests::on_both;
use tripchat_tests::talk::{RawRide, mark, text};

fn of<'a>(marks: &'a Marks, user: &str) -> Option<&'a PersonMarks> {
    marks.people.iter().find(|it| it.user.to_string() == user)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marks_only_rise_and_are_clamped_to_what_is_there() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, epoch, .. } = RawRide::on(&world).await?;
        let mut seqs = Vec::new();
        for line in ["one", "two", "three"] {
            seqs.push(driver.does(&text(&room, line)).await?.seq.context("no seq")?);
        }
        let me = passenger.user.clone();
        passenger.does(&mark("delivered", &room, epoch, seqs[1].0)).await?;
        let seen = driver.until_marks(|it| of(it, &me).is_some_and(|it| it.delivered == seqs[1])).await?;
        assert!(of(&seen, &me).is_some_and(|it| it.read < seqs[0]), "{seen:?}");

        passenger.does(&mark("read", &room, epoch, seqs[2].0)).await?;
        let seen = driver.until_marks(|it| of(it, &me).is_some_and(|it| it.read == seqs[2])).await?;
        assert_eq!(of(&seen, &me).map(|it| it.delivered), Some(seqs[2]), "what is read was delivered");

        // A lower one changes nothing, and is no change for anybody.
        driver.heard_so_far().await?;
        passenger.does(&mark("read", &room, epoch, seqs[0].0)).await?;
        passenger.does(&mark("delivered", &room, epoch, 0)).await?;
        let heard = driver.heard_so_far().await?;
        assert!(!heard.iter().any(|frame| matches!(frame, ServerFrame::Marks(_))), "{heard:?}");

        // One beyond the end is one to the end.
        passenger.does(&mark("read", &room, epoch, i64::MAX)).await?;
        driver.say(&json!({"type": "catch_up", "stream": format!("room:{room}"), "marks": 0})).await?;
        let seen = driver.until_marks(|it| it.marks > seen.marks || of(it, &me).is_some()).await?;
        assert!(
            of(&seen, &me).is_some_and(|it| it.read >= seqs[2] && it.read < Seq(seqs[2].0 + 10)),
            "{seen:?}"
        );

        assert_eq!(passenger.fails(&mark("read", &room, epoch + 1, 1)).await?, ErrorCode::Conflict);
        let mut stranger = world.raw("Nurlan").await?;
        stranger.connect().await?;
        assert_eq!(stranger.fails(&mark("read", &room, epoch, 1)).await?, ErrorCode::RoomNotFound);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marks_from_many_devices_at_once_never_fall() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, passenger, room, epoch, .. } = RawRide::on(&world).await?;
        let mut last = Seq(0);
        for number in 0..20 {
            last = driver.does(&text(&room, &format!("line {number}"))).await?.seq.context("no seq")?;
        }
        let raise = |device: i64| {
            let (mut raw, room) = (passenger.twin(), room.clone());
            async move {
                raw.connect().await?;
                for step in 0..3 {
                    raw.does(&mark("read", &room, epoch, last.0 - (device * 7 + step * 5) % 20)).await?;
                }
                anyhow::Ok(())
            }
        };
        try_join_all((0..8).map(raise)).await?;
        let me = passenger.user.clone();
        let mut highest = (0, Seq(0));
        driver
            .until(|frame| match frame {
                ServerFrame::Marks(marks) => {
                    let read = of(marks, &me).map_or(Seq(0), |it| it.read);
                    assert!(marks.marks.0 > highest.0 && read >= highest.1, "{marks:?} after {highest:?}");
                    highest = (marks.marks.0, read);
                    (read == last).then_some(())
                }
                _ => None,
            })
            .await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_away_reads_the_marks_whole() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, epoch, .. } = RawRide::on(&world).await?;
        let seq = driver.does(&text(&room, "here")).await?.seq.context("no seq")?;
        passenger.does(&mark("read", &room, epoch, seq.0)).await?;
        let marks = driver.until_marks(|it| of(it, &passenger.user).is_some_and(|it| it.read == seq)).await?;
        // Everything is known but the marks: the room has moved all the same.
        let mut again = driver.twin();
        again.greet(&json!({"rooms": {room.clone(): [epoch, seq.0, marks.marks.0 - 1]}})).await?;
        let mut told = None;
        again
            .until(|frame| match frame {
                ServerFrame::Heads(heads) => {
                    let head = heads.rooms.iter().find(|it| it.room == marks.room);
                    assert_eq!(head.map(|it| it.marks), Some(marks.marks), "{heads:?}");
                    None
                }
                ServerFrame::Marks(now) => {
                    told = Some(now.clone()).filter(|now| now.room == marks.room).or(told.take());
                    None
                }
                ServerFrame::Synced(_) => Some(()),
                _ => None,
            })
            .await?;
        assert_eq!(told.as_ref(), Some(&marks));
        // Who knows them is not told again.
        let mut knows = driver.twin();
        knows.greet(&json!({"rooms": {room.clone(): [epoch, seq.0, marks.marks.0]}})).await?;
        knows
            .until(|frame| match frame {
                ServerFrame::Marks(now) if now.room == marks.room => panic!("told again"),
                ServerFrame::Heads(heads) if heads.rooms.iter().any(|it| it.room == marks.room) => {
                    panic!("nothing moved: {heads:?}")
                }
                ServerFrame::Synced(_) => Some(()),
                _ => None,
            })
            .await?;
        let ask = json!({"type": "catch_up", "stream": format!("room:{room}"), "since": [epoch, seq.0],
                         "marks": marks.marks.0 - 1});
        knows.say(&ask).await?;
        assert_eq!(knows.until_marks(|_| true).await?, marks);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unread_is_counted_for_the_reader_from_where_they_came_in() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let passenger = world.raw("Daniyar").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        driver.connect().await?;
        driver.does(&text(&room, "before they came")).await?;
        tripchat_tests::talk::book(&driver, &passenger, &trip).await?;
        let mut said = Vec::new();
        for number in 0..120 {
            let line = text(&room, &format!("line {number}"));
            driver.does(&line).await?;
            said.push(line);
        }
        let unread = || async {
            let mut raw = passenger.twin();
            raw.greet(&json!({})).await?;
            let (mut unread, mut epoch) = (None, 0);
            raw.until(|frame| match frame {
                ServerFrame::Heads(heads) => {
                    unread = heads.rooms.first().map(|it| it.unread);
                    epoch = heads.rooms.first().map_or(0, |it| it.epoch.0);
                    None
                }
                ServerFrame::Synced(_) => Some(()),
                _ => None,
            })
            .await?;
            anyhow::Ok((raw, unread.context("no head")?, epoch))
        };
        let (mut raw, count, epoch) = unread().await?;
        assert_eq!(count, 100, "counted up to a hundred");
        let history = driver.get(&format!("/api/v1/rooms/{room}/messages?limit=5")).await?;
        let fifth = history.body["messages"][0]["seq"].as_i64().context("no seq")?;
        raw.does(&mark("read", &room, epoch, fifth)).await?;
        assert_eq!(unread().await?.1, 4);
        // A deleted one is not waiting to be read, one's own is not either.
        driver.does(&tripchat_tests::talk::delete(&room, &said[118]["id"])).await?;
        raw.does(&text(&room, "mine")).await?;
        assert_eq!(unread().await?.1, 3);
        Ok(())
    })
    .await
}
