//! A platform is told what happens: at a real address, signed, again until it takes it.

use crate::operator::program;
use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tripchat_runtime::{FixedClock, OsRandom, Sources, Tasks};
use tripchat_tests::talk::{RawRide, text};
use tripchat_tests::{Database, FreshDatabase, World};

const PATIENCE: Duration = Duration::from_secs(30);

/// What came in.
#[derive(Debug, Clone)]
struct Delivery {
    path: String,
    headers: HeaderMap,
    body: String,
}

impl Delivery {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or("")
    }

    fn json(&self) -> Result<Value> {
        Ok(serde_json::from_str(&self.body)?)
    }

    /// Checks the signature as a platform would: with the specification's own library.
    fn verify(&self, whsec: &str) -> Result<()> {
        Ok(standardwebhooks::Webhook::new(whsec)?.verify(self.body.as_bytes(), &self.headers)?)
    }
}

/// With what those are answered, one after the other, that have this text in them.
type Answers = Arc<Mutex<Vec<(String, VecDeque<StatusCode>)>>>;

/// A platform that listens: what comes in, and with what it is answered. What nothing was said of is taken.
struct Platform {
    url: String,
    incoming: mpsc::UnboundedReceiver<Delivery>,
    answers: Answers,
    _serving: Tasks,
}

#[derive(Clone)]
struct Desk {
    incoming: mpsc::UnboundedSender<Delivery>,
    answers: Answers,
}

impl Desk {
    fn answer(&self, body: &str) -> Option<StatusCode> {
        let mut answers = self.answers.lock().expect("a lock");
        answers.iter_mut().find(|(text, _)| body.contains(text.as_str()))?.1.pop_front()
    }
}

async fn take(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body = String::from_utf8(body.to_vec()).expect("UTF-8");
    let answer = desk.answer(&body).unwrap_or(StatusCode::NO_CONTENT);
    let path = uri.path().to_owned();
    desk.incoming.send(Delivery { path, headers, body }).expect("the story listens");
    (answer, [("location", "/elsewhere")]).into_response()
}

impl Platform {
    async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/hooks", listener.local_addr()?);
        let (sender, incoming) = mpsc::unbounded_channel();
        let answers = Answers::default();
        let desk = Desk { incoming: sender, answers: answers.clone() };
        let router =
            Router::new().route("/hooks", post(take)).route("/elsewhere", post(take)).with_state(desk);
        let serving = Tasks::default();
        serving.start("platform", async move { axum::serve(listener, router).await.expect("it listens") });
        Ok(Self { url, incoming, answers, _serving: serving })
    }

    /// Answers the next ones with `text` in them so.
    fn answers(&self, text: &str, codes: &[StatusCode]) {
        self.answers.lock().expect("a lock").push((text.into(), codes.iter().copied().collect()));
    }

    /// The next one with `text` in it.
    async fn with(&mut self, text: &str) -> Result<Delivery> {
        loop {
            let it = self.next().await?;
            if it.body.contains(text) {
                return Ok(it);
            }
        }
    }

    async fn next(&mut self) -> Result<Delivery> {
        let it = timeout(PATIENCE, self.incoming.recv()).await?.context("the platform has gone")?;
        // A redirect is not followed: it would lead past what was checked.
        ensure!(it.path == "/hooks", "{}", it.path);
        Ok(it)
    }

    /// The next that tells of `kind`; what else comes is passed over.
    async fn until(&mut self, kind: &str) -> Result<Delivery> {
        loop {
            let it = self.next().await?;
            if it.json()?["type"] == kind {
                return Ok(it);
            }
        }
    }
}

/// A world whose server may tell this machine, with a platform in it that was added by the operator; the id of its
/// address, and its secret.
struct Told {
    world: World,
    clock: Arc<FixedClock>,
    platform: Platform,
    webhook: String,
    secret: String,
}

