//! W3: connections that do nothing.

use super::Scale;
use crate::load::connect_all;
use crate::say::say;
use crate::target::{Kind, Place, Target};
use crate::world::World;
use anyhow::Result;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const SIZE: usize = 4;
/// Quieter than this, in cores, it will not be.
const QUIET: f64 = 0.05;

pub async fn run(kind: Kind, place: &Place, scale: &Scale) -> Result<Vec<f64>> {
    let target = Arc::new(Target::start(kind, place, World::new(scale.connections / SIZE, SIZE, 0))?);
    let before = target.memory()?;
    let began = Instant::now();
    let clients = connect_all(&target, 0..scale.connections).await?;
    let seconds = began.elapsed().as_secs_f64();
    settle(&target).await?;
    let memory = target.memory()? - before;
    let count = clients.len() as f64;
    say(&format!("  {kind:?}: {count} connections in {seconds:.2} s, {:.0} MiB", memory / 1024.0));
    Ok(vec![memory / count, count / seconds])
}

/// Waits until the server has nothing to do, at most for a while.
async fn settle(target: &Target) -> Result<()> {
    for _ in 0..20 {
        let before = target.cpu()?;
        sleep(Duration::from_millis(500)).await;
        if (target.cpu()? - before) / 0.5 < QUIET {
            return Ok(());
        }
    }
    Ok(())
}
