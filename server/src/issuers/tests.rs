//! Issuers whose keys are served by a real HTTP server on loopback.

use super::*;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::FutureExt;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpListener;
use tripchat_runtime::{FixedClock, SeededRandom};

const NOW: i64 = 1_800_000_000_000;
const ISSUER: &str = "https://rides.example";

/// What the platform's server answers with.
#[derive(Clone)]
enum Page {
    Keys(Value),
    Status(u16),
    Redirect,
    Bytes(Vec<u8>),
}

/// A platform: its keys are on a real server, which counts who asks.
struct Platform {
    page: Arc<Mutex<Page>>,
    /// The paths that were asked for.
    asked: Arc<Mutex<Vec<String>>>,
    clock: Arc<FixedClock>,
    issuers: Issuers,
    _serving: Tasks,
}

type Served = (Arc<Mutex<Page>>, Arc<Mutex<Vec<String>>>);

async fn serve(State((page, asked)): State<Served>, request: Request<Body>) -> Response<Body> {
    asked.lock().unwrap().push(request.uri().to_string());
    let page = page.lock().unwrap().clone();
    let answer = Response::builder();
    let answer = match page {
        Page::Keys(keys) => answer.body(keys.to_string().into()),
        Page::Bytes(bytes) => answer.body(bytes.into()),
        Page::Status(status) => answer.status(status).body(Body::empty()),
        Page::Redirect if request.uri().path() == "/elsewhere" => {
            answer.body(set(&[ed("a", 1)]).to_string().into())
        }
        Page::Redirect => answer.status(302).header("location", "/elsewhere").body(Body::empty()),
    };
    answer.unwrap()
}

impl Platform {
    async fn new(keys: &[Value]) -> Self {
        let page = Arc::new(Mutex::new(Page::Keys(set(keys))));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let jwks_url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
        let router = Router::new().fallback(serve).with_state((page.clone(), asked.clone()));
        let serving = Tasks::default();
        serving.start("platform", async move { axum::serve(listener, router).await.unwrap() });
        let config =
            IssuerConfig { issuer: ISSUER.into(), jwks_url, audience: "tripchat".into(), tenant: None };
        let clock = FixedClock::at(NOW);
        let sources = Sources::new(clock.clone(), SeededRandom::new(1));
        let issuers = Issuers::new(&[config], sources).unwrap();
        Self { page, asked, clock, issuers, _serving: serving }
    }

