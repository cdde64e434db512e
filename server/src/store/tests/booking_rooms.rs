//! The private room of a booking: made at the request, for its two people, and the only place where it is seen.

use super::aboard::{Aboard, body, objects, refusal, sign_up};
use super::ride::add_booking;
use super::{Ground, on_both};
use crate::error::Result;
use crate::messages::{ReadHistory, SendMessage, Which};
use crate::store::tables::booking;
use crate::tokens::Caller;
use crate::trips::{Deed, OpenBookingRoom};
use futures_util::future::join_all;
use std::collections::BTreeSet;
use tripchat_protocol::frame::{Done, Send};
use tripchat_protocol::rest::Placed;
use tripchat_protocol::{
    Body, Booking, BookingId, BookingStatus, ErrorCode, MessageId, Object, Role, RoomId, RoomType, Standing,
    StreamId, System, Trip, TripStatus,
};

impl Aboard<'_> {
    pub async fn read(&self, by: &Caller, room: RoomId) -> Result<Vec<Placed>> {
        let read = ReadHistory { by: by.clone(), room, which: Which::Newest, limit: 100 };
        Ok(self.ground.store.read(read).await?.messages)
    }

    async fn write(&self, by: &Caller, room: RoomId, text: &str) -> Result<Done> {
        let id = MessageId(self.ground.sources.uuid());
        let frame = Send { id, room, body: body(text), written_at: 5, send_by: None };
        self.ground.store.write(SendMessage { by: by.clone(), generation: 1, frame }).await
    }

    /// What the server said in a room, and who it said it of.
    async fn said_in(&self, by: &Caller, room: RoomId) -> Vec<(bool, System)> {
        let all = self.read(by, room).await.expect("it reads");
        let said = all.into_iter().filter_map(|it| match it.message.body {
            Body::System(said) => Some((it.message.author == self.driver.user, said)),
            _ => None,
        });
        said.collect()
    }

    async fn trip_in(&self, room: RoomId) -> Trip {
        let found =
            objects(self.ground, StreamId::Room(room)).await.into_iter().find_map(|(_, it)| match it {
                Object::Trip(trip) => Some(trip),
                _ => None,
            });
        found.expect("the trip is told there")
    }

    async fn booking_in(&self, room: RoomId) -> Booking {
        let found =
            objects(self.ground, StreamId::Room(room)).await.into_iter().find_map(|(_, it)| match it {
                Object::Booking(booking) => Some(booking),
                _ => None,
            });
        found.expect("the booking is told there")
    }

    async fn open(&self, by: &Caller, booking: BookingId) -> Result<Booking> {
        self.ground.store.write(OpenBookingRoom { by: by.clone(), booking }).await
    }
}

/// A booking as an older server left it: without a room.
async fn older(ground: &Ground, ride: &Aboard<'_>, passenger: &Caller) -> Booking {
    let old = older_of(ground, ride, passenger);
    assert!(add_booking(ground, &old).await.expect("it is stored"));
    old
}

fn older_of(ground: &Ground, ride: &Aboard<'_>, passenger: &Caller) -> Booking {
    Booking {
        id: BookingId(ground.sources.uuid()),
        number: "OLD-001".into(),
        trip: ride.trip,
        room: None,
        passenger: passenger.user,
        passenger_name: "Old".into(),
        seats: 1,
        pickup: None,
        dropoff: None,
        status: BookingStatus::Requested,
        requested_at: ground.sources.now(),
    }
}

