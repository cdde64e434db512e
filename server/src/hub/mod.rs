//! Who is connected here and listens to which stream. Each change is put into words once and handed to all.
//!
//! A queue that is full loses the hint and notes the stream as lagging; the connection then reads the database. What
//! happens in a room is handed to its current members only, as the database has them since the last change among
//! them that the node heard of.

mod queue;

use crate::bus::{ChangeHint, MarksHint};
use queue::Queue;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use tripchat_protocol::frame::Marks;
use tripchat_protocol::{Rev, RoomId, ServerFrame, SessionId, StreamId, UserId};
use tripchat_runtime::{Plant, planted};

pub use queue::{About, Ephemeral, GATHERED, Live, Queued, TOGETHER};

/// The listeners of this node.
#[derive(Debug)]
pub struct Hub {
    next: AtomicU64,
    listeners: Mutex<Listeners>,
    /// No token outlives this.
    token_life: Duration,
    /// Somebody left.
    left: Notify,
}

#[derive(Debug, Default)]
struct Listeners {
    by_stream: BTreeMap<StreamId, Audience>,
    by_session: BTreeMap<SessionId, Outlets>,
    by_user: BTreeMap<UserId, Outlets>,
    /// Sessions that were ended, until the last of their tokens has expired.
    revoked: BTreeMap<SessionId, Instant>,
    draining: Option<Duration>,
}

type Outlets = BTreeMap<u64, Outlet>;

#[derive(Debug, Default)]
struct Audience {
    outlets: Outlets,
    members: Option<Members>,
}

/// The current members of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// The change that made them so.
    pub rev: Rev,
    /// Who they are.
    pub people: BTreeSet<UserId>,
}

/// The hub's end of a connection.
#[derive(Debug, Clone)]
struct Outlet {
    user: UserId,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct State {
    queue: Queue,
    ended: bool,
    drain: Option<Duration>,
}

/// The connection's end. Dropping it ends every subscription.
#[derive(Debug)]
pub struct Inlet {
    hub: Arc<Hub>,
    number: u64,
    session: SessionId,
    outlet: Outlet,
    streams: BTreeSet<StreamId>,
}

/// What the hub has for a connection.
#[derive(Debug)]
pub enum Arrival {
    /// A change.
    Live(Live),
    /// A frame that might have been lost.
    Ephemeral(Ephemeral),
    /// These streams lost hints: read them.
    Lagging(BTreeSet<StreamId>),
    /// The session was ended.
    Ended,
    /// The server goes away after this span.
    Drain(Duration),
}

impl Hub {
    /// Nobody is there yet. `token_life` is longer than any access token lives.
    #[must_use]
    pub fn new(token_life: Duration) -> Self {
        Self { next: AtomicU64::new(0), listeners: Mutex::default(), token_life, left: Notify::new() }
    }

    /// A connection of `session` that listens to nothing yet.
    #[must_use]
    pub fn connect(self: &Arc<Self>, user: UserId, session: SessionId) -> Inlet {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut listeners = self.lock();
        let state =
            State { ended: listeners.is_revoked(session), drain: listeners.draining, ..State::default() };
        let shared = Shared { state: Mutex::new(state), wake: Notify::new() };
        let outlet = Outlet { user, shared: Arc::new(shared) };
        listeners.by_session.entry(session).or_default().insert(number, outlet.clone());
        listeners.by_user.entry(user).or_default().insert(number, outlet.clone());
        drop(listeners);
        Inlet { hub: self.clone(), number, session, outlet, streams: BTreeSet::new() }
    }

    /// Whether somebody listens to `room`, and its members are not known as they are since `members_rev`.
    #[must_use]
    pub fn needs_members(&self, room: RoomId, members_rev: Rev) -> bool {
        let listeners = self.lock();
        let audience = listeners.by_stream.get(&StreamId::Room(room));
        let is_old = |members: &Members| members.rev < members_rev && !planted(Plant::MembersRevIgnored);
        audience.is_some_and(|it| it.members.as_ref().is_none_or(is_old))
    }

    /// The members of `room`, as the database has them. Nothing of the room reaches anyone else from now on, not even
    /// what waits already; they read the database, and are told there that it is no longer theirs.
    pub fn set_members(&self, room: RoomId, members: Members) {
        let mut listeners = self.lock();
        let Some(audience) = listeners.by_stream.get_mut(&StreamId::Room(room)) else { return };
        if audience.members.as_ref().is_some_and(|known| known.rev > members.rev) {
            return;
        }
        if !planted(Plant::IntervalIgnored) {
            for outlet in audience.outlets.values().filter(|it| !members.people.contains(&it.user)) {
                outlet.change(|state| state.queue.purge(room));
            }
        }
        audience.members = Some(members);
    }

