//! Everything that can happen to what a person writes, in any order: real files, real lanes, and a server that keeps
//! the protocol's promises. The app is killed at any point, answers are lost, doubled and overtaken by changes.

use super::change::{self, Target};
use super::settle;
use super::state::{Input, Lanes, Refusal, Step};
use crate::cache::outbox::{self, Do, Row};
use crate::cache::{Cache, messages};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tripchat_protocol::frame::Done;
use tripchat_protocol::{
    Body, ErrorCode, Message, MessageId, OperationId, Retry, Rev, RoomId, Seq, StreamId, UserId,
};
use uuid::Uuid;

const ME: UserId = UserId(Uuid::from_u128(1));
const ROOM: RoomId = RoomId(Uuid::from_u128(2));

#[derive(Debug, Clone)]
enum Event {
    Write,
    /// Another text for the n-th message, if it is one's to change.
    Edit(usize),
    Delete(usize),
    Open,
    Cut,
    /// The app is killed, and starts again on the same file.
    Kill,
    /// The server takes what came, and its answer arrives, or is lost on the way.
    Answer {
        arrives: bool,
        twice: bool,
    },
    /// The server is busy.
    Later,
    /// The oldest change that is not here yet comes.
    Change,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => Just(Event::Write),
        4 => (0_usize..6).prop_map(Event::Edit),
        1 => (0_usize..6).prop_map(Event::Delete),
        2 => Just(Event::Open),
        1 => Just(Event::Cut),
        1 => Just(Event::Kill),
        6 => (prop::bool::weighted(0.8), any::<bool>()).prop_map(|(arrives, twice)| Event::Answer { arrives, twice }),
        1 => Just(Event::Later),
        4 => Just(Event::Change),
    ]
}

/// What the server has of a room, and what it promised about repeats.
#[derive(Default)]
struct Server {
    head: i64,
    messages: BTreeMap<MessageId, Message>,
    /// The rev of each one's last change.
    revs: BTreeMap<MessageId, Rev>,
    /// The messages' ids in the order in which they were taken.
    order: Vec<MessageId>,
    /// How often each operation changed something.
    effects: BTreeMap<OperationId, u32>,
    /// What goes out live.
    changes: VecDeque<(Rev, Message)>,
}

impl Server {
    fn take(&mut self, row: &Row) -> Result<Done, ErrorCode> {
        let (rev, seq, duplicate) = match row {
            Row::Send(unsent) => match self.messages.get(&unsent.id) {
                Some(known) => (self.revs[&unsent.id], Some(known.seq), true),
                None => {
                    let seq = Seq(self.head + 1);
                    let body = Body::Text { text: unsent.text.clone() };
                    let (id, author) = (unsent.id, ME);
                    let message =
                        Message { id, seq, author, body, at: 5, written_at: 5, edit_no: 0, edited_at: None };
                    self.order.push(id);
                    (self.record(row.id(), message), Some(seq), false)
                }
            },
            Row::Change(change) => {
                let known = self.revs.get(&change.message).copied();
                let mut message = self.messages.get(&change.message).cloned().ok_or(ErrorCode::Forbidden)?;
                match &change.what {
                    Do::Delete if message.body == Body::Deleted => {
                        return Ok(done(row.id(), known, None, true));
                    }
                    Do::Delete => message.body = Body::Deleted,
                    Do::Edit { .. } if message.body == Body::Deleted => return Err(ErrorCode::Gone),
                    Do::Edit { text, .. } if message.body == (Body::Text { text: text.clone() }) => {
                        return Ok(done(row.id(), known, None, true));
                    }
                    Do::Edit { edit_no, .. } if *edit_no != message.edit_no => {
                        return Err(ErrorCode::Conflict);
                    }
                    Do::Edit { edit_no, text } => {
                        (message.body, message.edit_no) = (Body::Text { text: text.clone() }, edit_no + 1);
                    }
                }
                (self.record(row.id(), message), None, false)
            }
        };
        Ok(done(row.id(), Some(rev), seq, duplicate))
    }

    fn record(&mut self, by: OperationId, message: Message) -> Rev {
        self.head += 1;
        *self.effects.entry(by).or_default() += 1;
        self.changes.push_back((Rev(self.head), message.clone()));
        self.revs.insert(message.id, Rev(self.head));
        self.messages.insert(message.id, message);
        Rev(self.head)
    }
}

