//! What is really stored: read from the files of the server and of the apps, which stay open by their owners.

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tripchat_protocol::RoomId;

/// A stored message, as far as it has to be the same everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its id, 32 hexadecimal digits.
    pub id: String,
    /// What it says.
    pub text: String,
}

/// The room's messages on the server that people wrote, in order.
pub fn on_server(file: &Path, room: RoomId) -> Result<Vec<Stored>> {
    let database = open(file)?;
    let mut query =
        database.prepare("SELECT lower(hex(id)), body FROM message WHERE room_id = ?1 ORDER BY seq")?;
    let rows = query.query_map([room.0.as_bytes().as_slice()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    all(rows)
}

/// The room's messages in an app's cache that people wrote, in order.
pub fn in_cache(app: &Path, room: RoomId) -> Result<Vec<Stored>> {
    let database = open(&cache_file(app)?)?;
    let mut query = database.prepare("SELECT id, body FROM message WHERE room = ?1 ORDER BY seq")?;
    let rows = query.query_map([room.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    all(rows)
}

/// What an app has not sent yet, in order of writing.
pub fn in_outbox(app: &Path, room: RoomId) -> Result<Vec<Stored>> {
    let database = open(&cache_file(app)?)?;
    let mut query = database.prepare("SELECT id, text FROM outbox WHERE room = ?1 ORDER BY position")?;
    let rows = query.query_map([room.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.map(|row| {
        let (id, text): (String, String) = row?;
        Ok(Stored { id: plain(&id), text })
    })
    .collect()
}

/// An id without its dashes.
pub fn plain(id: &str) -> String {
    id.replace('-', "").to_lowercase()
}

fn all(rows: impl Iterator<Item = rusqlite::Result<(String, String)>>) -> Result<Vec<Stored>> {
    let mut all = Vec::new();
    for row in rows {
        let (id, body) = row?;
        let body: Value = serde_json::from_str(&body)?;
        if body.get("kind").and_then(Value::as_str) != Some("SYSTEM") {
            let text = body.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
            all.push(Stored { id: plain(&id), text });
        }
    }
    Ok(all)
}

fn open(file: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(file, flags).with_context(|| format!("{}", file.display()))?;
    database.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(database)
}

/// The one database below the app's folder that has an outbox: there is one for each account.
fn cache_file(app: &Path) -> Result<PathBuf> {
    let mut folders = vec![app.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "db") && has_outbox(&path)? {
                return Ok(path);
            }
        }
    }
    anyhow::bail!("there is no cache in {}", app.display())
}

fn has_outbox(file: &Path) -> Result<bool> {
    let count = "SELECT count(*) FROM sqlite_schema WHERE name = 'outbox'";
    Ok(open(file)?.query_row(count, [], |row| row.get::<_, i64>(0))? > 0)
}
