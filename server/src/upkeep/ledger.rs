//! The ledger: what was taken away or ended, beside the data and outside of its backups, so that a restore does not bring
//! it back. Ids and times, a line of JSON each; a message whose text is gone has nothing else to say. It is written within
//! a second of the commit, from the database: what a crash kept from it is found at the next start.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::store::tables::ledger;
use crate::store::{Job, Store, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tripchat_protocol::{MessageId, Millis, RoomId, SessionId, UserId};

const EVERY: Duration = Duration::from_secs(1);
/// How far another node's clock may be behind, or its commit.
const LATE: Millis = 3_600_000;

/// Something that must not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Entry {
    /// A message that was taken away.
    Message {
        /// When.
        at: Millis,
        /// Where.
        room: RoomId,
        /// Which.
        message: MessageId,
    },
    /// A sign-in that was ended.
    Session {
        /// When.
        at: Millis,
        /// Which.
        session: SessionId,
    },
    /// A service token that was revoked.
    Token {
        /// When.
        at: Millis,
        /// Which.
        token: UserId,
    },
    /// A person, whose account was deleted.
    Person {
        /// When.
        at: Millis,
        /// Who.
        person: UserId,
    },
}

impl Entry {
    fn at(self) -> Millis {
        match self {
            Self::Message { at, .. }
            | Self::Session { at, .. }
            | Self::Token { at, .. }
            | Self::Person { at, .. } => at,
        }
    }
}

/// Writes what is new into the ledger at `path` until the server ends.
pub async fn follow(context: Arc<Context>, mut book: Ledger) {
    let mut turns = interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        if let Err(error) = book.catch_up(&context.store).await {
            // The next turn finds the same again.
            error.log();
        }
    }
}

/// A ledger that is written.
#[derive(Debug)]
pub struct Ledger {
    file: File,
    known: BTreeSet<Entry>,
    newest: Millis,
}

impl Ledger {
    /// Opens the ledger at `path`, or begins it.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn open(path: &Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.create(true).append(true).read(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| told(path, &error))?;
        let text = text(&file, path)?;
        let known: BTreeSet<Entry> = entries(&text, path)?.into_iter().collect();
        // What a crash cut off goes, so that the next line is not a part of it.
        let whole = text.rfind('\n').map_or(0, |place| place + 1);
        if whole < text.len() {
            file.set_len(u64::try_from(whole).unwrap_or(0)).map_err(|error| told(path, &error))?;
        }
        let newest = known.iter().map(|it| it.at()).max().unwrap_or(0);
        Ok(Self { file, known, newest })
    }

    /// Writes what the database has and the ledger has not.
    ///
    /// # Errors
    /// The failure of the database, or the disk refuses.
    pub async fn catch_up(&mut self, store: &Store) -> Result<()> {
        let since = self.newest.saturating_sub(LATE);
        let entries = store.read(ReadEntries { since }).await?;
        self.add(entries)
    }

    /// Writes those of `entries` that are new; returns when they are durable.
    fn add(&mut self, entries: Vec<Entry>) -> Result<()> {
        let new: Vec<Entry> = entries.into_iter().filter(|it| !self.known.contains(it)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        for entry in &new {
            serde_json::to_writer(&mut lines, entry).map_err(|error| Error::internal(error.to_string()))?;
            lines.push(b'\n');
        }
        let written = self.file.write_all(&lines).and_then(|()| self.file.sync_data());
        written.map_err(|error| Error::internal(format!("the ledger: {error}")))?;
        self.newest = new.iter().map(|it| it.at()).fold(self.newest, Millis::max);
        self.known.extend(new);
        Ok(())
    }

    /// The entries of the ledger at `path`; none where there is no ledger.
    ///
    /// # Errors
    /// If it cannot be read, or a line of it is none.
    pub fn read(path: &Path) -> Result<Vec<Entry>> {
        match File::open(path) {
            Ok(file) => entries(&text(&file, path)?, path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(told(path, &error)),
        }
    }
}

fn text(mut file: &File, path: &Path) -> Result<String> {
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(|error| told(path, &error))?;
    Ok(text)
}

fn entries(text: &str, path: &Path) -> Result<Vec<Entry>> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let whole = text.ends_with('\n');
    let parsed = lines.iter().enumerate().map(|(place, line)| match serde_json::from_str(line) {
        Ok(entry) => Ok(Some(entry)),
        // A crash cut it off: it is found in the database again.
        Err(_) if place + 1 == lines.len() && !whole => Ok(None),
        Err(_) => Err(Error::internal(format!("{}: line {} is none of a ledger", path.display(), place + 1))),
    });
    parsed.filter_map(Result::transpose).collect()
}

fn told(path: &Path, error: &std::io::Error) -> Error {
    Error::internal(format!("{}: {error}", path.display()))
}

/// Reads what was taken away or ended since then.
struct ReadEntries {
    since: Millis,
}

impl Job for ReadEntries {
    type Out = Vec<Entry>;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Entry>> {
        let messages = ledger::deleted_since(tx, self.since).await?;
        let messages = messages.into_iter().map(|(at, room, message)| Entry::Message { at, room, message });
        let sessions = ledger::ended_since(tx, self.since).await?;
        let sessions = sessions.into_iter().map(|(at, session)| Entry::Session { at, session });
        let tokens = ledger::revoked_since(tx, self.since).await?;
        let tokens = tokens.into_iter().map(|(at, token)| Entry::Token { at, token });
        let people = ledger::forgotten_since(tx, self.since).await?;
        let people = people.into_iter().map(|(at, person)| Entry::Person { at, person });
        Ok(messages.chain(sessions).chain(tokens).chain(people).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn entry(at: Millis) -> Entry {
        Entry::Session { at, session: SessionId(Uuid::from_u128(7)) }
    }

    #[test]
    fn each_entry_is_written_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.jsonl");
        assert_eq!(Ledger::read(&path).unwrap(), []);
        let mut book = Ledger::open(&path).unwrap();
        book.add(vec![entry(1), entry(2)]).unwrap();
        book.add(vec![entry(2), entry(3)]).unwrap();
        let mut book = Ledger::open(&path).unwrap();
        assert_eq!(book.newest, 3);
        book.add(vec![entry(1), entry(3)]).unwrap();
        assert_eq!(Ledger::read(&path).unwrap(), [entry(1), entry(2), entry(3)]);
    }

    #[test]
    fn a_line_that_a_crash_cut_off_is_left_out_and_any_other_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.jsonl");
        Ledger::open(&path).unwrap().add(vec![entry(1), entry(2)]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 5]).unwrap();
        assert_eq!(Ledger::read(&path).unwrap(), [entry(1)]);
        let mut book = Ledger::open(&path).unwrap();
        book.add(vec![entry(2)]).unwrap();
        assert_eq!(Ledger::read(&path).unwrap(), [entry(1), entry(2)]);
        std::fs::write(&path, [b"nonsense\n", &whole[..]].concat()).unwrap();
        assert!(Ledger::read(&path).unwrap_err().to_string().contains("line 1"));
    }
}
