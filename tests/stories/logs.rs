//! The log tells what happened, and nothing that is secret: no token, password, e-mail or message.

use crate::frames::is_alive;
use crate::operator::program;
use crate::platform::{ALL, Backend};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tracing_subscriber::fmt::MakeWriter;
use tripchat_core::SecretString;
use tripchat_core::view::Place;
use tripchat_protocol::ServerFrame;
use tripchat_runtime::Sources;
use tripchat_tests::{Keyring, PASSWORD, Raw, World, board, on_both};

/// Everything that this process logs, whichever crate says it, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// The log of the process; it begins when somebody first asks for it.
    fn of_the_process() -> &'static Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let log = Self::default();
            let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
            tracing::subscriber::set_global_default(all.with_writer(log.clone()).finish())
                .expect("somebody else has taken the log");
            log
        })
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What must not be in the log, by what it is.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn add(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() > 5, "{what} is too short to be looked for");
        self.0.push((what, secret.to_owned()));
    }

    fn found_in(&self, log: &str) -> Vec<String> {
        let lines = self.0.iter().filter_map(|(what, secret)| {
            let line = log.lines().find(|line| line.contains(secret.as_str()))?;
            Some(format!("{what}: {}", line.replace(secret.as_str(), "<secret>")))
        });
        lines.collect()
    }
}

fn uuid() -> String {
    Sources::system().uuid().to_string()
}

fn send(room: &str, text: &str) -> Value {
    json!({"type": "send", "id": uuid(), "room": room, "written_at": 5, "body": {"kind": "TEXT", "text": text}})
}

