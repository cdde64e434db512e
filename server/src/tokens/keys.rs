//! The keys that sign access tokens, one after the other. Pure: what is stored and the time decide.
//!
//! A key is published as soon as it is made, and signs five minutes later: whoever keeps our keys has read it by then.
//! The one before it verifies until the last token that it signed has expired; then it is retired, so that a key that
//! leaks later is worth nothing.

use super::LEEWAY;
use crate::error::{Error, Result};
use aws_lc_rs::digest;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use tripchat_protocol::Millis;

/// Between the publication of a key and its first signature: others keep our keys for so long.
pub const PUBLISHED_BEFORE: Millis = 5 * 60_000;

/// A key as it is stored.
#[derive(Clone)]
pub struct StoredKey {
    /// Ed25519.
    pub seed: [u8; 32],
    /// From when on it signs.
    pub signs_from: Millis,
    /// The longest life of a token that it signs, in seconds.
    pub token_seconds: i64,
}

/// What a key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is published, and signs in so many milliseconds.
    Published(Millis),
    /// It signs.
    Signing,
    /// It verifies for so many milliseconds more.
    Verifying(Millis),
    /// Nothing that it signed is taken any more.
    Retired,
}

/// The keys in the order in which they sign.
pub struct Keys(Vec<Key>);

/// A key and its time.
pub struct Key {
    /// Its name: the thumbprint of RFC 7638.
    pub kid: String,
    /// What it is stored under.
    pub seed: [u8; 32],
    public: String,
    /// Signs.
    pub signing: EncodingKey,
    /// Verifies.
    pub checking: DecodingKey,
    signs_from: Millis,
    /// When the next one takes over.
    signs_to: Option<Millis>,
    token_millis: Millis,
}

impl Keys {
    /// Those that are stored.
    ///
    /// # Errors
    /// If there is none, or one cannot be used.
    pub fn new(mut stored: Vec<StoredKey>) -> Result<Self> {
        stored.sort_by_key(|key| (key.signs_from, key.seed));
        let mut keys = stored.iter().map(Key::new).collect::<Result<Vec<Key>>>()?;
        let next: Vec<Millis> = keys.iter().skip(1).map(|key| key.signs_from).collect();
        keys.iter_mut().zip(next).for_each(|(key, next)| key.signs_to = Some(next));
        if keys.is_empty() { Err(Error::internal("there is no signing key")) } else { Ok(Self(keys)) }
    }

    /// The one that signs at `now`: the last whose time has come; the first, should the clock have gone back.
    pub fn signing(&self, now: Millis) -> Option<&Key> {
        let in_time = self.0.iter().rev().find(|key| key.signs_from <= now);
        in_time.or_else(|| self.0.first())
    }

    /// The one of this name, unless it is retired.
    pub fn find(&self, kid: &str, now: Millis) -> Option<&Key> {
        self.0.iter().find(|key| key.kid == kid && key.state(now) != State::Retired)
    }

    /// The public keys, as `/.well-known/jwks.json` shows them (RFC 7517).
    pub fn published(&self, now: Millis) -> Value {
        let keys = self.0.iter().filter(|key| key.state(now) != State::Retired);
        let shown = keys.map(|Key { kid, public, .. }| {
            json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": public})
        });
        json!({"keys": shown.collect::<Vec<_>>()})
    }

    /// All of them.
    pub fn all(&self) -> &[Key] {
        &self.0
    }
}

impl Key {
    fn new(stored: &StoredKey) -> Result<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&stored.seed)
            .map_err(|_| Error::internal("the signing key cannot be used"))?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key());
        // RFC 8410, section 7: the fixed head of a PKCS #8 private key that holds an Ed25519 seed.
        let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
        der.extend_from_slice(&stored.seed);
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#);
        let thumbprint = digest::digest(&digest::SHA256, canonical.as_bytes());
        Ok(Self {
            kid: URL_SAFE_NO_PAD.encode(thumbprint),
            seed: stored.seed,
            checking: DecodingKey::from_ed_components(&public)
                .map_err(|_| Error::internal("the signing key cannot be used"))?,
            public,
            signing: EncodingKey::from_ed_der(&der),
            signs_from: stored.signs_from,
            signs_to: None,
            token_millis: (stored.token_seconds + LEEWAY) * 1_000,
        })
    }

    /// What it is good for at `now`.
    pub fn state(&self, now: Millis) -> State {
        match self.signs_to {
            _ if now < self.signs_from => State::Published(self.signs_from - now),
            Some(to) if now >= to + self.token_millis => State::Retired,
            Some(to) if now >= to => State::Verifying(to + self.token_millis - now),
            _ => State::Signing,
        }
    }
}