    fn answers(&self, page: Page) {
        *self.page.lock().unwrap() = page;
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    async fn code(&self, token: &str) -> Option<ErrorCode> {
        self.issuers.verify(token).await.err().map(|error| error.code())
    }
}

fn set(keys: &[Value]) -> Value {
    json!({"keys": keys})
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn ed_pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

/// The public key of `seed`, under the name `kid`.
fn ed(kid: &str, seed: u8) -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": text(ed_pair(seed).public_key().as_ref())})
}

fn claims() -> Value {
    let now = NOW / 1000;
    json!({"iss": ISSUER, "aud": "tripchat", "sub": "driver-7", "exp": now + 3_600, "iat": now, "name": "Айгерім"})
}

fn head(kid: &str) -> Value {
    json!({"alg": "EdDSA", "typ": "JWT", "kid": kid})
}

fn signed(head: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let signed = format!("{}.{}", text(head.to_string().as_bytes()), text(claims.to_string().as_bytes()));
    let signature = text(&sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

fn by_ed(seed: u8, head: &Value, claims: &Value) -> String {
    signed(head, claims, |bytes| ed_pair(seed).sign(bytes).as_ref().to_vec())
}

fn token(kid: &str, seed: u8) -> String {
    by_ed(seed, &head(kid), &claims())
}

const REFUSED: Option<ErrorCode> = Some(ErrorCode::Unauthorized);

#[tokio::test]
async fn a_token_of_a_known_issuer_names_its_person() {
    let platform = Platform::new(&[ed("a", 1)]).await;
    let person = platform.issuers.verify(&token("a", 1)).await.unwrap();
    let expected = ForeignPerson {
        tenant: None,
        issuer: ISSUER.into(),
        subject: "driver-7".into(),
        name: Some("Айгерім".into()),
    };
    assert_eq!(person, expected);
    for (field, value) in [("typ", Value::Null), ("typ", json!("at+jwt")), ("typ", json!("Application/JWT"))]
    {
        let mut head = head("a");
        head[field] = value;
        if head[field].is_null() {
            head.as_object_mut().unwrap().remove(field);
        }
        assert_eq!(platform.code(&by_ed(1, &head, &claims())).await, None);
    }
    let mut several = claims();
    several["aud"] = json!(["another", "tripchat"]);
    assert_eq!(platform.code(&by_ed(1, &head("a"), &several)).await, None);
    assert_eq!(platform.asked(), 1, "one question serves all");
}

#[tokio::test]
async fn the_algorithm_is_the_keys_and_never_the_tokens() {
    let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let (x, y) = ec.public_key().as_ref()[1..].split_at(32);
    let rsa = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    // RFC 8017, A.1.1: a sequence of two integers, of which the first has 257 bytes.
    let modulus = text(&rsa.public_key().as_ref()[9..265]);
    let platform = Platform::new(&[
        ed("ed", 1),
        json!({"kty": "EC", "crv": "P-256", "kid": "ec", "x": text(x), "y": text(y)}),
        json!({"kty": "RSA", "kid": "rsa", "n": modulus, "e": "AQAB"}),
    ])
    .await;
    let head = |alg: &str, kid: &str| json!({"alg": alg, "kid": kid});
    let by_ec = |head: &Value| {
        signed(head, &claims(), |bytes| ec.sign(&SystemRandom::new(), bytes).unwrap().as_ref().to_vec())
    };
    let by_rsa = |head: &Value| {
        signed(head, &claims(), |bytes| {
            let mut signature = vec![0; rsa.public_modulus_len()];
            rsa.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), bytes, &mut signature).unwrap();
            signature
        })
    };
    assert_eq!(platform.code(&by_ec(&head("ES256", "ec"))).await, None);
    assert_eq!(platform.code(&by_rsa(&head("RS256", "rsa"))).await, None);
    assert_eq!(platform.code(&by_ed(1, &head("EdDSA", "ed"), &claims())).await, None);
    for (alg, kid) in [("RS256", "ec"), ("ES256", "rsa"), ("PS256", "rsa"), ("RS512", "rsa"), ("EdDSA", "ec")]
    {
        for token in [by_ec(&head(alg, kid)), by_rsa(&head(alg, kid)), by_ed(1, &head(alg, kid), &claims())] {
            assert_eq!(platform.code(&token).await, REFUSED, "{alg} by {kid}");
        }
    }
    for alg in ["none", "None", "nOnE", "HS256", ""] {
        for signature in [Vec::new(), b"x".to_vec()] {
            let token = signed(&head(alg, "ed"), &claims(), |_| signature);
            assert_eq!(platform.code(&token).await, REFUSED, "{alg}");
        }
    }
    // A MAC made with the public key.
    let public = ed_pair(1).public_key().as_ref().to_vec();
    let mac = signed(&head("HS256", "ed"), &claims(), |bytes| {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &public);
        aws_lc_rs::hmac::sign(&key, bytes).as_ref().to_vec()
    });
    assert_eq!(platform.code(&mac).await, REFUSED);
}

