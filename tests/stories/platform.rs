//! A ride platform's backend, with a service token: what it may, and what nobody else may.

use crate::frames::is_alive;
use crate::operator::{program, set, worlds};
use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::time::Duration;
use tripchat_protocol::ErrorCode;
use tripchat_tests::talk::{refused, uuid};
use tripchat_tests::{Answer, Raw, World};

/// Every scope that there is.
pub const ALL: &str =
    "people:write,trips:read,trips:write,bookings:write,rooms:read,messages:system,webhooks:write";

/// A platform's backend.
pub struct Backend {
    /// Its token.
    pub token: String,
    /// Calls for it.
    pub raw: Raw,
}

impl Backend {
    /// With a fresh token of these scopes.
    pub fn new(world: &World, scopes: &str) -> Result<Self> {
        Self::of(world, scopes, "default")
    }

    /// With a fresh token of these scopes in a tenant of its own.
    pub fn of(world: &World, scopes: &str, tenant: &str) -> Result<Self> {
        let made = ["tokens", "create", "--name", "Lugar", "--scope", scopes, "--tenant", tenant];
        let token = program(world, &made)?.trim().to_owned();
        Ok(Self { token, raw: world.raw_stranger() })
    }

    /// What a call answers.
    pub async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
        self.call_as(Some(&self.token), method, path, body).await
    }

    /// What a call with another token, or none, answers.
    pub async fn call_as(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer> {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.raw.call(method, &format!("/api/v1/platform{path}"), token, body).await
    }

    /// What a `POST` with a key answers, and whether that was answered before.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Result<(Answer, bool)> {
        let url = format!("{}/api/v1/platform{path}", self.raw.url);
        let mut request =
            reqwest::Client::new().post(url).bearer_auth(&self.token).header("idempotency-key", key);
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let replayed = answer.headers().get("idempotent-replayed").is_some_and(|it| it == "true");
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        let body = serde_json::from_str(&text).with_context(|| format!("{status} {text:?} is no JSON"))?;
        Ok((Answer { status, body }, replayed))
    }

    /// What a `POST` with a fresh key answers; it must be `status`.
    pub async fn does(&self, path: &str, body: &Value, status: u16) -> Result<Value> {
        let (answer, replayed) = self.post(path, &uuid(), body).await?;
        ensure!(answer.status == status && !replayed, "{path}: {answer:?}");
        Ok(answer.body)
    }

    /// What a `GET` answers; it must be 200.
    pub async fn sees(&self, path: &str) -> Result<Value> {
        let answer = self.call("GET", path, None).await?;
        ensure!(answer.status == 200, "{path}: {answer:?}");
        Ok(answer.body)
    }

    /// Puts a person; their id.
    pub async fn person(&self, subject: &str, name: &str) -> Result<String> {
        let answer = self.call("PUT", "/people", Some(&json!({"subject": subject, "name": name}))).await?;
        ensure!(answer.status == 200, "{answer:?}");
        Ok(answer.body["id"].as_str().context("no id")?.into())
    }

    async fn mint(&self, person: &str) -> Result<Answer> {
        self.call("POST", &format!("/people/{person}/token"), Some(&json!({"device": uuid()}))).await
    }

    /// A person, signed in by the platform.
    pub async fn signed_in(&self, person: &str) -> Result<Raw> {
        let mut raw = self.raw.twin();
        raw.take_grant(&self.mint(person).await?)?;
        Ok(raw)
    }
}

