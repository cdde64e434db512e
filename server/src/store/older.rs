//! What an older server left to be made up for, beside what its tables lacked: what SQL alone cannot.

use super::tables::stop;
use super::{Job, Tx};
use crate::error::Result;

/// Rows in one transaction: others wait for it.
const ROWS: i64 = 1_000;

/// Makes up for some of it; whether there may be more.
#[derive(Debug)]
pub(super) struct CatchUp;

impl Job for CatchUp {
    type Out = bool;

    async fn run(&self, tx: &mut Tx) -> Result<bool> {
        let behind = stop::without_words(tx, ROWS).await?;
        let more = i64::try_from(behind.len()).is_ok_and(|count| count == ROWS);
        for (trip, position, place) in behind {
            stop::give_words(tx, trip, position, &place).await?;
        }
        Ok(more)
    }
}
