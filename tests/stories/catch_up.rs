//! How somebody who was away is brought up to date: whole, in part with its hole told, or from the beginning.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tripchat_protocol::frame::{CatchUp, Changes};
use tripchat_protocol::{ClientFrame, Object, Rev, Seq, ServerFrame, StreamId};
use tripchat_tests::talk::{RawRide, edit, objects, text, words};
use tripchat_tests::{Raw, on_both};

/// Says many operations with 16 on the way, and gives the highest seq.
async fn many(raw: &mut Raw, frames: &[Value]) -> Result<Seq> {
    let (mut next, mut answered, mut last) = (frames.iter(), 0, Seq(0));
    for frame in next.by_ref().take(16) {
        raw.say(frame).await?;
    }
    while answered < frames.len() {
        raw.until(|frame| match frame {
            ServerFrame::Ok(done) => {
                last = last.max(done.seq.unwrap_or_default());
                Some(())
            }
            ServerFrame::Error(failure) => panic!("{failure:?}"),
            _ => None,
        })
        .await?;
        answered += 1;
        if let Some(frame) = next.next() {
            raw.say(frame).await?;
        }
    }
    Ok(last)
}

fn lines(room: &str, range: std::ops::Range<usize>) -> Vec<Value> {
    range.map(|number| text(room, &format!("line {number}"))).collect()
}

/// The revs are those of `(from, upto]` in order, page joins page, and only the last one ends.
fn join_up(pages: &[Changes], from: i64) -> Result<Rev> {
    let mut at = Rev(from);
    for (number, page) in pages.iter().enumerate() {
        assert_eq!((page.from, page.more), (at, number + 1 < pages.len()));
        assert!(page.objects.is_sorted_by(|one, next| one.rev < next.rev));
        assert!(page.objects.iter().all(|it| it.rev > page.from && it.rev <= page.upto));
        assert!(page.objects.len() <= 200 && serde_json::to_string(page)?.len() <= 256 * 1024);
        if page.more {
            assert_eq!(page.objects.last().map(|it| it.rev), Some(page.upto));
        }
        at = page.upto;
    }
    Ok(at)
}

