//! Sign-ins that run out, are repeated, stolen or ended: nothing that was written is lost, and no secret stays behind.

use crate::frames::is_alive;
use anyhow::{Context, Result};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tripchat_core::view::ConnectionView;
use tripchat_core::{ClientEvent, SecretString};
use tripchat_protocol::frame::close;
use tripchat_protocol::{ErrorCode, Object, ServerFrame};
use tripchat_runtime::{FixedClock, OsRandom, Sources};
use tripchat_tests::talk::{RawRide, objects, text, words};
use tripchat_tests::{Answer, Database, Keyring, PASSWORD, Person, Raw, World, on_both};

/// A world whose server's clock the story moves.
async fn timed() -> Result<(World, Arc<FixedClock>)> {
    let clock = FixedClock::at(Sources::system().now());
    let sources = Sources::new(clock.clone(), Arc::new(OsRandom));
    Ok((World::on(Database::Sqlite, sources).await?, clock))
}

async fn say_twenty(person: &Person, room: tripchat_protocol::RoomId) -> Result<(Vec<String>, Vec<String>)> {
    let texts: Vec<String> = (0..20).map(|number| format!("line {number}")).collect();
    let mut ids = Vec::new();
    for text in &texts {
        ids.push(person.say(room, text).await?);
    }
    Ok((texts, ids))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_expired_on_the_way_holds_up_nothing() -> Result<()> {
    let (mut world, clock) = timed().await?;
    let (driver, passenger, room) = world.ride().await?;
    passenger.road.close();
    let (texts, ids) = say_twenty(&passenger, room).await?;
    clock.advance(Duration::from_secs(3_600));
    passenger.road.open();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    passenger.until_reads(room, &texts).await?;
    driver.until_reads(room, &texts).await?;
    assert_eq!(world.server.stored(room).await?, ids);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_expires_while_online_is_renewed_with_twenty_queued() -> Result<()> {
    let (mut world, clock) = timed().await?;
    let (driver, passenger, room) = world.ride().await?;
    clock.advance(Duration::from_secs(3_600));
    let (texts, ids) = say_twenty(&passenger, room).await?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    passenger.until_reads(room, &texts).await?;
    driver.until_reads(room, &texts).await?;
    assert_eq!(world.server.stored(room).await?, ids);
    // What needs the network renews it as well.
    clock.advance(Duration::from_secs(3_600));
    assert_eq!(driver.client.trips().await?.len(), 1);
    Ok(())
}

async fn refresh(raw: &Raw, token: &str) -> Result<Answer> {
    raw.post("/api/v1/auth/refresh", &json!({"refresh_token": token})).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_whose_answer_was_lost_is_repeated_within_a_minute() -> Result<()> {
    let (world, clock) = timed().await?;
    let mut raw = world.raw("Aigerim").await?;
    raw.connect().await?;
    let first = refresh(&raw, &raw.refresh).await?;
    assert_eq!(first.status, 200);
    clock.advance(Duration::from_secs(60));
    // At once on many connections, too: a client that lost its patience.
    let again = (0..5).map(|_| refresh(&raw, &raw.refresh));
    for again in futures_util::future::join_all(again).await {
        let again = again?;
        assert_eq!(again.status, 200, "{:?}", again.code());
        assert_eq!(again.body["refresh_token"], first.body["refresh_token"]);
    }
    is_alive(&mut raw).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_used_again_later_ends_the_session() -> Result<()> {
    let (world, clock) = timed().await?;
    let mut raw = world.raw("Aigerim").await?;
    let (mut twin, mut stranger) = (raw.twin(), world.raw("Nurlan").await?);
    for socket in [&mut raw, &mut twin, &mut stranger] {
        socket.connect().await?;
    }
    let next = refresh(&raw, &raw.refresh).await?;
    let next = next.body["refresh_token"].as_str().context("no token")?;
    clock.advance(Duration::from_secs(61));
    let stolen = refresh(&raw, &raw.refresh).await?;
    assert_eq!((stolen.status, stolen.code()), (401, "SESSION_ENDED"));
    for socket in [&mut raw, &mut twin] {
        assert_eq!(socket.until_end().await?.0, Some(close::REVOKED));
    }
    // The successor and the access token went with it.
    assert_eq!(refresh(&raw, next).await?.code(), "SESSION_ENDED");
    assert_eq!(raw.get("/api/v1/trips").await?.code(), "SESSION_ENDED");
    is_alive(&mut stranger).await?;
    for guess in ["", "x", &"A".repeat(86), &raw.token] {
        assert_eq!(refresh(&stranger, guess).await?.code(), "UNAUTHORIZED");
    }
    assert_eq!(refresh(&stranger, &stranger.refresh).await?.status, 200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ended_session_is_told_and_keeps_what_is_unsent() -> Result<()> {
    let (mut world, clock) = timed().await?;
    let keyring = Keyring::default();
    let passenger = world.somebody_with(Arc::new(keyring.clone()));
    let email = "Daniyar.Unsent@example.org";
    passenger.register_as(email, "Daniyar").await?;
    passenger.until_online().await?;
    let driver = world.person("Aigerim").await?;
    let trip = driver.client.create_trip(world.trip()).await?;
    tripchat_tests::board(&driver, &passenger, &trip).await?;
    let room = trip.room;
    let mut events = passenger.client.subscribe();
    passenger.road.close();
    let id = passenger.say(room, "wait for me").await?;
    // Somebody else has used the token meanwhile, and the person's own use comes too late.
    let thief = world.raw("Thief").await?;
    let token = keyring.secrets().pop().context("no refresh token")?;
    assert_eq!(refresh(&thief, &token).await?.status, 200);
    clock.advance(Duration::from_secs(3_600));
    passenger.road.open();
    loop {
        if let ClientEvent::SignedOut { reason } = events.recv().await? {
            assert_eq!(reason, ErrorCode::SessionEnded);
            break;
        }
    }
    let start = passenger.client.start_view().await?;
    assert_eq!((start.account, start.connection), (None, ConnectionView::SignedOut));
    assert_eq!(passenger.client.inbox().await.map_err(|error| error.code), Err(ErrorCode::NotSignedIn));
    passenger.sign_in(email).await?;
    passenger.until_reads(room, &["wait for me"]).await?;
    driver.until_reads(room, &["wait for me"]).await?;
    assert_eq!(world.server.stored(room).await?, [id]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_closes_the_session_everywhere_and_wipes_the_device() -> Result<()> {
    let mut world = World::new().await?;
    let mut raw = world.raw("Aigerim").await?;
    let mut twin = raw.twin();
    twin.connect().await?;
    raw.connect().await?;
    assert_eq!(raw.post("/api/v1/auth/sign-out", &json!({})).await?.status, 204);
    for socket in [&mut raw, &mut twin] {
        assert_eq!(socket.until_end().await?.0, Some(close::REVOKED));
    }

    let keyring = Keyring::default();
    let driver = world.somebody_with(Arc::new(keyring.clone()));
    driver.register_as("aigerim@example.org", "Aigerim Sarsenova").await?;
    driver.until_online().await?;
    let trip = driver.client.create_trip(world.trip()).await?;
    driver.until("the room", |client| async move { Ok(client.room(trip.room).await.ok()) }).await?;
    driver.say(trip.room, "nobody will find this").await?;
    driver.until_reads(trip.room, &["nobody will find this"]).await?;
    driver.client.sign_out(false).await?;
    assert_eq!(keyring.secrets(), Vec::<String>::new());
    let words = ["nobody will find this", "Aigerim Sarsenova", "aigerim@example.org", "Alphard"];
    assert_eq!(found_in(&driver.data, &words)?, Vec::<String>::new());
    driver.client.close().await?;
    assert_eq!(found_in(&driver.data, &words)?, Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_live_in_the_keyring_and_in_no_file() -> Result<()> {
    let (mut world, clock) = timed().await?;
    let keyring = Keyring::default();
    let mut person = world.somebody_with(Arc::new(keyring.clone()));
    let email = "aigerim.s@example.org";
    person.register_as(email, "Aigerim").await?;
    person.until_online().await?;
    let mut secrets = keyring.secrets();
    // A renewed token is no less secret; the connection is made again with it.
    clock.advance(Duration::from_secs(3_600));
    let trip = person.client.create_trip(world.trip()).await?;
    person.until("the room", |client| async move { Ok(client.room(trip.room).await.ok()) }).await?;
    person.say(trip.room, "this may be in the cache").await?;
    person.until_reads(trip.room, &["this may be in the cache"]).await?;
    secrets.extend(keyring.secrets());
    secrets.sort();
    secrets.dedup();
    assert_eq!(secrets.len(), 2, "the refresh token was not replaced");
    let mut words: Vec<&str> = secrets.iter().map(String::as_str).collect();
    // Every access token begins like this one.
    let other = world.raw("Other").await?.token;
    words.extend([PASSWORD, email, &other[..12]]);
    for _ in 0..2 {
        assert_eq!(found_in(&person.data, &words)?, Vec::<String>::new());
        // The search itself works.
        assert!(!found_in(&person.data, &["this may be in the cache"])?.is_empty());
        person.reopen();
        person.until_online().await?;
    }
    let wrong = SecretString::from("another battery");
    person.client.sign_out(false).await?;
    let refused = person.client.sign_in(world.server.url(), email.into(), wrong).await;
    assert_eq!(refused.map_err(|error| error.code).err(), Some(ErrorCode::WrongCredentials));
    assert_eq!(found_in(&person.data, &["another battery"])?, Vec::<String>::new());
    Ok(())
}

/// Which of `words` stand in which file of `folder`.
fn found_in(folder: &Path, words: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().context("no name")?.to_string_lossy().into_owned();
        let bytes = std::fs::read(&path)?;
        for word in words {
            let here = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            if here || name.contains(word) {
                found.push(format!("{word:?} in {name}"));
            }
        }
    }
    Ok(found)
}

/// A connection may hang on the road while the device has long made a newer one: what comes out of it late must not
/// happen any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_connection_of_a_device_can_do_nothing_any_more() -> Result<()> {
    on_both(|world| async move {
        let mut old = world.raw("Aigerim").await?;
        let (_, room) = old.trip(&world.trip()).await?;
        let mut new = old.twin();
        let send = |text: &str| {
            json!({"type": "send", "id": Sources::system().uuid(), "room": room, "written_at": 1,
                   "body": {"kind": "TEXT", "text": text}})
        };
        let done = |frame: &ServerFrame| matches!(frame, ServerFrame::Ok(_)).then_some(());
        old.greet(&json!({"generation": 4})).await?;
        old.say(&send("before")).await?;
        old.until(done).await?;
        new.greet(&json!({"generation": 5})).await?;
        new.say(&send("now")).await?;
        new.until(done).await?;
        old.say(&send("too late")).await?;
        assert_eq!(old.until_closed().await?, (Some(4013), Some("CONNECTION_REPLACED".into())));
        assert_eq!(world.server.stored(room.parse()?).await?.len(), 2);
        old.greet(&json!({"generation": 6})).await?;
        old.say(&send("again")).await?;
        old.until(done).await?;
        assert_eq!(world.server.stored(room.parse()?).await?.len(), 3);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_is_over_when_it_was_not_used_for_thirty_days_and_after_ninety_in_any_case() -> Result<()> {
    const DAY: u64 = 86_400;
    let (world, clock) = timed().await?;
    let (idle, mut used) = (world.raw("Aigerim").await?, world.raw("Daniyar").await?);
    for _ in 0..3 {
        clock.advance(Duration::from_secs(29 * DAY));
        let renewed = refresh(&used, &used.refresh).await?;
        used.take_grant(&renewed)?;
    }
    assert_eq!(refresh(&idle, &idle.refresh).await?.code(), "SESSION_ENDED");
    clock.advance(Duration::from_secs(3 * DAY - 1));
    let renewed = refresh(&used, &used.refresh).await?;
    used.take_grant(&renewed)?;
    clock.advance(Duration::from_secs(2));
    assert_eq!(refresh(&used, &used.refresh).await?.code(), "SESSION_ENDED");
    let almost = world.raw("Dana").await?;
    clock.advance(Duration::from_secs(30 * DAY - 1));
    assert_eq!(refresh(&almost, &almost.refresh).await?.status, 200);
    Ok(())
}

/// What ends the sign-in of `there`, each in its own way.
async fn end(way: &str, here: &Raw, there: &Raw, clock: &FixedClock) -> Result<()> {
    let answer = match way {
        "one" => {
            let listed = there.get("/api/v1/sessions").await?.body;
            let own =
                listed["sessions"].as_array().and_then(|all| all.iter().find(|it| it["current"] == true));
            let id = own.and_then(|it| it["id"].as_str()).context("no session")?;
            here.call("DELETE", &format!("/api/v1/sessions/{id}"), Some(&here.token), None).await?
        }
        "others" => here.call("DELETE", "/api/v1/sessions", Some(&here.token), None).await?,
        "password" => {
            let change = json!({"current": PASSWORD, "new": "a new way over Shu"});
            here.post("/api/v1/auth/password", &change).await?
        }
        "stolen" => {
            refresh(there, &there.refresh).await?;
            clock.advance(Duration::from_secs(61));
            refresh(there, &there.refresh).await?
        }
        _ => there.post("/api/v1/auth/sign-out", &json!({})).await?,
    };
    anyhow::ensure!([204, 401].contains(&answer.status), "{way}: {answer:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_said_after_a_sign_in_was_ended_reaches_its_socket() -> Result<()> {
    for way in ["one", "others", "password", "stolen", "sign-out"] {
        let (world, clock) = timed().await?;
        let RawRide { mut driver, passenger, room, .. } = RawRide::on(&world).await?;
        let mut there = passenger.on_another_device().await?;
        there.connect().await?;
        driver.does(&text(&room, "before")).await?;
        there.until_message(|it| words(it) == "before").await?;
        end(way, &passenger, &there, &clock).await?;
        // The node knows it before it answers: it does not wait for its next look into the database.
        driver.does(&text(&room, "after")).await?;
        let mut heard = Vec::new();
        let closed = loop {
            match there.next().await? {
                Ok(frame) => heard.push(frame),
                Err(code) => break code,
            }
        };
        assert_eq!(closed, Some(close::REVOKED), "{way}");
        let objects = heard.iter().flat_map(objects);
        let leaked = objects.into_iter().any(|it| matches!(it, Object::Message(it) if words(it) == "after"));
        assert!(!leaked, "{way}: {heard:?}");
    }
    Ok(())
}
