//! The oracle at rest: once everything is mended, everybody is whole within two minutes, and what is on the devices,
//! in the database and in the memory of the people is the same.
//!
//! I2 each message is there once · I4 in the order of its writing · I5 every device shows what the server has and what
//! a fresh one shows · I6 what was read is read, and unread is the same everywhere · I10 nobody writes any more.

use crate::device::Device;
use crate::model::{Said, is_sent};
use crate::world::World;
use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tripchat_core::Client;
use tripchat_core::view::{ConnectionView, Edge, Place, SendState, TimelineRow};
use tripchat_protocol::{PersonMarks, RoomId, Standing};
use uuid::Uuid;

/// By then everybody is whole: the longest pause before a reconnect, and everything that follows it.
const WHOLE: Duration = Duration::from_secs(180);

/// Checks everything.
///
/// # Errors
/// If something cannot be looked at; what is wrong is told to the oracle that listens.
pub async fn check(world: &mut World) -> Result<()> {
    if let Err(why) = until_whole(world).await? {
        world.live.violated(format!("I5: not whole after {WHOLE:?}: {why}"));
        return Ok(());
    }
    world.live.look();
    let db = open(&world.database())?;
    check_once(world, &db)?;
    check_order(world, &db)?;
    check_wishes(world, &db)?;
    for device in 0..world.devices.len() {
        check_said(world, device, &db).await?;
    }
    for person in 0..world.plan.people {
        let fresh = world.fresh(person).await?;
        let client = fresh.client().context("it runs")?;
        if let Err(why) = read_all(&client).await? {
            world.live.violated(format!("I5: a fresh device of person {person}: {why}"));
        }
        for device in world.devices.iter().filter(|device| device.person == person) {
            compare(world, device, &fresh).await?;
        }
        check_against_server(world, &client, person, &db).await?;
    }
    Ok(())
}