fn messages(pages: &[Changes]) -> Vec<tripchat_protocol::Message> {
    let all = pages.iter().flat_map(|page| &page.objects);
    all.filter_map(|change| match &change.object {
        Some(Object::Message(message)) => Some(message.clone()),
        _ => None,
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn up_to_a_thousand_changes_come_whole_and_in_pages_that_join() -> Result<()> {
    on_both(|world| async move {
        let ride = RawRide::on(&world).await?;
        let stream = ride.stream()?;
        let before = ride.epoch;
        let RawRide { mut driver, mut passenger, room, .. } = ride;
        let first = many(&mut driver, &lines(&room, 0..1)).await?;
        let last = many(&mut driver, &lines(&room, 1..901)).await?;
        passenger.heard_so_far().await?;
        passenger
            .say(&json!({"type": "catch_up", "stream": stream.to_string(), "since": [before, first.0]}))
            .await?;
        let pages = passenger.until_pages(stream).await?;
        assert_eq!(join_up(&pages, first.0)?, Rev(last.0));
        assert!(pages.len() >= 5 && pages.iter().all(|page| page.hole.is_none() && !page.reset));
        let found = messages(&pages);
        assert!(found.iter().map(words).eq((1..901).map(|number| format!("line {number}"))));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_a_thousand_are_limited_and_the_hole_is_told() -> Result<()> {
    on_both(|world| async move {
        let ride = RawRide::on(&world).await?;
        let (stream, epoch) = (ride.stream()?, ride.epoch);
        let RawRide { mut driver, mut passenger, room, .. } = ride;
        let old = lines(&room, 0..10);
        let known = many(&mut driver, &old).await?;
        many(&mut driver, &lines(&room, 10..1_210)).await?;
        // Changes of older messages are always sent, the newest fifty too.
        let edits: Vec<Value> = old.iter().map(|it| edit(&room, &it["id"], 0, "edited while away")).collect();
        many(&mut driver, &edits).await?;
        passenger.heard_so_far().await?;
        let ask = json!({"type": "catch_up", "stream": stream.to_string(), "since": [epoch, known.0]});
        passenger.say(&ask).await?;
        let pages = passenger.until_pages(stream).await?;
        join_up(&pages, known.0)?;
        let found = messages(&pages);
        let older = found.iter().filter(|it| it.seq <= known).count();
        let newer: Vec<&str> = found.iter().filter(|it| it.seq > known).map(words).collect();
        assert_eq!(older, 10);
        let newest: Vec<String> = (1_160..1_210).map(|number| format!("line {number}")).collect();
        assert_eq!(newer, newest);
        let hole = pages[0].hole.context("no hole is told")?;
        assert!(pages.iter().all(|page| page.hole == Some(hole) && !page.reset));
        assert!(hole.0 >= known, "{hole:?} begins after what was known");
        assert_eq!(found.iter().map(|it| it.seq).filter(|seq| *seq > known).min(), Some(hole.1));
        // The history has what the hole misses.
        let path = format!("/api/v1/rooms/{room}/messages?before={}&limit=3", hole.1);
        let filling = passenger.get(&path).await?;
        assert_eq!(filling.body["messages"][2]["body"]["text"], json!("line 1159"));
        assert!(filling.body["messages"][2]["rev"].is_i64());
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_a_thousand_changes_of_old_messages_reset_the_stream() -> Result<()> {
    on_both(|world| async move {
        let ride = RawRide::on(&world).await?;
        let (stream, epoch) = (ride.stream()?, ride.epoch);
        let RawRide { mut driver, mut passenger, room, .. } = ride;
        let old = lines(&room, 0..1_001);
        let known = many(&mut driver, &old).await?;
        let edits: Vec<Value> = old.iter().map(|it| edit(&room, &it["id"], 0, "edited")).collect();
        many(&mut driver, &edits).await?;
        passenger.heard_so_far().await?;
        let ask = json!({"type": "catch_up", "stream": stream.to_string(), "since": [epoch, known.0]});
        passenger.say(&ask).await?;
        let pages = passenger.until_pages(stream).await?;
        join_up(&pages, 0)?;
        assert!(pages[0].reset, "what the client has is void");
        let kinds: Vec<&str> = pages
            .iter()
            .flat_map(|it| &it.objects)
            .filter_map(|it| it.object.as_ref())
            .map(Object::kind)
            .collect();
        for kind in ["room", "trip", "member"] {
            assert!(kinds.contains(&kind), "{kinds:?}");
        }
        assert_eq!(messages(&pages).len(), 50, "the newest; the rest is a hole");
        assert!(pages[0].hole.is_some_and(|hole| hole.0 == Seq(0)));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_a_long_room_gets_it_as_at_a_reset() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let mut passenger = world.raw("Daniyar").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        driver.connect().await?;
        passenger.connect().await?;
        many(&mut driver, &lines(&room, 0..1_100)).await?;
        tripchat_tests::talk::book(&driver, &passenger, &trip).await?;
        let stream: StreamId = format!("room:{room}").parse()?;
        let pages = passenger.until_pages(stream).await?;
        join_up(&pages, 0)?;
        assert_eq!(messages(&pages).len(), 50);
        assert!(pages[0].hole.is_some_and(|hole| hole.0 == Seq(0)));
        // A fresh device of theirs the same.
        let mut fresh = passenger.twin();
        fresh.greet(&json!({})).await?;
        let again = fresh.until_pages(stream).await?;
        assert_eq!(messages(&again), messages(&pages));
        Ok(())
    })
    .await
}

/// Fifteen rooms with 190 messages each do not fit the first catch-up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_the_first_catch_up_is_left_behind_with_its_head() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let mut rooms = Vec::new();
        for _ in 0..15 {
            rooms.push(driver.trip(&world.trip()).await?.1);
        }
        driver.connect().await?;
        for room in &rooms {
            many(&mut driver, &lines(room, 0..190)).await?;
        }
        let mut fresh = driver.twin();
        fresh.greet(&json!({})).await?;
        let (mut heads, mut brought, mut count) = (Vec::new(), Vec::new(), 0);
        fresh
            .until(|frame| match frame {
                ServerFrame::Heads(it) => {
                    heads.extend(it.rooms.clone());
                    None
                }
                ServerFrame::Changes(page) => {
                    if let Some(room) = page.stream.room() {
                        brought.push(room);
                        count += objects(frame).len();
                    }
                    None
                }
                ServerFrame::Synced(_) => Some(()),
                _ => None,
            })
            .await?;
        brought.dedup();
        let newest_first: Vec<String> = heads.iter().map(|head| head.room.to_string()).collect();
        assert!(newest_first.iter().eq(rooms.iter().rev()), "newest activity first");
        assert!(heads.iter().all(|head| head.newest.is_some() && head.head > Rev(190)), "enough for a row");
        assert!(heads.iter().map(|head| head.room).take(brought.len()).eq(brought.clone()));
        assert!(brought.len() < 15 && count <= 2_200, "{count} objects of {} rooms", brought.len());
        // What was left behind comes when it is asked for.
        let behind = heads.last().context("no heads")?;
        let frame =
            ClientFrame::CatchUp(CatchUp { stream: StreamId::Room(behind.room), since: None, marks: None });
        fresh.say(&serde_json::to_value(frame)?).await?;
        let pages = fresh.until_pages(StreamId::Room(behind.room)).await?;
        assert_eq!(messages(&pages).len(), 190);
        Ok(())
    })
    .await
}

/// What is said while somebody connects is in what is read, or comes live: not in between. The marker says when
/// everything before it has had its time: it goes the same way, later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_between_reading_and_listening() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let mut rooms = Vec::new();
        for _ in 0..8 {
            rooms.push(driver.trip(&world.trip()).await?.1);
        }
        driver.connect().await?;
        let watcher = driver.twin();
        for round in 0..60 {
            let mut newcomer = watcher.twin();
            let said: Vec<Value> = rooms.iter().map(|room| text(room, &format!("said {round}"))).collect();
            let mut seen = Vec::new();
            let connecting = async {
                newcomer.greet(&json!({})).await?;
                newcomer
                    .until(|frame| {
                        seen.extend(objects(frame).into_iter().map(|object| object.id().to_string()));
                        matches!(frame, ServerFrame::Synced(_)).then_some(())
                    })
                    .await
            };
            let (connected, spoken) = futures_util::future::join(connecting, many(&mut driver, &said)).await;
            connected?;
            spoken?;
            let marker = text(&rooms[0], &format!("marker {round}"));
            driver.does(&marker).await?;
            let wanted = marker["id"].as_str().context("no id")?.to_owned();
            newcomer
                .until(|frame| {
                    seen.extend(objects(frame).into_iter().map(|object| object.id().to_string()));
                    seen.contains(&wanted).then_some(())
                })
                .await?;
            for line in &said {
                let id = line["id"].as_str().context("no id")?;
                assert!(seen.iter().any(|it| it == id), "lost in round {round}: {line}");
            }
        }
        Ok(())
    })
    .await
}
