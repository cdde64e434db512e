//! What the server is asked about trips and bookings: where, how, and with which words.

use super::stage::{Stage, grant, refusal};
use crate::api::{Method, Request, Unreachable};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tripchat_protocol::rest::{NewBooking, NewReview, TripChange};
use tripchat_protocol::{
    Booking, BookingId, BookingStatus, ErrorCode, Trip, TripId, TripStatus, UserId, Vehicle,
};
use uuid::Uuid;

const TRIP: TripId = TripId(Uuid::from_u128(0xC3));
const BOOKING: BookingId = BookingId(Uuid::from_u128(0xD4));

fn trip(status: &str) -> Value {
    json!({
        "id": TRIP, "room": Uuid::from_u128(1), "driver": Uuid::from_u128(2), "driver_name": "Aida",
        "status": status,
        "stops": [
            {"place": "Almaty", "zone": "Asia/Almaty", "at": 1}, {"place": "Bishkek", "zone": "Asia/Bishkek", "at": 2},
        ],
        "vehicle": {"model": "Alphard", "colour": "silver", "plate": "482 KZA 02"},
        "seats": 6, "seats_free": 3, "price": {"minor": 1, "currency": "KZT"}, "luggage_note": "",
    })
}

fn booking(status: &str) -> Value {
    json!({
        "id": BOOKING, "number": "B7K-42M", "trip": TRIP, "passenger": Uuid::from_u128(3), "passenger_name": "Dana",
        "seats": 1, "status": status, "requested_at": 1,
    })
}

/// The verb, the place under `/api/v1`, and the body of every call.
type Asked = Arc<Mutex<Vec<(Method, String, Value)>>>;

/// A stage whose server answers with `answer`, and what it was asked.
async fn that_answers(answer: Value) -> (Stage, Asked) {
    let (stage, _) = Stage::online().await;
    let asked = Asked::default();
    let noted = asked.clone();
    stage.desk.will(move |request: &Request| {
        let body = request.body.as_deref().map_or(Value::Null, |body| serde_json::from_slice(body).unwrap());
        let path = request.url.split_once("/api/v1").unwrap().1;
        noted.lock().unwrap().push((request.method, path.to_owned(), body));
        Ok((200, answer.clone()))
    });
    (stage, asked)
}

fn only(asked: &Asked) -> (Method, String, Value) {
    let mut asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 1, "{asked:?}");
    asked.remove(0)
}

