//! What two devices of a person set and read, in any order, with answers lost and the app killed: in the end both
//! have what the server has, and until then each shows what was wanted there last.

use super::own;
use super::state::{Input, Lanes, Refusal, Step};
use super::wishes::{self, Taken};
use crate::cache::intents::{self, Wish};
use crate::cache::{Cache, cursors, marks, objects};
use proptest::prelude::*;
use std::collections::VecDeque;
use tripchat_protocol::frame::Done;
use tripchat_protocol::{
    Cursor, Epoch, ErrorCode, Membership, Object, OperationId, Own, Retry, Rev, Role, RoomId, RoomType, Seq,
    Setting, Standing, StreamId, UserId,
};
use uuid::Uuid;

const ME: UserId = UserId(Uuid::from_u128(1));
const ROOM: RoomId = RoomId(Uuid::from_u128(2));
const INBOX: StreamId = StreamId::User(ME);

#[derive(Debug, Clone)]
enum Event {
    Set(usize, u8, bool),
    Seen(usize, i64),
    Open(usize),
    Cut(usize),
    Kill(usize),
    Answer { device: usize, arrives: bool },
    Later(usize),
    Change(usize),
}

fn event() -> impl Strategy<Value = Event> {
    let device = || 0_usize..2;
    prop_oneof![
        5 => (device(), 0_u8..4, any::<bool>()).prop_map(|(device, what, to)| Event::Set(device, what, to)),
        3 => (device(), 1_i64..9).prop_map(|(device, seq)| Event::Seen(device, seq)),
        3 => device().prop_map(Event::Open),
        1 => device().prop_map(Event::Cut),
        1 => device().prop_map(Event::Kill),
        6 => (device(), prop::bool::weighted(0.8)).prop_map(|(device, arrives)| Event::Answer { device, arrives }),
        1 => device().prop_map(Event::Later),
        5 => device().prop_map(Event::Change),
    ]
}

fn setting(what: u8, to: bool) -> Setting {
    match what {
        0 => Setting::Favourite(to),
        1 => Setting::MutedUntil(to.then_some(9)),
        2 => Setting::MarkedUnread(to),
        _ => Setting::Draft(to.then(|| "begun".into())),
    }
}

fn membership(own: Own) -> Membership {
    let (room_type, role, state) = (RoomType::Trip, Role::Member, Standing::Current);
    Membership { room: ROOM, room_type, role, state, from_rev: Rev(1), to_rev: None, own, kept: None }
}

struct Server {
    own: Own,
    read: Seq,
    /// Every version of the membership; its rev is its place, counted from 1.
    versions: Vec<Own>,
}

impl Server {
    /// As the protocol has it: no change, no rev.
    fn take(&mut self, id: OperationId, wish: &Wish) -> Done {
        if let Wish::Read(_, seq) = wish {
            self.read = self.read.max(*seq);
        }
        let next = own::with(self.own.clone(), wish);
        let changed = next != self.own;
        if changed {
            self.versions.push(next.clone());
        }
        self.own = next;
        let rev = changed.then(|| Rev(i64::try_from(self.versions.len()).unwrap()));
        Done { id: Some(id), stream: rev.map(|_| INBOX), rev, seq: None, at: 1, duplicate: false }
    }
}

struct Device {
    cache: Cache,
    folder: tempfile::TempDir,
    lanes: Lanes,
    on_the_way: Option<OperationId>,
    connected: bool,
    /// How many versions have come.
    seen: usize,
    now: u64,
}

impl Device {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("cache.db")).unwrap();
        cursors::set(cache.read(), StreamId::Room(ROOM), Cursor(Epoch(7), Rev(20))).unwrap();
        let first = Object::Membership(membership(Own::default()));
        objects::upsert(cache.read(), INBOX, Rev(1), &first).unwrap();
        let lanes = Lanes::default();
        Self { cache, folder, lanes, on_the_way: None, connected: false, seen: 1, now: 0 }
    }

    fn on(&mut self, input: Input) {
        for step in self.lanes.on(self.now, input, |_| 0) {
            match step {
                Step::Transmit(id) => self.on_the_way = Some(id),
                other => panic!("{other:?}"),
            }
        }
    }

    fn membership(&self) -> Membership {
        objects::membership(self.cache.read(), ME, ROOM).unwrap().unwrap()
    }

    fn shown(&self) -> Own {
        own::shown(self.cache.read(), &self.membership()).unwrap()
    }

    fn take(&mut self, taken: Option<Taken>) {
        let Some(Taken { id, replaced }) = taken else { return };
        if let Some(old) = replaced {
            self.on_the_way = self.on_the_way.filter(|id| *id != old);
            self.on(Input::Withdrawn(old));
        }
        self.on(Input::Queued(ROOM, id.unwrap()));
    }

    fn kill(&mut self) {
        (self.connected, self.on_the_way, self.lanes) = (false, None, Lanes::default());
        self.cache = Cache::open(&self.folder.path().join("cache.db")).unwrap();
        for intent in intents::all(self.cache.read()).unwrap() {
            self.on(Input::Queued(ROOM, intent.id));
        }
    }

    fn change(&mut self, server: &Server) {
        if let Some(own) = server.versions.get(self.seen) {
            self.seen += 1;
            let rev = Rev(i64::try_from(self.seen).unwrap());
            objects::upsert(self.cache.read(), INBOX, rev, &Object::Membership(membership(own.clone())))
                .unwrap();
        }
    }
}

