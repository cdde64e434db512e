//! The words of the messages, found by their beginnings. Kept in step with the messages by triggers and by
//! [`super::messages`], in the same transaction.

use super::words::{joined, words};
use super::{cell, parse};
use rusqlite::{Connection, OptionalExtension, params};
use tripchat_protocol::{Body, Millis, RoomId, Seq};

/// Numbers for messages of one millisecond.
const SAME_TIME: i64 = 4_096;
/// More words than this are not looked for: nobody types them, and each costs a look into the index.
const MOST_WORDS: usize = 32;

/// Takes the text of a message that is not in the index.
pub fn index(db: &Connection, room: RoomId, seq: Seq, at: Millis, text: &str) -> rusqlite::Result<()> {
    let words = joined(text);
    if words.is_empty() {
        return Ok(());
    }
    let from = at.clamp(0, i64::MAX / SAME_TIME - 1) * SAME_TIME;
    // One more than the last of the same time. Should a time ever have used its numbers up, the next ones serve.
    let last: Option<i64> = db
        .prepare_cached("SELECT max(id) FROM words WHERE id >= ?1 AND id < ?2")?
        .query_row(params![from, from + SAME_TIME], |row| row.get(0))?;
    let mut id = last.map_or(from, |last| last + 1);
    let mut taken = db.prepare_cached("SELECT 1 FROM words WHERE id = ?1")?;
    while taken.query_row([id], |_| Ok(())).optional()?.is_some() {
        id += 1;
    }
    db.prepare_cached("INSERT INTO words (id, room, seq, place, words) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![id, room.to_string(), seq.0, place(room), words])?;
    Ok(())
}

/// Takes every message of a cache that is older than the index.
pub fn index_all(db: &Connection) -> rusqlite::Result<()> {
    let mut rows = db.prepare("SELECT room, seq, at, body FROM message WHERE deleted = 0")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        if let Body::Text { text } = cell(row, 3)? {
            index(db, parse(row, 0)?, Seq(row.get(1)?), row.get(2)?, &text)?;
        }
    }
    Ok(())
}

/// The places of the newest `limit` messages with a word for each word of `query`, beginning like it; newest first.
/// Nothing if there is no word in the query.
pub fn find(
    db: &Connection,
    query: &str,
    room: Option<RoomId>,
    limit: u32,
) -> rusqlite::Result<Vec<(RoomId, Seq)>> {
    let Some(asked) = expression(query, room) else { return Ok(Vec::new()) };
    db.prepare_cached(
        "SELECT words.room, words.seq FROM search JOIN words ON words.id = search.rowid
         WHERE search MATCH ?1 ORDER BY search.rowid DESC LIMIT ?2",
    )?
    .query_map(params![asked, limit], |row| Ok((parse(row, 0)?, Seq(row.get(1)?))))?
    .collect()
}

/// Where the words of `query` stand in a text, in UTF-16 code units, in their order and apart.
pub fn marks(text: &str, query: &str) -> Vec<(u32, u32)> {
    let asked = asked(query);
    let longest = |word: &super::words::Word| {
        asked.iter().filter_map(|prefix| word.begins(prefix)).max_by_key(|(_, end)| *end)
    };
    words(text).iter().filter_map(longest).collect()
}

fn asked(query: &str) -> Vec<String> {
    words(query).iter().take(MOST_WORDS).map(super::words::Word::text).collect()
}

/// The question in the index's own language. Words are letters and digits alone, so nothing in them can be taken for
/// a part of it.
fn expression(query: &str, room: Option<RoomId>) -> Option<String> {
    let asked = asked(query);
    if asked.is_empty() {
        return None;
    }
    let words = asked.iter().map(|word| format!("\"{word}\" *")).collect::<Vec<_>>().join(" AND ");
    let within = room.map(|room| format!("place : \"{}\" AND ", place(room))).unwrap_or_default();
    Some(format!("{within}words : ({words})"))
}

fn place(room: RoomId) -> String {
    room.0.simple().to_string()
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
