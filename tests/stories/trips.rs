//! A trip goes its way: who hears of it, who reads it later, and who learns nothing.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tripchat_core::view::TimelineRow;
use tripchat_protocol::rest::{History, MyBookings, Trips};
use tripchat_protocol::{Body, BookingStatus, ErrorCode, Object, Standing, System, TripStatus};
use tripchat_tests::talk::{RawRide, book, delete, edit, objects, refused, uuid};
use tripchat_tests::{Answer, Raw, on_both};

async fn bring(raw: &Raw, trip: &str, to: &str) -> Result<Answer> {
    raw.post(&format!("/api/v1/trips/{trip}/status"), &json!({"status": to})).await
}

async fn change(raw: &Raw, trip: &str, change: &Value) -> Result<Answer> {
    let body = Some(("application/json", change.to_string().into_bytes()));
    raw.call("PATCH", &format!("/api/v1/trips/{trip}"), Some(&raw.token), body).await
}

/// The driver brings the trip through these stations.
async fn goes(driver: &Raw, trip: &str, stations: &[&str]) -> Result<()> {
    for to in stations {
        let answer = bring(driver, trip, to).await?;
        anyhow::ensure!((answer.status, &answer.body["status"]) == (200, &json!(to)), "{answer:?}");
    }
    Ok(())
}

/// What the server said aloud in the room, as the history gives it.
async fn said(raw: &Raw, room: &str) -> Result<Vec<System>> {
    let history = raw.get(&format!("/api/v1/rooms/{room}/messages")).await?;
    let History { messages, .. } = serde_json::from_value(history.body)?;
    let said = messages.into_iter().filter_map(|placed| match placed.message.body {
        Body::System(said) if !said.is_silent() => Some(said),
        _ => None,
    });
    Ok(said.collect())
}

