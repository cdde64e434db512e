//! What the server is asked about one's own account: where, how, and with which words.

use super::stage::{Stage, grant, refusal};
use crate::api::{Method, Request, Unreachable};
use crate::{ClientEvent, SecretString};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
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
