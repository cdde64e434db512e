//! What reaches a socket while it is open: to whom, how soon, and when it ends.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::net::TcpListener;
use tripchat_protocol::frame::{RoomHead, close};
use tripchat_protocol::{Failure, Object, Presence, ServerFrame, UserId};
use tripchat_runtime::{Sources, Tasks};
use tripchat_server::app::{App, Mode, serve};
use tripchat_server::config::Config;
use tripchat_tests::{Database, Raw, Server, World, on_both};

fn uuid() -> String {
    Sources::system().uuid().to_string()
}

fn text(room: &str, text: &str) -> Value {
    let body = json!({"kind": "TEXT", "text": text});
    json!({"type": "send", "id": uuid(), "room": room, "written_at": 5, "body": body})
}

/// The answer to the operation `id`: nothing, or its refusal.
async fn answer(raw: &mut Raw, id: &Value) -> Result<Option<Failure>> {
    let id = Some(id.as_str().context("no id")?.parse()?);
    raw.until(|frame| match frame {
        ServerFrame::Ok(done) if done.id == id => Some(None),
        ServerFrame::Error(failure) if failure.id == id => Some(Some(failure.clone())),
        _ => None,
    })
    .await
}

async fn say(raw: &mut Raw, room: &str, line: &str) -> Result<()> {
    let frame = text(room, line);
    raw.say(&frame).await?;
    ensure!(answer(raw, &frame["id"]).await?.is_none(), "{line} was refused");
    Ok(())
}

/// Takes `passenger` aboard of the driver's `trip`.
async fn board(driver: &Raw, passenger: &Raw, trip: &str) -> Result<()> {
    let booking = passenger.post(&format!("/api/v1/trips/{trip}/bookings"), &json!({"seats": 1})).await?;
    let id = booking.body["id"].as_str().with_context(|| format!("{booking:?}"))?;
    let confirmed = driver.post(&format!("/api/v1/bookings/{id}/confirm"), &json!({})).await?;
    ensure!(confirmed.status == 200, "{confirmed:?}");
    Ok(())
}

/// The text of a live message or of the last one in a page.
fn said(frame: &ServerFrame) -> Option<String> {
    let object = match frame {
        ServerFrame::Change(change) => change.object.as_ref(),
        ServerFrame::Changes(page) => page.objects.last().and_then(|change| change.object.as_ref()),
        _ => None,
    };
    match object? {
        Object::Message(message) => {
            serde_json::to_value(&message.body).ok()?["text"].as_str().map(str::to_owned)
        }
        _ => None,
    }
}

async fn until_said(raw: &mut Raw, line: &str) -> Result<()> {
    raw.until(|frame| (said(frame).as_deref() == Some(line)).then_some(())).await
}

async fn restarted(world: &mut World, set: impl FnOnce(&mut Config)) -> Result<()> {
    world.server.kill();
    set(&mut world.server.config);
    world.server.restart().await
}

