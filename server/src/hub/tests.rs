use super::*;
use futures_util::FutureExt;
use tripchat_protocol::frame::{People, SomebodyTypes};
use tripchat_protocol::{Epoch, MarksNo, PersonMarks, Presence, Seq};
use uuid::Uuid;

const LIFE: Duration = Duration::from_secs(900);

fn hub() -> Arc<Hub> {
    Arc::new(Hub::new(LIFE))
}

fn room(number: u128) -> RoomId {
    RoomId(Uuid::from_u128(number))
}

fn stream(number: u128) -> StreamId {
    StreamId::Room(room(number))
}

fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

fn session(number: u128) -> SessionId {
    SessionId(Uuid::from_u128(number))
}

fn members(rev: i64, people: &[u128]) -> Members {
    Members { rev: Rev(rev), people: people.iter().copied().map(user).collect() }
}

fn change(in_room: u128, rev: i64, members_rev: i64) -> ChangeHint {
    let members_rev = Rev(members_rev);
    ChangeHint { stream: stream(in_room), epoch: Epoch(1), rev: Rev(rev), members_rev, object: "null".into() }
}

fn marks(number: i64, people: &[u128], large: bool) -> MarksHint {
    let mark = |it: &u128| PersonMarks { user: user(*it), delivered: Seq(9), read: Seq(8) };
    MarksHint {
        room: room(1),
        epoch: Epoch(1),
        marks: MarksNo(number),
        members_rev: Rev(3),
        people: people.iter().map(mark).collect(),
        large,
    }
}

/// A connection of `by` that listens to room 1.
fn listener(hub: &Arc<Hub>, by: u128) -> Inlet {
    let mut inlet = hub.connect(user(by), session(by));
    inlet.subscribe(stream(1));
    inlet
}

fn frame_of(inlet: &mut Inlet) -> Option<ServerFrame> {
    match inlet.take()? {
        Arrival::Live(live) => serde_json::from_str(&live.frame).ok(),
        Arrival::Ephemeral(it) => serde_json::from_str(&it.frame).ok(),
        Arrival::Lagging(_) | Arrival::Ended | Arrival::Drain(_) => None,
    }
}

fn is_lagging(inlet: &mut Inlet) -> bool {
    matches!(inlet.take(), Some(Arrival::Lagging(streams)) if streams == [stream(1)].into())
}

#[test]
fn listeners_get_their_streams_and_no_others() {
    let hub = hub();
    let mut inlet = listener(&hub, 1);
    hub.set_members(room(1), members(3, &[1]));
    hub.deliver(&change(2, 1, 0));
    hub.deliver(&change(1, 5, 3));
    let Some(Arrival::Live(live)) = inlet.take() else { panic!("no change") };
    assert_eq!((live.stream, live.rev), (stream(1), Rev(5)));
    let frame: ServerFrame = serde_json::from_str(&live.frame).unwrap();
    assert!(matches!(frame, ServerFrame::Change(_)));
    inlet.unsubscribe(stream(1));
    hub.deliver(&change(1, 6, 3));
    assert!(inlet.take().is_none());
}

#[test]
fn an_inbox_needs_no_members() {
    let hub = hub();
    let mut inlet = hub.connect(user(1), session(1));
    inlet.subscribe(StreamId::User(user(1)));
    hub.deliver(&ChangeHint { stream: StreamId::User(user(1)), ..change(1, 7, 0) });
    assert!(matches!(inlet.take(), Some(Arrival::Live(live)) if live.rev == Rev(7)));
}

#[test]
fn a_node_that_knows_less_than_a_hint_reloads_first() {
    let hub = hub();
    assert!(!hub.needs_members(room(1), Rev(3)), "nobody listens");
    let mut inlet = listener(&hub, 1);
    assert!(hub.needs_members(room(1), Rev(0)), "it knows nothing");
    hub.set_members(room(1), members(3, &[1]));
    assert!(!hub.needs_members(room(1), Rev(3)));
    assert!(hub.needs_members(room(1), Rev(4)));
    // What came all the same is not handed on: the listener asks the database.
    hub.deliver(&change(1, 5, 4));
    hub.deliver_marks(&MarksHint { members_rev: Rev(4), ..marks(1, &[1], false) });
    assert!(is_lagging(&mut inlet));
    assert!(inlet.take().is_none());
    // An older list does not take the place of a newer one.
    hub.set_members(room(1), members(5, &[]));
    hub.set_members(room(1), members(4, &[1]));
    assert!(is_lagging(&mut inlet));
    hub.deliver(&change(1, 6, 5));
    assert!(inlet.take().is_none());
}

#[test]
fn nothing_of_a_room_reaches_someone_who_is_no_member_any_more_not_even_what_waits() {
    let hub = hub();
    let (mut stays, mut goes) = (listener(&hub, 1), listener(&hub, 2));
    hub.set_members(room(1), members(3, &[1, 2]));
    hub.deliver(&change(1, 5, 3));
    hub.deliver_marks(&marks(1, &[1, 2], false));
    hub.set_members(room(1), members(6, &[1]));
    hub.deliver(&change(1, 6, 6));
    hub.deliver_marks(&MarksHint { members_rev: Rev(6), ..marks(2, &[1], false) });
    let typing = ServerFrame::Typing(SomebodyTypes { room: room(1), user: user(1) });
    hub.deliver_typing(room(1), user(1), &typing);
    assert!(is_lagging(&mut goes), "they ask the database, and are told there");
    assert!(goes.take().is_none());
    let revs: Vec<Rev> = std::iter::from_fn(|| stays.take())
        .filter_map(|it| if let Arrival::Live(live) = it { Some(live.rev) } else { None })
        .collect();
    assert_eq!(revs, [Rev(5), Rev(6)]);
}

