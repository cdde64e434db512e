//! The rules of the lanes, and a model that tries everything.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

fn room(n: u8) -> RoomId {
    RoomId(Uuid::from_u128(u128::from(n)))
}

fn id(n: u32) -> OperationId {
    OperationId(Uuid::from_u128(u128::from(n)))
}

struct Desk {
    lanes: Lanes,
    now: u64,
}

impl Desk {
    fn open_with(ids: &[u32]) -> Self {
        let mut desk = Self { lanes: Lanes::default(), now: 0 };
        for n in ids {
            assert_eq!(desk.on(Input::Queued(room(1), id(*n))), []);
        }
        desk
    }

    fn on(&mut self, input: Input) -> Vec<Step> {
        self.lanes.on(self.now, input, |bound| bound - 1)
    }

    fn refuse(&mut self, n: u32, retry: Retry, after: Option<u64>) -> Vec<Step> {
        self.on(Input::Refused(Refusal { id: id(n), code: ErrorCode::RoomInactive, retry, after }))
    }
}

#[test]
fn one_at_a_time_in_the_order_of_writing_rooms_side_by_side() {
    let mut desk = Desk::open_with(&[1, 2]);
    assert_eq!(desk.on(Input::Queued(room(2), id(9))), []);
    assert_eq!(desk.on(Input::Opened), [Step::Transmit(id(1)), Step::Transmit(id(9))]);
    assert_eq!(desk.on(Input::Queued(room(1), id(3))), []);
    assert_eq!(desk.on(Input::Settled(id(1))), [Step::Transmit(id(2))]);
    assert_eq!(desk.on(Input::Settled(id(1))), [], "a second answer changes nothing");
    assert_eq!(desk.on(Input::Settled(id(2))), [Step::Transmit(id(3))]);
}

#[test]
fn what_is_sent_again_goes_before_what_waits_in_its_own_order_and_interrupts_nothing() {
    let mut desk = Desk::open_with(&[5, 6]);
    desk.on(Input::Opened);
    for n in [1, 2, 3] {
        assert_eq!(desk.on(Input::Again(room(1), id(n))), []);
    }
    let mut sent = Vec::new();
    for n in [5, 1, 2, 3, 6] {
        assert_eq!(desk.lanes.in_flight(), [(room(1), id(n))]);
        sent.extend(desk.on(Input::Settled(id(n))));
    }
    assert_eq!(sent, [1, 2, 3, 6].map(|n| Step::Transmit(id(n))));
    // Into an empty lane the first leaves at once, and the others stay behind it.
    assert_eq!(desk.on(Input::Again(room(1), id(7))), [Step::Transmit(id(7))]);
    assert_eq!(desk.on(Input::Again(room(1), id(8))), []);
    assert_eq!(desk.on(Input::Again(room(1), id(9))), []);
    assert_eq!(desk.on(Input::Settled(id(7))), [Step::Transmit(id(8))]);
}

#[test]
fn what_was_on_its_way_is_sent_again_after_a_cut() {
    let mut desk = Desk::open_with(&[1, 2]);
    desk.on(Input::Opened);
    assert_eq!(desk.on(Input::Lost), []);
    assert_eq!(desk.lanes.deadline(), None);
    assert_eq!(desk.on(Input::Opened), [Step::Transmit(id(1))]);
}

#[test]
fn ten_seconds_without_an_answer_are_a_fault() {
    let mut desk = Desk::open_with(&[1]);
    desk.on(Input::Opened);
    desk.now = 9_999;
    assert_eq!(desk.on(Input::Tick), []);
    assert_eq!(desk.lanes.deadline(), Some(10_000));
    desk.now = 10_000;
    assert_eq!(desk.on(Input::Tick), [Step::Fault]);
}

#[test]
fn a_refusal_for_ever_parks_one_and_the_lane_goes_on() {
    let mut desk = Desk::open_with(&[1, 2]);
    desk.on(Input::Opened);
    assert_eq!(
        desk.refuse(1, Retry::Never, None),
        [Step::Park(room(1), id(1), ErrorCode::RoomInactive), Step::Transmit(id(2))]
    );
    assert_eq!(desk.on(Input::Queued(room(1), id(1))), [], "tried again, behind what waits");
    assert_eq!(desk.on(Input::Settled(id(2))), [Step::Transmit(id(1))]);
}

#[test]
fn later_waits_as_long_as_the_server_says_and_keeps_the_order() {
    let mut desk = Desk::open_with(&[1, 2]);
    desk.on(Input::Opened);
    assert_eq!(desk.refuse(1, Retry::Later, Some(1_500)), []);
    assert_eq!(desk.lanes.deadline(), Some(1_500));
    desk.now = 1_500;
    assert_eq!(desk.on(Input::Tick), [Step::Transmit(id(1))]);
    assert_eq!(desk.refuse(1, Retry::Later, None), []);
    assert_eq!(desk.lanes.deadline(), Some(1_500 + 1_000));
}

#[test]
fn a_refused_token_pauses_every_lane_until_it_is_renewed() {
    let mut desk = Desk::open_with(&[1, 2]);
    desk.on(Input::Queued(room(2), id(9)));
    desk.on(Input::Opened);
    assert_eq!(desk.refuse(1, Retry::Auth, None), [Step::RenewToken]);
    assert_eq!(desk.on(Input::Settled(id(9))), []);
    assert_eq!(desk.on(Input::Queued(room(2), id(10))), []);
    assert_eq!(desk.on(Input::TokenRenewed), [Step::Transmit(id(1)), Step::Transmit(id(10))]);
    assert_eq!(desk.refuse(1, Retry::Auth, None), [Step::RenewToken]);
    assert_eq!(desk.on(Input::TokenRenewed), [], "a server that refuses fresh tokens is not hurried");
    desk.now = 1_000;
    assert_eq!(desk.on(Input::Tick), [Step::Transmit(id(1))]);
}

