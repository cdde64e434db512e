//! How the ride was: both say it once they have arrived, and whoever looks for the next ride sees it.

use anyhow::{Context, Result};
use serde_json::json;
use tripchat_protocol::rest::NewReview;
use tripchat_protocol::{ErrorCode, Rating, TripStatus};
use tripchat_tests::talk::{refused, uuid};
use tripchat_tests::{board, on_both};

fn said(stars: u8, text: &str) -> NewReview {
    NewReview { stars, text: text.into() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_arrival_both_say_how_it_was_and_the_next_one_who_looks_sees_it() -> Result<()> {
    on_both(|mut world| async move {
        let (driver, passenger) = (world.person("Aigerim").await?, world.person("Daniyar").await?);
        let trip = driver.client.create_trip(world.trip()).await?;
        let next = driver.client.create_trip(world.trip()).await?;
        board(&driver, &passenger, &trip).await?;
        let [booking] = passenger.client.trip_bookings(trip.id).await?.try_into().ok().context("one")?;
        let early = passenger.client.write_review(booking.id, said(5, "")).await.map_err(|it| it.code);
        assert_eq!(early, Err(ErrorCode::NotNow));
        for to in [TripStatus::Boarding, TripStatus::UnderWay, TripStatus::Arrived] {
            driver.client.set_trip_status(trip.id, to).await?;
        }
        passenger.client.write_review(booking.id, said(5, " Quiet and on time. ")).await?;
        let changed = passenger.client.write_review(booking.id, said(4, "On time.")).await?;
        driver.client.write_review(booking.id, said(5, "")).await?;
        let (driven, ridden) = (driver.client.trip_reviews(trip.id), passenger.client.trip_reviews(trip.id));
        assert_eq!(driven.await?, ridden.await?);
        let page = passenger.client.person_reviews(trip.driver, None).await?;
        assert_eq!((page.reviews, page.has_more), (vec![changed], false));
        assert_eq!(page.rating, Some(Rating { tenths: 40, count: 1 }));
        let looking = world.person("Nurlan").await?;
        let found = looking.client.search_trips("Almaty".into(), String::new(), None, None).await?;
        let found = found.iter().find(|it| it.id == next.id).context("the next trip")?;
        assert_eq!(found.driver_rating, page.rating);
        assert_eq!(looking.client.find_trip(next.id).await?.driver_rating, page.rating);
        // What the driver says of the passenger is no business of theirs.
        let foreign = looking.client.person_reviews(booking.passenger, None).await.map_err(|it| it.code);
        assert_eq!(foreign, Err(ErrorCode::UserNotFound));
        let late = looking.client.write_review(booking.id, said(1, "")).await.map_err(|it| it.code);
        assert_eq!(late, Err(ErrorCode::BookingNotFound));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reviews_of_a_stranger_are_answered_like_those_of_nobody() -> Result<()> {
    on_both(|world| async move {
        let (raw, other) = (world.raw("Aigerim").await?, world.raw("Nurlan").await?);
        let own = raw.get(&format!("/api/v1/people/{}/reviews", raw.user)).await?;
        assert_eq!((own.status, own.body), (200, json!({"reviews": [], "has_more": false})));
        for person in [other.user.clone(), uuid()] {
            let answer = raw.get(&format!("/api/v1/people/{person}/reviews")).await?;
            refused(&answer, ErrorCode::UserNotFound)?;
        }
        for query in ["limit=x", "after=1", "page=2", &format!("after={}", uuid())] {
            let answer = raw.get(&format!("/api/v1/people/{}/reviews?{query}", raw.user)).await?;
            refused(&answer, ErrorCode::InvalidInput).with_context(|| query.to_owned())?;
        }
        Ok(())
    })
    .await
}
