//! What was written here and is not stored by the server yet: messages, and changes to them, in one lane a room.

use super::parse;
use rusqlite::{Connection, OptionalExtension, Row as Cells, params};
use tripchat_protocol::{ErrorCode, MessageId, Millis, OperationId, RoomId};

/// An unsent message.
#[derive(Clone, PartialEq, Eq)]
pub struct Unsent {
    /// Its place in the order of writing.
    pub position: i64,
    /// The message's id, the same at every attempt.
    pub id: MessageId,
    /// Where it goes.
    pub room: RoomId,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub written_at: Millis,
    /// Until when it is worth sending, by the server's clock.
    pub send_by: Option<Millis>,
    /// Whether the server may have it already.
    pub attempted: bool,
    /// Why the server refused it.
    pub refusal: Option<ErrorCode>,
}

/// A change to one's own message.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place in the order of writing.
    pub position: i64,
    /// The operation's id, the same at every attempt.
    pub id: OperationId,
    /// The message's room.
    pub room: RoomId,
    /// The message.
    pub message: MessageId,
    /// What to do with it.
    pub what: Do,
    /// Whether the server may have it already.
    pub attempted: bool,
    /// Why the server refused it.
    pub refusal: Option<ErrorCode>,
}

/// What a change does.
#[derive(Clone, PartialEq, Eq)]
pub enum Do {
    /// Another text, in place of this version.
    Edit { edit_no: u32, text: String },
    /// Takes it away.
    Delete,
}

/// A row, whichever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A message.
    Send(Unsent),
    /// A change to one.
    Change(Change),
}

impl Row {
    /// Its id.
    pub fn id(&self) -> OperationId {
        match self {
            Self::Send(unsent) => unsent.id.into(),
            Self::Change(change) => change.id,
        }
    }

    /// Its lane.
    pub fn room(&self) -> RoomId {
        match self {
            Self::Send(unsent) => unsent.room,
            Self::Change(change) => change.room,
        }
    }

    /// Whether the server may have it already.
    pub fn attempted(&self) -> bool {
        match self {
            Self::Send(unsent) => unsent.attempted,
            Self::Change(change) => change.attempted,
        }
    }

    /// Why the server refused it.
    pub fn refusal(&self) -> Option<ErrorCode> {
        match self {
            Self::Send(unsent) => unsent.refusal,
            Self::Change(change) => change.refusal,
        }
    }
}

impl std::fmt::Debug for Unsent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unsent")
            .field("position", &self.position)
            .field("id", &self.id)
            .field("attempted", &self.attempted)
            .field("refusal", &self.refusal)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let edit_no = if let Do::Edit { edit_no, .. } = &self.what { Some(edit_no) } else { None };
        f.debug_struct("Change")
            .field("position", &self.position)
            .field("id", &self.id)
            .field("message", &self.message)
            .field("edit_no", &edit_no)
            .field("attempted", &self.attempted)
            .field("refusal", &self.refusal)
            .finish_non_exhaustive()
    }
}

const COLUMNS: &str =
    "position, id, room, text, written_at, attempted, refusal, kind, message, edit_no, send_by";
/// The same, of a file from before there were changes.
const FIRST_COLUMNS: &str = "position, id, room, text, written_at, attempted, refusal, 'send', '', 0, NULL";

/// Takes a message.
pub fn insert(
    db: &Connection,
    id: MessageId,
    room: RoomId,
    text: &str,
    written_at: Millis,
) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO outbox (id, room, text, written_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id.to_string(), room.to_string(), text, written_at])?;
    Ok(())
}

/// Takes a message that the server had once, before everything that is there; says whether it was new. Refused, it
/// waits for its writer.
pub fn put_first(
    db: &Connection,
    room: RoomId,
    (id, text, written_at): (MessageId, &str, Millis),
    refusal: Option<ErrorCode>,
) -> rusqlite::Result<bool> {
    let added = db
        .prepare_cached(
            "INSERT OR IGNORE INTO outbox (position, id, room, text, written_at, attempted, refusal)
             VALUES ((SELECT COALESCE(MIN(position), 1) - 1 FROM outbox), ?1, ?2, ?3, ?4, 1, ?5)",
        )?
        .execute(params![
            id.to_string(),
            room.to_string(),
            text,
            written_at,
            refusal.map(code).unwrap_or_default()
        ])?;
    Ok(added > 0)
}

/// Notes until when a message is worth sending, or that it is for ever.
pub fn limit(db: &Connection, id: MessageId, send_by: Option<Millis>) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE outbox SET send_by = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), send_by])?;
    Ok(())
}

/// Takes a change to a message, behind everything that is there.
pub fn insert_change(
    db: &Connection,
    id: OperationId,
    room: RoomId,
    message: MessageId,
    what: &Do,
) -> rusqlite::Result<()> {
    let (kind, edit_no, text) = cells(what);
    db.prepare_cached(
        "INSERT INTO outbox (id, room, text, written_at, kind, message, edit_no)
         VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6)",
    )?
    .execute(params![id.to_string(), room.to_string(), text, kind, message.to_string(), edit_no])?;
    Ok(())
}

/// Another text, of a message or of an edit that waits.
pub fn set_text(db: &Connection, id: impl Into<OperationId>, text: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE outbox SET text = ?2 WHERE id = ?1")?
        .execute(params![id.into().to_string(), text])?;
    Ok(())
}

