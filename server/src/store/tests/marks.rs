//! How far people have got: marks only rise, and unread is counted from them.

use super::aboard::{Aboard, refusal, sign_up};
use super::ride::from_the_start;
use super::{Ground, on_both};
use crate::bus::{Hint, MarksHint};
use crate::gathering::MarkKind;
use crate::rooms::{RaiseMark, RaiseMarks, ReadMarks};
use crate::store::tables::{own, session, stay, users};
use futures_util::future::join_all;
use std::collections::BTreeMap;
use tripchat_protocol::frame::Mark;
use tripchat_protocol::limits::RECEIPTS_ROOM;
use tripchat_protocol::{Epoch, ErrorCode, MarksNo, Rev, Role, RoomId, Seq, Setting, StreamId, UserId};

const READ: MarkKind = MarkKind::Read;
const DELIVERED: MarkKind = MarkKind::Delivered;

/// The hints of a room's marks that were published so far.
fn marks_heard(ground: &mut Ground, room: RoomId) -> Vec<MarksHint> {
    let marks = ground.heard().into_iter().filter_map(|hint| match hint {
        Hint::Marks(marks) => (marks.room == room).then_some(marks),
        Hint::Change(_) => None,
    });
    marks.collect()
}

#[tokio::test]
async fn a_stay_begins_with_its_marks_where_it_begins() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        assert_eq!(ride.reached(ride.driver.user).await, (3, 3));
        assert_eq!(ride.reached(ride.passenger.user).await, (5, 5));
        for text in ["one", "two"] {
            ride.send(&ride.driver, text).await;
        }
        let late = sign_up(&ground, "late@example.org", "Late").await;
        let booking = ride.ask(&late).await;
        ride.confirm(booking).await.expect("there is a seat");
        let since = ride.standing().await.members_rev;
        assert_eq!(ride.reached(late.user).await, (since.0, since.0));
        assert_eq!(ride.unread(&late).await, 0, "what is older is not unread");
        assert_eq!(ride.unread(&ride.passenger).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_lower_mark_changes_nothing() {
    on_both(|mut ground| async move {
        let room = {
            let ride = Aboard::begin(&ground).await;
            let me = &ride.passenger;
            for text in ["one", "two", "three"] {
                ride.send(&ride.driver, text).await;
            }
            let number = ride.marks_no().await;
            let rose = ride.raise(me, READ, 7).await.expect("it is raised");
            assert_eq!((rose.stream, rose.rev), (Some(StreamId::Room(ride.room)), None));
            assert_eq!(ride.reached(me.user).await, (7, 7), "what is read is delivered");
            for (kind, seq) in
                [(READ, 6), (READ, 7), (DELIVERED, 7), (DELIVERED, 1), (READ, -1), (READ, i64::MIN)]
            {
                let same = ride.raise(me, kind, seq).await.expect("it is no error");
                assert_eq!(same.stream, None);
            }
            assert_eq!(ride.reached(me.user).await, (7, 7));
            ride.raise(me, DELIVERED, 8).await.expect("it is raised");
            assert_eq!(ride.reached(me.user).await, (8, 7));
            assert_eq!(ride.marks_no().await, MarksNo(number.0 + 2), "only what rose has a number");
            ride.room
        };
        let heard = marks_heard(&mut ground, room);
        let numbers: Vec<_> = heard.iter().map(|hint| hint.marks.0).collect();
        assert_eq!(numbers, (1..=4).collect::<Vec<i64>>(), "two began, two rose");
    })
    .await;
}

#[tokio::test]
async fn a_mark_is_clamped_to_the_head() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let (_, seq) = ride.send(&ride.driver, "one").await;
        ride.raise(&ride.passenger, DELIVERED, i64::MAX).await.expect("it is raised");
        assert_eq!(ride.reached(ride.passenger.user).await, (seq.0, 5));
        ride.raise(&ride.passenger, READ, 1_000).await.expect("it is raised");
        assert_eq!(ride.reached(ride.passenger.user).await, (seq.0, seq.0));
        ride.send(&ride.driver, "two").await;
        assert_eq!(ride.unread(&ride.passenger).await, 1, "nobody has read what was not written");
    })
    .await;
}

#[tokio::test]
async fn a_mark_of_another_epoch_is_a_conflict() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        ride.send(&ride.driver, "one").await;
        let number = ride.marks_no().await;
        let mut wish = ride.wish(&ride.passenger, READ, 6).await;
        wish.frame.epoch = Epoch(wish.frame.epoch.0 ^ 1);
        assert_eq!(ride.raise_all(vec![wish]).await, [Err(ErrorCode::Conflict)]);
        assert_eq!((ride.reached(ride.passenger.user).await, ride.marks_no().await), ((5, 5), number));
    })
    .await;
}

