//! W2: one room of a thousand people who all listen.

use super::Scale;
use crate::client::Writer;
use crate::load::{Gauge, connect_all, measure, percentile, post};
use crate::say::say;
use crate::target::{Kind, Place, Target};
use crate::world::World;
use anyhow::{Context, Result};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

const PEOPLE: usize = 1_000;
const IN_FLIGHT: usize = 8;
/// By then the last one has it, or never will.
const PATIENCE: Duration = Duration::from_secs(10);

pub async fn run(kind: Kind, place: &Place, scale: &Scale) -> Result<Vec<f64>> {
    let target = Arc::new(Target::start(kind, place, World::new(1, PEOPLE, 0))?);
    let gauge = Arc::new(Gauge::default());
    // The first of them writes one at a time, when told to.
    let (go, mut told) = mpsc::channel::<()>(1);
    let mut tasks = JoinSet::<Result<()>>::new();
    let mut clients = connect_all(&target, 0..PEOPLE).await?;
    let (place, mut single) = clients.pop().context("nobody is there")?;
    let mut writer = Writer::new(place, &target.world.rooms[0]);
    let counting = gauge.clone();
    tasks.spawn(async move {
        loop {
            tokio::select! {
                biased;
                filled = single.fill() => filled?,
                Some(()) = told.recv() => writer.push(&mut single.out),
            }
            crate::load::hear(&mut single, &mut writer, &counting, |_| {})?;
            single.flush().await?;
        }
    });
    for (number, (place, mut client)) in clients.into_iter().enumerate() {
        let (gauge, mut writer) = (gauge.clone(), Writer::new(place, &target.world.rooms[0]));
        tasks.spawn(async move {
            if number < IN_FLIGHT {
                post(&mut client, &mut writer, 1, &gauge).await?;
            }
            post(&mut client, &mut writer, 0, &gauge).await
        });
    }
    let stretch = measure(&target, &gauge, scale.span).await?;
    let rate = stretch.delivered / stretch.seconds;
    say(&format!(
        "  {kind:?}: {:.0} messages/s, {rate:.0} deliveries/s; cores used: server {:.2}, load {:.2}",
        stretch.acked / stretch.seconds,
        stretch.server / stretch.seconds,
        stretch.load / stretch.seconds
    ));
    gauge.stop();
    settle(&gauge).await;
    let mut took = one_at_a_time(&gauge, &go, scale.span / 2).await?;
    if let Some(failed) = tasks.try_join_next() {
        failed??;
    }
    Ok(vec![rate, percentile(&mut took, 0.5)?])
}

/// Waits until nothing comes any more.
async fn settle(gauge: &Gauge) {
    loop {
        let before = gauge.delivered.load(Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(300)).await;
        if gauge.delivered.load(Ordering::SeqCst) == before {
            return;
        }
    }
}

async fn one_at_a_time(gauge: &Gauge, go: &mpsc::Sender<()>, span: Duration) -> Result<Vec<Duration>> {
    let began = Instant::now();
    let mut took = Vec::new();
    while began.elapsed() < span {
        let all = gauge.delivered.load(Ordering::SeqCst) + PEOPLE as u64;
        gauge.wanted.store(all, Ordering::SeqCst);
        let at = Instant::now();
        go.send(()).await?;
        timeout(PATIENCE, gauge.there.notified()).await.context("a message did not reach everybody")?;
        took.push(at.elapsed());
    }
    Ok(took)
}
