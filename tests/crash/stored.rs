//! What stands in the server's database, read past the server, in one snapshot.

use anyhow::{Context, Result, ensure};
use rusqlite::OpenFlags;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use tokio_postgres::{Config, IsolationLevel, NoTls};
use tripchat_runtime::Tasks;

/// Which database.
#[derive(Debug, Clone)]
pub enum Reader {
    /// A file.
    Sqlite(PathBuf),
    /// A server's address.
    Postgres(String),
}

/// A message; ids are 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its place.
    pub seq: i64,
    /// Its last change.
    pub rev: i64,
    /// Its writer's id for it.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// How often it was edited.
    pub edit_no: i64,
    /// Whether it was taken away.
    pub deleted: bool,
    /// What it says; empty if it was taken away.
    pub text: String,
}

/// A room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Room {
    /// The number of its last change.
    pub head: i64,
    /// Its messages in the order of their seq.
    pub rows: Vec<Row>,
    /// The changes that made earlier versions of messages.
    pub earlier: Vec<i64>,
    /// How far each person has read.
    pub read: BTreeMap<String, i64>,
}

/// Every room, by its id.
pub type Stored = BTreeMap<String, Room>;

const HEADS: &str = "SELECT room.id, stream.head FROM room JOIN stream ON stream.id = room.id";
const MESSAGES: &str = "SELECT room_id, id, author_id, body, seq, rev, edit_no, COALESCE(deleted_at, 0)
                        FROM message WHERE silent = 0 ORDER BY room_id, seq";
const EARLIER: &str = "SELECT room_id, rev FROM message_version";
const READ: &str = "SELECT room_id, user_id, read FROM own";

impl Reader {
    /// Reads everything; SQLite checks its whole file, too.
    pub async fn read(&self) -> Result<Stored> {
        match self {
            Self::Sqlite(path) => {
                let path = path.clone();
                tokio::task::spawn_blocking(move || sqlite(&path)).await?
            }
            Self::Postgres(address) => postgres(address).await,
        }
    }
}

/// The cells of a row: blobs as hex, then numbers.
trait Cells {
    fn hex(&self, column: usize) -> Result<String>;
    fn text(&self, column: usize) -> Result<String>;
    fn number(&self, column: usize) -> Result<i64>;
}

impl Cells for rusqlite::Row<'_> {
    fn hex(&self, column: usize) -> Result<String> {
        Ok(hex(&self.get::<_, Vec<u8>>(column)?))
    }

    fn text(&self, column: usize) -> Result<String> {
        Ok(self.get(column)?)
    }

    fn number(&self, column: usize) -> Result<i64> {
        Ok(self.get(column)?)
    }
}

impl Cells for tokio_postgres::Row {
    fn hex(&self, column: usize) -> Result<String> {
        Ok(hex(self.try_get::<_, &[u8]>(column)?))
    }

    fn text(&self, column: usize) -> Result<String> {
        Ok(self.try_get(column)?)
    }

    fn number(&self, column: usize) -> Result<i64> {
        Ok(self.try_get(column)?)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sqlite(path: &Path) -> Result<Stored> {
    let db = rusqlite::Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    db.execute_batch("PRAGMA busy_timeout = 5000; BEGIN")?;
    let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(sound == "ok", "integrity_check: {sound}");
    let mut stored = Stored::new();
    let each = |sql: &str, stored: &mut Stored, take: fn(&mut Stored, &dyn Cells) -> Result<()>| {
        let mut statement = db.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            take(stored, row)?;
        }
        anyhow::Ok(())
    };
    each(HEADS, &mut stored, take_head)?;
    each(MESSAGES, &mut stored, take_message)?;
    each(EARLIER, &mut stored, take_earlier)?;
    each(READ, &mut stored, take_read)?;
    Ok(stored)
}

async fn postgres(address: &str) -> Result<Stored> {
    let (mut client, connection) = Config::from_str(address)?.connect(NoTls).await.context("PostgreSQL")?;
    let tasks = Tasks::default();
    tasks.start("postgres", async move {
        if let Err(error) = connection.await {
            panic!("the connection to PostgreSQL broke: {error}");
        }
    });
    let snapshot = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
    let snapshot = snapshot.start().await?;
    let mut stored = Stored::new();
    for (sql, take) in [
        (HEADS, take_head as fn(&mut Stored, &dyn Cells) -> Result<()>),
        (MESSAGES, take_message),
        (EARLIER, take_earlier),
        (READ, take_read),
    ] {
        for row in snapshot.query(sql, &[]).await? {
            take(&mut stored, &row)?;
        }
    }
    Ok(stored)
}

fn take_head(stored: &mut Stored, cells: &dyn Cells) -> Result<()> {
    stored.entry(cells.hex(0)?).or_default().head = cells.number(1)?;
    Ok(())
}

fn take_message(stored: &mut Stored, cells: &dyn Cells) -> Result<()> {
    let body: Value = serde_json::from_str(&cells.text(3)?)?;
    let row = Row {
        id: cells.hex(1)?,
        author: cells.hex(2)?,
        text: body["text"].as_str().unwrap_or_default().to_owned(),
        seq: cells.number(4)?,
        rev: cells.number(5)?,
        edit_no: cells.number(6)?,
        deleted: cells.number(7)? != 0,
    };
    stored.entry(cells.hex(0)?).or_default().rows.push(row);
    Ok(())
}

fn take_earlier(stored: &mut Stored, cells: &dyn Cells) -> Result<()> {
    stored.entry(cells.hex(0)?).or_default().earlier.push(cells.number(1)?);
    Ok(())
}

fn take_read(stored: &mut Stored, cells: &dyn Cells) -> Result<()> {
    stored.entry(cells.hex(0)?).or_default().read.insert(cells.hex(1)?, cells.number(2)?);
    Ok(())
}
