//! Waiting until something is so. WebDriver and other processes tell nothing by themselves, so they are asked again
//! and again; this is the only place that does it.

use anyhow::{Context, Result, bail};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Long enough for a slow machine, short enough for a person to wait for the failure.
pub const PATIENCE: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(40);

/// Asks until the answer is there; `what` is told when it does not come in time.
pub async fn until<T>(
    what: &str,
    patience: Duration,
    mut ask: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let from = Instant::now();
    loop {
        if let Some(answer) = ask().await.with_context(|| what.to_owned())? {
            return Ok(answer);
        }
        if from.elapsed() > patience {
            bail!("not within {} s: {what}", patience.as_secs());
        }
        sleep(PAUSE).await;
    }
}
