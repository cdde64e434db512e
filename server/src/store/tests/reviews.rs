//! Reviews: who may write one, when, for how long, and who reads them.

use super::aboard::{Aboard, refusal, sign_up};
use super::on_both;
use crate::error::Result;
use crate::tokens::Caller;
use crate::trips::{Deed, ListTripReviews, ReadPersonReviews, WriteReview};
use futures_util::future::join_all;
use std::time::Duration;
use tripchat_protocol::limits::REVIEW_OPEN_MS;
use tripchat_protocol::rest::{NewReview, PersonReviews};
use tripchat_protocol::{BookingId, ErrorCode, Rating, Review, TripStatus, UserId};

const ARRIVES: [TripStatus; 3] = [TripStatus::Boarding, TripStatus::UnderWay, TripStatus::Arrived];

impl Aboard<'_> {
    async fn review(&self, by: &Caller, booking: BookingId, stars: u8, text: &str) -> Result<Review> {
        let review = NewReview { stars, text: text.into() };
        self.ground.store.write(WriteReview { by: by.clone(), booking, review }).await
    }

    async fn of_trip(&self, by: &Caller) -> Vec<(UserId, u8)> {
        let list = ListTripReviews { by: by.clone(), trip: self.trip };
        let all = self.ground.store.read(list).await.expect("it reads").reviews;
        all.into_iter().map(|it| (it.author, it.stars)).collect()
    }

    async fn about(&self, by: &Caller, person: UserId) -> Result<PersonReviews> {
        self.page(by, person, None, 100).await
    }

    async fn page(
        &self,
        by: &Caller,
        person: UserId,
        after: Option<BookingId>,
        limit: u32,
    ) -> Result<PersonReviews> {
        self.ground.store.read(ReadPersonReviews { by: by.clone(), person, after, limit }).await
    }
}

#[tokio::test]
async fn both_say_how_the_ride_was_once_it_is_completed_and_nobody_else_does() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let (driver, passenger) = (&ride.driver, &ride.passenger);
        let other = sign_up(&ground, "other@example.org", "Other").await;
        let second = ride.ask(&other).await;
        ride.confirm(second).await.expect("there are seats");
        let stranger = sign_up(&ground, "nurlan@example.org", "Nurlan").await;
        for to in ARRIVES {
            for by in [driver, passenger] {
                let early = ride.review(by, ride.booking, 5, "").await;
                assert_eq!(refusal(early), ErrorCode::NotNow, "before {to:?}");
            }
            ride.goes(&[to]).await;
            if to == TripStatus::UnderWay {
                ride.mark(driver, second, Deed::NoShow).await.expect("it is noted");
            }
        }
        let said = ride.review(passenger, ride.booking, 5, "  Рақмет, жол тыныш болды \n").await;
        let said = said.expect("it is taken");
        assert_eq!((said.author, said.subject), (passenger.user, driver.user));
        assert_eq!((said.stars, said.text.as_str()), (5, "Рақмет, жол тыныш болды"));
        assert_eq!((said.at, said.open_until), (ground.sources.now(), said.at + REVIEW_OPEN_MS));
        assert_eq!(said.author_name, "Данияр");
        ground.clock.advance(Duration::from_secs(1));
        let back = ride.review(driver, ride.booking, 4, "").await.expect("it is taken");
        assert_eq!((back.author, back.subject), (driver.user, passenger.user));
        // Who did not come along, and who has no part in it.
        for by in [&other, driver] {
            assert_eq!(refusal(ride.review(by, second, 1, "").await), ErrorCode::NotNow);
        }
        let elsewhere = Caller { tenant: "other".into(), ..driver.clone() };
        for by in [&stranger, &other, &elsewhere] {
            let foreign = ride.review(by, ride.booking, 1, "").await;
            assert_eq!(refusal(foreign), ErrorCode::BookingNotFound);
        }
        assert_eq!(ride.of_trip(driver).await, [(passenger.user, 5), (driver.user, 4)]);
        assert_eq!(ride.of_trip(passenger).await, [(passenger.user, 5), (driver.user, 4)]);
        assert_eq!(ride.of_trip(&other).await, []);
        assert_eq!(ride.of_trip(&stranger).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_review_is_changed_for_seven_days_and_stays_one() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        ride.goes(&ARRIVES).await;
        let said = async |stars| ride.review(&ride.passenger, ride.booking, stars, "so").await;
        // Ten taps on the button.
        let all = join_all((0..10).map(|_| said(5))).await;
        assert!(all.iter().all(Result::is_ok));
        let first = all.into_iter().next().expect("ten").expect("it is taken");
        let week = Duration::from_millis(REVIEW_OPEN_MS.unsigned_abs());
        ground.clock.advance(week - Duration::from_millis(1));
        let second = said(2).await.expect("it is changed");
        assert_eq!((second.at, second.open_until, second.stars), (first.at, first.open_until, 2));
        let rating = Some(Rating { tenths: 20, count: 1 });
        assert_eq!(ride.trip().await.driver_rating, rating);
        ground.clock.advance(Duration::from_millis(1));
        assert_eq!(refusal(said(5).await), ErrorCode::NotNow);
        assert_eq!(ride.about(&ride.driver, ride.driver.user).await.expect("it reads").rating, rating);
        // The other one may still write theirs: their week begins when they do.
        let back = ride.review(&ride.driver, ride.booking, 5, "").await.expect("it is taken");
        assert_eq!(back.at, ground.sources.now());
        assert_eq!(ride.trip().await.driver_rating, rating);
    })
    .await;
}

