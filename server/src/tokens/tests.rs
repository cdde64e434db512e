use super::*;
use aws_lc_rs::signature::Ed25519KeyPair;
use jsonwebtoken::EncodingKey;
use serde_json::json;
use std::time::Duration;
use tripchat_runtime::{FixedClock, SeededRandom};

const NOW: Millis = 1_800_000_000_000;

fn key(seed: u8, signs_from: Millis) -> StoredKey {
    StoredKey { seed: [seed; 32], signs_from, token_seconds: 900 }
}

fn of_keys(keys: &[StoredKey]) -> Tokens {
    Tokens::new("tripchat", 900, keys.to_vec(), &[8; 32]).unwrap()
}

fn tokens() -> Tokens {
    of_keys(&[key(7, NOW)])
}

fn kids(tokens: &Tokens, now: Millis) -> Vec<String> {
    let keys = tokens.jwks(now);
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().into()).collect()
}

fn kid_of(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

fn sources() -> Sources {
    Sources::new(FixedClock::at(NOW), SeededRandom::new(1))
}

fn ids() -> (UserId, SessionId) {
    (UserId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)))
}

fn holder(trip: Option<TripContext>) -> Holder<'static> {
    let (user, session) = ids();
    Holder { user, session, tenant: "default", trip }
}

/// Signs whatever header and claims a test makes up with the server's own key.
fn forged(header: &Value, claims: &Value) -> String {
    forged_by(7, header, claims)
}