#[tokio::test]
async fn a_request_makes_a_room_in_which_the_two_can_talk_at_once() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let me = sign_up(&ground, "asking@example.org", "Asking").await;
        let asked = ride.ask_for(&me, 1).await.expect("it is asked for");
        let room = asked.room.expect("a room");
        assert_eq!(ride.ask_for(&me, 1).await.expect("a second tap"), asked);
        let held = objects(&ground, StreamId::Room(room)).await;
        let kinds: Vec<&str> = held.iter().map(|(_, it)| it.kind()).collect();
        assert_eq!(kinds, ["room", "trip", "booking", "member", "member"]);
        let Object::Room(it) = &held[0].1 else { panic!("the room comes first") };
        assert_eq!((it.room_type, it.trip, it.booking), (RoomType::Booking, Some(ride.trip), Some(asked.id)));
        assert_eq!((it.name.as_deref(), it.created_by, it.is_active), (None, me.user, true));
        assert_eq!(held[2].1, Object::Booking(asked.clone()));
        for (by, role, unread) in [(&ride.driver, Role::Owner, 1), (&me, Role::Member, 0)] {
            let inbox = objects(&ground, StreamId::User(by.user)).await;
            let stay = inbox.into_iter().find_map(|(_, it)| match it {
                Object::Membership(it) if it.room == room => Some(it),
                _ => None,
            });
            let stay = stay.expect("it is in their inbox");
            assert_eq!((stay.role, stay.state, stay.room_type), (role, Standing::Current, RoomType::Booking));
            let head = ride.head(by, room).await;
            assert_eq!(head.unread, unread, "the driver is asked");
            assert_eq!(head.newest.map(|it| it.body), Some(Body::System(System::Requested { seats: 1 })));
        }
        ride.write(&me, room, "May I bring a dog?").await.expect("nothing was confirmed yet");
        ride.write(&ride.driver, room, "A small one").await.expect("they talk");
        // Nobody else, not even who rides along; and an unknown room answers alike.
        for by in [&ride.passenger, &sign_up(&ground, "eve@example.org", "Eve").await] {
            for room in [room, RoomId(ground.sources.uuid())] {
                assert_eq!(refusal(ride.read(by, room).await), ErrorCode::RoomNotFound);
                assert_eq!(refusal(ride.write(by, room, "hi").await), ErrorCode::RoomNotFound);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_booking_is_told_in_its_own_room_and_nowhere_else() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let other = sign_up(&ground, "other@example.org", "Other").await;
        let asked = ride.ask_for(&other, 1).await.expect("it is asked for");
        let room = asked.room.expect("a room");
        ride.confirm(asked.id).await.expect("there are seats");
        ride.goes(&[TripStatus::Boarding]).await;
        ride.mark(&ride.driver, asked.id, Deed::Board).await.expect("it is noted");
        assert_eq!(ride.booking_in(room).await.status, BookingStatus::Boarded);
        assert_eq!(ride.booking_in(ride.private).await.id, ride.booking);
        let streams = [StreamId::Room(ride.room), StreamId::Room(ride.private)];
        let inboxes = [&ride.driver, &ride.passenger, &other].map(|by| StreamId::User(by.user));
        for stream in streams.into_iter().chain(inboxes) {
            for (_, object) in objects(&ground, stream).await {
                let foreign = matches!(&object, Object::Booking(it) if it.id != ride.booking);
                let in_the_trips_room = object.kind() == "booking" && stream == StreamId::Room(ride.room);
                assert!(!foreign && !in_the_trips_room, "{stream} {object:?}");
            }
        }
        let told: BTreeSet<_> = ride.said(&ride.driver).await.iter().map(|it| format!("{it:?}")).collect();
        assert!(!told.iter().any(|it| it.contains("Requested") || it.contains("Confirmed")), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn what_becomes_of_a_booking_is_said_in_its_room_once_by_who_did_it() {
    use System::{Boarded, Cancelled, Confirmed, Declined, Expired, NoShow, Requested};
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let first = sign_up(&ground, "one@example.org", "One").await;
        let two = sign_up(&ground, "two@example.org", "Two").await;
        let three = sign_up(&ground, "three@example.org", "Three").await;
        let asks = async |by: &Caller| {
            let asked = ride.ask_for(by, 1).await.expect("it is asked for");
            (asked.id, asked.room.expect("a room"))
        };
        let (declined, no) = asks(&first).await;
        let (_, late) = asks(&two).await;
        let (missed, missing) = asks(&three).await;
        for _ in 0..2 {
            ride.mark(&ride.driver, declined, Deed::Decline).await.expect("it is declined");
            ride.confirm(missed).await.expect("there is a seat");
        }
        let again = ride.ask_for(&first, 1).await.expect("it may be asked for anew");
        ride.cancel(&first, again.id).await.expect("and called off");
        ride.goes(&[TripStatus::Boarding]).await;
        for deed in [Deed::Board, Deed::Unboard, Deed::Board] {
            ride.mark(&ride.driver, ride.booking, deed).await.expect("it is noted");
        }
        ride.mark(&ride.driver, missed, Deed::NoShow).await.expect("it is noted");
        ride.goes(&[TripStatus::UnderWay, TripStatus::Arrived]).await;
        let (asked, driver) = ((false, Requested { seats: 1 }), true);
        let expected = [
            (no, vec![asked.clone(), (driver, Declined)]),
            (again.room.expect("a room of its own"), vec![asked.clone(), (false, Cancelled)]),
            (late, vec![asked.clone(), (driver, Expired)]),
            (missing, vec![asked, (driver, Confirmed), (driver, NoShow)]),
            (
                ride.private,
                vec![
                    (false, Requested { seats: 2 }),
                    (driver, Confirmed),
                    (driver, Boarded),
                    (driver, Boarded),
                ],
            ),
        ];
        for (room, said) in expected {
            assert_eq!(ride.said_in(&ride.driver, room).await, said);
        }
        assert_eq!(ride.booking_in(ride.private).await.status, BookingStatus::Completed);
        assert_eq!(ride.booking_in(late).await.status, BookingStatus::Expired);
    })
    .await;
}

#[tokio::test]
async fn a_trip_is_told_to_the_rooms_of_open_bookings_up_to_their_end() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let other = sign_up(&ground, "other@example.org", "Other").await;
        let asked = ride.ask_for(&other, 1).await.expect("it is asked for");
        let room = asked.room.expect("a room");
        ride.confirm(asked.id).await.expect("there is a seat");
        for place in [ride.room, ride.private, room] {
            assert_eq!(ride.trip_in(place).await.seats_free, 1);
        }
        ride.cancel(&other, asked.id).await.expect("it is called off");
        assert_eq!(ride.trip_in(ride.private).await.seats_free, 2);
        assert_eq!(ride.trip_in(room).await.seats_free, 1, "it is over for them");
        ride.goes(&[TripStatus::Boarding, TripStatus::UnderWay, TripStatus::Arrived]).await;
        assert_eq!(ride.trip_in(room).await.status, TripStatus::Planned);
        assert_eq!(ride.trip_in(ride.private).await.status, TripStatus::Arrived, "with its end");
        ride.goes(&[TripStatus::Closed]).await;
        assert_eq!(ride.trip_in(ride.room).await.status, TripStatus::Closed);
        assert_eq!(ride.trip_in(ride.private).await.status, TripStatus::Arrived);
        // Something may have been left in the car.
        for (by, place) in [(&ride.passenger, ride.private), (&other, room), (&ride.driver, room)] {
            ride.write(by, place, "My umbrella").await.expect("the two can still talk");
        }
    })
    .await;
}

