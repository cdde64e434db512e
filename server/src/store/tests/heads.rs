//! Where rooms stand, and what is unread in them.

use super::aboard::Aboard;
use super::on_both;
use crate::gathering::MarkKind;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tripchat_protocol::RoomCursor;
use tripchat_protocol::limits::UNREAD_MAX;

const READ: MarkKind = MarkKind::Read;
const DELIVERED: MarkKind = MarkKind::Delivered;

#[tokio::test]
async fn unread_is_what_others_wrote_and_stands_above_the_mark() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let (driver, me) = (&ride.driver, &ride.passenger);
        ride.send(me, "mine").await;
        let (_, first) = ride.send(driver, "one").await;
        let (second, _) = ride.send(driver, "two").await;
        let (third, _) = ride.send(driver, "three").await;
        assert_eq!((ride.unread(me).await, ride.unread(driver).await), (3, 1));
        ride.edit(driver, third, 0, "three!").await.expect("it is edited");
        assert_eq!(ride.unread(me).await, 3, "an edited message is one message");
        ride.delete(driver, second).await.expect("it is deleted");
        assert_eq!(ride.unread(me).await, 2, "what was taken away is not waited for");
        ride.raise(me, READ, first.0).await.expect("it is raised");
        assert_eq!(ride.unread(me).await, 1);
        ride.raise(me, DELIVERED, i64::MAX).await.expect("it is raised");
        assert_eq!(ride.unread(me).await, 1, "what is delivered is not read");
        for _ in 0..UNREAD_MAX + 5 {
            ride.send(driver, "again").await;
        }
        assert_eq!(ride.unread(me).await, UNREAD_MAX);
        ride.raise(me, READ, i64::MAX).await.expect("it is raised");
        assert_eq!(ride.unread(me).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_room_moves_by_its_rev_or_by_its_marks() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let moved = async |known: RoomCursor| {
            let heads = ride.heads(&ride.driver, [(ride.room, known)].into()).await;
            heads.moved.iter().filter(|it| it.room == ride.room).count()
        };
        let cursor = async || {
            let it = ride.standing().await;
            RoomCursor(it.epoch, it.head, it.marks)
        };
        let known = cursor().await;
        assert_eq!(moved(known).await, 0);
        ground.clock.advance(Duration::from_secs(1));
        let (id, seq) = ride.send(&ride.driver, "one").await;
        assert_eq!(moved(known).await, 1);
        let known = cursor().await;
        ride.raise(&ride.passenger, READ, seq.0).await.expect("it is raised");
        assert_eq!(moved(known).await, 1);
        assert_eq!(moved(cursor().await).await, 0);
        let head = ride.head(&ride.passenger, ride.room).await;
        let RoomCursor(epoch, rev, marks) = cursor().await;
        assert_eq!((head.epoch, head.head, head.marks, head.unread), (epoch, rev, marks, 0));
        assert_eq!(head.newest.as_ref().map(|it| it.id), Some(id));
        let heads = ride.heads(&ride.passenger, BTreeMap::new()).await;
        assert_eq!(heads.rooms.iter().collect::<BTreeSet<_>>(), BTreeSet::from([&ride.room, &ride.private]));
        assert_eq!(heads.gone, BTreeMap::new());
    })
    .await;
}

#[tokio::test]
async fn heads_come_newest_activity_first() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        ground.clock.advance(Duration::from_secs(1));
        let other = ride.another().await;
        let order = async || {
            let heads = ride.heads(&ride.driver, BTreeMap::new()).await;
            let rooms = heads.moved.iter().map(|head| head.room);
            rooms.filter(|room| *room != ride.private).collect::<Vec<_>>()
        };
        assert_eq!(order().await, [other, ride.room]);
        ground.clock.advance(Duration::from_secs(1));
        ride.send(&ride.passenger, "one").await;
        assert_eq!(order().await, [ride.room, other]);
        // That somebody has read is no activity.
        ground.clock.advance(Duration::from_secs(1));
        let newest = ride.another().await;
        ground.clock.advance(Duration::from_secs(1));
        ride.raise(&ride.passenger, READ, i64::MAX).await.expect("it is raised");
        assert_eq!(order().await, [newest, ride.room, other]);
        assert_eq!(ride.heads(&ride.passenger, BTreeMap::new()).await.rooms, [ride.room, ride.private]);
    })
    .await;
}
