//! A stay ends: what goes with it, what is left of it, and how another one begins.

use super::aboard::{Aboard, body, objects, refusal, sign_up};
use super::on_both;
use crate::bus::Hint;
use crate::error::Error;
use crate::messages::{ReadHistory, Which};
use crate::rooms::{Read, ReadChanges, ReadMembers, Since};
use crate::store::tables::{booking, trip};
use futures_util::future::{join, join_all};
use std::collections::BTreeSet;
use tripchat_protocol::rest::Placed;
use tripchat_protocol::{
    Body, BookingId, BookingStatus, ErrorCode, MarksNo, Member, Message, Object, Rev, RoomCursor, RoomId,
    Setting, Standing, StreamId, Trip,
};

async fn trip_of(ride: &Aboard<'_>) -> Trip {
    let found = ride.ground.read(ride.trip, |&id, tx| Box::pin(trip::by_id(tx, super::ride::TENANT, id)));
    found.await.expect("it reads").expect("the trip is there")
}

async fn status(ride: &Aboard<'_>) -> BookingStatus {
    let found = ride.ground.read(ride.booking, |&id, tx| Box::pin(booking::by_id(tx, id)));
    found.await.expect("it reads").expect("the booking is there").status
}

async fn member(ride: &Aboard<'_>, of: tripchat_protocol::UserId) -> (Rev, Member) {
    let all = objects(ride.ground, StreamId::Room(ride.room)).await;
    let found = all.into_iter().find_map(|(rev, object)| match object {
        Object::Member(member) if member.user == of => Some((rev, member)),
        _ => None,
    });
    found.expect("the room knows the person")
}

#[tokio::test]
async fn a_cancelled_seat_ends_the_stay_in_the_same_transaction() {
    on_both(|mut ground| async move {
        let (room, me, to_rev, epoch) = {
            let ride = Aboard::begin(&ground).await;
            let me = &ride.passenger;
            ride.send(&ride.driver, "one").await;
            let before = ride.standing().await;
            assert_eq!(trip_of(&ride).await.seats_free, 2);
            let cancelled = ride.cancel(me, ride.booking).await.expect("it is called off");
            assert_eq!(
                (cancelled.status, status(&ride).await),
                (BookingStatus::Cancelled, BookingStatus::Cancelled)
            );
            let trip = trip_of(&ride).await;
            assert_eq!(trip.seats_free, 4, "the seats came back");
            // The trip as it stands, then that the person went: the last that they may read.
            let after = ride.standing().await;
            assert_eq!(after.head, Rev(before.head.0 + 2));
            assert_eq!((after.members_rev, after.marks), (after.head, MarksNo(before.marks.0 + 1)));
            let (rev, gone) = member(&ride, me.user).await;
            assert_eq!((rev, gone.state, gone.since), (after.head, Standing::Ended, Rev(5)));
            let (_, membership) = ride.membership(me).await;
            assert_eq!(
                (membership.state, membership.from_rev, membership.to_rev),
                (Standing::Ended, Rev(1), Some(rev))
            );
            let kept = membership.kept.expect("the room as it was");
            assert_eq!((kept.room.id, kept.trip), (ride.room, Some(trip)));
            let members = ground.store.read(ReadMembers { room: ride.room }).await.expect("it reads");
            assert_eq!((members.members_rev, members.people), (rev, BTreeSet::from([ride.driver.user])));
            (ride.room, me.user, rev, after.epoch)
        };
        let heard = ground.heard();
        let [Hint::Change(trip), Hint::Change(ended), Hint::Change(inbox), Hint::Marks(marks)] =
            &heard[heard.len() - 4..]
        else {
            panic!("other hints: {heard:?}")
        };
        assert_eq!((trip.stream, trip.members_rev), (StreamId::Room(room), Rev(5)));
        assert_eq!((ended.rev, ended.members_rev, ended.epoch), (to_rev, to_rev, epoch));
        assert_eq!((inbox.stream, inbox.members_rev), (StreamId::User(me), Rev(0)));
        assert_eq!(marks.members_rev, to_rev);
        assert!(marks.people.iter().all(|person| person.user != me));
    })
    .await;
}

