//! Passwords: which are taken, and what a new one ends.

use crate::frames::is_alive;
use anyhow::{Context, Result};
use serde_json::json;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::frame::close;
use tripchat_tests::talk::{refused, uuid};
use tripchat_tests::{Answer, PASSWORD, Raw, World, on_both};

const NEW: &str = "ein neuer Weg über Шу 🚌";

async fn change(raw: &Raw, current: &str, new: &str) -> Result<Answer> {
    raw.post("/api/v1/auth/password", &json!({"current": current, "new": new})).await
}

async fn sign_in(raw: &Raw, password: &str) -> Result<Answer> {
    let body = json!({"email": raw.email, "password": password, "device": uuid()});
    raw.post("/api/v1/auth/sign-in", &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_ends_every_other_session_and_keeps_the_one_that_asked() -> Result<()> {
    on_both(|world| async move {
        let mut here = world.raw("Aigerim").await?;
        let mut others = vec![here.on_another_device().await?, here.on_another_device().await?];
        let mut stranger = world.raw("Nurlan").await?;
        here.connect().await?;
        stranger.connect().await?;
        for other in &mut others {
            other.connect().await?;
        }
        assert_eq!(change(&here, PASSWORD, NEW).await?.status, 204);
        for other in &mut others {
            assert_eq!(other.until_end().await?.0, Some(close::REVOKED));
            let again = other.post("/api/v1/auth/refresh", &json!({"refresh_token": other.refresh})).await?;
            assert_eq!(again.code(), "SESSION_ENDED");
        }
        is_alive(&mut here).await?;
        is_alive(&mut stranger).await?;
        let next = here.post("/api/v1/auth/refresh", &json!({"refresh_token": here.refresh})).await?;
        assert_eq!(next.status, 200);
        refused(&sign_in(&here, PASSWORD).await?, ErrorCode::WrongCredentials)?;
        assert_eq!(sign_in(&here, NEW).await?.status, 200);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_current_password_nothing_is_changed_and_nobody_is_signed_out() -> Result<()> {
    on_both(|world| async move {
        let here = world.raw("Aigerim").await?;
        let mut there = here.on_another_device().await?;
        there.connect().await?;
        for wrong in ["", "wrong horse battery", &PASSWORD.to_uppercase(), NEW] {
            refused(&change(&here, wrong, NEW).await?, ErrorCode::WrongCredentials)?;
        }
        is_alive(&mut there).await?;
        refused(&sign_in(&here, NEW).await?, ErrorCode::WrongCredentials)?;
        assert_eq!(sign_in(&here, PASSWORD).await?.status, 200);
        Ok(())
    })
    .await
}

/// Whoever knows the old password must not slip in beside its change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sign_ins_beside_a_change_none_with_the_old_password_stays() -> Result<()> {
    on_both(|world| async move {
        let here = world.raw("Aigerim").await?;
        let thieves = (0..12).map(|_| sign_in(&here, PASSWORD));
        let (thieves, changed) =
            tokio::join!(futures_util::future::join_all(thieves), change(&here, PASSWORD, NEW));
        assert_eq!(changed?.status, 204);
        for thief in thieves {
            let thief = thief?;
            let Some(token) = thief.body["access_token"].as_str() else {
                refused(&thief, ErrorCode::WrongCredentials)?;
                continue;
            };
            let answer = here.call("GET", "/api/v1/trips", Some(token), None).await?;
            refused(&answer, ErrorCode::SessionEnded)?;
        }
        assert_eq!(here.get("/api/v1/sessions").await?.body["sessions"].as_array().map(Vec::len), Some(1));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_tried_first_is_refused_whenever_one_is_set() -> Result<()> {
    let world = World::new().await?;
    let raw = world.raw("Aigerim Sarsenova").await?;
    for (bad, code, details) in [
        ("password1", "PASSWORD_TOO_COMMON", "common"),
        ("QWERTYUIOP", "PASSWORD_TOO_COMMON", "common"),
        ("Sarsenova-1990", "PASSWORD_TOO_COMMON", "personal"),
        ("tripchat", "PASSWORD_TOO_COMMON", "personal"),
        ("short", "INVALID_INPUT", ""),
        (&"x".repeat(129), "INVALID_INPUT", ""),
    ] {
        let account = json!({"email": format!("{}@example.org", uuid()), "password": bad,
                             "name": "Aigerim Sarsenova", "device": uuid()});
        for (answer, field) in [
            (raw.post("/api/v1/auth/register", &account).await?, "password"),
            (change(&raw, PASSWORD, bad).await?, "new"),
        ] {
            let expected = if details.is_empty() { field } else { details };
            assert_eq!((answer.status, answer.code()), (400, code), "{bad}");
            assert_eq!(answer.body["error"]["details"], json!(expected), "{bad}");
            assert!(!answer.body.to_string().contains(bad), "a refusal quotes the password");
        }
    }
    let mail = change(&raw, PASSWORD, &raw.email.to_uppercase()).await?;
    assert_eq!(mail.body["error"]["details"], json!("personal"));
    assert_eq!(sign_in(&raw, PASSWORD).await?.status, 200);
    Ok(())
}

/// Of `PASSWORD`, by a server that took less trouble: 8 MiB, one pass.
const WEAK: &str =
    "$argon2id$v=19$m=8192,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$LZNn2JgFHPBhURzt/UnB0gxJ8+LevcXGGADqAzuENaU";

fn hash_of(world: &World, email: &str, weaken: bool) -> Result<String> {
    let db = rusqlite::Connection::open(world.server.config.data.join("tripchat.db"))?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    if weaken {
        db.execute("UPDATE users SET password_hash = ?1 WHERE email = ?2", [WEAK, email])?;
    }
    Ok(db.query_row("SELECT password_hash FROM users WHERE email = ?1", [email], |row| row.get(0))?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_weak_hash_is_made_anew_when_its_person_signs_in() -> Result<()> {
    let world = World::new().await?;
    let raw = world.raw("Aigerim").await?;
    assert_eq!(hash_of(&world, &raw.email, true)?, WEAK);
    refused(&sign_in(&raw, "wrong horse battery").await?, ErrorCode::WrongCredentials)?;
    assert_eq!(hash_of(&world, &raw.email, false)?, WEAK, "only who knows the password has it made anew");
    // Several devices at once: one makes it anew, and all come in.
    let answers = futures_util::future::join_all((0..4).map(|_| sign_in(&raw, PASSWORD))).await;
    for answer in answers {
        assert_eq!(answer?.status, 200);
    }
    let anew = hash_of(&world, &raw.email, false)?;
    assert!(anew.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{anew}");
    assert_eq!(sign_in(&raw, PASSWORD).await?.status, 200);
    assert_eq!(hash_of(&world, &raw.email, false)?, anew, "a good one is left alone");
    refused(&sign_in(&raw, "wrong horse battery").await?, ErrorCode::WrongCredentials)?;
    // No session was ended by it.
    let all = raw.get("/api/v1/sessions").await?.body["sessions"].as_array().map(Vec::len);
    assert_eq!(all.context("no sessions")?, 6);
    Ok(())
}
