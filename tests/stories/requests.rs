//! Requests that no honest app makes, and the rules of trips and accounts at their edges.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::time::Duration;
use tripchat_protocol::{ErrorCode, ServerFrame};
use tripchat_runtime::{FixedClock, OsRandom, Sources};
use tripchat_tests::talk::{refused, uuid};
use tripchat_tests::{Answer, Database, PASSWORD, Raw, World, on_both};

/// What a route takes.
struct Route {
    method: &'static str,
    path: &'static str,
    /// Whether it asks who calls.
    token: bool,
    /// A good body, where it takes one.
    body: Option<fn(&World) -> Value>,
}

fn route(method: &'static str, path: &'static str, token: bool, body: Option<fn(&World) -> Value>) -> Route {
    Route { method, path, token, body }
}

/// Every route of the server but the socket.
fn routes() -> Vec<Route> {
    let account = |_: &World| json!({"email": format!("{}@example.org", uuid()), "password": PASSWORD, "name": "N", "device": uuid()});
    let sign_in = |_: &World| json!({"email": "a@example.org", "password": PASSWORD, "device": uuid()});
    let refresh = |_: &World| json!({"refresh_token": "x"});
    let exchange = |_: &World| json!({"token": "x", "device": uuid()});
    let password = |_: &World| json!({"current": PASSWORD, "new": "a longer road to Bishkek"});
    let trip = |world: &World| serde_json::to_value(world.trip()).expect("a trip is JSON");
    let booking = |_: &World| json!({"seats": 1});
    let change = |_: &World| json!({"seats": 1});
    let status = |_: &World| json!({"status": "boarding"});
    let reset = |_: &World| json!({"code": "x", "new": "a longer road to Bishkek"});
    let me = |_: &World| json!({"locale": "kk"});
    let farewell = |_: &World| json!({"password": "not the password"});
    let review = |_: &World| json!({"stars": 5, "text": ""});
    vec![
        route("POST", "/api/v1/auth/register", false, Some(account)),
        route("POST", "/api/v1/auth/sign-in", false, Some(sign_in)),
        route("POST", "/api/v1/auth/refresh", false, Some(refresh)),
        route("POST", "/api/v1/auth/exchange", false, Some(exchange)),
        route("POST", "/api/v1/auth/sign-out", true, None),
        route("POST", "/api/v1/auth/password", true, Some(password)),
        route("POST", "/api/v1/auth/reset", false, Some(reset)),
        route("GET", "/api/v1/me", true, None),
        route("PATCH", "/api/v1/me", true, Some(me)),
        route("GET", "/api/v1/me/export", true, None),
        route("POST", "/api/v1/me/delete", true, Some(farewell)),
        route("GET", "/api/v1/sessions", true, None),
        route("DELETE", "/api/v1/sessions", true, None),
        route("DELETE", "/api/v1/sessions/{id}", true, None),
        route("GET", "/api/v1/trips", true, None),
        route("POST", "/api/v1/trips", true, Some(trip)),
        route("GET", "/api/v1/trips/{id}", true, None),
        route("PATCH", "/api/v1/trips/{id}", true, Some(change)),
        route("POST", "/api/v1/trips/{id}/status", true, Some(status)),
        route("GET", "/api/v1/trips/{id}/bookings", true, None),
        route("POST", "/api/v1/trips/{id}/bookings", true, Some(booking)),
        route("GET", "/api/v1/bookings", true, None),
        route("POST", "/api/v1/bookings/{id}/room", true, None),
        route("POST", "/api/v1/bookings/{id}/confirm", true, None),
        route("POST", "/api/v1/bookings/{id}/decline", true, None),
        route("POST", "/api/v1/bookings/{id}/cancel", true, None),
        route("POST", "/api/v1/bookings/{id}/board", true, None),
        route("POST", "/api/v1/bookings/{id}/unboard", true, None),
        route("POST", "/api/v1/bookings/{id}/no-show", true, None),
        route("PUT", "/api/v1/bookings/{id}/review", true, Some(review)),
        route("GET", "/api/v1/trips/{id}/reviews", true, None),
        route("GET", "/api/v1/people/{id}/reviews", true, None),
        route("GET", "/api/v1/rooms/{id}/messages", true, None),
        route("GET", "/health", false, None),
        route("GET", "/health/live", false, None),
        route("GET", "/health/ready", false, None),
        route("GET", "/.well-known/jwks.json", false, None),
    ]
}

