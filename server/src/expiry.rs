//! Ends requests that nobody answered in time. Every node looks by itself: who comes second finds nothing to do.

use crate::context::Context;
use crate::error::Result;
use crate::trips::{ExpireRequest, FindOverdue};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

const EVERY: Duration = Duration::from_secs(30);

/// Looks again and again until the server ends.
pub async fn follow(context: Arc<Context>) {
    let mut turns = interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        if let Err(error) = turn(&context).await {
            // What is overdue stays so until the next turn.
            error.log();
        }
    }
}

async fn turn(context: &Context) -> Result<()> {
    for booking in context.store.read(FindOverdue).await? {
        context.store.write(ExpireRequest { booking }).await?;
    }
    Ok(())
}