fn done(id: OperationId, rev: Option<Rev>, seq: Option<Seq>, duplicate: bool) -> Done {
    Done { id: Some(id), stream: Some(StreamId::Room(ROOM)), rev, seq, at: 5, duplicate }
}

/// The person's side.
struct Device {
    cache: Cache,
    folder: tempfile::TempDir,
    lanes: Lanes,
    /// What left and was not answered: on this connection.
    on_the_way: Option<Row>,
    connected: bool,
    next: u128,
    now: u64,
    /// The person's own memory: what each message should say in the end; none if it was taken away.
    wanted: BTreeMap<MessageId, Option<String>>,
    written: Vec<MessageId>,
    /// The texts that the screen showed last.
    shown: BTreeMap<MessageId, String>,
}

impl Device {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("cache.db")).unwrap();
        Self {
            cache,
            folder,
            lanes: Lanes::default(),
            on_the_way: None,
            connected: false,
            next: 100,
            now: 0,
            wanted: BTreeMap::new(),
            written: Vec::new(),
            shown: BTreeMap::new(),
        }
    }

    fn fresh(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    fn on(&mut self, input: Input) {
        let mut steps: VecDeque<Step> = self.lanes.on(self.now, input, |_| 0).into();
        while let Some(step) = steps.pop_front() {
            match step {
                Step::Transmit(id) => {
                    assert!(self.connected && self.on_the_way.is_none(), "one of a room on its way");
                    let Some(row) = outbox::get(self.cache.read(), id).unwrap() else {
                        steps.extend(self.lanes.on(self.now, Input::Withdrawn(id), |_| 0));
                        continue;
                    };
                    outbox::attempted(self.cache.read(), id).unwrap();
                    self.on_the_way = Some(row);
                }
                Step::Park(_, id, code) => panic!("{id} was refused for ever: {code:?}"),
                Step::Fault | Step::RenewToken => panic!("nothing of the kind here"),
            }
        }
    }

    fn write(&mut self) {
        let id = MessageId(self.fresh());
        let text = format!("m{}", self.written.len());
        outbox::insert(self.cache.read(), id, ROOM, &text, 5).unwrap();
        self.written.push(id);
        self.wanted.insert(id, Some(text));
        self.on(Input::Queued(ROOM, id.into()));
    }

    fn edit(&mut self, n: usize) {
        let Some(message) = self.written.get(n).copied() else { return };
        let fresh = self.fresh();
        let text = format!("e{}", fresh.as_u128());
        let of = Target { me: ME, room: ROOM, message };
        let tx = self.cache.write().unwrap();
        let planned = change::edit(&tx, of, &text, OperationId(fresh));
        tx.commit().unwrap();
        match planned {
            Ok(planned) => {
                self.wanted.insert(message, Some(text));
                self.plan(planned);
            }
            Err(error) => {
                assert!(matches!(error.code, ErrorCode::Gone | ErrorCode::Forbidden));
                assert_eq!(self.wanted[&message], None, "only what was taken away cannot be edited");
            }
        }
    }

    fn delete(&mut self, n: usize) {
        let Some(message) = self.written.get(n).copied() else { return };
        let fresh = OperationId(self.fresh());
        let tx = self.cache.write().unwrap();
        let planned = change::delete(&tx, Target { me: ME, room: ROOM, message }, fresh);
        tx.commit().unwrap();
        if let Ok(planned) = planned {
            self.wanted.insert(message, None);
            self.plan(planned);
        }
    }

    fn plan(&mut self, planned: change::Planned) {
        for id in planned.withdrawn {
            self.on(Input::Withdrawn(id));
        }
        if planned.queued {
            self.on(Input::Queued(ROOM, planned.id));
        }
    }

    fn cut(&mut self) {
        (self.connected, self.on_the_way) = (false, None);
        self.on(Input::Lost);
    }

    fn kill(&mut self) {
        (self.connected, self.on_the_way) = (false, None);
        self.cache = Cache::open(&self.folder.path().join("cache.db")).unwrap();
        self.lanes = Lanes::default();
        for row in outbox::all(self.cache.read()).unwrap() {
            self.on(Input::Queued(row.room(), row.id()));
        }
    }

    fn answered(&mut self, done: &Done) {
        settle::accepted(&mut self.cache, ME, done).unwrap();
        self.on(Input::Settled(done.id.unwrap()));
    }

    /// A change comes, as the cache takes it: newer wins, and one's own message is settled by it.
    fn comes(&mut self, (rev, message): (Rev, Message)) {
        messages::upsert(self.cache.read(), ROOM, rev, &message).unwrap();
        if outbox::remove(self.cache.read(), message.id).unwrap() {
            self.on(Input::Settled(message.id.into()));
        }
    }

    /// The screen: stored texts, with what waits laid over them.
    fn look(&mut self) {
        let mut shown = BTreeMap::new();
        for id in &self.written {
            let found = messages::find(self.cache.read(), ROOM, ME, *id).unwrap();
            if let Some((_, Message { body: Body::Text { text }, .. })) = found {
                shown.insert(*id, text);
            }
        }
        let mut doubles = BTreeSet::new();
        for row in outbox::all(self.cache.read()).unwrap() {
            match row {
                Row::Send(unsent) => {
                    assert!(doubles.insert(unsent.id), "two bubbles");
                    assert!(
                        !shown.contains_key(&unsent.id),
                        "a bubble for what is sent, and one for what waits"
                    );
                    shown.insert(unsent.id, unsent.text);
                }
                Row::Change(change) => match change.what {
                    Do::Edit { text, .. } => drop(shown.insert(change.message, text)),
                    Do::Delete => drop(shown.remove(&change.message)),
                },
            }
        }
        for (id, wanted) in &self.wanted {
            assert_eq!(
                shown.get(id),
                wanted.as_ref(),
                "the screen shows what the person wrote last, at any time"
            );
        }
        self.shown = shown;
    }
}

