//! Catching up: all of it, what a client cannot do without, or the stream anew.

use super::ride::{Ride, TENANT, send, written};
use super::{Ground, on_both};
use crate::rooms::{Page, Read, ReadChanges, Since};
use crate::store::Tx;
use crate::store::tables::{session, stream};
use crate::store::value::params;
use crate::tokens::Caller;
use tripchat_protocol::limits::{PAGE_BYTES, PAGE_OBJECTS};
use tripchat_protocol::{
    Cursor, DeviceId, Epoch, Hole, Member, MessageId, Object, Rev, Role, RoomId, Seq, SessionId, Standing,
    StreamId, UserId,
};

async fn sign_in(ground: &Ground, user: UserId) -> Caller {
    let (id, device) = (SessionId(ground.sources.uuid()), DeviceId(ground.sources.uuid()));
    let stored = ground.write((id, user, device), |&(id, user, device), tx| {
        Box::pin(async move {
            let refresh_hash = [0; 32];
            session::insert(
                tx,
                &session::NewSession { id, user, tenant: TENANT, device, app: None, refresh_hash },
            )
            .await
        })
    });
    stored.await.expect("the session is stored");
    Caller { user, session: id, tenant: TENANT.into(), expires_at: i64::MAX }
}

async fn write_many(ground: &Ground, ride: &Ride, count: usize) {
    let ids: Vec<MessageId> = (0..count).map(|_| MessageId(ground.sources.uuid())).collect();
    let written = ground.write((ride.room.id, ride.driver, ids), |(room, author, ids), tx| {
        Box::pin(async move {
            for id in ids {
                tx.record_message(*room, written(*id, *author, "on my way")).await?;
            }
            Ok(())
        })
    });
    written.await.expect("they are stored");
}

/// Changes the messages at these places, one after the other, as an edit does.
async fn change(ground: &Ground, ride: &Ride, places: impl IntoIterator<Item = i64>) {
    let places: Vec<i64> = places.into_iter().collect();
    let changed = ground.write((ride.room.id, places), |(room, places), tx| {
        Box::pin(async move {
            for place in places {
                move_rev(tx, *room, Seq(*place)).await?;
            }
            Ok(())
        })
    });
    changed.await.expect("they are changed");
}

async fn move_rev(tx: &mut Tx, room: RoomId, seq: Seq) -> crate::error::Result<()> {
    tx.run("UPDATE stream SET head = head + 1 WHERE id = $1", params![room]).await?;
    let (_, head) = stream::head(tx, StreamId::Room(room)).await?;
    tx.run("UPDATE message SET rev = $3 WHERE room_id = $1 AND seq = $2", params![room, seq, head]).await
}

async fn add_member(ground: &Ground, ride: &Ride) -> Rev {
    let recorded = ground.write((ride.stream(), ride.passenger), |&(stream, user), tx| {
        Box::pin(async move {
            let (name, role, state) = ("Rui".into(), Role::Member, Standing::Current);
            let member = Member { user, name, role, state, since: Rev(1) };
            tx.record(stream, &Object::Member(member)).await
        })
    });
    recorded.await.expect("the member is recorded")
}

async fn head(ground: &Ground, ride: &Ride) -> Cursor {
    let read = ground.read(ride.stream(), |&stream, tx| Box::pin(stream::head(tx, stream)));
    let (epoch, rev) = read.await.expect("it reads");
    Cursor(epoch, rev)
}

async fn page(ground: &Ground, by: &Caller, stream: StreamId, since: Since) -> Page {
    match ground.store.read(ReadChanges { by: by.clone(), stream, since }).await.expect("it reads") {
        Read::Page(page) => page,
        Read::Gone(_) => panic!("gone"),
    }
}

/// All pages of a catch-up; a message is sent after each.
async fn pages(ground: &Ground, by: &Caller, ride: &Ride, since: Option<Cursor>) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut since = Since::Cursor(since);
    loop {
        let page = page(ground, by, ride.stream(), since).await;
        let next = page.next.clone();
        pages.push(page);
        match next {
            Some(course) => since = Since::Course(course),
            None => return whole(pages),
        }
        send(ground, ride.room.id, ride.driver, "meanwhile").await.expect("it is sent");
    }
}

