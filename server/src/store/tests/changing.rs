//! A trip that is changed: what may be, what the room is told, and what is found of it.

use super::aboard::{Aboard, refusal, sign_up};
use super::ride::{Ride, TENANT, add_trip, new_trip};
use super::{Ground, START, on_both};
use crate::error::Result;
use crate::store::tables::stop;
use crate::store::tables::trip::{self, Wanted};
use crate::store::value::params;
use crate::tokens::Caller;
use crate::trips::ChangeTrip;
use tripchat_protocol::rest::TripChange;
use tripchat_protocol::{ErrorCode, MessageId, Object, Stop, StreamId, System, Trip, TripId, TripStatus};

const MINUTE: i64 = 60_000;

impl Aboard<'_> {
    async fn change(&self, by: &Caller, change: TripChange) -> Result<Trip> {
        let messages = [MessageId(self.ground.sources.uuid()), MessageId(self.ground.sources.uuid())];
        self.ground.store.write(ChangeTrip { by: by.clone(), trip: self.trip, change, messages }).await
    }

    /// The driver has all the stops so much later.
    async fn later(&self, by: i64) -> Result<Trip> {
        let mut stops = self.trip().await.stops;
        stops.iter_mut().for_each(|stop| stop.at += by);
        self.change(&self.driver, TripChange { stops: Some(stops), ..TripChange::default() }).await
    }
}

#[tokio::test]
async fn another_time_and_another_vehicle_are_told_and_the_trip_stands_changed() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let was = ride.trip().await;
        let mut vehicle = was.vehicle.clone();
        vehicle.plate = " 777 XYZ 01 ".into();
        let mut stops = was.stops.clone();
        stops.iter_mut().for_each(|stop| stop.at += 20 * MINUTE);
        stops.remove(1);
        let change = TripChange {
            stops: Some(stops.clone()),
            vehicle: Some(vehicle.clone()),
            seats: Some(3),
            price: None,
            luggage_note: Some("none".into()),
        };
        let is = ride.change(&ride.driver, change.clone()).await.expect("it is changed");
        vehicle.plate = "777 XYZ 01".into();
        let wanted = Trip {
            stops,
            vehicle: vehicle.clone(),
            seats: 3,
            seats_free: 1,
            luggage_note: "none".into(),
            ..was
        };
        assert_eq!((&is, &ride.trip().await), (&wanted, &wanted));
        let told = [System::Delayed { minutes: 20 }, System::VehicleChanged { vehicle }];
        assert_eq!(ride.said(&ride.passenger).await, told);
        let objects = super::aboard::objects(&ground, StreamId::Room(ride.room)).await;
        assert!(objects.into_iter().any(|(_, object)| object == Object::Trip(wanted.clone())));
        // The same again changes nothing, and nothing is said.
        let before = ride.standing().await;
        assert_eq!(ride.change(&ride.driver, change).await.expect("a repeat"), is);
        assert_eq!(ride.standing().await, before);
        // Of a price the trip tells by itself.
        let mut price = is.price.clone();
        price.minor += 1;
        let change = TripChange { price: Some(price), ..TripChange::default() };
        ride.change(&ride.driver, change).await.expect("it is changed");
        assert_eq!(ride.said(&ride.passenger).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_delay_is_told_in_whole_minutes_either_way() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        for by in [29_999, 30_000, -90_000, -29_999, 60 * MINUTE] {
            ride.later(by).await.expect("it is changed");
        }
        let minutes: Vec<_> = ride.said(&ride.passenger).await;
        assert_eq!(minutes, [1, -2, 60].map(|minutes| System::Delayed { minutes }));
        // A later stop alone delays nobody at the first one.
        let mut stops = ride.trip().await.stops;
        stops[1].at += MINUTE;
        let change = TripChange { stops: Some(stops), ..TripChange::default() };
        ride.change(&ride.driver, change).await.expect("it is changed");
        assert_eq!(ride.said(&ride.passenger).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_trip_is_changed_by_its_driver_before_it_sets_out_and_keeps_its_people() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let stranger = sign_up(&ground, "nurlan@example.org", "Nurlan").await;
        let seats = |seats| TripChange { seats: Some(seats), ..TripChange::default() };
        let note = |note: &str| TripChange { luggage_note: Some(note.into()), ..TripChange::default() };
        assert_eq!(refusal(ride.change(&ride.passenger, seats(5)).await), ErrorCode::Forbidden);
        assert_eq!(refusal(ride.change(&stranger, seats(5)).await), ErrorCode::TripNotFound);
        // Two seats are taken.
        assert_eq!(refusal(ride.change(&ride.driver, seats(1)).await), ErrorCode::SeatsTaken);
        for bad in [seats(0), seats(101), TripChange::default(), note("a\0")] {
            assert_eq!(refusal(ride.change(&ride.driver, bad).await), ErrorCode::InvalidInput);
        }
        assert_eq!(refusal(ride.later(-600 * MINUTE).await), ErrorCode::InvalidInput);
        assert_eq!(ride.change(&ride.driver, seats(2)).await.expect("just enough").seats_free, 0);
        ride.goes(&[TripStatus::Boarding]).await;
        ride.change(&ride.driver, note("hand luggage")).await.expect("it has not set out");
        ride.goes(&[TripStatus::UnderWay]).await;
        assert_eq!(refusal(ride.change(&ride.driver, note("none")).await), ErrorCode::NotNow);
        assert_eq!(refusal(ride.later(MINUTE).await), ErrorCode::NotNow);
        let again = ride.change(&ride.driver, note("hand luggage")).await.expect("it stands so");
        assert_eq!(again, ride.trip().await);
    })
    .await;
}

