//! A ride goes well.

use anyhow::Result;
use tripchat_core::view::SendState;
use tripchat_tests::on_both;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_driver_and_a_passenger_talk_in_the_room_of_their_trip() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger, room) = world.ride().await?;
        driver.say(room, "Meet me at exit 2, by the kiosk").await?;
        passenger.until_reads(room, &["Meet me at exit 2, by the kiosk"]).await?;
        passenger.say(room, "  Сейчас буду 🚌  ").await?;
        let all = ["Meet me at exit 2, by the kiosk", "Сейчас буду 🚌"];
        driver.until_reads(room, &all).await?;
        passenger.until_reads(room, &all).await?;
        let row = &driver.client.inbox().await?[0];
        let last = row.last.as_ref().expect("no last line");
        assert_eq!((last.author_name.as_str(), last.mine, last.state), ("Daniyar", false, SendState::Sent));
        let trip = row.trip.as_ref().expect("no trip");
        assert_eq!((trip.stops[0].place.as_str(), trip.seats_free), ("Almaty", 5));
        Ok(())
    })
    .await
}
