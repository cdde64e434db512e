use super::*;
use std::time::Duration;
use tripchat_runtime::{FixedClock, SeededRandom};

const NOW: Millis = 1_800_000_000_000;

fn tokens() -> Tokens {
    Tokens::new("tripchat", 900, &[7; 32], &[8; 32]).unwrap()
}

fn sources() -> Sources {
    Sources::new(FixedClock::at(NOW), SeededRandom::new(1))
}

fn ids() -> (UserId, SessionId) {
    (UserId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)))
}

/// Signs whatever header and claims a test makes up with the server's own key.
fn forged(header: &Value, claims: &Value) -> String {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
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
        json!({"typ": "at+jwt", "alg": "EdDSA", "kid": tokens().kid}),
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
    let (token, expires_at) = tokens().issue(&sources(), user, session, "default").unwrap();
    let caller = tokens().check(&token, NOW).unwrap();
    assert_eq!((caller.user, caller.session, caller.tenant.as_str()), (user, session, "default"));
    assert_eq!((caller.expires_at, expires_at), (NOW + 900_000, NOW + 900_000));
    assert!(tokens().check(&token, NOW + 899_000).is_ok());
    assert_eq!(code(tokens().check(&token, NOW + 900_000)), ErrorCode::TokenExpired);
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
    let public = URL_SAFE_NO_PAD.decode(tokens().public).unwrap();
    let hs = Header { typ: Some(TYPE.into()), kid: Some(tokens().kid), ..Header::new(Algorithm::HS256) };
    let mac = jsonwebtoken::encode(&hs, &claims, &EncodingKey::from_secret(&public)).unwrap();
    assert_eq!(code(tokens().check(&mac, NOW)), ErrorCode::Unauthorized);
    let other = Tokens::new("tripchat", 900, &[9; 32], &[8; 32]).unwrap();
    let (user, session) = ids();
    let (token, _) = other.issue(&sources(), user, session, "default").unwrap();
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
    let (token, _) = tokens().issue(&sources(), ids().0, ids().1, "default").unwrap();
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
    let (token, _) = tokens().issue(&sources, ids().0, ids().1, "default").unwrap();
    clock.advance(Duration::from_secs(901));
    assert_eq!(code(tokens().check(&token, sources.now())), ErrorCode::TokenExpired);
}