#[tokio::test]
async fn the_room_of_an_older_booking_is_opened_once_for_its_two_people() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let me = sign_up(&ground, "old@example.org", "Old").await;
        let stranger = sign_up(&ground, "eve@example.org", "Eve").await;
        let old = older(&ground, &ride, &me).await;
        for by in [&ride.passenger, &stranger] {
            for id in [old.id, BookingId(ground.sources.uuid())] {
                assert_eq!(refusal(ride.open(by, id).await), ErrorCode::BookingNotFound);
            }
        }
        let elsewhere = Caller { tenant: "other".into(), ..me.clone() };
        assert_eq!(refusal(ride.open(&elsewhere, old.id).await), ErrorCode::BookingNotFound);
        let found = ground.read(old.id, |&id, tx| Box::pin(booking::by_id(tx, id))).await.expect("it reads");
        assert_eq!(found.and_then(|it| it.room), None, "refusals opened nothing");

        let asking = (0..100).map(|n| ride.open(if n % 2 == 0 { &me } else { &ride.driver }, old.id));
        let rooms: BTreeSet<Option<RoomId>> =
            join_all(asking).await.into_iter().map(|it| it.expect("it is opened").room).collect();
        assert_eq!(rooms.len(), 1, "{rooms:?}");
        let room = rooms.into_iter().next().flatten().expect("a room");
        let kinds: Vec<_> =
            objects(&ground, StreamId::Room(room)).await.iter().map(|(_, it)| it.kind().to_owned()).collect();
        assert_eq!(kinds, ["room", "trip", "booking", "member", "member"]);
        assert_eq!(
            ride.open(&me, ride.booking).await.map_err(|it| it.code()),
            Err(ErrorCode::BookingNotFound)
        );
        let known = ride.open(&ride.passenger, ride.booking).await.expect("it is there");
        assert_eq!(known.room, Some(ride.private));
    })
    .await;
}

#[tokio::test]
async fn an_older_booking_that_moves_gets_its_room() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let me = sign_up(&ground, "old@example.org", "Old").await;
        let old = older(&ground, &ride, &me).await;
        let confirmed = ride.confirm(old.id).await.expect("there is a seat");
        let room = confirmed.room.expect("a room");
        assert_eq!(ride.said_in(&me, room).await, [(true, System::Confirmed)]);
        assert_eq!(ride.booking_in(room).await, confirmed);
        assert_eq!(ride.trip_in(room).await.seats_free, 1);
        // One that ends with its trip gets a room, too, with the trip as it ended.
        let other = sign_up(&ground, "older@example.org", "Older").await;
        let old = Booking { number: "OLD-002".into(), ..older_of(&ground, &ride, &other) };
        assert!(add_booking(&ground, &old).await.expect("it is stored"));
        ride.goes(&[TripStatus::Cancelled]).await;
        let ended = ride.open(&other, old.id).await.expect("it has a room").room.expect("a room");
        assert_eq!(ride.booking_in(ended).await.status, BookingStatus::Cancelled);
        let trip = ride.trip_in(ended).await;
        assert_eq!((trip.status, trip.seats_free), (TripStatus::Cancelled, 4));
    })
    .await;
}

#[tokio::test]
async fn what_is_said_for_the_record_is_neither_unread_nor_the_newest_line() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        ride.goes(&[TripStatus::Boarding]).await;
        let before = ride.head(&ride.passenger, ride.private).await;
        assert_eq!(before.unread, 1, "confirmed");
        ride.mark(&ride.driver, ride.booking, Deed::Board).await.expect("it is noted");
        let after = ride.head(&ride.passenger, ride.private).await;
        assert!(after.head > before.head);
        assert_eq!((after.unread, after.newest), (before.unread, before.newest));
        assert_eq!(ride.said_in(&ride.passenger, ride.private).await.last(), Some(&(true, System::Boarded)));
    })
    .await;
}
