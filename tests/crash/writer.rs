//! A client without a core that keeps to the protocol: one operation a room at a time, and what was not answered is
//! asked again under the same id on the next connection.

use crate::ledger::{Lane, Ledger, text};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tripchat_protocol::frame::Done;
use tripchat_protocol::{Failure, Retry, ServerFrame, StreamId};
use tripchat_runtime::Sources;
use tripchat_tests::Raw;

/// A server that is not back by then will not come back.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long an operation waits that is to be asked again later, if the server does not say.
const LATER_MS: u64 = 100;

/// See the module.
pub struct Writer {
    raw: Raw,
    device: String,
    generation: u64,
    ledger: Ledger,
    lanes: Vec<usize>,
    /// The epoch of each of the lanes' rooms.
    epochs: Vec<i64>,
    /// How far it has read each stream.
    cursors: BTreeMap<StreamId, (i64, i64)>,
    waiting: BTreeMap<String, Waiting>,
    every: Duration,
    sources: Sources,
}

/// An operation that was asked for and not answered.
struct Waiting {
    lane: usize,
    frame: Value,
    what: What,
    /// When to ask again.
    due: Option<Instant>,
}

#[derive(Clone, Copy)]
enum What {
    Send(usize),
    Edit(usize),
    Delete(usize),
    Read(i64),
}

enum End {
    /// Everything is answered.
    Done,
    /// The connection broke.
    Cut,
}

impl Writer {
    /// Writes as `raw` in `rooms`, each with its epoch, an operation `every` so often.
    pub fn new(
        raw: Raw,
        rooms: &[(String, i64)],
        ledger: &Ledger,
        every: Duration,
        sources: &Sources,
    ) -> Self {
        let lanes = rooms.iter().map(|(room, _)| ledger.open(room, &raw.user)).collect();
        let epochs = rooms.iter().map(|(_, epoch)| *epoch).collect();
        Self {
            raw,
            device: sources.uuid().to_string(),
            generation: 0,
            ledger: ledger.clone(),
            lanes,
            epochs,
            cursors: BTreeMap::new(),
            waiting: BTreeMap::new(),
            every,
            sources: sources.clone(),
        }
    }

    /// Writes until `stop`, and on until everything is acknowledged.
    pub async fn run(mut self, stop: watch::Receiver<bool>) -> Result<()> {
        loop {
            let alive = Instant::now();
            while let Err(error) = self.connect().await {
                if alive.elapsed() > PATIENCE {
                    return Err(error.context("the server did not come back"));
                }
                // What a client does that finds nobody: it comes again a little later.
                tokio::time::sleep(Duration::from_millis(10 + self.sources.below(50))).await;
            }
            if let End::Done = self.work(&stop).await? {
                return Ok(());
            }
        }
    }

    async fn connect(&mut self) -> Result<()> {
        self.generation += 1;
        let mut hello = json!({"device": self.device, "generation": self.generation});
        for (stream, (epoch, rev)) in &self.cursors {
            match stream {
                StreamId::User(_) => hello["inbox"] = json!([epoch, rev]),
                StreamId::Room(room) => hello["rooms"][room.to_string()] = json!([epoch, rev, 0]),
            }
        }
        self.raw.greet(&hello).await?;
        loop {
            match self.raw.next().await? {
                Ok(ServerFrame::Synced(_)) => break,
                Ok(frame) => self.follow(&frame),
                Err(code) => bail!("closed with {code:?}"),
            }
        }
        let again: Vec<Value> = self.waiting.values().map(|waiting| waiting.frame.clone()).collect();
        for frame in again {
            self.raw.say(&frame).await?;
        }
        Ok(())
    }

