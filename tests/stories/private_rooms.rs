//! The private room of a booking: its two people talk there at once, nobody else learns that there is one.

use anyhow::{Context, Result};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tripchat_core::event::ClientEvent;
use tripchat_protocol::{BookingStatus, ErrorCode, Object, RoomId, RoomType, ServerFrame, System};
use tripchat_tests::talk::{RawRide, objects, refused, text, uuid, words};
use tripchat_tests::{Person, Raw, board, on_both};

/// Waits until `person` sees the room of a booking, its people and its booking.
async fn until_private(person: &Person, room: RoomId, status: BookingStatus) -> Result<()> {
    person
        .until("the private room", |client| async move {
            let Ok(view) = client.room(room).await else { return Ok(None) };
            let stands = view.booking.is_some_and(|it| it.status == status);
            Ok((stands && view.members.len() == 2 && view.trip.is_some()).then_some(()))
        })
        .await
}

async fn said(person: &Person, room: RoomId) -> Result<Vec<System>> {
    Ok(person.rows(room).await?.into_iter().filter_map(|row| row.system).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_two_of_a_booking_talk_at_once_and_nobody_else_hears_of_it() -> Result<()> {
    on_both(|mut world| async move {
        let driver = world.person("Aigerim").await?;
        let rider = world.person("Nurlan").await?;
        let asking = world.person("Daniyar").await?;
        let trip = driver.client.create_trip(world.trip()).await?;
        board(&driver, &rider, &trip).await?;
        let mut stranger = world.raw("Eve").await?;
        stranger.connect().await?;
        let mut events = rider.client.subscribe();
        let mut notices = driver.client.subscribe();

        let booking = asking.client.request_booking(trip.id, 2).await?;
        let room = booking.room.context("a booking without a room")?;
        for person in [&driver, &asking] {
            until_private(person, room, BookingStatus::Requested).await?;
        }
        asking.say(room, "May I bring a small dog?").await?;
        let asked = driver
            .until("the question", |client| async move {
                let rows = client.inbox().await?;
                let row = rows.into_iter().find(|row| row.room == room).context("no row")?;
                let text = row.last.as_ref().and_then(|last| last.text.clone());
                Ok((text.as_deref() == Some("May I bring a small dog?")).then_some(row))
            })
            .await?;
        assert_eq!((asked.room_type, asked.name.as_deref()), (RoomType::Booking, Some("Daniyar")));
        assert_eq!((asked.booking_number.as_ref(), asked.unread), (Some(&booking.number), 2));
        let mut told = BTreeSet::new();
        while let Ok(event) = notices.try_recv() {
            if let ClientEvent::Notify { notice } = event {
                told.insert((notice.room, notice.room_name));
            }
        }
        let name = format!("Daniyar · {}", booking.number);
        assert_eq!(told, BTreeSet::from([(room, Some(name))]));
        driver.say(room, "A small one").await?;
        asking.until_reads(room, &["May I bring a small dog?", "A small one"]).await?;

        // What comes after it has come to who rides along; of the rest nothing has.
        driver.say(trip.room, "We leave at eight").await?;
        rider.until_reads(trip.room, &["We leave at eight"]).await?;
        while let Ok(event) = events.try_recv() {
            let about = match &event {
                ClientEvent::Room { room } | ClientEvent::Withdraw { room } => Some(*room),
                ClientEvent::Notify { notice } => Some(notice.room),
                _ => None,
            };
            assert_ne!(about, Some(room), "{event:?}");
        }
        assert!(rider.client.inbox().await?.iter().all(|row| row.room != room));
        assert_eq!(rider.client.search("dog".into(), None, 10).await?, []);
        assert_eq!(asking.client.search("dog".into(), None, 10).await?.len(), 1);
        assert_eq!(rider.client.room(room).await.map_err(|it| it.code), Err(ErrorCode::RoomNotFound));
        assert_eq!(
            rider.client.booking_room(booking.id).await.map_err(|it| it.code),
            Err(ErrorCode::BookingNotFound)
        );
        for frame in stranger.heard_so_far().await? {
            assert!(!format!("{frame:?}").contains(&room.to_string()), "{frame:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_rides_along_is_told_nothing_of_the_bookings_of_others_on_the_wire() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, trip, room, .. } = RawRide::on(&world).await?;
        let mut other = world.raw("Nurlan").await?;
        other.connect().await?;
        let asked = other.post(&format!("/api/v1/trips/{trip}/bookings"), &json!({"seats": 1})).await?;
        let private = asked.body["room"].as_str().context("no room")?.to_owned();
        other.does(&text(&private, "Do you stop in Shu?")).await?;
        driver.until_message(|it| words(it) == "Do you stop in Shu?").await?;
        let id = asked.body["id"].as_str().context("no id")?;
        let confirmed = driver.post(&format!("/api/v1/bookings/{id}/confirm"), &json!({})).await?;
        assert_eq!(confirmed.body["room"], json!(private));

        // The seats that are left are told in the trip's room, in the private one, and in that of the other booking.
        let told = |frame: &ServerFrame| match frame {
            ServerFrame::Change(change) => match change.object.as_ref() {
                Some(Object::Trip(trip)) => Some((change.stream.uuid(), trip.seats_free)),
                _ => None,
            },
            _ => None,
        };
        let mut streams = BTreeSet::new();
        driver
            .until(|frame| {
                streams.extend(told(frame).filter(|(_, free)| *free == 4).map(|(stream, _)| stream));
                (streams.len() == 3).then_some(())
            })
            .await?;
        assert!(streams.contains(&private.parse()?) && streams.contains(&room.parse()?));
        driver.does(&text(&room, "Welcome")).await?;
        let mut heard = Vec::new();
        passenger
            .until(|frame| {
                heard.push(frame.clone());
                objects(frame)
                    .iter()
                    .any(|it| matches!(it, Object::Message(it) if words(it) == "Welcome"))
                    .then_some(())
            })
            .await?;
        for frame in &heard {
            assert!(!format!("{frame:?}").contains(&private), "{frame:?}");
            for object in objects(frame) {
                let foreign = matches!(object, Object::Booking(it) if it.id.to_string() == id);
                assert!(!foreign, "{object:?}");
            }
        }
        let nobodys = uuid();
        for path in [&private, &nobodys] {
            refused(
                &passenger.get(&format!("/api/v1/rooms/{path}/messages")).await?,
                ErrorCode::RoomNotFound,
            )?;
            assert_eq!(passenger.fails(&text(path, "hi")).await?, ErrorCode::RoomNotFound);
        }
        for by in [&passenger, &world.raw("Eve").await?] {
            let mut foreign = by.post(&format!("/api/v1/bookings/{id}/room"), &json!({})).await?;
            let mut none = by.post(&format!("/api/v1/bookings/{nobodys}/room"), &json!({})).await?;
            refused(&foreign, ErrorCode::BookingNotFound)?;
            for answer in [&mut foreign, &mut none] {
                answer.body["error"]["request_id"] = Value::Null;
            }
            assert_eq!((foreign.status, foreign.body), (none.status, none.body));
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_becomes_of_a_booking_is_read_in_its_room_also_by_who_was_away() -> Result<()> {
    on_both(|mut world| async move {
        let driver = world.person("Aigerim").await?;
        let asking = world.person("Daniyar").await?;
        let trip = driver.client.create_trip(world.trip()).await?;
        let booking = asking.client.request_booking(trip.id, 1).await?;
        let room = booking.room.context("a booking without a room")?;
        until_private(&asking, room, BookingStatus::Requested).await?;
        asking.road.close();
        driver.client.confirm_booking(booking.id).await?;
        asking.road.open();
        until_private(&asking, room, BookingStatus::Confirmed).await?;
        asking
            .until("what was said", |client| async move {
                let row = client.inbox().await?.into_iter().find(|row| row.room == room).context("no row")?;
                let last = row.last.and_then(|last| last.system);
                let seats = row.trip.map(|trip| trip.seats_free);
                Ok((last == Some(System::Confirmed) && row.unread == 1 && seats == Some(5)).then_some(()))
            })
            .await?;
        asking.client.cancel_booking(booking.id).await?;
        until_private(&driver, room, BookingStatus::Cancelled).await?;
        let all = [System::Requested { seats: 1 }, System::Confirmed, System::Cancelled];
        for person in [&driver, &asking] {
            person
                .until("all of it", |_| async { Ok((said(person, room).await? == all).then_some(())) })
                .await?;
        }
        // It is over, and the two still talk: something was left in the car.
        asking.say(room, "My umbrella").await?;
        driver.until_reads(room, &["My umbrella"]).await?;
        let again = driver.client.booking_room(booking.id).await?;
        assert_eq!((again.room, again.status), (Some(room), BookingStatus::Cancelled));
        Ok(())
    })
    .await
}

/// Everybody asks in one moment, twice: each has one room, which nobody shares.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_many_who_ask_at_once_has_one_room_with_the_driver() -> Result<()> {
    const PASSENGERS: usize = 30;
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let (trip, _) = driver.trip(&world.trip()).await?;
        let path = format!("/api/v1/trips/{trip}/bookings");
        let ask = |_| async {
            let passenger = world.raw("Daniyar").await?;
            let body = json!({"seats": 1});
            let (one, two) = tokio::join!(passenger.post(&path, &body), passenger.post(&path, &body));
            let (one, two) = (one?, two?);
            anyhow::ensure!(one.body["room"] == two.body["room"], "{one:?} {two:?}");
            let id = one.body["id"].as_str().context("no id")?.to_owned();
            anyhow::Ok((id, one.body["room"].as_str().context("no room")?.to_owned()))
        };
        let asked = join_all((0..PASSENGERS).map(ask)).await.into_iter().collect::<Result<Vec<_>>>()?;
        let rooms: BTreeSet<&String> = asked.iter().map(|(_, room)| room).collect();
        assert_eq!(rooms.len(), PASSENGERS);
        let (id, room) = asked.first().context("nobody asked")?;
        let opened = (0..100).map(|_| open(&driver, id));
        for found in join_all(opened).await {
            assert_eq!(&found?, room);
        }
        driver.connect().await?;
        driver.say(&json!({"type": "ping"})).await?;
        for (_, room) in &asked {
            assert_eq!(driver.get(&format!("/api/v1/rooms/{room}/messages")).await?.status, 200);
        }
        Ok(())
    })
    .await
}

async fn open(by: &Raw, booking: &str) -> Result<String> {
    let answer = by.post(&format!("/api/v1/bookings/{booking}/room"), &json!({})).await?;
    Ok(answer.body["room"].as_str().with_context(|| format!("{answer:?}"))?.to_owned())
}
