//! The local database: one connection, owned by the engine; one table a file.
//!
//! WAL with `synchronous=FULL`: what a function here has returned for is on the disk. Calls run inline on the
//! engine's thread and are never held across an await, so that the simulation runs the very same code.

pub mod cursors;
pub mod device;
pub mod heads;
pub mod holes;
pub mod intents;
pub mod marks;
pub mod messages;
mod migrate;
pub mod notified;
pub mod objects;
pub mod outbox;
mod rescue;
mod rows;
pub mod search;
mod words;

pub use rows::{cell, parse, table_error};

use crate::error::CoreError;
use migrate::Migration;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::fmt;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tripchat_protocol::ErrorCode;

/// The cache of an account.
const ACCOUNT: &[Migration] = &[
    Migration { sql: include_str!("../../../migrations/client/V0001__start.sql"), and: None },
    Migration {
        sql: include_str!("../../../migrations/client/V0002__reading.sql"),
        and: Some(search::index_all),
    },
    Migration { sql: include_str!("../../../migrations/client/V0003__changes.sql"), and: None },
    Migration { sql: include_str!("../../../migrations/client/V0004__silent.sql"), and: None },
];
/// The installation's own file.
const DEVICE: &[Migration] =
    &[Migration { sql: include_str!("../../../migrations/device/V0001__start.sql"), and: None }];

/// What went wrong with the local database. Nothing of its contents is told.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// Written by a newer app.
    #[error("the database was written by a newer version")]
    Newer,
    /// SQLite refused.
    #[error("the local database refused")]
    Sqlite(#[from] rusqlite::Error),
    /// The file system refused.
    #[error("the local disk refused")]
    Disk(#[from] std::io::Error),
}

impl From<CacheError> for CoreError {
    fn from(error: CacheError) -> Self {
        tracing::error!(%error, cause = ?std::error::Error::source(&error).map(ToString::to_string), "local storage");
        match error {
            CacheError::Newer => ErrorCode::CacheNewer.into(),
            CacheError::Sqlite(_) | CacheError::Disk(_) => ErrorCode::LocalStorage.into(),
        }
    }
}

/// An open database file.
pub struct Cache {
    connection: Connection,
    path: PathBuf,
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cache")
    }
}

impl Cache {
    /// Opens an account's cache, making it if it is missing. A damaged file is kept beside the new one, and the
    /// unsent messages that can still be read in it move over.
    ///
    /// # Errors
    /// `Newer` (the file is left alone), `Sqlite`, `Disk`.
    pub fn open(path: &Path) -> Result<Self, CacheError> {
        match Self::open_as_is(path, ACCOUNT) {
            Err(error) if rescue::is_damage(&error) => {
                let damaged = rescue::set_aside(path)?;
                let mut fresh = Self::open_as_is(path, ACCOUNT)?;
                let saved = rescue::unsent(&damaged, &mut fresh)?;
                tracing::warn!(saved, "the local cache was damaged; it is read again from the server");
                Ok(fresh)
            }
            other => other,
        }
    }

    /// Opens the installation's own file.
    ///
    /// # Errors
    /// As [`Cache::open`].
    pub fn open_device(path: &Path) -> Result<Self, CacheError> {
        match Self::open_as_is(path, DEVICE) {
            Err(error) if rescue::is_damage(&error) => {
                rescue::set_aside(path)?;
                tracing::warn!("the installation's file was damaged; somebody has to sign in again");
                Self::open_as_is(path, DEVICE)
            }
            other => other,
        }
    }

    fn open_as_is(path: &Path, migrations: &[Migration]) -> Result<Self, CacheError> {
        make_private(path)?;
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        migrate::refuse_newer(&connection, migrations)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // What is deleted is overwritten: a person who signs out leaves nothing to be read.
        connection.pragma_update(None, "secure_delete", true)?;
        rescue::check(&connection)?;
        migrate::run(&mut connection, migrations)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// A transaction that will write. Dropped without `commit` it leaves no trace.
    ///
    /// # Errors
    /// `Sqlite`.
    pub fn write(&mut self) -> Result<Transaction<'_>, CacheError> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// The connection, for reading.
    #[must_use]
    pub fn read(&self) -> &Connection {
        &self.connection
    }

    /// Closes the database and removes its files, those that were set aside as damaged included.
    ///
    /// # Errors
    /// `Disk`.
    pub fn erase(self) -> Result<(), CacheError> {
        let Self { connection, path } = self;
        drop(connection);
        rescue::remove(&path)?;
        rescue::forget(&path)
    }

    /// Leaves nothing of what was deleted in the journal or in files that were set aside.
    ///
    /// # Errors
    /// `Sqlite`, `Disk`.
    pub fn scrub(&self) -> Result<(), CacheError> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        rescue::forget(&self.path)
    }
}

/// Makes the file with rights for its owner alone before SQLite does it with more; SQLite gives the journal files
/// the rights of the database.
fn make_private(path: &Path) -> Result<(), CacheError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut open = OpenOptions::new();
    open.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let file = open.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    Ok(())
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A fresh cache in a folder that lives as long as the value.
    pub fn fresh() -> (Cache, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (Cache::open(&folder.path().join("cache.db")).unwrap(), folder)
    }

    #[test]
    fn only_the_owner_may_read_it() {
        let (cache, folder) = fresh();
        #[cfg(unix)]
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let mode =
                std::os::unix::fs::PermissionsExt::mode(&file.unwrap().metadata().unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        cache.erase().unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_commit_is_on_the_disk() {
        let (cache, _folder) = fresh();
        let full: i64 = cache.read().pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        let journal: String =
            cache.read().pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!((full, journal.as_str()), (2, "wal"));
    }

    #[test]
    fn a_newer_file_is_refused_and_left_alone() {
        let (cache, folder) = fresh();
        cache.read().pragma_update(None, "user_version", 99).unwrap();
        drop(cache);
        let path = folder.path().join("cache.db");
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(Cache::open(&path), Err(CacheError::Newer)));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_full_disk_is_told_and_what_was_stored_stays() {
        let (mut cache, _folder) = fresh();
        let room = tripchat_protocol::RoomId(uuid::Uuid::from_u128(1));
        let id = |n| tripchat_protocol::MessageId(uuid::Uuid::from_u128(n));
        outbox::insert(cache.read(), id(1), room, "stored", 1).unwrap();
        let pages: i64 = cache.read().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        cache.read().pragma_update(None, "max_page_count", pages).unwrap();
        let tx = cache.write().unwrap();
        let full = outbox::insert(&tx, id(2), room, &"x".repeat(100_000), 2).unwrap_err();
        drop(tx);
        assert_eq!(CoreError::from(CacheError::from(full)).code, ErrorCode::LocalStorage);
        let rows = outbox::of_room(cache.read(), room).unwrap();
        assert_eq!(rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["stored"]);
    }
}
