//! A trip on its way and its bookings with it: who hears what, who stays, and what is done once.

use super::aboard::{Aboard, body, refusal, sign_up};
use super::{Ground, on_both};
use crate::error::Result;
use crate::messages::SendMessage;
use crate::store::tables::booking;
use crate::tokens::Caller;
use crate::trips::{Deed, FindTrip, ListMyBookings, MarkBooking, SetStatus};
use futures_util::future::{join, join_all};
use std::time::Duration;
use tripchat_protocol::frame::Send;
use tripchat_protocol::{
    Body, Booking, BookingId, BookingStatus, ErrorCode, Message, MessageId, Standing, System, Trip,
    TripStatus,
};

impl Aboard<'_> {
    pub async fn bring(&self, by: &Caller, to: TripStatus) -> Result<Trip> {
        let message = MessageId(self.ground.sources.uuid());
        self.ground.store.write(SetStatus { by: by.clone(), trip: self.trip, to, message }).await
    }

    /// The driver brings the trip through `stations`.
    pub async fn goes(&self, stations: &[TripStatus]) {
        for to in stations {
            let trip = self.bring(&self.driver, *to).await.expect("it goes on");
            assert_eq!(trip.status, *to);
        }
    }

    pub async fn mark(&self, by: &Caller, booking: BookingId, deed: Deed) -> Result<Booking> {
        self.ground.store.write(MarkBooking { by: by.clone(), booking, deed }).await
    }

    pub async fn trip(&self) -> Trip {
        let find = FindTrip { by: self.driver.clone(), id: self.trip };
        self.ground.store.read(find).await.expect("it is there")
    }

    async fn stands(&self, id: BookingId) -> BookingStatus {
        let found = self.ground.read(id, |&id, tx| Box::pin(booking::by_id(tx, id)));
        found.await.expect("it reads").expect("it is there").status
    }

    /// What the server said, as `by` reads it.
    pub async fn said(&self, by: &Caller) -> Vec<System> {
        let all = self.history(by).await.expect("it reads");
        let said = all.into_iter().filter_map(|placed| match placed.message.body {
            Body::System(said) => Some(said),
            _ => None,
        });
        said.collect()
    }

    async fn last(&self, by: &Caller) -> Message {
        self.history(by).await.expect("it reads").pop().expect("something was said").message
    }
}

#[tokio::test]
async fn each_station_is_told_once_as_a_message_of_the_driver_and_counts_as_unread() {
    use TripStatus::{Arrived, Boarding, Closed, Planned, UnderWay};
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        ride.goes(&[Boarding]).await;
        let told = ride.last(&ride.passenger).await;
        assert_eq!((told.author, &told.body), (ride.driver.user, &Body::System(System::Boarding)));
        assert_eq!((told.at, told.written_at, told.edit_no), (ride.ground.sources.now(), told.at, 0));
        assert_eq!((ride.unread(&ride.passenger).await, ride.unread(&ride.driver).await), (1, 0));
        // The same again: the same answer, nothing recorded, nothing said.
        let before = ride.standing().await;
        ride.goes(&[Boarding]).await;
        assert_eq!(ride.standing().await, before);
        // A mis-tap changes the trip and says nothing.
        ride.goes(&[Planned]).await;
        assert_eq!(ride.standing().await.head.0, before.head.0 + 1);
        ride.goes(&[Boarding, UnderWay, Arrived, Closed]).await;
        let all = [System::Boarding, System::Boarding, System::Started, System::Arrived, System::Completed];
        assert_eq!(ride.said(&ride.passenger).await, all);
        assert_eq!(ride.unread(&ride.passenger).await, 5);
        let late = ride.bring(&ride.driver, TripStatus::Cancelled).await;
        assert_eq!(refusal(late), ErrorCode::NotNow);
    })
    .await;
}

#[tokio::test]
async fn what_the_server_says_is_nobodys_to_send_edit_or_delete() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        ride.goes(&[TripStatus::Boarding]).await;
        let said = ride.last(&ride.driver).await;
        for by in [&ride.driver, &ride.passenger] {
            assert_eq!(refusal(ride.edit(by, said.id, 0, "no").await), ErrorCode::Forbidden);
            assert_eq!(refusal(ride.delete(by, said.id).await), ErrorCode::Forbidden);
        }
        // Neither anew nor as a repeat of what is there.
        let fresh = MessageId(ground.sources.uuid());
        let sent = [
            (fresh, said.body.clone(), ErrorCode::MessageRefused),
            (said.id, said.body.clone(), ErrorCode::IdConflict),
            (said.id, body("mine"), ErrorCode::IdConflict),
        ];
        for (id, body, code) in sent {
            let frame = Send { id, room: ride.room, body, written_at: said.written_at, send_by: None };
            let job = SendMessage { by: ride.driver.clone(), generation: 1, frame };
            assert_eq!(refusal(ground.store.write(job).await), code);
        }
        assert_eq!(ride.last(&ride.passenger).await, said);
    })
    .await;
}