#[test]
fn the_routes_that_are_tried_here_are_those_of_the_document() -> Result<()> {
    let document = tripchat_server::openapi::openapi()?;
    let mut told = Vec::new();
    for (path, item) in document["paths"].as_object().context("no paths")? {
        let methods = item.as_object().context("no methods")?.keys();
        told.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    // A platform's are tried in its own stories.
    told.retain(|route| !route.contains("/platform/"));
    told.sort();
    let mut tried: Vec<_> = routes().iter().map(|it| format!("{} {}", it.method, it.path)).collect();
    tried.sort();
    assert_eq!(told, tried);
    Ok(())
}

impl Route {
    fn at(&self, id: &str) -> String {
        self.path.replace("{id}", id)
    }

    /// The route with this token and a good body, if it takes one.
    async fn call(&self, world: &World, raw: &Raw, token: Option<&str>) -> Result<Answer> {
        let body = self.body.map(|body| ("application/json", body(world).to_string().into_bytes()));
        raw.call(self.method, &self.at(&uuid()), token, body).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_that_asks_who_calls_refuses_whoever_does_not_say() -> Result<()> {
    let clock = FixedClock::at(Sources::system().now());
    let world =
        World::on(Database::Sqlite, Sources::new(clock.clone(), std::sync::Arc::new(OsRandom))).await?;
    let late = world.raw("Early").await?.token;
    clock.advance(Duration::from_secs(901));
    let raw = world.raw("Aigerim").await?;
    let out = world.raw("Gone").await?;
    assert_eq!(out.post("/api/v1/auth/sign-out", &json!({})).await?.status, 204);
    let (head, rest) = raw.token.split_once('.').context("no JWT")?;
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{rest}");
    let cut = format!("{head}.{}", &rest[..rest.len() - 4]);
    let refresh = raw.refresh.clone();
    for route in routes().iter().filter(|route| route.token) {
        let name = format!("{} {}", route.method, route.path);
        refused(&route.call(&world, &raw, None).await?, ErrorCode::Unauthorized)
            .with_context(|| name.clone())?;
        for token in ["", "garbage", "a.b.c", &unsigned, &cut, &refresh] {
            let answer = route.call(&world, &raw, Some(token)).await?;
            refused(&answer, ErrorCode::Unauthorized).with_context(|| name.clone())?;
        }
        let answer = route.call(&world, &raw, Some(&late)).await?;
        refused(&answer, ErrorCode::TokenExpired).with_context(|| name.clone())?;
        let answer = route.call(&world, &raw, Some(&out.token)).await?;
        if route.path.ends_with("sign-out") {
            assert_eq!(answer.status, 204, "signing out twice is no error");
        } else {
            refused(&answer, ErrorCode::SessionEnded).with_context(|| name.clone())?;
        }
    }
    for (token, code) in [("garbage", ErrorCode::Unauthorized), (&late, ErrorCode::TokenExpired)] {
        let bearer = format!("Bearer {token}");
        refused(&raw.refused_upgrade("/api/v1/ws", &[("authorization", &bearer)]).await?, code)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_body_that_is_not_as_agreed_is_refused() -> Result<()> {
    let world = World::new().await?;
    let raw = world.raw("Aigerim").await?;
    let json = "application/json";
    for route in routes() {
        let Some(body) = route.body else { continue };
        let name = format!("{} {}", route.method, route.path);
        let good = body(&world);
        let mut more = good.clone();
        more["role"] = json!("admin");
        let mut less = good.clone();
        let fields = less.as_object_mut().context("no object")?;
        let first = fields.keys().next().cloned().context("no field")?;
        let value = fields.remove(&first);
        let mut wrong = good.clone();
        wrong[&first] = json!([value]);
        let large = format!("{good}{}", " ".repeat(66 * 1024));
        let bytes = |value: &Value| value.to_string().into_bytes();
        let cases = [
            ((json, bytes(&more)), ErrorCode::InvalidInput),
            ((json, bytes(&less)), ErrorCode::InvalidInput),
            ((json, bytes(&wrong)), ErrorCode::InvalidInput),
            ((json, bytes(&json!([]))), ErrorCode::InvalidInput),
            ((json, bytes(&Value::Null)), ErrorCode::InvalidInput),
            ((json, b"{".to_vec()), ErrorCode::InvalidInput),
            ((json, Vec::new()), ErrorCode::InvalidInput),
            ((json, vec![0xff, 0xfe, 0]), ErrorCode::InvalidInput),
            ((json, vec![b'['; 40_000]), ErrorCode::InvalidInput),
            (("text/plain", bytes(&good)), ErrorCode::InvalidInput),
            (("application/x-www-form-urlencoded", b"a=b".to_vec()), ErrorCode::InvalidInput),
            ((json, large.into_bytes()), ErrorCode::TooLarge),
        ];
        for ((kind, sent), code) in cases {
            let what = format!("{name}: {kind} {:?}", String::from_utf8_lossy(&sent[..sent.len().min(80)]));
            let answer =
                raw.call(route.method, &route.at(&uuid()), Some(&raw.token), Some((kind, sent))).await?;
            refused(&answer, code).with_context(|| what)?;
            // What was sent may be a password: no refusal quotes it.
            assert!(!answer.body.to_string().contains(PASSWORD), "{name}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_told_in_the_same_way_everywhere() -> Result<()> {
    let world = World::new().await?;
    let raw = world.raw("Aigerim").await?;
    for route in routes() {
        let name = format!("{} {}", route.method, route.path);
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            let taken = routes().iter().any(|it| it.path == route.path && it.method == method);
            if !taken {
                let answer = raw.call(method, &route.at(&uuid()), Some(&raw.token), None).await?;
                refused(&answer, ErrorCode::NotFound).with_context(|| format!("{method} on {name}"))?;
            }
        }
        if !route.path.contains("{id}") {
            continue;
        }
        let body = || route.body.map(|body| ("application/json", body(&world).to_string().into_bytes()));
        for id in ["1", "that-one", "%00", "%ff", "..%2f..%2fetc", "'%20OR%201=1", &"0".repeat(4_000)] {
            let answer = raw.call(route.method, &route.at(id), Some(&raw.token), body()).await?;
            refused(&answer, ErrorCode::NotFound).with_context(|| format!("{name} with {id}"))?;
        }
    }
    for path in ["/", "/api", "/api/v1", "/api/v2/trips", "/api/v1/trips/", "/metrics", "/.env"] {
        refused(&raw.get(path).await?, ErrorCode::NotFound).with_context(|| path.to_owned())?;
    }
    refused(&raw.get("/api/v1/ws").await?, ErrorCode::InvalidInput)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_in_the_address_is_refused_on_every_route() -> Result<()> {
    let world = World::new().await?;
    let raw = world.raw("Aigerim").await?;
    for name in ["token", "access_token", "Access_Token", "jwt", "refresh_token", "%74oken", "access%5Ftoken"]
    {
        for route in routes() {
            let path = format!("{}?limit=1&{name}={}", route.at(&uuid()), raw.token);
            let answer = raw.call(route.method, &path, Some(&raw.token), None).await?;
            refused(&answer, ErrorCode::TokenInUrl).with_context(|| format!("{} ?{name}", route.path))?;
            assert!(!answer.body.to_string().contains(&raw.token));
        }
        let bearer = format!("Bearer {}", raw.token);
        let path = format!("/api/v1/ws?{name}={}", raw.token);
        let answer = raw.refused_upgrade(&path, &[("authorization", &bearer)]).await?;
        refused(&answer, ErrorCode::TokenInUrl)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_our_own_pages_may_open_a_socket() -> Result<()> {
    let world = World::new().await?;
    let mut raw = world.raw("Aigerim").await?;
    let bearer = format!("Bearer {}", raw.token);
    for origin in [
        "https://evil.example",
        "null",
        "",
        "tauri://localhost.evil.example",
        "https://evil.tauri://localhost",
        "tauri://localhost/",
        "tauri://localhost:1",
        "TAURI://LOCALHOST",
        "http://localhost",
        "file://",
    ] {
        let headers = [("authorization", bearer.as_str()), ("origin", origin)];
        let answer = raw.refused_upgrade("/api/v1/ws", &headers).await?;
        refused(&answer, ErrorCode::OriginRefused).with_context(|| format!("from {origin:?}"))?;
    }
    for origin in ["tauri://localhost", "http://tauri.localhost", "https://tauri.localhost"] {
        let status = raw.dial("/api/v1/ws", &[("authorization", &bearer), ("origin", origin)]).await?;
        assert_eq!(status, 101, "{origin}");
    }
    Ok(())
}

fn texts(answer: &Answer) -> Vec<&str> {
    let messages = answer.body["messages"].as_array().into_iter().flatten();
    messages.filter_map(|message| message["body"]["text"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_is_read_page_by_page_in_every_direction() -> Result<()> {
    on_both(|world| async move {
        let mut driver = world.raw("Aigerim").await?;
        let (_, room) = driver.trip(&world.trip()).await?;
        driver.connect().await?;
        let mut seqs = Vec::new();
        let lines: Vec<String> = (0..120).map(|number| format!("line {number}")).collect();
        for some in lines.chunks(16) {
            for line in some {
                let send = json!({"type": "send", "id": uuid(), "room": room, "written_at": 5,
                                  "body": {"kind": "TEXT", "text": line}});
                driver.say(&send).await?;
            }
            for _ in some {
                let seq =
                    driver.until(|frame| if let ServerFrame::Ok(done) = frame { done.seq } else { None });
                seqs.push(seq.await?.0);
            }
        }
        let page = async |query: &str| driver.get(&format!("/api/v1/rooms/{room}/messages{query}")).await;
        let (first, middle, last) = (seqs[0], seqs[60], seqs[119]);
        for (query, range, has_more) in [
            (String::new(), 70..120, true),
            ("?limit=0".into(), 119..120, true),
            ("?limit=1".into(), 119..120, true),
            ("?limit=100".into(), 20..120, true),
            ("?limit=1000".into(), 20..120, true),
            (format!("?before={middle}&limit=10"), 50..60, true),
            (format!("?before={middle}&limit=60"), 0..60, false),
            (format!("?before={middle}&limit=61"), 0..60, false),
            (format!("?before={first}"), 0..0, false),
            ("?before=-1".into(), 0..0, false),
            (format!("?before={}", i64::MIN), 0..0, false),
            (format!("?before={}&limit=2", i64::MAX), 118..120, true),
            (format!("?after={middle}&limit=10"), 61..71, true),
            (format!("?after={middle}&limit=59"), 61..120, false),
            (format!("?after={last}"), 120..120, false),
            ("?after=0&limit=3".into(), 0..3, true),
            (format!("?after={}&limit=3", i64::MIN), 0..3, true),
            (format!("?after={}", i64::MAX), 120..120, false),
            (format!("?around={middle}&limit=10"), 55..65, true),
            (format!("?around={middle}&limit=1"), 60..61, true),
            (format!("?around={}&limit=1", i64::MIN), 0..1, true),
            (format!("?around={last}&limit=4"), 117..120, true),
        ] {
            let answer = page(&query).await?;
            assert_eq!(answer.status, 200, "{query}: {answer:?}");
            assert_eq!(
                texts(&answer),
                lines[range].iter().map(String::as_str).collect::<Vec<_>>(),
                "{query}"
            );
            assert_eq!(answer.body["has_more"], json!(has_more), "{query}");
        }
        for query in
            ["?limit=-1", "?limit=x", "?before=x", "?before=1&after=1", "?limit=99999999999", "?page=2"]
        {
            refused(&page(query).await?, ErrorCode::InvalidInput).with_context(|| query.to_owned())?;
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_made_once_and_its_existence_is_not_told() -> Result<()> {
    on_both(|world| async move {
        let raw = world.raw("Aigerim").await?;
        let register = |email: &str, password: &str, name: &str| {
            json!({"email": email, "password": password, "name": name, "device": uuid()})
        };
        let again = register(&raw.email.to_uppercase(), PASSWORD, "Other");
        refused(&raw.post("/api/v1/auth/register", &again).await?, ErrorCode::EmailTaken)?;
        for (body, field) in [
            (register("no address", PASSWORD, "N"), "email"),
            (register("a@b.c", "short", "N"), "password"),
            (register("a@b.c", &"x".repeat(129), "N"), "password"),
            (register("a@b.c", PASSWORD, " "), "name"),
            (register("a@b.c", PASSWORD, "a\0b"), "name"),
        ] {
            let answer = raw.post("/api/v1/auth/register", &body).await?;
            refused(&answer, ErrorCode::InvalidInput)?;
            assert_eq!(answer.body["error"]["details"], json!(field));
        }
        let sign_in = async |email: &str, password: &str| {
            let body = json!({"email": email, "password": password, "device": uuid()}).to_string();
            let body = ("application/json", body.into_bytes());
            raw.call("POST", "/api/v1/auth/sign-in", None, Some(body)).await
        };
        let mut seen = Vec::new();
        for (email, password) in [(raw.email.as_str(), "wrong horse"), ("nobody@example.org", PASSWORD), ("no address", "x"), (&raw.email, "")] {
            let mut answer = sign_in(email, password).await?;
            refused(&answer, ErrorCode::WrongCredentials)?;
            answer.body["error"]["request_id"] = Value::Null;
            seen.push((answer.status, answer.body));
        }
        assert!(seen.iter().all(|it| it == &seen[0]), "{seen:?}");
        assert_eq!(sign_in(&raw.email.to_uppercase(), PASSWORD).await?.status, 200);
        Ok(())
    })
    .await
}
