//! The server is killed under load, again and again, and started on what it left.

use crate::judge::{Verdict, judge};
use crate::load::Load;
use crate::plan::{Plan, report};
use crate::server::{Server, postgres};
#[cfg(target_os = "linux")]
use crate::shim::Shim;
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;
use tokio::sync::watch;
use tripchat_tests::Database;

/// Kills in `cargo xtask test`; `cargo xtask crash` asks for more.
const KILLS: u32 = 5;
/// Of how many writes and sends one is drawn to be the last.
#[cfg(target_os = "linux")]
const STEPS: u64 = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_loses_doubles_and_turns_nothing_on_sqlite() -> Result<()> {
    kill_loop("sqlite", Database::Sqlite).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_loses_doubles_and_turns_nothing_on_postgresql() -> Result<()> {
    match postgres().await? {
        Some(database) => kill_loop("postgresql", database).await,
        None => Ok(()),
    }
}

async fn kill_loop(engine: &str, database: Database) -> Result<()> {
    let plan = Plan::read(KILLS)?;
    report(&format!("crash {engine}: seed {}", plan.seed));
    let folder = tempfile::tempdir()?;
    let mut server = Server::new(folder.path(), database)?;
    let killer = Killer::new(folder.path())?;
    server.environment = killer.environment(&plan);
    server.start().await?;
    let load = Load::begin(&server, folder.path(), &plan).await?;
    let (ledger, bases) = (load.ledger.clone(), load.bases.clone());
    let (stop, stopping) = watch::channel(false);
    let (starts, started) = watch::channel(0);
    let mut kills = 0;
    let control = async {
        for number in 0..plan.kills {
            let reader = server.reader();
            let checked = async {
                let before = ledger.copy();
                let stored = reader.read().await?;
                anyhow::Ok(judge(&before, &ledger.copy(), &bases, &stored))
            };
            let (verdict, killed) = tokio::join!(checked, async {
                tokio::time::sleep(plan.life()).await;
                killer.kill(&mut server, number).await
            });
            killed?;
            // Not before the reading has ended: a file that somebody has open is not recovered.
            clean(verdict?)?;
            kills += 1;
            server.environment = killer.environment(&plan);
            server.start().await?;
            starts.send_replace(kills);
        }
        tokio::time::sleep(plan.life()).await;
        stop.send(true).context("nobody writes any more")
    };
    let outcome = tokio::try_join!(load.run(stopping, started), control);
    let stored = server.stored().await?;
    let verdict = match &outcome {
        Ok((readers, ())) => readers.compare(&stored).await?,
        Err(_) => judge(&ledger.copy(), &ledger.copy(), &bases, &stored),
    };
    let acknowledged = ledger.acknowledged();
    let starts = times(&server.starts);
    report(&format!(
        "crash {engine}: seed {}, {kills} kills, {acknowledged} operations acknowledged, {verdict}; {starts}",
        plan.seed
    ));
    outcome?;
    clean(verdict)
}

/// Kills the server from outside, whatever it does; and where there is a shim every second time from inside, on
/// entering a write or a send: those are the instants that count, and from outside they are seldom met.
struct Killer {
    #[cfg(target_os = "linux")]
    shim: Shim,
}

#[cfg(target_os = "linux")]
impl Killer {
    fn new(folder: &Path) -> Result<Self> {
        Ok(Self { shim: Shim::compile(folder)? })
    }

    fn environment(&self, plan: &Plan) -> Vec<(&'static str, OsString)> {
        self.shim.environment(&format!("kill:{}", 1 + plan.sources.below(STEPS)))
    }

    async fn kill(&self, server: &mut Server, number: u32) -> Result<()> {
        if number.is_multiple_of(2) {
            return server.kill();
        }
        self.shim.switch_on()?;
        server.until_killed().await?;
        self.shim.switch_off()
    }
}

#[cfg(not(target_os = "linux"))]
impl Killer {
    fn new(_: &Path) -> Result<Self> {
        Ok(Self {})
    }

    fn environment(&self, _: &Plan) -> Vec<(&'static str, OsString)> {
        Vec::new()
    }

    async fn kill(&self, server: &mut Server, _: u32) -> Result<()> {
        server.kill()
    }
}

/// A verdict that finds something ends the run.
fn clean(verdict: Verdict) -> Result<()> {
    if verdict.is_clean() { Ok(()) } else { Err(verdict.into()) }
}

/// How long the starts took, the first one aside: it makes the tables.
fn times(starts: &[Duration]) -> String {
    let mut again: Vec<_> = starts.iter().skip(1).collect();
    again.sort();
    match (again.get(again.len() / 2), again.last()) {
        (Some(median), Some(longest)) => {
            format!("started again in {:.2} s, at most {:.2} s", median.as_secs_f64(), longest.as_secs_f64())
        }
        _ => "never started again".into(),
    }
}
