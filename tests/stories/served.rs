//! Trips, bookings and rooms in the hands of a platform's backend.

use crate::operator::worlds;
use crate::platform::{ALL, Backend};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tripchat_protocol::ErrorCode;
use tripchat_tests::talk::{refused, uuid};
use tripchat_tests::{Answer, World, on_both};

fn new_trip(world: &World, driver: &str) -> Result<Value> {
    let mut trip = serde_json::to_value(world.trip())?;
    trip["driver"] = json!(driver);
    Ok(trip)
}

fn id(value: &Value) -> Result<String> {
    Ok(value["id"].as_str().with_context(|| format!("no id: {value}"))?.into())
}

/// A driver, a passenger and a trip of theirs.
struct Ride {
    lugar: Backend,
    driver: String,
    passenger: String,
    trip: String,
    room: String,
    webhook: String,
}

impl Ride {
    async fn of(world: &World, lugar: Backend) -> Result<Self> {
        let (driver, passenger) = (lugar.person("a", "Aigerim").await?, lugar.person("d", "Daniyar").await?);
        let trip = lugar.does("/trips", &new_trip(world, &driver)?, 201).await?;
        let room = trip["room"].as_str().context("no room")?.into();
        // Of nothing that happens here.
        let hook = json!({"url": "https://lugar.example/hooks", "events": ["room.created"]});
        let webhook = id(&lugar.does("/webhooks", &hook, 201).await?)?;
        Ok(Self { lugar, driver, passenger, trip: id(&trip)?, room, webhook })
    }

