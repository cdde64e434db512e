//! What the writers said and what they were told, kept outside of every process that is killed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One message and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Its id, once it is known: 32 hex digits.
    pub id: Option<String>,
    /// Whether the writer was told that it is stored.
    pub acked: bool,
    /// Its place, as the writer was told.
    pub seq: Option<i64>,
    /// Edits that were asked for, and those that were acknowledged.
    pub edits: (i64, i64),
    /// Whether it was asked to be deleted, and whether that was acknowledged.
    pub delete: (bool, bool),
}

/// What one person writes in one room, in the order of writing.
#[derive(Debug, Clone, Default)]
pub struct Lane {
    /// The room: 32 hex digits.
    pub room: String,
    /// Who writes: 32 hex digits.
    pub author: String,
    /// Their messages. The text of each begins with its number.
    pub lines: Vec<Line>,
    /// Whether a message that has not left can be changed without the server's knowing, as in a core: then an edit
    /// makes another text of it, and a deletion makes that it is never sent.
    pub folds: bool,
    /// The read mark that was acknowledged.
    pub read: i64,
    /// Everything that was acknowledged.
    pub acknowledged: u64,
}

/// All lanes of a run.
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Mutex<Vec<Lane>>>);

impl Ledger {
    /// A new lane; gives its number.
    pub fn open(&self, room: &str, author: &str) -> usize {
        let mut lanes = self.lanes();
        lanes.push(Lane { room: room.replace('-', ""), author: author.replace('-', ""), ..Lane::default() });
        lanes.len() - 1
    }

    /// All of them.
    pub fn lanes(&self) -> MutexGuard<'_, Vec<Lane>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Operations that were acknowledged so far.
    pub fn acknowledged(&self) -> u64 {
        self.lanes().iter().map(|lane| lane.acknowledged).sum()
    }

    /// As it is now.
    pub fn copy(&self) -> Vec<Lane> {
        self.lanes().clone()
    }
}

/// What message `number` of a lane says after `edits` edits: every text is there once.
pub fn text(number: usize, edits: i64) -> String {
    format!("{number}.{edits}")
}

/// How often the message that says `text` was edited by its writer.
pub fn edits(text: &str) -> Option<i64> {
    text.split('.').nth(1)?.parse().ok()
}

/// The number of the message that says `text`.
pub fn number(text: &str) -> Option<usize> {
    text.split('.').next()?.parse().ok()
}
