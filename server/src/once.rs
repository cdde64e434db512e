//! A platform's request is done once, however often it is sent (draft-ietf-httpapi-idempotency-key-header): what was
//! answered stands in the transaction that did it, so that a crash between the commit and the answer is harmless.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::answer::{self, Kept};
use crate::store::{Job, Tx};
use crate::tokens::{Scope, Service, sha256};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tripchat_protocol::{ErrorCode, Millis};
use uuid::Uuid;

/// For so long an answer is kept; after that, the key is as good as new.
pub const KEPT: Millis = 24 * 60 * 60 * 1_000;

/// What names a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// As the platform chose it.
    pub text: String,
    /// SHA-256 of what is asked: another request under one name is a mistake of the platform's.
    pub request: [u8; 32],
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The JSON.
    pub body: String,
    /// Whether it was answered before.
    pub replayed: bool,
}

/// Does `job`, or gives the answer that it had. A refusal is not kept: it left nothing, and the next attempt is judged
/// as things stand then.
#[derive(Debug)]
pub struct Once<J> {
    /// The platform.
    pub by: Service,
    /// What its token must be for, of a replay too.
    pub scope: Scope,
    /// The name of the request.
    pub key: Key,
    /// The HTTP status of its answer.
    pub status: u16,
    /// What is done.
    pub job: J,
}

impl<J: Job> Job for Once<J>
where
    J::Out: Serialize,
{
    type Out = Answered;

    async fn run(&self, tx: &mut Tx) -> Result<Answered> {
        let Self { by, scope, key, status, job } = self;
        rights::service(tx, by, *scope).await?;
        let since = tx.now() - KEPT;
        if let Some(Kept { request_hash, status, body }) = answer::find(tx, by, &key.text, since).await? {
            if request_hash != key.request {
                return Err(Error::refused(ErrorCode::IdConflict, "idempotency-key"));
            }
            return Ok(Answered { status, body, replayed: true });
        }
        let out = job.run(tx).await?;
        let body = serde_json::to_string(&out).map_err(|error| Error::internal(error.to_string()))?;
        let kept = Kept { request_hash: key.request.to_vec(), status: *status, body };
        answer::keep(tx, by, &key.text, &kept).await?;
        Ok(Answered { status: kept.status, body: kept.body, replayed: false })
    }

    /// That of the job: whoever sends a request again sends the same one. Where it has none, that of the key.
    fn lane(&self) -> Option<Uuid> {
        self.job.lane().or_else(|| {
            let hash = sha256(&[self.by.tenant.as_bytes(), b"\0", self.key.text.as_bytes()]);
            hash.first_chunk::<16>().map(|bytes| Uuid::from_bytes(*bytes))
        })
    }
}

/// How often what is no longer given is looked for.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// So many are forgotten in one transaction.
const AT_ONCE: i64 = 500;

/// Forgets what is no longer given, until the server ends.
pub async fn forget(context: Arc<Context>) {
    let mut turns = interval_at(Instant::now() + EVERY, EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        loop {
            match context.store.write(Forget { limit: AT_ONCE }).await {
                Ok(AT_ONCE) => {}
                Ok(_) => break,
                Err(error) => {
                    // They are not given any more, and the next turn comes.
                    error.log();
                    break;
                }
            }
        }
    }
}

/// Forgets answers that are no longer given, up to `limit`; how many there were.
#[derive(Debug)]
pub struct Forget {
    /// At most so many in one transaction.
    pub limit: i64,
}

impl Job for Forget {
    type Out = i64;

    async fn run(&self, tx: &mut Tx) -> Result<i64> {
        let before = tx.now() - KEPT;
        answer::forget(tx, before, self.limit).await
    }
}