/// Runs the server's program with the configuration of a server that may tell this machine.
fn with_loopback(world: &World, arguments: &[&str]) -> Result<String> {
    let file = world.server.config.data.join("tripchat.toml");
    std::fs::write(&file, "[webhooks]\nallow_loopback = true\n")?;
    program(world, &[arguments, &["--config", file.to_str().context("a path")?]].concat())
}

async fn told(database: Database, events: &[&str]) -> Result<Told> {
    let clock = FixedClock::at(Sources::system().now());
    let sources = Sources::new(clock.clone(), Arc::new(OsRandom));
    let mut world = World::on(database, sources).await?;
    world.server.kill();
    world.server.config.webhooks.allow_loopback = true;
    world.server.restart().await?;
    let platform = Platform::open().await?;
    let mut arguments = vec!["webhooks", "add", &platform.url];
    let events = events.join(",");
    if !events.is_empty() {
        arguments.extend(["--events", &events]);
    }
    let added = with_loopback(&world, &arguments)?;
    let (webhook, secret) = added.trim().split_once('\n').context("no secret")?;
    ensure!(secret.starts_with("whsec_"), "{added}");
    let (webhook, secret) = (webhook.to_owned(), secret.to_owned());
    Ok(Told { world, clock, platform, webhook, secret })
}

