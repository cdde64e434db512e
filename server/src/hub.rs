//! Who is connected here and listens to which stream. Each change is put into words once and handed to all.
//!
//! A queue that is full loses the hint and notes the stream as lagging; the connection then reads the database.

use crate::bus::ChangeHint;
use axum::extract::ws::Utf8Bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, mpsc};
use tripchat_protocol::{Epoch, Rev, SessionId, StreamId};

/// Live changes that may wait for one connection.
const QUEUE: usize = 512;

/// A change on its way to a connection, as it goes on the wire.
#[derive(Debug, Clone)]
pub struct Live {
    /// The stream.
    pub stream: StreamId,
    /// Its epoch.
    pub epoch: Epoch,
    /// The change's number.
    pub rev: Rev,
    /// The `change` frame.
    pub frame: Utf8Bytes,
}

/// The listeners of this node.
#[derive(Debug, Default)]
pub struct Hub {
    next: AtomicU64,
    listeners: Mutex<Listeners>,
}

#[derive(Debug, Default)]
struct Listeners {
    by_stream: BTreeMap<StreamId, BTreeMap<u64, Outlet>>,
    by_session: BTreeMap<SessionId, BTreeMap<u64, Outlet>>,
}

/// The hub's end of a connection.
#[derive(Debug, Clone)]
struct Outlet {
    queue: mpsc::Sender<Live>,
    notice: Arc<Notice>,
}

/// What cannot go through the queue.
#[derive(Debug, Default)]
struct Notice {
    lagging: Mutex<BTreeSet<StreamId>>,
    ended: std::sync::atomic::AtomicBool,
    wake: Notify,
}

/// The connection's end. Dropping it ends every subscription.
#[derive(Debug)]
pub struct Inlet {
    hub: Arc<Hub>,
    number: u64,
    session: SessionId,
    outlet: Outlet,
    streams: BTreeSet<StreamId>,
    queue: mpsc::Receiver<Live>,
}

/// What the hub has for a connection.
#[derive(Debug)]
pub enum Arrival {
    /// A change.
    Live(Live),
    /// These streams lost hints: read them.
    Lagging(BTreeSet<StreamId>),
    /// The session was ended.
    Ended,
}

impl Hub {
    /// A connection of `session` that listens to nothing yet.
    #[must_use]
    pub fn connect(self: &Arc<Self>, session: SessionId) -> Inlet {
        let (sender, queue) = mpsc::channel(QUEUE);
        let outlet = Outlet { queue: sender, notice: Arc::default() };
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().by_session.entry(session).or_default().insert(number, outlet.clone());
        Inlet { hub: self.clone(), number, session, outlet, streams: BTreeSet::new(), queue }
    }

    /// Hands a committed change to everyone who listens to its stream.
    pub fn deliver(&self, hint: &ChangeHint) {
        let listeners = self.lock();
        let Some(outlets) = listeners.by_stream.get(&hint.stream) else { return };
        let ChangeHint { stream, epoch, rev, object, .. } = hint;
        let frame = format!(
            r#"{{"type":"change","stream":"{stream}","epoch":{epoch},"rev":{rev},"object":{object}}}"#
        );
        let live = Live { stream: *stream, epoch: *epoch, rev: *rev, frame: frame.into() };
        for outlet in outlets.values() {
            if outlet.queue.try_send(live.clone()).is_err() {
                outlet.notice.lag([*stream]);
            }
        }
    }

    /// Hints were lost: everyone must read what they listen to.
    pub fn heal_all(&self) {
        for (stream, outlets) in &self.lock().by_stream {
            outlets.values().for_each(|outlet| outlet.notice.lag([*stream]));
        }
    }

