//! Requests that nobody answers end by themselves, in time and once.

use super::aboard::{Aboard, refusal, sign_up};
use super::{Ground, on_both};
use crate::store::tables::booking;
use crate::tokens::Caller;
use crate::trips::{ChangeTrip, Deed, ExpireRequest, FindOverdue};
use futures_util::future::{join, join_all};
use std::time::Duration;
use tripchat_protocol::rest::TripChange;
use tripchat_protocol::{
    Body, Booking, BookingId, BookingStatus, ErrorCode, MessageId, Millis, Object, StreamId, System,
};

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;

impl Aboard<'_> {
    /// The trip leaves so much later.
    async fn leaves_later(&self, by: Millis) {
        let mut stops = self.trip().await.stops;
        stops.iter_mut().for_each(|stop| stop.at += by);
        let change = TripChange { stops: Some(stops), ..TripChange::default() };
        let messages = [(); 2].map(|()| MessageId(self.ground.sources.uuid()));
        let job = ChangeTrip { by: self.driver.clone(), trip: self.trip, change, messages };
        self.ground.store.write(job).await.expect("it is changed");
    }

    async fn overdue(&self) -> Vec<BookingId> {
        self.ground.store.read(FindOverdue).await.expect("it reads")
    }

    async fn expire(&self, booking: BookingId) {
        self.ground.store.write(ExpireRequest { booking }).await.expect("it is done");
    }

    async fn booking_of(&self, id: BookingId) -> Booking {
        let found = self.ground.read(id, |&id, tx| Box::pin(booking::by_id(tx, id)));
        found.await.expect("it reads").expect("it is there")
    }

    /// What the server said in the booking's room.
    async fn told(&self, by: &Caller, id: BookingId) -> Vec<System> {
        let room = self.booking_of(id).await.room.expect("a room");
        let all = self.read(by, room).await.expect("it reads");
        let said = all.into_iter().filter_map(|it| match it.message.body {
            Body::System(said) => Some(said),
            _ => None,
        });
        said.collect()
    }
}

fn pass(ground: &Ground, ms: Millis) {
    ground.clock.advance(Duration::from_millis(ms.unsigned_abs()));
}

#[tokio::test]
async fn a_request_ends_a_day_after_it_was_made_and_both_are_told() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        ride.leaves_later(3 * DAY).await;
        let asking = sign_up(&ground, "asking@example.org", "Asking").await;
        let asked = ride.ask(&asking).await;
        pass(&ground, DAY - 1);
        assert_eq!(ride.overdue().await, []);
        ride.expire(asked).await;
        assert_eq!(ride.booking_of(asked).await.status, BookingStatus::Requested, "nobody hurries it");
        pass(&ground, 1);
        assert_eq!(ride.overdue().await, [asked], "the one that is confirmed stays");
        // Ten nodes at once.
        join_all((0..10).map(|_| ride.expire(asked))).await;
        assert_eq!(ride.overdue().await, []);
        let ended = ride.booking_of(asked).await;
        assert_eq!(ended.status, BookingStatus::Expired);
        for by in [&asking, &ride.driver] {
            assert_eq!(ride.told(by, asked).await, [System::Requested { seats: 2 }, System::Expired]);
        }
        let room = StreamId::Room(ended.room.expect("a room"));
        let shown = super::aboard::objects(&ground, room).await;
        assert!(shown.iter().any(|(_, it)| *it == Object::Booking(ended.clone())), "as it stands now");
        assert_eq!(refusal(ride.confirm(asked).await), ErrorCode::NotNow);
        assert_eq!(ride.booking_of(ride.booking).await.status, BookingStatus::Confirmed);
        // Whoever still wants to come along asks again, and has a day again.
        let again = ride.ask(&asking).await;
        assert_ne!(again, asked);
        assert_eq!(ride.overdue().await, []);
    })
    .await;
}

#[tokio::test]
async fn a_request_ends_when_the_trip_leaves_even_if_it_was_put_off() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let asking = sign_up(&ground, "asking@example.org", "Asking").await;
        let asked = ride.ask(&asking).await;
        // The trip leaves in an hour.
        pass(&ground, HOUR - 1);
        assert_eq!(ride.overdue().await, []);
        ride.leaves_later(HOUR).await;
        pass(&ground, HOUR);
        assert_eq!(ride.overdue().await, []);
        pass(&ground, 1);
        assert_eq!(ride.overdue().await, [asked]);
        ride.expire(asked).await;
        assert_eq!(ride.booking_of(asked).await.status, BookingStatus::Expired);
    })
    .await;
}

#[tokio::test]
async fn a_request_that_is_confirmed_at_the_last_moment_is_confirmed_or_ends() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let asking = sign_up(&ground, "asking@example.org", "Asking").await;
        let asked = ride.ask(&asking).await;
        pass(&ground, DAY);
        let (confirmed, ()) = join(ride.confirm(asked), ride.expire(asked)).await;
        let free = ride.trip().await.seats_free;
        match confirmed {
            Ok(_) => assert_eq!((ride.booking_of(asked).await.status, free), (BookingStatus::Confirmed, 0)),
            Err(error) => {
                assert_eq!(error.code(), ErrorCode::NotNow);
                assert_eq!((ride.booking_of(asked).await.status, free), (BookingStatus::Expired, 2));
            }
        }
        assert_eq!(ride.overdue().await, []);
    })
    .await;
}

#[tokio::test]
async fn what_was_answered_is_left_as_it_is() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let asking = sign_up(&ground, "asking@example.org", "Asking").await;
        let asked = ride.ask(&asking).await;
        ride.mark(&ride.driver, asked, Deed::Decline).await.expect("it is declined");
        pass(&ground, 2 * DAY);
        assert_eq!(ride.overdue().await, []);
        for booking in [asked, ride.booking, BookingId(ground.sources.uuid())] {
            ride.expire(booking).await;
        }
        assert_eq!(ride.booking_of(asked).await.status, BookingStatus::Declined);
        assert_eq!(ride.booking_of(ride.booking).await.status, BookingStatus::Confirmed);
    })
    .await;
}
