//! What everyone may ask: how the server is, and which keys sign its tokens.

use anyhow::{Context, Result};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;
use tripchat_tests::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_published_keys_verify_the_tokens_and_keep_over_a_restart() -> Result<()> {
    let mut world = World::new().await?;
    let driver = world.raw("Aigerim").await?;
    let published = driver.get("/.well-known/jwks.json").await?;
    assert_eq!(published.status, 200);
    assert!(!published.body.to_string().contains("\"d\""), "a private key is published");
    let keys: JwkSet = serde_json::from_value(published.body.clone())?;
    let header = decode_header(&driver.token)?;
    let key = keys.find(&header.kid.context("no kid")?).context("the key is not published")?;
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&["tripchat"]);
    rules.set_issuer(&["tripchat"]);
    let claims = decode::<Value>(&driver.token, &DecodingKey::from_jwk(key)?, &rules)?.claims;
    let names: Vec<&str> = claims.as_object().context("no claims")?.keys().map(String::as_str).collect();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "jti", "scope", "sid", "sub", "tenant"]);
    world.server.kill();
    world.server.restart().await?;
    assert_eq!(driver.get("/.well-known/jwks.json").await?.body, published.body);
    assert_eq!(driver.get("/api/v1/trips").await?.status, 200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_well_says_so() -> Result<()> {
    let world = World::new().await?;
    let driver = world.raw("Aigerim").await?;
    let health = driver.get("/health").await?;
    assert_eq!((health.status, health.body["status"].as_str()), (200, Some("ok")));
    assert!(health.body["timestamp"].is_i64());
    for route in ["/health/live", "/health/ready"] {
        assert_eq!(driver.get(route).await?.status, 204, "{route}");
    }
    Ok(())
}