fn open(path: &Path) -> Result<Connection> {
    Ok(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

async fn until_whole(world: &mut World) -> Result<std::result::Result<(), String>> {
    let late = Instant::now() + WHOLE;
    loop {
        let asking = world.asking.load(Ordering::SeqCst) > 0;
        let mut why = asking.then(|| "somebody still waits for an answer".to_owned());
        for device in 0..world.devices.len() {
            if why.is_none() {
                why = lacks(world, device).await?.map(|why| format!("device {device}: {why}"));
            }
        }
        match why {
            None => return Ok(Ok(())),
            Some(why) if Instant::now() > late || world.live.is_broken() => return Ok(Err(why)),
            Some(_) => {
                sleep(Duration::from_secs(1)).await;
                world.live.look();
                world.help().await?;
            }
        }
    }
}

/// What a device lacks to be whole.
async fn lacks(world: &World, device: usize) -> Result<Option<String>> {
    let device = &world.devices[device];
    let client = device.client().context("it runs")?;
    let view = client.start_view().await?;
    if view.connection != ConnectionView::Online {
        return Ok(Some(format!("{:?}", view.connection)));
    }
    let cache = open(&device.cache().context("a cache")?)?;
    let count = |query: &str| cache.query_row(query, [], |row| row.get::<_, i64>(0));
    let waiting = count("SELECT COUNT(*) FROM outbox WHERE refusal = ''")?;
    let wishes = count("SELECT COUNT(*) FROM intent")?;
    if waiting + wishes > 0 {
        return Ok(Some(format!("{waiting} messages and {wishes} wishes wait")));
    }
    let db = open(&world.database())?;
    let user = world.users()?[device.person];
    let here: Option<i64> = cache
        .query_row("SELECT rev FROM cursor WHERE stream = ?1", [format!("user:{user}")], |row| row.get(0))
        .optional()?;
    let there: i64 =
        db.query_row("SELECT head FROM stream WHERE id = ?1", [user.as_bytes()], |row| row.get(0))?;
    if here != Some(there) {
        return Ok(Some(format!("its inbox at {here:?} of {there}")));
    }
    for row in client.inbox().await? {
        if row.state != Standing::Current {
            continue;
        }
        let here: Option<(i64, i64)> = cache
            .query_row(
                "SELECT cursor.rev, COALESCE((SELECT number FROM marks WHERE room = ?1), 0) FROM cursor
                 WHERE stream = ?2",
                params![row.room.to_string(), format!("room:{}", row.room)],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let there: (i64, i64) =
            db.query_row("SELECT head, marks FROM stream WHERE id = ?1", [row.room.0.as_bytes()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        if here != Some(there) {
            return Ok(Some(format!("room {} at {here:?} of {there:?}", row.room)));
        }
        if let Some(why) = lacks_marks(&cache, &db, row.room)? {
            return Ok(Some(why));
        }
        if !row.typing.is_empty() {
            return Ok(Some(format!("somebody still writes in {}", row.room)));
        }
    }
    Ok(read_all(&client).await?.err())
}

/// Looks at everything, so that every hole is filled; says where there still is one.
async fn read_all(client: &Client) -> Result<std::result::Result<(), String>> {
    for row in client.inbox().await? {
        if let Err(why) = all_rows(client, row.room).await? {
            return Ok(Err(why));
        }
    }
    Ok(Ok(()))
}

/// Everything that a room shows, oldest first.
async fn all_rows(client: &Client, room: RoomId) -> Result<std::result::Result<Vec<TimelineRow>, String>> {
    let mut rows: Vec<TimelineRow> = Vec::new();
    let mut place = Place::Newest;
    let late = Instant::now() + WHOLE;
    loop {
        let page = client.timeline(room, place, 200).await?;
        if page.older == Edge::Hole || page.newer == Edge::Hole {
            if Instant::now() > late {
                return Ok(Err(format!("a hole in {room} is not filled")));
            }
            sleep(Duration::from_millis(50)).await;
            continue;
        }
        let first = page.rows.iter().find_map(|row| row.seq);
        rows.splice(0..0, page.rows);
        match first {
            Some(seq) if page.older == Edge::More => place = Place::Before { seq },
            _ => return Ok(Ok(rows)),
        }
    }
}

/// I2, whatever the ids say: nothing was stored twice.
fn check_once(world: &World, db: &Connection) -> Result<()> {
    let doubled: i64 = db.query_row(
        "SELECT COUNT(*) FROM (SELECT 1 FROM message GROUP BY author_id, request_hash HAVING COUNT(*) > 1)",
        [],
        |row| row.get(0),
    )?;
    if doubled > 0 {
        world.live.violated(format!("I2: {doubled} messages are stored twice"));
    }
    // I3: no rev twice, none above the head.
    let strange: i64 = db.query_row(
        "SELECT COUNT(*) FROM (
             SELECT id, rev FROM (SELECT stream_id AS id, rev FROM object
                                  UNION ALL SELECT room_id, rev FROM message) AS of_stream
             GROUP BY id, rev
             HAVING COUNT(*) > 1 OR rev > (SELECT head FROM stream WHERE stream.id = of_stream.id))",
        [],
        |row| row.get(0),
    )?;
    if strange > 0 {
        world.live.violated(format!("I3: {strange} revs are two things, or above the head"));
    }
    Ok(())
}

fn stored(db: &Connection, world: &World, said: &Said) -> Result<Option<(i64, String, bool)>> {
    let user = world.users()?[said.person];
    let found = db
        .query_row(
            "SELECT seq, body, deleted_at IS NOT NULL FROM message WHERE author_id = ?1 AND id = ?2",
            params![user.as_bytes(), said.id.0.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    Ok(found)
}

/// I4: what a device wrote in a room stands there in the order of its writing.
fn check_order(world: &World, db: &Connection) -> Result<()> {
    let mut last: BTreeMap<(usize, RoomId), i64> = BTreeMap::new();
    for said in world.model.said.iter().filter(|said| !said.parked) {
        if let Some((seq, _, _)) = stored(db, world, said)? {
            let before = last.insert((said.device, said.room), seq);
            if before.is_some_and(|before| before > seq) {
                world.live.violated(format!("I4: “{}” stands before what was written before it", said.text));
            }
        }
    }
    Ok(())
}

/// Marks and settings are what was wanted last.
fn check_wishes(world: &World, db: &Connection) -> Result<()> {
    let users = world.users()?;
    let own = |room: RoomId, person: usize, what: &str| -> Result<Option<i64>> {
        let query = format!("SELECT {what} FROM own WHERE room_id = ?1 AND user_id = ?2");
        let found =
            db.query_row(&query, params![room.0.as_bytes(), users[person].as_bytes()], |row| row.get(0));
        Ok(found.optional()?)
    };
    let stayed = |room: RoomId, person: usize| !world.model.left.contains(&(room, person));
    for ((room, device), wanted) in &world.model.favourites {
        let person = world.devices[*device].person;
        if world.model.signed_out.contains(device) || !stayed(*room, person) {
            continue;
        }
        let is = own(*room, person, "favourite")?;
        if is != Some(i64::from(*wanted)) {
            world.live.violated(format!("person {person} wanted {wanted} of {room} last, and it is {is:?}"));
        }
    }
    for ((room, person), seen) in &world.model.seen {
        let gave_up = world.model.signed_out.iter().any(|device| world.devices[*device].person == *person);
        if gave_up || !stayed(*room, *person) {
            continue;
        }
        let read = own(*room, *person, "read")?;
        if read.is_none_or(|read| read < *seen) {
            world
                .live
                .violated(format!("I6: person {person} has read {room} up to {seen}, and it is {read:?}"));
        }
    }
    Ok(())
}

/// I6: the marks on a device are those of the database; says which are not.
fn lacks_marks(cache: &Connection, db: &Connection, room: RoomId) -> Result<Option<String>> {
    let query = "SELECT people FROM marks WHERE room = ?1";
    let people: Option<String> = cache.query_row(query, [room.to_string()], |row| row.get(0)).optional()?;
    for person in serde_json::from_str::<Vec<PersonMarks>>(people.as_deref().unwrap_or("[]"))? {
        let stored: (i64, i64) = db.query_row(
            "SELECT delivered, read FROM own WHERE room_id = ?1 AND user_id = ?2",
            params![room.0.as_bytes(), person.user.0.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let here = (person.delivered.0, person.read.0);
        if here != stored {
            return Ok(Some(format!("{here:?} for {} in {room}, not {stored:?}", person.user)));
        }
    }
    Ok(None)
}

/// What a device was told is kept: sent, or put aside where the person sees it.
async fn check_said(world: &World, device: usize, db: &Connection) -> Result<()> {
    let client = world.devices[device].client().context("it runs")?;
    let mut shown: BTreeMap<RoomId, Vec<TimelineRow>> = BTreeMap::new();
    for row in client.inbox().await? {
        shown.insert(row.room, all_rows(&client, row.room).await?.unwrap_or_default());
    }
    for said in world.model.said.iter().filter(|said| said.device == device) {
        let stored = stored(db, world, said)?;
        let row = shown.get(&said.room).and_then(|rows| rows.iter().find(|row| row.id == said.id));
        match (&stored, row.map(|row| row.state)) {
            (None, Some(SendState::Failed)) => {}
            (None, _) if said.discarded => {}
            // Taken back before it left, by its own device.
            (None, None) if said.deletes.iter().any(|(by, _)| *by == device) => {}
            (None, state) => {
                world.live.violated(format!("I1: “{}” is lost: device {device} shows {state:?}", said.text));
            }
            (Some(_), Some(state)) if !is_sent(state) => {
                world
                    .live
                    .violated(format!("“{}” is stored, and device {device} shows {state:?}", said.text));
            }
            (Some(_), _) => {}
        }
        check_changes(world, said, stored.as_ref(), row);
    }
    Ok(())
}

/// Of changes by one device the last one counts; a deletion always wins.
fn check_changes(
    world: &World,
    said: &Said,
    stored: Option<&(i64, String, bool)>,
    row: Option<&TimelineRow>,
) {
    let Some((_, body, deleted)) = stored else { return };
    let refused = row.is_some_and(|row| row.change.is_some());
    let everywhere = |device: &usize| *device == said.device;
    let by_writer = said.edits.iter().map(|(by, ..)| by).chain(said.deletes.iter().map(|(by, _)| by));
    let signed_out = world.model.signed_out.contains(&said.device);
    let left = world.model.left.contains(&(said.room, said.person));
    if refused || signed_out || left || !by_writer.clone().all(everywhere) {
        return;
    }
    if *deleted == said.deletes.is_empty() {
        world.live.violated(format!("“{}” is deleted: {deleted}, asked for: {:?}", said.text, said.deletes));
    }
    let last = said.edits.last().map_or(&said.text, |(_, _, text)| text);
    if !deleted && !body.contains(&format!("\"{last}\"")) {
        world.live.violated(format!("“{}” was edited to “{last}” last, and is {body}", said.text));
    }
}

/// What an account's file holds of the server's truth.
fn copy(path: &Path) -> Result<BTreeMap<String, String>> {
    let db = open(path)?;
    let mut all = BTreeMap::new();
    // Of a room that was left a device keeps what it had, and a fresh one reads its messages again.
    for query in [
        "SELECT 'object ' || stream || ' ' || kind || ' ' || id, rev || ' ' || body FROM object
         WHERE stream IN (SELECT stream FROM cursor)",
        "SELECT 'message ' || room || ' ' || seq,
                id || ' ' || author || ' ' || rev || ' ' || body || ' ' || at || ' ' || edit_no || ' ' ||
                COALESCE(edited_at, 0) || ' ' || deleted FROM message",
        "SELECT 'cursor ' || stream, epoch || ' ' || rev FROM cursor",
        "SELECT 'hole ' || room || ' ' || after, before FROM hole",
    ] {
        let mut rows = db.prepare(query)?;
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get::<_, rusqlite::types::Value>(1)?)))?;
        for row in rows {
            let (key, value): (String, _) = row?;
            all.insert(key, format!("{value:?}"));
        }
    }
    Ok(all)
}

/// I5: a device holds what a fresh one holds, and counts as it does.
async fn compare(world: &World, device: &Device, fresh: &Device) -> Result<()> {
    let (here, there) =
        (copy(&device.cache().context("a cache")?)?, copy(&fresh.cache().context("a cache")?)?);
    for key in here.keys().chain(there.keys()) {
        let (is, should) = (here.get(key), there.get(key));
        // What happens in a room that was left is never told live (6.4): a deletion is seen when it is read again.
        let is_former =
            key.split(' ').nth(1).is_some_and(|room| !here.contains_key(&format!("cursor room:{room}")));
        let deleted_since = is_former && should.is_some_and(|should| should.contains("DELETED"));
        if is != should && !deleted_since {
            let number = device.number;
            world.live.violated(format!("I5: device {number} has {key} = {is:?}, a fresh one {should:?}"));
            return Ok(());
        }
    }
    let (ours, theirs) = (device.client().context("it runs")?, fresh.client().context("it runs")?);
    let counts = |rows: Vec<tripchat_core::view::InboxRow>| {
        let current = rows.into_iter().filter(|row| row.state == Standing::Current);
        current
            .map(|row| (row.room, (row.unread, row.favourite, row.marked_unread)))
            .collect::<BTreeMap<_, _>>()
    };
    let (ours, theirs) = (counts(ours.inbox().await?), counts(theirs.inbox().await?));
    if ours != theirs {
        world.live.violated(format!("I6: device {} counts {ours:?}, a fresh one {theirs:?}", device.number));
    }
    Ok(())
}

/// I5 and I6: what a fresh device shows is what the database has.
async fn check_against_server(world: &World, client: &Client, person: usize, db: &Connection) -> Result<()> {
    let user: Uuid = world.users()?[person];
    for row in client.inbox().await?.into_iter().filter(|row| row.state == Standing::Current) {
        let shown = all_rows(client, row.room).await?.unwrap_or_default();
        let shown: Vec<(i64, bool)> =
            shown.iter().filter_map(|row| Some((row.seq?.0, row.deleted))).collect();
        let mut stored = db.prepare(
            "SELECT seq, deleted_at IS NOT NULL FROM message WHERE room_id = ?1 AND EXISTS (
                 SELECT 1 FROM stay WHERE stay.room_id = ?1 AND user_id = ?2
                 AND seq >= from_rev AND (to_rev IS NULL OR seq <= to_rev)) ORDER BY seq",
        )?;
        let room = params![row.room.0.as_bytes(), user.as_bytes()];
        let stored: Vec<(i64, bool)> =
            stored.query_map(room, |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        if shown != stored {
            world.live.violated(format!(
                "I5: person {person} sees {shown:?} of {}, stored are {stored:?}",
                row.room
            ));
        }
        let unread: i64 = db.query_row(
            "SELECT COUNT(*) FROM message WHERE room_id = ?1 AND author_id <> ?2 AND deleted_at IS NULL
             AND silent = 0 AND seq > (SELECT read FROM own WHERE room_id = ?1 AND user_id = ?2)",
            room,
            |row| row.get(0),
        )?;
        if i64::from(row.unread) != unread.min(100) {
            world.live.violated(format!(
                "I6: person {person} counts {} unread in {}, there are {unread}",
                row.unread, row.room
            ));
        }
    }
    Ok(())
}
