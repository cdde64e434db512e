//! One SQLite writer: WAL, `synchronous=FULL`, one commit for what waits. Greetings go through it as well, so that
//! nobody misses what happens between reading and listening.

use super::outbox::Outbox;
use super::rooms::Rooms;
use super::{message, ok};
use crate::world::{EPOCH, World, text};
use anyhow::{Context, Result};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use uuid::Uuid;

const GROUP: usize = 512;
const PAGE: usize = 50;

const TABLES: &str = "PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS message (room BLOB NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL UNIQUE,
        body TEXT NOT NULL, PRIMARY KEY (room, seq)) STRICT;";

/// The way to the writer.
pub struct Store {
    path: PathBuf,
    jobs: mpsc::Sender<Job>,
}

/// Reads pages of history.
pub struct Pages(Connection);

enum Job {
    Send { id: Uuid, room: Uuid, body: String, outbox: Arc<Outbox> },
    Greet { rooms: BTreeMap<Uuid, (i64, i64, i64)>, outbox: Arc<Outbox> },
}

fn open(folder: &Path) -> Result<Connection> {
    let db = Connection::open(folder.join("bare.db"))?;
    db.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA busy_timeout = 5000;",
    )?;
    Ok(db)
}

/// Makes the database with the messages of `world`.
pub fn prepare(folder: &Path, world: &World) -> Result<()> {
    let mut db = open(folder)?;
    db.execute_batch(TABLES)?;
    let sources = tripchat_runtime::Sources::system();
    let tx = db.transaction()?;
    let mut insert = tx.prepare("INSERT INTO message (room, seq, id, body) VALUES (?1, ?2, ?3, ?4)")?;
    for room in &world.rooms {
        for seq in room.begun + 1..=room.head {
            let body = format!(r#"{{"kind":"TEXT","text":"{}"}}"#, text(99_999, seq as u64));
            insert.execute(params![room.id.as_bytes(), seq, sources.uuid().as_bytes(), body])?;
        }
        if room.head == room.begun {
            // Keeps the number of the room's beginning.
            insert.execute(params![room.id.as_bytes(), room.begun, room.id.as_bytes(), ""])?;
        }
    }
    drop(insert);
    Ok(tx.commit()?)
}

impl Store {
    pub fn open(folder: &Path, rooms: Arc<Rooms>) -> Result<Self> {
        let db = open(folder)?;
        let heads = db
            .prepare("SELECT room, MAX(seq) FROM message GROUP BY room")?
            .query_map([], |row| Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?)))?
            .collect::<rusqlite::Result<HashMap<Uuid, i64>>>()?;
        let (jobs, queue) = mpsc::channel();
        std::thread::Builder::new().name("writer".into()).spawn(move || write(&db, heads, &rooms, &queue))?;
        Ok(Self { path: folder.into(), jobs })
    }

    pub fn send(&self, id: Uuid, room: Uuid, body: &str, outbox: Arc<Outbox>) -> Result<()> {
        self.jobs.send(Job::Send { id, room, body: body.into(), outbox }).context("the writer is gone")
    }

    pub fn greet(&self, rooms: BTreeMap<Uuid, (i64, i64, i64)>, outbox: Arc<Outbox>) -> Result<()> {
        self.jobs.send(Job::Greet { rooms, outbox }).context("the writer is gone")
    }

    pub fn pages(&self) -> Pages {
        Pages(open(&self.path).expect("the database can be read"))
    }
}

fn write(db: &Connection, mut heads: HashMap<Uuid, i64>, rooms: &Rooms, queue: &mpsc::Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let jobs: Vec<Job> = std::iter::once(first).chain(queue.try_iter()).take(GROUP).collect();
        commit(db, &mut heads, rooms, jobs).expect("the commit");
    }
}

