//! Seats are asked for by passengers, given by the driver, and each is given once.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tripchat_protocol::ErrorCode;
use tripchat_tests::talk::{refused, uuid};
use tripchat_tests::{Raw, World, on_both};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_are_asked_for_by_passengers_and_given_by_the_driver() -> Result<()> {
    on_both(|world| async move {
        let (driver, passenger) = (world.raw("Aigerim").await?, world.raw("Daniyar").await?);
        let stranger = world.raw("Nurlan").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        let ask = async |who: &Raw, seats: u16| {
            who.post(&format!("/api/v1/trips/{trip}/bookings"), &json!({"seats": seats})).await
        };
        refused(&ask(&driver, 1).await?, ErrorCode::Forbidden)?;
        for seats in [0, 7, u16::MAX] {
            refused(&ask(&passenger, seats).await?, ErrorCode::InvalidInput)?;
        }
        let unknown =
            passenger.post(&format!("/api/v1/trips/{}/bookings", uuid()), &json!({"seats": 1})).await?;
        refused(&unknown, ErrorCode::TripNotFound)?;

        let booking = ask(&passenger, 2).await?;
        assert_eq!((booking.status, booking.body["status"].as_str()), (201, Some("requested")));
        assert_eq!(ask(&passenger, 2).await?.body["id"], booking.body["id"], "a second tap");
        refused(&ask(&passenger, 3).await?, ErrorCode::Conflict)?;

        let path = format!("/api/v1/bookings/{}/confirm", booking.body["id"].as_str().context("no id")?);
        let mut foreign = stranger.post(&path, &json!({})).await?;
        let mut none = stranger.post(&format!("/api/v1/bookings/{}/confirm", uuid()), &json!({})).await?;
        refused(&foreign, ErrorCode::BookingNotFound)?;
        for answer in [&mut foreign, &mut none] {
            answer.body["error"]["request_id"] = Value::Null;
        }
        assert_eq!((foreign.status, foreign.body), (none.status, none.body));
        refused(&passenger.post(&path, &json!({})).await?, ErrorCode::Forbidden)?;
        let history = format!("/api/v1/rooms/{room}/messages");
        refused(&passenger.get(&history).await?, ErrorCode::RoomNotFound)?;

        let first = driver.post(&path, &json!({})).await?;
        let again = driver.post(&path, &json!({})).await?;
        assert_eq!((first.status, &first.body), (200, &again.body));
        assert_eq!(first.body["status"], json!("confirmed"));
        let seen = driver.get(&format!("/api/v1/trips/{trip}")).await?;
        assert_eq!(seen.body["seats_free"], json!(4), "confirmed twice, taken once");
        assert_eq!(passenger.get(&history).await?.status, 200);
        let others = stranger.get(&format!("/api/v1/trips/{trip}/bookings")).await?;
        assert_eq!(others.body["bookings"], json!([]));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trip_whose_times_cannot_be_is_refused() -> Result<()> {
    let world = World::new().await?;
    let raw = world.raw("Aigerim").await?;
    let good = serde_json::to_value(world.trip())?;
    for (stop, at) in
        [(0, json!(i64::MIN)), (0, json!(0)), (2, json!(i64::MAX)), (2, json!(1)), (1, json!(1.5))]
    {
        let mut trip = good.clone();
        trip["stops"][stop]["at"] = at;
        let answer = raw.post("/api/v1/trips", &trip).await?;
        refused(&answer, ErrorCode::InvalidInput).with_context(|| format!("{}", trip["stops"][stop]))?;
    }
    assert_eq!(raw.get("/api/v1/trips").await?.body["trips"], json!([]));
    Ok(())
}

/// Everyone wants the last seat, and the driver says yes to all of them at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_seat_is_given_once() -> Result<()> {
    const PASSENGERS: usize = 100;
    on_both(|world| async move {
        let driver = world.raw("Aigerim").await?;
        let (trip, _) = driver.trip(&tripchat_protocol::rest::NewTrip { seats: 1, ..world.trip() }).await?;
        let path = format!("/api/v1/trips/{trip}/bookings");
        let asked = (0..PASSENGERS).map(|_| async {
            let passenger = world.raw("Daniyar").await?;
            // Two taps at once are one wish.
            let body = json!({"seats": 1});
            let (one, two) = tokio::join!(passenger.post(&path, &body), passenger.post(&path, &body));
            let (one, two) = (one?, two?);
            anyhow::ensure!(one.body["id"] == two.body["id"], "{one:?} {two:?}");
            one.body["id"].as_str().map(str::to_owned).context("no booking")
        });
        let bookings = futures_util::future::join_all(asked).await.into_iter().collect::<Result<Vec<_>>>()?;
        let confirmed = bookings.iter().map(|id| async {
            let path = format!("/api/v1/bookings/{}/confirm", id.clone());
            driver.post(&path, &json!({})).await
        });
        let answers =
            futures_util::future::join_all(confirmed).await.into_iter().collect::<Result<Vec<_>>>()?;
        let (given, others): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!(given.len(), 1);
        for answer in others {
            refused(answer, ErrorCode::SeatsTaken)?;
        }
        let seen = driver.get(&format!("/api/v1/trips/{trip}")).await?;
        assert_eq!(seen.body["seats_free"], json!(0));
        let all = driver.get(&path).await?;
        let all = all.body["bookings"].as_array().context("no bookings")?.clone();
        assert_eq!(all.len(), PASSENGERS);
        assert_eq!(all.iter().filter(|it| it["status"] == "confirmed").count(), 1);
        let late = world.raw("Late").await?;
        refused(&late.post(&path, &json!({"seats": 1})).await?, ErrorCode::SeatsTaken)
    })
    .await
}