    /// The members of `room` could not be read: whoever listens has to ask the database.
    pub fn distrust(&self, room: RoomId) {
        let stream = StreamId::Room(room);
        if let Some(audience) = self.lock().by_stream.get_mut(&stream) {
            audience.members = None;
            audience.lag(stream);
        }
    }

    /// Hands a committed change to everyone who listens to its stream and may.
    pub fn deliver(&self, hint: &ChangeHint) {
        let listeners = self.lock();
        let Some(audience) = listeners.by_stream.get(&hint.stream) else { return };
        let ChangeHint { stream, epoch, rev, object, .. } = hint;
        let frame = format!(
            r#"{{"type":"change","stream":"{stream}","epoch":{epoch},"rev":{rev},"object":{object}}}"#
        );
        let live = Live { stream: *stream, epoch: *epoch, rev: *rev, frame: frame.into() };
        let push = |outlet: &Outlet| outlet.change(|state| state.queue.push(live.clone()));
        match (stream, audience.members_since(hint.members_rev)) {
            // An inbox is listened to by its person alone.
            (StreamId::User(_), _) => audience.outlets.values().for_each(push),
            (StreamId::Room(_), Some(members)) => audience.current(members).for_each(push),
            (StreamId::Room(_), None) => audience.lag(*stream),
        }
    }

    /// Hands the marks of a room to those who may see them: all to all, in large rooms each one's own.
    pub fn deliver_marks(&self, hint: &MarksHint) {
        let listeners = self.lock();
        let Some(audience) = listeners.by_stream.get(&StreamId::Room(hint.room)) else { return };
        // Who is not sure to be a member is told nothing; lost marks are found by their number.
        let Some(members) = audience.members_since(hint.members_rev) else { return };
        let about = About::Marks(hint.room, hint.epoch, hint.marks);
        let of = |people| Marks { room: hint.room, epoch: hint.epoch, marks: hint.marks, people };
        if hint.large {
            for outlet in audience.current(members) {
                if let Some(own) = hint.people.iter().find(|own| own.user == outlet.user) {
                    outlet.push(about, &ServerFrame::Marks(of(vec![*own])));
                }
            }
        } else {
            let frame = ServerFrame::Marks(of(hint.people.clone()));
            push_all(audience.current(members), about, &frame);
        }
    }

    /// Tells the members of `room` who listen, but for `writer`, that they are writing.
    pub fn deliver_typing(&self, room: RoomId, writer: UserId, frame: &ServerFrame) {
        let listeners = self.lock();
        let Some(audience) = listeners.by_stream.get(&StreamId::Room(room)) else { return };
        let Some(members) = &audience.members else { return };
        let others = audience.current(members).filter(|outlet| outlet.user != writer);
        push_all(others, About::Typing(room, writer), frame);
    }

    /// Tells every connection of `people` how `about` is there.
    pub fn deliver_presence<'a>(
        &self,
        about: UserId,
        people: impl IntoIterator<Item = &'a UserId>,
        frame: &ServerFrame,
    ) {
        let listeners = self.lock();
        let outlets = people.into_iter().filter_map(|user| listeners.by_user.get(user));
        push_all(outlets.flat_map(BTreeMap::values), About::Presence(about), frame);
    }

    /// Hints were lost: everyone must read what they listen to.
    pub fn heal_all(&self) {
        for (stream, audience) in &self.lock().by_stream {
            audience.lag(*stream);
        }
    }

    /// Closes the sockets of a session that was ended; it opens none any more.
    pub fn end_session(&self, session: SessionId) {
        let mut listeners = self.lock();
        let now = Instant::now();
        listeners.revoked.retain(|_, until| *until > now);
        listeners.revoked.insert(session, now + self.token_life);
        for outlet in listeners.by_session.get(&session).into_iter().flat_map(BTreeMap::values) {
            outlet.change(|state| state.ended = true);
        }
    }

    /// Whether the session was ended while a token of it may still be valid.
    #[must_use]
    pub fn is_revoked(&self, session: SessionId) -> bool {
        self.lock().is_revoked(session)
    }

    /// The server goes away after `within`: everyone is told, and so is who comes still.
    pub fn drain(&self, within: Duration) {
        let mut listeners = self.lock();
        listeners.draining = Some(within);
        for outlet in listeners.by_session.values().flat_map(BTreeMap::values) {
            outlet.change(|state| state.drain = Some(within));
        }
    }

