//! Foreign issuers: who a platform's token is for, by the keys that the platform publishes. Which issuers there are,
//! and where their keys are, stands in the configuration and nowhere else; a token chooses none of it.

mod cache;
mod fetch;
mod jwks;
#[cfg(test)]
mod tests;
mod token;

use crate::config::IssuerConfig;
use crate::error::{Error, Result};
use cache::{Cache, Look};
use jwks::{ForeignKey, KeySet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Mutex as TurnMutex;
use tripchat_protocol::ErrorCode;
use tripchat_runtime::{Sources, Tasks};

/// The issuers that are believed.
#[derive(Debug)]
pub struct Issuers {
    known: Vec<Arc<Issuer>>,
    /// None without issuers.
    http: Option<reqwest::Client>,
    sources: Sources,
    /// What fetches keys: a request that is given up does not end it.
    tasks: Tasks,
}

struct Issuer {
    config: IssuerConfig,
    cache: Mutex<Cache>,
    /// Whoever asks the issuer holds it: one question at a time.
    turn: Arc<TurnMutex<()>>,
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issuer").field("config", &self.config).finish_non_exhaustive()
    }
}

/// Somebody, by their name at their issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignPerson {
    /// The issuer.
    pub issuer: String,
    /// The tenant of its people, if they are not the first one's.
    pub tenant: Option<String>,
    /// Its name for the person. The same of two issuers is two people.
    pub subject: String,
    /// The name that the person shows there.
    pub name: Option<String>,
}

impl Issuers {
    /// Those of the configuration. Nobody is asked yet.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(issuers: &[IssuerConfig], sources: Sources) -> Result<Self> {
        let issuer = |config: &IssuerConfig| {
            Arc::new(Issuer { config: config.clone(), cache: Mutex::default(), turn: Arc::default() })
        };
        let http = if issuers.is_empty() { None } else { Some(fetch::client()?) };
        Ok(Self { known: issuers.iter().map(issuer).collect(), http, sources, tasks: Tasks::default() })
    }

    /// Whom `token` is for.
    ///
    /// # Errors
    /// `UNAUTHORIZED` for a token that is not a known issuer's, for us and of now; `UNAVAILABLE` while its issuer
    /// does not answer and what is known of it is too old.
    pub async fn verify(&self, token: &str) -> Result<ForeignPerson> {
        let refused = || Error::from(ErrorCode::Unauthorized);
        let claimed = token::claimed(token).ok_or_else(refused)?;
        let issuer = self.known.iter().find(|it| it.config.issuer == claimed.issuer).ok_or_else(refused)?;
        let key = self.key(issuer, &claimed.kid).await?;
        let IssuerConfig { issuer, audience, tenant, .. } = &issuer.config;
        let subject = token::verify(token, &key, issuer, audience, self.sources.now());
        let token::Subject { subject, name } = subject.ok_or_else(refused)?;
        Ok(ForeignPerson { issuer: issuer.clone(), tenant: tenant.clone(), subject, name })
    }

    async fn key(&self, issuer: &Arc<Issuer>, kid: &str) -> Result<ForeignKey> {
        let look = || issuer.cache().look(kid, self.sources.now());
        if let Look::Key(key) = look() {
            return Ok(*key);
        }
        // Somebody else may be asking: then the answer is waited for.
        let turn = issuer.turn.clone().lock_owned().await;
        if let Look::Ask = look() {
            self.ask(issuer.clone(), turn);
            drop(issuer.turn.lock().await);
        }
        match look() {
            Look::Key(key) => Ok(*key),
            Look::Unknown => Err(ErrorCode::Unauthorized.into()),
            // It was asked a moment ago, unless the clock has jumped since.
            Look::Ask | Look::Unavailable => Err(ErrorCode::Unavailable.into()),
        }
    }

    /// Asks the issuer for its keys, and gives the turn back after it.
    fn ask(&self, issuer: Arc<Issuer>, turn: tokio::sync::OwnedMutexGuard<()>) {
        let Some(http) = self.http.clone() else { return };
        let sources = self.sources.clone();
        issuer.cache().asking(sources.now());
        self.tasks.start("jwks", async move {
            match keys(&http, &issuer.config.jwks_url).await {
                Ok(keys) => issuer.cache().answered(keys, sources.now()),
                Err(error) => tracing::warn!(issuer = issuer.config.issuer, error, "its keys cannot be read"),
            }
            drop(turn);
        });
    }
}

impl Issuer {
    fn cache(&self) -> MutexGuard<'_, Cache> {
        // What it holds is put in its place as a whole.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn keys(http: &reqwest::Client, url: &str) -> std::result::Result<KeySet, String> {
    let bytes = fetch::fetch(http, url).await?;
    Ok(jwks::read(&bytes)?)
}
