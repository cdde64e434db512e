//! W7: two of four drop and return all the time while the other two keep eight messages of the room on their way.

use super::Scale;
use crate::client::Writer;
use crate::load::{Gauge, all, connect_all, post};
use crate::say::say;
use crate::target::{Kind, Place, Target};
use crate::track::{Track, come_back};
use crate::world::World;
use anyhow::Result;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tripchat_runtime::Sources;

const ROOMS: usize = 10;
const SIZE: usize = 4;
const WRITERS: usize = 2;
const DEPTH: usize = 4;
/// Who has not come by then will not come.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn run(kind: Kind, place: &Place, scale: &Scale) -> Result<Vec<f64>> {
    let target = Arc::new(Target::start(kind, place, World::new(ROOMS, SIZE, 0))?);
    let gauge = Arc::new(Gauge::default());
    let mut writing = JoinSet::new();
    let mut dropping = JoinSet::new();
    for (place, mut client) in connect_all(&target, 0..ROOMS * SIZE).await? {
        if place % SIZE < WRITERS {
            let (gauge, mut writer) = (gauge.clone(), Writer::new(place, target.world.room_of(place)));
            writing.spawn(async move {
                post(&mut client, &mut writer, DEPTH, &gauge).await?;
                Ok((place, writer.acked))
            });
        } else {
            drop(client);
            dropping.spawn(drop_and_return(target.clone(), place, gauge.clone()));
        }
    }
    sleep(scale.span).await;
    gauge.stop();
    let written = all(writing).await?;
    let mut tracks = all(dropping).await?;
    let mut never = 0;
    for (place, track, _) in &mut tracks {
        let room = target.world.people[*place].room;
        let of_room = written.iter().filter(|(writer, _)| target.world.people[*writer].room == room);
        let head = target.world.rooms[room].begun + of_room.map(|(_, acked)| *acked as i64).sum::<i64>();
        catch_up(&target, *place, track, head).await?;
        never += track.lost + (head - track.rev).max(0);
    }
    let seen: u64 = tracks.iter().map(|(_, track, _)| track.seen).sum();
    let turned: u64 = tracks.iter().map(|(_, track, _)| track.turned).sum();
    let doubled: u64 = tracks.iter().map(|(_, track, _)| track.doubled).sum();
    let returns: u64 = tracks.iter().map(|(_, _, returns)| *returns).sum();
    say(&format!("  {kind:?}: {seen} deliveries to who dropped {returns} times; {doubled} came twice"));
    Ok(vec![seen as f64, never as f64, turned as f64])
}

/// Comes back for the last time, and waits for everything.
async fn catch_up(target: &Target, place: usize, track: &mut Track, head: i64) -> Result<()> {
    let mut client = come_back(target, place, track).await?;
    let rest = async {
        while track.rev < head {
            client.fill().await?;
            track.hear(&mut client)?;
        }
        Ok(())
    };
    // What is missing then is counted.
    timeout(PATIENCE, rest).await.unwrap_or(Ok(()))
}

async fn drop_and_return(
    target: Arc<Target>,
    place: usize,
    gauge: Arc<Gauge>,
) -> Result<(usize, Track, u64)> {
    let sources = Sources::system();
    let mut track = Track::from(target.world.room_of(place).begun);
    let mut returns = 0;
    while !gauge.is_stopped() {
        let mut client = come_back(&target, place, &mut track).await?;
        returns += 1;
        let until = Instant::now() + Duration::from_millis(5 + sources.below(100));
        while let Ok(filled) = tokio::time::timeout_at(until.into(), client.fill()).await {
            filled?;
            track.hear(&mut client)?;
        }
        drop(client);
        sleep(Duration::from_millis(sources.below(30))).await;
    }
    Ok((place, track, returns))
}
