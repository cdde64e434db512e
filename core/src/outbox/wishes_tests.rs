//! What becomes of what is wanted.

use super::*;
use crate::cache::tests::fresh;
use tripchat_protocol::{Epoch, Own, Role, RoomType, Standing};
use uuid::Uuid;

const ME: UserId = UserId(Uuid::from_u128(1));
const ROOM: RoomId = RoomId(Uuid::from_u128(2));

fn id(n: u128) -> OperationId {
    OperationId(Uuid::from_u128(n))
}

fn membership(own: Own) -> Membership {
    Membership {
        room: ROOM,
        room_type: RoomType::Trip,
        role: Role::Member,
        state: Standing::Current,
        from_rev: Rev(1),
        to_rev: None,
        own,
        kept: None,
    }
}

/// A cache with the room at rev 20 and the membership as it stood at `rev`.
fn desk(own: Own, rev: i64) -> (Cache, tempfile::TempDir) {
    let (cache, folder) = fresh();
    cursors::set(cache.read(), StreamId::Room(ROOM), Cursor(Epoch(7), Rev(20))).unwrap();
    comes(&cache, own, rev);
    (cache, folder)
}

fn comes(cache: &Cache, own: Own, rev: i64) {
    let object = Object::Membership(membership(own));
    objects::upsert(cache.read(), StreamId::User(ME), Rev(rev), &object).unwrap();
}

fn stored(cache: &Cache) -> Membership {
    objects::membership(cache.read(), ME, ROOM).unwrap().unwrap()
}

fn shown(cache: &Cache) -> Own {
    own::shown(cache.read(), &stored(cache)).unwrap()
}

fn read_to(cache: &Cache, seq: i64, n: u128) -> Option<Taken> {
    seen(cache.read(), &stored(cache), ME, Seq(seq), id(n)).unwrap()
}

fn set_to(cache: &Cache, setting: Setting, n: u128) -> Option<Taken> {
    set(cache.read(), &stored(cache), setting, id(n)).unwrap()
}

fn ok(cache: &mut Cache, n: u128, rev: Option<i64>) -> Option<RoomId> {
    let stream = rev.map(|_| StreamId::User(ME));
    let done = Done { id: Some(id(n)), stream, rev: rev.map(Rev), seq: None, at: 1, duplicate: false };
    accepted(cache, ME, &done).unwrap()
}

fn taken(n: u128, replaced: Option<u128>) -> Option<Taken> {
    Some(Taken { id: Some(id(n)), replaced: replaced.map(id) })
}

#[test]
fn a_lower_mark_changes_nothing_and_a_higher_one_replaces_it() {
    let (mut cache, _folder) = desk(Own::default(), 3);
    assert_eq!(read_to(&cache, 5, 11), taken(11, None));
    assert_eq!(read_to(&cache, 5, 12), None);
    assert_eq!(read_to(&cache, 4, 13), None);
    assert_eq!(read_to(&cache, 9, 14), taken(14, Some(11)));
    assert_eq!(intents::pending_read(cache.read(), ROOM).unwrap(), Some(Seq(9)));
    assert_eq!(ok(&mut cache, 11, None), None, "the answer to the one before");
    assert_eq!(intents::pending_read(cache.read(), ROOM).unwrap(), Some(Seq(9)));
    assert_eq!(ok(&mut cache, 14, None), Some(ROOM));
    assert_eq!(intents::pending_read(cache.read(), ROOM).unwrap(), None);
    assert_eq!(marks::of(cache.read(), ROOM, ME).unwrap().read, Seq(9), "and nothing is unread again");
    assert_eq!(read_to(&cache, 9, 15), None);
}

#[test]
fn a_mark_as_unread_is_cleared_by_the_next_read_even_of_what_was_read() {
    let (mut cache, _folder) = desk(Own::default(), 3);
    read_to(&cache, 9, 11);
    ok(&mut cache, 11, None);
    assert_eq!(set_to(&cache, Setting::MarkedUnread(true), 12), taken(12, None));
    assert!(shown(&cache).marked_unread);
    assert_eq!(read_to(&cache, 4, 13), taken(13, None));
    assert!(!shown(&cache).marked_unread);
    assert_eq!(intents::pending_read(cache.read(), ROOM).unwrap(), Some(Seq(9)), "no lower than before");
    assert_eq!(set_to(&cache, Setting::MarkedUnread(true), 14), taken(14, Some(12)));
    assert!(shown(&cache).marked_unread, "it was marked again after it was read");
    let order: Vec<_> = intents::all(cache.read()).unwrap().into_iter().map(|it| it.id).collect();
    assert_eq!(order, [id(13), id(14)]);
}