/// Another node on the same database hands out no hints: for this one they are all lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_hints_are_healed_the_last_one_too_and_heads_are_told() -> Result<()> {
    let mut world = World::new().await?;
    restarted(&mut world, |config| config.heads_every_ms = 200).await?;
    let mut driver = world.raw("Aigerim").await?;
    let (trip, room) = driver.trip(&world.trip()).await?;
    driver.connect().await?;
    let data = world.server.config.data.clone();
    let other = Server::start(data, Database::Sqlite, Sources::system()).await?;
    let mut passenger = Raw::register(&other.url(), "Daniyar").await?;
    let mut elsewhere = driver.twin();
    elsewhere.url = other.url();
    board(&elsewhere, &passenger, &trip).await?;
    passenger.connect().await?;
    say(&mut passenger, &room, "the only one").await?;
    until_said(&mut driver, "the only one").await?;
    let stream = format!("room:{room}").parse()?;
    let head = driver
        .until(|frame| match frame {
            ServerFrame::Heads(heads) => heads.streams.get(&stream).copied(),
            _ => None,
        })
        .await?;
    // A room that one was let into unheard is found as well.
    let (trip, room) = elsewhere.trip(&world.trip()).await?;
    board(&elsewhere, &passenger, &trip).await?;
    say(&mut passenger, &room, "in the other room").await?;
    until_said(&mut driver, "in the other room").await?;
    // And a session that was ended elsewhere ends here.
    ensure!(elsewhere.post("/api/v1/auth/sign-out", &json!({})).await?.status == 204);
    let (code, _) = driver.until_closed().await?;
    assert_eq!(code, Some(close::REVOKED));
    assert!(head.1.0 > 3, "{head:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_tell_of_changes_that_were_sent_too() -> Result<()> {
    let mut world = World::new().await?;
    restarted(&mut world, |config| config.heads_every_ms = 200).await?;
    let mut driver = world.raw("Aigerim").await?;
    let (_, room) = driver.trip(&world.trip()).await?;
    driver.connect().await?;
    let stream = format!("room:{room}").parse()?;
    for line in ["one", "two"] {
        say(&mut driver, &room, line).await?;
        let mut rev = None;
        let told = driver
            .until(|frame| match frame {
                ServerFrame::Change(change) => {
                    rev = Some(change.rev);
                    None
                }
                ServerFrame::Heads(heads) => heads.streams.get(&stream).copied(),
                _ => None,
            })
            .await?;
        // The change may have come before the answer.
        assert!(rev.is_none_or(|rev| rev == told.1), "{rev:?} {told:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_reaches_the_other_members_once_in_three_seconds_and_nobody_else() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let mut passenger = world.raw("Daniyar").await?;
        let mut stranger = world.raw("Nurlan").await?;
        let (trip, room) = driver.trip(&world.trip()).await?;
        board(&driver, &passenger, &trip).await?;
        driver.connect().await?;
        passenger.connect().await?;
        stranger.connect().await?;
        for by in [&mut stranger, &mut passenger] {
            for _ in 0..5 {
                by.say(&json!({"type": "typing", "room": room})).await?;
            }
        }
        say(&mut passenger, &room, "at the kiosk").await?;
        let mut writers = Vec::new();
        driver
            .until(|frame| match frame {
                ServerFrame::Typing(typing) => {
                    writers.push((typing.room.to_string(), typing.user.to_string()));
                    None
                }
                _ => said(frame),
            })
            .await?;
        assert_eq!(writers, [(room.clone(), passenger.user.clone())]);
        // Nothing was answered, and the writer's own connections heard nothing.
        for raw in [&mut passenger, &mut stranger] {
            raw.say(&json!({"type": "ping"})).await?;
            let heard = raw
                .until(|frame| match frame {
                    ServerFrame::Pong(_) => Some(None),
                    ServerFrame::Typing(_) | ServerFrame::Error(_) => Some(Some(frame.clone())),
                    _ => None,
                })
                .await?;
            assert_eq!(heard, None);
        }
        Ok(())
    })
    .await
}

/// The next presence of `user` that is told.
async fn presence_of(raw: &mut Raw, user: &str) -> Result<Presence> {
    let user: UserId = user.parse()?;
    raw.until(|frame| match frame {
        ServerFrame::Presence(presence) => presence.people.get(&user).copied(),
        _ => None,
    })
    .await
}

/// Who is told to be there before everything that was missed is through.
async fn greeted_with(raw: &mut Raw) -> Result<BTreeMap<UserId, Presence>> {
    raw.greet(&json!({})).await?;
    let mut seen = BTreeMap::new();
    raw.until(|frame| match frame {
        ServerFrame::Presence(presence) => {
            seen.extend(presence.people.clone());
            None
        }
        ServerFrame::Synced(_) => Some(()),
        _ => None,
    })
    .await?;
    Ok(seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_is_told_to_those_who_share_a_room_and_can_only_be_lowered() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let mut passenger = world.raw("Daniyar").await?;
        let mut stranger = world.raw("Nurlan").await?;
        let (trip, _) = driver.trip(&world.trip()).await?;
        assert_eq!(greeted_with(&mut driver).await?, BTreeMap::new());
        assert_eq!(greeted_with(&mut stranger).await?, BTreeMap::new());
        // They meet in the room while both are connected.
        assert_eq!(greeted_with(&mut passenger).await?, BTreeMap::new());
        board(&driver, &passenger, &trip).await?;
        let (driving, riding) = (driver.user.clone(), passenger.user.clone());
        assert_eq!(presence_of(&mut passenger, &driving).await?, Presence::Online);
        assert_eq!(presence_of(&mut driver, &riding).await?, Presence::Online);
        for (state, seen) in
            [("away", Presence::Away), ("invisible", Presence::Offline), ("online", Presence::Online)]
        {
            passenger.say(&json!({"type": "presence", "state": state})).await?;
            assert_eq!(presence_of(&mut driver, &riding).await?, seen);
        }
        // Who comes later is told who is there; an invisible person is not.
        let wanted = BTreeMap::from([(riding.parse()?, Presence::Online)]);
        assert_eq!(greeted_with(&mut driver.twin()).await?, wanted);
        passenger.say(&json!({"type": "presence", "state": "invisible"})).await?;
        assert_eq!(presence_of(&mut driver, &riding).await?, Presence::Offline);
        assert_eq!(greeted_with(&mut driver.twin()).await?, BTreeMap::new());
        // The stranger was told of nobody.
        stranger.say(&json!({"type": "ping"})).await?;
        let heard = stranger
            .until(|frame| match frame {
                ServerFrame::Pong(_) => Some(None),
                ServerFrame::Presence(presence) => Some(Some(presence.clone())),
                _ => None,
            })
            .await?;
        assert_eq!(heard, None);
        // What is no availability is refused like any frame that cannot be read.
        stranger.say(&json!({"type": "presence", "state": "everywhere"})).await?;
        assert_eq!(stranger.until_closed().await?, (Some(close::BAD_FRAME), Some("INVALID_INPUT".into())));
        Ok(())
    })
    .await
}

