//! A token of a foreign issuer: who says it is for whom. The same rules as for our own (RFC 8725), but for its type:
//! platforms sign plain JWTs.

use super::jwks::{ForeignKey, is_name};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Validation;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tripchat_protocol::Millis;

/// Clocks may differ by this much, in seconds.
const LEEWAY: i64 = 30;
/// Characters of a subject (OpenID Connect Core, section 2).
const SUBJECT_CHARS: usize = 255;
/// Types that an access token may have; none is a plain JWT. An ID token, a logout token or a refresh token that says
/// what it is is refused.
const TYPES: [&str; 4] = ["jwt", "application/jwt", "at+jwt", "application/at+jwt"];

/// What a token says before anything of it is believed: which key to look up, and at whose.
#[derive(Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Who is said to have signed it.
    pub issuer: String,
    /// With which key.
    pub kid: String,
}

#[derive(Deserialize)]
struct Head {
    kid: String,
    typ: Option<String>,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Issued {
    iss: String,
}

/// Whom a verified token is for.
#[derive(Debug, PartialEq, Eq)]
pub struct Subject {
    /// The issuer's name for the person.
    pub subject: String,
    /// The name that the person shows there.
    pub name: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    iat: i64,
    #[serde(default, deserialize_with = "there")]
    nbf: Option<i64>,
    #[serde(default, deserialize_with = "there")]
    name: Option<String>,
}

/// A claim that is there has its type: null is none.
fn there<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// What `token` says of itself; `None` if it can be no token. Where a key may be fetched (`jku`, `x5u`) and keys that
/// it brings along (`jwk`, `x5c`) are not read at all.
pub fn claimed(token: &str) -> Option<Claimed> {
    let mut parts = token.split('.');
    let (head, body, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let Head { kid, typ, crit } = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).ok()?).ok()?;
    let good_type = typ.is_none_or(|typ| TYPES.iter().any(|known| typ.eq_ignore_ascii_case(known)));
    // Nothing that a token may call critical (RFC 7515, section 4.1.11) is understood here.
    if !good_type || crit.is_some() || !is_name(&kid) {
        return None;
    }
    let Issued { iss: issuer } = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
    Some(Claimed { issuer, kid })
}

/// Whom `token` is for, if `issuer` has signed it with `key` for `audience`, and its time is now.
pub fn verify(token: &str, key: &ForeignKey, issuer: &str, audience: &str, now: Millis) -> Option<Subject> {
    let mut rules = Validation::new(key.algorithm);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&[audience]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The library asks the machine's clock; ours is passed in, and the claims' types are checked by serde.
    rules.validate_exp = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &key.key, &rules).ok()?.claims;
    let Claims { sub: subject, exp, iat, nbf, name } = claims;
    let now = now.div_euclid(1_000);
    let begun = (0..=now + LEEWAY).contains(&iat) && nbf.is_none_or(|nbf| nbf <= now + LEEWAY);
    let named = (1..=SUBJECT_CHARS).contains(&subject.chars().count()) && !subject.contains('\0');
    (begun && exp > now - LEEWAY && named).then_some(Subject { subject, name })
}
