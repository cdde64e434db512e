//! Access tokens (JWT of type `at+jwt`, RFC 9068, signed with EdDSA, RFC 8037) and refresh tokens.
//!
//! Rules of RFC 8725 that live here: one algorithm bound to one key (3.1), keys from the database only and `kid`
//! as a mere look-up string (3.10), explicit type (3.11), issuer and audience checked (3.8, 3.9). Rights are never
//! read from a token.

mod keys;
mod service;

use crate::error::{Error, Result};
use aws_lc_rs::{constant_time, digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;
use tripchat_protocol::{ErrorCode, Millis, SessionId, TripId, UserId};
use tripchat_runtime::Sources;
use uuid::Uuid;

pub use keys::{Keys, PUBLISHED_BEFORE, State, StoredKey};
pub use service::{Scope, Service, ServiceToken};

const AUDIENCE: &str = "tripchat";
const TYPE: &str = "at+jwt";
/// Clocks may differ by this much, in seconds.
const LEEWAY: i64 = 30;

/// What an access token says: these claims and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    sid: SessionId,
    tenant: String,
    scope: String,
    exp: i64,
    iat: i64,
    jti: Uuid,
    /// Told to whoever reads the token; nothing here asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trip_id: Option<TripId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trip_role: Option<TripRole>,
}

/// What a token says of the trip for which a platform asked for it: information, not a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TripContext {
    /// The trip.
    pub trip: TripId,
    /// What the person has to do with it.
    pub role: TripRole,
}

/// What a person has to do with a trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TripRole {
    /// Drives it.
    Driver,
    /// Has a booking.
    Passenger,
}

/// Whom an access token is for.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The person.
    pub user: UserId,
    /// The sign-in.
    pub session: SessionId,
    /// The tenant.
    pub tenant: &'a str,
    /// The trip that it tells of, if a platform asked for that.
    pub trip: Option<TripContext>,
}

/// Who calls, as their token says. Whether the session still stands is asked in every transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The person.
    pub user: UserId,
    /// The sign-in.
    pub session: SessionId,
    /// The tenant.
    pub tenant: String,
    /// When the token expires, in milliseconds.
    pub expires_at: Millis,
}

/// The keys of the server's tokens.
pub struct Tokens {
    issuer: String,
    seconds: i64,
    keys: RwLock<Keys>,
    refresh: hmac::Key,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Tokens {
    /// Tokens of `issuer` that live `seconds`, with the signing keys and the key of refresh tokens.
    ///
    /// # Errors
    /// If a signing key cannot be used.
    pub fn new(issuer: &str, seconds: i64, keys: Vec<StoredKey>, refresh: &[u8; 32]) -> Result<Self> {
        let keys = RwLock::new(Keys::new(keys)?);
        let refresh = hmac::Key::new(hmac::HMAC_SHA256, refresh);
        Ok(Self { issuer: issuer.into(), seconds, keys, refresh })
    }

    /// Goes on with the keys as they are stored by now.
    ///
    /// # Errors
    /// If one of them cannot be used; then the ones before stay.
    pub fn set_keys(&self, keys: Vec<StoredKey>) -> Result<()> {
        let keys = Keys::new(keys)?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// Life of an access token, in seconds.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// The public keys, as `/.well-known/jwks.json` shows them at `now`.
    #[must_use]
    pub fn jwks(&self, now: Millis) -> Value {
        self.keys().published(now)
    }

    fn keys(&self) -> RwLockReadGuard<'_, Keys> {
        // A list of keys is put in its place as a whole.
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Longer than any access token is taken for good.
    #[must_use]
    pub fn longest_life(&self) -> Duration {
        Duration::from_secs(u64::try_from(self.seconds + 2 * LEEWAY).unwrap_or(u64::MAX))
    }

    /// A new access token for `holder`, and when it expires in milliseconds.
    ///
    /// # Errors
    /// If it cannot be signed: a defect.
    pub fn issue(&self, sources: &Sources, holder: Holder<'_>) -> Result<(String, Millis)> {
        let Holder { user, session, tenant, trip } = holder;
        let now = sources.now();
        let keys = self.keys();
        let key = keys.signing(now).ok_or_else(|| Error::internal("there is no signing key"))?;
        let iat = now.div_euclid(1000);
        let exp = iat + self.seconds;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.into(),
            sub: user,
            sid: session,
            tenant: tenant.into(),
            scope: "person".into(),
            exp,
            iat,
            jti: sources.uuid(),
            trip_id: trip.map(|it| it.trip),
            trip_role: trip.map(|it| it.role),
        };
        let header =
            Header { typ: Some(TYPE.into()), kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&header, &claims, &key.signing)
            .map_err(|_| Error::internal("a token cannot be signed"))?;
        Ok((token, exp * 1000))
    }

    /// Who calls with `token` at `now`. No database is asked.
    ///
    /// # Errors
    /// `TOKEN_EXPIRED`, or `UNAUTHORIZED` for everything else that is wrong with it.
    pub fn check(&self, token: &str, now: Millis) -> Result<Caller> {
        let refused = || Error::from(ErrorCode::Unauthorized);
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused())?;
        if header.typ.as_deref() != Some(TYPE) {
            return Err(refused());
        }
        let keys = self.keys();
        let key = header.kid.and_then(|kid| keys.find(&kid, now)).ok_or_else(refused)?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_audience(&[AUDIENCE]);
        rules.set_issuer(&[&self.issuer]);
        // The library asks the machine's clock; ours is passed in, and the claims' types are checked by serde.
        rules.validate_exp = false;
        let claims =
            jsonwebtoken::decode::<Claims>(token, &key.checking, &rules).map_err(|_| refused())?.claims;
        let now = now.div_euclid(1000);
        if claims.iat > now + LEEWAY || claims.exp - claims.iat > 3_600 {
            return Err(refused());
        }
        if claims.exp <= now {
            return Err(ErrorCode::TokenExpired.into());
        }
        let Claims { sub: user, sid: session, tenant, exp, .. } = claims;
        Ok(Caller { user, session, tenant, expires_at: exp * 1000 })
    }