/// Each page joins the one before, is in order, and keeps to its bounds.
fn whole(pages: Vec<Page>) -> Vec<Page> {
    let mut upto = pages[0].from;
    for (number, page) in pages.iter().enumerate() {
        assert_eq!((page.from, page.hole), (upto, pages[0].hole));
        assert!(number == 0 || !page.reset, "it is said once");
        let revs: Vec<Rev> = page.objects.iter().map(|(rev, _)| *rev).collect();
        assert!(revs.is_sorted_by(|a, b| a < b) && revs.iter().all(|rev| *rev > upto && *rev <= page.upto));
        assert!(revs.len() <= PAGE_OBJECTS);
        assert!(page.objects.iter().map(|(_, json)| json.len()).sum::<usize>() <= PAGE_BYTES);
        assert!(page.next.is_none() || revs.last() == Some(&page.upto), "the head only on the last one");
        upto = page.upto;
    }
    pages
}

/// The places of the messages and the kinds of the other objects, in the order of the revs.
fn brought(pages: &[Page]) -> (Vec<i64>, Vec<String>) {
    let (mut places, mut kinds) = (Vec::new(), Vec::new());
    for (_, json) in pages.iter().flat_map(|page| &page.objects) {
        match serde_json::from_str(json).expect("an object") {
            Object::Message(message) => places.push(message.seq.0),
            other => kinds.push(other.kind().to_owned()),
        }
    }
    (places, kinds)
}

#[tokio::test]
async fn up_to_a_thousand_changes_come_whole_page_by_page() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let by = sign_in(&ground, ride.passenger).await;
        write_many(&ground, &ride, 10).await;
        let since = head(&ground, &ride).await;
        write_many(&ground, &ride, 1_000).await;
        let pages = pages(&ground, &by, &ride, Some(since)).await;
        // Four messages came while five pages were read; each page is a snapshot of its own.
        assert_eq!((pages.len(), pages[0].hole, pages[0].reset), (6, None, false));
        let last = head(&ground, &ride).await;
        assert_eq!(pages.last().map(Page::cursor), Some(last));
        assert_eq!(brought(&pages).0, (11..=last.1.0).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn more_than_a_thousand_are_limited_to_what_changed_before_and_the_newest_fifty() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let by = sign_in(&ground, ride.passenger).await;
        write_many(&ground, &ride, 400).await;
        let since = head(&ground, &ride).await;
        write_many(&ground, &ride, 700).await;
        change(&ground, &ride, 51..=350).await;
        let member = add_member(&ground, &ride).await;
        // One that was made since and changed since is in the hole all the same.
        change(&ground, &ride, [500]).await;
        write_many(&ground, &ride, 60).await;
        let Cursor(_, made) = head(&ground, &ride).await;
        let pages = pages(&ground, &by, &ride, Some(since)).await;
        // Sixty were made last: the newest fifty begin ten after the first of them.
        let before = made.0 - 49;
        assert_eq!(pages[0].hole, Some(Hole(Seq(400), Seq(before))));
        assert!(pages.len() > 1 && !pages[0].reset);
        let (places, kinds) = brought(&pages);
        let last = head(&ground, &ride).await;
        assert_eq!(pages.last().map(Page::cursor), Some(last));
        let wanted: Vec<i64> = (51..=350).chain(before..=last.1.0).collect();
        assert_eq!((places, kinds), (wanted, vec!["member".to_owned()]));
        assert!(pages.iter().any(|page| page.objects.iter().any(|(rev, _)| *rev == member)));
    })
    .await;
}

