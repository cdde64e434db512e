//! A request that nobody answers ends by the server's own doing, and both are told.

use anyhow::{Context, Result};
use std::sync::Arc;
use std::time::Duration;
use tripchat_core::view::{Place, TimelineRow};
use tripchat_protocol::{BookingStatus, ErrorCode, System};
use tripchat_runtime::{FixedClock, OsRandom, Sources};
use tripchat_tests::{Database, World};

fn said(rows: Vec<TimelineRow>) -> Vec<System> {
    rows.into_iter().filter_map(|row| row.system).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_nobody_answers_ends_and_both_read_so_in_their_room() -> Result<()> {
    let clock = FixedClock::at(Sources::system().now());
    let mut world = World::on(Database::Sqlite, Sources::new(clock.clone(), Arc::new(OsRandom))).await?;
    let (driver, passenger) = (world.person("Aigerim").await?, world.person("Daniyar").await?);
    let trip = driver.client.create_trip(world.trip()).await?;
    let booking = passenger.client.request_booking(trip.id, 1).await?;
    let room = booking.room.context("a room")?;
    // The trip leaves in a day; a server that was down meanwhile looks as soon as it is back.
    world.server.kill();
    clock.advance(Duration::from_secs(24 * 3_600));
    world.server.restart().await?;
    for person in [&driver, &passenger] {
        person
            .until("that it has ended", |client| async move {
                let page = client.timeline(room, Place::Newest, 50).await?;
                Ok((said(page.rows) == [System::Requested { seats: 1 }, System::Expired]).then_some(()))
            })
            .await?;
    }
    let mine = passenger.client.my_bookings().await?;
    assert_eq!(mine.iter().map(|it| it.booking.status).collect::<Vec<_>>(), [BookingStatus::Expired]);
    let late = driver.client.confirm_booking(booking.id).await.map_err(|it| it.code);
    assert_eq!(late, Err(ErrorCode::NotNow));
    Ok(())
}