#[tokio::test]
async fn bookings_follow_their_trip_to_its_end() {
    use BookingStatus::{Boarded, Completed, Confirmed, Expired, NoShow};
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let late = sign_up(&ground, "late@example.org", "Late").await;
        let waiting = sign_up(&ground, "waiting@example.org", "Waiting").await;
        let (second, third) = (ride.ask(&late).await, ride.ask(&waiting).await);
        ride.confirm(second).await.expect("there are seats");
        ride.goes(&[TripStatus::Boarding, TripStatus::UnderWay]).await;
        let stand = async || join_all([ride.booking, second, third].map(|id| ride.stands(id))).await;
        assert_eq!(stand().await, [Confirmed, Confirmed, Expired]);
        ride.mark(&ride.driver, ride.booking, Deed::Board).await.expect("it is noted");
        ride.mark(&ride.driver, second, Deed::NoShow).await.expect("it is noted");
        assert_eq!(stand().await, [Boarded, NoShow, Expired]);
        ride.goes(&[TripStatus::Arrived]).await;
        assert_eq!(stand().await, [Completed, NoShow, Expired]);
        // Who came along stays in the room; who did not has left it before the arrival, and their seats stay theirs.
        ride.goes(&[TripStatus::Closed]).await;
        ride.send(&ride.passenger, "thank you").await;
        assert_eq!(ride.said(&ride.passenger).await.last(), Some(&System::Completed));
        let (_, ended) = ride.membership(&late).await;
        assert_eq!(ended.state, Standing::Ended);
        assert_eq!(ended.kept.and_then(|kept| kept.trip).map(|trip| trip.status), Some(TripStatus::UnderWay));
        assert_eq!(ride.said(&late).await, [System::Boarding, System::Started]);
        assert_eq!(ride.trip().await.seats_free, 0);
    })
    .await;
}

#[tokio::test]
async fn everybody_reads_that_the_trip_was_called_off_and_then_leaves() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let other = sign_up(&ground, "other@example.org", "Other").await;
        let waiting = sign_up(&ground, "waiting@example.org", "Waiting").await;
        let (second, third) = (ride.ask(&other).await, ride.ask(&waiting).await);
        ride.confirm(second).await.expect("there are seats");
        ride.goes(&[TripStatus::Boarding]).await;
        ride.mark(&ride.driver, second, Deed::Board).await.expect("it is noted");
        ride.goes(&[TripStatus::Cancelled]).await;
        for id in [ride.booking, second, third] {
            assert_eq!(ride.stands(id).await, BookingStatus::Cancelled);
        }
        for by in [&ride.passenger, &other] {
            assert_eq!(ride.said(by).await.last(), Some(&System::TripCancelled));
            let (_, ended) = ride.membership(by).await;
            assert_eq!(ended.state, Standing::Ended);
            let kept = ended.kept.and_then(|kept| kept.trip).expect("the trip as it was");
            assert_eq!((kept.status, kept.seats_free), (TripStatus::Cancelled, 4));
            let late = ride.send_frame(by, &ride.written("why?")).await;
            assert_eq!(refusal(late), ErrorCode::NotParticipant);
        }
        // Who was never let in reads nothing.
        assert_eq!(refusal(ride.history(&waiting).await), ErrorCode::RoomNotFound);
        assert_eq!((ride.trip().await.seats_free, ride.trip().await.status), (4, TripStatus::Cancelled));
        let before = ride.standing().await;
        ride.goes(&[TripStatus::Cancelled]).await;
        assert_eq!(ride.standing().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_booking_is_noted_where_it_is_and_once() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let asking = sign_up(&ground, "asking@example.org", "Asking").await;
        let asked = ride.ask(&asking).await;
        let noted = async |booking, deed| ride.mark(&ride.driver, booking, deed).await;
        for deed in [Deed::Board, Deed::NoShow] {
            assert_eq!(refusal(noted(ride.booking, deed).await), ErrorCode::NotNow, "not at the stop yet");
        }
        ride.goes(&[TripStatus::Boarding]).await;
        // Letting out agrees to nothing, and agreeing lets nobody out.
        assert_eq!(refusal(noted(asked, Deed::Unboard).await), ErrorCode::NotNow);
        noted(ride.booking, Deed::Board).await.expect("it is noted");
        assert_eq!(refusal(ride.confirm(ride.booking).await), ErrorCode::NotNow);
        assert_eq!(refusal(ride.cancel(&ride.passenger, ride.booking).await), ErrorCode::NotNow);
        let again = noted(ride.booking, Deed::Board).await.expect("a repeat");
        assert_eq!(again.status, BookingStatus::Boarded);
        noted(ride.booking, Deed::Unboard).await.expect("a mis-tap");
        assert_eq!(ride.stands(ride.booking).await, BookingStatus::Confirmed);
        noted(asked, Deed::Decline).await.expect("it is declined");
        assert_eq!(noted(asked, Deed::Decline).await.expect("a repeat").status, BookingStatus::Declined);
        assert_eq!(refusal(ride.confirm(asked).await), ErrorCode::NotNow);
        assert_eq!(refusal(ride.cancel(&ride.driver, asked).await), ErrorCode::NotNow);
        assert_eq!(refusal(ride.history(&asking).await), ErrorCode::RoomNotFound);
        // On the road nobody calls off by themselves; the driver may.
        ride.goes(&[TripStatus::UnderWay]).await;
        assert_eq!(refusal(ride.cancel(&ride.passenger, ride.booking).await), ErrorCode::NotNow);
        let off = ride.cancel(&ride.driver, ride.booking).await.expect("it is called off");
        assert_eq!((off.status, ride.trip().await.seats_free), (BookingStatus::Cancelled, 4));
        let again = ride.cancel(&ride.passenger, ride.booking).await.expect("a repeat");
        assert_eq!(again.status, BookingStatus::Cancelled);
    })
    .await;
}

