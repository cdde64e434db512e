//! What the server is asked about one's own account: where, how, and with which words.

use super::stage::{SERVER, Stage, grant, kindly, me as me_at_the_stage, refusal, room};
use crate::api::{Method, Request, Unreachable};
use crate::{ClientEvent, SecretString};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tripchat_protocol::rest::MeChange;
use tripchat_protocol::{ErrorCode, SessionId};
use uuid::Uuid;

const SESSION: SessionId = SessionId(Uuid::from_u128(0xE5));

/// The verb, the place under `/api/v1`, and the body of every call.
type Asked = Arc<Mutex<Vec<(Method, String, Value)>>>;

/// A stage whose server answers so, and what it was asked.
async fn that_answers(status: u16, answer: Value) -> (Stage, Asked) {
    let (stage, _) = Stage::online().await;
    let asked = Asked::default();
    let noted = asked.clone();
    stage.desk.will(move |request: &Request| {
        let body = request.body.as_deref().map_or(Value::Null, |body| serde_json::from_slice(body).unwrap());
        let path = request.url.split_once("/api/v1").unwrap().1;
        noted.lock().unwrap().push((request.method, path.to_owned(), body));
        Ok((status, answer.clone()))
    });
    (stage, asked)
}

/// The files with what the person has on the device.
fn caches(stage: &Stage) -> Vec<PathBuf> {
    let whose = me_at_the_stage().to_string();
    stage.files().into_iter().filter(|file| file.to_string_lossy().contains(&whose)).collect()
}

fn words(text: &str) -> SecretString {
    SecretString::from(text)
}

#[tokio::test(start_paused = true)]
async fn ones_sign_ins_are_read_with_the_one_that_asks_among_them() {
    let answer = json!({"sessions": [
        {"id": SESSION, "app": "tripchat/0.1.0 (linux)", "created_at": 1, "last_used_at": 2, "current": true},
        {"id": Uuid::from_u128(1), "created_at": 1, "last_used_at": 1, "current": false, "a_later_field": 1},
    ]});
    let (stage, asked) = that_answers(200, answer).await;
    let sessions = stage.client.sessions().await.unwrap();
    assert_eq!((sessions[0].id, sessions[0].current), (SESSION, true));
    assert_eq!((sessions[1].app.as_deref(), sessions[1].current), (None, false));
    assert_eq!(*asked.lock().unwrap(), [(Method::Get, "/sessions".into(), Value::Null)]);
}