#[tokio::test(start_paused = true)]
async fn a_trip_is_moved_on_by_its_status() {
    let (stage, asked) = that_answers(trip("boarding")).await;
    let moved: Trip = stage.client.set_trip_status(TRIP, TripStatus::Boarding).await.unwrap();
    assert_eq!(moved.status, TripStatus::Boarding);
    let at = format!("/trips/{TRIP}/status");
    assert_eq!(only(&asked), (Method::Post, at, json!({"status": "boarding"})));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_changed_about_a_trip_is_not_named() {
    let (stage, asked) = that_answers(trip("planned")).await;
    let vehicle = Vehicle { model: "Sprinter".into(), colour: "white".into(), plate: "715 BTA 13".into() };
    let change = TripChange { vehicle: Some(vehicle), ..TripChange::default() };
    stage.client.change_trip(TRIP, change).await.unwrap();
    let body = json!({"vehicle": {"model": "Sprinter", "colour": "white", "plate": "715 BTA 13"}});
    assert_eq!(only(&asked), (Method::Patch, format!("/trips/{TRIP}"), body));
}

#[tokio::test(start_paused = true)]
async fn a_booking_is_moved_by_a_verb_of_its_own() {
    let (stage, asked) = that_answers(booking("boarded")).await;
    let client = &stage.client;
    let moved: Vec<Booking> = vec![
        client.confirm_booking(BOOKING).await.unwrap(),
        client.decline_booking(BOOKING).await.unwrap(),
        client.cancel_booking(BOOKING).await.unwrap(),
        client.board_booking(BOOKING).await.unwrap(),
        client.no_show_booking(BOOKING).await.unwrap(),
        client.unboard_booking(BOOKING).await.unwrap(),
    ];
    assert!(moved.iter().all(|moved| moved.status == BookingStatus::Boarded), "as the server says");
    let verbs = ["confirm", "decline", "cancel", "board", "no-show", "unboard"];
    let expected = verbs.map(|verb| (Method::Post, format!("/bookings/{BOOKING}/{verb}"), Value::Null));
    assert_eq!(*asked.lock().unwrap(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_search_names_what_is_looked_for_and_nothing_else() {
    let (stage, asked) = that_answers(json!({"trips": [trip("planned")]})).await;
    let search = |from: &str, to: &str, after, before| {
        stage.client.search_trips(from.into(), to.into(), after, before)
    };
    assert_eq!(search("Алматы", " Korday & on ", Some(10), Some(20)).await.unwrap().len(), 1);
    search(" ", "Bishkek", None, Some(20)).await.unwrap();
    search("", "", None, None).await.unwrap();
    let places: Vec<_> = asked.lock().unwrap().iter().map(|(_, place, _)| place.clone()).collect();
    assert_eq!(
        places,
        [
            "/trips?from=%D0%90%D0%BB%D0%BC%D0%B0%D1%82%D1%8B&to=Korday+%26+on&after=10&before=20",
            "/trips?to=Bishkek&before=20",
            "/trips",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn ones_own_bookings_come_with_their_trips() {
    let answer = json!({"bookings": [{"booking": booking("confirmed"), "trip": trip("planned")}]});
    let (stage, asked) = that_answers(answer).await;
    let mine = stage.client.my_bookings().await.unwrap();
    assert_eq!((mine[0].booking.id, mine[0].trip.id), (BOOKING, TRIP));
    assert_eq!(only(&asked), (Method::Get, "/bookings".into(), Value::Null));
}

#[tokio::test(start_paused = true)]
async fn seats_are_asked_for_from_a_stop_to_another_or_for_the_whole_way() {
    let (stage, asked) = that_answers(booking("requested")).await;
    stage.client.request_booking(TRIP, 2).await.unwrap();
    let wanted = NewBooking { seats: 1, pickup: Some(1), dropoff: None };
    stage.client.request_stretch(TRIP, wanted).await.unwrap();
    let at = format!("/trips/{TRIP}/bookings");
    let bodies = [json!({"seats": 2}), json!({"seats": 1, "pickup": 1})];
    assert_eq!(*asked.lock().unwrap(), bodies.map(|body| (Method::Post, at.clone(), body)));
}

#[tokio::test(start_paused = true)]
async fn a_review_is_put_where_it_belongs_and_read_page_by_page() {
    let person = UserId(Uuid::from_u128(2));
    let review = json!({
        "booking": BOOKING, "author": Uuid::from_u128(3), "author_name": "Dana", "subject": person,
        "stars": 4, "text": "so", "at": 1, "open_until": 2,
    });
    let (stage, asked) = that_answers(review.clone()).await;
    let said = NewReview { stars: 4, text: "so".into() };
    assert_eq!(stage.client.write_review(BOOKING, said).await.unwrap().subject, person);
    let at = format!("/bookings/{BOOKING}/review");
    assert_eq!(only(&asked), (Method::Put, at, json!({"stars": 4, "text": "so"})));
    let page = json!({"rating": {"tenths": 40, "count": 1}, "reviews": [review], "has_more": false});
    let (stage, asked) = that_answers(page).await;
    let read = stage.client.person_reviews(person, None).await.unwrap();
    assert_eq!(read.rating.map(|rating| (rating.tenths, rating.count)), Some((40, 1)));
    stage.client.person_reviews(person, Some(BOOKING)).await.unwrap();
    assert_eq!(stage.client.trip_reviews(TRIP).await.unwrap().len(), 1);
    let places: Vec<_> = asked.lock().unwrap().iter().map(|(_, place, _)| place.clone()).collect();
    let about = format!("/people/{person}/reviews");
    assert_eq!(places, [about.clone(), format!("{about}?after={BOOKING}"), format!("/trips/{TRIP}/reviews")]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_and_a_silent_server_are_told_by_their_codes_and_nothing_waits() {
    let (stage, _connection) = Stage::online().await;
    stage.desk.will(|_| Ok((409, refusal("CONFLICT"))));
    let refused = stage.client.set_trip_status(TRIP, TripStatus::Arrived).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    stage.desk.will(|_| Err(Unreachable));
    let client = &stage.client;
    assert_eq!(client.change_trip(TRIP, TripChange::default()).await.unwrap_err().code, ErrorCode::NoServer);
    assert_eq!(client.board_booking(BOOKING).await.unwrap_err().code, ErrorCode::NoServer);
    assert_eq!(client.my_bookings().await.unwrap_err().code, ErrorCode::NoServer);
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_renewed_on_the_way_and_the_body_goes_once_more() {
    let (stage, _connection) = Stage::online().await;
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let noted = bodies.clone();
    stage.desk.will(move |request| {
        if request.url.ends_with("/refresh") {
            return Ok((200, grant(7)));
        }
        let mut bodies = noted.lock().unwrap();
        bodies.push(request.body.clone());
        Ok(if bodies.len() == 1 { (401, refusal("TOKEN_EXPIRED")) } else { (200, trip("under_way")) })
    });
    let moved = stage.client.set_trip_status(TRIP, TripStatus::UnderWay).await.unwrap();
    assert_eq!(moved.status, TripStatus::UnderWay);
    let bodies = bodies.lock().unwrap();
    assert_eq!(bodies.len(), 2);
    assert!(bodies[0].is_some() && bodies[0] == bodies[1]);
}