fn commit(db: &Connection, heads: &mut HashMap<Uuid, i64>, rooms: &Rooms, jobs: Vec<Job>) -> Result<()> {
    let mut told = Vec::new();
    let mut guests = Vec::new();
    db.execute_batch("BEGIN IMMEDIATE")?;
    for job in jobs {
        match job {
            Job::Send { id, room, body, outbox } => {
                let head = heads.entry(room).or_default();
                let fresh = db
                    .prepare_cached(
                        "INSERT INTO message (room, seq, id, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![room.as_bytes(), *head + 1, id.as_bytes(), body])?;
                if fresh == 1 {
                    *head += 1;
                }
                told.push((id, room, body, outbox, (fresh == 1).then_some(*head)));
            }
            Job::Greet { rooms, outbox } => guests.push((rooms, outbox)),
        }
    }
    db.execute_batch("COMMIT")?;
    for (id, room, body, outbox, rev) in told {
        if let Some(rev) = rev {
            rooms.tell(room, Some(rev), |rev| message(id, rev, &body));
        }
        outbox.push(ok(id, rev.unwrap_or(0)).as_bytes());
    }
    for (known, outbox) in guests {
        for (room, (_, rev, _)) in known {
            rooms.enter(room, &outbox);
            catch_up(db, room, rev, &outbox)?;
        }
        outbox.push(br#"{"type":"synced"}"#);
    }
    Ok(())
}

fn catch_up(db: &Connection, room: Uuid, since: i64, outbox: &Outbox) -> Result<()> {
    let mut statement =
        db.prepare_cached("SELECT seq, id, body FROM message WHERE room = ?1 AND seq > ?2 ORDER BY seq")?;
    let mut rows = statement.query(params![room.as_bytes(), since])?;
    let (mut objects, mut upto) = (String::new(), since);
    while let Some(row) = rows.next()? {
        upto = row.get(0)?;
        let body = row.get_ref(2)?.as_str()?;
        let comma = if objects.is_empty() { "" } else { "," };
        write!(
            objects,
            r#"{comma}{{"rev":{upto},"object":{}}}"#,
            message(Uuid::from_bytes(row.get(1)?), upto, body)
        )?;
    }
    if upto > since {
        let frame = format!(
            r#"{{"type":"changes","stream":"room:{room}","epoch":{EPOCH},"from":{since},"upto":{upto},"objects":[{objects}],"more":false}}"#
        );
        outbox.push(frame.as_bytes());
    }
    Ok(())
}

impl Pages {
    /// The newest page of `room`, as JSON.
    pub fn newest(&mut self, room: Uuid) -> Result<String> {
        let mut statement = self
            .0
            .prepare_cached("SELECT seq, id, body FROM message WHERE room = ?1 ORDER BY seq DESC LIMIT ?2")?;
        let rows = statement.query_map(params![room.as_bytes(), PAGE as i64], |row| {
            let rev: i64 = row.get(0)?;
            Ok(format!(
                r#"{{"rev":{rev},"message":{}}}"#,
                message(Uuid::from_bytes(row.get(1)?), rev, row.get_ref(2)?.as_str()?)
            ))
        })?;
        let mut messages = rows.collect::<rusqlite::Result<Vec<String>>>()?;
        messages.reverse();
        Ok(format!(r#"{{"epoch":{EPOCH},"messages":[{}],"has_more":true}}"#, messages.join(",")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_with_the_same_id_is_stored_once() {
        let folder = tempfile::tempdir().unwrap();
        let world = World::new(1, 4, 3);
        prepare(folder.path(), &world).unwrap();
        let (db, rooms, room) = (open(folder.path()).unwrap(), Rooms::default(), world.rooms[0].id);
        let mut heads = HashMap::from([(room, 8)]);
        let send = || Job::Send { id: Uuid::from_u128(5), room, body: "{}".into(), outbox: Arc::default() };
        commit(&db, &mut heads, &rooms, vec![send(), send()]).unwrap();
        commit(&db, &mut heads, &rooms, vec![send()]).unwrap();
        let count = "SELECT COUNT(*), MAX(seq) FROM message WHERE room = ?1";
        let found = db.query_row(count, [room.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(found, (4, 9));
    }
}