#[test]
fn what_is_so_already_is_not_sent() {
    let (cache, _folder) = desk(Own { favourite: true, ..Own::default() }, 3);
    assert_eq!(set_to(&cache, Setting::Favourite(true), 11), None);
    assert_eq!(set_to(&cache, Setting::Favourite(false), 12), taken(12, None));
    assert_eq!(
        set_to(&cache, Setting::Favourite(true), 13),
        taken(13, Some(12)),
        "the last one may be on its way"
    );
}

#[test]
fn a_setting_that_was_taken_never_flickers_back() {
    let (mut cache, _folder) = desk(Own::default(), 3);
    set_to(&cache, Setting::Archived(true), 11);
    assert_eq!(ok(&mut cache, 11, Some(9)), Some(ROOM));
    assert!(intents::all(cache.read()).unwrap().is_empty() && stored(&cache).own.archived);
    comes(&cache, Own { muted_until: Some(5), ..Own::default() }, 8);
    assert!(shown(&cache).archived, "an older change comes late");
    comes(&cache, Own { muted_until: Some(5), archived: true, ..Own::default() }, 9);
    assert_eq!(shown(&cache).muted_until, Some(5), "the server's own word replaces ours");
    set_to(&cache, Setting::Archived(false), 12);
    comes(&cache, Own { archived: true, ..Own::default() }, 30);
    assert_eq!(ok(&mut cache, 12, Some(29)), Some(ROOM));
    assert!(stored(&cache).own.archived, "set again elsewhere, after ours");
}

#[test]
fn an_answer_without_a_change_shows_the_wish() {
    let (mut cache, _folder) = desk(Own::default(), 3);
    set_to(&cache, Setting::Favourite(true), 11);
    ok(&mut cache, 11, None);
    assert!(shown(&cache).favourite);
    comes(&cache, Own { archived: true, favourite: true, ..Own::default() }, 4);
    assert!(shown(&cache).archived);
}

#[test]
fn a_draft_of_another_device_never_overwrites_one_that_is_not_sent_yet() {
    let (mut cache, _folder) = desk(Own::default(), 3);
    let draft = |text: &str| Setting::Draft(Some(text.into()));
    set_to(&cache, draft("mine"), 11);
    comes(&cache, Own { draft: Some("theirs".into()), ..Own::default() }, 4);
    assert_eq!(shown(&cache).draft.as_deref(), Some("mine"));
    ok(&mut cache, 11, Some(5));
    assert_eq!(shown(&cache).draft.as_deref(), Some("mine"));
    comes(&cache, Own { draft: Some("later".into()), ..Own::default() }, 6);
    assert_eq!(shown(&cache).draft.as_deref(), Some("later"));
}

#[test]
fn a_draft_that_became_a_message_goes_here_or_everywhere() {
    let (cache, _folder) = desk(Own::default(), 3);
    let draft = || Setting::Draft(Some("I am at".into()));
    let clear = |untried: Option<u128>, n| {
        clear_draft(cache.read(), &stored(&cache), untried.map(id), id(n)).unwrap()
    };
    assert_eq!(clear(None, 10), None, "there is none");
    set_to(&cache, draft(), 11);
    assert_eq!(clear(Some(11), 12), Some(Taken { id: None, replaced: Some(id(11)) }), "nobody heard of it");
    assert_eq!(intents::all(cache.read()).unwrap(), []);
    set_to(&cache, draft(), 13);
    assert_eq!(clear(None, 14), taken(14, Some(13)), "it may be on its way");
    comes(&cache, Own { draft: Some("elsewhere".into()), ..Own::default() }, 4);
    intents::take(cache.read(), ROOM, DRAFT).unwrap();
    assert_eq!(clear(None, 15), taken(15, None));
    assert_eq!(shown(&cache).draft, None);
}
