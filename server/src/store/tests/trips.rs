//! Trips with their stops and seats, and bookings.

use super::ride::{Ride, TENANT, add_booking, add_person, add_room, add_trip, new_booking, new_trip};
use super::{Ground, START, on_both};
use crate::error::Result;
use crate::store::tables::{booking, trip};
use std::time::Duration;
use tripchat_protocol::{
    Booking, BookingId, BookingStatus, ErrorCode, Money, RoomId, Trip, TripId, TripStatus, UserId,
};

async fn look(ground: &Ground, tenant: &'static str, id: TripId) -> Option<Trip> {
    let found = ground.read((tenant, id), |&(tenant, id), tx| Box::pin(trip::by_id(tx, tenant, id)));
    found.await.expect("it reads")
}

async fn list(ground: &Ground, user: UserId, from: i64, limit: i64) -> Vec<TripId> {
    let found = ground.read((user, from, limit), |&(user, from, limit), tx| {
        Box::pin(trip::list(tx, TENANT, user, from, limit))
    });
    found.await.expect("it reads").into_iter().map(|trip| trip.id).collect()
}

async fn take_seats(ground: &Ground, id: TripId, seats: u16) -> bool {
    let taken = ground.write((id, seats), |&(id, seats), tx| Box::pin(trip::take_seats(tx, id, seats)));
    taken.await.expect("it answers")
}

#[tokio::test]
async fn a_trip_reads_back_whole_in_its_tenant_only() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        assert_eq!(look(&ground, TENANT, ride.trip.id).await, Some(ride.trip.clone()));
        assert_eq!(look(&ground, "other", ride.trip.id).await, None);
        assert_eq!(look(&ground, TENANT, TripId(ground.sources.uuid())).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_trip_keeps_every_word_and_number_at_its_limit() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let mut wide = new_trip(&ground.sources, ride.driver, ride.room.id, u16::MAX);
        wide.seats_free = 0;
        wide.status = TripStatus::UnderWay;
        wide.price = Money { minor: i64::MAX, currency: "KZT".into() };
        wide.luggage_note = "🧳'; DROP TABLE trip; --\n\u{202e}".repeat(50);
        wide.vehicle.colour = String::new();
        let stop = wide.stops[0].clone();
        // Their order is that of the list, whatever their times say.
        wide.stops = (0..50_i64).map(|n| (n, stop.clone())).map(|(n, s)| at(s, START - n)).collect();
        add_trip(&ground, TENANT, wide.clone()).await;
        assert_eq!(look(&ground, TENANT, wide.id).await, Some(wide));

        let mut bare = new_trip(&ground.sources, ride.driver, ride.room.id, 0);
        bare.stops.clear();
        add_trip(&ground, TENANT, bare.clone()).await;
        assert_eq!(look(&ground, TENANT, bare.id).await, Some(bare));
    })
    .await;
}

fn at(mut stop: tripchat_protocol::Stop, at: i64) -> tripchat_protocol::Stop {
    stop.at = at;
    stop
}

#[tokio::test]
async fn a_trip_with_more_free_seats_than_seats_is_not_stored() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let mut odd = new_trip(&ground.sources, ride.driver, ride.room.id, 1);
        odd.seats_free = 2;
        let id = odd.id;
        let refused = ground.write(odd, |odd, tx| Box::pin(trip::insert(tx, TENANT, odd)));
        assert_eq!(refused.await.expect_err("a defect").code(), ErrorCode::Internal);
        assert_eq!(look(&ground, TENANT, id).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_trip_needs_its_room_and_its_driver() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let nobody = UserId(ground.sources.uuid());
        let nowhere = RoomId(ground.sources.uuid());
        let without_driver = new_trip(&ground.sources, nobody, ride.room.id, 1);
        let without_room = new_trip(&ground.sources, ride.driver, nowhere, 1);
        for odd in [without_driver, without_room] {
            let refused = ground.write(odd, |odd, tx| Box::pin(trip::insert(tx, TENANT, odd)));
            assert_eq!(refused.await.expect_err("not stored").code(), ErrorCode::Conflict);
        }
    })
    .await;
}

