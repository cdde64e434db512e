//! The keys that sign access tokens.

use super::super::value::params;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::tokens::StoredKey;

/// All of them.
///
/// # Errors
/// The failure of the database.
pub async fn all(tx: &mut Tx) -> Result<Vec<StoredKey>> {
    let rows = tx.all("SELECT seed, signs_from, token_seconds FROM signing_key", params![]).await?;
    let keys = rows.into_iter().map(|mut row| {
        let seed: Vec<u8> = row.take(0)?;
        let seed = seed.try_into().map_err(|_| Error::internal("a signing key has the wrong length"))?;
        Ok(StoredKey { seed, signs_from: row.take(1)?, token_seconds: row.take(2)? })
    });
    keys.collect()
}

/// Stores a new one.
///
/// # Errors
/// The failure of the database.
pub async fn insert(tx: &mut Tx, key: &StoredKey) -> Result<()> {
    let now = tx.now();
    tx.run(
        "INSERT INTO signing_key (seed, created_at, signs_from, token_seconds) VALUES ($1, $2, $3, $4)",
        params![&key.seed[..], now, key.signs_from, key.token_seconds],
    )
    .await
}

/// Notes that tokens may live for `seconds`, with whichever key they are signed.
///
/// # Errors
/// The failure of the database.
pub async fn raise_token_seconds(tx: &mut Tx, seconds: i64) -> Result<()> {
    tx.run("UPDATE signing_key SET token_seconds = $1 WHERE token_seconds < $1", params![seconds]).await
}

/// Forgets a key for ever.
///
/// # Errors
/// The failure of the database.
pub async fn delete(tx: &mut Tx, seed: &[u8; 32]) -> Result<()> {
    tx.run("DELETE FROM signing_key WHERE seed = $1", params![&seed[..]]).await
}
