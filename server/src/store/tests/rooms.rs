//! Rooms, stays, streams and the objects in them.

use super::ride::{Ride, TENANT, add_person, add_room, changes_in, from_the_start, new_room, send};
use super::{Ground, on_both};
use crate::store::tables::stay::{Current, Stay};
use crate::store::tables::{object, room, stay, stream};
use std::time::Duration;
use tripchat_protocol::{ErrorCode, Member, Object, Rev, Role, RoomId, RoomType, Standing, StreamId, UserId};

async fn stands(ground: &Ground, room: RoomId, user: UserId) -> Stay {
    ground.read((room, user), |&(room, user), tx| Box::pin(stay::of(tx, room, user))).await.expect("it reads")
}

async fn is_active(ground: &Ground, room: RoomId) -> Option<bool> {
    ground.read(room, |&room, tx| Box::pin(room::is_active(tx, room))).await.expect("it reads")
}

async fn heads(ground: &Ground, user: UserId) -> Vec<(RoomId, Rev)> {
    let found = ground.read(user, |&user, tx| Box::pin(stream::heads_of(tx, user))).await;
    found.expect("it reads").into_iter().map(|(room, stream)| (room, stream.head)).collect()
}

#[tokio::test]
async fn a_room_takes_messages_if_it_is_active() {
    on_both(|ground| async move {
        let by = add_person(&ground, "a@example.org", "A").await;
        for (active, room_type) in [(true, RoomType::Group), (false, RoomType::Channel)] {
            let mut new = new_room(&ground.sources, by);
            (new.is_active, new.room_type, new.name) = (active, room_type, Some("Дорога 🛣".into()));
            let id = new.id;
            let stored = ground.write(new, |new, tx| Box::pin(room::insert(tx, TENANT, new)));
            stored.await.expect("it is stored");
            assert_eq!(is_active(&ground, id).await, Some(active));
        }
        assert_eq!(is_active(&ground, RoomId(ground.sources.uuid())).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_room_needs_its_maker_and_its_id_is_its_own() {
    on_both(|ground| async move {
        let by = add_person(&ground, "a@example.org", "A").await;
        let by_nobody = new_room(&ground.sources, UserId(ground.sources.uuid()));
        let mut twin = new_room(&ground.sources, by);
        twin.id = RoomId(add_room(&ground, by).await.uuid());
        for odd in [by_nobody, twin] {
            let refused = ground.write(odd, |odd, tx| Box::pin(room::insert(tx, TENANT, odd)));
            assert_eq!(refused.await.expect_err("not stored").code(), ErrorCode::Conflict);
        }
    })
    .await;
}

#[tokio::test]
async fn one_is_in_a_room_once_or_a_stranger() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let (room, nobody) = (ride.room.id, UserId(ground.sources.uuid()));
        assert_eq!(stands(&ground, room, ride.driver).await, Stay::Current(from_the_start(Role::Owner)));
        assert_eq!(stands(&ground, room, ride.passenger).await, Stay::Current(from_the_start(Role::Member)));
        assert_eq!(stands(&ground, room, nobody).await, Stay::Stranger);
        assert_eq!(stands(&ground, RoomId(ground.sources.uuid()), ride.driver).await, Stay::Stranger);
        ground.clock.advance(Duration::from_secs(1));
        for user in [ride.passenger, nobody] {
            let refused = ground.write((room, user), |&(room, user), tx| {
                Box::pin(stay::begin(tx, room, user, from_the_start(Role::Admin)))
            });
            assert_eq!(refused.await.expect_err("not stored").code(), ErrorCode::Conflict);
        }
        assert_eq!(stands(&ground, room, ride.passenger).await, Stay::Current(from_the_start(Role::Member)));
    })
    .await;
}

#[tokio::test]
async fn who_left_is_a_former_member_and_may_come_back() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let (room, user) = (ride.room.id, ride.passenger);
        let left =
            ground.write((room, user), |&(room, user), tx| Box::pin(stay::end(tx, room, user, Rev(7))));
        left.await.expect("it is stored");
        assert_eq!(stands(&ground, room, user).await, Stay::Former(Rev(7)));
        assert_eq!(heads(&ground, user).await, []);
        // Within the same millisecond.
        let stay = Current { role: Role::Moderator, from_rev: Rev(1), since: Rev(9) };
        let back = ground
            .write((room, user, stay), |&(room, user, stay), tx| Box::pin(stay::begin(tx, room, user, stay)));
        back.await.expect("it is stored");
        assert_eq!(stands(&ground, room, user).await, Stay::Current(stay));
        assert_eq!(heads(&ground, user).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_stream_begins_at_nothing_with_an_epoch_that_json_keeps() {
    on_both(|ground| async move {
        let by = add_person(&ground, "a@example.org", "A").await;
        let mut epochs = Vec::new();
        for stream in [StreamId::User(by), add_room(&ground, by).await, add_room(&ground, by).await] {
            if matches!(stream, StreamId::User(_)) {
                let opened = ground.write(stream, |&stream, tx| Box::pin(tx.open_stream(stream)));
                opened.await.expect("it opens");
            }
            let (epoch, head) = ground
                .read(stream, |&stream, tx| Box::pin(stream::head(tx, stream)))
                .await
                .expect("it reads");
            assert_eq!(head, Rev(0));
            assert!((1..1 << 53).contains(&epoch.0), "{epoch:?}");
            epochs.push(epoch);
        }
        epochs.sort();
        epochs.dedup();
        assert_eq!(epochs.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_opened_once_and_an_unknown_one_is_a_defect() {
    on_both(|ground| async move {
        let by = add_person(&ground, "a@example.org", "A").await;
        let stream = add_room(&ground, by).await;
        let again = ground.write(stream, |&stream, tx| Box::pin(tx.open_stream(stream))).await;
        assert_eq!(again.expect_err("it is open").code(), ErrorCode::Conflict);
        let unknown = StreamId::Room(RoomId(ground.sources.uuid()));
        let head = ground.read(unknown, |&stream, tx| Box::pin(stream::head(tx, stream))).await;
        assert_eq!(head.expect_err("nothing there").code(), ErrorCode::Internal);
    })
    .await;
}

#[tokio::test]
async fn heads_stand_newest_activity_first_and_only_ones_own() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let mut rooms = Vec::new();
        for _ in 0..3 {
            ground.clock.advance(Duration::from_secs(1));
            let room = RoomId(add_room(&ground, ride.driver).await.uuid());
            let joined = ground.write((room, ride.driver), |&(room, user), tx| {
                Box::pin(stay::begin(tx, room, user, from_the_start(Role::Member)))
            });
            joined.await.expect("it is stored");
            rooms.push(room);
        }
        add_room(&ground, ride.driver).await;
        ground.clock.advance(Duration::from_secs(1));
        send(&ground, rooms[0], ride.driver, "сәлем").await.expect("it is sent");
        let own = heads(&ground, ride.driver).await;
        assert_eq!(own, [(rooms[0], Rev(1)), (rooms[2], Rev(0)), (rooms[1], Rev(0)), (ride.room.id, Rev(0))]);
        assert_eq!(heads(&ground, ride.passenger).await.len(), 1);
        assert_eq!(heads(&ground, UserId(ground.sources.uuid())).await, []);
    })
    .await;
}

fn member(user: UserId, name: &str) -> Object {
    Object::Member(Member {
        user,
        name: name.into(),
        role: Role::Member,
        state: Standing::Current,
        since: Rev(1),
    })
}

async fn record(ground: &Ground, stream: StreamId, object: Object) -> Rev {
    let recorded =
        ground.write((stream, object), |(stream, object), tx| Box::pin(tx.record(*stream, object)));
    recorded.await.expect("it is recorded")
}

async fn after(ground: &Ground, stream: StreamId, since: i64, limit: i64) -> Vec<(i64, Object)> {
    let found = ground.read((stream, Rev(since), limit), |&(stream, since, limit), tx| {
        Box::pin(object::after(tx, stream, since, limit))
    });
    let read = |(rev, body): (Rev, String)| (rev.0, serde_json::from_str(&body).expect("an object"));
    found.await.expect("it reads").into_iter().map(read).collect()
}

#[tokio::test]
async fn an_object_stands_once_with_the_rev_of_its_last_change() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let stream = ride.stream();
        let (driver, passenger) = (ride.driver, ride.passenger);
        assert_eq!(record(&ground, stream, member(driver, "A")).await, Rev(1));
        assert_eq!(record(&ground, stream, member(passenger, "B")).await, Rev(2));
        assert_eq!(record(&ground, stream, Object::Room(ride.room.clone())).await, Rev(3));
        assert_eq!(record(&ground, stream, member(driver, "Ä 🚌")).await, Rev(4));
        let room = || Object::Room(ride.room.clone());
        let all = [(2, member(passenger, "B")), (3, room()), (4, member(driver, "Ä 🚌"))];
        assert_eq!(after(&ground, stream, 0, 100).await, all);
        assert_eq!(after(&ground, stream, 2, 1).await, [(3, room())]);
        assert_eq!(after(&ground, stream, 4, 100).await, []);
        assert_eq!(after(&ground, stream, 0, 0).await, []);
        assert_eq!(after(&ground, add_room(&ground, driver).await, 0, 100).await, []);
    })
    .await;
}

