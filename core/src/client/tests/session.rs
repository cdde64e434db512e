//! Coming in, staying in, and going out.

use super::connection::Connection;
use super::patience::Patience;
use super::stage::{SERVER, Stage, grant, kindly, refusal, room};
use crate::account::secret_store::{SecretError, SecretStore};
use crate::api::Unreachable;
use crate::view::ConnectionView;
use crate::{ClientEvent, SecretString};
use futures_util::future::BoxFuture;
use serde_json::json;
use std::sync::Arc;
use tokio::time::{Duration, Instant};
use tripchat_protocol::{ClientFrame, ErrorCode};

async fn refused_sign_in(stage: &Stage) -> ErrorCode {
    let password = SecretString::from("wrong");
    stage.client.sign_in(SERVER.into(), "a@example.com".into(), password).await.unwrap_err().code
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_is_remembered() {
    let (mut stage, connection) = Stage::online().await;
    assert_eq!(connection.token, "access-1");
    assert_eq!(stage.drawer.contents(), ["refresh-1"]);
    stage.kill();
    let view = stage.client.start_view().await.unwrap();
    assert_eq!(view.account.unwrap().name, "Aida");
    assert!(view.remembers);
    let mut again = stage.connection().await;
    assert_eq!(again.token, "access-2");
    assert_eq!(stage.drawer.contents(), ["refresh-2"], "kept before the token is used");
    again.welcome_back().await;
    stage.until(ConnectionView::Online).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_not_a_server_gets_no_password() {
    let stage = Stage::new();
    stage.desk.will(|_| Ok((200, json!("<html>"))));
    assert_eq!(refused_sign_in(&stage).await, ErrorCode::NotAServer);
    assert_eq!(stage.desk.asked("/sign-in"), 0);
    stage.desk.will(|_| Err(Unreachable));
    assert_eq!(refused_sign_in(&stage).await, ErrorCode::NoServer);
    let mut kind = kindly();
    stage.desk.will(move |request| {
        if request.url.ends_with("/sign-in") {
            Ok((401, refusal("WRONG_CREDENTIALS")))
        } else {
            kind(request)
        }
    });
    assert_eq!(refused_sign_in(&stage).await, ErrorCode::WrongCredentials);
    let bad = stage.client.sign_in("http://far.example".into(), "a".into(), SecretString::from("b")).await;
    let bad = bad.unwrap_err();
    assert_eq!((bad.code, bad.details.as_deref()), (ErrorCode::InvalidInput, Some("server")));
    assert!(stage.client.inbox().await.is_err_and(|error| error.code == ErrorCode::NotSignedIn));
}

#[tokio::test(start_paused = true)]
async fn the_token_is_exchanged_before_it_expires() {
    let (stage, mut connection) = Stage::online().await;
    connection.say(json!({"type": "reauthenticate"})).await;
    let ClientFrame::Authenticate(with) = connection.hear().await else { panic!() };
    assert_eq!(with.token, "access-2");
    assert_eq!(stage.drawer.contents(), ["refresh-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_is_refused_for_its_token_brings_a_fresh_one() {
    let (_stage, mut connection) = Stage::online().await;
    connection.say(json!({"type": "error", "code": "TOKEN_EXPIRED", "retry": "auth", "message": "no"})).await;
    let ClientFrame::Authenticate(with) = connection.hear().await else { panic!() };
    assert_eq!(with.token, "access-2");
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_and_the_connection_made_again() {
    let (mut stage, mut connection) = Stage::online().await;
    connection.close(4004).await;
    let mut again = stage.connection().await;
    assert_eq!(again.token, "access-2");
    again.welcome_back().await;
    stage.until(ConnectionView::Online).await;
}

#[tokio::test(start_paused = true)]
async fn thirty_five_seconds_of_silence_make_a_new_connection() {
    let (mut stage, mut connection) = Stage::online().await;
    let began = Instant::now();
    assert_eq!(connection.ends().await, []);
    assert_eq!(began.elapsed().as_secs(), 35);
    stage.connection().await;
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_answered_and_waking_up_probes() {
    let (stage, mut connection) = Stage::online().await;
    connection.say(json!({"type": "ping"})).await;
    assert!(matches!(connection.hear().await, ClientFrame::Pong(_)));
    let began = Instant::now();
    stage.client.wake();
    assert!(matches!(connection.hear().await, ClientFrame::Ping(_)));
    connection.ends().await;
    assert_eq!(began.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_revoked_session_keeps_what_is_unsent_for_the_next_sign_in() {
    let (mut stage, mut connection) = Stage::online().await;
    let mut events = Patience::with(&stage.client);
    let id = stage.client.send(room(), "keep me".into()).await.unwrap();
    connection.sent().await;
    connection.close(4014).await;
    while events.next().await != (ClientEvent::SignedOut { reason: ErrorCode::SessionEnded }) {}
    let view = stage.client.start_view().await.unwrap();
    assert_eq!((view.account, view.connection), (None, ConnectionView::SignedOut));
    stage.sign_in().await;
    let mut again = stage.connection().await;
    again.welcome_back().await;
    assert_eq!(again.sent().await.id, id);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_the_server_refuses_ends_the_session() {
    let (stage, mut connection) = Stage::online().await;
    let mut events = Patience::with(&stage.client);
    stage.desk.will(|_| Ok((401, refusal("SESSION_ENDED"))));
    connection.close(4004).await;
    while events.next().await != (ClientEvent::SignedOut { reason: ErrorCode::SessionEnded }) {}
    assert_eq!(stage.client.start_view().await.unwrap().account, None);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_away_is_asked_again_for_a_token() {
    let (mut stage, mut connection) = Stage::online().await;
    let mut failures = 3;
    stage.desk.will(move |_| {
        failures -= 1;
        if failures > 0 { Err(Unreachable) } else { Ok((200, grant(9))) }
    });
    connection.close(4004).await;
    assert_eq!(stage.connection().await.token, "access-9");
    assert_eq!(stage.desk.asked("/refresh"), 3);
}

#[tokio::test(start_paused = true)]
async fn signing_out_asks_about_what_is_unsent_and_then_forgets_everything() {
    let (mut stage, mut connection) = Stage::online().await;
    stage.client.send(room(), "not yet".into()).await.unwrap();
    let refused = stage.client.sign_out(false).await.unwrap_err();
    assert_eq!((refused.code, refused.details.as_deref()), (ErrorCode::Conflict, Some("1")));
    assert_eq!(stage.rows().await, ["not yet Waiting"]);
    stage.client.sign_out(true).await.unwrap();
    connection.ends().await;
    assert_eq!(stage.desk.asked("/sign-out"), 1);
    assert_eq!(stage.drawer.contents(), Vec::<String>::new());
    assert!(
        stage.files().iter().all(|file| file
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("tripchat.db"))
    );
    stage.kill();
    assert_eq!(stage.client.start_view().await.unwrap().account, None);
}

#[tokio::test(start_paused = true)]
async fn signing_out_works_without_the_server() {
    let (stage, _connection) = Stage::online().await;
    stage.desk.will(|_| Err(Unreachable));
    stage.client.sign_out(false).await.unwrap();
    assert_eq!(stage.drawer.contents(), Vec::<String>::new());
    assert_eq!(stage.client.start_view().await.unwrap().account, None);
}

#[tokio::test(start_paused = true)]
async fn a_rest_call_renews_an_expired_token_once() {
    let (stage, _connection) = Stage::online().await;
    let mut kind = kindly();
    stage.desk.will(move |request| {
        let stale = request
            .token
            .as_ref()
            .is_some_and(|token| secrecy::ExposeSecret::expose_secret(token) == "access-1");
        match request.url.ends_with("/refresh") {
            true => Ok((200, grant(5))),
            false if stale => Ok((401, refusal("TOKEN_EXPIRED"))),
            false => kind(request),
        }
    });
    assert_eq!(stage.client.trips().await.unwrap(), []);
    assert_eq!(stage.desk.asked("/trips"), 2);
    stage.desk.will(|request| match request.url.ends_with("/refresh") {
        true => Ok((200, grant(6))),
        false => Ok((401, refusal("TOKEN_EXPIRED"))),
    });
    assert_eq!(stage.client.trips().await.unwrap_err().code, ErrorCode::TokenExpired);
    stage.desk.will(|_| Err(Unreachable));
    assert_eq!(stage.client.trips().await.unwrap_err().code, ErrorCode::NoServer);
}

/// No desktop session: the secret service never answers.
struct Silent;

impl SecretStore for Silent {
    fn get(&self, _key: String) -> BoxFuture<'static, Result<Option<SecretString>, SecretError>> {
        Box::pin(std::future::pending())
    }
    fn set(&self, _key: String, _secret: SecretString) -> BoxFuture<'static, Result<(), SecretError>> {
        Box::pin(std::future::pending())
    }
    fn delete(&self, _key: String) -> BoxFuture<'static, Result<(), SecretError>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_keyring_one_comes_in_after_three_seconds_and_is_told() {
    let mut stage = Stage::with_secrets(Some(Arc::new(Silent)));
    let began = Instant::now();
    stage.sign_in().await;
    assert_eq!(began.elapsed(), Duration::from_secs(3));
    assert!(!stage.client.start_view().await.unwrap().remembers);
    let mut connection = stage.connection().await;
    connection.welcome_with_room().await;
    stage.until(ConnectionView::Online).await;
    stage.kill();
    let view = stage.client.start_view().await.unwrap();
    assert_eq!((view.account, view.server.as_str()), (None, SERVER));
}

#[tokio::test(start_paused = true)]
async fn a_newer_cache_is_told_and_left_alone() {
    let (mut stage, _connection) = Stage::online().await;
    stage.client.close().await.unwrap();
    let cache =
        stage.files().into_iter().find(|file| file.to_str().unwrap().contains("ride.example")).unwrap();
    rusqlite::Connection::open(&cache).unwrap().pragma_update(None, "user_version", 99).unwrap();
    stage.kill();
    assert_eq!(stage.client.start_view().await.unwrap_err().code, ErrorCode::CacheNewer);
    assert_eq!(stage.client.inbox().await.unwrap_err().code, ErrorCode::CacheNewer);
    stage.client.close().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_old_app_stops_and_says_so() {
    let (stage, mut connection) = Stage::online().await;
    connection.close(4010).await;
    stage.until(ConnectionView::AppTooOld).await;
}

#[tokio::test(start_paused = true)]
async fn another_person_on_the_same_device_finds_nothing_of_the_first() {
    let (mut stage, mut connection) = Stage::online().await;
    stage.client.send(room(), "mine".into()).await.unwrap();
    connection.close(4014).await;
    stage.until(ConnectionView::SignedOut).await;
    let other = uuid::Uuid::from_u128(0xD4);
    let mut kind = kindly();
    stage.desk.will(move |request| {
        let (status, mut body) = kind(request)?;
        if body.get("user").is_some() {
            body["user"] = json!({"id": other, "name": "Zhan"});
        }
        Ok((status, body))
    });
    assert_eq!(stage.sign_in().await.name, "Zhan");
    assert_eq!(stage.client.inbox().await.unwrap(), []);
    let hello = stage.connection().await.hello().await;
    assert_eq!((hello.inbox, hello.rooms.len()), (None, 0));
    stage.client.sign_out(false).await.unwrap();
    stage.desk.will(kindly());
    stage.sign_in().await;
    assert_eq!(stage.rows().await, ["mine Waiting"], "the first one's message still waits for them");
}

#[tokio::test(start_paused = true)]
async fn a_damaged_cache_is_read_again_and_the_unsent_are_kept() {
    let (mut stage, _connection) = Stage::online().await;
    let id = stage.client.send(room(), "in the middle of it".into()).await.unwrap();
    stage.client.close().await.unwrap();
    let cache = stage.files().into_iter().find(|file| file.to_str().unwrap().ends_with("a1.db")).unwrap();
    let db = rusqlite::Connection::open(&cache).unwrap();
    let page: i64 = db
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'object'", [], |row| row.get(0))
        .unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(db);
    let mut bytes = std::fs::read(&cache).unwrap();
    let at = usize::try_from(page - 1).unwrap() * 4_096;
    bytes[at..at + 4_096].fill(0xAA);
    std::fs::write(&cache, bytes).unwrap();
    stage.kill();
    let mut again = stage.connection().await;
    let hello = again.welcome_with_room().await;
    assert_eq!((hello.inbox, hello.rooms.len()), (None, 0));
    assert_eq!(again.sent().await.id, id);
    assert_eq!(stage.rows().await, ["in the middle of it Waiting"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_a_call_found_stale_is_renewed_before_the_next_dial() {
    let (mut stage, mut connection) = Stage::online().await;
    stage.desk.will(|request| match request.url.ends_with("/trips") {
        true => Ok((401, refusal("TOKEN_EXPIRED"))),
        false => Err(Unreachable),
    });
    assert_eq!(stage.client.trips().await.unwrap_err().code, ErrorCode::NoServer);
    stage.desk.will(|_| Ok((200, grant(7))));
    connection.close(4012).await;
    assert_eq!(stage.connection().await.token, "access-7");
}

#[tokio::test(start_paused = true)]
async fn going_out_and_in_waits_for_a_renewal_that_is_on_its_way() {
    let (mut stage, mut connection) = Stage::online().await;
    let slow = stage.desk.slow.clone().lock_owned().await;
    connection.say(json!({"type": "reauthenticate"})).await;
    connection.say(json!({"type": "ping"})).await;
    assert!(matches!(connection.hear().await, ClientFrame::Pong(_)), "the renewal is on its way");
    let out = stage.client.sign_out(false);
    let (out, ()) = tokio::join!(out, async move { drop(slow) });
    out.unwrap();
    assert_eq!(stage.drawer.contents(), Vec::<String>::new(), "the renewed token did not come to life again");
    stage.sign_in().await;
    assert_eq!(stage.drawer.contents(), ["refresh-3"]);
    assert_eq!(stage.connection().await.token, "access-3");
}

#[tokio::test(start_paused = true)]
async fn one_token_is_renewed_once_however_often_it_is_asked_for() {
    let (stage, mut connection) = Stage::online().await;
    let answers = stage.desk.slow.lock().await;
    for _ in 0..3 {
        connection.say(json!({"type": "reauthenticate"})).await;
    }
    connection.say(json!({"type": "ping"})).await;
    assert!(matches!(connection.hear().await, ClientFrame::Pong(_)));
    drop(answers);
    let ClientFrame::Authenticate(with) = connection.hear().await else { panic!() };
    assert_eq!((with.token.as_str(), stage.desk.asked("/refresh")), ("access-2", 1));
    assert_eq!(stage.drawer.contents(), ["refresh-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_dial_that_was_given_up_is_not_taken_when_it_answers_after_all() {
    let mut stage = Stage::new();
    stage.sign_in().await;
    let late = stage.dial().await;
    let next = stage.dial().await;
    assert_eq!(Connection::accept(late).await.ends().await, []);
    let mut connection = Connection::accept(next).await;
    connection.welcome_with_room().await;
    stage.until(ConnectionView::Online).await;
}
