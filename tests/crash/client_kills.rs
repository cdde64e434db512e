//! The app is killed between every two steps of its outbox: what it showed as written arrives once and in order.

use crate::judge::{Verdict, judge};
use crate::ledger::{Ledger, Line, text};
use crate::plan::{Plan, report};
use crate::process::Process;
use crate::server::Server;
#[cfg(target_os = "linux")]
use crate::shim::Shim;
use crate::writer::dashed;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;
use tripchat_tests::{Database, Raw, trip_from};

/// Kills in `cargo xtask test`; `cargo xtask crash` asks for more.
const KILLS: u32 = 5;
/// Messages that are written in one go.
const AT_ONCE: usize = 8;
/// Messages in one life: the outbox sends one at a time, and what is left over is sent in the next life.
const IN_A_LIFE: usize = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_is_killed_loses_doubles_and_turns_nothing() -> Result<()> {
    let plan = Plan::read(KILLS)?;
    let mut ride = Ride::begin(&plan).await?;
    for _ in 0..plan.kills {
        let mut app = ride.open(&[]).await?;
        // It writes as fast as it can, in the middle of which it is killed.
        let life = tokio::time::sleep(Duration::from_millis(plan.sources.below(400)));
        tokio::pin!(life);
        let (mut said, mut unanswered) = (0, 0);
        loop {
            while unanswered < AT_ONCE && said < IN_A_LIFE {
                ride.say(&mut app);
                (said, unanswered) = (said + 1, unanswered + 1);
            }
            tokio::select! {
                biased;
                () = &mut life => break,
                line = app.line() => {
                    ride.heard(&line?.context("it ended by itself")?)?;
                    unanswered -= 1;
                }
            }
        }
        app.kill()?;
        ride.rest(&mut app).await?;
        ride.kills += 1;
    }
    ride.end("client", &plan).await
}

/// Every write to a file and every send to a socket: the app is killed on entering the first of a life, then the
/// second, until it gets through alive. In each life it starts, sends what was left over, and its person writes a
/// message, edits it, and deletes the one before.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_is_killed_at_every_step_loses_doubles_and_turns_nothing() -> Result<()> {
    let plan = Plan::read(0)?;
    let mut ride = Ride::begin(&plan).await?;
    let shim = Shim::compile(ride.folder.path())?;
    shim.switch_on()?;
    for step in 1.. {
        ensure!(step < 1_000, "it never gets through");
        let act = shim.environment(&format!("kill:{step}"));
        let mut app = Process::start(&mut ride.app(&act), &ride.log())?;
        app.tell("online");
        let mut got_through = false;
        while let Some(line) = app.line().await? {
            match line.as_str() {
                "online" => {
                    ride.say(&mut app);
                    ride.edit(&mut app);
                    ride.delete(&mut app);
                    app.tell(&format!("settle {}", ride.room));
                }
                "settled" => got_through = true,
                line => ride.heard(line)?,
            }
            if got_through {
                break;
            }
        }
        if got_through {
            app.kill()?;
            // Each of the three is written to the disk, tried, sent and settled: fewer steps would mean that the
            // shim is not in between.
            ensure!(ride.kills > 30, "it was killed only {} times", ride.kills);
            break;
        }
        ensure!(app.was_killed()?, "it ended by itself");
        ride.kills += 1;
    }
    ride.end("client, step by step", &plan).await
}

/// What the app tells on a bad disk: nothing is shown as written that is not, and it goes on when the disk is well.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_on_a_bad_disk_shows_nothing_as_written() -> Result<()> {
    let plan = Plan::read(0)?;
    for act in ["sync", "full"] {
        let mut ride = Ride::begin(&plan).await?;
        let shim = Shim::compile(ride.folder.path())?;
        let mut app = ride.open(&shim.environment(act)).await?;
        ride.say(&mut app);
        let line = app.says("wrote").await?;
        ride.heard(&format!("wrote {line}"))?;
        shim.switch_on()?;
        for _ in 0..3 {
            ride.say(&mut app);
            let line = app.line().await?.context("it ended")?;
            ensure!(line.starts_with("refused"), "{act}: {line}");
        }
        shim.switch_off()?;
        ride.say(&mut app);
        let line = app.says("wrote").await?;
        ride.heard(&format!("wrote {line}"))?;
        app.kill()?;
        ride.end(&format!("client, {act}"), &plan).await?;
    }
    Ok(())
}

/// A server, a room on it, and the app of somebody who is in the room.
struct Ride {
    folder: TempDir,
    server: Server,
    bases: BTreeMap<String, i64>,
    room: String,
    ledger: Ledger,
    kills: u32,
    /// What the app would not do: nothing, for its person asks only for what can be done.
    refused: Vec<String>,
}

