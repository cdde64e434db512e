//! The server's figures at one moment.

use crate::context::Context;
use crate::error::Result;
use crate::figures::{Standing, Summary};
use crate::webhooks::List;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// All of them.
#[derive(Debug, Serialize)]
pub(super) struct Snapshot {
    pub version: &'static str,
    pub uptime_seconds: u64,
    /// What of the process is in memory; where the system does not say, nothing.
    pub memory_bytes: Option<u64>,
    pub connections: u64,
    /// Work that waits, is under way, was done and failed.
    pub queues: BTreeMap<&'static str, Standing>,
    /// Jobs in one commit.
    pub commit_batch: Summary,
    /// In microseconds.
    pub latency_micros: BTreeMap<&'static str, Summary>,
    /// Streams of connections that were read from the database, by cause.
    pub gap_healed: BTreeMap<&'static str, u64>,
}

/// Reads them.
pub(super) async fn read(context: &Context) -> Result<Snapshot> {
    let (figures, writes) = (&context.figures, context.store.writes());
    let listed = context.store.read(List { tenant: None }).await?;
    let in_database: i64 = listed.iter().map(|it| it.waiting).sum();
    let webhooks = figures.webhooks.standing();
    // What is under way waits in the database, too, in case that this node dies.
    let waiting = u64::try_from(in_database).unwrap_or(0).saturating_sub(webhooks.active);
    let count = |it: &AtomicU64| it.load(Ordering::Relaxed);
    let healed = &figures.healed;
    Ok(Snapshot {
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: figures.since.elapsed().as_secs(),
        memory_bytes: memory(),
        connections: context.hub.connections(),
        queues: [("writes", writes.work.standing()), ("webhooks", Standing { waiting, ..webhooks })].into(),
        commit_batch: writes.batch.summary(),
        latency_micros: [("requests", figures.requests.summary()), ("writes", writes.took.summary())].into(),
        gap_healed: [
            ("gap", count(&healed.gap)),
            ("lagging", count(&healed.lagging)),
            ("look", count(&healed.look)),
        ]
        .into(),
    })
}

/// Linux says it in proc(5).
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}