/// A trip that leaves `minutes` after the start.
async fn leaving(ground: &Ground, ride: &Ride, minutes: i64, status: TripStatus) -> TripId {
    // Ids sort by the clock, and decide between trips that leave at the same time.
    ground.clock.advance(Duration::from_millis(1));
    let mut new = new_trip(&ground.sources, ride.driver, ride.room.id, 3);
    new.status = status;
    for stop in &mut new.stops {
        stop.at = START + minutes * 60_000;
    }
    let id = new.id;
    add_trip(ground, TENANT, new).await;
    id
}

#[tokio::test]
async fn the_list_has_planned_trips_to_come_earliest_first() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let late = leaving(&ground, &ride, 300, TripStatus::Planned).await;
        let soon = leaving(&ground, &ride, 10, TripStatus::Planned).await;
        let same_minute = leaving(&ground, &ride, 10, TripStatus::Planned).await;
        let cancelled = leaving(&ground, &ride, 20, TripStatus::Cancelled).await;
        let past = leaving(&ground, &ride, -10, TripStatus::Planned).await;
        let elsewhere = new_trip(&ground.sources, ride.driver, ride.room.id, 3);
        add_trip(&ground, "other", elsewhere).await;

        // The ride itself leaves after an hour.
        let stranger = UserId(ground.sources.uuid());
        let open = [soon, same_minute, ride.trip.id, late];
        assert_eq!(list(&ground, stranger, START, 100).await, open);
        assert_eq!(list(&ground, stranger, START, 2).await, [soon, same_minute]);
        assert_eq!(list(&ground, stranger, START, 0).await, []);
        assert_eq!(list(&ground, stranger, START + 600_000, 100).await, open, "the border is inside");
        assert_eq!(list(&ground, stranger, START + 600_001, 100).await, [ride.trip.id, late]);
        // Its driver sees the others too.
        let own = [past, soon, same_minute, cancelled, ride.trip.id, late];
        assert_eq!(list(&ground, ride.driver, START, 100).await, own);
    })
    .await;
}

#[tokio::test]
async fn the_list_has_what_one_booked_once_whatever_became_of_it() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let later = START + 90_000_000;
        assert_eq!(list(&ground, ride.passenger, later, 100).await, []);
        let mut first = new_booking(&ground, &ride, "B1");
        first.status = BookingStatus::Cancelled;
        assert!(add_booking(&ground, &first).await.expect("it is stored"));
        assert!(add_booking(&ground, &new_booking(&ground, &ride, "B2")).await.expect("it is stored"));
        assert_eq!(list(&ground, ride.passenger, later, 100).await, [ride.trip.id]);
    })
    .await;
}

#[tokio::test]
async fn seats_are_taken_while_there_are_so_many() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let id = ride.trip.id;
        assert!(!take_seats(&ground, id, 5).await);
        assert!(take_seats(&ground, id, 3).await);
        assert!(!take_seats(&ground, id, 2).await);
        assert!(!take_seats(&ground, id, u16::MAX).await);
        assert!(take_seats(&ground, id, 1).await);
        assert!(!take_seats(&ground, id, 1).await);
        assert!(take_seats(&ground, id, 0).await);
        assert!(!take_seats(&ground, TripId(ground.sources.uuid()), 1).await);
        assert_eq!(look(&ground, TENANT, id).await.expect("it is there").seats_free, 0);
    })
    .await;
}

async fn look_booking(ground: &Ground, id: BookingId) -> Option<Booking> {
    ground.read(id, |&id, tx| Box::pin(booking::by_id(tx, id))).await.expect("it reads")
}

