//! Tenants share a server and see nothing of one another.

use anyhow::{Context, Result};
use serde_json::json;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::frame::close;
use tripchat_tests::talk::{refused, text, uuid};
use tripchat_tests::{PASSWORD, Raw, World, on_both};

async fn two(world: &mut World) -> Result<(Raw, Raw)> {
    world.server.kill();
    world.server.config.tenants = vec!["default".into(), "south".into()];
    world.server.restart().await?;
    let north = world.raw("Aigerim").await?;
    let south = Raw::register_in(&world.server.url(), Some("south"), "Nurlan").await?;
    Ok((north, south))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_tenant_sees_nothing_of_another() -> Result<()> {
    on_both(|mut world| async move {
        let (north, mut south) = two(&mut world).await?;
        let (trip, room) = north.trip(&world.trip()).await?;
        let passenger = world.raw("Daniyar").await?;
        let asked = passenger.post(&format!("/api/v1/trips/{trip}/bookings"), &json!({"seats": 1})).await?;
        let booking = asked.body["id"].as_str().context("no booking")?.to_owned();
        for path in ["/api/v1/trips", "/api/v1/trips?from=Almaty"] {
            assert_eq!(north.get(path).await?.body["trips"].as_array().map(Vec::len), Some(1), "{path}");
            assert_eq!(south.get(path).await?.body["trips"].as_array().map(Vec::len), Some(0), "{path}");
        }
        let trip = format!("/api/v1/trips/{trip}");
        refused(&south.get(&trip).await?, ErrorCode::TripNotFound)?;
        refused(&south.patch(&trip, &json!({"seats": 3})).await?, ErrorCode::TripNotFound)?;
        let bookings = format!("{trip}/bookings");
        refused(&south.get(&bookings).await?, ErrorCode::TripNotFound)?;
        refused(&south.post(&bookings, &json!({"seats": 1})).await?, ErrorCode::TripNotFound)?;
        let status = format!("{trip}/status");
        refused(&south.post(&status, &json!({"status": "boarding"})).await?, ErrorCode::TripNotFound)?;
        let confirm = format!("/api/v1/bookings/{booking}/confirm");
        refused(&south.post(&confirm, &json!({})).await?, ErrorCode::BookingNotFound)?;
        refused(&south.get(&format!("/api/v1/rooms/{room}/messages")).await?, ErrorCode::RoomNotFound)?;
        south.connect().await?;
        assert_eq!(south.fails(&text(&room, "hello")).await?, ErrorCode::RoomNotFound);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_e_mail_has_an_account_in_each_tenant_and_opens_only_that_one() -> Result<()> {
    on_both(|mut world| async move {
        let (north, _) = two(&mut world).await?;
        let mut south = Raw::stranger(&world.server.url());
        south.tenant = Some("south".into());
        let other = "ein anderer Weg über Шу";
        let body = json!({"email": north.email, "password": other, "name": "A", "device": uuid()});
        let made = south.post("/api/v1/auth/register", &body).await?;
        assert_eq!(made.status, 201, "{made:?}");
        assert_ne!(made.body["user"]["id"], json!(north.user));
        let sign_in = |password: &str| json!({"email": north.email, "password": password, "device": uuid()});
        let found = south.post("/api/v1/auth/sign-in", &sign_in(other)).await?;
        assert_eq!(found.body["user"], made.body["user"]);
        let wrong = south.post("/api/v1/auth/sign-in", &sign_in(PASSWORD)).await?;
        refused(&wrong, ErrorCode::WrongCredentials)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_that_is_named_is_that_of_the_token_or_the_request_is_refused() -> Result<()> {
    on_both(|mut world| async move {
        let (north, south) = two(&mut world).await?;
        for (token, named, status) in [
            (&south, "south", 200),
            (&north, "default", 200),
            (&north, "south", 403),
            (&south, "default", 403),
            (&south, "nowhere", 403),
            (&south, "", 403),
        ] {
            let mut asking = token.twin();
            asking.tenant = Some(named.into());
            assert_eq!(asking.get("/api/v1/trips").await?.status, status, "{named}");
            let refresh = json!({"refresh_token": asking.refresh});
            let renewed = asking.post("/api/v1/auth/refresh", &refresh).await?;
            assert_eq!(renewed.status, status, "{named}");
            // A tenant that is refused opens no socket, whether the token is in the header or in the hello.
            let bearer = format!("Bearer {}", asking.token);
            let headers = [("authorization", bearer.as_str()), ("x-tenant-tag", named)];
            let upgraded = asking.dial("/api/v1/ws", &headers).await?;
            assert_eq!(upgraded, if status == 200 { 101 } else { 403 }, "{named}");
            assert_eq!(asking.dial("/api/v1/ws", &[("x-tenant-tag", named)]).await?, 101);
            let hello = json!({"type": "hello", "versions": [1], "device": uuid(), "generation": 1,
                               "app": "raw", "token": asking.token});
            asking.say(&hello).await?;
            let first = asking.next().await?;
            assert!(first.is_ok(), "{named}: {first:?}");
            if status == 403 {
                assert_eq!(asking.until_closed().await?.0, Some(close::TOKEN), "{named}");
            }
        }
        Ok(())
    })
    .await
}