/// Rooms of ninety long messages in all: two of them fit in the first catch-up, the third does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_catch_up_ends_at_its_budget_and_the_rest_is_behind_until_asked_for() -> Result<()> {
    let mut world = World::new().await?;
    restarted(&mut world, |config| config.heads_every_ms = 200).await?;
    let mut writer = world.raw("Aigerim").await?;
    let mut rooms = Vec::new();
    for _ in 0..3 {
        rooms.push(writer.trip(&world.trip()).await?.1);
    }
    writer.connect().await?;
    let long = "🚌".repeat(4_000);
    for room in &rooms {
        for _ in 0..30 {
            say(&mut writer, room, &long).await?;
        }
    }
    let mut late = writer.twin();
    late.greet(&json!({})).await?;
    let mut heads = Vec::new();
    let mut filled = Vec::new();
    let mut bytes = 0;
    late.until(|frame| match frame {
        ServerFrame::Heads(told) => {
            heads.extend(told.rooms.iter().map(|head: &RoomHead| head.room.to_string()));
            None
        }
        ServerFrame::Changes(page) if page.stream.room().is_some() => {
            filled.extend(page.stream.room().map(|room| room.to_string()));
            let size = |object| serde_json::to_vec(object).map_or(0, |json| json.len());
            bytes += page.objects.iter().map(|change| size(&change.object)).sum::<usize>();
            None
        }
        ServerFrame::Synced(_) => Some(()),
        _ => None,
    })
    .await?;
    let newest_first: Vec<String> = rooms.iter().rev().cloned().collect();
    filled.dedup();
    assert_eq!((&heads, &filled[..]), (&newest_first, &newest_first[..2]));
    assert!(bytes > 512 * 1024 && bytes <= 1024 * 1024, "{bytes}");
    // What happens there is told by its head alone.
    let behind = rooms[0].clone();
    say(&mut writer, &behind, "are you there?").await?;
    let stream = format!("room:{behind}").parse()?;
    late.until(|frame| {
        assert_eq!(said(frame), None);
        matches!(frame, ServerFrame::Heads(told) if told.streams.contains_key(&stream)).then_some(())
    })
    .await?;
    late.say(&json!({"type": "catch_up", "stream": format!("room:{behind}")})).await?;
    until_said(&mut late, "are you there?").await?;
    say(&mut writer, &behind, "good").await?;
    let live = late
        .until(|frame| match frame {
            ServerFrame::Change(_) => said(frame),
            _ => None,
        })
        .await?;
    assert_eq!(live, "good");
    Ok(())
}