fn shown(rows: Vec<TimelineRow>) -> Vec<System> {
    rows.into_iter().filter(|row| !row.silent).filter_map(|row| row.system).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_online_hears_that_the_trip_starts_and_who_was_away_reads_it() -> Result<()> {
    on_both(|mut world| async move {
        let RawRide { mut driver, mut passenger, trip, room, .. } = RawRide::on(&world).await?;
        let away = world.person("Nurlan").await?;
        let booking = away.client.request_booking(trip.parse()?, 1).await?;
        driver.post(&format!("/api/v1/bookings/{}/confirm", booking.id), &json!({})).await?;
        let id = room.parse()?;
        away.until("the room", |client| async move { Ok(client.room(id).await.is_ok().then_some(())) })
            .await?;
        away.road.close();
        goes(&driver, &trip, &["boarding", "under_way"]).await?;
        let started = passenger.until_message(|it| it.body == Body::System(System::Started)).await?;
        assert_eq!(started.author.to_string(), driver.user);
        // The driver's own devices hear it, too.
        let same = driver.until_message(|it| it.body == Body::System(System::Started)).await?;
        assert_eq!(same, started);
        away.road.open();
        away.until("what was said", |client| async move {
            let page = client.timeline(id, tripchat_core::view::Place::Newest, 50).await?;
            Ok((shown(page.rows) == [System::Boarding, System::Started]).then_some(()))
        })
        .await?;
        let inbox = away.client.inbox().await?;
        let row = inbox.iter().find(|row| row.room == id).context("no room")?;
        assert_eq!(row.unread, 2);
        assert_eq!(row.trip.as_ref().map(|trip| trip.status), Some(TripStatus::UnderWay));
        for frame in [edit(&room, &json!(started.id), 0, "no"), delete(&room, &json!(started.id))] {
            assert_eq!(driver.fails(&frame).await?, ErrorCode::Forbidden);
            assert_eq!(passenger.fails(&frame).await?, ErrorCode::Forbidden);
        }
        let forged = json!({"type": "send", "id": uuid(), "room": room, "written_at": 5,
                            "body": {"kind": "SYSTEM", "code": "ARRIVED"}});
        assert_eq!(driver.fails(&forged).await?, ErrorCode::MessageRefused);
        goes(&driver, &trip, &["arrived", "closed"]).await?;
        passenger.until_message(|it| it.body == Body::System(System::Completed)).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trip_that_is_called_off_tells_why_everybody_leaves() -> Result<()> {
    on_both(|mut world| async move {
        let (mut driver, mut passenger) = (world.raw("Aigerim").await?, world.raw("Daniyar").await?);
        let (trip, room) = driver.trip(&world.trip()).await?;
        book(&driver, &passenger, &trip).await?;
        driver.connect().await?;
        passenger.connect().await?;
        let online = world.person("Nurlan").await?;
        let booking = online.client.request_booking(trip.parse()?, 1).await?;
        driver.post(&format!("/api/v1/bookings/{}/confirm", booking.id), &json!({})).await?;
        let id = room.parse()?;
        online
            .until("the room", |client| async move { Ok(client.room(id).await.is_ok().then_some(())) })
            .await?;
        goes(&driver, &trip, &["cancelled"]).await?;
        let ended = passenger
            .until(|frame| {
                objects(frame).into_iter().find_map(|object| match object {
                    Object::Membership(it) if it.state == Standing::Ended => Some(it.clone()),
                    _ => None,
                })
            })
            .await?;
        let kept = ended.kept.and_then(|kept| kept.trip).context("no trip is kept")?;
        assert_eq!((kept.status, kept.seats_free), (TripStatus::Cancelled, 6));
        assert_eq!(said(&passenger, &room).await?, [System::TripCancelled]);
        online
            .until("why", |client| async move {
                let page = client.timeline(id, tripchat_core::view::Place::Newest, 50).await?;
                Ok((shown(page.rows) == [System::TripCancelled]).then_some(()))
            })
            .await?;
        let mine: MyBookings = serde_json::from_value(passenger.get("/api/v1/bookings").await?.body)?;
        let mine: Vec<_> = mine.bookings.iter().map(|it| (it.booking.status, it.trip.status)).collect();
        assert_eq!(mine, [(BookingStatus::Cancelled, TripStatus::Cancelled)]);
        let late = world.raw("Late").await?;
        let asked = late.post(&format!("/api/v1/trips/{trip}/bookings"), &json!({"seats": 1})).await?;
        refused(&asked, ErrorCode::NotNow)?;
        refused(&bring(&driver, &trip, "planned").await?, ErrorCode::NotNow)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_trip_and_a_foreign_booking_are_answered_like_unknown_ones() -> Result<()> {
    on_both(|world| async move {
        let RawRide { driver, passenger, trip, room, booking, .. } = RawRide::on(&world).await?;
        let stranger = world.raw("Nurlan").await?;
        let same = async |foreign: Result<Answer>, unknown: Result<Answer>, code| -> Result<()> {
            let (mut foreign, mut unknown) = (foreign?, unknown?);
            refused(&foreign, code)?;
            for answer in [&mut foreign, &mut unknown] {
                answer.body["error"]["request_id"] = Value::Null;
            }
            anyhow::ensure!(
                (foreign.status, &foreign.body) == (unknown.status, &unknown.body),
                "{unknown:?}"
            );
            Ok(())
        };
        let none = uuid();
        for to in ["planned", "boarding", "arrived", "cancelled"] {
            let answers = (bring(&stranger, &trip, to).await, bring(&stranger, &none, to).await);
            same(answers.0, answers.1, ErrorCode::TripNotFound).await?;
            refused(&bring(&passenger, &trip, to).await?, ErrorCode::Forbidden)?;
        }
        for what in [json!({"seats": 6}), json!({"seats": 1_000}), json!({"luggage_note": "none"})] {
            let answers = (change(&stranger, &trip, &what).await, change(&stranger, &none, &what).await);
            same(answers.0, answers.1, ErrorCode::TripNotFound).await?;
            refused(&change(&passenger, &trip, &what).await?, ErrorCode::Forbidden)?;
        }
        for deed in ["confirm", "decline", "board", "unboard", "no-show", "cancel"] {
            let path = |id: &str| format!("/api/v1/bookings/{id}/{deed}");
            let foreign = stranger.post(&path(&booking), &json!({})).await;
            let unknown = stranger.post(&path(&none), &json!({})).await;
            same(foreign, unknown, ErrorCode::BookingNotFound).await?;
            if deed != "cancel" {
                refused(&passenger.post(&path(&booking), &json!({})).await?, ErrorCode::Forbidden)?;
            }
        }
        let mine = stranger.get("/api/v1/bookings").await?;
        assert_eq!((mine.status, &mine.body), (200, &json!({"bookings": []})));
        assert_eq!(said(&driver, &room).await?, []);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_told_in_the_room_and_found_in_the_list() -> Result<()> {
    on_both(|world| async move {
        let RawRide { driver, mut passenger, trip, .. } = RawRide::on(&world).await?;
        let mut stops = driver.get(&format!("/api/v1/trips/{trip}")).await?.body["stops"].take();
        for stop in stops.as_array_mut().context("no stops")? {
            stop["at"] = json!(stop["at"].as_i64().context("no time")? + 3_600_000);
        }
        stops[0]["place"] = json!("Алматы, Сайран");
        let vehicle = json!({"model": "Sprinter", "colour": "", "plate": "777 XYZ 01"});
        let what = json!({"stops": stops, "vehicle": vehicle});
        let changed = change(&driver, &trip, &what).await?;
        assert_eq!((changed.status, &changed.body["vehicle"]["plate"]), (200, &json!("777 XYZ 01")));
        passenger.until_message(|it| it.body == Body::System(System::Delayed { minutes: 60 })).await?;
        passenger.until_message(|it| matches!(it.body, Body::System(System::VehicleChanged { .. }))).await?;
        let look = async |query: &str| -> Result<usize> {
            let answer = passenger.get(&format!("/api/v1/trips?{query}")).await?;
            anyhow::ensure!(answer.status == 200, "{answer:?}");
            let Trips { trips } = serde_json::from_value(answer.body)?;
            Ok(trips.len())
        };
        let at = changed.body["stops"][0]["at"].as_i64().context("no time")?;
        for (query, count) in [
            ("from=%D0%B0%D0%BB%D0%BC&to=bish".into(), 1),
            ("from=sai".into(), 0),
            ("from=bish&to=shu".into(), 0),
            (format!("to=Shu&after={at}&before={at}"), 1),
            (format!("to=Shu&after={}", at + 1), 0),
            (format!("to=Shu&before={}", at - 1), 0),
            ("from=&to=".into(), 1),
        ] {
            assert_eq!(look(&query).await?, count, "{query}");
        }
        for query in ["after=soon", "seats=1", &format!("from={}", "x".repeat(201))] {
            let answer = passenger.get(&format!("/api/v1/trips?{query}")).await?;
            refused(&answer, ErrorCode::InvalidInput).with_context(|| query.to_owned())?;
        }
        goes(&driver, &trip, &["boarding"]).await?;
        assert_eq!(look("to=shu").await?, 0, "it is offered no more");
        assert_eq!(look("").await?, 1, "but it is theirs");
        Ok(())
    })
    .await
}