#[tokio::test]
async fn what_a_token_brings_along_is_neither_believed_nor_fetched() {
    let platform = Platform::new(&[ed("a", 1)]).await;
    assert_eq!(platform.code(&token("a", 1)).await, None);
    let elsewhere = platform.issuers.known[0].config.jwks_url.replace("/jwks.json", "/planted");
    for (field, value) in
        [("jwk", ed("a", 2)), ("jku", json!(elsewhere)), ("x5u", json!(elsewhere)), ("x5c", json!(["MIIB"]))]
    {
        let mut head = head("a");
        head[field] = value;
        assert_eq!(platform.code(&by_ed(2, &head, &claims())).await, REFUSED, "{field}");
    }
    let mut critical = head("a");
    critical["crit"] = json!(["b64"]);
    assert_eq!(platform.code(&by_ed(1, &critical, &claims())).await, REFUSED);
    // No name that is none leads to a question, however long ago the last one was.
    platform.advance(100);
    for kid in ["../a", "a/../a", "' OR 1=1 --", &elsewhere, &"a".repeat(65), &"a".repeat(10_000), "", "ключ"]
    {
        assert_eq!(platform.code(&token(kid, 1)).await, REFUSED, "{kid}");
    }
    for kid in [json!(7), Value::Null, json!(["a"])] {
        let mut head = head("a");
        head["kid"] = kid;
        assert_eq!(platform.code(&by_ed(1, &head, &claims())).await, REFUSED);
    }
    for typ in ["refresh+jwt", "logout+jwt", "id_token", "dpop+jwt"] {
        let mut head = head("a");
        head["typ"] = json!(typ);
        assert_eq!(platform.code(&by_ed(1, &head, &claims())).await, REFUSED, "{typ}");
    }
    assert_eq!(*platform.asked.lock().unwrap(), ["/jwks.json"]);
}

#[tokio::test]
async fn foreign_claims_must_be_there_have_their_type_and_be_for_us_and_of_now() {
    let platform = Platform::new(&[ed("a", 1)]).await;
    let now = NOW / 1000;
    let good =
        [("exp", json!(now - 29)), ("iat", json!(now + 29)), ("nbf", json!(now + 29)), ("extra", json!(1))];
    for (field, value) in good {
        let mut claims = claims();
        claims[field] = value.clone();
        assert_eq!(platform.code(&by_ed(1, &head("a"), &claims)).await, None, "{field} {value}");
    }
    let mut cases: Vec<(&str, Value)> = vec![
        ("iss", json!("https://evil.example")),
        ("iss", json!([ISSUER])),
        ("aud", json!("another")),
        ("aud", json!(["another"])),
        ("aud", json!([])),
        ("sub", json!("")),
        ("sub", json!(7)),
        ("sub", json!("s".repeat(256))),
        ("sub", json!("a\0b")),
        ("exp", json!(now - 31)),
        ("iat", json!(now + 31)),
        ("iat", json!(-1)),
        ("nbf", json!(now + 31)),
        ("name", json!(7)),
        ("name", Value::Null),
    ];
    for field in ["exp", "iat", "nbf"] {
        for value in [json!("1900000000"), Value::Null, json!(1.9e9), json!(u64::MAX), json!([1])] {
            cases.push((field, value));
        }
    }
    for (field, value) in cases {
        let mut claims = claims();
        claims[field] = value.clone();
        assert_eq!(platform.code(&by_ed(1, &head("a"), &claims)).await, REFUSED, "{field} {value}");
    }
    for field in ["iss", "aud", "sub", "exp", "iat"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(field);
        assert_eq!(platform.code(&by_ed(1, &head("a"), &claims)).await, REFUSED, "without {field}");
    }
    for text in ["", ".", "..", "a.b.c", "a.b.c.d", "🙂.🙂.🙂", &"x".repeat(60_000)] {
        assert_eq!(platform.code(text).await, REFUSED);
    }
    assert_eq!(platform.code(&token("a", 2)).await, REFUSED, "signed by somebody else");
}

#[tokio::test]
async fn ten_thousand_random_keys_cause_two_questions_at_most() {
    let platform = Platform::new(&[ed("a", 1)]).await;
    for number in 0..10_000 {
        assert_eq!(platform.code(&token(&format!("random-{number}"), 1)).await, REFUSED);
    }
    assert!(platform.asked() <= 2, "{}", platform.asked());
    assert_eq!(platform.code(&token("a", 1)).await, None);
}