#[tokio::test]
async fn calling_off_twice_is_calling_off_once() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        ride.cancel(&ride.driver, ride.booking).await.expect("the driver calls it off");
        let (head, free) = (ride.standing().await, trip_of(&ride).await.seats_free);
        for by in [&ride.driver, &ride.passenger] {
            let again = ride.cancel(by, ride.booking).await.expect("it was called off");
            assert_eq!(again.status, BookingStatus::Cancelled);
        }
        assert_eq!((ride.standing().await, trip_of(&ride).await.seats_free), (head, free));
        assert_eq!(refusal(ride.confirm(ride.booking).await), ErrorCode::Conflict);
    })
    .await;
}

#[tokio::test]
async fn a_request_that_is_called_off_moves_nothing_in_the_room() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let late = sign_up(&ground, "late@example.org", "Late").await;
        let asked = ride.ask(&late).await;
        let before = ride.standing().await;
        assert_eq!(
            ride.cancel(&late, asked).await.expect("it is called off").status,
            BookingStatus::Cancelled
        );
        assert_eq!((ride.standing().await, trip_of(&ride).await.seats_free), (before, 2));
        assert_eq!(objects(&ground, StreamId::User(late.user)).await, []);
    })
    .await;
}

#[tokio::test]
async fn only_the_passenger_and_the_driver_call_off_and_not_what_is_over() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let stranger = sign_up(&ground, "eve@example.org", "Eve").await;
        assert_eq!(refusal(ride.cancel(&stranger, ride.booking).await), ErrorCode::BookingNotFound);
        let unknown = BookingId(ground.sources.uuid());
        assert_eq!(refusal(ride.cancel(&ride.driver, unknown).await), ErrorCode::BookingNotFound);
        for (from, to) in [
            (BookingStatus::Confirmed, BookingStatus::Boarded),
            (BookingStatus::Boarded, BookingStatus::Completed),
        ] {
            let moved = ground.write((ride.booking, from, to), |&(id, from, to), tx| {
                Box::pin(booking::advance(tx, id, from, to))
            });
            assert!(moved.await.expect("it is moved"));
            assert_eq!(refusal(ride.cancel(&ride.passenger, ride.booking).await), ErrorCode::Conflict);
        }
        assert_eq!(member(&ride, ride.passenger.user).await.1.state, Standing::Current);
    })
    .await;
}

#[tokio::test]
async fn cancelling_and_confirming_at_once_ends_called_off() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        for n in 0..10 {
            let booking = match n {
                0 => {
                    ride.cancel(&ride.passenger, ride.booking).await.expect("it is called off");
                    ride.ask(&ride.passenger).await
                }
                _ => ride.ask(&ride.passenger).await,
            };
            let confirms = join_all((0..3).map(|_| ride.confirm(booking)));
            let cancels = join_all((0..3).map(|_| ride.cancel(&ride.passenger, booking)));
            let (confirms, cancels) = join(confirms, cancels).await;
            for confirm in confirms {
                assert!(confirm.is_ok() || refusal(confirm) == ErrorCode::Conflict);
            }
            assert!(
                cancels.iter().all(|it| it.as_ref().is_ok_and(|it| it.status == BookingStatus::Cancelled))
            );
            assert_eq!(trip_of(&ride).await.seats_free, 4);
            assert_eq!(member(&ride, ride.passenger.user).await.1.state, Standing::Ended);
            assert_eq!(refusal(ride.marks(&ride.passenger).await), ErrorCode::NotParticipant);
        }
    })
    .await;
}

/// What a history page says: place, rev, version and text.
fn told(placed: &[Placed]) -> Vec<(i64, i64, u32, Option<String>)> {
    let words = |message: &Message| match &message.body {
        Body::Text { text } => Some(text.clone()),
        Body::Deleted | Body::Unknown(_) => None,
    };
    let one = |it: &Placed| (it.message.seq.0, it.rev.0, it.message.edit_no, words(&it.message));
    placed.iter().map(one).collect()
}

