//! An account is deleted: nothing about its person is left, and nothing of the others is lost.

use anyhow::Result;
use serde_json::{Value, json};
use tripchat_protocol::frame::close;
use tripchat_protocol::{Body, ErrorCode, Object, TripStatus};
use tripchat_tests::talk::{RawRide, edit, objects, refused, set, text, uuid};
use tripchat_tests::{Answer, PASSWORD, Raw, on_both};

async fn delete(raw: &Raw, password: &str) -> Result<Answer> {
    raw.post("/api/v1/me/delete", &json!({"password": password})).await
}

async fn bring(raw: &Raw, trip: &str, to: &str) -> Result<Answer> {
    raw.post(&format!("/api/v1/trips/{trip}/status"), &json!({"status": to})).await
}

async fn history(raw: &Raw, room: &str) -> Result<Vec<Value>> {
    let answer = raw.get(&format!("/api/v1/rooms/{room}/messages")).await?;
    Ok(answer.body["messages"].as_array().cloned().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_passenger_nothing_is_left_but_numbered_gaps() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, mut passenger, room, trip, .. } = RawRide::on(&world).await?;
        passenger.patch("/api/v1/me", &json!({"name": "Zhanserik", "username": "zhanserik_k"})).await?;
        driver.does(&text(&room, "at nine")).await?;
        let said = text(&room, "my phone is in the red bag");
        passenger.does(&said).await?;
        passenger.does(&edit(&room, &said["id"], 0, "my phone is in the green bag")).await?;
        passenger.does(&set(&room, &json!({"draft": "and my purse"}))).await?;
        let before = history(&driver, &room).await?;
        refused(&delete(&passenger, "wrong horse battery").await?, ErrorCode::WrongCredentials)?;
        assert_eq!(delete(&passenger, PASSWORD).await?.status, 204);
        assert_eq!(passenger.until_end().await?.0, Some(close::REVOKED));
        // The driver sees that somebody left and that a text is gone, at its place.
        driver
            .until(|frame| {
                let gone = |it: &Object| matches!(it, Object::Member(it) if it.user.to_string() == passenger.user && it.name.is_empty());
                objects(frame).into_iter().any(gone).then_some(())
            })
            .await?;
        let after = history(&driver, &room).await?;
        let seqs = |all: &[Value]| all.iter().map(|it| it["seq"].clone()).collect::<Vec<_>>();
        assert!(seqs(&after).starts_with(&seqs(&before)), "the numbering has no gap");
        let bodies: Vec<Body> =
            after.iter().map(|it| serde_json::from_value(it["body"].clone())).collect::<Result<_, _>>()?;
        assert!(bodies.contains(&Body::Deleted) && bodies.contains(&Body::Text { text: "at nine".into() }));
        let free = driver.get(&format!("/api/v1/trips/{trip}")).await?.body["seats_free"].clone();
        assert_eq!(free, json!(6), "the seat is free again");
        for row in world.server.everything().await? {
            for left in ["Zhanserik", "zhanserik", "red bag", "green bag", "purse", passenger.email.as_str()] {
                assert!(!row.contains(left), "{left}: {row}");
            }
        }
        let again = json!({"email": passenger.email, "password": PASSWORD, "device": uuid()});
        refused(&driver.post("/api/v1/auth/sign-in", &again).await?, ErrorCode::WrongCredentials)?;
        let renewed = json!({"refresh_token": passenger.refresh});
        refused(&driver.post("/api/v1/auth/refresh", &renewed).await?, ErrorCode::SessionEnded)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drivers_trips_are_called_off_and_no_plate_is_left() -> Result<()> {
    on_both(|world| async move {
        let RawRide { driver, mut passenger, trip, .. } = RawRide::on(&world).await?;
        driver.patch("/api/v1/me", &json!({"business_name": "Zhetisu Express"})).await?;
        assert_eq!(delete(&driver, PASSWORD).await?.status, 204);
        let kept = |it: &Object| match it {
            Object::Membership(it) => it.kept.as_ref().and_then(|kept| kept.trip.clone()),
            _ => None,
        };
        let trip_kept = passenger.until(|frame| objects(frame).into_iter().find_map(kept)).await?;
        assert_eq!(trip_kept.status, TripStatus::Cancelled);
        let left = passenger.get(&format!("/api/v1/trips/{trip}")).await?.body;
        assert_eq!((&left["driver_name"], &left["vehicle"]["plate"]), (&json!(""), &json!("")));
        for row in world.server.everything().await? {
            for left in ["Zhetisu Express", "Aigerim", "123 ABC 02", driver.email.as_str()] {
                assert!(!row.contains(left), "{left}: {row}");
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_on_the_road_stays_until_they_have_arrived() -> Result<()> {
    on_both(|world| async move {
        let RawRide { driver, passenger, trip, booking, .. } = RawRide::on(&world).await?;
        bring(&driver, &trip, "boarding").await?;
        driver.post(&format!("/api/v1/bookings/{booking}/board"), &json!({})).await?;
        bring(&driver, &trip, "under_way").await?;
        for who in [&driver, &passenger] {
            refused(&delete(who, PASSWORD).await?, ErrorCode::OnTheRoad)?;
        }
        let booked = driver.get(&format!("/api/v1/trips/{trip}/bookings")).await?;
        assert_eq!(booked.body["bookings"][0]["passenger_name"], "Daniyar", "nothing was lost");
        bring(&driver, &trip, "arrived").await?;
        for who in [&driver, &passenger] {
            assert_eq!(delete(who, PASSWORD).await?.status, 204);
        }
        Ok(())
    })
    .await
}
