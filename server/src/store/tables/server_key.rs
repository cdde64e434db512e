//! Secrets that the server makes for itself at its first start.

use super::super::value::params;
use crate::error::{Error, Result};
use crate::store::Tx;

/// The secret for `purpose`; `fresh` becomes it if there was none.
///
/// # Errors
/// The failure of the database.
pub async fn get_or_make(tx: &mut Tx, purpose: &'static str, fresh: &[u8; 32]) -> Result<[u8; 32]> {
    let now = tx.now();
    tx.run(
        "INSERT INTO server_key (purpose, secret, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (purpose) DO NOTHING",
        params![purpose, &fresh[..], now],
    )
    .await?;
    let row = tx.one("SELECT secret FROM server_key WHERE purpose = $1", params![purpose]).await?;
    let secret: Vec<u8> = row.ok_or_else(|| Error::internal("a server key is missing"))?.take(0)?;
    secret.try_into().map_err(|_| Error::internal("a server key has the wrong length"))
}
