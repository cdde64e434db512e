//! The oracle that listens: what the server says is compared with its database in the moment in which it is said.
//!
//! Named after the invariants of docs/protocol.md: I1 an `ok` is stored, I3 what is sent is a run, I6 marks never
//! fall, I7 nothing reaches who may not see it, I8 nothing leaves on an expired token, I11 what was committed is told.

mod checks;

use crate::network::Way;
use crate::tap::Heard;
use checks::HEALED;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;
use uuid::Uuid;

/// After its token has expired a connection may still be written to for so long, in milliseconds.
const AFTER_EXPIRY: i64 = 30_000;

type Stream = String;

/// An operation.
#[derive(Debug, Clone)]
struct Asked {
    kind: String,
    /// Whether a newer connection of the device had been heard by then.
    old: bool,
    /// Of an edit: the message and the version that it replaces.
    replaces: Option<(String, i64)>,
}

#[derive(Debug, Default)]
struct Link {
    device: usize,
    user: Option<Uuid>,
    generation: u64,
    expires_at: i64,
    /// What was asked for on it.
    asked: BTreeMap<String, Asked>,
    /// How far each stream was sent.
    sent: BTreeMap<Stream, i64>,
    /// The rooms whose heads were told before `synced` and that were not sent.
    told: BTreeMap<Stream, i64>,
    synced: bool,
    /// What is said to it waits for room in the buffers.
    full: bool,
}

/// Something that must have been told by then.
#[derive(Debug)]
struct Promise {
    made: Instant,
    due: Instant,
    link: u64,
    stream: Stream,
    rev: i64,
}