#[test]
fn members_that_cannot_be_read_are_nobody() {
    let hub = hub();
    let mut inlet = listener(&hub, 1);
    hub.set_members(room(1), members(3, &[1]));
    hub.distrust(room(1));
    hub.deliver(&change(1, 5, 3));
    assert!(is_lagging(&mut inlet));
    assert!(inlet.take().is_none() && hub.needs_members(room(1), Rev(3)));
}

#[test]
fn in_a_large_room_only_ones_own_marks_are_sent() {
    let hub = hub();
    let (mut one, mut other) = (listener(&hub, 1), listener(&hub, 2));
    hub.set_members(room(1), members(3, &[1, 2, 3]));
    let people = |inlet: &mut Inlet| match frame_of(inlet) {
        Some(ServerFrame::Marks(marks)) => marks.people.iter().map(|it| it.user).collect(),
        _ => Vec::new(),
    };
    hub.deliver_marks(&marks(1, &[1, 2, 3], false));
    assert_eq!(people(&mut one), [user(1), user(2), user(3)]);
    assert_eq!(people(&mut other).len(), 3);
    hub.deliver_marks(&marks(2, &[1, 3], true));
    assert_eq!(people(&mut one), [user(1)]);
    assert!(other.take().is_none());
}

#[test]
fn typing_goes_to_the_members_but_the_writer() {
    let hub = hub();
    let (mut writer, mut reader, mut stranger) = (listener(&hub, 1), listener(&hub, 2), listener(&hub, 3));
    let typing = ServerFrame::Typing(SomebodyTypes { room: room(1), user: user(1) });
    hub.deliver_typing(room(1), user(1), &typing);
    assert!(reader.take().is_none(), "nobody is a member as far as the node knows");
    hub.set_members(room(1), members(3, &[1, 2]));
    hub.deliver_typing(room(1), user(1), &typing);
    assert_eq!(frame_of(&mut reader), Some(typing));
    assert!(writer.take().is_none());
    assert!(is_lagging(&mut stranger) && stranger.take().is_none());
}

#[test]
fn presence_goes_to_every_connection_of_those_who_are_named() {
    let hub = hub();
    let (mut phone, mut desk) = (listener(&hub, 1), hub.connect(user(1), session(7)));
    let mut other = listener(&hub, 2);
    let frame = |is| ServerFrame::Presence(People { people: [(user(9), is)].into() });
    hub.deliver_presence(user(9), &[user(1), user(5)], &frame(Presence::Online));
    hub.deliver_presence(user(9), &[user(1)], &frame(Presence::Away));
    for inlet in [&mut phone, &mut desk] {
        assert_eq!(frame_of(inlet), Some(frame(Presence::Away)));
        assert!(inlet.take().is_none());
    }
    assert!(other.take().is_none());
}

#[test]
fn a_full_queue_is_bounded_and_told() {
    let hub = hub();
    let mut inlet = listener(&hub, 1);
    hub.set_members(room(1), members(3, &[1]));
    for rev in 1..=2_000 {
        hub.deliver(&change(1, rev, 3));
    }
    let mut taken = 0;
    while let Some(Arrival::Live(live)) = inlet.take() {
        taken += 1;
        assert_eq!(live.rev, Rev(taken));
        if usize::try_from(taken).unwrap() == queue::FRAMES {
            break;
        }
    }
    assert!(is_lagging(&mut inlet));
}

#[tokio::test(start_paused = true)]
async fn an_ended_session_is_remembered_until_its_tokens_have_expired() {
    let hub = hub();
    let mut inlet = listener(&hub, 1);
    hub.set_members(room(1), members(3, &[1]));
    hub.deliver(&change(1, 5, 3));
    hub.end_session(session(1));
    assert!(matches!(inlet.next().await, Arrival::Ended), "before anything that waits");
    assert!(matches!(hub.connect(user(1), session(1)).take(), Some(Arrival::Ended)));
    assert!(hub.is_revoked(session(1)) && !hub.is_revoked(session(2)));
    tokio::time::advance(LIFE).await;
    assert!(!hub.is_revoked(session(1)));
    hub.end_session(session(2));
    assert_eq!(hub.lock().revoked.len(), 1, "what is over is forgotten");
}

#[tokio::test]
async fn a_drain_is_told_to_those_who_are_there_and_to_who_comes_still() {
    let hub = hub();
    let span = Duration::from_secs(5);
    let mut inlet = listener(&hub, 1);
    assert!(!hub.is_draining());
    hub.drain(span);
    let mut late = listener(&hub, 2);
    for inlet in [&mut inlet, &mut late] {
        assert!(matches!(inlet.take(), Some(Arrival::Drain(within)) if within == span));
        assert!(inlet.take().is_none(), "it is told once");
    }
    assert!(hub.is_draining() && hub.until_empty().now_or_never().is_none());
    drop((inlet, late));
    hub.until_empty().await;
}

#[tokio::test]
async fn what_comes_wakes_who_waits() {
    let hub = hub();
    let mut inlet = listener(&hub, 1);
    assert!(inlet.next().now_or_never().is_none());
    hub.heal_all();
    assert!(matches!(inlet.next().await, Arrival::Lagging(_)));
}

#[test]
fn dropping_the_connection_leaves_nothing_behind() {
    let hub = hub();
    let inlet = listener(&hub, 1);
    assert_eq!(hub.lock().by_session.len(), 1);
    drop(inlet);
    let listeners = hub.lock();
    assert!(
        listeners.by_session.is_empty() && listeners.by_stream.is_empty() && listeners.by_user.is_empty()
    );
}