#[tokio::test]
async fn more_than_a_thousand_changes_of_older_messages_reset_the_room() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let by = sign_in(&ground, ride.passenger).await;
        add_member(&ground, &ride).await;
        write_many(&ground, &ride, 1_001).await;
        let since = head(&ground, &ride).await;
        change(&ground, &ride, 2..=1_001).await;
        let limit = pages(&ground, &by, &ride, Some(since)).await;
        assert!(!limit[0].reset, "a thousand are sent");
        change(&ground, &ride, [1_002]).await;
        let pages = pages(&ground, &by, &ride, Some(since)).await;
        assert!(pages[0].reset && pages[0].from == Rev(0));
        let Some(Hole(after, before)) = pages[0].hole else { panic!("no hole") };
        let (places, kinds) = brought(&pages);
        assert_eq!((after, kinds), (Seq(0), vec!["member".to_owned()]));
        assert_eq!((places.len(), places.iter().min()), (50, Some(&before.0)));
    })
    .await;
}

#[tokio::test]
async fn who_has_nothing_of_a_room_gets_it_as_at_reset() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let by = sign_in(&ground, ride.passenger).await;
        add_member(&ground, &ride).await;
        write_many(&ground, &ride, 20).await;
        let small = pages(&ground, &by, &ride, None).await;
        assert!(small[0].reset && small[0].hole.is_none());
        assert_eq!(brought(&small), ((2..=21).collect(), vec!["member".to_owned()]));
        write_many(&ground, &ride, 1_000).await;
        let large = pages(&ground, &by, &ride, None).await;
        assert_eq!((large[0].reset, large[0].hole), (true, Some(Hole(Seq(0), Seq(972)))));
        assert_eq!(brought(&large), ((972..=1_021).collect(), vec!["member".to_owned()]));
    })
    .await;
}

#[tokio::test]
async fn a_cursor_that_cannot_be_starts_again_and_a_catch_up_does_when_the_epoch_changes() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        let by = sign_in(&ground, ride.passenger).await;
        write_many(&ground, &ride, 201).await;
        let Cursor(epoch, head) = head(&ground, &ride).await;
        for bad in [Cursor(Epoch(epoch.0 + 1), Rev(3)), Cursor(epoch, head.next()), Cursor(epoch, Rev(-1))] {
            let first = page(&ground, &by, ride.stream(), Since::Cursor(Some(bad))).await;
            assert_eq!((first.reset, first.from, first.epoch), (true, Rev(0), epoch), "{bad:?}");
        }
        let known = page(&ground, &by, ride.stream(), Since::Cursor(Some(Cursor(epoch, Rev(0))))).await;
        assert!(!known.reset, "the very beginning is a place like any");
        let mut course = known.next.expect("there is more");
        course.epoch = Epoch(epoch.0 + 1);
        let again = page(&ground, &by, ride.stream(), Since::Course(course)).await;
        assert_eq!((again.reset, again.from), (true, Rev(0)));
    })
    .await;
}

#[tokio::test]
async fn a_stream_of_somebody_else_is_gone_at_every_page() {
    on_both(|ground| async move {
        let ride = Ride::begin(&ground).await;
        write_many(&ground, &ride, 201).await;
        let (by, stranger) = (sign_in(&ground, ride.passenger).await, UserId(ground.sources.uuid()));
        let course =
            page(&ground, &by, ride.stream(), Since::Cursor(None)).await.next.expect("there is more");
        let inbox = StreamId::User(ride.driver);
        let by_stranger = Caller { user: stranger, ..by.clone() };
        for (by, stream) in [(&by, inbox), (&by, StreamId::User(stranger))] {
            let since = Since::Cursor(None);
            let read = ground.store.read(ReadChanges { by: by.clone(), stream, since }).await;
            assert!(matches!(read, Ok(Read::Gone(None))));
        }
        // A token of somebody else's session reads nothing at all.
        let since = Since::Course(course);
        let read = ground.store.read(ReadChanges { by: by_stranger, stream: ride.stream(), since }).await;
        assert_eq!(read.err().map(|it| it.code()), Some(tripchat_protocol::ErrorCode::SessionEnded));
    })
    .await;
}