    /// Whether the server is about to go away.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.lock().draining.is_some()
    }

    /// How many are connected.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.lock().by_session.values().map(|outlets| u64::try_from(outlets.len()).unwrap_or(0)).sum()
    }

    /// Waits until nobody is connected.
    pub async fn until_empty(&self) {
        while !self.lock().by_session.is_empty() {
            self.left.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        // The maps are whole after every statement, whatever panicked in between.
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Words `frame` once for all of `outlets`.
fn push_all<'a>(outlets: impl Iterator<Item = &'a Outlet>, about: About, frame: &ServerFrame) {
    let mut outlets = outlets.peekable();
    if outlets.peek().is_none() {
        return;
    }
    match serde_json::to_string(frame) {
        Ok(text) => {
            let ephemeral = Ephemeral { about, frame: text.into() };
            outlets.for_each(|it| it.change(|state| state.queue.push_ephemeral(ephemeral.clone())));
        }
        Err(error) => tracing::error!(%error, "a frame cannot be written"),
    }
}

impl Listeners {
    fn is_revoked(&self, session: SessionId) -> bool {
        self.revoked.get(&session).is_some_and(|until| *until > Instant::now())
    }
}

impl Audience {
    /// The members, if they are known as they are since `rev`.
    fn members_since(&self, rev: Rev) -> Option<&Members> {
        let is_known = |members: &&Members| members.rev >= rev || planted(Plant::MembersRevIgnored);
        self.members.as_ref().filter(is_known)
    }

    fn current<'a>(&'a self, members: &'a Members) -> impl Iterator<Item = &'a Outlet> {
        let all = planted(Plant::IntervalIgnored);
        self.outlets.values().filter(move |outlet| all || members.people.contains(&outlet.user))
    }

    fn lag(&self, stream: StreamId) {
        self.outlets.values().for_each(|outlet| outlet.change(|state| state.queue.lag(stream)));
    }
}

impl Outlet {
    fn change(&self, with: impl FnOnce(&mut State)) {
        with(&mut self.state());
        self.shared.wake.notify_one();
    }

    fn push(&self, about: About, frame: &ServerFrame) {
        push_all(std::iter::once(self), about, frame);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inlet {
    /// Its number among the connections of this node.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Listens to `stream` from now on; false if it did already. Subscribe first, then read.
    pub fn subscribe(&mut self, stream: StreamId) -> bool {
        let fresh = self.streams.insert(stream);
        if fresh {
            let mut listeners = self.hub.lock();
            let audience = listeners.by_stream.entry(stream).or_default();
            audience.outlets.insert(self.number, self.outlet.clone());
        }
        fresh
    }

    /// Stops listening to `stream`; nothing of it leaves any more.
    pub fn unsubscribe(&mut self, stream: StreamId) {
        if self.streams.remove(&stream) {
            self.hub.lock().unsubscribe(stream, self.number);
        }
        self.outlet.state().queue.forget(stream);
    }

    /// What it listens to.
    #[must_use]
    pub fn streams(&self) -> Vec<StreamId> {
        self.streams.iter().copied().collect()
    }

    /// The next thing that the hub has for this connection. Cancel safe.
    pub async fn next(&mut self) -> Arrival {
        loop {
            if let Some(arrival) = self.take() {
                return arrival;
            }
            self.outlet.shared.wake.notified().await;
        }
    }

    /// What the hub has for this connection now.
    pub fn take(&mut self) -> Option<Arrival> {
        let mut state = self.outlet.state();
        if state.ended {
            return Some(Arrival::Ended);
        }
        if let Some(within) = state.drain.take() {
            return Some(Arrival::Drain(within));
        }
        // What is queued goes first: reading a lagging stream makes it stale, never wrong.
        match state.queue.pop() {
            Some(Queued::Live(live)) => Some(Arrival::Live(live)),
            Some(Queued::Ephemeral(it)) => Some(Arrival::Ephemeral(it)),
            None => state.queue.take_lagging().map(Arrival::Lagging),
        }
    }
}

impl Drop for Inlet {
    fn drop(&mut self) {
        let mut listeners = self.hub.lock();
        for stream in &self.streams {
            listeners.unsubscribe(*stream, self.number);
        }
        forget(&mut listeners.by_session, &self.session, self.number);
        forget(&mut listeners.by_user, &self.outlet.user, self.number);
        drop(listeners);
        self.hub.left.notify_one();
    }
}

impl Listeners {
    fn unsubscribe(&mut self, stream: StreamId, number: u64) {
        if let Some(audience) = self.by_stream.get_mut(&stream) {
            audience.outlets.remove(&number);
            if audience.outlets.is_empty() {
                self.by_stream.remove(&stream);
            }
        }
    }
}

fn forget<K: Ord>(map: &mut BTreeMap<K, Outlets>, key: &K, number: u64) {
    if let Some(outlets) = map.get_mut(key) {
        outlets.remove(&number);
        if outlets.is_empty() {
            map.remove(key);
        }
    }
}

#[cfg(test)]
mod tests;
