//! Those who run the server look at it: at an address of their own.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use tripchat_tests::talk::{RawRide, text};
use tripchat_tests::{Raw, World, on_both};

/// Has the server show its figures on a free port of this machine; somebody who looks at them.
async fn watched(world: &mut World) -> Result<Raw> {
    world.server.kill();
    world.server.config.admin.listen = Some(([127, 0, 0, 1], 0).into());
    world.server.restart().await?;
    let address = world.server.config.admin.listen.context("no admin address")?;
    Ok(Raw::stranger(&format!("http://{address}")))
}

/// Each sample by its name with labels, as the text format of Prometheus has it; every family was announced.
fn samples(page: &str) -> Result<BTreeMap<String, f64>> {
    let mut announced = "";
    let mut all = BTreeMap::new();
    for line in page.lines() {
        if let Some(family) = line.strip_prefix("# TYPE ") {
            announced = family.split(' ').next().context("a family")?;
            continue;
        }
        if line.starts_with("# HELP ") {
            continue;
        }
        let (name, value) = line.rsplit_once(' ').with_context(|| line.to_owned())?;
        ensure!(name.starts_with(announced) && !announced.is_empty(), "{line} after {announced}");
        ensure!(all.insert(name.to_owned(), value.parse()?).is_none(), "{name} twice");
    }
    Ok(all)
}

async fn page(watcher: &Raw) -> Result<String> {
    let answer = reqwest::get(format!("{}/metrics", watcher.url)).await?;
    ensure!(answer.status() == 200);
    let kind = answer.headers().get("content-type").context("no type")?.to_str()?.to_owned();
    ensure!(kind == "text/plain; version=0.0.4; charset=utf-8", "{kind}");
    Ok(answer.text().await?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_tell_of_the_ride_in_both_forms_and_on_their_own_address_only() -> Result<()> {
    on_both(|mut world| async move {
        let watcher = watched(&mut world).await?;
        let before = samples(&page(&watcher).await?)?;
        assert_eq!(before["tripchat_connections"], 0.0);
        let mut ride = RawRide::on(&world).await?;
        for number in 0..20 {
            ride.driver.does(&text(&ride.room, &format!("number {number}"))).await?;
        }
        let after = samples(&page(&watcher).await?)?;
        assert_eq!(after["tripchat_connections"], 2.0);
        let done = "tripchat_queue_ended_total{queue=\"writes\",state=\"done\"}";
        assert!(after[done] >= before[done] + 20.0, "{} after {}", after[done], before[done]);
        assert_eq!(after["tripchat_queue_ended_total{queue=\"writes\",state=\"failed\"}"], 0.0);
        assert_eq!(after["tripchat_queue{queue=\"webhooks\",state=\"waiting\"}"], 0.0);
        for of in ["requests", "writes"] {
            let counted = after[&format!("tripchat_latency_seconds_count{{of=\"{of}\"}}")];
            assert!(counted > 0.0, "{of}");
            assert_eq!(
                counted,
                after[&format!("tripchat_latency_seconds_bucket{{of=\"{of}\",le=\"+Inf\"}}")]
            );
        }
        let rising: Vec<f64> = (0..16)
            .map(|power| after[&format!("tripchat_commit_batch_bucket{{le=\"{}\"}}", 1 << power)])
            .collect();
        assert!(rising.is_sorted() && rising[15] <= after["tripchat_commit_batch_count"], "{rising:?}");
        for cause in ["gap", "look", "lagging"] {
            assert!(after.contains_key(&format!("tripchat_gap_healed_total{{cause=\"{cause}\"}}")));
        }

        let json = watcher.get("/metrics.json").await?;
        assert_eq!(json.body["connections"], 2);
        assert!(json.body["queues"]["writes"]["done"].as_f64().context("no writes")? >= after[done]);
        assert!(json.body["latency_micros"]["writes"]["p99"].as_u64() > Some(0));
        if cfg!(target_os = "linux") {
            assert!(json.body["memory_bytes"].as_u64() > Some(1_000_000), "{}", json.body);
        }
        assert_eq!(watcher.get("/health").await?.body["status"], "ok");
        // The public address has none of it, and this one nothing of the public's.
        for route in ["/metrics", "/metrics.json"] {
            assert_eq!(ride.driver.get(route).await?.status, 404);
        }
        let asked = watcher.call("GET", "/health/ready", None, None).await?;
        assert_eq!((asked.status, asked.body), (204, Value::Null));
        let api = reqwest::get(format!("{}/api/v1/trips", watcher.url)).await?;
        assert_eq!(api.status(), 404);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_routes_are_there_to_be_tried_on_the_admin_address_only() -> Result<()> {
    let mut world = World::new().await?;
    let watcher = watched(&mut world).await?;
    let mut document = watcher.get("/openapi.json").await?.body;
    let servers = document.as_object_mut().context("no document")?.remove("servers");
    assert_eq!(servers, Some(serde_json::json!([{"url": world.server.url()}])));
    assert_eq!(document, tripchat_server::openapi::openapi()?);
    let page = reqwest::get(format!("{}/try", watcher.url)).await?;
    let policy = page.headers().get("content-security-policy").context("no policy")?.to_str()?.to_owned();
    assert!(policy.starts_with("default-src 'none';") && policy.contains("connect-src 'self'"), "{policy}");
    let text = page.text().await?;
    assert!(text.contains("fetch(\"/openapi.json\")"));
    // It asks nobody else for anything, and is nowhere else.
    assert!(!text.contains("src=") && !text.contains("https://"));
    for route in ["/openapi.json", "/try"] {
        assert_eq!(world.raw_stranger().get(route).await?.status, 404);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_database_is_gone_is_alive_and_not_ready() -> Result<()> {
    let world = World::new().await?;
    let stranger = world.raw_stranger();
    assert_eq!(stranger.get("/health/ready").await?.status, 204);
    // Somebody took the tables away beside it.
    let db = rusqlite::Connection::open(world.server.config.data.join("tripchat.db"))?;
    db.execute_batch("ALTER TABLE server_key RENAME TO elsewhere")?;
    assert_eq!(stranger.get("/health/ready").await?.status, 503);
    assert_eq!(stranger.get("/health/live").await?.status, 204);
    db.execute_batch("ALTER TABLE elsewhere RENAME TO server_key")?;
    assert_eq!(stranger.get("/health/ready").await?.status, 204);
    Ok(())
}
