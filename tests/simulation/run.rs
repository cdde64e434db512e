//! One seed, from its plan to its end.

use crate::live::Live;
use crate::plan::Plan;
use crate::world::World;
use crate::{end, faults};
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tripchat_runtime::{SeededRandom, Sources, SystemClock};

/// A run that takes longer than this, by its own clock, does not end.
const FOR_EVER: Duration = Duration::from_secs(7_200);

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// What was broken.
    pub violations: Vec<String>,
    /// What was said and done, in order.
    pub trace: Vec<String>,
    /// What was met.
    pub met: BTreeSet<&'static str>,
}

/// The plan that `seed` names.
pub fn plan(seed: u64) -> Plan {
    Plan::of(seed, Sources::new(Arc::new(SystemClock), SeededRandom::new(!seed)))
}

/// Plays `seed` on a thread of its own, so that nothing of another run is left in it.
///
/// # Errors
/// If it cannot be played.
pub fn seed(seed: u64) -> Result<Outcome> {
    let played = std::thread::Builder::new().name("simulation".into()).spawn(move || play(seed))?.join();
    match played {
        Ok(outcome) => outcome,
        Err(_) => Ok(Outcome { violations: faults::take(), trace: Vec::new(), met: BTreeSet::new() }),
    }
}

fn play(seed: u64) -> Result<Outcome> {
    faults::listen();
    align_task_ids()?;
    let folder = tempfile::tempdir_in(memory())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let outcome = runtime.block_on(async {
        let begun = Instant::now();
        let live = Arc::new(Live::new(&folder.path().join("server")));
        let run = async {
            let mut world = World::begin(plan(seed), folder.path(), live.clone(), begun).await?;
            world.play().await?;
            if !live.is_broken() {
                world.heal().await?;
                end::check(&mut world).await?;
            }
            anyhow::Ok(world)
        };
        let ended = timeout(FOR_EVER, run).await;
        let (trace, mut violations, met) = live.take();
        match ended {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => violations.push(format!("the run failed: {error:#}")),
            Err(_) => violations.push("the run does not end".into()),
        }
        Outcome { violations, trace, met }
    });
    drop(runtime);
    let mut outcome = outcome;
    outcome.violations.extend(faults::take());
    Ok(outcome)
}

/// tokio keeps tasks in shards that it picks by their ids, which count through the whole process, and ends them shard
/// by shard: every run begins at the same place.
fn align_task_ids() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        loop {
            let tasks = tripchat_runtime::Tasks::default();
            let (said, id) = tokio::sync::oneshot::channel();
            tasks.start("align", async move { drop(said.send(tokio::task::id().to_string())) });
            if id.await?.parse::<u64>()? % 64 == 0 {
                return Ok(());
            }
        }
    })
}

/// Files in memory: what a disk does is tested with real ones.
fn memory() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { memory } else { std::env::temp_dir() }
}