impl Ride {
    async fn begin(plan: &Plan) -> Result<Self> {
        report(&format!("crash client: seed {}", plan.seed));
        let folder = tempfile::tempdir()?;
        let mut server = Server::new(folder.path(), Database::Sqlite)?;
        server.start().await?;
        let driver = Raw::register(&server.url(), "Aigerim").await?;
        let (trip, room) = driver.trip(&trip_from(plan.sources.now())).await?;
        let ledger = Ledger::default();
        let mut ride =
            Self { folder, server, bases: BTreeMap::new(), room, ledger, kills: 0, refused: Vec::new() };
        let mut app = Process::start(&mut ride.app(&[]), &ride.log())?;
        app.tell("register");
        app.says("registered").await?;
        app.tell(&format!("book {trip}"));
        let booking = app.says("booked").await?;
        let confirmed = driver.post(&format!("/api/v1/bookings/{booking}/confirm"), &json!({})).await?;
        ensure!(confirmed.status == 200, "{confirmed:?}");
        app.tell(&format!("room {}", ride.room));
        app.says("inside").await?;
        let stored = ride.server.stored().await?;
        let room = stored.get(&ride.room.replace('-', "")).context("no room")?;
        let author = room.read.keys().find(|user| dashed(user) != driver.user).context("no passenger")?;
        ride.ledger.open(&ride.room, author);
        ride.ledger.lanes()[0].folds = true;
        ride.bases = stored.iter().map(|(id, room)| (id.clone(), room.head)).collect();
        Ok(ride)
    }

    fn app(&self, environment: &[(&'static str, OsString)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crash-client"));
        command.arg(self.server.url()).arg(self.folder.path().join("app"));
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("app.log")
    }

    /// Opens the app on what it left; returns when it is online.
    async fn open(&self, environment: &[(&'static str, OsString)]) -> Result<Process> {
        let mut app = Process::start(&mut self.app(environment), &self.log())?;
        app.tell("online");
        app.says("online").await?;
        Ok(app)
    }

    /// The person writes the next message.
    fn say(&self, app: &mut Process) {
        let lines = &mut self.ledger.lanes()[0].lines;
        app.tell(&format!("say {} {}", self.room, text(lines.len(), 0)));
        lines.push(Line::default());
    }

    /// They give it another text.
    #[cfg(target_os = "linux")]
    fn edit(&self, app: &mut Process) {
        let lines = &mut self.ledger.lanes()[0].lines;
        let number = lines.len() - 1;
        lines[number].edits.0 += 1;
        app.tell(&format!("edit {} {}", self.room, text(number, 1)));
    }

    /// They take the newest away of those that an earlier life has shown as written.
    #[cfg(target_os = "linux")]
    fn delete(&self, app: &mut Process) {
        let lines = &mut self.ledger.lanes()[0].lines;
        let Some(line) = lines.iter_mut().rev().skip(1).find(|line| line.acked) else { return };
        if let (Some(id), false) = (&line.id, line.delete.0) {
            app.tell(&format!("delete {} {id}", self.room));
            line.delete.0 = true;
        }
    }

    /// The app shows something as done: from here on it must not be lost.
    fn heard(&mut self, line: &str) -> Result<()> {
        let lane = &mut self.ledger.lanes()[0];
        let number = |text| crate::ledger::number(text).context("no number");
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["wrote", id, text] => {
                let line = &mut lane.lines[number(text)?];
                (line.id, line.acked) = (Some(id.into()), true);
            }
            ["edited", _, text] => lane.lines[number(text)?].edits.1 += 1,
            ["deleted", id] => {
                let line = lane.lines.iter_mut().find(|line| line.id.as_deref() == Some(id));
                line.context("an unknown id")?.delete.1 = true;
            }
            ["row", ..] => return Ok(()),
            ["refused", ..] => {
                self.refused.push(line.to_owned());
                return Ok(());
            }
            _ => anyhow::bail!("it says {line}"),
        }
        lane.acknowledged += 1;
        Ok(())
    }

    /// What a killed app had said before.
    async fn rest(&mut self, app: &mut Process) -> Result<()> {
        while let Some(line) = app.line().await? {
            self.heard(&line)?;
        }
        Ok(())
    }

    /// Opens the app a last time, lets it send what waits, and compares.
    async fn end(self, what: &str, plan: &Plan) -> Result<()> {
        let mut app = self.open(&[]).await?;
        app.tell(&format!("settle {}", self.room));
        let mut shown = Vec::new();
        while let Some(line) = app.line().await? {
            match line.strip_prefix("row ") {
                Some(row) => shown.push(row.to_owned()),
                None => break,
            }
        }
        let stored = self.server.stored().await?;
        let lanes = self.ledger.copy();
        let verdict = judge(&lanes, &lanes, &self.bases, &stored);
        let Self { kills, .. } = self;
        let written = self.ledger.acknowledged();
        report(&format!(
            "crash {what}: seed {}, {kills} kills, {written} operations shown as done, {verdict}",
            plan.seed
        ));
        if !verdict.is_clean() {
            return Err(Verdict::into(verdict));
        }
        ensure!(self.refused.is_empty(), "{:#?}", self.refused);
        let rows = &stored.get(&self.room.replace('-', "")).context("no room")?.rows;
        let states = ["Sent", "Delivered", "Read"];
        let wanted: Vec<_> = rows.iter().map(|row| (row.id.as_str(), row.text.as_str())).collect();
        let shown: Vec<_> = shown
            .iter()
            .filter_map(|row| match row.split(' ').collect::<Vec<_>>()[..] {
                [id, state, text] if states.contains(&state) => Some((id, text)),
                _ => None,
            })
            .collect();
        ensure!(shown == wanted, "the app shows {} messages of {}", shown.len(), wanted.len());
        Ok(())
    }
}