/// A trip through these places, an hour apart, that leaves so many hours after the start.
async fn through(ground: &Ground, ride: &Ride, places: &[&str], hours: i64) -> TripId {
    let mut new = new_trip(&ground.sources, ride.driver, ride.room.id, 3);
    let at = |number: usize| START + (hours + i64::try_from(number).expect("a few")) * 60 * MINUTE;
    let stop = |(number, place): (usize, &&str)| Stop {
        place: (*place).into(),
        zone: "Asia/Almaty".into(),
        at: at(number),
    };
    new.stops = places.iter().enumerate().map(stop).collect();
    let id = new.id;
    add_trip(ground, TENANT, new).await;
    id
}

async fn find(ground: &Ground, from: &'static str, to: &'static str, hours: (i64, i64)) -> Vec<TripId> {
    let found = ground.read((from, to, hours), |&(from, to, hours), tx| {
        Box::pin(async move {
            let (after, before) = (START + hours.0 * 60 * MINUTE, START + hours.1 * 60 * MINUTE);
            trip::search(tx, TENANT, &Wanted { from, to, after, before }, 100).await
        })
    });
    found.await.expect("it reads").into_iter().map(|trip| trip.id).collect()
}

#[tokio::test]
async fn trips_are_found_by_the_beginnings_of_their_places_in_their_order_and_by_time() {
    const ALL: (i64, i64) = (0, 1_000);
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let late = through(&ground, &ride, &["Алматы, Сайран", "Қордай", "Бишкек"], 30).await;
        let soon = through(&ground, &ride, &["Қапшағай", "АЛМАТЫ", "Ёлкино"], 10).await;
        let back = through(&ground, &ride, &["Бишкек", "Алматы 1"], 5).await;
        let latin = through(&ground, &ride, &["São Paulo", "100%_Ort"], 20).await;
        let mut gone = new_trip(&ground.sources, ride.driver, ride.room.id, 3);
        gone.status = TripStatus::Boarding;
        add_trip(&ground, TENANT, gone.clone()).await;
        let elsewhere = Trip { id: TripId(ground.sources.uuid()), status: TripStatus::Planned, ..gone };
        add_trip(&ground, "other", elsewhere).await;

        // The ride itself goes from Almaty by Qorday to Bishkek after an hour.
        let first = ride.trip.id;
        assert_eq!(find(&ground, "алматы", "", ALL).await, [first, soon, late]);
        assert_eq!(find(&ground, "АЛМ", "биш", ALL).await, [first, late]);
        assert_eq!(find(&ground, "бишкек", "алматы", ALL).await, [back]);
        assert_eq!(find(&ground, "", "алматы", ALL).await, [back, soon]);
        assert_eq!(find(&ground, "алм сай", "", ALL).await, [late]);
        assert_eq!(find(&ground, "сайран", "қордай", ALL).await, [late]);
        assert_eq!(find(&ground, "айран", "", ALL).await, []);
        assert_eq!(find(&ground, "", "елк", ALL).await, [soon]);
        assert_eq!(find(&ground, "sao p", "100", ALL).await, [latin]);
        assert_eq!(find(&ground, "sao p", "ort 100", ALL).await, []);
        assert_eq!(find(&ground, "", "", ALL).await, [first, back, soon, latin, late]);
        assert_eq!(find(&ground, "%", "_", ALL).await.len(), 5, "signs are no words");
        // The last stop is no place to leave from.
        assert_eq!(find(&ground, "ort", "", ALL).await, []);
        // The time is that of the stop: `soon` passes Almaty at eleven.
        assert_eq!(find(&ground, "алматы", "", (11, 30)).await, [soon, late]);
        assert_eq!(find(&ground, "алматы", "", (12, 29)).await, []);
        assert_eq!(find(&ground, "", "елк", (11, 30)).await, []);
    })
    .await;
}

#[tokio::test]
async fn what_an_older_server_stored_is_found_too_once_it_is_opened() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let many = new_trip(&ground.sources, ride.driver, ride.room.id, 3);
        let stop = many.stops[0].clone();
        let stops =
            (0..1_100).map(|number| Stop { place: format!("Жер {number}"), ..stop.clone() }).collect();
        add_trip(&ground, TENANT, Trip { stops, ..many.clone() }).await;
        let forgotten = ground.write((), |(), tx| {
            Box::pin(async move { tx.run("UPDATE stop SET folded = NULL", params![]).await })
        });
        forgotten.await.expect("it is as it was");
        assert_eq!(find(&ground, "алматы", "бишкек", (0, 9)).await, []);
        let ground = ground.reopened().await;
        assert_eq!(find(&ground, "алматы", "бишкек", (0, 9)).await, [ride.trip.id]);
        assert_eq!(find(&ground, "жер 7", "жер 1099", (0, 9)).await, [many.id]);
        let left = ground.read((), |(), tx| Box::pin(stop::without_words(tx, 1)));
        assert_eq!(left.await.expect("it reads"), []);
    })
    .await;
}
