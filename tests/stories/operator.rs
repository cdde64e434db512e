//! What an operator does beside a running server, by the command line of the server as it is delivered.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::frame::close;
use tripchat_runtime::{Clock, FixedClock, OsRandom, Sources};
use tripchat_tests::talk::{refused, uuid};
use tripchat_tests::{Database, FreshDatabase, PASSWORD, Raw, World};

/// Runs the server's program; what it prints.
pub fn program(world: &World, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crash-server"));
    command.args(arguments).arg("--data").arg(&world.server.config.data);
    if let Some(postgres) = &world.server.config.postgres {
        command.arg("--postgres").arg(postgres);
    }
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "{}{text}", String::from_utf8_lossy(&output.stderr));
    Ok(text)
}

/// A world on each database whose server's clock the story moves.
pub async fn worlds() -> Result<Vec<(World, Arc<FixedClock>)>> {
    let mut databases = vec![Database::Sqlite];
    databases.extend(FreshDatabase::make().await?.map(Database::Postgres));
    let mut worlds = Vec::new();
    for database in databases {
        let clock = FixedClock::at(Sources::system().now());
        let sources = Sources::new(clock.clone(), Arc::new(OsRandom));
        worlds.push((World::on(database, sources).await?, clock));
    }
    Ok(worlds)
}

/// The program has the machine's clock: the story's is set by it, however long something took.
pub fn set(clock: &FixedClock) {
    let behind = Sources::system().now() - clock.now();
    clock.advance(Duration::from_millis(u64::try_from(behind).unwrap_or(0)));
}

async fn published(raw: &Raw) -> Result<Vec<String>> {
    let keys = raw.get("/.well-known/jwks.json").await?;
    let keys = keys.body["keys"].as_array().cloned().context("no keys")?;
    Ok(keys.iter().filter_map(|key: &Value| key["kid"].as_str().map(str::to_owned)).collect())
}

fn kid(token: &str) -> Result<String> {
    jsonwebtoken::decode_header(token)?.kid.context("no kid")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_rotated_beside_a_running_server_and_no_token_is_lost() -> Result<()> {
    for (world, clock) in worlds().await? {
        set(&clock);
        let early = world.raw("Aigerim").await?;
        let old = kid(&early.token)?;
        assert_eq!(published(&early).await?, [old.as_str()]);
        let told = program(&world, &["keys", "rotate"])?;
        assert!(told.contains(&format!("{old}  signs")) && told.contains("published, signs in"), "{told}");
        let both = published(&early).await?;
        assert_eq!(both.len(), 2, "it is published at once");
        let new = both.iter().find(|kid| **kid != old).context("no new key")?;
        assert!(told.contains(new.as_str()));
        // It does not sign before others can know it, and then it does.
        assert_eq!(kid(&world.raw("Nurlan").await?.token)?, old);
        set(&clock);
        clock.advance(Duration::from_secs(5 * 60));
        let late = world.raw("Dana").await?;
        assert_eq!(kid(&late.token)?, *new);
        for raw in [&early, &late] {
            assert_eq!(raw.get("/api/v1/trips").await?.status, 200, "both are taken");
        }
        clock.advance(Duration::from_secs(20 * 60));
        assert_eq!(published(&early).await?, [new.as_str()], "the old one is retired");
        assert_eq!(early.get("/api/v1/trips").await?.code(), "UNAUTHORIZED");
        assert_eq!(late.get("/api/v1/trips").await?.code(), "TOKEN_EXPIRED");
        assert_eq!(program(&world, &["keys", "list"])?.lines().count(), 2);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_without_a_database_is_named_and_left_empty() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let output = Command::new(env!("CARGO_BIN_EXE_crash-server"))
        .args(["keys", "list", "--data"])
        .arg(folder.path())
        .output()?;
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no database"));
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_replaced_by_a_code_that_works_once_and_for_an_hour() -> Result<()> {
    for (world, clock) in worlds().await? {
        set(&clock);
        let mut person = world.raw("Aigerim").await?;
        person.connect().await?;
        let reset = |code: String, new: &'static str| {
            let stranger = world.raw_stranger();
            async move { stranger.post("/api/v1/auth/reset", &json!({"code": code, "new": new})).await }
        };
        let email = person.email.clone();
        let sign_in = |password: &str| json!({"email": email, "password": password, "device": uuid()});
        let stale = program(&world, &["reset-code", &person.email.to_uppercase()])?;
        let code = program(&world, &["reset-code", &person.email])?;
        refused(&reset(stale, "a new way over Shu").await?, ErrorCode::CodeInvalid)?;
        refused(&reset("AAAAA-BBBBB".into(), "a new way over Shu").await?, ErrorCode::CodeInvalid)?;
        refused(&reset(code.clone(), "password").await?, ErrorCode::PasswordTooCommon)?;
        // As somebody types what they were told.
        let typed = code.trim().to_lowercase().replace('-', " ");
        assert_eq!(reset(typed, "a new way over Shu").await?.status, 204);
        assert_eq!(person.until_end().await?.0, Some(close::REVOKED), "whoever was signed in is out");
        let stranger = world.raw_stranger();
        let old = stranger.post("/api/v1/auth/sign-in", &sign_in(PASSWORD)).await?;
        refused(&old, ErrorCode::WrongCredentials)?;
        let new = stranger.post("/api/v1/auth/sign-in", &sign_in("a new way over Shu")).await?;
        assert_eq!(new.status, 200);
        refused(&reset(code, "another way over Shu").await?, ErrorCode::CodeInvalid)?;
        let late = program(&world, &["reset-code", &person.email])?;
        set(&clock);
        clock.advance(Duration::from_secs(3_600));
        refused(&reset(late, "another way over Shu").await?, ErrorCode::CodeInvalid)?;
        assert!(program(&world, &["reset-code", "nobody@example.org"]).is_err());
    }
    Ok(())
}