fn play(devices: &mut [Device; 2], server: &mut Server, event: &Event, next: &mut u128) {
    *next += 1;
    let fresh = OperationId(Uuid::from_u128(*next));
    match event {
        Event::Set(n, what, to) => {
            let device = &mut devices[*n];
            let setting = setting(*what, *to);
            let taken =
                wishes::set(device.cache.read(), &device.membership(), setting.clone(), fresh).unwrap();
            device.take(taken);
            let shown = device.shown();
            assert_eq!(own::with(shown.clone(), &Wish::Set(setting)), shown, "it shows at once");
        }
        Event::Seen(n, seq) => {
            let device = &mut devices[*n];
            let of = device.membership();
            let taken = wishes::seen(device.cache.read(), &of, ME, Seq(*seq), fresh).unwrap();
            device.take(taken);
            assert!(!device.shown().marked_unread);
        }
        Event::Open(n) if !devices[*n].connected => {
            devices[*n].connected = true;
            devices[*n].on(Input::Opened);
        }
        Event::Open(_) => {}
        Event::Cut(n) => {
            (devices[*n].connected, devices[*n].on_the_way) = (false, None);
            devices[*n].on(Input::Lost);
        }
        Event::Kill(n) => devices[*n].kill(),
        Event::Answer { device, arrives } => {
            let device = &mut devices[*device];
            let Some(id) = device.on_the_way else { return };
            let Some(intent) = intents::get(device.cache.read(), id).unwrap() else { return };
            let done = server.take(id, &intent.wish);
            if *arrives {
                device.on_the_way = None;
                let before = device.shown();
                wishes::accepted(&mut device.cache, ME, &done).unwrap();
                assert_eq!(device.shown(), before, "an answer changes nothing on the screen");
                device.on(Input::Settled(id));
            }
        }
        Event::Later(n) => {
            let device = &mut devices[*n];
            let Some(id) = device.on_the_way.take() else { return };
            let (code, retry) = (ErrorCode::StorageFull, Retry::Later);
            device.on(Input::Refused(Refusal { id, code, retry, after: Some(9) }));
            device.now += 9;
            device.on(Input::Tick);
        }
        Event::Change(n) => devices[*n].change(server),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn both_devices_end_with_what_the_server_has(events in proptest::collection::vec(event(), 0..70)) {
        let mut server = Server { own: Own::default(), read: Seq(0), versions: vec![Own::default()] };
        let mut devices = [Device::new(), Device::new()];
        let mut next = 100;
        let mut highest = 0;
        for event in &events {
            if let Event::Seen(_, seq) = event {
                highest = highest.max(*seq);
            }
            play(&mut devices, &mut server, event, &mut next);
        }
        let mut to_do: VecDeque<usize> = [0, 1].into();
        let mut rounds = 0;
        while let Some(n) = to_do.pop_front() {
            rounds += 1;
            prop_assert!(rounds < 1_000, "it does not come to an end");
            for event in [Event::Open(n), Event::Answer { device: n, arrives: true }, Event::Change(n)] {
                play(&mut devices, &mut server, &event, &mut next);
            }
            let behind = |device: &Device| device.seen < server.versions.len();
            let waits = |device: &Device| !intents::all(device.cache.read()).unwrap().is_empty();
            if devices.iter().any(|device| behind(device) || waits(device)) {
                to_do.push_back(1 - n);
            }
        }
        prop_assert_eq!(server.read, Seq(highest), "no mark is lost, and none falls");
        for device in &devices {
            prop_assert_eq!(device.shown(), server.own.clone());
            let here = marks::of(device.cache.read(), ROOM, ME).unwrap().read;
            prop_assert!(here <= server.read);
        }
    }
}