    async fn book(&self, seats: u16) -> Result<Value> {
        let body = json!({"passenger": self.passenger, "seats": seats});
        self.lugar.does(&format!("/trips/{}/bookings", self.trip), &body, 201).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_takes_a_trip_through_its_life_and_its_people_see_it() -> Result<()> {
    on_both(|world| async move {
        let ride = Ride::of(&world, Backend::new(&world, ALL)?).await?;
        let Ride { lugar, driver, passenger, trip, room, .. } = &ride;
        let mut person = lugar.signed_in(passenger).await?;
        person.connect().await?;
        let booking = ride.book(2).await?;
        assert_eq!((&booking["status"], &booking["passenger"]), (&json!("requested"), &json!(passenger)));
        let (own, booking) = (booking["room"].clone(), id(&booking)?);
        let two = lugar.sees(&format!("/bookings/{booking}/room")).await?;
        assert_eq!((&two["id"], &two["type"]), (&own, &json!("BOOKING")), "the two have a room of their own");
        let path = |deed: &str| format!("/bookings/{booking}/{deed}");
        let confirmed = lugar.does(&path("confirm"), &Value::Null, 200).await?;
        assert_eq!(confirmed["status"], "confirmed");
        assert_eq!(lugar.sees(&format!("/trips/{trip}")).await?["seats_free"], 4);
        let members = lugar.sees(&format!("/rooms/{room}/members")).await?;
        let who: Vec<_> = members["members"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| (it["user"].as_str(), it["role"].as_str()))
            .collect();
        assert_eq!(who, [(Some(driver.as_str()), Some("OWNER")), (Some(passenger), Some("MEMBER"))]);
        let change = json!({"luggage_note": "Skis, too"});
        let changed = lugar.call("PATCH", &format!("/trips/{trip}"), Some(&change)).await?;
        assert_eq!(changed.body["luggage_note"], "Skis, too");
        let move_to = async |status: &str| {
            lugar.does(&format!("/trips/{trip}/status"), &json!({"status": status}), 200).await
        };
        assert_eq!(move_to("boarding").await?["status"], "boarding");
        assert_eq!(lugar.does(&path("board"), &Value::Null, 200).await?["status"], "boarded");
        assert_eq!(lugar.does(&path("unboard"), &Value::Null, 200).await?["status"], "confirmed");
        assert_eq!(lugar.does(&path("board"), &Value::Null, 200).await?["status"], "boarded");
        for status in ["under_way", "arrived", "closed"] {
            assert_eq!(move_to(status).await?["status"], status);
        }
        assert_eq!(lugar.sees(&format!("/bookings/{booking}")).await?["status"], "completed");
        // Whatever the platform did, both people have it to read: it is neither's own.
        let history = person.get(&format!("/api/v1/rooms/{room}/messages")).await?.body;
        let messages = history["messages"].as_array().context("no messages")?;
        for code in ["BOARDING", "STARTED", "ARRIVED", "COMPLETED"] {
            let said = messages.iter().find(|it| it["body"]["code"] == code).context(code)?;
            assert!(said["author"] != json!(driver) && said["author"] != json!(passenger), "{said}");
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_life_of_a_trip_does_not_have_the_platform_cannot_do_either() -> Result<()> {
    let (world, _) = worlds().await?.remove(0);
    let ride = Ride::of(&world, Backend::new(&world, ALL)?).await?;
    let Ride { lugar, driver, passenger, trip, .. } = &ride;
    let booking = id(&ride.book(6).await?)?;
    let post = async |path: String, body: Value| lugar.post(&path, &uuid(), &body).await;
    for (path, body, code) in [
        (format!("/trips/{trip}/status"), json!({"status": "arrived"}), ErrorCode::NotNow),
        (format!("/bookings/{booking}/board"), Value::Null, ErrorCode::NotNow),
        (format!("/bookings/{booking}/no-show"), Value::Null, ErrorCode::NotNow),
        (format!("/trips/{trip}/bookings"), json!({"passenger": driver, "seats": 1}), ErrorCode::Forbidden),
        (format!("/trips/{trip}/bookings"), json!({"passenger": passenger, "seats": 2}), ErrorCode::Conflict),
        (
            format!("/trips/{trip}/bookings"),
            json!({"passenger": uuid(), "seats": 1}),
            ErrorCode::InvalidInput,
        ),
        (
            format!("/trips/{trip}/bookings"),
            json!({"passenger": passenger, "seats": 9}),
            ErrorCode::InvalidInput,
        ),
        ("/trips".into(), new_trip(&world, &uuid())?, ErrorCode::InvalidInput),
    ] {
        refused(&post(path.clone(), body).await?.0, code).context(path)?;
    }
    let mut long = new_trip(&world, driver)?;
    long["reference"] = json!("r".repeat(256));
    refused(&post("/trips".into(), long).await?.0, ErrorCode::InvalidInput)?;
    let mut more = new_trip(&world, driver)?;
    more["vehicle"]["owner"] = json!("me");
    refused(&post("/trips".into(), more).await?.0, ErrorCode::InvalidInput)?;
    assert_eq!(
        lugar.does(&format!("/bookings/{booking}/decline"), &Value::Null, 200).await?["status"],
        "declined"
    );
    let again = id(&ride.book(1).await?)?;
    assert_eq!(
        lugar.does(&format!("/bookings/{again}/cancel"), &Value::Null, 200).await?["status"],
        "cancelled"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_done_once_however_often_it_is_sent() -> Result<()> {
    for (mut world, clock) in worlds().await? {
        crate::operator::set(&clock);
        let lugar = Backend::new(&world, ALL)?;
        let driver = lugar.person("a", "Aigerim").await?;
        let body = new_trip(&world, &driver)?;
        // A hundred at once make one trip.
        let all = (0..100).map(|_| lugar.post("/trips", "trip-7", &body));
        let all = futures_util::future::join_all(all).await.into_iter().collect::<Result<Vec<_>>>()?;
        let ids: BTreeSet<String> = all.iter().map(|(answer, _)| answer.body.to_string()).collect();
        assert_eq!(ids.len(), 1, "{ids:?}");
        assert!(all.iter().all(|(answer, _)| answer.status == 201));
        assert_eq!(all.iter().filter(|(_, replayed)| !replayed).count(), 1);
        let count = lugar.sees("/trips").await?["trips"].as_array().map(Vec::len);
        assert_eq!(count, Some(1));
        // The same answer after a restart, in another layout, and between quotes, whatever has changed since.
        let first = &all[0].0;
        let trip = id(&first.body)?;
        lugar.does(&format!("/trips/{trip}/status"), &json!({"status": "cancelled"}), 200).await?;
        world.server.kill();
        world.server.restart().await?;
        let (again, replayed) = lugar.post("/trips", "\"trip-7\"", &body).await?;
        assert_eq!((again.status, &again.body, replayed), (201, &first.body, true));
        // Another request under that name, or at another address, is a mistake; another tenant's name is its own.
        let mut other = body.clone();
        other["seats"] = json!(3);
        for (path, body) in [
            ("/trips".to_owned(), other),
            (format!("/trips/{trip}/bookings"), json!({"passenger": driver, "seats": 1})),
        ] {
            let (answer, replayed) = lugar.post(&path, "trip-7", &body).await?;
            refused(&answer, ErrorCode::IdConflict)?;
            assert!(!replayed);
        }
        let stepper = Backend::of(&world, ALL, "stepper")?;
        let theirs = stepper.person("a", "Aigerim").await?;
        let (theirs, replayed) = stepper.post("/trips", "trip-7", &new_trip(&world, &theirs)?).await?;
        assert!(theirs.status == 201 && !replayed, "{theirs:?}");
        // A day later the name is as good as new.
        clock.advance(Duration::from_secs(24 * 3_600));
        let late = new_trip(&world, &driver)?;
        let (answer, replayed) = lugar.post("/trips", "trip-7", &late).await?;
        assert!(answer.status == 201 && !replayed && answer.body["id"] != json!(trip), "{answer:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_not_kept_and_a_replay_asks_for_the_right_again() -> Result<()> {
    let (world, _) = worlds().await?.remove(0);
    let ride = Ride::of(&world, Backend::new(&world, ALL)?).await?;
    let booking = id(&ride.book(1).await?)?;
    let board = format!("/bookings/{booking}/board");
    refused(&ride.lugar.post(&board, "board-1", &Value::Null).await?.0, ErrorCode::NotNow)?;
    ride.lugar.does(&format!("/bookings/{booking}/confirm"), &Value::Null, 200).await?;
    let status = format!("/trips/{}/status", ride.trip);
    ride.lugar.does(&status, &json!({"status": "boarding"}), 200).await?;
    let (answer, replayed) = ride.lugar.post(&board, "board-1", &Value::Null).await?;
    assert!(answer.status == 200 && !replayed, "{answer:?}");
    let less = Backend::new(&world, "trips:write")?;
    refused(&less.post(&board, "board-1", &Value::Null).await?.0, ErrorCode::Forbidden)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trips_and_bookings_are_listed_page_by_page_and_found_by_their_names() -> Result<()> {
    on_both(|world| async move {
        let lugar = Backend::new(&world, ALL)?;
        let driver = lugar.person("a", "Aigerim").await?;
        let mut made = Vec::new();
        for number in 0..5 {
            let mut trip = new_trip(&world, &driver)?;
            trip["reference"] = json!(format!("T/{number}"));
            made.push(id(&lugar.does("/trips", &trip, 201).await?)?);
        }
        let ids = |page: &Value| -> Vec<String> {
            page["trips"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|it| it["id"].as_str().map(Into::into))
                .collect()
        };
        let first = lugar.sees("/trips?limit=2").await?;
        assert_eq!(ids(&first), made[..2]);
        let next = first["next"].as_str().context("no next")?;
        let second = lugar.sees(&format!("/trips?limit=3&after={next}")).await?;
        assert_eq!(ids(&second), made[2..]);
        assert_eq!(second["next"], Value::Null, "there are no more");
        assert_eq!(ids(&lugar.sees("/trips?limit=0").await?), made[..1], "at least one");
        assert_eq!(ids(&lugar.sees("/trips?limit=1000").await?), made);
        let found = lugar.sees("/trips?reference=T/3").await?;
        assert_eq!((ids(&found), &found["trips"][0]["reference"]), (vec![made[3].clone()], &json!("T/3")));
        assert_eq!(lugar.sees("/trips?reference=T/9").await?, json!({"trips": []}));
        for query in ["?limit=-1", "?limit=x", "?after=x", "?page=2", "?reference=T/3&limit=1"] {
            refused(&lugar.call("GET", &format!("/trips{query}"), None).await?, ErrorCode::InvalidInput)?;
        }
        let mut taken = new_trip(&world, &driver)?;
        taken["reference"] = json!("T/3");
        let (answer, _) = lugar.post("/trips", &uuid(), &taken).await?;
        refused(&answer, ErrorCode::Conflict)?;
        assert_eq!(answer.body["error"]["details"], "reference");
        // Of another tenant it is another trip.
        let stepper = Backend::of(&world, ALL, "stepper")?;
        taken["driver"] = json!(stepper.person("a", "Aigerim").await?);
        stepper.does("/trips", &taken, 201).await?;
        // Bookings, in the order of their making; one by its number, in any case.
        let mut booked = Vec::new();
        for subject in ["d", "e", "f"] {
            let passenger = lugar.person(subject, "Daniyar").await?;
            let body = json!({"passenger": passenger, "seats": 1});
            booked.push(lugar.does(&format!("/trips/{}/bookings", made[0]), &body, 201).await?);
        }
        let page = lugar.sees(&format!("/trips/{}/bookings?limit=2", made[0])).await?;
        assert_eq!(page["bookings"], json!(booked[..2]));
        let next = page["next"].as_str().context("no next")?;
        let page = lugar.sees(&format!("/trips/{}/bookings?after={next}", made[0])).await?;
        assert_eq!(page, json!({"bookings": booked[2..]}));
        let number = booked[1]["number"].as_str().context("no number")?.to_lowercase();
        assert_eq!(
            lugar.sees(&format!("/bookings?number={number}")).await?,
            json!({"bookings": [booked[1]]})
        );
        assert_eq!(stepper.sees(&format!("/bookings?number={number}")).await?, json!({"bookings": []}));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_says_in_codes_what_each_reader_words() -> Result<()> {
    on_both(|world| async move {
        let ride = Ride::of(&world, Backend::new(&world, ALL)?).await?;
        let Ride { lugar, driver, trip, room, .. } = &ride;
        let mut person = lugar.signed_in(driver).await?;
        person.connect().await?;
        assert_eq!(lugar.sees(&format!("/trips/{trip}/room")).await?["id"], json!(room));
        let said = json!({"code": "DELAYED", "params": {"minutes": 20}});
        let path = format!("/rooms/{room}/messages");
        let (first, _) = lugar.post(&path, "late", &said).await?;
        assert_eq!(first.status, 201, "{first:?}");
        let heard =
            person.until_message(|it| serde_json::to_value(it).is_ok_and(|it| it == first.body)).await?;
        assert_ne!(heard.author.to_string(), *driver, "the driver has it to read");
        let (again, replayed) = lugar.post(&path, "late", &said).await?;
        assert!(replayed && again.body == first.body, "it stands there once");
        let page = lugar.sees(&format!("/rooms/{room}/messages?limit=1")).await?;
        assert_eq!(page["messages"][0]["id"], first.body["id"]);
        assert_eq!(page["has_more"], json!(false));
        let seq = page["messages"][0]["seq"].as_i64().context("no seq")?;
        for (query, count) in
            [(format!("?before={seq}"), 0), (format!("?after={seq}"), 0), ("?after=0".into(), 1)]
        {
            let page = lugar.sees(&format!("/rooms/{room}/messages{query}")).await?;
            assert_eq!(page["messages"].as_array().map(Vec::len), Some(count), "{query}");
        }
        for bad in [
            json!({"code": "GREETING"}),
            json!({"code": "DELAYED"}),
            json!({"code": "DELAYED", "params": {"minutes": 20, "text": "hello"}}),
            json!({"code": "BOARDING", "text": "hello"}),
            json!({"kind": "TEXT", "text": "hello"}),
            Value::Null,
        ] {
            refused(&lugar.post(&path, &uuid(), &bad).await?.0, ErrorCode::InvalidInput).context(bad)?;
        }
        let vehicle = json!({"model": "m".repeat(3_000), "colour": "", "plate": "p"});
        let large = json!({"code": "VEHICLE_CHANGED", "params": {"vehicle": vehicle}});
        refused(&lugar.post(&path, &uuid(), &large).await?.0, ErrorCode::TooLarge)?;
        Ok(())
    })
    .await
}

/// Every route of the platform but those of people, with a good body where it takes one, and its scope.
fn routes(
    world: &World,
    ride: &Ride,
    booking: &str,
) -> Result<Vec<(&'static str, String, Value, &'static str)>> {
    let Ride { driver, passenger, trip, room, webhook, .. } = ride;
    let seat = json!({"passenger": passenger, "seats": 1});
    let mut all = vec![
        ("POST", "/trips".to_owned(), new_trip(world, driver)?, "trips:write"),
        ("GET", "/trips".into(), Value::Null, "trips:read"),
        ("GET", "/trips?reference=x".into(), Value::Null, "trips:read"),
        ("GET", format!("/trips/{trip}"), Value::Null, "trips:read"),
        ("PATCH", format!("/trips/{trip}"), json!({"luggage_note": "x"}), "trips:write"),
        ("POST", format!("/trips/{trip}/status"), json!({"status": "boarding"}), "trips:write"),
        ("GET", format!("/trips/{trip}/room"), Value::Null, "rooms:read"),
        ("GET", format!("/trips/{trip}/bookings"), Value::Null, "trips:read"),
        ("POST", format!("/trips/{trip}/bookings"), seat, "bookings:write"),
        ("GET", "/bookings?number=x".into(), Value::Null, "trips:read"),
        ("GET", format!("/bookings/{booking}"), Value::Null, "trips:read"),
        ("GET", format!("/bookings/{booking}/room"), Value::Null, "rooms:read"),
        ("GET", format!("/rooms/{room}/members"), Value::Null, "rooms:read"),
        ("GET", format!("/rooms/{room}/messages"), Value::Null, "rooms:read"),
        ("POST", format!("/rooms/{room}/messages"), json!({"code": "BOARDING"}), "messages:system"),
        ("GET", "/webhooks".into(), Value::Null, "webhooks:write"),
        ("POST", "/webhooks".into(), json!({"url": "https://lugar.example/hooks"}), "webhooks:write"),
        ("POST", format!("/webhooks/{webhook}/rotate"), Value::Null, "webhooks:write"),
        ("POST", format!("/webhooks/{webhook}/enable"), Value::Null, "webhooks:write"),
        ("DELETE", format!("/webhooks/{webhook}"), Value::Null, "webhooks:write"),
    ];
    for deed in ["confirm", "decline", "cancel", "board", "unboard", "no-show"] {
        all.push(("POST", format!("/bookings/{booking}/{deed}"), Value::Null, "bookings:write"));
    }
    Ok(all)
}

async fn ask(by: &Backend, method: &str, path: &str, body: &Value) -> Result<Answer> {
    match method {
        "POST" => Ok(by.post(path, &uuid(), body).await?.0),
        _ => by.call(method, path, Some(body).filter(|body| !body.is_null())).await,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_route_needs_its_scope_and_no_other_scope_will_do() -> Result<()> {
    let (world, _) = worlds().await?.remove(0);
    let ride = Ride::of(&world, Backend::new(&world, ALL)?).await?;
    let booking = id(&ride.book(1).await?)?;
    let person = ride.lugar.signed_in(&ride.driver).await?;
    for (method, path, body, scope) in routes(&world, &ride, &booking)? {
        let others: Vec<&str> = ALL.split(',').filter(|it| *it != scope).collect();
        let without = Backend::new(&world, &others.join(","))?;
        let answer = ask(&without, method, &path, &body).await?;
        refused(&answer, ErrorCode::Forbidden).with_context(|| format!("{method} {path}"))?;
        assert_eq!(answer.body["error"]["details"], json!(scope));
        let with = Backend::new(&world, scope)?;
        let answer = ask(&with, method, &path, &body).await?;
        assert!(answer.status < 300 || answer.code() == "NOT_NOW", "{method} {path}: {answer:?}");
        // And nobody else, even who is a driver.
        let nobody = Backend { token: person.token.clone(), ..Backend::new(&world, scope)? };
        refused(&ask(&nobody, method, &path, &body).await?, ErrorCode::Unauthorized)?;
        if method == "POST" {
            let body = Some(&body).filter(|body| !body.is_null());
            refused(&with.call(method, &path, body).await?, ErrorCode::InvalidInput)
                .context("without a key")?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_another_tenants_answers_like_what_is_unknown() -> Result<()> {
    for (world, _) in worlds().await? {
        let theirs = Ride::of(&world, Backend::of(&world, ALL, "stepper")?).await?;
        let booking = id(&theirs.book(1).await?)?;
        let lugar = Backend::new(&world, ALL)?;
        let ours = Ride::of(&world, Backend::new(&world, ALL)?).await?;
        let mut asked = 0;
        for (method, path, body, _) in routes(&world, &theirs, &booking)? {
            let ids = [&theirs.trip, &theirs.room, &booking, &theirs.webhook];
            let Some(known) = ids.into_iter().find(|id| path.contains(*id)) else { continue };
            let mut answers = Vec::new();
            for path in [path.clone(), path.replace(known.as_str(), &uuid())] {
                // With a person of ours, so that nothing but the trip is foreign.
                let body: Value =
                    serde_json::from_str(&body.to_string().replace(&theirs.passenger, &ours.passenger))?;
                let mut answer = ask(&lugar, method, &path, &body).await?;
                assert_eq!(answer.status, 404, "{method} {path}: {answer:?}");
                answer.body["error"]["request_id"] = Value::Null;
                answers.push(answer.body);
            }
            assert_eq!(answers[0], answers[1], "{method} {path}");
            asked += 1;
        }
        assert_eq!(asked, 20);
        // Nor are their people there to drive, ride or be found.
        let (answer, _) = lugar.post("/trips", &uuid(), &new_trip(&world, &theirs.driver)?).await?;
        refused(&answer, ErrorCode::InvalidInput)?;
        let seat = json!({"passenger": theirs.passenger, "seats": 1});
        let (answer, _) = lugar.post(&format!("/trips/{}/bookings", ours.trip), &uuid(), &seat).await?;
        refused(&answer, ErrorCode::InvalidInput)?;
        let hooks = lugar.sees("/webhooks").await?["webhooks"].as_array().map(Vec::len);
        assert_eq!(hooks, Some(1), "of ours there is one");
        let listed = lugar.sees("/trips").await?;
        assert_eq!(listed["trips"].as_array().map(Vec::len), Some(1));
        assert_eq!(theirs.lugar.sees(&format!("/bookings/{booking}")).await?["status"], "requested");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_says_where_it_is_told_and_is_shown_the_secret_once() -> Result<()> {
    let (world, _) = worlds().await?.remove(0);
    let lugar = Backend::new(&world, "webhooks:write")?;
    let hook = json!({"url": "https://lugar.example/hooks", "events": ["booking.*"]});
    let (made, _) = lugar.post("/webhooks", "hook-1", &hook).await?;
    let (again, replayed) = lugar.post("/webhooks", "hook-1", &hook).await?;
    assert!(made.status == 201 && replayed && made.body == again.body, "{again:?}");
    let (hook, secret) = (id(&made.body)?, made.body["secret"].as_str().context("no secret")?.to_owned());
    assert!(secret.starts_with("whsec_"));
    let listed = lugar.sees("/webhooks").await?;
    let view = json!({"id": hook, "url": "https://lugar.example/hooks", "events": ["booking.*"], "waiting": 0, "failed": 0});
    assert_eq!(listed, json!({"webhooks": [view]}), "and the secret is not shown again");
    let rotated = lugar.does(&format!("/webhooks/{hook}/rotate"), &Value::Null, 200).await?;
    assert!(rotated["secret"].as_str().is_some_and(|it| it.starts_with("whsec_") && it != secret));
    for bad in [
        json!({"url": "http://lugar.example/hooks"}),
        json!({"url": "https://127.0.0.1/hooks"}),
        json!({"url": "https://lugar.example/hooks", "events": ["weather.*"]}),
    ] {
        refused(&lugar.post("/webhooks", &uuid(), &bad).await?.0, ErrorCode::InvalidInput)
            .with_context(|| bad.to_string())?;
    }
    let gone = lugar.call("DELETE", &format!("/webhooks/{hook}"), None).await?;
    assert_eq!(gone.status, 204);
    assert_eq!(lugar.sees("/webhooks").await?, json!({"webhooks": []}));
    Ok(())
}