/// The version that an edit is to replace.
pub fn set_edit_no(db: &Connection, id: OperationId, edit_no: u32) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE outbox SET edit_no = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), edit_no])?;
    Ok(())
}

/// Takes a row of a damaged database over, behind what is there; says whether it was new.
pub fn adopt(db: &Connection, row: &Row) -> rusqlite::Result<bool> {
    let (text, written_at, send_by, kind, message, edit_no) = match row {
        Row::Send(it) => (it.text.as_str(), it.written_at, it.send_by, "send", String::new(), 0),
        Row::Change(it) => {
            let (kind, edit_no, text) = cells(&it.what);
            (text, 0, None, kind, it.message.to_string(), edit_no)
        }
    };
    let added = db
        .prepare_cached(
            "INSERT OR IGNORE INTO outbox
                (id, room, text, written_at, attempted, refusal, kind, message, edit_no, send_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            row.id().to_string(),
            row.room().to_string(),
            text,
            written_at,
            row.attempted(),
            row.refusal().map(code).unwrap_or_default(),
            kind,
            message,
            edit_no,
            send_by
        ])?;
    Ok(added > 0)
}

/// One of them.
pub fn get(db: &Connection, id: impl Into<OperationId>) -> rusqlite::Result<Option<Row>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE id = ?1"))?
        .query_row([id.into().to_string()], read)
        .optional()
}

/// All of them, in the order of writing.
pub fn all(db: &Connection) -> rusqlite::Result<Vec<Row>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox ORDER BY position"))?
        .query_map([], read)?
        .collect()
}

/// The unsent messages of a room, in the order of writing.
pub fn of_room(db: &Connection, room: RoomId) -> rusqlite::Result<Vec<Unsent>> {
    let rows = lane(db, room)?;
    Ok(rows.into_iter().filter_map(|row| if let Row::Send(it) = row { Some(it) } else { None }).collect())
}

/// The changes to messages of a room, in the order of writing.
pub fn changes_of_room(db: &Connection, room: RoomId) -> rusqlite::Result<Vec<Change>> {
    let rows = lane(db, room)?;
    Ok(rows.into_iter().filter_map(|row| if let Row::Change(it) = row { Some(it) } else { None }).collect())
}

fn lane(db: &Connection, room: RoomId) -> rusqlite::Result<Vec<Row>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE room = ?1 ORDER BY position"))?
        .query_map([room.to_string()], read)?
        .collect()
}

/// What can be read of the outbox of a damaged database, of whichever version: rows before the damage.
pub fn readable(db: &Connection) -> Vec<Row> {
    let from = |columns| db.prepare(&format!("SELECT {columns} FROM outbox NOT INDEXED ORDER BY position"));
    let Ok(mut all) = from(COLUMNS).or_else(|_| from(FIRST_COLUMNS)) else { return Vec::new() };
    let Ok(rows) = all.query_map([], read) else { return Vec::new() };
    rows.map_while(Result::ok).collect()
}

/// Notes that the first byte is about to leave.
pub fn attempted(db: &Connection, id: impl Into<OperationId>) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE outbox SET attempted = 1 WHERE id = ?1")?.execute([id.into().to_string()])?;
    Ok(())
}

/// Notes that the server refused it.
pub fn park(db: &Connection, id: impl Into<OperationId>, refusal: ErrorCode) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE outbox SET refusal = ?2 WHERE id = ?1")?
        .execute(params![id.into().to_string(), code(refusal)])?;
    Ok(())
}

/// Puts a refused one behind all others.
pub fn requeue(db: &Connection, id: impl Into<OperationId>) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE outbox SET refusal = '', position = (SELECT max(position) + 1 FROM outbox) WHERE id = ?1",
    )?
    .execute([id.into().to_string()])?;
    Ok(())
}

/// Removes it: its result is stored, or the person took it back.
pub fn remove(db: &Connection, id: impl Into<OperationId>) -> rusqlite::Result<bool> {
    let removed = db.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([id.into().to_string()])?;
    Ok(removed > 0)
}

fn cells(what: &Do) -> (&'static str, u32, &str) {
    match what {
        Do::Edit { edit_no, text } => ("edit", *edit_no, text),
        Do::Delete => ("delete", 0, ""),
    }
}

fn read(row: &Cells<'_>) -> rusqlite::Result<Row> {
    let refusal: String = row.get(6)?;
    let refusal = if refusal.is_empty() { None } else { Some(named(&refusal)) };
    let kind: String = row.get(7)?;
    let (position, room, attempted) = (row.get(0)?, parse(row, 2)?, row.get(5)?);
    if kind == "send" {
        let (text, written_at, send_by) = (row.get(3)?, row.get(4)?, row.get(10)?);
        let id = parse(row, 1)?;
        return Ok(Row::Send(Unsent { position, id, room, text, written_at, send_by, attempted, refusal }));
    }
    let what = if kind == "edit" { Do::Edit { edit_no: row.get(9)?, text: row.get(3)? } } else { Do::Delete };
    let (id, message) = (parse(row, 1)?, parse(row, 8)?);
    Ok(Row::Change(Change { position, id, room, message, what, attempted, refusal }))
}

/// The code's name, as on the wire.
fn code(code: ErrorCode) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => "UNKNOWN".into(),
    }
}

fn named(name: &str) -> ErrorCode {
    serde_json::from_value(serde_json::Value::String(name.into())).unwrap_or(ErrorCode::Unknown)
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