    /// Closes the sockets of a session that was ended.
    pub fn end_session(&self, session: SessionId) {
        for outlet in self.lock().by_session.get(&session).into_iter().flat_map(BTreeMap::values) {
            outlet.notice.ended.store(true, Ordering::SeqCst);
            outlet.notice.wake.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        // The maps are whole after every statement, whatever panicked in between.
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Notice {
    fn lag(&self, streams: impl IntoIterator<Item = StreamId>) {
        self.lagging.lock().unwrap_or_else(PoisonError::into_inner).extend(streams);
        self.wake.notify_one();
    }
}

impl Inlet {
    /// Listens to `stream` from now on. Subscribe first, then read.
    pub fn subscribe(&mut self, stream: StreamId) {
        if self.streams.insert(stream) {
            self.hub.lock().by_stream.entry(stream).or_default().insert(self.number, self.outlet.clone());
        }
    }

    /// Stops listening to `stream`.
    pub fn unsubscribe(&mut self, stream: StreamId) {
        if self.streams.remove(&stream) {
            forget(&mut self.hub.lock().by_stream, &stream, self.number);
        }
    }

    /// The next thing that the hub has for this connection.
    pub async fn next(&mut self) -> Arrival {
        let notice = self.outlet.notice.clone();
        loop {
            if notice.ended.load(Ordering::SeqCst) {
                return Arrival::Ended;
            }
            // What is queued goes first: reading a lagging stream makes it stale, never wrong.
            if let Ok(live) = self.queue.try_recv() {
                return Arrival::Live(live);
            }
            let lagging = std::mem::take(&mut *notice.lagging.lock().unwrap_or_else(PoisonError::into_inner));
            if !lagging.is_empty() {
                return Arrival::Lagging(lagging);
            }
            tokio::select! {
                biased;
                () = notice.wake.notified() => {}
                Some(live) = self.queue.recv() => return Arrival::Live(live),
            }
        }
    }
}

impl Drop for Inlet {
    fn drop(&mut self) {
        let mut listeners = self.hub.lock();
        for stream in &self.streams {
            forget(&mut listeners.by_stream, stream, self.number);
        }
        forget(&mut listeners.by_session, &self.session, self.number);
    }
}

fn forget<K: Ord>(map: &mut BTreeMap<K, BTreeMap<u64, Outlet>>, key: &K, number: u64) {
    if let Some(outlets) = map.get_mut(key) {
        outlets.remove(&number);
        if outlets.is_empty() {
            map.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tripchat_protocol::RoomId;
    use uuid::Uuid;

    fn stream(number: u128) -> StreamId {
        StreamId::Room(RoomId(Uuid::from_u128(number)))
    }

    fn hint(number: u128, rev: i64) -> ChangeHint {
        let (stream, rev) = (stream(number), Rev(rev));
        ChangeHint { stream, epoch: Epoch(1), rev, members_rev: Rev(0), object: "null".into() }
    }

    fn session() -> SessionId {
        SessionId(Uuid::from_u128(9))
    }

    #[tokio::test]
    async fn listeners_get_their_streams_and_no_others() {
        let hub = Arc::new(Hub::default());
        let mut inlet = hub.connect(session());
        inlet.subscribe(stream(1));
        hub.deliver(&hint(2, 1));
        hub.deliver(&hint(1, 5));
        let Arrival::Live(live) = inlet.next().await else { panic!("no change") };
        assert_eq!((live.stream, live.rev), (stream(1), Rev(5)));
        let frame: tripchat_protocol::ServerFrame = serde_json::from_str(&live.frame).unwrap();
        assert!(matches!(frame, tripchat_protocol::ServerFrame::Change(_)));
        inlet.unsubscribe(stream(1));
        hub.deliver(&hint(1, 6));
        hub.end_session(session());
        assert!(matches!(inlet.next().await, Arrival::Ended));
    }

    #[tokio::test]
    async fn a_full_queue_is_bounded_and_told() {
        let hub = Arc::new(Hub::default());
        let mut inlet = hub.connect(session());
        inlet.subscribe(stream(1));
        for rev in 1..=2_000 {
            hub.deliver(&hint(1, rev));
        }
        for rev in 1..=i64::try_from(QUEUE).unwrap() {
            assert!(matches!(inlet.next().await, Arrival::Live(live) if live.rev == Rev(rev)));
        }
        assert!(matches!(inlet.next().await, Arrival::Lagging(streams) if streams.contains(&stream(1))));
    }

    #[tokio::test]
    async fn dropping_the_connection_leaves_nothing_behind() {
        let hub = Arc::new(Hub::default());
        let mut inlet = hub.connect(session());
        inlet.subscribe(stream(1));
        assert_eq!(hub.lock().by_session.len(), 1);
        drop(inlet);
        assert!(hub.lock().by_session.is_empty());
        assert!(hub.lock().by_stream.is_empty());
    }
}
