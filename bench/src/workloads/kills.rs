//! W5: `kill -9` under load. Clients come back and repeat what was not acknowledged, with the same ids.

use super::Scale;
use crate::client::{Client, Writer};
use crate::load::{Gauge, all, post};
use crate::say::say;
use crate::target::{Kind, Place, Target};
use crate::world::{Person, Room, World, mark};
use anyhow::{Result, ensure};
use rusqlite::{Connection, OpenFlags};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

const ROOMS: usize = 50;
const SIZE: usize = 4;
const DEPTH: usize = 4;
/// A client whose server is down tries again after this.
const AGAIN: Duration = Duration::from_millis(20);

pub async fn run(kind: Kind, place: &Place, scale: &Scale) -> Result<Vec<f64>> {
    let mut target = Target::start(kind, place, World::new(ROOMS, SIZE, 0))?;
    let gauge = Arc::new(Gauge::default());
    let mut tasks = JoinSet::new();
    for place in 0..ROOMS * SIZE {
        let (person, room) = (target.world.people[place].clone(), target.world.room_of(place).clone());
        tasks.spawn(persist(target.address, person, room, place, gauge.clone()));
    }
    let mut starts = Vec::new();
    for _ in 0..scale.kills {
        let before = gauge.acked.load(Ordering::Relaxed);
        sleep(Duration::from_millis(700)).await;
        ensure!(gauge.acked.load(Ordering::Relaxed) > before, "nobody could write");
        target.kill()?;
        starts.push(target.restart()?.as_secs_f64());
    }
    sleep(Duration::from_millis(700)).await;
    gauge.stop();
    let writers = all(tasks).await?;
    target.kill()?;
    let stored = stored(&target.database())?;
    let lost: u64 = writers
        .iter()
        .map(|(writer, acked)| {
            (1..=*acked).filter(|number| !stored.contains_key(&(*writer, *number))).count() as u64
        })
        .sum();
    let twice = stored.values().filter(|times| **times > 1).count();
    say(&format!("  {kind:?}: {} kills, {} messages stored", scale.kills, stored.len()));
    starts.sort_by(f64::total_cmp);
    // It is up again, for its end.
    target.restart()?;
    Ok(vec![lost as f64, twice as f64, starts[starts.len() / 2]])
}

/// Writes on whatever happens, until it is stopped and all is acknowledged: who it was, and how many.
async fn persist(
    address: SocketAddr,
    person: Person,
    room: Room,
    place: usize,
    gauge: Arc<Gauge>,
) -> Result<(usize, u64)> {
    let mut writer = Writer::new(place, &room);
    loop {
        // A server that is down refuses or hangs up: come again.
        if let Ok(mut client) = Client::synced(address, &person, &room, room.head).await {
            writer.repeat(&mut client.out);
            if post(&mut client, &mut writer, DEPTH, &gauge).await.is_ok() {
                return Ok((place, writer.acked));
            }
        }
        sleep(AGAIN).await;
    }
}

/// How often each message stands in the database.
fn stored(database: &Path) -> Result<HashMap<(usize, u64), u32>> {
    let db = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut statement = db.prepare("SELECT body FROM message")?;
    let mut rows = statement.query([])?;
    let mut times = HashMap::new();
    while let Some(row) = rows.next()? {
        if let Some(mark) = mark(row.get_ref(0)?.as_bytes()?) {
            *times.entry(mark).or_default() += 1;
        }
    }
    Ok(times)
}