#[tokio::test]
async fn an_object_has_a_rev_of_its_own_in_each_stream() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let other = add_room(&ground, ride.driver).await;
        record(&ground, ride.stream(), Object::Room(ride.room.clone())).await;
        let trip = Object::Trip(ride.trip.clone());
        let revs = ground.write((ride.stream(), other, trip.clone()), |(first, second, trip), tx| {
            Box::pin(async move { Ok((tx.record(*first, trip).await?, tx.record(*second, trip).await?)) })
        });
        assert_eq!(revs.await.expect("it is recorded"), (Rev(2), Rev(1)));
        assert_eq!(after(&ground, other, 0, 100).await, [(1, trip)]);
    })
    .await;
}

#[tokio::test]
async fn the_door_for_objects_is_not_the_one_for_messages() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let message = send(&ground, ride.room.id, ride.driver, "hi").await.expect("it is sent");
        let refused = ground.write((ride.stream(), Object::Message(message)), |(stream, object), tx| {
            Box::pin(tx.record(*stream, object))
        });
        assert_eq!(refused.await.expect_err("a defect").code(), ErrorCode::Internal);
        let changes = ground.read(ride.stream(), |&stream, tx| Box::pin(changes_in(tx, stream)));
        assert_eq!(changes.await.expect("it reads"), [(Rev(1), "message".to_owned())]);
    })
    .await;
}
