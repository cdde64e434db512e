//! What the database says of itself.

use crate::error::Result;
use crate::store::{Job, Tx};
use tripchat_protocol::Millis;

/// What it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The version of its tables.
    pub version: i64,
    /// The latest time that was stored.
    pub newest: Millis,
}

/// Asks it.
#[derive(Debug)]
pub struct ReadAbout;

impl Job for ReadAbout {
    type Out = About;

    async fn run(&self, tx: &mut Tx) -> Result<About> {
        let version = tx.one("SELECT COALESCE(MAX(version), 0) FROM refinery_schema_history", &[]).await?;
        let newest = tx.one("SELECT COALESCE(MAX(touched_at), 0) FROM stream", &[]).await?;
        Ok(About {
            version: version.map_or(Ok(0), |mut row| row.take(0))?,
            newest: newest.map_or(Ok(0), |mut row| row.take(0))?,
        })
    }
}