fn forged_by(seed: u8, header: &Value, claims: &Value) -> String {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let signature = URL_SAFE_NO_PAD.encode(pair.sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

fn good() -> (Value, Value) {
    let (user, session) = ids();
    let seconds = NOW / 1000;
    (
        json!({"typ": "at+jwt", "alg": "EdDSA", "kid": kids(&tokens(), NOW)[0]}),
        json!({"iss": "tripchat", "aud": "tripchat", "sub": user, "sid": session, "tenant": "default",
               "scope": "person", "exp": seconds + 900, "iat": seconds, "jti": Uuid::from_u128(3)}),
    )
}

fn code(result: Result<Caller>) -> ErrorCode {
    result.expect_err("the token was taken").code()
}

#[test]
fn a_token_names_its_caller_until_it_expires() {
    let (user, session) = ids();
    let (token, expires_at) = tokens().issue(&sources(), holder(None)).unwrap();
    let caller = tokens().check(&token, NOW).unwrap();
    assert_eq!((caller.user, caller.session, caller.tenant.as_str()), (user, session, "default"));
    assert_eq!((caller.expires_at, expires_at), (NOW + 900_000, NOW + 900_000));
    assert!(tokens().check(&token, NOW + 899_000).is_ok());
    assert_eq!(code(tokens().check(&token, NOW + 900_000)), ErrorCode::TokenExpired);
}

#[test]
fn a_token_with_a_trips_context_says_it_and_is_taken_like_any_other() {
    let claims_of = |token: &str| -> Value {
        let claims = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
    };
    let plain = tokens().issue(&sources(), holder(None)).unwrap().0;
    let trip = TripContext { trip: TripId(Uuid::from_u128(9)), role: TripRole::Passenger };
    let with = tokens().issue(&sources(), holder(Some(trip))).unwrap().0;
    let mut said = claims_of(&with);
    assert_eq!(said["trip_id"], json!(trip.trip));
    assert_eq!(said["trip_role"], json!("passenger"));
    assert_eq!(tokens().check(&with, NOW).unwrap(), tokens().check(&plain, NOW).unwrap());
    let said = said.as_object_mut().unwrap();
    said.retain(|name, _| !name.starts_with("trip_"));
    let names = ["aud", "exp", "iat", "iss", "jti", "scope", "sid", "sub", "tenant"];
    assert!(said.keys().eq(names), "without it there is nothing else");
    assert!(claims_of(&plain).as_object().unwrap().keys().eq(names));
}

#[test]
fn the_forge_makes_tokens_that_pass_unless_something_is_wrong() {
    let (header, claims) = good();
    assert!(tokens().check(&forged(&header, &claims), NOW).is_ok());
}

#[test]
fn algorithms_types_and_keys_are_bound() {
    let (header, claims) = good();
    for (field, value) in [
        ("alg", json!("none")),
        ("alg", json!("None")),
        ("alg", json!("HS256")),
        ("alg", json!("ES256")),
        ("typ", json!("JWT")),
        ("typ", Value::Null),
        ("kid", json!("../../etc/passwd")),
        ("kid", json!("' OR 1=1")),
        ("kid", json!("https://evil.example/key")),
        ("kid", json!("k".repeat(10_000))),
        ("kid", Value::Null),
    ] {
        let mut header = header.clone();
        header[field] = value.clone();
        assert_eq!(
            code(tokens().check(&forged(&header, &claims), NOW)),
            ErrorCode::Unauthorized,
            "{field} {value}"
        );
    }
    // HS256 with the public key as its secret, and a signature of another key.
    let public = URL_SAFE_NO_PAD.decode(tokens().jwks(NOW)["keys"][0]["x"].as_str().unwrap()).unwrap();
    let hs = Header {
        typ: Some(TYPE.into()),
        kid: Some(kids(&tokens(), NOW)[0].clone()),
        ..Header::new(Algorithm::HS256)
    };
    let mac = jsonwebtoken::encode(&hs, &claims, &EncodingKey::from_secret(&public)).unwrap();
    assert_eq!(code(tokens().check(&mac, NOW)), ErrorCode::Unauthorized);
    let other = of_keys(&[key(9, NOW)]);
    let (token, _) = other.issue(&sources(), holder(None)).unwrap();
    assert_eq!(code(tokens().check(&token, NOW)), ErrorCode::Unauthorized);
}

#[test]
fn claims_must_be_there_have_their_type_and_be_ours() {
    let (header, claims) = good();
    let seconds = NOW / 1000;
    for (field, value) in [
        ("exp", json!("1900000000")),
        ("exp", json!(1.5e9)),
        ("exp", json!(-1)),
        ("exp", Value::Null),
        ("exp", json!(u64::MAX)),
        ("exp", json!(seconds + 7_200)),
        ("iat", json!(seconds + 60)),
        ("iat", json!("now")),
        ("iss", json!("someone-else")),
        ("aud", json!("another-service")),
        ("aud", json!(["another-service"])),
        ("sub", json!("driver")),
        ("sid", Value::Null),
        ("email", json!("a@example.org")),
        ("nbf", json!("soon")),
    ] {
        let mut claims = claims.clone();
        claims[field] = value.clone();
        assert_ne!(
            tokens().check(&forged(&header, &claims), NOW).map(|_| ()).ok(),
            Some(()),
            "{field} {value}"
        );
    }
    for field in ["exp", "iat", "iss", "aud", "sub", "sid", "tenant", "jti"] {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(field);
        assert_eq!(code(tokens().check(&forged(&header, &claims), NOW)), ErrorCode::Unauthorized, "{field}");
    }
}

#[test]
fn texts_that_are_no_tokens_are_refused() {
    let (token, _) = tokens().issue(&sources(), holder(None)).unwrap();
    let half = token.split_at(token.len() / 2).0;
    for text in ["", ".", "..", "a.b.c", "🙂.🙂.🙂", half, &format!("{token}A"), &"x".repeat(100_000)] {
        assert_eq!(code(tokens().check(text, NOW)), ErrorCode::Unauthorized);
    }
}

#[test]
fn refresh_tokens_have_one_successor_and_cannot_be_guessed() {
    let tokens = tokens();
    let first = tokens.first_refresh(&sources(), ids().1);
    let read = tokens.read_refresh(&first.text()).unwrap();
    assert_eq!((read.session, read.hash()), (first.session, first.hash()));
    assert_eq!(tokens.next_refresh(&first).text(), tokens.next_refresh(&read).text());
    assert_ne!(tokens.next_refresh(&first).text(), first.text());
    let mut bytes = URL_SAFE_NO_PAD.decode(first.text()).unwrap();
    for place in 0..bytes.len() {
        bytes[place] ^= 1;
        assert!(tokens.read_refresh(&URL_SAFE_NO_PAD.encode(&bytes)).is_err(), "byte {place}");
        bytes[place] ^= 1;
    }
}

#[test]
fn the_clock_that_counts_is_the_one_passed_in() {
    let clock = FixedClock::at(NOW);
    let sources = Sources::new(clock.clone(), SeededRandom::new(1));
    let (token, _) = tokens().issue(&sources, holder(None)).unwrap();
    clock.advance(Duration::from_secs(901));
    assert_eq!(code(tokens().check(&token, sources.now())), ErrorCode::TokenExpired);
}

const MINUTE: Millis = 60_000;

/// Rotates at the third minute and looks every second: whoever reads our keys every five minutes misses no token, and
/// none is refused before it expires.
#[test]
fn a_rotation_with_overlap_loses_no_token() {
    let rotated_at = NOW + 3 * MINUTE;
    let clock = FixedClock::at(NOW);
    let sources = Sources::new(clock.clone(), SeededRandom::new(1));
    let tokens = of_keys(&[key(7, NOW)]);
    let (first, mut second) = (kids(&tokens, NOW)[0].clone(), None);
    let mut reader = Vec::new();
    let mut signed: Vec<(Millis, String)> = Vec::new();
    for second_of in 0..45 * 60 {
        let now = NOW + second_of * 1_000;
        if now == rotated_at {
            tokens.set_keys(vec![key(7, NOW), key(9, rotated_at + PUBLISHED_BEFORE)]).unwrap();
            second = kids(&tokens, now).into_iter().find(|kid| *kid != first);
            assert!(second.is_some(), "a new key is published at once");
        }
        if second_of % 300 == 0 {
            reader = kids(&tokens, now);
        }
        let (token, expires_at) = tokens.issue(&sources, holder(None)).unwrap();
        let by = if now < rotated_at + PUBLISHED_BEFORE { &first } else { second.as_ref().unwrap() };
        assert_eq!(kid_of(&token), *by, "second {second_of}");
        assert!(
            reader.contains(&kid_of(&token)),
            "who read our keys in the last five minutes knows this one"
        );
        if second_of % 20 == 0 {
            signed.push((expires_at, token));
            signed.retain(|(expires_at, _)| *expires_at > now);
            for (_, token) in &signed {
                assert!(tokens.check(token, now).is_ok(), "second {second_of}");
                assert!(kids(&tokens, now).contains(&kid_of(token)));
            }
        }
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(kids(&tokens, NOW + 45 * MINUTE), [second.unwrap()], "the old key is not published any more");
}

#[test]
fn a_retired_key_signs_nothing_that_is_taken_however_fresh_it_looks() {
    let next_from = NOW + PUBLISHED_BEFORE;
    let tokens = of_keys(&[key(7, NOW), key(9, next_from)]);
    let last = next_from + 900_000 + LEEWAY * 1_000;
    let (header, claims) = good();
    let fresh = |now: Millis| {
        let mut claims = claims.clone();
        claims["iat"] = json!(now / 1000);
        claims["exp"] = json!(now / 1000 + 900);
        forged_by(7, &header, &claims)
    };
    assert!(tokens.check(&fresh(last - 1_000), last - 1_000).is_ok());
    assert_eq!(code(tokens.check(&fresh(last), last)), ErrorCode::Unauthorized);
    assert_eq!(kids(&tokens, last - 1_000).len(), 2);
    assert_eq!(kids(&tokens, last).len(), 1);
}

#[test]
fn keys_that_cannot_be_used_leave_those_before() {
    let tokens = tokens();
    let before = tokens.jwks(NOW);
    assert!(tokens.set_keys(Vec::new()).is_err());
    assert_eq!(tokens.jwks(NOW), before);
}

#[test]
fn each_key_says_what_it_is_good_for() {
    let keys = Keys::new(vec![key(9, NOW + PUBLISHED_BEFORE), key(7, NOW)]).unwrap();
    let states = |now| keys.all().iter().map(|key| key.state(now)).collect::<Vec<_>>();
    assert_eq!(states(NOW), [State::Signing, State::Published(PUBLISHED_BEFORE)]);
    let from = NOW + PUBLISHED_BEFORE;
    assert_eq!(states(from), [State::Verifying(930_000), State::Signing]);
    assert_eq!(states(from + 930_000), [State::Retired, State::Signing]);
    // A clock that has gone back finds a key to sign with.
    assert!(keys.signing(NOW - 1).is_some());
}
