//! What people say of themselves, and everything that the server has of them.

use anyhow::Result;
use serde_json::{Value, json};
use tripchat_protocol::{ErrorCode, Object};
use tripchat_tests::talk::{RawRide, objects, refused, text};
use tripchat_tests::{Raw, on_both};

const ME: &str = "/api/v1/me";

/// Hears that somebody in the room is called so by now.
async fn until_called(raw: &mut Raw, user: &str, name: &str) -> Result<()> {
    raw.until(|frame| {
        let called = |it: &&Object| match it {
            Object::Member(it) => it.user.to_string() == user && it.name == name,
            _ => false,
        };
        objects(frame).into_iter().any(|object| called(&object)).then_some(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_name_is_seen_at_once_by_whoever_shares_a_room() -> Result<()> {
    on_both(|world| async move {
        let RawRide { mut driver, passenger, trip, .. } = RawRide::on(&world).await?;
        let changed = passenger.patch(ME, &json!({"name": " Данияр ", "locale": "kk"})).await?;
        assert_eq!((changed.status, &changed.body["name"]), (200, &json!("Данияр")));
        assert_eq!(passenger.get(ME).await?.body, changed.body);
        until_called(&mut driver, &passenger.user, "Данияр").await?;
        let bookings = driver.get(&format!("/api/v1/trips/{trip}/bookings")).await?;
        assert_eq!(bookings.body["bookings"][0]["passenger_name"], "Данияр");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_business_is_shown_by_its_name_and_its_person_keeps_theirs() -> Result<()> {
    on_both(|world| async move {
        let RawRide { driver, mut passenger, trip, .. } = RawRide::on(&world).await?;
        driver.patch(ME, &json!({"business_name": "Алатау Такси"})).await?;
        until_called(&mut passenger, &driver.user, "Алатау Такси").await?;
        let trip = format!("/api/v1/trips/{trip}");
        assert_eq!(passenger.get(&trip).await?.body["driver_name"], "Алатау Такси");
        let me = driver.get(ME).await?;
        assert_eq!(
            (&me.body["name"], &me.body["business_name"]),
            (&json!("Aigerim"), &json!("Алатау Такси"))
        );
        assert!(me.body.get("email").is_none());
        driver.patch(ME, &json!({"business_name": null})).await?;
        assert_eq!(passenger.get(&trip).await?.body["driver_name"], "Aigerim");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_username_belongs_to_one_person() -> Result<()> {
    on_both(|world| async move {
        let (first, second) = (world.raw("Aigerim").await?, world.raw("Daniyar").await?);
        let named = |username: &str| json!({"username": username});
        assert_eq!(first.patch(ME, &named("Almaty_Bus")).await?.body["username"], "almaty_bus");
        refused(&second.patch(ME, &named("ALMATY_BUS")).await?, ErrorCode::UsernameTaken)?;
        // One's own again is no news, and what is given back is free.
        assert_eq!(first.patch(ME, &named("almaty_bus")).await?.status, 200);
        assert_eq!(first.patch(ME, &json!({"username": null})).await?.body["username"], Value::Null);
        assert_eq!(second.patch(ME, &named("almaty_bus")).await?.status, 200);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_holds_what_the_person_said_and_did_and_nothing_that_others_said() -> Result<()> {
    on_both(|world| async move {
        let mut ride = RawRide::on(&world).await?;
        ride.driver.does(&text(&ride.room, "from the driver")).await?;
        ride.passenger.does(&text(&ride.room, "from the passenger")).await?;
        let export = ride.passenger.get("/api/v1/me/export").await?.body;
        assert_eq!(export["account"]["email"], json!(ride.passenger.email));
        assert_eq!(export["messages"].as_array().map(Vec::len), Some(1), "{export}");
        assert_eq!(export["messages"][0]["message"]["body"]["text"], "from the passenger");
        assert_eq!(export["bookings"][0]["id"], json!(ride.booking));
        assert_eq!(export["sessions"].as_array().map(Vec::len), Some(1));
        assert!(export["rooms"].as_array().is_some_and(|it| !it.is_empty()));
        let text = export.to_string();
        for foreign in ["from the driver", &ride.driver.email, "argon2"] {
            assert!(!text.contains(foreign), "{foreign}");
        }
        let driven = ride.driver.get("/api/v1/me/export").await?.body;
        assert_eq!(driven["trips"][0]["id"], json!(ride.trip));
        Ok(())
    })
    .await
}