#[tokio::test]
async fn only_the_driver_moves_a_trip_and_who_has_no_part_in_it_learns_nothing() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let stranger = sign_up(&ground, "nurlan@example.org", "Nurlan").await;
        for to in [TripStatus::Planned, TripStatus::Boarding, TripStatus::Cancelled] {
            assert_eq!(refusal(ride.bring(&ride.passenger, to).await), ErrorCode::Forbidden);
            assert_eq!(refusal(ride.bring(&stranger, to).await), ErrorCode::TripNotFound);
        }
        for deed in [Deed::Decline, Deed::Board, Deed::Unboard, Deed::NoShow] {
            let own = ride.mark(&ride.passenger, ride.booking, deed).await;
            assert_eq!(refusal(own), ErrorCode::Forbidden, "{deed:?}");
            let foreign = ride.mark(&stranger, ride.booking, deed).await;
            assert_eq!(refusal(foreign), ErrorCode::BookingNotFound, "{deed:?}");
        }
        let elsewhere = Caller { tenant: "other".into(), ..ride.driver.clone() };
        assert_eq!(refusal(ride.bring(&elsewhere, TripStatus::Boarding).await), ErrorCode::TripNotFound);
        assert_eq!(ride.trip().await.status, TripStatus::Planned);
        assert_eq!(ride.said(&ride.driver).await, []);
    })
    .await;
}

async fn cancelled_while_confirmed(ground: Ground) {
    let ride = Aboard::begin(&ground).await;
    let late = sign_up(&ground, "late@example.org", "Late").await;
    let asked = ride.ask(&late).await;
    let (cancelled, confirmed) =
        join(ride.bring(&ride.driver, TripStatus::Cancelled), ride.confirm(asked)).await;
    assert_eq!(cancelled.expect("nothing stands in its way").status, TripStatus::Cancelled);
    let came_first = match confirmed {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code(), ErrorCode::NotNow);
            false
        }
    };
    assert_eq!(ride.stands(asked).await, BookingStatus::Cancelled);
    assert_eq!(ride.trip().await.seats_free, 4);
    match ride.history(&late).await {
        Ok(_) => assert!(came_first && ride.membership(&late).await.1.state == Standing::Ended),
        Err(error) => assert!(!came_first && error.code() == ErrorCode::RoomNotFound),
    }
}

#[tokio::test]
async fn a_seat_given_while_the_trip_is_called_off_is_given_and_taken_back_or_never() {
    on_both(cancelled_while_confirmed).await;
}

#[tokio::test]
async fn ones_own_bookings_come_with_their_trips_newest_first() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        ground.clock.advance(Duration::from_secs(1));
        ride.cancel(&ride.passenger, ride.booking).await.expect("it is called off");
        let second = ride.ask(&ride.passenger).await;
        let of = async |by: &Caller| {
            let list = ListMyBookings { by: by.clone() };
            ground.store.read(list).await.expect("it reads")
        };
        let mine = of(&ride.passenger).await;
        let ids: Vec<_> = mine.iter().map(|it| (it.booking.id, it.booking.status)).collect();
        assert_eq!(ids, [(second, BookingStatus::Requested), (ride.booking, BookingStatus::Cancelled)]);
        let trip = ride.trip().await;
        assert!(mine.iter().all(|it| it.trip == trip));
        assert_eq!(of(&ride.driver).await, []);
    })
    .await;
}
