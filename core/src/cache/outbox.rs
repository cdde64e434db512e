//! What was written here and is not stored by the server yet.

use super::parse;
use rusqlite::{Connection, OptionalExtension, Row, params};
use tripchat_protocol::{ErrorCode, MessageId, Millis, RoomId};

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
    /// Whether the server may have it already.
    pub attempted: bool,
    /// Why the server refused it.
    pub refusal: Option<ErrorCode>,
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

const COLUMNS: &str = "position, id, room, text, written_at, attempted, refusal";

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

/// Takes a row of a damaged database over; says whether it was new.
pub fn adopt(db: &Connection, row: &Unsent) -> rusqlite::Result<bool> {
    let added = db
        .prepare_cached(
            "INSERT OR IGNORE INTO outbox (id, room, text, written_at, attempted, refusal)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            row.id.to_string(),
            row.room.to_string(),
            row.text,
            row.written_at,
            row.attempted,
            row.refusal.map(code).unwrap_or_default()
        ])?;
    Ok(added > 0)
}

/// One of them.
pub fn get(db: &Connection, id: MessageId) -> rusqlite::Result<Option<Unsent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE id = ?1"))?
        .query_row([id.to_string()], read)
        .optional()
}

/// All of them, in the order of writing.
pub fn all(db: &Connection) -> rusqlite::Result<Vec<Unsent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox ORDER BY position"))?
        .query_map([], read)?
        .collect()
}

/// Those of a room, in the order of writing.
pub fn of_room(db: &Connection, room: RoomId) -> rusqlite::Result<Vec<Unsent>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE room = ?1 ORDER BY position"))?
        .query_map([room.to_string()], read)?
        .collect()
}

/// What can be read of the outbox of a damaged database: rows before the damage.
pub fn readable(db: &Connection) -> Vec<Unsent> {
    let Ok(mut all) = db.prepare(&format!("SELECT {COLUMNS} FROM outbox NOT INDEXED ORDER BY position"))
    else {
        return Vec::new();
    };
    let Ok(rows) = all.query_map([], read) else { return Vec::new() };
    rows.map_while(Result::ok).collect()
}

/// Notes that the first byte is about to leave.
pub fn attempted(db: &Connection, id: MessageId) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE outbox SET attempted = 1 WHERE id = ?1")?.execute([id.to_string()])?;
    Ok(())
}

/// Notes that the server refused it.
pub fn park(db: &Connection, id: MessageId, refusal: ErrorCode) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE outbox SET refusal = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), code(refusal)])?;
    Ok(())
}

/// Puts a refused one behind all others.
pub fn requeue(db: &Connection, id: MessageId) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE outbox SET refusal = '', position = (SELECT max(position) + 1 FROM outbox) WHERE id = ?1",
    )?
    .execute([id.to_string()])?;
    Ok(())
}

/// Removes it: its result is stored, or the person took it back.
pub fn remove(db: &Connection, id: MessageId) -> rusqlite::Result<bool> {
    Ok(db.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([id.to_string()])? > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Unsent> {
    let refusal: String = row.get(6)?;
    Ok(Unsent {
        position: row.get(0)?,
        id: parse(row, 1)?,
        room: parse(row, 2)?,
        text: row.get(3)?,
        written_at: row.get(4)?,
        attempted: row.get(5)?,
        refusal: if refusal.is_empty() { None } else { Some(named(&refusal)) },
    })
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
mod tests {
    use super::super::Cache;
    use super::super::tests::fresh;
    use super::*;
    use uuid::Uuid;

    fn id(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    #[test]
    fn every_step_outlives_the_process() {
        let (mut cache, folder) = fresh();
        let path = folder.path().join("cache.db");
        let room = RoomId(Uuid::from_u128(9));
        type Step<'a> = &'a dyn Fn(&Connection) -> rusqlite::Result<()>;
        let steps: [Step<'_>; 5] = [
            &|db| insert(db, id(1), room, "one", 5),
            &|db| insert(db, id(2), room, "two", 6),
            &|db| attempted(db, id(1)),
            &|db| park(db, id(1), ErrorCode::RoomInactive),
            &|db| requeue(db, id(1)),
        ];
        let mut seen = Vec::new();
        for step in steps {
            let tx = cache.write().unwrap();
            step(&tx).unwrap();
            tx.commit().unwrap();
            drop(cache);
            cache = Cache::open(&path).unwrap();
            let rows = all(cache.read()).unwrap();
            seen.push(rows.iter().map(|r| (r.id.0.as_u128(), r.attempted, r.refusal)).collect::<Vec<_>>());
        }
        let inactive = Some(ErrorCode::RoomInactive);
        assert_eq!(seen[0], [(1, false, None)]);
        assert_eq!(seen[1], [(1, false, None), (2, false, None)]);
        assert_eq!(seen[2], [(1, true, None), (2, false, None)]);
        assert_eq!(seen[3], [(1, true, inactive), (2, false, None)]);
        assert_eq!(seen[4], [(2, false, None), (1, true, None)]);
        assert!(remove(cache.read(), id(2)).unwrap());
        assert!(!remove(cache.read(), id(2)).unwrap());
    }

    #[test]
    fn debug_does_not_tell_the_text() {
        let (cache, _folder) = fresh();
        insert(cache.read(), id(1), RoomId(Uuid::from_u128(9)), "between us", 5).unwrap();
        assert!(!format!("{:?}", all(cache.read()).unwrap()).contains("between us"));
    }
}