fn id_of(list: &str) -> Result<&str> {
    Ok(list.split_once(' ').context("no id")?.0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_signs_its_people_in_until_its_token_is_revoked() -> Result<()> {
    for (world, _) in worlds().await? {
        let lugar = Backend::new(&world, "people:write")?;
        let listed = program(&world, &["tokens", "list"])?;
        assert!(listed.contains("stands for 365 days  never used  default  people:write  Lugar"), "{listed}");
        assert!(!listed.contains(&lugar.token), "what it is was shown once");
        let person = lugar.person("user-7", " Айгерім ").await?;
        assert_eq!(lugar.person("user-7", "Айгерім").await?, person, "asked twice, it is one person");
        assert_ne!(lugar.person("user-8", "Айгерім").await?, person);
        let mut driver = lugar.signed_in(&person).await?;
        assert_eq!(driver.user, person);
        driver.connect().await?;
        let sessions = driver.get("/api/v1/sessions").await?.body;
        assert_eq!(sessions["sessions"][0]["app"], json!("Lugar"), "the person sees who signed them in");
        assert!(program(&world, &["tokens", "list"])?.contains("used 0 min ago"));
        let list = program(&world, &["tokens", "list"])?;
        program(&world, &["tokens", "revoke", id_of(&list)?])?;
        refused(&lugar.mint(&person).await?, ErrorCode::Unauthorized)?;
        assert!(program(&world, &["tokens", "revoke", id_of(&list)?]).is_err(), "once is enough");
        assert!(program(&world, &["tokens", "list"])?.contains("  revoked  "));
        is_alive(&mut driver).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_token_expires_and_a_second_one_takes_over() -> Result<()> {
    let (world, clock) = worlds().await?.remove(0);
    let create = ["tokens", "create", "--name", "Lugar", "--scope", "people:write", "--days", "1"];
    set(&clock);
    let first = Backend { token: program(&world, &create)?.trim().into(), raw: world.raw_stranger() };
    let person = first.person("user-7", "Aigerim").await?;
    clock.advance(Duration::from_secs(23 * 3_600));
    let second = Backend::new(&world, "people:write")?;
    for lugar in [&first, &second] {
        assert_eq!(lugar.person("user-7", "Aigerim").await?, person, "both are taken");
    }
    clock.advance(Duration::from_secs(2 * 3_600));
    refused(&first.mint(&person).await?, ErrorCode::Unauthorized)?;
    assert_eq!(second.person("user-7", "Aigerim").await?, person);
    for bad in [
        ["--name", "Lugar", "--scope", "people:*"].as_slice(),
        &["--name", "Lugar", "--scope", ""],
        &["--name", "", "--scope", "people:write"],
        &["--name", "Lugar", "--scope", "people:write", "--days", "0"],
        &["--name", "Lugar", "--scope", "people:write", "--days", "731"],
        &["--name", "Lugar", "--scope", "people:write", "--tenant", "A B"],
    ] {
        let command = [&["tokens", "create"], bad].concat();
        assert!(program(&world, &command).is_err(), "{command:?}");
    }
    assert_eq!(program(&world, &["tokens", "list"])?.lines().count(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_token_opens_the_platforms_door_and_its_token_no_other() -> Result<()> {
    let (world, _) = worlds().await?.remove(0);
    let lugar = Backend::new(&world, ALL)?;
    let person = lugar.person("user-7", "Aigerim").await?;
    let raw = lugar.signed_in(&person).await?;
    let path = format!("/people/{person}/token");
    let body = json!({"device": uuid()});
    let cut = &lugar.token[..lugar.token.len() - 2];
    let other = Backend::new(&world, ALL)?.token;
    // The id of the one token with the secret of the other.
    let mixed = format!("{}{}", &lugar.token[..40], &other[40..]);
    for token in [None, Some(raw.token.as_str()), Some(&raw.refresh), Some(""), Some(cut), Some(&mixed)] {
        let answer = lugar.call_as(token, "POST", &path, Some(&body)).await?;
        refused(&answer, ErrorCode::Unauthorized)?;
    }
    for path in ["/api/v1/trips", "/api/v1/sessions", "/api/v1/bookings"] {
        refused(&raw.call("GET", path, Some(&lugar.token), None).await?, ErrorCode::Unauthorized)?;
    }
    let bearer = format!("Bearer {}", lugar.token);
    let socket = raw.refused_upgrade("/api/v1/ws", &[("authorization", &bearer)]).await?;
    refused(&socket, ErrorCode::Unauthorized)?;
    // The service itself is nobody who could be signed in.
    let list = program(&world, &["tokens", "list"])?;
    refused(&lugar.mint(id_of(&list)?).await?, ErrorCode::NotFound)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_of_another_tenant_are_not_there() -> Result<()> {
    for (world, _) in worlds().await? {
        let (lugar, stepper) = (Backend::new(&world, ALL)?, Backend::of(&world, ALL, "stepper")?);
        let ours = lugar.person("user-7", "Aigerim").await?;
        let theirs = stepper.person("user-7", "Aigerim").await?;
        assert_ne!(ours, theirs, "the same id in two tenants is two people");
        for id in [&theirs, &uuid()] {
            refused(&lugar.mint(id).await?, ErrorCode::NotFound)?;
        }
        // Who rides with the one sees nothing of the other.
        let driver = stepper.signed_in(&theirs).await?;
        let (trip, _) = driver.trip(&world.trip()).await?;
        let stranger = lugar.signed_in(&ours).await?;
        refused(&stranger.get(&format!("/api/v1/trips/{trip}")).await?, ErrorCode::TripNotFound)?;
        assert_eq!(stranger.get("/api/v1/trips").await?.body["trips"], json!([]));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_name_is_told_where_the_person_is_and_a_bad_one_is_refused() -> Result<()> {
    for (world, _) in worlds().await? {
        let lugar = Backend::new(&world, ALL)?;
        let person = lugar.person("user-7", "Aigerim").await?;
        let mut driver = lugar.signed_in(&person).await?;
        driver.trip(&world.trip()).await?;
        driver.connect().await?;
        let put = json!({"subject": "user-7", "name": "Aigerim K.", "locale": "kk"});
        let answer = lugar.call("PUT", "/people", Some(&put)).await?;
        let known = json!({"id": person, "issuer": "platform", "subject": "user-7", "name": "Aigerim K.", "locale": "kk"});
        assert_eq!(answer.body, known);
        driver
            .until(|frame| {
                tripchat_tests::talk::objects(frame).into_iter().find_map(|object| match object {
                    tripchat_protocol::Object::Member(member) if member.name == "Aigerim K." => Some(()),
                    _ => None,
                })
            })
            .await?;
        // What is left out stays.
        let again = json!({"subject": "user-7", "name": "Aigerim K."});
        assert_eq!(lugar.call("PUT", "/people", Some(&again)).await?.body, known);
        for (body, field) in [
            (json!({"subject": "", "name": "N"}), "subject"),
            (json!({"subject": "s".repeat(256), "name": "N"}), "subject"),
            (json!({"subject": "a\nb", "name": "N"}), "subject"),
            (json!({"issuer": "", "subject": "s", "name": "N"}), "issuer"),
            (json!({"subject": "s", "name": " "}), "name"),
            (json!({"subject": "s", "name": "N", "locale": "Kazakh language"}), "locale"),
        ] {
            let answer = lugar.call("PUT", "/people", Some(&body)).await?;
            refused(&answer, ErrorCode::InvalidInput)?;
            assert_eq!(answer.body["error"]["details"], json!(field));
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_tells_of_a_trip_if_the_platform_asks_for_it_and_opens_nothing_by_that() -> Result<()> {
    let (world, _) = worlds().await?.remove(0);
    let lugar = Backend::new(&world, ALL)?;
    let (aigerim, daniyar) = (lugar.person("a", "Aigerim").await?, lugar.person("d", "Daniyar").await?);
    let (driver, passenger) = (lugar.signed_in(&aigerim).await?, lugar.signed_in(&daniyar).await?);
    let (trip, room) = driver.trip(&world.trip()).await?;
    let body = json!({"device": uuid(), "trip": trip});
    let mint = async |person: &str| lugar.call("POST", &format!("/people/{person}/token"), Some(&body)).await;
    refused(&mint(&daniyar).await?, ErrorCode::TripNotFound)?;
    let asked = passenger.post(&format!("/api/v1/trips/{trip}/bookings"), &json!({"seats": 1})).await?;
    assert_eq!(asked.status, 201);
    for (person, role) in [(&aigerim, "driver"), (&daniyar, "passenger")] {
        let answer = mint(person).await?;
        let token = answer.body["access_token"].as_str().with_context(|| format!("{answer:?}"))?;
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).context("no claims")?)?;
        let claims: Value = serde_json::from_slice(&claims)?;
        assert_eq!((&claims["trip_id"], &claims["trip_role"]), (&json!(trip), &json!(role)));
        // The seat is not confirmed: what the token tells is no right.
        let history =
            driver.call("GET", &format!("/api/v1/rooms/{room}/messages"), Some(token), None).await?;
        assert_eq!(history.status, if role == "driver" { 200 } else { 404 });
    }
    Ok(())
}