#[tokio::test]
async fn many_marks_are_one_commit_and_a_refusal_spoils_nothing() {
    on_both(|mut ground| async move {
        let (number, room, (place, people)) = {
            let ride = Aboard::begin(&ground).await;
            let (_, seq) = ride.send(&ride.driver, "one").await;
            let stranger = sign_up(&ground, "eve@example.org", "Eve").await;
            let gone = sign_up(&ground, "gone@example.org", "Gone").await;
            let ended = ground.write(gone.session, |&id, tx| Box::pin(session::end(tx, id)));
            ended.await.expect("it ends");
            let number = ride.marks_no().await;
            let mut elsewhere = ride.wish(&ride.driver, READ, seq.0).await;
            elsewhere.frame.room = RoomId(ground.sources.uuid());
            let wishes = vec![
                ride.wish(&stranger, READ, seq.0).await,
                ride.wish(&ride.passenger, DELIVERED, seq.0).await,
                ride.wish(&gone, READ, seq.0).await,
                elsewhere,
                ride.wish(&ride.driver, READ, seq.0).await,
                ride.wish(&ride.passenger, READ, seq.0).await,
            ];
            let ids: Vec<_> = wishes.iter().map(|wish| wish.frame.id).collect();
            let answers = ride.raise_all(wishes).await;
            let codes: Vec<_> = answers.iter().map(|it| it.as_ref().err().copied()).collect();
            let refused = [
                Some(ErrorCode::RoomNotFound),
                None,
                Some(ErrorCode::SessionEnded),
                Some(ErrorCode::InvalidInput),
                None,
                None,
            ];
            assert_eq!(codes, refused);
            for (answer, id) in answers.iter().zip(ids).filter(|(answer, _)| answer.is_ok()) {
                assert_eq!(answer.as_ref().expect("it was done").id, Some(id));
            }
            for person in [&ride.driver, &ride.passenger] {
                assert_eq!(ride.reached(person.user).await, (seq.0, seq.0));
            }
            assert_eq!(ride.marks_no().await, MarksNo(number.0 + 1));
            let people = ride.marks(&ride.driver).await.expect("it reads").people;
            (number, ride.standing().await, (ride.room, people))
        };
        let heard = marks_heard(&mut ground, place);
        let hint = heard.last().expect("it was published");
        assert_eq!((hint.marks, hint.epoch, hint.members_rev), (MarksNo(number.0 + 1), room.epoch, Rev(5)));
        assert_eq!((&hint.people, hint.large), (&people, false), "everybody's, whole");
        assert_eq!(heard.len(), 3, "two began, and one commit");
    })
    .await;
}

#[tokio::test]
async fn a_refused_mark_of_a_newer_connection_takes_nothing_over() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let wish = async |generation, epoch: Option<Epoch>| {
            let wish = ride.wish(&ride.passenger, READ, 5).await;
            let epoch = epoch.unwrap_or(wish.frame.epoch);
            RaiseMark { generation, frame: Mark { epoch, ..wish.frame.clone() }, ..wish }
        };
        assert!(ride.raise_all(vec![wish(2, Some(Epoch(1))).await]).await[0].is_err());
        assert!(ride.raise_all(vec![wish(1, None).await]).await[0].is_ok());
        assert!(ride.raise_all(vec![wish(2, None).await]).await[0].is_ok());
        assert_eq!(ride.raise_all(vec![wish(1, None).await]).await, [Err(ErrorCode::ConnectionReplaced)]);
    })
    .await;
}

#[tokio::test]
async fn a_hundred_marks_at_once_never_fall() {
    on_both(|mut ground| async move {
        let room = {
            let ride = Aboard::begin(&ground).await;
            for _ in 0..20 {
                ride.send(&ride.driver, "one more").await;
            }
            let mut wishes = Vec::new();
            for n in 0..100 {
                let by = if n % 2 == 0 { &ride.driver } else { &ride.passenger };
                let kind = if n % 3 == 0 { READ } else { DELIVERED };
                wishes.push(ride.wish(by, kind, 6 + (n * 7) % 20).await);
            }
            let highest = |kind: Option<MarkKind>, of: UserId| {
                let own =
                    wishes.iter().filter(|wish| wish.by.user == of && kind.is_none_or(|it| it == wish.kind));
                own.map(|wish| wish.frame.seq.0).max().expect("some")
            };
            let expected = [&ride.driver, &ride.passenger]
                .map(|by| (by.user, (highest(None, by.user), highest(Some(READ), by.user))));
            let raises = wishes.into_iter().map(|wish| {
                let alone = RaiseMarks { room: ride.room, marks: vec![wish] };
                ground.store.write(alone)
            });
            for answer in join_all(raises).await {
                assert!(answer.expect("it is committed")[0].is_ok());
            }
            for (user, marks) in expected {
                assert_eq!(ride.reached(user).await, marks);
            }
            ride.room
        };
        let heard = marks_heard(&mut ground, room);
        let numbers: Vec<_> = heard.iter().map(|hint| hint.marks.0).collect();
        assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<i64>>(), "each number once, in order");
        let mut before = BTreeMap::new();
        for person in heard.iter().flat_map(|hint| &hint.people) {
            let (delivered, read) =
                before.insert(person.user, (person.delivered, person.read)).unwrap_or_default();
            assert!(person.delivered >= delivered && person.read >= read, "a mark fell");
        }
    })
    .await;
}

