//! W1: many small rooms that all write at once; then the same people at a calm pace.

use super::Scale;
use crate::client::{Client, Writer};
use crate::load::{Gauge, all, connect_all, measure, pace, percentile, post};
use crate::say::say;
use crate::target::{Kind, Place, Target};
use crate::world::World;
use anyhow::Result;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

const ROOMS: usize = 50;
const SIZE: usize = 4;
const DEPTH: usize = 4;
/// 200 people, each twice a second.
const EVERY: Duration = Duration::from_millis(500);

pub async fn run(kind: Kind, place: &Place, scale: &Scale) -> Result<Vec<f64>> {
    let target = Arc::new(Target::start(kind, place, World::new(ROOMS, SIZE, 0))?);
    let (rate, cpu, people) = flat_out(&target, scale).await?;
    let mut took = calm(people, scale).await?;
    Ok(vec![rate, cpu, percentile(&mut took, 0.5)?, percentile(&mut took, 0.99)?])
}

type People = Vec<(Client, Writer)>;

async fn flat_out(target: &Arc<Target>, scale: &Scale) -> Result<(f64, f64, People)> {
    let gauge = Arc::new(Gauge::default());
    let mut tasks = JoinSet::new();
    for (place, mut client) in connect_all(target, 0..ROOMS * SIZE).await? {
        let (gauge, mut writer) = (gauge.clone(), Writer::new(place, target.world.room_of(place)));
        tasks.spawn(async move {
            post(&mut client, &mut writer, DEPTH, &gauge).await?;
            Ok((client, writer))
        });
    }
    let stretch = measure(target, &gauge, scale.span).await?;
    gauge.stop();
    let people = all(tasks).await?;
    let rate = stretch.acked / stretch.seconds;
    say(&format!(
        "  {:?}: {rate:.0} messages/s, {:.0} deliveries/s; cores used: server {:.2}, load {:.2}",
        target.kind,
        stretch.delivered / stretch.seconds,
        stretch.server / stretch.seconds,
        stretch.load / stretch.seconds
    ));
    Ok((rate, stretch.server / stretch.acked * 1e6, people))
}

async fn calm(people: People, scale: &Scale) -> Result<Vec<Duration>> {
    let gauge = Arc::new(Gauge::default());
    let count = u32::try_from(people.len())?;
    let mut tasks = JoinSet::new();
    for (place, (mut client, mut writer)) in people.into_iter().enumerate() {
        let gauge = gauge.clone();
        let first = EVERY / count * u32::try_from(place)?;
        tasks.spawn(async move { pace(&mut client, &mut writer, (first, EVERY), &gauge).await });
    }
    sleep(scale.span).await;
    gauge.stop();
    Ok(all(tasks).await?.concat())
}