    /// The first refresh token of a sign-in.
    #[must_use]
    pub fn first_refresh(&self, sources: &Sources, session: SessionId) -> RefreshToken {
        self.seal(session, sources.bytes())
    }

    /// The token that follows `token`: always the same one, so that a repeated request gets the same answer.
    #[must_use]
    pub fn next_refresh(&self, token: &RefreshToken) -> RefreshToken {
        let next = hmac::sign(&self.refresh, &[b"next", token.secret.as_slice()].concat());
        let mut secret = [0; 32];
        secret.iter_mut().zip(next.as_ref()).for_each(|(to, from)| *to = *from);
        self.seal(token.session, secret)
    }

    /// Reads a refresh token. One that we never gave is refused here, so that a guess can end nobody's session.
    ///
    /// # Errors
    /// `UNAUTHORIZED`.
    pub fn read_refresh(&self, text: &str) -> Result<RefreshToken> {
        let refused = || Error::from(ErrorCode::Unauthorized);
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
        let (session, rest) = bytes.split_first_chunk::<16>().ok_or_else(refused)?;
        let (secret, seal) = rest.split_first_chunk::<32>().ok_or_else(refused)?;
        let genuine = self.seal(SessionId(Uuid::from_bytes(*session)), *secret);
        constant_time::verify_slices_are_equal(&genuine.seal, seal).map_err(|_| refused())?;
        Ok(genuine)
    }

    fn seal(&self, session: SessionId, secret: [u8; 32]) -> RefreshToken {
        let tag = hmac::sign(&self.refresh, &[b"seal", &session.0.as_bytes()[..], &secret[..]].concat());
        let mut seal = [0; 16];
        seal.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        RefreshToken { session, secret, seal }
    }
}

/// A refresh token: its session, 256 random bits and a seal that says that it is ours.
pub struct RefreshToken {
    /// The sign-in that it belongs to.
    pub session: SessionId,
    secret: [u8; 32],
    seal: [u8; 16],
}

impl RefreshToken {
    /// As it is handed out.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode([&self.session.0.as_bytes()[..], &self.secret[..], &self.seal[..]].concat())
    }

    /// As it is stored.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        sha256(&[&self.secret])
    }
}

/// SHA-256 of `parts`, one after the other.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    parts.iter().for_each(|part| context.update(part));
    let mut hash = [0; 32];
    hash.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    hash
}

#[cfg(test)]
mod tests;