#[tokio::test]
async fn a_review_has_one_to_five_stars_and_a_text_that_is_not_too_long() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        ride.goes(&ARRIVES).await;
        let long = "ң".repeat(1_000);
        for (stars, text) in [(0, "".into()), (6, "".into()), (5, format!("{long}a")), (5, "a\0b".into())] {
            let refused = ride.review(&ride.passenger, ride.booking, stars, &text).await;
            assert_eq!(refusal(refused), ErrorCode::InvalidInput, "{stars} {text}");
        }
        let taken = ride.review(&ride.passenger, ride.booking, 1, &format!(" {long} ")).await;
        assert_eq!(taken.expect("it is taken").text, long);
        assert_eq!(ride.of_trip(&ride.driver).await, [(ride.passenger.user, 1)]);
    })
    .await;
}

#[tokio::test]
async fn reviews_of_a_person_are_read_newest_first_page_by_page() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let other = sign_up(&ground, "other@example.org", "Other").await;
        let second = ride.ask(&other).await;
        ride.confirm(second).await.expect("there are seats");
        ride.goes(&ARRIVES).await;
        let driver = ride.driver.user;
        assert_eq!(ride.trip().await.driver_rating, None);
        ride.review(&ride.passenger, ride.booking, 5, "first").await.expect("it is taken");
        ground.clock.advance(Duration::from_secs(1));
        ride.review(&other, second, 4, "second").await.expect("it is taken");
        let texts = |page: &PersonReviews| page.reviews.iter().map(|it| it.text.clone()).collect::<Vec<_>>();
        let all = ride.about(&ride.passenger, driver).await.expect("it reads");
        assert_eq!((texts(&all), all.has_more), (vec!["second".into(), "first".into()], false));
        assert_eq!(all.rating, Some(Rating { tenths: 45, count: 2 }));
        let page = ride.page(&ride.passenger, driver, None, 1).await.expect("it reads");
        assert_eq!((texts(&page), page.has_more), (vec!["second".into()], true));
        let next = ride.page(&ride.passenger, driver, Some(second), 1).await.expect("it reads");
        assert_eq!((texts(&next), next.has_more), (vec!["first".into()], false));
        assert_eq!(next.rating, all.rating);
        let none = BookingId(ground.sources.uuid());
        assert_eq!(refusal(ride.page(&ride.passenger, driver, Some(none), 1).await), ErrorCode::InvalidInput);
    })
    .await;
}

#[tokio::test]
async fn reviews_are_open_to_those_who_ride_together_and_to_whom_a_trip_is_offered() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let (driver, passenger) = (ride.driver.user, ride.passenger.user);
        let other = sign_up(&ground, "other@example.org", "Other").await;
        let asking = sign_up(&ground, "asking@example.org", "Asking").await;
        let stranger = sign_up(&ground, "nurlan@example.org", "Nurlan").await;
        let second = ride.ask(&other).await;
        ride.ask(&asking).await;
        ride.confirm(second).await.expect("there are seats");
        let sees = async |by: &Caller, person| match ride.about(by, person).await {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.code(), ErrorCode::UserNotFound);
                false
            }
        };
        // Whoever sees the offer sees who drives.
        for by in [&ride.driver, &ride.passenger, &other, &asking, &stranger] {
            assert!(sees(by, driver).await);
        }
        assert!(sees(&ride.driver, asking.user).await);
        assert!(sees(&other, passenger).await);
        // Who only asks is not in the car yet, and a stranger sees passengers of nobody.
        assert!(!sees(&asking, passenger).await);
        assert!(!sees(&ride.passenger, asking.user).await);
        assert!(!sees(&stranger, passenger).await);
        assert!(sees(&stranger, stranger.user).await);
        assert!(!sees(&ride.driver, UserId(ground.sources.uuid())).await);
        let elsewhere = Caller { tenant: "other".into(), ..ride.driver.clone() };
        assert!(!sees(&elsewhere, driver).await);
        // What is no longer offered is the business of those who were there.
        ride.goes(&ARRIVES).await;
        assert!(!sees(&stranger, driver).await);
        for by in [&ride.passenger, &other, &asking] {
            assert!(sees(by, driver).await);
        }
        assert!(sees(&ride.driver, passenger).await && sees(&other, passenger).await);
    })
    .await;
}