#[derive(Debug)]
struct State {
    begun: Instant,
    trace: Vec<String>,
    violations: Vec<String>,
    database: PathBuf,
    db: Option<Connection>,
    links: BTreeMap<u64, Link>,
    /// The highest generation of each device that was heard to do something.
    generations: BTreeMap<usize, u64>,
    /// The versions of messages that an edit replaced.
    replaced: BTreeSet<(String, i64)>,
    /// Marks by room, epoch and person: the number with which they came, read and delivered.
    marks: BTreeMap<(String, i64, String), (i64, i64, i64)>,
    /// What each rev of a stream was.
    objects: BTreeMap<(Stream, i64, i64), String>,
    promises: Vec<Promise>,
    /// When something was last done to the road of a device, or to all.
    disturbed: BTreeMap<usize, Instant>,
    /// Whether hints are lost now, and when that was said last.
    losing: bool,
    hints_lost: Instant,
    /// What is wrong with whose road.
    troubles: BTreeSet<(usize, &'static str)>,
    /// Whose next answer is lost, with their connection.
    doomed: BTreeSet<usize>,
    seen: BTreeSet<&'static str>,
}

/// The oracle that listens.
#[derive(Debug)]
pub struct Live(Mutex<State>);

impl Live {
    pub fn new(data: &Path) -> Self {
        let now = Instant::now();
        Self(Mutex::new(State {
            begun: now,
            trace: Vec::new(),
            violations: Vec::new(),
            database: data.join("tripchat.db"),
            db: None,
            links: BTreeMap::new(),
            generations: BTreeMap::new(),
            replaced: BTreeSet::new(),
            marks: BTreeMap::new(),
            objects: BTreeMap::new(),
            promises: Vec::new(),
            disturbed: BTreeMap::new(),
            troubles: BTreeSet::new(),
            doomed: BTreeSet::new(),
            losing: false,
            hints_lost: now.checked_sub(HEALED).unwrap_or(now),
            seen: BTreeSet::new(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what the simulation does.
    pub fn note(&self, what: &str) {
        self.state().note(what);
    }

    /// Notes that a rule was broken.
    pub fn violated(&self, what: impl Into<String>) {
        self.state().violated(what.into());
    }

    /// Something was met: for the counters.
    pub fn met(&self, what: &'static str) {
        self.state().seen.insert(what);
    }

    /// The road of `device`, or everybody's, is not what it was.
    pub fn disturbed(&self, device: Option<usize>, devices: usize) {
        let mut state = self.state();
        let now = Instant::now();
        let all = 0..devices;
        state
            .disturbed
            .extend(all.filter(|it| device.is_none_or(|device| device == *it)).map(|it| (it, now)));
    }

    /// `what` is wrong with the road of `device`, or no longer.
    pub fn trouble(&self, device: usize, what: &'static str, on: bool) {
        let mut state = self.state();
        if on {
            state.troubles.insert((device, what));
            state.seen.insert(what);
        } else {
            state.troubles.remove(&(device, what));
        }
    }

    /// The next answer to a message of `device` is lost, with its connection.
    pub fn lose_answer(&self, device: usize, on: bool) {
        let mut state = self.state();
        if on {
            state.doomed.insert(device)
        } else {
            state.doomed.remove(&device)
        };
    }

    /// Hints are lost from now on, or were until now.
    pub fn hints_lost(&self, losing: bool) {
        let mut state = self.state();
        state.losing = losing;
        state.hints_lost = Instant::now();
    }

    /// What was noted, and what was broken; what was met.
    pub fn take(&self) -> (Vec<String>, Vec<String>, BTreeSet<&'static str>) {
        let mut state = self.state();
        let taken = &mut *state;
        (
            std::mem::take(&mut taken.trace),
            std::mem::take(&mut taken.violations),
            std::mem::take(&mut taken.seen),
        )
    }

    /// Whether a rule was broken.
    pub fn is_broken(&self) -> bool {
        !self.state().violations.is_empty()
    }

    /// A connection is over.
    pub fn closed(&self, link: u64) {
        let mut state = self.state();
        state.links.remove(&link);
        state.promises.retain(|promise| promise.link != link);
    }

    /// Whether the buffers of a connection are full: while nobody takes anything, nothing more can be told.
    pub fn full(&self, link: u64, full: bool) {
        let mut state = self.state();
        let Some(connection) = state.links.get_mut(&link).filter(|connection| connection.full != full) else {
            return;
        };
        connection.full = full;
        let device = connection.device;
        state.disturbed.insert(device, Instant::now());
    }

    /// The server is gone, and with it all that it would have said.
    pub fn server_gone(&self) {
        let mut state = self.state();
        state.links.clear();
        state.promises.clear();
    }

    /// Something passed the server's end of a connection; whether the road is cut at that.
    pub fn hear(&self, (device, link): (usize, u64), way: Way, heard: Heard) -> bool {
        let mut state = self.state();
        let is_answer = matches!(&heard, Heard::Text(text) if text.starts_with(r#"{"type":"ok""#) && text.contains(r#""seq""#));
        match (way, heard) {
            (Way::Up, Heard::Head(head)) => state.begins(device, link, &head),
            (Way::Down, Heard::Head(head)) => {
                let status = head.lines().next().unwrap_or_default();
                state.note(&format!("{link}/{device} < {status}"));
            }
            (Way::Up, Heard::Text(text)) => state.asked(link, device, &text),
            (Way::Down, Heard::Text(text)) => state.said(link, device, &text),
            (way, Heard::Close(code)) => state.note(&format!("{link}/{device} {way:?} closes {code:?}")),
        }
        let cut = way == Way::Down && is_answer && state.doomed.remove(&device);
        if cut {
            state.seen.insert("a lost answer");
            state.disturbed.insert(device, Instant::now());
        }
        cut
    }

    /// Looks whether everything was told that had to be by now.
    pub fn look(&self) {
        let mut state = self.state();
        let now = Instant::now();
        let (due, open): (Vec<Promise>, Vec<Promise>) =
            std::mem::take(&mut state.promises).into_iter().partition(|promise| promise.due <= now);
        state.promises = open;
        for promise in due {
            state.judge(&promise);
        }
    }
}

impl State {
    fn note(&mut self, what: &str) {
        let at = self.begun.elapsed().as_millis();
        self.trace.push(format!("{at} {what}"));
    }

    fn violated(&mut self, what: String) {
        self.note(&format!("VIOLATED {what}"));
        self.violations.push(what);
    }

    fn db(&mut self) -> Option<&Connection> {
        if self.db.is_none() {
            self.db = Connection::open_with_flags(&self.database, OpenFlags::SQLITE_OPEN_READ_ONLY).ok();
        }
        self.db.as_ref()
    }

    fn begins(&mut self, device: usize, link: u64, head: &str) {
        let request = head.lines().next().unwrap_or_default().to_owned();
        self.note(&format!("{link}/{device} > {request}"));
        let expires_at = head
            .lines()
            .find_map(|line| line.strip_prefix("authorization: Bearer "))
            .and_then(expiry)
            .unwrap_or(i64::MAX);
        self.links.insert(link, Link { device, expires_at, ..Link::default() });
    }

    fn asked(&mut self, link: u64, device: usize, text: &str) {
        self.note(&format!("{link}/{device} > {}", without_token(text)));
        let Ok(frame) = serde_json::from_str::<Value>(text) else { return };
        let kind = frame["type"].as_str().unwrap_or_default().to_owned();
        let newest = self.generations.get(&device).copied().unwrap_or_default();
        let Some(connection) = self.links.get_mut(&link) else { return };
        match kind.as_str() {
            "hello" => {
                connection.generation = frame["generation"].as_u64().unwrap_or_default();
                for (room, cursor) in frame["rooms"].as_object().into_iter().flatten() {
                    connection.sent.insert(format!("room:{room}"), cursor[1].as_i64().unwrap_or_default());
                }
                if let Some(rev) = frame["inbox"][1].as_i64() {
                    connection.sent.insert("inbox".into(), rev);
                }
            }
            "authenticate" => {
                let expires_at = frame["token"].as_str().and_then(expiry).unwrap_or(connection.expires_at);
                connection.expires_at = connection.expires_at.max(expires_at);
            }
            "catch_up" => {
                let stream = frame["stream"].as_str().unwrap_or_default();
                let stream = if stream.starts_with("user:") { "inbox" } else { stream };
                let since = frame["since"][1].as_i64().unwrap_or_default();
                connection.sent.insert(stream.into(), since);
                connection.told.remove(stream);
            }
            _ => {
                let old = connection.generation < newest;
                let replaces = frame["edit_no"]
                    .as_i64()
                    .map(|no| (frame["message"].as_str().unwrap_or_default().into(), no));
                if let Some(id) = frame["id"].as_str() {
                    connection.asked.insert(id.into(), Asked { kind, old, replaces });
                }
            }
        }
    }

    fn said(&mut self, link: u64, device: usize, text: &str) {
        self.note(&format!("{link}/{device} < {text}"));
        let Ok(frame) = serde_json::from_str::<Value>(text) else {
            return self.violated(format!("a frame is not JSON: {text}"));
        };
        let now = self.now();
        let Some(connection) = self.links.get(&link) else { return };
        if now > connection.expires_at.saturating_add(AFTER_EXPIRY) {
            self.violated(format!("I8: {link}/{device} is written to after its token has expired"));
        }
        match frame["type"].as_str().unwrap_or_default() {
            "welcome" => {
                let user = frame["user"].as_str().and_then(|user| user.parse().ok());
                if let Some(connection) = self.links.get_mut(&link) {
                    connection.user = user;
                }
            }
            "ok" => self.check_ok(link, &frame),
            "change" => {
                let rev = frame["rev"].as_i64().unwrap_or_default();
                self.check_object(link, &frame, (rev, &frame["object"]));
                self.run(link, &frame, (rev - 1, rev));
            }
            "changes" => self.check_page(link, &frame),
            "heads" => self.check_heads(link, &frame),
            "marks" => self.check_marks(&frame),
            "gone" => {
                let stream = stream_of(&frame);
                if let Some(connection) = self.links.get_mut(&link) {
                    connection.sent.remove(&stream);
                }
                self.seen.insert("gone");
            }
            "synced" => self.synced(link),
            "reauthenticate" => drop(self.seen.insert("renewal")),
            "error" => self.refused(link, &frame),
            _ => {}
        }
    }

    fn now(&self) -> i64 {
        use tripchat_runtime::Clock;
        crate::clock::SimClock::new(self.begun, 0).now()
    }

    fn refused(&mut self, link: u64, frame: &Value) {
        let connection = self.links.get(&link);
        let asked = frame["id"].as_str().and_then(|id| connection?.asked.get(id));
        if let (Some(id), Some(Asked { kind, .. }), Some(user)) =
            (frame["id"].as_str(), asked, connection.and_then(|it| it.user))
            && kind == "send"
            && frame["retry"] == "never"
            && self.seq_of(user, id).is_some()
        {
            self.violated(format!("4.3: {id} is refused with {}, and is stored", frame["code"]));
        }
        let seen = match frame["code"].as_str().unwrap_or_default() {
            "CONNECTION_REPLACED" => "an old connection refused",
            "NOT_PARTICIPANT" => "a former member refused",
            "CONFLICT" => "an edit in conflict",
            "GONE" => "an edit of what is deleted",
            _ => return,
        };
        self.seen.insert(seen);
    }
}

/// The stream of a frame; every inbox is one's own.
fn stream_of(frame: &Value) -> Stream {
    let stream = stream_name(frame);
    if stream.starts_with("user:") { "inbox".into() } else { stream }
}

fn stream_name(frame: &Value) -> Stream {
    frame["stream"].as_str().unwrap_or_default().to_owned()
}

/// When a token expires, in milliseconds (RFC 7519, section 4.1.4).
fn expiry(token: &str) -> Option<i64> {
    use base64::Engine;
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Some(claims["exp"].as_i64()? * 1_000)
}

fn without_token(text: &str) -> String {
    match text.split_once(r#""token":""#) {
        Some((before, after)) => {
            let rest = after.split_once('"').map_or("", |(_, rest)| rest);
            format!("{before}\"token\":\"…\"{rest}")
        }
        None => text.to_owned(),
    }
}
