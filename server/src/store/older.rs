//! What an older server left to be made up for, beside what its tables lacked: what SQL alone cannot.

use super::tables::stop;
use super::{Job, Tx};
use crate::error::Result;

/// Rows in one transaction: others wait for it.
const ROWS: i64 = 1_000;

/// Whether there is something to be made up for.
#[derive(Debug)]
pub(super) struct IsBehind;

impl Job for IsBehind {
    type Out = bool;

    async fn run(&self, tx: &mut Tx) -> Result<bool> {
        Ok(!stop::without_words(tx, 1).await?.is_empty())
    }
}

/// Makes up for some of it.
#[derive(Debug)]
pub(super) struct CatchUp;

impl Job for CatchUp {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        for (trip, position, place) in stop::without_words(tx, ROWS).await? {
            stop::give_words(tx, trip, position, &place).await?;
        }
        Ok(())
    }
}
