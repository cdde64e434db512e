//! W4: everybody was away and comes back in the same moment.

use crate::load::all;
use crate::target::{Kind, Place, Target};
use crate::track::{Track, come_back};
use crate::world::World;
use anyhow::{Result, ensure};
use std::sync::Arc;
use std::time::Instant;
use tokio::task::JoinSet;

const ROOMS: usize = 50;
const SIZE: usize = 4;
const MESSAGES: usize = 100;
/// They come back so often; the median counts.
const TIMES: usize = 5;

pub async fn run(kind: Kind, place: &Place) -> Result<Vec<f64>> {
    let target = Arc::new(Target::start(kind, place, World::new(ROOMS, SIZE, MESSAGES))?);
    let mut took = Vec::new();
    let mut faults = 0.0;
    for _ in 0..TIMES {
        let mut tasks = JoinSet::new();
        let began = Instant::now();
        for place in 0..ROOMS * SIZE {
            let target = target.clone();
            tasks.spawn(async move {
                let mut track = Track::from(target.world.room_of(place).begun);
                let client = come_back(&target, place, &mut track).await?;
                Ok((client, track))
            });
        }
        let members = all(tasks).await?;
        took.push(began.elapsed().as_secs_f64() * 1000.0);
        for (_, track) in &members {
            ensure!(track.rev == target.world.rooms[0].head, "somebody is not whole: {track:?}");
            faults += (track.lost + MESSAGES as i64 - track.seen as i64) as f64 + track.doubled as f64;
        }
    }
    took.sort_by(f64::total_cmp);
    Ok(vec![took[TIMES / 2], faults])
}