#[tokio::test]
async fn whoever_comes_while_the_issuer_is_asked_waits_for_the_one_answer() {
    let platform = Platform::new(&[ed("a", 1)]).await;
    let mut tokens: Vec<String> = (0..200).map(|number| token(&format!("random-{number}"), 1)).collect();
    tokens.extend(vec![token("a", 1); 200]);
    let codes = join_all(tokens.iter().map(|token| platform.code(token))).await;
    assert_eq!(codes[..200], [REFUSED; 200]);
    assert_eq!(codes[200..], [None; 200]);
    assert_eq!(platform.asked(), 1);
}

#[tokio::test]
async fn a_request_that_is_given_up_does_not_end_the_question() {
    let platform = Platform::new(&[ed("a", 1)]).await;
    let good = token("a", 1);
    for _ in 0..20 {
        // Dropped as soon as it waits.
        assert!(platform.issuers.verify(&good).now_or_never().is_none());
    }
    assert_eq!(platform.code(&good).await, None);
    assert_eq!(platform.asked(), 1);
}

#[tokio::test]
async fn keys_follow_their_issuer_and_outlive_its_silence_for_an_hour() {
    let platform = Platform::new(&[ed("a", 1)]).await;
    let fresh = |platform: &Platform, kid: &str, seed: u8| {
        let now = platform.issuers.sources.now() / 1000;
        let mut claims = claims();
        claims["iat"] = json!(now);
        claims["exp"] = json!(now + 60);
        by_ed(seed, &head(kid), &claims)
    };
    assert_eq!(platform.code(&fresh(&platform, "a", 1)).await, None);
    // A new key that signs before anybody could know it is found by a question.
    platform.answers(Page::Keys(set(&[ed("a", 1), ed("b", 2)])));
    platform.advance(30);
    assert_eq!(platform.code(&fresh(&platform, "b", 2)).await, None);
    assert_eq!(platform.asked(), 2);
    // One that was taken back is refused once the answer is five minutes old.
    platform.answers(Page::Keys(set(&[ed("b", 2)])));
    platform.advance(299);
    assert_eq!(platform.code(&fresh(&platform, "a", 1)).await, None);
    platform.advance(1);
    assert_eq!(platform.code(&fresh(&platform, "a", 1)).await, REFUSED);
    assert_eq!(platform.asked(), 3);
    for (page, asked) in [(Page::Status(500), 4), (Page::Bytes(b"<html>".to_vec()), 5)] {
        platform.answers(page);
        platform.advance(1_800);
        assert_eq!(platform.code(&fresh(&platform, "b", 2)).await, None, "it does not answer");
        assert_eq!(platform.asked(), asked);
    }
    platform.advance(301);
    assert_eq!(platform.code(&fresh(&platform, "b", 2)).await, Some(ErrorCode::Unavailable));
    platform.answers(Page::Keys(set(&[ed("b", 2)])));
    platform.advance(30);
    assert_eq!(platform.code(&fresh(&platform, "b", 2)).await, None);
}

#[tokio::test]
async fn redirects_large_sets_and_other_answers_are_no_keys() {
    let filler = "x".repeat(64 * 1024);
    let many: Vec<Value> = (0..33).map(|number| ed(&format!("k{number}"), 1)).collect();
    for page in [
        Page::Redirect,
        Page::Status(204),
        Page::Status(404),
        Page::Bytes(json!({"keys": [ed("a", 1)], "filler": filler}).to_string().into_bytes()),
        Page::Keys(set(&many)),
        Page::Keys(set(&[ed("a", 1), ed("a", 1)])),
        Page::Keys(set(&[])),
    ] {
        let platform = Platform::new(&[]).await;
        platform.answers(page);
        assert_eq!(platform.code(&token("a", 1)).await, Some(ErrorCode::Unavailable));
        assert_eq!(*platform.asked.lock().unwrap(), ["/jwks.json"]);
    }
    let fits = json!({"keys": [ed("a", 1)], "filler": "x".repeat(60 * 1024)}).to_string().into_bytes();
    let platform = Platform::new(&[]).await;
    platform.answers(Page::Bytes(fits));
    assert_eq!(platform.code(&token("a", 1)).await, None);
}