#[test]
fn what_is_taken_back_is_not_sent() {
    let mut desk = Desk::open_with(&[1, 2, 3]);
    desk.on(Input::Withdrawn(id(2)));
    assert_eq!(desk.on(Input::Opened), [Step::Transmit(id(1))]);
    assert_eq!(desk.on(Input::Settled(id(1))), [Step::Transmit(id(3))]);
}

#[derive(Debug, Clone)]
enum Event {
    Write(u8),
    Open,
    Cut,
    /// The server stores what came, and its answer arrives, or is lost.
    Answer {
        room: u8,
        arrives: bool,
    },
    Refuse {
        room: u8,
        retry: Retry,
    },
    Renew,
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0_u8..3).prop_map(Event::Write),
        2 => Just(Event::Open),
        1 => Just(Event::Cut),
        4 => (0_u8..3, any::<bool>()).prop_map(|(room, arrives)| Event::Answer { room, arrives }),
        2 => (0_u8..3, prop_oneof![Just(Retry::Never), Just(Retry::Later), Just(Retry::Auth)])
            .prop_map(|(room, retry)| Event::Refuse { room, retry }),
        2 => Just(Event::Renew),
        2 => (0_u64..12_000).prop_map(Event::Wait),
    ]
}

/// A server beside the lanes: what it stored and in which order, and what is on the way to it.
#[derive(Default)]
struct Model {
    next: u32,
    written: BTreeMap<RoomId, Vec<OperationId>>,
    stored: BTreeMap<RoomId, Vec<OperationId>>,
    parked: BTreeSet<OperationId>,
    on_the_way: BTreeMap<RoomId, OperationId>,
    connected: bool,
}

impl Model {
    fn room_of(&self, id: OperationId) -> RoomId {
        *self.written.iter().find(|(_, ids)| ids.contains(&id)).unwrap().0
    }

    fn follow(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Transmit(id) => {
                    assert!(self.connected, "nothing is sent without a connection");
                    let room = self.room_of(id);
                    assert_eq!(self.on_the_way.insert(room, id), None, "one in flight a room");
                }
                Step::Park(_, id, _) => assert!(self.parked.insert(id)),
                Step::Fault => self.cut(),
                Step::RenewToken => {}
            }
        }
    }

    fn cut(&mut self) {
        self.connected = false;
        self.on_the_way.clear();
    }

    fn store(&mut self, room: RoomId, id: OperationId) {
        let stored = self.stored.entry(room).or_default();
        // A repeat finds the first result.
        if !stored.contains(&id) {
            stored.push(id);
        }
    }

    fn play(&mut self, desk: &mut Desk, event: &Event) {
        let steps = match *event {
            Event::Write(n) => {
                self.next += 1;
                let (room, id) = (room(n), id(self.next));
                self.written.entry(room).or_default().push(id);
                desk.on(Input::Queued(room, id))
            }
            Event::Open if !self.connected => {
                self.connected = true;
                desk.on(Input::Opened)
            }
            Event::Cut => {
                self.cut();
                desk.on(Input::Lost)
            }
            Event::Answer { room: n, arrives } => {
                let Some(id) = self.on_the_way.get(&room(n)).copied() else { return };
                self.store(room(n), id);
                if !arrives {
                    return;
                }
                self.on_the_way.remove(&room(n));
                desk.on(Input::Settled(id))
            }
            Event::Refuse { room: n, retry } => {
                let Some(id) = self.on_the_way.get(&room(n)).copied() else { return };
                let known = self.stored.get(&room(n)).is_some_and(|stored| stored.contains(&id));
                if known && retry != Retry::Auth {
                    return;
                }
                self.on_the_way.remove(&room(n));
                desk.on(Input::Refused(Refusal { id, code: ErrorCode::Internal, retry, after: None }))
            }
            Event::Renew => desk.on(Input::TokenRenewed),
            Event::Wait(by) => {
                desk.now += by;
                desk.on(Input::Tick)
            }
            Event::Open => return,
        };
        self.follow(steps);
        assert_eq!(desk.lanes.in_flight().len(), self.on_the_way.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nothing_is_lost_doubled_or_overtaken(events in proptest::collection::vec(event(), 0..120)) {
        let mut model = Model::default();
        let mut desk = Desk::open_with(&[]);
        for event in &events {
            model.play(&mut desk, event);
        }
        // From here on everything goes well.
        while desk.lanes.rooms.values().any(|lane| !lane.queue.is_empty()) {
            for event in [Event::Renew, Event::Open, Event::Wait(30_001)] {
                model.play(&mut desk, &event);
            }
            for n in 0..3 {
                model.play(&mut desk, &Event::Open);
                model.play(&mut desk, &Event::Answer { room: n, arrives: true });
            }
        }
        for (room, written) in &model.written {
            let expected: Vec<_> = written.iter().copied().filter(|id| !model.parked.contains(id)).collect();
            let stored = model.stored.get(room).cloned().unwrap_or_default();
            prop_assert_eq!(stored, expected);
        }
    }
}