#[tokio::test]
async fn a_booking_reads_back_with_its_passengers_name() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let new = new_booking(&ground, &ride, "B7K-42M");
        assert!(add_booking(&ground, &new).await.expect("it is stored"));
        assert_eq!(look_booking(&ground, new.id).await, Some(new));
        assert_eq!(look_booking(&ground, BookingId(ground.sources.uuid())).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_person_has_one_open_booking_of_a_trip() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let first = new_booking(&ground, &ride, "B1");
        assert!(add_booking(&ground, &first).await.expect("it is stored"));
        assert!(!add_booking(&ground, &new_booking(&ground, &ride, "B2")).await.expect("it answers"));
        // A number is taken for ever, by whomever.
        let mut other = new_booking(&ground, &ride, "B1");
        other.passenger = ride.driver;
        assert!(!add_booking(&ground, &other).await.expect("it answers"));
        for (from, to, again) in [
            (BookingStatus::Requested, BookingStatus::Confirmed, false),
            (BookingStatus::Confirmed, BookingStatus::Boarded, false),
            (BookingStatus::Boarded, BookingStatus::Completed, true),
        ] {
            assert!(advance(&ground, first.id, from, to).await);
            let next = new_booking(&ground, &ride, "B3");
            assert_eq!(add_booking(&ground, &next).await.expect("it answers"), again, "{to:?}");
        }
    })
    .await;
}

async fn advance(ground: &Ground, id: BookingId, from: BookingStatus, to: BookingStatus) -> bool {
    let moved =
        ground.write((id, from, to), |&(id, from, to), tx| Box::pin(booking::advance(tx, id, from, to)));
    moved.await.expect("it answers")
}

#[tokio::test]
async fn a_booking_needs_its_trip_and_its_passenger() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let mut without_trip = new_booking(&ground, &ride, "B1");
        without_trip.trip = TripId(ground.sources.uuid());
        let mut without_passenger = new_booking(&ground, &ride, "B2");
        without_passenger.passenger = UserId(ground.sources.uuid());
        for odd in [without_trip, without_passenger] {
            let refused: Result<bool> = add_booking(&ground, &odd).await;
            assert_eq!(refused.expect_err("not stored").code(), ErrorCode::Conflict);
            assert_eq!(look_booking(&ground, odd.id).await, None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_booking_moves_on_from_where_it_is_only() {
    on_both(|ground| async move {
        use BookingStatus::{Cancelled, Confirmed, Requested};
        let ride = Ride::begin(&ground).await;
        let new = new_booking(&ground, &ride, "B1");
        assert!(add_booking(&ground, &new).await.expect("it is stored"));
        assert!(advance(&ground, new.id, Requested, Confirmed).await);
        assert!(!advance(&ground, new.id, Requested, Confirmed).await);
        assert!(!advance(&ground, new.id, Requested, Cancelled).await);
        assert_eq!(look_booking(&ground, new.id).await.expect("it is there").status, Confirmed);
        assert!(!advance(&ground, BookingId(ground.sources.uuid()), Requested, Confirmed).await);
    })
    .await;
}

#[tokio::test]
async fn the_bookings_of_a_trip_stand_oldest_first() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let other_passenger = add_person(&ground, "c@example.org", "C").await;
        let mut newest = new_booking(&ground, &ride, "B1");
        newest.requested_at += 1_000;
        let mut first = new_booking(&ground, &ride, "B2");
        (first.passenger, first.passenger_name) = (other_passenger, "C".into());
        ground.clock.advance(Duration::from_millis(1));
        let mut second = new_booking(&ground, &ride, "B3");
        // The same time as the first: the id decides.
        (second.passenger, second.passenger_name) = (ride.driver, "Айгерім".into());
        second.requested_at = first.requested_at;
        for new in [&newest, &second, &first] {
            assert!(add_booking(&ground, new).await.expect("it is stored"));
        }
        let of = async |trip: TripId, passenger: Option<UserId>| {
            let found = ground.read((trip, passenger), |&(trip, passenger), tx| {
                Box::pin(booking::of_trip(tx, trip, passenger))
            });
            found.await.expect("it reads")
        };
        let own = [newest.clone()];
        assert_eq!(of(ride.trip.id, None).await, [first, second, newest]);
        assert_eq!(of(ride.trip.id, Some(ride.passenger)).await, own);
        assert_eq!(of(ride.trip.id, Some(UserId(ground.sources.uuid()))).await, []);
        assert_eq!(of(TripId(ground.sources.uuid()), None).await, []);
        // A room of the same driver without a trip changes nothing.
        add_room(&ground, ride.driver).await;
        assert_eq!(of(ride.trip.id, None).await.len(), 3);
    })
    .await;
}