#[tokio::test(start_paused = true)]
async fn one_sign_in_or_all_the_others_are_ended_and_no_body_is_no_fault() {
    let (stage, asked) = that_answers(204, Value::Null).await;
    stage.client.end_session(SESSION).await.unwrap();
    stage.client.end_other_sessions().await.unwrap();
    let expected = [
        (Method::Delete, format!("/sessions/{SESSION}"), Value::Null),
        (Method::Delete, "/sessions".into(), Value::Null),
    ];
    assert_eq!(*asked.lock().unwrap(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_new_password_is_sent_with_the_current_one_as_they_were_typed() {
    let (stage, asked) = that_answers(204, Value::Null).await;
    stage.client.change_password(words(" old horse "), words("neuer Weg 🚌 ")).await.unwrap();
    let body = json!({"current": " old horse ", "new": "neuer Weg 🚌 "});
    assert_eq!(*asked.lock().unwrap(), [(Method::Post, "/auth/password".into(), body)]);
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_about_a_password_is_told_with_its_rule_and_nobody_is_signed_out() {
    let (stage, asked) = that_answers(401, refusal("WRONG_CREDENTIALS")).await;
    let refused = stage.client.change_password(words("wrong"), words("another horse")).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongCredentials);
    assert_eq!(asked.lock().unwrap().len(), 1, "it is no matter of the token: nothing is renewed");
    let common = json!({"error": {"code": "PASSWORD_TOO_COMMON", "message": "no", "details": "personal",
                                  "request_id": "r"}});
    stage.desk.will(move |_| Ok((400, common.clone())));
    let refused = stage.client.change_password(words("right"), words("aida-1990")).await.unwrap_err();
    assert_eq!((refused.code, refused.details.as_deref()), (ErrorCode::PasswordTooCommon, Some("personal")));
    stage.desk.will(|_| Err(Unreachable));
    let silent = stage.client.change_password(words("right"), words("another horse")).await.unwrap_err();
    assert_eq!(silent.code, ErrorCode::NoServer);
    assert_eq!(stage.client.sessions().await.unwrap_err().code, ErrorCode::NoServer);
    assert!(stage.client.start_view().await.unwrap().account.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_was_ended_elsewhere_is_over_here_as_soon_as_it_asks() {
    let (stage, _connection) = Stage::online().await;
    let mut events = stage.client.subscribe();
    stage.desk.will(|_| Ok((401, refusal("SESSION_ENDED"))));
    assert!(stage.client.sessions().await.is_err());
    while events.recv().await.unwrap() != (ClientEvent::SignedOut { reason: ErrorCode::SessionEnded }) {}
    assert_eq!(stage.client.start_view().await.unwrap().account, None);
}

#[tokio::test(start_paused = true)]
async fn without_anybody_signed_in_nothing_is_asked() {
    let stage = Stage::new();
    assert_eq!(stage.client.sessions().await.unwrap_err().code, ErrorCode::NotSignedIn);
    assert_eq!(stage.desk.asked("/sessions"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_password_is_changed_with_a_token_that_was_renewed_on_the_way() {
    let (stage, _connection) = Stage::online().await;
    let mut tokens = 0;
    stage.desk.will(move |request| {
        if request.url.ends_with("/refresh") {
            return Ok((200, grant(7)));
        }
        tokens += 1;
        Ok(if tokens == 1 { (401, refusal("TOKEN_EXPIRED")) } else { (204, Value::Null) })
    });
    stage.client.change_password(words("right"), words("another horse")).await.unwrap();
    assert_eq!(stage.desk.asked("/auth/password"), 2);
}

fn me(name: &str) -> Value {
    json!({"id": Uuid::from_u128(0xA1), "name": name, "username": "aida", "business_name": null, "locale": "kk",
           "has_password": true})
}

#[tokio::test(start_paused = true)]
async fn a_name_that_was_changed_is_shown_here_and_at_the_next_start() {
    let (mut stage, asked) = that_answers(200, me("Aida Sarsen")).await;
    let change = MeChange { name: Some("Aida Sarsen".into()), ..MeChange::default() };
    let is = stage.client.change_profile(change).await.unwrap();
    assert_eq!((is.username.as_deref(), is.business_name), (Some("aida"), None));
    let expected = (Method::Patch, "/me".to_owned(), json!({"name": "Aida Sarsen"}));
    assert_eq!(*asked.lock().unwrap(), [expected]);
    assert_eq!(stage.client.start_view().await.unwrap().account.unwrap().name, "Aida Sarsen");
    stage.kill();
    assert_eq!(stage.client.start_view().await.unwrap().account.unwrap().name, "Aida Sarsen");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_was_changed_on_another_device_is_taken_over_when_it_is_read() {
    let (stage, asked) = that_answers(200, me("Aida S.")).await;
    assert_eq!(stage.client.profile().await.unwrap().locale.as_deref(), Some("kk"));
    assert_eq!(*asked.lock().unwrap(), [(Method::Get, "/me".into(), Value::Null)]);
    assert_eq!(stage.client.start_view().await.unwrap().account.unwrap().name, "Aida S.");
}

#[tokio::test(start_paused = true)]
async fn who_stands_for_a_business_is_shown_by_its_name_and_what_is_taken_away_is_named() {
    let mut answer = me("Aida");
    answer["business_name"] = json!("Sayran Transfers");
    let (stage, asked) = that_answers(200, answer).await;
    let change = MeChange {
        username: Some(None),
        business_name: Some(Some("Sayran Transfers".into())),
        ..MeChange::default()
    };
    stage.client.change_profile(change).await.unwrap();
    let body = json!({"username": null, "business_name": "Sayran Transfers"});
    assert_eq!(*asked.lock().unwrap(), [(Method::Patch, "/me".into(), body)]);
    assert_eq!(stage.client.start_view().await.unwrap().account.unwrap().name, "Sayran Transfers");
}

#[tokio::test(start_paused = true)]
async fn an_answer_about_who_went_out_names_nobody_who_came_in_since() {
    let (stage, _asked) = that_answers(200, me("Somebody else")).await;
    let answer = stage.desk.slow.clone().lock_owned().await;
    let goes_and_comes = async {
        while stage.desk.asked("/me") == 0 {
            tokio::task::yield_now().await;
        }
        stage.desk.will(kindly());
        stage.client.sign_out(true).await.unwrap();
        assert_eq!(stage.sign_in().await.name, "Aida");
        drop(answer);
    };
    let (asked, ()) = tokio::join!(stage.client.profile(), goes_and_comes);
    asked.unwrap();
    assert_eq!(stage.client.start_view().await.unwrap().account.unwrap().name, "Aida");
}

#[tokio::test(start_paused = true)]
async fn what_the_server_has_is_handed_on_as_it_came() {
    let (stage, asked) = that_answers(200, json!({"name": "Әсел", "messages": []})).await;
    assert_eq!(stage.client.export_me().await.unwrap(), "{\"messages\":[],\"name\":\"Әсел\"}");
    assert_eq!(*asked.lock().unwrap(), [(Method::Get, "/me/export".into(), Value::Null)]);
}

#[tokio::test(start_paused = true)]
async fn a_deleted_account_leaves_nothing_on_the_device() {
    let (stage, _connection) = Stage::online().await;
    assert!(!caches(&stage).is_empty());
    stage.client.send(room(), "never sent".into()).await.unwrap();
    stage.desk.will(|_| Ok((401, refusal("WRONG_CREDENTIALS"))));
    let refused = stage.client.delete_account(words("wrong")).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WrongCredentials);
    assert!(stage.client.start_view().await.unwrap().account.is_some());
    assert_eq!(stage.rows().await, ["never sent Waiting"], "what waits is still here");
    stage.desk.will(|request| {
        let body: Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        assert_eq!(body, json!({"password": "correct horse"}));
        Ok((204, Value::Null))
    });
    stage.client.delete_account(words("correct horse")).await.unwrap();
    assert_eq!(stage.client.start_view().await.unwrap().account, None);
    assert!(caches(&stage).is_empty(), "{:?}", caches(&stage));
    assert!(stage.drawer.contents().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_deleted_account_leaves_nothing_even_if_the_end_of_its_session_came_first() {
    let (stage, mut connection) = Stage::online().await;
    assert!(!caches(&stage).is_empty());
    let mut events = stage.client.subscribe();
    stage.desk.will(|_| Ok((204, Value::Null)));
    // The server closes the sockets when it has committed, and answers after that.
    let answer = stage.desk.slow.clone().lock_owned().await;
    let session_ends = async {
        connection.close(4014).await;
        while events.recv().await.unwrap() != (ClientEvent::SignedOut { reason: ErrorCode::SessionEnded }) {}
        drop(answer);
    };
    let deleting = stage.client.delete_account(words("correct horse"));
    let (deleted, ()) = tokio::join!(deleting, session_ends);
    deleted.unwrap();
    assert!(caches(&stage).is_empty(), "{:?}", caches(&stage));
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_password_is_replaced_with_the_operators_code_and_signs_nobody_in() {
    let stage = Stage::new();
    let asked = Asked::default();
    let noted = asked.clone();
    stage.desk.will(move |request: &Request| {
        if request.url.ends_with("/health") {
            return Ok((200, json!({"status": "ok", "timestamp": 1})));
        }
        let body = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        noted.lock().unwrap().push((request.method, request.url.clone(), body));
        Ok((204, Value::Null))
    });
    let reset = |server: &str| {
        stage.client.reset_password(server.into(), words(" K7QD-42MX "), words("a longer road"))
    };
    reset(SERVER).await.unwrap();
    let body = json!({"code": "K7QD-42MX", "new": "a longer road"});
    let expected = (Method::Post, format!("{SERVER}/api/v1/auth/reset"), body);
    assert_eq!(*asked.lock().unwrap(), [expected]);
    assert_eq!(stage.client.start_view().await.unwrap().account, None);
    let elsewhere = reset("http://far.example").await.unwrap_err();
    assert_eq!((elsewhere.code, elsewhere.details.as_deref()), (ErrorCode::InvalidInput, Some("server")));
    stage.desk.will(|_| Ok((200, json!("<html>"))));
    assert_eq!(
        reset(SERVER).await.unwrap_err().code,
        ErrorCode::NotAServer,
        "no code goes to what is no server"
    );
}
