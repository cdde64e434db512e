//! Rows that outlive the process.

use super::super::Cache;
use super::super::tests::fresh;
use super::*;
use uuid::Uuid;

fn id(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(n))
}

fn room() -> RoomId {
    RoomId(Uuid::from_u128(9))
}

#[test]
fn every_step_outlives_the_process() {
    let (mut cache, folder) = fresh();
    let path = folder.path().join("cache.db");
    type Step<'a> = &'a dyn Fn(&Connection) -> rusqlite::Result<()>;
    let steps: [Step<'_>; 6] = [
        &|db| insert(db, id(1), room(), "one", 5),
        &|db| insert_change(db, id(2).into(), room(), id(1), &Do::Delete),
        &|db| attempted(db, id(1)),
        &|db| park(db, id(1), ErrorCode::RoomInactive),
        &|db| requeue(db, id(1)),
        &|db| limit(db, id(1), Some(77)),
    ];
    let mut seen = Vec::new();
    for step in steps {
        let tx = cache.write().unwrap();
        step(&tx).unwrap();
        tx.commit().unwrap();
        drop(cache);
        cache = Cache::open(&path).unwrap();
        let rows = all(cache.read()).unwrap();
        seen.push(rows.iter().map(|r| (r.id().0.as_u128(), r.attempted(), r.refusal())).collect::<Vec<_>>());
    }
    let inactive = Some(ErrorCode::RoomInactive);
    assert_eq!(seen[0], [(1, false, None)]);
    assert_eq!(seen[1], [(1, false, None), (2, false, None)]);
    assert_eq!(seen[2], [(1, true, None), (2, false, None)]);
    assert_eq!(seen[3], [(1, true, inactive), (2, false, None)]);
    assert_eq!(seen[4], [(2, false, None), (1, true, None)]);
    assert_eq!(of_room(cache.read(), room()).unwrap()[0].send_by, Some(77));
    assert!(remove(cache.read(), id(2)).unwrap());
    assert!(!remove(cache.read(), id(2)).unwrap());
}

#[test]
fn messages_and_changes_share_the_lane_and_read_back() {
    let (cache, _folder) = fresh();
    let db = cache.read();
    let edit = Do::Edit { edit_no: 3, text: "better".into() };
    insert(db, id(1), room(), "one", 5).unwrap();
    insert_change(db, id(2).into(), room(), id(1), &edit).unwrap();
    set_text(db, id(2), "best").unwrap();
    set_edit_no(db, id(2).into(), 4).unwrap();
    insert_change(db, id(3).into(), room(), id(1), &Do::Delete).unwrap();
    let changes = changes_of_room(db, room()).unwrap();
    let whats: Vec<_> = changes.iter().map(|change| (change.message, change.what.clone())).collect();
    let best = Do::Edit { edit_no: 4, text: "best".into() };
    assert!(whats == [(id(1), best), (id(1), Do::Delete)]);
    assert_eq!(of_room(db, room()).unwrap().len(), 1);
    let rows = all(db).unwrap();
    let (other, _folder) = fresh();
    assert!(rows.iter().all(|row| adopt(other.read(), row).unwrap()));
    assert_eq!(all(other.read()).unwrap(), rows);
    assert!(!rows.iter().any(|row| adopt(other.read(), row).unwrap()), "once");
}

#[test]
fn debug_does_not_tell_the_text() {
    let (cache, _folder) = fresh();
    insert(cache.read(), id(1), room(), "between us", 5).unwrap();
    let edit = Do::Edit { edit_no: 0, text: "between us".into() };
    insert_change(cache.read(), id(2).into(), room(), id(1), &edit).unwrap();
    assert!(!format!("{:?}", all(cache.read()).unwrap()).contains("between us"));
}