#[tokio::test]
async fn reading_clears_what_was_marked_as_unread_and_storing_does_not() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let me = &ride.passenger;
        ride.set(me, Setting::MarkedUnread(true)).await.expect("it is set");
        let (marked_at, membership) = ride.membership(me).await;
        assert!(membership.own.marked_unread);
        ride.raise(me, DELIVERED, 5).await.expect("it is no error");
        assert!(ride.membership(me).await.1.own.marked_unread);
        // No mark rises by it: the flag was all there was.
        ride.raise(me, READ, 5).await.expect("it is no error");
        let (cleared_at, membership) = ride.membership(me).await;
        assert_eq!((cleared_at, membership.own.marked_unread), (marked_at.next(), false));
        ride.raise(me, READ, 5).await.expect("it is no error");
        assert_eq!(ride.membership(me).await.0, cleared_at, "nothing was left to clear");
    })
    .await;
}

/// Lets so many more people into the room, without a word to anybody.
async fn fill(ride: &Aboard<'_>, count: usize) {
    let ids: Vec<UserId> = (0..count).map(|_| UserId(ride.ground.sources.uuid())).collect();
    let filled = ride.ground.write((ride.room, ids), |(room, ids), tx| {
        Box::pin(async move {
            for id in ids {
                let email = id.to_string();
                let new = users::NewUser {
                    id: *id,
                    tenant: "default",
                    email: Some(&email),
                    name: "N",
                    password_hash: Some(""),
                };
                users::insert(tx, &new).await?;
                stay::begin(tx, *room, *id, from_the_start(Role::Member)).await?;
                own::begin(tx, *room, *id, Seq(5)).await?;
            }
            Ok(())
        })
    });
    filled.await.expect("they are in");
}

#[tokio::test]
async fn in_a_large_room_one_learns_ones_own_marks_alone() {
    on_both(|mut ground| async move {
        let (room, driver, passenger) = {
            let ride = Aboard::begin(&ground).await;
            fill(&ride, RECEIPTS_ROOM - 2).await;
            let (_, seq) = ride.send(&ride.driver, "one").await;
            assert_eq!(ride.marks(&ride.passenger).await.expect("it reads").people.len(), RECEIPTS_ROOM);
            ride.raise(&ride.passenger, DELIVERED, seq.0).await.expect("it is raised");
            fill(&ride, 1).await;
            let own = ride.marks(&ride.passenger).await.expect("it reads").people;
            assert_eq!(own.iter().map(|it| it.user).collect::<Vec<_>>(), [ride.passenger.user]);
            ride.raise(&ride.passenger, READ, seq.0).await.expect("it is raised");
            (ride.room, ride.driver.user, ride.passenger.user)
        };
        let heard = marks_heard(&mut ground, room);
        let told: Vec<_> = heard.iter().rev().take(2).map(|hint| (hint.people.len(), hint.large)).collect();
        assert_eq!(told, [(1, true), (RECEIPTS_ROOM, false)]);
        let last = &heard.last().expect("it was published").people;
        assert!(last.iter().all(|it| it.user == passenger && it.user != driver));
    })
    .await;
}

#[tokio::test]
async fn marks_are_read_by_current_members_only() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let stranger = sign_up(&ground, "eve@example.org", "Eve").await;
        assert_eq!(refusal(ride.marks(&stranger).await), ErrorCode::RoomNotFound);
        let nowhere = ReadMarks { by: stranger, room: RoomId(ground.sources.uuid()) };
        assert_eq!(refusal(ground.store.read(nowhere).await), ErrorCode::RoomNotFound);
        ride.cancel(&ride.passenger, ride.booking).await.expect("the passenger goes");
        assert_eq!(refusal(ride.marks(&ride.passenger).await), ErrorCode::NotParticipant);
        let left = ride.marks(&ride.driver).await.expect("it reads").people;
        assert_eq!(left.iter().map(|it| it.user).collect::<Vec<_>>(), [ride.driver.user]);
        assert_eq!(ride.raise(&ride.passenger, READ, 5).await, Err(ErrorCode::NotParticipant));
    })
    .await;
}
