//! The sign-ins of a person: they see which there are, and end those that they do not know.

use crate::frames::is_alive;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::time::Duration;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::frame::close;
use tripchat_runtime::{FixedClock, OsRandom, Sources};
use tripchat_tests::talk::{refused, uuid};
use tripchat_tests::{Answer, Database, Raw, World, on_both};

const SESSIONS: &str = "/api/v1/sessions";

async fn delete(raw: &Raw, path: &str) -> Result<Answer> {
    raw.call("DELETE", path, Some(&raw.token), None).await
}

async fn sessions(raw: &Raw) -> Result<Vec<Value>> {
    let answer = raw.get(SESSIONS).await?;
    answer.body["sessions"].as_array().cloned().with_context(|| format!("{answer:?}"))
}

/// The id of the session that asks.
async fn own(raw: &Raw) -> Result<String> {
    let all = sessions(raw).await?;
    let current: Vec<&Value> = all.iter().filter(|it| it["current"] == true).collect();
    assert_eq!(current.len(), 1, "{all:?}");
    Ok(current[0]["id"].as_str().context("no id")?.into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_sees_their_own_sign_ins_and_which_of_them_asks() -> Result<()> {
    on_both(|world| async move {
        let (here, stranger) = (world.raw("Aigerim").await?, world.raw("Nurlan").await?);
        let there = here.on_another_device().await?;
        let (first, second) = (own(&here).await?, own(&there).await?);
        assert_ne!(first, second);
        let all = sessions(&here).await?;
        let mut ids: Vec<&str> = all.iter().filter_map(|it| it["id"].as_str()).collect();
        ids.sort_unstable();
        let mut expected = [first.as_str(), second.as_str()];
        expected.sort_unstable();
        assert_eq!(ids, expected);
        // No e-mail, device id or token; an app only if it said so.
        for session in &all {
            let names: Vec<&str> =
                session.as_object().context("an object")?.keys().map(String::as_str).collect();
            assert_eq!(names, ["created_at", "current", "id", "last_used_at"]);
        }
        assert_eq!(sessions(&stranger).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_app_and_its_last_use_are_told_and_what_is_over_is_not_listed() -> Result<()> {
    let clock = FixedClock::at(Sources::system().now());
    let mut world =
        World::on(Database::Sqlite, Sources::new(clock.clone(), std::sync::Arc::new(OsRandom))).await?;
    let person = world.somebody();
    person.register_as("aigerim@example.org", "Aigerim").await?;
    let mut raw = world.raw_stranger();
    raw.email = "aigerim@example.org".into();
    let mut raw = raw.on_another_device().await?;
    let all = sessions(&raw).await?;
    let apps: Vec<Option<&str>> = all.iter().map(|it| it["app"].as_str()).collect();
    let app = tripchat_core::api::user_agent();
    assert!(apps.contains(&Some(&app)) && apps.contains(&None), "{apps:?}");
    let made = all[0]["created_at"].as_i64().context("no time")?;
    // This one is used for two months; the other is not.
    for _ in 0..3 {
        clock.advance(Duration::from_secs(20 * 86_400));
        let next = raw.post("/api/v1/auth/refresh", &json!({"refresh_token": raw.refresh})).await?;
        raw.take_grant(&next)?;
    }
    let left = sessions(&raw).await?;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0]["current"], true);
    assert_eq!(left[0]["created_at"].as_i64(), Some(made));
    assert_eq!(left[0]["last_used_at"].as_i64(), Some(made + 60 * 86_400_000));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ending_a_session_closes_its_sockets_and_no_others() -> Result<()> {
    on_both(|world| async move {
        let mut here = world.raw("Aigerim").await?;
        let mut there = here.on_another_device().await?;
        let mut stranger = world.raw("Nurlan").await?;
        for raw in [&mut here, &mut there, &mut stranger] {
            raw.connect().await?;
        }
        let path = format!("{SESSIONS}/{}", own(&there).await?);
        assert_eq!(delete(&here, &path).await?.status, 204);
        assert_eq!(there.until_end().await?.0, Some(close::REVOKED));
        assert_eq!(there.get("/api/v1/trips").await?.code(), "SESSION_ENDED");
        let again = there.post("/api/v1/auth/refresh", &json!({"refresh_token": there.refresh})).await?;
        assert_eq!(again.code(), "SESSION_ENDED");
        is_alive(&mut here).await?;
        is_alive(&mut stranger).await?;
        assert_eq!(sessions(&here).await?.len(), 1);
        // One's own is ended like any other.
        let path = format!("{SESSIONS}/{}", own(&here).await?);
        assert_eq!(delete(&here, &path).await?.status, 204);
        assert_eq!(here.until_end().await?.0, Some(close::REVOKED));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_an_unknown_and_an_ended_session_answer_alike() -> Result<()> {
    on_both(|world| async move {
        let mut victim = world.raw("Aigerim").await?;
        victim.connect().await?;
        let raw = world.raw("Nurlan").await?;
        let ended = own(&raw.on_another_device().await?).await?;
        assert_eq!(delete(&raw, &format!("{SESSIONS}/{ended}")).await?.status, 204);
        let mut seen = Vec::new();
        for id in [own(&victim).await?, uuid(), ended] {
            let mut answer = delete(&raw, &format!("{SESSIONS}/{id}")).await?;
            refused(&answer, ErrorCode::NotFound)?;
            answer.body["error"]["request_id"] = Value::Null;
            seen.push(answer.body);
        }
        assert!(seen.iter().all(|it| it == &seen[0]), "{seen:?}");
        is_alive(&mut victim).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_other_sessions_are_ended_at_once_and_the_one_that_asks_stays() -> Result<()> {
    on_both(|world| async move {
        let mut here = world.raw("Aigerim").await?;
        let mut others = vec![here.on_another_device().await?, here.on_another_device().await?];
        let mut stranger = world.raw("Nurlan").await?;
        here.connect().await?;
        stranger.connect().await?;
        for other in &mut others {
            other.connect().await?;
        }
        assert_eq!(delete(&here, SESSIONS).await?.status, 204);
        for other in &mut others {
            assert_eq!(other.until_end().await?.0, Some(close::REVOKED));
            assert_eq!(other.get(SESSIONS).await?.code(), "SESSION_ENDED");
            assert_eq!(delete(other, SESSIONS).await?.code(), "SESSION_ENDED");
        }
        is_alive(&mut here).await?;
        is_alive(&mut stranger).await?;
        assert_eq!(own(&here).await?, sessions(&here).await?[0]["id"]);
        assert_eq!(delete(&here, SESSIONS).await?.status, 204);
        Ok(())
    })
    .await
}

/// Another node on the same database ended it: nobody tells this one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_was_ended_elsewhere_is_found_at_the_next_look() -> Result<()> {
    let mut world = World::new().await?;
    world.server.kill();
    world.server.config.heads_every_ms = 100;
    world.server.restart().await?;
    let mut here = world.raw("Aigerim").await?;
    let mut there = here.on_another_device().await?;
    here.connect().await?;
    there.connect().await?;
    let id: uuid::Uuid = own(&there).await?.parse()?;
    let db = rusqlite::Connection::open(world.server.config.data.join("tripchat.db"))?;
    db.busy_timeout(Duration::from_secs(5))?;
    let ended = db.execute("UPDATE session SET ended_at = 1 WHERE id = ?1", [id.as_bytes()])?;
    assert_eq!(ended, 1);
    assert_eq!(there.until_end().await?.0, Some(close::REVOKED));
    is_alive(&mut here).await
}
