//! The key set of a foreign issuer (RFC 7517). Pure: bytes in, keys out.
//!
//! The algorithm belongs to the key and is never chosen by a token (RFC 8725, section 3.1): Ed25519 means EdDSA, P-256
//! ES256, RSA of 2,048 bits and more RS256. Whatever else a set holds is passed over; a set that cannot be meant is
//! refused as a whole.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Keys in a set.
const MOST_KEYS: usize = 32;
/// Characters of a key's name.
const KID_CHARS: usize = 64;
/// Bits of an RSA modulus: fewer are broken, more take a server's time.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;

/// A key that verifies.
#[derive(Clone)]
pub struct ForeignKey {
    /// The one algorithm that it is for.
    pub algorithm: Algorithm,
    /// The key.
    pub key: DecodingKey,
}

/// The keys by their names.
pub type KeySet = BTreeMap<String, ForeignKey>;

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Entry {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    /// Of a private key: whoever publishes one has no secret.
    d: Option<Value>,
}

/// Reads a set.
///
/// # Errors
/// Says what is wrong with it, for the log.
pub fn read(bytes: &[u8]) -> Result<KeySet, &'static str> {
    let Set { keys } = serde_json::from_slice(bytes).map_err(|_| "it is no set of keys")?;
    if keys.len() > MOST_KEYS {
        return Err("it has too many keys");
    }
    let mut set = KeySet::new();
    for (kid, key) in keys.into_iter().filter_map(|entry| usable(serde_json::from_value(entry).ok()?)) {
        if set.insert(kid, key).is_some() {
            return Err("two keys have one name");
        }
    }
    if set.is_empty() { Err("it has no key that can be used") } else { Ok(set) }
}

/// Whether `kid` can be the name of a key: it is compared, and never part of a path, a query or an address.
pub fn is_name(kid: &str) -> bool {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.=+".contains(&byte);
    (1..=KID_CHARS).contains(&kid.len()) && kid.bytes().all(safe)
}

fn usable(entry: Entry) -> Option<(String, ForeignKey)> {
    let signs = entry.purpose.as_deref().is_none_or(|purpose| purpose == "sig");
    let verifies = entry.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
    if !signs || !verifies || entry.d.is_some() || !is_name(&entry.kid) {
        return None;
    }
    let (algorithm, name, key) = match (entry.kty.as_str(), entry.crv.as_deref()) {
        ("OKP", Some("Ed25519")) => {
            (Algorithm::EdDSA, "EdDSA", DecodingKey::from_ed_components(&entry.x?).ok()?)
        }
        ("EC", Some("P-256")) => {
            (Algorithm::ES256, "ES256", DecodingKey::from_ec_components(&entry.x?, &entry.y?).ok()?)
        }
        ("RSA", None) => (Algorithm::RS256, "RS256", rsa(&entry.n?, &entry.e?)?),
        _ => return None,
    };
    let agreed = entry.alg.is_none_or(|alg| alg == name);
    agreed.then_some((entry.kid, ForeignKey { algorithm, key }))
}

fn rsa(modulus: &str, exponent: &str) -> Option<DecodingKey> {
    let bytes = URL_SAFE_NO_PAD.decode(modulus).ok()?;
    let first = bytes.iter().position(|byte| *byte != 0)?;
    let top = bytes.get(first)?;
    let bits = (bytes.len() - first) * 8 - usize::try_from(top.leading_zeros()).ok()?;
    RSA_BITS.contains(&bits).then(|| DecodingKey::from_rsa_components(modulus, exponent).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ed(kid: &str) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": URL_SAFE_NO_PAD.encode([7; 32])})
    }

    fn names(keys: &[Value]) -> Result<Vec<String>, &'static str> {
        read(json!({"keys": keys}).to_string().as_bytes()).map(|set| set.into_keys().collect())
    }

    fn with(field: &str, value: Value) -> Value {
        let mut key = ed("other");
        key[field] = value;
        key
    }

    #[test]
    fn only_keys_that_verify_by_an_allowed_algorithm_are_kept() {
        let bits = |bytes: usize| URL_SAFE_NO_PAD.encode(vec![0xff; bytes]);
        let rsa = |kid: &str, n: String| json!({"kty": "RSA", "kid": kid, "n": n, "e": "AQAB"});
        let coordinate = URL_SAFE_NO_PAD.encode([1; 32]);
        let good = [
            ed("ed"),
            with("use", json!("sig")),
            json!({"kty": "EC", "crv": "P-256", "kid": "ec", "x": coordinate, "y": coordinate}),
            rsa("rsa", bits(256)),
        ];
        assert_eq!(names(&good).unwrap(), ["ec", "ed", "other", "rsa"]);
        for bad in [
            rsa("short", bits(255)),
            rsa("padded", URL_SAFE_NO_PAD.encode([vec![0; 8], vec![0xff; 250]].concat())),
            rsa("endless", bits(1_025)),
            json!({"kty": "oct", "kid": "mac", "k": "c2VjcmV0"}),
            json!({"kty": "EC", "crv": "P-384", "kid": "big", "x": coordinate, "y": coordinate}),
            json!({"kty": "EC", "crv": "P-256", "kid": "half", "x": coordinate}),
            with("alg", json!("HS256")),
            with("alg", json!("none")),
            with("use", json!("enc")),
            with("key_ops", json!(["sign"])),
            with("d", json!("c2VjcmV0")),
            with("kid", json!(7)),
            with("kid", json!("../../etc/passwd")),
            with("kid", json!("k".repeat(65))),
            with("kid", json!("")),
            with("x", json!("not base64!")),
            json!("a string"),
            Value::Null,
        ] {
            assert_eq!(names(&[ed("ed"), bad.clone()]).unwrap(), ["ed"], "{bad}");
        }
    }

    #[test]
    fn a_set_that_cannot_be_meant_is_refused_as_a_whole() {
        let many: Vec<Value> = (0..33).map(|number| ed(&number.to_string())).collect();
        assert!(names(&many).is_err());
        assert_eq!(names(&many[..32]).unwrap().len(), 32);
        assert!(names(&[ed("one"), ed("one")]).is_err());
        assert!(names(&[]).is_err());
        for bytes in [&b""[..], b"[]", b"{}", b"<html>", b"{\"keys\": 7}", b"\xff"] {
            assert!(read(bytes).is_err());
        }
    }
}