async fn databases() -> Result<Vec<Database>> {
    let mut all = vec![Database::Sqlite];
    all.extend(FreshDatabase::make().await?.map(Database::Postgres));
    Ok(all)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_hears_of_the_ride_and_can_verify_who_tells_it() -> Result<()> {
    for database in databases().await? {
        let Told { world, mut platform, secret, webhook, .. } = told(database, &[]).await?;
        let mut ride = RawRide::on(&world).await?;
        let confirmed = platform.until("booking.confirmed").await?;
        confirmed.verify(&secret)?;
        assert_eq!(confirmed.json()?["data"]["booking"], json!(ride.booking));
        assert_eq!(confirmed.header("content-type"), "application/json");
        ride.driver.does(&text(&ride.room, "At exit 2, blue jacket")).await?;
        let written = platform.with("blue jacket").await?;
        assert_eq!(written.json()?["type"], "message.created");
        written.verify(&secret)?;
        let data = &written.json()?["data"];
        assert_eq!((&data["room"], &data["author"]), (&json!(ride.room), &json!(ride.driver.user)));
        assert!(!written.body.contains(&ride.driver.email) && !written.body.contains('@'));
        // What was changed on the way, or comes with another's key, is not believed.
        let altered = Delivery { body: written.body.replace("exit 2", "exit 9"), ..written.clone() };
        assert!(altered.verify(&secret).is_err());
        let other = format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode([5; 32]));
        assert!(written.verify(&other).is_err());
        // Another secret signs from now on, and the one before it as well.
        let rotated = program(&world, &["webhooks", "rotate", &webhook])?;
        let fresh = rotated.lines().nth(1).context("no secret")?.to_owned();
        assert_ne!(fresh, secret);
        ride.driver.does(&text(&ride.room, "both sign")).await?;
        let both = platform.with("both sign").await?;
        both.verify(&fresh)?;
        both.verify(&secret)?;
        let shown = program(&world, &["webhooks", "list"])?;
        assert!(shown.contains(&webhook) && !shown.contains("whsec_"), "{shown}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_taken_comes_again_with_the_same_id_also_after_a_kill() -> Result<()> {
    for database in databases().await? {
        let Told { mut world, clock, mut platform, secret, .. } =
            told(database, &["message.created"]).await?;
        let mut ride = RawRide::on(&world).await?;
        platform.answers("hello", &[StatusCode::INTERNAL_SERVER_ERROR, StatusCode::TEMPORARY_REDIRECT]);
        ride.driver.does(&text(&ride.room, "hello")).await?;
        let first = platform.with("hello").await?;
        world.server.kill();
        world.server.restart().await?;
        // At the latest when nobody came back who had taken it.
        clock.advance(Duration::from_secs(60));
        let second = platform.with("hello").await?;
        clock.advance(Duration::from_secs(360));
        let third = platform.with("hello").await?;
        for again in [&second, &third] {
            assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
            assert_eq!(again.body, first.body);
        }
        // Signed anew for its time: an old one is a replay.
        assert_ne!(third.header("webhook-timestamp"), first.header("webhook-timestamp"));
        first.verify(&secret)?;
        ensure!(third.header("webhook-signature") != first.header("webhook-signature"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_that_is_gone_is_told_nothing_more_until_the_operator_says_so() -> Result<()> {
    for database in databases().await? {
        let Told { world, mut platform, webhook, .. } = told(database, &["message.created"]).await?;
        let mut other = Platform::open().await?;
        with_loopback(&world, &["webhooks", "add", &other.url, "--events", "message.created"])?;
        let mut ride = RawRide::on(&world).await?;
        // That seats were asked for and given, and that somebody came.
        for _ in 0..3 {
            platform.next().await?;
        }
        platform.answers("number one", &[StatusCode::GONE]);
        ride.driver.does(&text(&ride.room, "number one")).await?;
        let refused = platform.with("number one").await?;
        while !program(&world, &["webhooks", "list"])?.contains("disabled: 410 Gone") {
            tokio::task::yield_now().await;
        }
        ride.driver.does(&text(&ride.room, "number two")).await?;
        // It has come to the other, and does not wait for the one that is gone.
        other.with("number two").await?;
        let shown = program(&world, &["webhooks", "list"])?;
        let line = shown.lines().find(|it| it.contains(&webhook)).context("it is not listed")?;
        assert!(line.contains("1 waiting"), "{line}");
        assert!(platform.incoming.try_recv().is_err());
        program(&world, &["webhooks", "enable", &webhook])?;
        let again = platform.with("number one").await?;
        assert_eq!(again.header("webhook-id"), refused.header("webhook-id"));
        program(&world, &["webhooks", "remove", &webhook])?;
        assert!(!program(&world, &["webhooks", "list"])?.contains(&webhook));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_hangs_does_not_hold_up_the_others() -> Result<()> {
    let Told { world, mut platform, .. } = told(Database::Sqlite, &["message.created"]).await?;
    // It takes connections and never answers.
    let wall = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", wall.local_addr()?);
    with_loopback(&world, &["webhooks", "add", &url, "--events", "message.created"])?;
    let mut ride = RawRide::on(&world).await?;
    for number in 0..100 {
        ride.driver.does(&text(&ride.room, &format!("number {number}"))).await?;
    }
    let mut numbers = std::collections::BTreeSet::new();
    while numbers.len() < 100 {
        let it = platform.next().await?.json()?;
        numbers.extend(it["data"]["body"]["text"].as_str().map(str::to_owned));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_tries_an_address_and_reads_what_is_wrong_with_one() -> Result<()> {
    let Told { world, mut platform, webhook, secret, .. } = told(Database::Sqlite, &[]).await?;
    assert_eq!(with_loopback(&world, &["webhooks", "test", &webhook])?.trim(), "it was taken");
    let tried = platform.next().await?;
    tried.verify(&secret)?;
    assert_eq!(tried.json()?["type"], "webhook.test");
    platform.answers("webhook.test", &[StatusCode::NOT_FOUND]);
    let failed =
        with_loopback(&world, &["webhooks", "test", &webhook]).expect_err("it was not taken").to_string();
    assert!(failed.contains("404"), "{failed}");
    // Without the operator's word this machine is not asked.
    let strict = World::new().await?;
    let refused = program(&strict, &["webhooks", "add", &platform.url]).expect_err("it is not public");
    assert!(refused.to_string().contains("must be https"), "{refused}");
    let unknown = program(&strict, &["webhooks", "enable", &webhook]).expect_err("it is not there");
    assert!(unknown.to_string().contains("there is no such webhook"), "{unknown}");
    Ok(())
}