    async fn work(&mut self, stop: &watch::Receiver<bool>) -> Result<End> {
        let mut pace = interval(self.every);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                heard = self.raw.next() => match heard? {
                    Ok(frame) => self.hear(&frame)?,
                    Err(None) => return Ok(End::Cut),
                    Err(Some(code)) => bail!("the server closed the socket with {code}"),
                },
                _ = pace.tick() => {
                    let stopping = *stop.borrow();
                    if stopping && self.waiting.is_empty() {
                        return Ok(End::Done);
                    }
                    let mut frames = self.due();
                    if !stopping {
                        frames.extend(self.next());
                    }
                    for frame in frames {
                        // Whether it left shows in the answer.
                        if self.raw.say(&frame).await.is_err() {
                            return Ok(End::Cut);
                        }
                    }
                }
            }
        }
    }

    /// What the server asked to be asked again, and whose time has come.
    fn due(&mut self) -> Vec<Value> {
        let now = Instant::now();
        let due = self.waiting.values_mut().filter(|it| it.due.is_some_and(|due| due <= now));
        due.map(|waiting| {
            waiting.due = None;
            waiting.frame.clone()
        })
        .collect()
    }

    /// The next operation, if the lane that was drawn is free.
    fn next(&mut self) -> Option<Value> {
        let drawn = usize::try_from(self.sources.below(self.lanes.len() as u64)).ok()?;
        let (lane, epoch, chance) = (self.lanes[drawn], self.epochs[drawn], self.sources.below(100));
        let is_mark = |what: What| matches!(what, What::Read(_));
        if self.waiting.values().any(|it| it.lane == lane && is_mark(it.what) == (chance >= 95)) {
            return None;
        }
        let id = self.sources.uuid();
        let ledger = self.ledger.clone();
        let of = &mut ledger.lanes()[lane];
        let (what, frame) = operation(of, epoch, chance, &id.simple().to_string())?;
        let mut frame = frame;
        frame["id"] = json!(id.to_string());
        frame["room"] = json!(dashed(&of.room));
        let waiting = Waiting { lane, frame: frame.clone(), what, due: None };
        self.waiting.insert(id.to_string(), waiting);
        Some(frame)
    }

    fn hear(&mut self, frame: &ServerFrame) -> Result<()> {
        match frame {
            ServerFrame::Ok(done) => self.done(done),
            ServerFrame::Error(failure) => self.refused(failure),
            other => {
                self.follow(other);
                Ok(())
            }
        }
    }

    fn follow(&mut self, frame: &ServerFrame) {
        match frame {
            ServerFrame::Changes(page) => {
                self.cursors.insert(page.stream, (page.epoch.0, page.upto.0));
            }
            ServerFrame::Change(change) => {
                let place = (change.epoch.0, change.rev.0);
                if self.cursors.get(&change.stream) == Some(&(place.0, place.1 - 1)) {
                    self.cursors.insert(change.stream, place);
                }
            }
            _ => {}
        }
    }

    fn done(&mut self, done: &Done) -> Result<()> {
        let id = done.id.context("an ok without an id")?.to_string();
        // Asked again on a new connection while the answer was on the old one: it was counted.
        let Some(waiting) = self.waiting.remove(&id) else { return Ok(()) };
        let ledger = self.ledger.clone();
        let lane = &mut ledger.lanes()[waiting.lane];
        lane.acknowledged += 1;
        match waiting.what {
            What::Send(at) => {
                let line = &mut lane.lines[at];
                line.acked = true;
                line.seq = Some(done.seq.context("an ok of a send without a seq")?.0);
            }
            What::Edit(at) => lane.lines[at].edits.1 += 1,
            What::Delete(at) => lane.lines[at].delete.1 = true,
            What::Read(seq) => lane.read = seq,
        }
        Ok(())
    }

    fn refused(&mut self, failure: &Failure) -> Result<()> {
        let id = failure.id.with_context(|| format!("{failure:?}"))?.to_string();
        ensure!(failure.retry == Retry::Later, "refused for ever: {failure:?}");
        let after = Duration::from_millis(failure.retry_after_ms.unwrap_or(LATER_MS));
        if let Some(waiting) = self.waiting.get_mut(&id) {
            waiting.due = Some(Instant::now() + after);
        }
        Ok(())
    }
}

/// What comes next in a lane, noted in it as asked for; id and room are still missing. Of a hundred operations 75 send,
/// 15 edit, 5 delete and 5 mark as read.
fn operation(lane: &mut Lane, epoch: i64, chance: u64, id: &str) -> Option<(What, Value)> {
    let at = lane.lines.len();
    let last = lane.lines.last_mut().filter(|line| line.acked && !line.delete.0);
    Some(match (chance, last) {
        (75..90, Some(line)) => {
            let no = line.edits.0;
            line.edits.0 += 1;
            let body = json!({"kind": "TEXT", "text": text(at - 1, no + 1)});
            let frame = json!({"type": "edit", "message": line.id, "edit_no": no, "body": body});
            (What::Edit(at - 1), frame)
        }
        (90..95, Some(line)) => {
            line.delete.0 = true;
            (What::Delete(at - 1), json!({"type": "delete", "message": line.id}))
        }
        (95.., _) => {
            let seq = lane.lines.iter().rev().find_map(|line| line.seq)?;
            (What::Read(seq), json!({"type": "read", "epoch": epoch, "seq": seq}))
        }
        _ => {
            lane.lines.push(crate::ledger::Line { id: Some(id.into()), ..Default::default() });
            let body = json!({"kind": "TEXT", "text": text(at, 0)});
            (What::Send(at), json!({"type": "send", "written_at": 5, "body": body}))
        }
    })
}

/// A UUID as it is written on the wire.
pub fn dashed(id: &str) -> String {
    [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-")
}
