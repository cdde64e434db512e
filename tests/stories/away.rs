//! Someone was away for a long time, and is whole again.

use anyhow::Result;
use serde_json::{Value, json};
use tripchat_core::view::{Place, TimelineRow};
use tripchat_protocol::ServerFrame;
use tripchat_runtime::Sources;
use tripchat_tests::{Raw, on_both};

/// Of so many changes none is left out.
const SOME: usize = 900;
/// Of so many the newest come first, and the others right after.
const MANY: usize = 1_500;

/// Writes numbered lines, several on the way at a time.
async fn write_lines(raw: &mut Raw, room: &str, lines: std::ops::Range<usize>) -> Result<()> {
    let line = |number: usize| -> Value {
        json!({"type": "send", "id": Sources::system().uuid(), "room": room, "written_at": number,
               "body": {"kind": "TEXT", "text": format!("line {number}")}})
    };
    let mut written = lines.clone();
    for number in written.by_ref().take(16) {
        raw.say(&line(number)).await?;
    }
    for _ in lines {
        raw.until(|frame| matches!(frame, ServerFrame::Ok(_)).then_some(())).await?;
        if let Some(number) = written.next() {
            raw.say(&line(number)).await?;
        }
    }
    Ok(())
}

fn is_whole(rows: &[TimelineRow], count: usize) -> bool {
    let rows: Vec<_> = rows.iter().filter(|row| !row.silent).collect();
    rows.len() == count
        && rows.iter().enumerate().all(|(number, row)| row.text.as_deref() == Some(&format!("line {number}")))
        && rows.is_sorted_by(|one, next| one.seq < next.seq)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reconnect_after_1500_missed_changes_is_whole() -> Result<()> {
    on_both(|mut world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let passenger = world.person("Daniyar").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        let booking = passenger.client.request_booking(trip.parse()?, 1).await?;
        driver.post(&format!("/api/v1/bookings/{}/confirm", booking.id), &json!({})).await?;
        driver.connect().await?;
        write_lines(&mut driver, &room, 0..10).await?;
        let id = room.parse()?;
        passenger
            .until("ten lines", |client| async move {
                Ok(match client.timeline(id, Place::Newest, 50).await {
                    Ok(page) => is_whole(&page.rows, 10).then_some(()),
                    Err(_) => None,
                })
            })
            .await?;

        passenger.road.close();
        write_lines(&mut driver, &room, 10..10 + SOME).await?;
        passenger.road.open();
        // Online means whole: every page has come before, none had to be asked for.
        passenger.until_online().await?;
        let rows = passenger.rows(id).await?;
        assert!(is_whole(&rows, 10 + SOME), "{} rows, last {:?}", rows.len(), rows.last());
        passenger.road.close();
        write_lines(&mut driver, &room, 10 + SOME..10 + SOME + MANY).await?;
        passenger.road.open();
        passenger.until_online().await?;
        let newest = passenger.client.timeline(id, Place::Newest, 50).await?.rows;
        assert_eq!(newest.last().and_then(|row| row.text.clone()), Some(format!("line {}", 9 + SOME + MANY)));
        // Again, and this time it goes on while the passenger catches up.
        passenger.road.close();
        passenger.road.open();
        let total = 60 + SOME + MANY;
        write_lines(&mut driver, &room, total - 50..total).await?;
        passenger
            .until("every line", |client| async move {
                Ok((client
                    .timeline(id, Place::Newest, 1)
                    .await?
                    .rows
                    .last()
                    .and_then(|row| row.text.clone())
                    == Some(format!("line {}", total - 1)))
                .then_some(()))
            })
            .await?;
        let passenger = &passenger;
        passenger
            .until(
                "all of them",
                |_| async move { Ok(is_whole(&passenger.rows(id).await?, total).then_some(())) },
            )
            .await?;
        assert_eq!(world.server.stored(id).await?.len(), total);
        Ok(())
    })
    .await
}
