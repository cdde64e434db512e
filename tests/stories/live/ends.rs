//! How connections begin and end: limits, drains, sessions that were ended.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::net::TcpListener;
use tripchat_protocol::ServerFrame;
use tripchat_protocol::frame::close;
use tripchat_runtime::{Sources, Tasks};
use tripchat_server::app::{App, Mode, serve};
use tripchat_server::config::Config;
use tripchat_tests::talk::{text, uuid};
use tripchat_tests::{Raw, World};

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
    let (app, url, tasks, folder) = stoppable(|config| config.drain_ms = 1_000).await?;
    let mut driver = Raw::register(&url, "Aigerim").await?;
    let world = World::new().await?;
    let (_, room) = driver.trip(&world.trip()).await?;
    driver.connect().await?;
    let (done, drained) = tokio::sync::oneshot::channel();
    let draining = app.clone();
    tasks.start("drain", async move {
        draining.drain().await;
        done.send(()).expect("the story waits");
    });
    let within = driver
        .until(|frame| match frame {
            ServerFrame::Drain(drain) => Some(drain.within_ms),
            _ => None,
        })
        .await?;
    assert_eq!(within, 1_000);
    let bearer = format!("Bearer {}", driver.token);
    let refused = driver.refused_upgrade("/api/v1/ws", &[("authorization", &bearer)]).await?;
    assert_eq!((refused.status, refused.code()), (503, "UNAVAILABLE"));
    assert_eq!(refused.body["error"]["retry_after_ms"], 5_000);
    let upgrade = reqwest::Client::new()
        .get(format!("{url}/api/v1/ws"))
        .bearer_auth(&driver.token)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    let answer = upgrade.send().await?;
    assert_eq!(answer.headers().get("retry-after").context("no Retry-After")?, "5");
    assert_eq!(driver.get("/health/ready").await?.status, 503);
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
        |row| row.get::<_, i64>(0),
    )?;
    assert_eq!(i64::try_from(answered.len())?, stored, "what was stored was answered");
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
    let headers = [("authorization", bearer.as_str())];
    let dials = clients.iter_mut().map(|raw| raw.dial("/api/v1/ws", &headers));
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