/// A server whose end the story can ask for.
async fn stoppable(set: impl FnOnce(&mut Config)) -> Result<(Arc<App>, String, Tasks, tempfile::TempDir)> {
    let folder = tempfile::tempdir()?;
    let mut config = Config { data: folder.path().join("server"), ..Config::default() };
    set(&mut config);
    let app = Arc::new(App::open(config, Mode::Production, Sources::system()).await?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let tasks = Tasks::default();
    let served = app.clone();
    tasks.start("serve", async move { serve(listener, &served).await.expect("the listener failed") });
    Ok((app, url, tasks, folder))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drain_is_told_finishes_what_was_taken_and_lets_nobody_in() -> Result<()> {
    let (app, url, tasks, folder) = stoppable(|config| config.drain_ms = 300).await?;
    let mut driver = Raw::register(&url, "Aigerim").await?;
    let world = World::new().await?;
    let (_, room) = driver.trip(&world.trip()).await?;
    driver.connect().await?;
    let (done, drained) = tokio::sync::oneshot::channel();
    let draining = app.clone();
    tasks.start("drain", async move {
        draining.drain().await;
        drop(done.send(()));
    });
    let within = driver
        .until(|frame| match frame {
            ServerFrame::Drain(drain) => Some(drain.within_ms),
            _ => None,
        })
        .await?;
    assert_eq!(within, 300);
    let bearer = format!("Bearer {}", driver.token);
    let refused = driver.refused_upgrade("/api/v1/ws", &[("authorization", &bearer)]).await?;
    assert_eq!((refused.status, refused.code()), (503, "UNAVAILABLE"));
    assert_eq!(refused.body["error"]["retry_after_ms"], 5_000);
    // A burst that is on its way when the time is over: what was taken is answered, whatever else is not.
    let frames: Vec<Value> = (0..12).map(|number| text(&room, &format!("line {number}"))).collect();
    for frame in &frames {
        if driver.say(frame).await.is_err() {
            break;
        }
    }
    let mut answered = BTreeSet::new();
    let code = loop {
        let next = driver
            .until(|frame| match frame {
                ServerFrame::Ok(done) => done.id.map(|id| id.to_string()),
                _ => None,
            })
            .await;
        match next {
            Ok(id) => drop(answered.insert(id)),
            Err(error) => break error.to_string(),
        }
    };
    assert!(code.contains(&close::DRAIN.to_string()), "{code}");
    drained.await?;
    let stored = rusqlite::Connection::open(folder.path().join("server/tripchat.db"))?.query_row(
        "SELECT count(*) FROM message",
        [],
        |row| row.get::<_, usize>(0),
    )?;
    assert_eq!(answered.len(), stored, "what was stored was answered");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handshakes_are_limited_before_anything_else_and_refusals_say_when_to_come() -> Result<()> {
    let (_app, url, _tasks, _folder) = stoppable(|config| config.handshakes_per_second = 1).await?;
    let driver = Raw::register(&url, "Aigerim").await?;
    let bearer = format!("Bearer {}", driver.token);
    // A token that is not ours is refused as such, and takes nobody's place.
    for _ in 0..5 {
        let refused = driver.refused_upgrade("/api/v1/ws", &[("authorization", "Bearer x")]).await?;
        assert_eq!((refused.status, refused.code()), (401, "UNAUTHORIZED"));
    }
    let mut clients: Vec<Raw> = (0..20).map(|_| driver.twin()).collect();
    let dials = clients.iter_mut().map(|raw| raw.dial("/api/v1/ws", &[("authorization", &bearer)]));
    let statuses: Vec<u16> = futures_util::future::try_join_all(dials).await?;
    let count = |status| statuses.iter().filter(|it| **it == status).count();
    assert!(count(101) >= 1 && count(503) >= 1 && count(101) + count(503) == 20, "{statuses:?}");
    let refused = loop {
        let answer = driver.refused_upgrade("/api/v1/ws", &[("authorization", &bearer)]).await;
        // One that was let in speaks WebSocket, which is no answer to a plain request.
        if let Ok(refused) = answer
            && refused.status == 503
        {
            break refused;
        }
    };
    let after = refused.body["error"]["retry_after_ms"].as_u64().context("no time")?;
    assert!((1_000..=30_000).contains(&after) && refused.code() == "UNAVAILABLE", "{refused:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_was_ended_opens_no_socket_while_its_token_is_valid() -> Result<()> {
    let world = World::new().await?;
    let mut driver = world.raw("Aigerim").await?;
    driver.connect().await?;
    assert_eq!(driver.post("/api/v1/auth/sign-out", &json!({})).await?.status, 204);
    let (code, _) = driver.until_closed().await?;
    assert_eq!(code, Some(close::REVOKED));
    let bearer = format!("Bearer {}", driver.token);
    let refused = driver.refused_upgrade("/api/v1/ws", &[("authorization", &bearer)]).await?;
    assert_eq!((refused.status, refused.code()), (401, "SESSION_ENDED"));
    let mut by_hello = driver.twin();
    assert_eq!(by_hello.dial("/api/v1/ws", &[]).await?, 101);
    let hello = json!({"type": "hello", "versions": [1], "device": uuid(), "generation": 9, "app": "raw"});
    let mut with_token = hello.clone();
    with_token["token"] = json!(driver.token);
    by_hello.say(&with_token).await?;
    let (code, error) = by_hello.until_closed().await?;
    assert_eq!((code, error.as_deref()), (Some(close::REVOKED), Some("SESSION_ENDED")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_no_hello_in_time_is_told_so() -> Result<()> {
    let world = World::new().await?;
    let mut raw = world.raw_stranger();
    assert_eq!(raw.dial("/api/v1/ws", &[]).await?, 101);
    let (code, error) = raw.until_closed().await?;
    assert_eq!((code, error.as_deref()), (Some(close::NO_HELLO), Some("INVALID_INPUT")));
    Ok(())
}