fn play(device: &mut Device, server: &mut Server, event: &Event) {
    match event {
        Event::Write => device.write(),
        Event::Edit(n) => device.edit(*n),
        Event::Delete(n) => device.delete(*n),
        Event::Open if !device.connected => {
            device.connected = true;
            device.on(Input::Opened);
        }
        Event::Open => {}
        Event::Cut => device.cut(),
        Event::Kill => device.kill(),
        Event::Answer { arrives, twice } => {
            let Some(row) = device.on_the_way.clone() else { return };
            let done = server.take(&row).unwrap();
            if !arrives {
                return;
            }
            device.on_the_way = None;
            device.answered(&done);
            if *twice {
                device.answered(&done);
            }
        }
        Event::Later => {
            let Some(row) = device.on_the_way.take() else { return };
            let (code, retry) = (ErrorCode::StorageFull, Retry::Later);
            device.on(Input::Refused(Refusal { id: row.id(), code, retry, after: Some(50) }));
            device.now += 50;
            device.on(Input::Tick);
        }
        Event::Change => {
            if let Some(change) = server.changes.pop_front() {
                let settles = device.on_the_way.as_ref().is_some_and(|row| row.id() == change.1.id.into());
                if settles {
                    device.on_the_way = None;
                }
                device.comes(change);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn each_operation_takes_effect_once_in_order_and_nothing_is_lost(
        events in proptest::collection::vec(event(), 0..70),
    ) {
        let (mut device, mut server) = (Device::new(), Server::default());
        for event in &events {
            play(&mut device, &mut server, event);
            device.look();
        }
        // From here on everything goes well.
        let mut rounds = 0;
        while !outbox::all(device.cache.read()).unwrap().is_empty() || !server.changes.is_empty() {
            rounds += 1;
            prop_assert!(rounds < 1_000, "it does not come to an end");
            for event in [Event::Open, Event::Answer { arrives: true, twice: false }, Event::Change] {
                play(&mut device, &mut server, &event);
                device.look();
            }
        }
        prop_assert!(server.effects.values().all(|times| *times == 1), "an operation took effect twice");
        let taken: Vec<_> = device.written.iter().filter(|id| server.order.contains(id)).copied().collect();
        prop_assert_eq!(&server.order, &taken, "the order of writing is the order of the room");
        for (id, wanted) in &device.wanted {
            let there = server.messages.get(id).and_then(|message| match &message.body {
                Body::Text { text } => Some(text.clone()),
                _ => None,
            });
            prop_assert_eq!(&there, wanted);
            let here = messages::find(device.cache.read(), ROOM, ME, *id).unwrap();
            prop_assert_eq!(here.map(|(_, message)| message), server.messages.get(id).cloned());
        }
    }
}