#[tokio::test]
async fn a_former_member_reads_each_message_as_it_stood_when_they_left() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let (driver, me) = (&ride.driver, &ride.passenger);
        let (edited_twice, _) = ride.send(driver, "six").await;
        let (edited_later, _) = ride.send(driver, "seven").await;
        let (edited_and_deleted, _) = ride.send(driver, "eight").await;
        let (deleted_before, _) = ride.send(driver, "nine").await;
        ride.send(me, "ten").await;
        ride.edit(driver, edited_twice, 0, "six, before").await.expect("rev 11");
        ride.delete(driver, deleted_before).await.expect("rev 12");
        ride.cancel(me, ride.booking).await.expect("revs 13 and 14");
        let then = ride.history(me).await.expect("it reads");
        let mut expected = vec![
            (6, 11, 1, Some("six, before".to_owned())),
            (7, 7, 0, Some("seven".to_owned())),
            (8, 8, 0, Some("eight".to_owned())),
            (9, 12, 0, None),
            (10, 10, 0, Some("ten".to_owned())),
        ];
        assert_eq!(told(&then), expected);

        ride.edit(driver, edited_twice, 1, "six, after").await.expect("rev 15");
        ride.edit(driver, edited_later, 0, "seven, after").await.expect("rev 16");
        ride.edit(driver, edited_later, 1, "seven, after that").await.expect("rev 17");
        ride.edit(driver, edited_and_deleted, 0, "eight, after").await.expect("rev 18");
        ride.send(driver, "nobody else hears this").await;
        assert_eq!(told(&ride.history(me).await.expect("it reads")), expected, "nothing later is told");
        assert_eq!(ride.history(me).await.expect("it reads"), then);

        // Deleting always wins, also over what they could read; how often it was edited since is not told.
        ride.delete(driver, edited_and_deleted).await.expect("rev 20");
        expected[2] = (8, 20, 0, None);
        let now = ride.history(me).await.expect("it reads");
        assert_eq!(told(&now), expected);
        assert_eq!(now[2].message.edited_at, None);

        let members = ride.history(driver).await.expect("it reads");
        let members: Vec<_> = told(&members).into_iter().map(|(_, rev, ..)| rev).collect();
        assert_eq!(members, [15, 17, 20, 12, 10, 19], "who is there sees it as it stands");
    })
    .await;
}

#[tokio::test]
async fn the_pages_of_a_former_member_end_where_their_stay_did() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        for _ in 0..4 {
            ride.send(&ride.driver, "before").await;
        }
        ride.cancel(&ride.driver, ride.booking).await.expect("the driver calls it off");
        for _ in 0..4 {
            ride.send(&ride.driver, "after").await;
        }
        let page = async |which, limit| {
            let read = ReadHistory { by: ride.passenger.clone(), room: ride.room, which, limit };
            let page = ground.store.read(read).await.expect("it reads");
            (page.messages.iter().map(|it| it.message.seq.0).collect::<Vec<_>>(), page.has_more)
        };
        let seq = tripchat_protocol::Seq;
        assert_eq!(page(Which::Newest, 100).await, (vec![6, 7, 8, 9], false));
        assert_eq!(page(Which::Newest, 3).await, (vec![7, 8, 9], true));
        assert_eq!(page(Which::After(seq(8)), 100).await, (vec![9], false));
        assert_eq!(page(Which::After(seq(9)), 100).await, (vec![], false));
        assert_eq!(page(Which::Before(seq(8)), 100).await, (vec![6, 7], false));
        assert_eq!(page(Which::Around(seq(13)), 4).await, (vec![8, 9], true));
    })
    .await;
}

