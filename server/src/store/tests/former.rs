//! What is left to a former member: their stay, as it was.

use super::aboard::{Aboard, refusal};
use super::on_both;
use crate::messages::{ReadHistory, Which};
use crate::rooms::{Read, ReadChanges, Since};
use tripchat_protocol::rest::Placed;
use tripchat_protocol::{Body, ErrorCode, Message, RoomCursor, RoomId, Seq, Setting, StreamId};

/// What a history page says: place, rev, version and text.
fn told(placed: &[Placed]) -> Vec<(i64, i64, u32, Option<String>)> {
    let words = |message: &Message| match &message.body {
        Body::Text { text } => Some(text.clone()),
        Body::System(_) | Body::Deleted | Body::Unknown(_) => None,
    };
    let one = |it: &Placed| (it.message.seq.0, it.rev.0, it.message.edit_no, words(&it.message));
    placed.iter().map(one).collect()
}

#[tokio::test]
async fn a_former_member_reads_each_message_as_it_stood_when_they_left() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let (driver, me) = (&ride.driver, &ride.passenger);
        let (edited_twice, _) = ride.send(driver, "seven").await;
        let (edited_later, _) = ride.send(driver, "eight").await;
        let (edited_and_deleted, _) = ride.send(driver, "nine").await;
        let (deleted_before, _) = ride.send(driver, "ten").await;
        ride.send(me, "eleven").await;
        ride.edit(driver, edited_twice, 0, "seven, before").await.expect("rev 12");
        ride.delete(driver, deleted_before).await.expect("rev 13");
        ride.cancel(me, ride.booking).await.expect("revs 14 to 16");
        let then = ride.history(me).await.expect("it reads");
        let mut expected = vec![
            (7, 12, 1, Some("seven, before".to_owned())),
            (8, 8, 0, Some("eight".to_owned())),
            (9, 9, 0, Some("nine".to_owned())),
            (10, 13, 0, None),
            (11, 11, 0, Some("eleven".to_owned())),
        ];
        assert_eq!(told(&then), expected);

        ride.edit(driver, edited_twice, 1, "seven, after").await.expect("rev 17");
        ride.edit(driver, edited_later, 0, "eight, after").await.expect("rev 18");
        ride.edit(driver, edited_later, 1, "eight, after that").await.expect("rev 19");
        ride.edit(driver, edited_and_deleted, 0, "nine, after").await.expect("rev 20");
        ride.send(driver, "nobody else hears this").await;
        assert_eq!(told(&ride.history(me).await.expect("it reads")), expected, "nothing later is told");
        assert_eq!(ride.history(me).await.expect("it reads"), then);

        // Deleting always wins, also over what they could read; how often it was edited since is not told.
        ride.delete(driver, edited_and_deleted).await.expect("rev 22");
        expected[2] = (9, 22, 0, None);
        let now = ride.history(me).await.expect("it reads");
        assert_eq!(told(&now), expected);
        assert_eq!(now[2].message.edited_at, None);

        let members = ride.history(driver).await.expect("it reads");
        let members: Vec<_> = told(&members).into_iter().map(|(_, rev, ..)| rev).collect();
        assert_eq!(members, [17, 19, 22, 13, 11, 21], "who is there sees it as it stands");
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
        assert_eq!(page(Which::Newest, 100).await, (vec![6, 7, 8, 9, 10], false));
        assert_eq!(page(Which::Newest, 3).await, (vec![8, 9, 10], true));
        assert_eq!(page(Which::After(Seq(9)), 100).await, (vec![10], false));
        assert_eq!(page(Which::After(Seq(10)), 100).await, (vec![], false));
        assert_eq!(page(Which::Before(Seq(9)), 100).await, (vec![6, 7, 8], false));
        assert_eq!(page(Which::Around(Seq(14)), 4).await, (vec![9, 10], true));
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
        // The trip that has its seats again comes after the end, and is not theirs to know.
        let standing = ride.standing().await;
        let to_rev = standing.members_rev;
        assert!(to_rev < standing.head);
        ride.send(&ride.driver, "later").await;
        let cursor = RoomCursor(known.epoch, known.head, known.marks);
        let nowhere = RoomId(ground.sources.uuid());
        let heads = ride.heads(me, [(ride.room, cursor), (nowhere, cursor)].into()).await;
        assert!(!heads.rooms.contains(&ride.room) && heads.moved.iter().all(|it| it.room != ride.room));
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
