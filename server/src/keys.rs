//! The signing keys in the database: made at the first start, followed while the server runs, rotated by an operator
//! beside it. Every node reads them anew each minute and whenever somebody asks for the published ones; a new key
//! signs five minutes after it was made, so that all know it by then.

use crate::context::Context;
use crate::error::Result;
use crate::store::tables::signing_key;
use crate::store::{Job, Tx};
use crate::tokens::{Keys, PUBLISHED_BEFORE, State, StoredKey};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

const EVERY: Duration = Duration::from_secs(60);

/// Follows the database until the server ends.
pub async fn follow(context: Arc<Context>) {
    let mut turns = interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        if let Err(error) = reload(&context).await {
            // Those that are known go on.
            error.log();
        }
    }
}

/// Reads the keys as they stand now.
///
/// # Errors
/// The failure of the database, or of a key; then those that are known stay.
pub async fn reload(context: &Context) -> Result<()> {
    let seconds = context.tokens.seconds();
    let mut keys = context.store.read(ReadKeys).await?;
    if keys.iter().any(|key| key.token_seconds < seconds) {
        keys = context.store.write(MakeKeys { seconds, fresh: context.sources.bytes() }).await?;
    }
    context.tokens.set_keys(keys)
}

/// Reads the keys.
#[derive(Debug)]
pub struct ReadKeys;

impl Job for ReadKeys {
    type Out = Vec<StoredKey>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        signing_key::all(tx).await
    }
}

/// Reads the keys; makes the first if there is none, and notes how long tokens live here.
pub struct MakeKeys {
    /// Life of an access token, in seconds.
    pub seconds: i64,
    /// The seed of the first key.
    pub fresh: [u8; 32],
}

impl Job for MakeKeys {
    type Out = Vec<StoredKey>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        if signing_key::all(tx).await?.is_empty() {
            let first = StoredKey { seed: self.fresh, signs_from: tx.now(), token_seconds: self.seconds };
            signing_key::insert(tx, &first).await?;
        }
        signing_key::raise_token_seconds(tx, self.seconds).await?;
        signing_key::all(tx).await
    }
}

/// Makes the next key, and forgets those that are retired.
pub struct Rotate {
    /// The seed of the next key.
    pub fresh: [u8; 32],
}

impl Job for Rotate {
    type Out = Keys;

    async fn run(&self, tx: &mut Tx) -> Result<Keys> {
        let now = tx.now();
        // Each server that signs with it raises the seconds to its own, long before it does.
        let next = StoredKey { seed: self.fresh, signs_from: now + PUBLISHED_BEFORE, token_seconds: 0 };
        signing_key::insert(tx, &next).await?;
        for retired in retired(signing_key::all(tx).await?, now)? {
            signing_key::delete(tx, &retired).await?;
        }
        Keys::new(signing_key::all(tx).await?)
    }
}

fn retired(stored: Vec<StoredKey>, now: i64) -> Result<Vec<[u8; 32]>> {
    let keys = Keys::new(stored)?;
    Ok(keys.all().iter().filter(|key| key.state(now) == State::Retired).map(|key| key.seed).collect())
}
