//! A stay ends: what goes with it, what is left of it, and how another one begins.

use super::aboard::{Aboard, body, objects, refusal, sign_up};
use super::on_both;
use crate::bus::Hint;
use crate::error::Error;
use crate::rooms::ReadMembers;
use crate::store::tables::{booking, trip};
use crate::tokens::Caller;
use futures_util::future::{join, join_all};
use std::collections::BTreeSet;
use tripchat_protocol::{
    Body, BookingId, BookingStatus, ErrorCode, MarksNo, Member, Object, Rev, RoomType, Standing, StreamId,
    System, Trip,
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
            // That the person went, the last that they may read; then for who stays that they left, and the trip as it stands.
            let after = ride.standing().await;
            assert_eq!(after.head, Rev(before.head.0 + 3));
            let (rev, gone) = member(&ride, me.user).await;
            assert_eq!((rev, gone.state, gone.since), (Rev(before.head.0 + 1), Standing::Ended, Rev(5)));
            assert_eq!((after.members_rev, after.marks), (rev, MarksNo(before.marks.0 + 1)));
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
        let [
            Hint::Change(ended),
            Hint::Change(inbox),
            Hint::Marks(marks),
            Hint::Change(left),
            Hint::Change(trip),
        ] = &heard[heard.len() - 5..]
        else {
            panic!("other hints: {heard:?}")
        };
        assert_eq!((ended.rev, ended.members_rev, ended.epoch), (to_rev, to_rev, epoch));
        assert_eq!((trip.stream, trip.members_rev), (StreamId::Room(room), to_rev));
        assert_eq!((inbox.stream, inbox.members_rev), (StreamId::User(me), Rev(0)));
        assert!(left.rev > to_rev && left.object.contains(r#""code":"LEFT""#), "{left:?}");
        assert_eq!(marks.members_rev, to_rev);
        assert!(marks.people.iter().all(|person| person.user != me));
    })
    .await;
}

#[tokio::test]
async fn who_comes_and_who_leaves_is_read_by_those_who_are_there_and_unread_by_nobody() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let other = sign_up(&ground, "other@example.org", "Other").await;
        let second = ride.ask(&other).await;
        for _ in 0..2 {
            ride.confirm(second).await.expect("there are seats");
        }
        for _ in 0..2 {
            ride.cancel(&other, second).await.expect("the other one goes");
        }
        let noted = async |by: &Caller| {
            let all = ride.read(by, ride.room).await.expect("it reads").into_iter();
            all.map(|it| (it.message.author, it.message.body)).collect::<Vec<_>>()
        };
        let joined = |by: &Caller| (by.user, Body::System(System::Joined));
        let mut expected = vec![joined(&ride.passenger), joined(&other)];
        assert_eq!(noted(&other).await, expected, "that they left is not theirs any more");
        expected.push((other.user, Body::System(System::Left)));
        for by in [&ride.driver, &ride.passenger] {
            assert_eq!(noted(by).await, expected);
            let head = ride.head(by, ride.room).await;
            assert_eq!((head.unread, head.newest), (0, None));
        }
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
        assert_eq!(refusal(ride.confirm(ride.booking).await), ErrorCode::NotNow);
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
        for (_, object) in objects(&ground, StreamId::User(late.user)).await {
            assert!(
                matches!(&object, Object::Membership(it) if it.room_type == RoomType::Booking),
                "{object:?}"
            );
        }
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
            assert_eq!(refusal(ride.cancel(&ride.passenger, ride.booking).await), ErrorCode::NotNow);
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
                assert!(confirm.is_ok() || refusal(confirm) == ErrorCode::NotNow);
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
        assert!(ride.heads(me, [].into()).await.rooms.contains(&ride.room));
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
