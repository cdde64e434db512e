//! A stay ends: nothing of the room reaches the person from then on, what they could read stays readable.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tripchat_protocol::frame::Gone;
use tripchat_protocol::{BookingStatus, ErrorCode, Membership, Object, Rev, ServerFrame, Standing};
use tripchat_tests::talk::{RawRide, book, delete, edit, mark, objects, set, text, words};
use tripchat_tests::{Answer, Raw, on_both};

async fn cancel(raw: &Raw, booking: &str) -> Result<Answer> {
    raw.post(&format!("/api/v1/bookings/{booking}/cancel"), &json!({})).await
}

/// Waits until the inbox says that the stay has ended; what the room said before that is passed over.
async fn until_out(raw: &mut Raw) -> Result<Membership> {
    raw.until(|frame| {
        objects(frame).into_iter().find_map(|object| match object {
            Object::Membership(it) if it.state == Standing::Ended => Some(it.clone()),
            _ => None,
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_the_room_reaches_a_socket_that_was_open_at_the_removal() -> Result<()> {
    on_both(|world| async move {
        let ride = RawRide::on(&world).await?;
        let stream = ride.stream()?;
        let RawRide { mut driver, mut passenger, room, booking, epoch, .. } = ride;
        driver.does(&text(&room, "before")).await?;
        passenger.until_message(|it| words(it) == "before").await?;
        assert_eq!(cancel(&driver, &booking).await?.status, 200);
        let secret = driver.does(&text(&room, "after")).await?;
        let secret = secret.seq.context("no seq")?;
        driver.say(&json!({"type": "typing", "room": room})).await?;
        driver.does(&mark("read", &room, epoch, secret.0)).await?;
        let ended = until_out(&mut passenger).await?;
        let kept = ended.kept.as_ref().context("nothing is kept")?;
        assert_eq!((kept.room.id.to_string(), kept.trip.is_some()), (room.clone(), true));
        let to_rev = ended.to_rev.context("no end")?;
        assert!(to_rev.0 < secret.0);
        // Neither what was on its way, nor what is asked for.
        passenger.say(&json!({"type": "catch_up", "stream": format!("room:{room}")})).await?;
        let mut heard = Vec::new();
        let gone: Gone = passenger
            .until(|frame| match frame {
                ServerFrame::Gone(gone) if gone.stream == stream => Some(gone.clone()),
                frame => {
                    heard.push(frame.clone());
                    None
                }
            })
            .await?;
        assert_eq!(gone.to_rev, Some(to_rev));
        heard.extend(passenger.heard_so_far().await?);
        for frame in &heard {
            let beyond = match frame {
                ServerFrame::Change(change) => change.stream == stream && change.rev > to_rev,
                ServerFrame::Changes(page) => page.stream == stream && page.upto > to_rev,
                ServerFrame::Marks(_) | ServerFrame::Typing(_) => true,
                _ => false,
            };
            assert!(!beyond, "{frame:?}");
        }
        for frame in
            [text(&room, "let me"), set(&room, &json!({"favourite": true})), mark("read", &room, epoch, 1)]
        {
            assert_eq!(passenger.fails(&frame).await?, ErrorCode::NotParticipant, "{frame}");
        }
        // A connection that is made now knows nothing of it either.
        let mut again = passenger.twin();
        again.greet(&json!({"rooms": {room.clone(): [epoch, to_rev.0, 0]}})).await?;
        let mut answered = None;
        again
            .until(|frame| match frame {
                ServerFrame::Gone(gone) => {
                    answered = Some(gone.clone());
                    None
                }
                ServerFrame::Heads(heads) if heads.rooms.iter().any(|it| it.room.to_string() == room) => {
                    panic!("{heads:?}")
                }
                ServerFrame::Synced(_) => Some(()),
                _ => None,
            })
            .await?;
        assert_eq!(answered, Some(gone));
        Ok(())
    })
    .await
}

fn texts(history: &Answer) -> Vec<(String, String)> {
    let part = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let messages = history.body["messages"].as_array().cloned().unwrap_or_default();
    let all = messages.iter().map(|it| (part(&it["body"]["kind"]), part(&it["body"]["text"])));
    all.filter(|(kind, _)| kind != "SYSTEM").collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_former_member_reads_what_was_said_in_the_version_of_that_time() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, booking, .. } = RawRide::on(&world).await?;
        let (one, two, three) = (text(&room, "one"), text(&room, "two"), text(&room, "three"));
        for line in [&one, &two, &three] {
            driver.does(line).await?;
        }
        driver.does(&edit(&room, &one["id"], 0, "one, edited in time")).await?;
        let out = cancel(&passenger, &booking).await?;
        assert_eq!(out.body["status"], json!(BookingStatus::Cancelled));
        driver.does(&edit(&room, &one["id"], 1, "one, edited later")).await?;
        driver.does(&edit(&room, &two["id"], 0, "two, edited later")).await?;
        driver.does(&delete(&room, &three["id"])).await?;
        driver.does(&text(&room, "four, said later")).await?;

        let path = format!("/api/v1/rooms/{room}/messages");
        let history = passenger.get(&path).await?;
        assert_eq!(history.status, 200, "{history:?}");
        let was = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
        let wanted = [was("TEXT", "one, edited in time"), was("TEXT", "two"), was("DELETED", "")];
        assert_eq!(texts(&history), wanted);
        let end = until_out(&mut passenger).await?.to_rev.context("no end")?;
        let revs = history.body["messages"].as_array().context("no messages")?;
        assert!(revs[..3].iter().all(|it| it["rev"].as_i64().is_some_and(|rev| Rev(rev) <= end)), "{revs:?}");
        for page in ["?after=0", "?around=3", "?before=100000&limit=2"] {
            let page = passenger.get(&format!("{path}{page}")).await?;
            assert!(!page.body.to_string().contains("later"), "{page:?}");
        }
        // Who stayed sees it as it stands.
        let now = driver.get(&path).await?;
        assert_eq!(texts(&now)[0].1, "one, edited later");
        assert_eq!(texts(&now).len(), 4);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_reads_everything_again() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, booking, trip, .. } = RawRide::on(&world).await?;
        for round in 0..3 {
            driver.does(&text(&room, &format!("while in {round}"))).await?;
            let current = if round == 0 { booking.clone() } else { book(&driver, &passenger, &trip).await? };
            cancel(&passenger, &current).await?;
            driver.does(&text(&room, &format!("while out {round}"))).await?;
            until_out(&mut passenger).await?;
        }
        book(&driver, &passenger, &trip).await?;
        // On the open connection: subscribed, then read, from the beginning.
        let last = passenger.until_message(|it| words(it) == "while out 2").await?;
        driver.does(&text(&room, "welcome back")).await?;
        let live = passenger.until_message(|it| words(it) == "welcome back").await?;
        assert!(live.seq > last.seq);
        passenger.does(&text(&room, "thank you")).await?;
        let history = passenger.get(&format!("/api/v1/rooms/{room}/messages")).await?;
        assert_eq!(texts(&history).len(), 8);
        let seats = driver.get(&format!("/api/v1/trips/{trip}")).await?;
        assert_eq!(seats.body["seats_free"], json!(5));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booking_is_called_off_by_those_it_is_about_and_once() -> Result<()> {
    on_both(|world| async move {
        let RawRide { driver, passenger, trip, booking, .. } = RawRide::on(&world).await?;
        let stranger = world.raw("Nurlan").await?;
        let foreign = cancel(&stranger, &booking).await?;
        assert_eq!((foreign.status, foreign.code()), (404, "BOOKING_NOT_FOUND"));
        let both = futures_util::future::join(cancel(&driver, &booking), cancel(&passenger, &booking)).await;
        for answer in [both.0?, both.1?] {
            assert_eq!((answer.status, &answer.body["status"]), (200, &json!("cancelled")), "{answer:?}");
        }
        let seats = driver.get(&format!("/api/v1/trips/{trip}")).await?;
        assert_eq!(seats.body["seats_free"], json!(6), "the seat came back once");
        let late = driver.post(&format!("/api/v1/bookings/{booking}/confirm"), &json!({})).await?;
        assert_eq!((late.status, late.code()), (409, "NOT_NOW"));
        Ok(())
    })
    .await
}
