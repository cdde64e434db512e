//! A platform brings its own people: its tokens are exchanged for sign-ins of ours.

use crate::frames::is_alive;
use anyhow::{Context, Result};
use axum::Router;
use axum::routing::get;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::frame::close;
use tripchat_runtime::{Sources, Tasks};
use tripchat_server::config::IssuerConfig;
use tripchat_tests::talk::{refused, uuid};
use tripchat_tests::{Answer, Raw, World, on_both};

/// The key of RFC 8037, appendix A, behind the fixed head of RFC 8410, section 7.
const PRIVATE: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20\
    \x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4\
    \x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const PLATFORMS: [&str; 2] = ["https://lugar.example", "https://stepper.example"];

/// Serves the platforms' key, and has the server believe them.
async fn with_platforms(world: &mut World) -> Result<Tasks> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let jwks_url = format!("http://{}/jwks.json", listener.local_addr()?);
    let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "one", "x": PUBLIC}]}).to_string();
    let router = Router::new().route("/jwks.json", get(move || async move { keys }));
    let serving = Tasks::default();
    serving.start("platform", async move { axum::serve(listener, router).await.expect("it listens") });
    world.server.kill();
    world.server.config.issuers = PLATFORMS
        .iter()
        .map(|issuer| IssuerConfig {
            issuer: (*issuer).into(),
            jwks_url: jwks_url.clone(),
            audience: "tripchat".into(),
            tenant: None,
        })
        .collect();
    world.server.restart().await?;
    Ok(serving)
}

fn token(issuer: &str, subject: &str, more: &Value) -> Result<String> {
    let now = Sources::system().now() / 1000;
    let mut claims = json!({"iss": issuer, "aud": "tripchat", "sub": subject, "iat": now, "exp": now + 600});
    for (name, value) in more.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    let header = Header { kid: Some("one".into()), ..Header::new(Algorithm::EdDSA) };
    Ok(encode(&header, &claims, &EncodingKey::from_ed_der(PRIVATE))?)
}

async fn exchange(raw: &Raw, token: &str) -> Result<Answer> {
    raw.post("/api/v1/auth/exchange", &json!({"token": token, "device": uuid()})).await
}

async fn person(world: &World, token: &str) -> Result<(Raw, String)> {
    let mut raw = world.raw_stranger();
    let answer = exchange(&raw, token).await?;
    raw.take_grant(&answer)?;
    Ok((raw, answer.body["user"]["name"].as_str().context("no name")?.into()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platforms_token_is_exchanged_for_a_sign_in_of_ours() -> Result<()> {
    on_both(|mut world| async move {
        let _platforms = with_platforms(&mut world).await?;
        let token = token(PLATFORMS[0], "driver-7", &json!({"name": "  Айгерім  ", "email": "a@b.example"}))?;
        let (mut driver, name) = person(&world, &token).await?;
        assert_eq!(name, "Айгерім");
        // It is a whole sign-in: a trip, a socket, a renewal, and its end.
        let (_, room) = driver.trip(&world.trip()).await?;
        driver.connect().await?;
        driver.does(&tripchat_tests::talk::text(&room, "hello")).await?;
        let next = driver.post("/api/v1/auth/refresh", &json!({"refresh_token": driver.refresh})).await?;
        assert_eq!(next.status, 200);
        assert_eq!(next.body["user"], json!({"id": driver.user, "name": "Айгерім"}));
        is_alive(&mut driver).await?;
        assert_eq!(driver.post("/api/v1/auth/sign-out", &json!({})).await?.status, 204);
        assert_eq!(driver.until_end().await?.0, Some(close::REVOKED));
        // The platform's own token opens nothing by itself.
        let answer = driver.call("GET", "/api/v1/trips", Some(&token), None).await?;
        refused(&answer, ErrorCode::Unauthorized)?;
        // And there is no password to change or to sign in with.
        let (again, _) = person(&world, &token).await?;
        let change = json!({"current": "", "new": "a longer road to Bishkek"});
        refused(&again.post("/api/v1/auth/password", &change).await?, ErrorCode::WrongCredentials)?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn issuer_and_subject_together_name_a_person() -> Result<()> {
    on_both(|mut world| async move {
        let _platforms = with_platforms(&mut world).await?;
        let none = json!({});
        let (first, name) = person(&world, &token(PLATFORMS[0], "7", &none)?).await?;
        let letters = name.strip_prefix("Traveller ").context("no traveller")?;
        assert_eq!(letters.chars().count(), 4);
        // The same person later keeps the name that they were first seen with.
        let renamed = token(PLATFORMS[0], "7", &json!({"name": "Nurlan"}))?;
        let (again, kept) = person(&world, &renamed).await?;
        assert_eq!((&again.user, kept), (&first.user, name));
        assert_eq!(again.get("/api/v1/sessions").await?.body["sessions"].as_array().map(Vec::len), Some(2));
        // The same subject of another issuer is somebody else, and so is another subject.
        let (other, _) = person(&world, &token(PLATFORMS[1], "7", &none)?).await?;
        let (third, _) = person(&world, &token(PLATFORMS[0], "7 ", &none)?).await?;
        assert_ne!(first.user, other.user);
        assert_ne!(first.user, third.user);
        // First sights at once are one person.
        let token = token(PLATFORMS[1], "at once", &none)?;
        let stranger = world.raw_stranger();
        let answers = futures_util::future::join_all((0..10).map(|_| exchange(&stranger, &token))).await;
        let mut people = std::collections::BTreeSet::new();
        for answer in answers {
            let answer = answer?;
            people.insert(
                answer.body["user"]["id"].as_str().with_context(|| format!("{answer:?}"))?.to_owned(),
            );
        }
        assert_eq!(people.len(), 1);
        // A name that cannot be shown is not taken over.
        let odd = person(&world, &self::token(PLATFORMS[0], "8", &json!({"name": "a\u{0}b"}))?).await?.1;
        assert!(odd.starts_with("Traveller "), "{odd}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_not_believed_is_nobody() -> Result<()> {
    let mut world = World::new().await?;
    let stranger = world.raw_stranger();
    let good = token(PLATFORMS[0], "7", &json!({}))?;
    refused(&exchange(&stranger, &good).await?, ErrorCode::Unauthorized).context("no issuer is known")?;
    let _platforms = with_platforms(&mut world).await?;
    let own = world.raw("Aigerim").await?.token;
    for bad in [
        own.as_str(),
        "",
        "a.b.c",
        &good[..good.len() - 4],
        &token("https://evil.example", "7", &json!({}))?,
        &token(PLATFORMS[0], "7", &json!({"aud": "another"}))?,
        &token(PLATFORMS[0], "7", &json!({"exp": 1}))?,
    ] {
        refused(&exchange(&stranger, bad).await?, ErrorCode::Unauthorized).with_context(|| bad.to_owned())?;
    }
    assert_eq!(exchange(&stranger, &good).await?.status, 200);
    Ok(())
}