#[tokio::test]
async fn a_former_member_is_told_nothing_but_where_it_ended() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let me = &ride.passenger;
        let known = ride.standing().await;
        let frame = ride.written("I was here");
        let sent = ride.send_frame(me, &frame).await.expect("it is sent");
        ride.cancel(me, ride.booking).await.expect("the passenger goes");
        let to_rev = ride.standing().await.head;
        ride.send(&ride.driver, "later").await;
        let cursor = RoomCursor(known.epoch, known.head, known.marks);
        let nowhere = RoomId(ground.sources.uuid());
        let heads = ride.heads(me, [(ride.room, cursor), (nowhere, cursor)].into()).await;
        assert_eq!((heads.rooms, heads.moved), (vec![], vec![]));
        assert_eq!(heads.gone, [(ride.room, Some(to_rev)), (nowhere, None)].into());
        for (room, kept) in [(ride.room, Some(to_rev)), (nowhere, None)] {
            let read =
                ReadChanges { by: me.clone(), stream: StreamId::Room(room), since: Since::Cursor(None) };
            let Read::Gone(to_rev) = ground.store.read(read).await.expect("it reads") else {
                panic!("a page")
            };
            assert_eq!(to_rev, kept);
        }
        let (id, _) = ride.send(&ride.driver, "later still").await;
        let codes = [
            refusal(ride.send_frame(me, &ride.written("may I?")).await),
            refusal(ride.edit(me, frame.id, 0, "may I?").await),
            refusal(ride.delete(me, frame.id).await),
            refusal(ride.delete(me, id).await),
            refusal(ride.set(me, Setting::Archived(true)).await),
            refusal(ride.marks(me).await),
        ];
        assert_eq!(codes, [ErrorCode::NotParticipant; 6]);
        let again = ride.send_frame(me, &frame).await.expect("it was sent");
        assert_eq!((again.seq, again.duplicate), (sent.seq, true));
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_begins_another_stay_and_sees_all_as_it_stands() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let me = &ride.passenger;
        let (id, _) = ride.send(&ride.driver, "one").await;
        // All within one millisecond, and more than once.
        for round in 0..3 {
            let booking = if round == 0 { ride.booking } else { ride.ask(me).await };
            ride.confirm(booking).await.expect("there is a seat");
            ride.cancel(me, booking).await.expect("the passenger goes");
        }
        ride.edit(&ride.driver, id, 0, "one, later").await.expect("it is edited");
        ride.send(&ride.driver, "two").await;
        assert_eq!(ride.history(me).await.expect("it reads")[0].message.body, body("one"));
        let back = ride.ask(me).await;
        ride.confirm(back).await.expect("there is a seat");
        let standing = ride.standing().await;
        let (rev, member) = member(&ride, me.user).await;
        assert_eq!((rev, member.state, member.since), (standing.members_rev, Standing::Current, rev));
        assert_eq!(
            ride.history(me).await.expect("it reads"),
            ride.history(&ride.driver).await.expect("it reads")
        );
        assert_eq!(ride.reached(me.user).await, (rev.0, rev.0), "what was missed is not unread");
        assert_eq!(ride.heads(me, [].into()).await.rooms, [ride.room]);
    })
    .await;
}

#[tokio::test]
async fn a_stay_that_cannot_be_ended_whole_is_not_ended_at_all() {
    on_both(|mut ground| async move {
        let heard = {
            let ride = Aboard::begin(&ground).await;
            let before = ride.standing().await;
            let user = ride.passenger.user;
            let undone = ground.write((ride.room, user), |&(room, user), tx| {
                Box::pin(async move {
                    crate::rooms::leave(tx, room, user, None).await?;
                    Err::<(), _>(Error::from(ErrorCode::Conflict))
                })
            });
            assert_eq!(refusal(undone.await), ErrorCode::Conflict);
            assert_eq!(ride.standing().await, before);
            assert_eq!(ride.membership(&ride.passenger).await.1.state, Standing::Current);
            ride.send(&ride.passenger, "still here").await.1
        };
        let last = ground.published().pop().expect("the message");
        assert_eq!(last.rev, Rev(heard.0));
    })
    .await;
}