/// Accounts: made, taken, signed in to with the right and the wrong password, in bodies good and bad.
async fn knock(world: &World, secrets: &mut Secrets) -> Result<Raw> {
    let raw = world.raw("Aigerim").await?;
    secrets.add("an access token", &raw.token);
    secrets.add("a refresh token", &raw.refresh);
    secrets.add("an e-mail", &raw.email);
    secrets.add("a wrong password", "wrong-horse-77");
    secrets.add("an e-mail in capitals", "NOBODY.KNOWS@EXAMPLE.ORG");
    secrets.add("an e-mail in small letters", "nobody.knows@example.org");
    let device = uuid();
    for (email, password) in [
        (raw.email.as_str(), "wrong-horse-77"),
        ("NOBODY.KNOWS@EXAMPLE.ORG", "wrong-horse-77"),
        (&raw.email, PASSWORD),
    ] {
        let body = json!({"email": email, "password": password, "device": device});
        raw.post("/api/v1/auth/sign-in", &body).await?;
        let mut more = body.clone();
        more["remember"] = json!(true);
        raw.post("/api/v1/auth/sign-in", &more).await?;
        let cut = body.to_string();
        raw.post_bytes("/api/v1/auth/sign-in", "application/json", cut.as_bytes()[..cut.len() - 1].to_vec())
            .await?;
        raw.post_bytes("/api/v1/auth/sign-in", "text/plain", cut.into_bytes()).await?;
    }
    // All at once: whoever loses the race loses it quietly.
    let body =
        json!({"email": "nobody.knows@example.org", "password": PASSWORD, "name": "N", "device": device});
    let made = (0..8).map(|_| raw.post("/api/v1/auth/register", &body));
    let made = futures_util::future::join_all(made).await.into_iter().collect::<Result<Vec<_>>>()?;
    assert_eq!(made.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(made.iter().filter(|answer| answer.code() == "EMAIL_TAKEN").count(), 7);
    Ok(raw)
}

/// Tokens: in addresses, in bodies, forged, exchanged, used twice.
async fn misuse_tokens(raw: &Raw, secrets: &mut Secrets) -> Result<()> {
    let forged = format!("{}x", raw.token);
    for path in ["/api/v1/trips", "/api/v1/ws", "/health", "/nothing/here"] {
        let address = format!("{path}?token={}&refresh_token={}", raw.token, raw.refresh);
        assert_eq!(raw.get(&address).await?.code(), "TOKEN_IN_URL");
    }
    raw.call("GET", "/api/v1/trips", Some(&forged), None).await?;
    let hello = |token: &str| json!({"type": "hello", "versions": [1], "device": uuid(), "generation": 1, "app": "raw", "token": token});
    for token in [&forged, &raw.refresh, &raw.token] {
        let mut twin = raw.twin();
        twin.dial("/api/v1/ws", &[]).await?;
        twin.say(&hello(token)).await?;
        if *token == raw.token {
            is_alive(&mut twin).await?;
            twin.say(&json!({"type": "authenticate", "token": raw.token})).await?;
            twin.until(|frame| matches!(frame, ServerFrame::Ok(_)).then_some(())).await?;
            twin.say(&json!({"type": "authenticate", "token": forged, "more": 1})).await?;
        }
        twin.until_end().await?;
    }
    // Exchanged three times, and then the first again: theft.
    let mut token = raw.refresh.clone();
    for _ in 0..3 {
        let next = raw.post("/api/v1/auth/refresh", &json!({"refresh_token": token})).await?;
        let text = |field: &str| next.body[field].as_str().map(str::to_owned).context("no token");
        token = text("refresh_token")?;
        secrets.add("a renewed access token", &text("access_token")?);
        secrets.add("a renewed refresh token", &token);
    }
    let stolen = raw.post("/api/v1/auth/refresh", &json!({"refresh_token": raw.refresh})).await?;
    assert_eq!(stolen.code(), "SESSION_ENDED");
    Ok(())
}

/// A platform's backend: its token, good, revoked and in the wrong places, and whom it signs in.
async fn call_as_a_service(world: &World, secrets: &mut Secrets) -> Result<()> {
    let lugar = Backend::new(world, ALL)?;
    secrets.add("a service token", &lugar.token);
    secrets.add("the secret of a service token", &lugar.token[40..]);
    let person = lugar.person("user-7", "Aigerim").await?;
    let signed_in = lugar.signed_in(&person).await?;
    secrets.add("a minted access token", &signed_in.token);
    secrets.add("a minted refresh token", &signed_in.refresh);
    for path in ["/api/v1/trips".to_owned(), format!("/health?token={}", lugar.token)] {
        signed_in.call("GET", &path, Some(&lugar.token), None).await?;
    }
    let list = program(world, &["tokens", "list"])?;
    program(world, &["tokens", "revoke", list.split_once(' ').context("no id")?.0])?;
    assert!(lugar.person("user-8", "Daniyar").await.is_err());
    Ok(())
}

/// Messages: taken, refused, unreadable, and with another's id.
async fn write(world: &World, secrets: &mut Secrets) -> Result<()> {
    let mut driver = world.raw("Aigerim").await?;
    let (_, room) = driver.trip(&world.trip()).await?;
    secrets.add("a message", "the key is under the mat");
    driver.connect().await?;
    let good = send(&room, "the key is under the mat");
    let mut again = good.clone();
    again["body"]["text"] = json!("the key is under the mat, again");
    let mut unknown = good.clone();
    unknown["more"] = json!("the key is under the mat");
    let elsewhere = send(&uuid(), "the key is under the mat");
    let long = send(&room, &"the key is under the mat ".repeat(400));
    for frame in [good.clone(), good, again, unknown, elsewhere, long] {
        driver.say(&frame).await?;
        driver
            .until(|frame| matches!(frame, ServerFrame::Ok(_) | ServerFrame::Error(_)).then_some(()))
            .await?;
    }
    driver.say(&json!({"type": "whisper", "text": "the key is under the mat"})).await?;
    driver.until_end().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_secret_is_ever_logged() -> Result<()> {
    let log = Log::of_the_process();
    on_both(|mut world| async move {
        let mut secrets = Secrets::default();
        secrets.add("the password", PASSWORD);
        let raw = knock(&world, &mut secrets).await?;
        // Every access token begins like this one.
        secrets.add("the head of a token", &raw.token[..12]);
        misuse_tokens(&raw, &mut secrets).await?;
        write(&world, &mut secrets).await?;
        call_as_a_service(&world, &mut secrets).await?;

        // A ride with the app: server away, app killed, cache damaged, signed in again, signed out.
        let keyring = Keyring::default();
        let mut passenger = world.somebody_with(Arc::new(keyring.clone()));
        let email = "daniyar.secret@example.org";
        secrets.add("the app's e-mail", email);
        secrets.add("the app's message", "my seat is by the window");
        passenger.register_as(email, "Daniyar").await?;
        passenger.until_online().await?;
        let driver = world.person("Aigerim").await?;
        let trip = driver.client.create_trip(world.trip()).await?;
        board(&driver, &passenger, &trip).await?;
        world.server.kill();
        passenger.say(trip.room, "my seat is by the window").await?;
        passenger.client.close().await?;
        passenger.kill();
        damage_the_cache(&passenger.data)?;
        world.server.restart().await?;
        passenger.reopen();
        passenger.until_online().await?;
        let other = passenger.client.send(trip.room, "my seat is by the window, too".into()).await?;
        driver
            .until("the app's message", |client| async move {
                let rows = client.timeline(trip.room, Place::Newest, 50).await?.rows;
                Ok(rows.iter().any(|row| row.id == other).then_some(()))
            })
            .await?;
        for token in keyring.secrets() {
            secrets.add("the app's refresh token", &token);
        }
        passenger.client.sign_out(true).await?;
        let wrong = SecretString::from("wrong-horse-77");
        passenger.client.sign_in(world.server.url(), email.into(), wrong).await.err().context("signed in")?;

        let text = log.text();
        assert_eq!(secrets.found_in(&text), Vec::<String>::new());
        // And it is the log of both ends.
        for words in ["connected", "answered", "its session was ended", "the local cache was damaged"] {
            assert!(text.contains(words), "the log does not say {words:?}");
        }
        Ok(())
    })
    .await
}

fn damage_the_cache(data: &std::path::Path) -> Result<()> {
    for entry in std::fs::read_dir(data)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "db") && !path.ends_with("tripchat.db") {
            let mut bytes = std::fs::read(&path)?;
            let half = bytes.len() / 2;
            bytes.truncate(half);
            std::fs::write(&path, bytes)?;
        }
    }
    Ok(())
}
