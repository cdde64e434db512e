//! Where committed changes go. A hint may be lost: whoever counts (the gateway, the client) reads the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;
use tripchat_protocol::{Epoch, MarksNo, PersonMarks, Rev, RoomId, StreamId};

/// Commits that may wait for the fan-out before hints are dropped.
const CAPACITY: usize = 8_192;

/// Something that was committed.
#[derive(Debug, Clone)]
pub enum Hint {
    /// A change of a stream.
    Change(ChangeHint),
    /// How far people have got in a room.
    Marks(MarksHint),
}

/// A committed change, with the object's JSON as it goes on the wire.
#[derive(Debug, Clone)]
pub struct ChangeHint {
    /// The stream.
    pub stream: StreamId,
    /// Its epoch.
    pub epoch: Epoch,
    /// The change's number.
    pub rev: Rev,
    /// Of a room: the rev at which its members changed last. Who knows an older list of them reads it first.
    pub members_rev: Rev,
    /// The object.
    pub object: Arc<str>,
}

/// The marks of a room after a commit that raised some.
#[derive(Debug, Clone)]
pub struct MarksHint {
    /// The room.
    pub room: RoomId,
    /// The epoch in which the marks count.
    pub epoch: Epoch,
    /// Their number.
    pub marks: MarksNo,
    /// The rev at which the room's members changed last.
    pub members_rev: Rev,
    /// The current members', everybody's; in a large room only those that were raised.
    pub people: Vec<PersonMarks>,
    /// More than [`tripchat_protocol::limits::RECEIPTS_ROOM`] are in the room: each mark is for the person
    /// themselves alone.
    pub large: bool,
}

/// The writing end, held by the store.
#[derive(Debug, Clone)]
pub struct Bus {
    commits: mpsc::Sender<Vec<Hint>>,
    overflowed: Arc<AtomicBool>,
}

/// The reading end, held by the fan-out.
#[derive(Debug)]
pub struct BusReader {
    commits: mpsc::Receiver<Vec<Hint>>,
    overflowed: Arc<AtomicBool>,
}

/// What the fan-out reads.
#[derive(Debug)]
pub enum Signal {
    /// The changes of one commit, in order.
    Committed(Vec<Hint>),
    /// Hints were dropped: every local stream may be behind.
    Overflowed,
}

/// The bus inside one process.
#[must_use]
pub fn local() -> (Bus, BusReader) {
    let (sender, receiver) = mpsc::channel(CAPACITY);
    let overflowed = Arc::new(AtomicBool::new(false));
    (Bus { commits: sender, overflowed: overflowed.clone() }, BusReader { commits: receiver, overflowed })
}

impl Bus {
    /// Publishes the changes of one commit. Never waits: the writer must not be held up by readers.
    pub fn publish(&self, changes: Vec<Hint>) {
        if !changes.is_empty() && self.commits.try_send(changes).is_err() {
            self.overflowed.store(true, Ordering::SeqCst);
        }
    }
}

impl BusReader {
    /// The next signal; `None` once the store is gone.
    pub async fn next(&mut self) -> Option<Signal> {
        if self.overflowed.swap(false, Ordering::SeqCst) {
            return Some(Signal::Overflowed);
        }
        // An overflow means a full queue, so that something always follows to bring us back here.
        self.commits.recv().await.map(Signal::Committed)
    }
}
