//! The server's database before a workload: made by the server itself, filled past it while it is down. Hashing a
//! thousand passwords would take longer than all the rest.

use crate::world::{EPOCH, World, text};
use anyhow::{Context, Result};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rusqlite::{Connection, Transaction, params};
use serde_json::json;
use std::path::Path;
use tripchat_protocol::{
    Body, Member, Membership, Message, MessageId, Object, Rev, Role, Room, RoomId, RoomType, Seq, Standing,
    UserId,
};
use tripchat_runtime::Sources;
use uuid::Uuid;

/// Where the server keeps it.
pub const FILE: &str = "tripchat.db";

/// Puts `world` into the database in `folder`, and gives everybody an access token for an hour, signed with the
/// server's own key, which goes by the name `kid`.
pub fn prepare(folder: &Path, world: &mut World, kid: &str) -> Result<()> {
    let mut db = Connection::open(folder.join(FILE))?;
    let seed: [u8; 32] =
        db.query_row("SELECT seed FROM signing_key ORDER BY signs_from DESC LIMIT 1", [], |row| row.get(0))?;
    let now = Sources::system().now();
    let key = signing(&seed);
    for person in &mut world.people {
        person.token = token(&key, kid, person.user, person.session, now)?;
    }
    let tx = db.transaction()?;
    for person in &world.people {
        tx.prepare_cached(
            "INSERT INTO users (id, tenant, email, name, password_hash, created_at) VALUES (?1, 'default', ?2, ?3, '', ?4)",
        )?
        .execute(params![person.user.as_bytes(), format!("{}@example.org", person.user), name(person.user), now])?;
        tx.prepare_cached(
            "INSERT INTO session (id, user_id, tenant, device_id, refresh_hash, rotated_at, created_at)
             VALUES (?1, ?2, 'default', ?1, x'00', ?3, ?3)",
        )?
        .execute(params![person.session.as_bytes(), person.user.as_bytes(), now])?;
    }
    for place in 0..world.rooms.len() {
        fill(&tx, world, place, now)?;
    }
    tx.commit()?;
    // The server begins with an empty log.
    Ok(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

fn name(user: Uuid) -> String {
    format!("Aigerim {}", user.simple())
}

/// A room with its people and messages, as it stands after each of them came in and wrote.
fn fill(tx: &Transaction<'_>, world: &World, place: usize, now: i64) -> Result<()> {
    let room = &world.rooms[place];
    let people = &world.people[place * world.size..][..world.size];
    let owner = people[0].user;
    tx.execute(
        "INSERT INTO room (id, tenant, type, name, trip_id, created_by, created_at, is_active)
         VALUES (?1, 'default', 'GROUP', 'bench', NULL, ?2, ?3, 1)",
        params![room.id.as_bytes(), owner.as_bytes(), now],
    )?;
    let stream = "INSERT INTO stream (id, epoch, head, touched_at, members_rev, marks) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let joined = people.len() as i64;
    tx.execute(stream, params![room.id.as_bytes(), EPOCH, room.head, now, room.begun, joined])?;
    let object = Object::Room(Room {
        id: RoomId(room.id),
        room_type: RoomType::Group,
        name: Some("bench".into()),
        trip: None,
        booking: None,
        created_by: UserId(owner),
        created_at: now,
        is_active: true,
    });
    put(tx, room.id, 1, &object)?;
    for (number, person) in people.iter().enumerate() {
        let (user, since) = (person.user, number as i64 + 2);
        let member = Member {
            user: UserId(user),
            name: name(user),
            role: Role::Member,
            state: Standing::Current,
            since: Rev(since),
        };
        put(tx, room.id, since, &Object::Member(member))?;
        let membership = Membership {
            room: RoomId(room.id),
            room_type: RoomType::Group,
            role: Role::Member,
            state: Standing::Current,
            from_rev: Rev(1),
            to_rev: None,
            own: Default::default(),
            kept: None,
        };
        tx.prepare_cached(stream)?.execute(params![user.as_bytes(), EPOCH, 1, now, 0, 0])?;
        put(tx, user, 1, &Object::Membership(membership))?;
        tx.prepare_cached(
            "INSERT INTO stay (room_id, user_id, number, role, from_rev, to_rev, since, joined_at)
             VALUES (?1, ?2, 1, 'MEMBER', 1, NULL, ?3, ?4)",
        )?
        .execute(params![room.id.as_bytes(), user.as_bytes(), since, now])?;
        tx.prepare_cached(
            "INSERT INTO own (room_id, user_id, delivered, read, favourite, archived, marked_unread)
             VALUES (?1, ?2, ?3, ?3, 0, 0, 0)",
        )?
        .execute(params![room.id.as_bytes(), user.as_bytes(), since])?;
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO message (room_id, seq, rev, id, author_id, body, at, written_at, request_hash)
         VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?6, x'00')",
    )?;
    for seq in room.begun + 1..=room.head {
        let message = message(people[0].user, seq, now);
        let body = serde_json::to_string(&message.body)?;
        insert.execute(params![
            room.id.as_bytes(),
            seq,
            message.id.0.as_bytes(),
            owner.as_bytes(),
            body,
            now
        ])?;
    }
    Ok(())
}

fn message(author: Uuid, seq: i64, now: i64) -> Message {
    Message {
        id: MessageId(Sources::system().uuid()),
        seq: Seq(seq),
        author: UserId(author),
        body: Body::Text { text: text(99_999, seq as u64) },
        at: now,
        written_at: now,
        edit_no: 0,
        edited_at: None,
    }
}

fn put(tx: &Transaction<'_>, stream: Uuid, rev: i64, object: &Object) -> Result<()> {
    let json = serde_json::to_string(object)?;
    tx.prepare_cached("INSERT INTO object (stream_id, kind, id, rev, body) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![stream.as_bytes(), object.kind(), object.id().as_bytes(), rev, json])?;
    Ok(())
}

fn signing(seed: &[u8; 32]) -> EncodingKey {
    // RFC 8410, section 7: the fixed head of a PKCS #8 private key that holds an Ed25519 seed.
    let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
    der.extend_from_slice(seed);
    EncodingKey::from_ed_der(&der)
}

fn token(key: &EncodingKey, kid: &str, user: Uuid, session: Uuid, now: i64) -> Result<String> {
    let iat = now / 1000;
    let claims = json!({
        "iss": "tripchat", "aud": "tripchat", "sub": user, "sid": session, "tenant": "default",
        "scope": "person", "exp": iat + 3_600, "iat": iat, "jti": Sources::system().uuid(),
    });
    let header =
        Header { typ: Some("at+jwt".into()), kid: Some(kid.into()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, &claims, key).context("a token cannot be signed")
}
