//! Stretches of rooms that may miss messages.
//!
//! A hole is a set of seqs: those between its ends, neither included. Whatever is known for sure is taken out of it,
//! be it a page of history or a single message.

use super::parse;
use rusqlite::{Connection, OptionalExtension, params};
use std::ops::RangeInclusive;
use tripchat_protocol::{Epoch, Hole, RoomId, Seq};

/// A hole of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoomHole {
    /// The room.
    pub room: RoomId,
    /// The stretch.
    pub hole: Hole,
    /// In which its seqs count, if that is known.
    pub epoch: Option<Epoch>,
}

/// Notes a hole; what overlaps becomes one. One without a seq in it is none.
pub fn note(db: &Connection, room: RoomId, epoch: Option<Epoch>, hole: Hole) -> rusqlite::Result<()> {
    let Hole(mut after, mut before) = hole;
    if before.0.saturating_sub(after.0) < 2 {
        return Ok(());
    }
    for known in overlapping(db, room, after.0 + 1..=before.0 - 1)? {
        (after, before) = (after.min(known.0), before.max(known.1));
        remove(db, room, known)?;
    }
    insert(db, room, epoch, Hole(after, before))
}

/// Everything with a seq in `known` is here: takes it out of the holes. Says whether a hole became smaller.
pub fn close(db: &Connection, room: RoomId, known: RangeInclusive<i64>) -> rusqlite::Result<bool> {
    let epoch = epoch(db, room)?;
    let touched = overlapping(db, room, known.clone())?;
    for hole in &touched {
        remove(db, room, *hole)?;
        for rest in [Hole(hole.0, Seq(*known.start())), Hole(Seq(*known.end()), hole.1)] {
            if rest.0 >= hole.0 && rest.1 <= hole.1 && rest.1.0.saturating_sub(rest.0.0) >= 2 {
                insert(db, room, epoch, rest)?;
            }
        }
    }
    Ok(!touched.is_empty())
}

/// Forgets a room's holes.
pub fn clear(db: &Connection, room: RoomId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM hole WHERE room = ?1")?.execute([room.to_string()])?;
    Ok(())
}

/// The highest hole with a seq below `seq`.
pub fn below(db: &Connection, room: RoomId, seq: Seq) -> rusqlite::Result<Option<Hole>> {
    db.prepare_cached(
        "SELECT after, before FROM hole WHERE room = ?1 AND after < ?2 ORDER BY after DESC LIMIT 1",
    )?
    .query_row(params![room.to_string(), seq.0.saturating_sub(1)], |row| {
        Ok(Hole(Seq(row.get(0)?), Seq(row.get(1)?)))
    })
    .optional()
}

/// The lowest hole with a seq above `seq`.
pub fn above(db: &Connection, room: RoomId, seq: Seq) -> rusqlite::Result<Option<Hole>> {
    db.prepare_cached(
        "SELECT after, before FROM hole WHERE room = ?1 AND before > ?2 ORDER BY after LIMIT 1",
    )?
    .query_row(params![room.to_string(), seq.0.saturating_add(1)], |row| {
        Ok(Hole(Seq(row.get(0)?), Seq(row.get(1)?)))
    })
    .optional()
}

/// The hole in which a seq is.
pub fn around(db: &Connection, room: RoomId, seq: Seq) -> rusqlite::Result<Option<Hole>> {
    Ok(overlapping(db, room, seq.0..=seq.0)?.pop())
}

/// Every hole there is, the newest of each room first.
pub fn all(db: &Connection) -> rusqlite::Result<Vec<RoomHole>> {
    db.prepare_cached("SELECT room, after, before, epoch FROM hole ORDER BY room, after DESC")?
        .query_map([], |row| {
            let hole = Hole(Seq(row.get(1)?), Seq(row.get(2)?));
            Ok(RoomHole { room: parse(row, 0)?, hole, epoch: row.get::<_, Option<i64>>(3)?.map(Epoch) })
        })?
        .collect()
}

/// In which epoch the holes of a room count; none if there are none, or nobody knows yet.
pub fn epoch(db: &Connection, room: RoomId) -> rusqlite::Result<Option<Epoch>> {
    db.prepare_cached("SELECT epoch FROM hole WHERE room = ?1 LIMIT 1")?
        .query_row([room.to_string()], |row| row.get::<_, Option<i64>>(0))
        .optional()
        .map(|epoch| epoch.flatten().map(Epoch))
}

/// The epoch has become known.
pub fn set_epoch(db: &Connection, room: RoomId, epoch: Epoch) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE hole SET epoch = ?2 WHERE room = ?1")?
        .execute(params![room.to_string(), epoch.0])?;
    Ok(())
}

fn overlapping(db: &Connection, room: RoomId, seqs: RangeInclusive<i64>) -> rusqlite::Result<Vec<Hole>> {
    db.prepare_cached(
        "SELECT after, before FROM hole WHERE room = ?1 AND after < ?3 AND before > ?2 ORDER BY after",
    )?
    .query_map(params![room.to_string(), seqs.start(), seqs.end()], |row| {
        Ok(Hole(Seq(row.get(0)?), Seq(row.get(1)?)))
    })?
    .collect()
}

fn insert(db: &Connection, room: RoomId, epoch: Option<Epoch>, hole: Hole) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO hole (room, after, before, epoch) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![room.to_string(), hole.0.0, hole.1.0, epoch.map(|epoch| epoch.0)])?;
    Ok(())
}

fn remove(db: &Connection, room: RoomId, hole: Hole) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM hole WHERE room = ?1 AND after = ?2")?
        .execute(params![room.to_string(), hole.0.0])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::fresh;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    const ROOM: RoomId = RoomId(Uuid::from_u128(1));

    fn seqs(db: &Connection) -> BTreeSet<i64> {
        let holes = all(db).unwrap();
        let seqs: Vec<i64> = holes.iter().flat_map(|it| it.hole.0.0 + 1..it.hole.1.0).collect();
        let set: BTreeSet<i64> = seqs.iter().copied().collect();
        assert_eq!(set.len(), seqs.len(), "holes overlap");
        set
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn holes_are_sets_of_seqs(steps in proptest::collection::vec((any::<bool>(), 0_i64..30, 0_i64..12), 1..30)) {
            let (cache, _folder) = fresh();
            let mut model = BTreeSet::new();
            for (opens, from, length) in steps {
                if opens {
                    note(cache.read(), ROOM, Some(Epoch(1)), Hole(Seq(from), Seq(from + length))).unwrap();
                    model.extend(from + 1..from + length);
                } else {
                    let known = from..=from + length;
                    let before = model.len();
                    let shrank = close(cache.read(), ROOM, known.clone()).unwrap();
                    model.retain(|seq| !known.contains(seq));
                    prop_assert_eq!(shrank, model.len() < before);
                }
                prop_assert_eq!(&seqs(cache.read()), &model);
                for seq in [0, 5, 17, 40] {
                    let under = below(cache.read(), ROOM, Seq(seq)).unwrap();
                    prop_assert_eq!(under.is_some(), model.range(..seq).next().is_some());
                    let over = above(cache.read(), ROOM, Seq(seq)).unwrap();
                    prop_assert_eq!(over.is_some(), model.range(seq + 1..).next().is_some());
                    if let Some(over) = over {
                        prop_assert_eq!(Some((over.0.0 + 1).max(seq + 1)), model.range(seq + 1..).next().copied());
                    }
                    if let Some(under) = under {
                        prop_assert_eq!(Some((under.1.0 - 1).min(seq - 1)), model.range(..seq).next_back().copied());
                    }
                }
            }
        }
    }

    #[test]
    fn an_epoch_that_is_not_known_is_learned() {
        let (cache, _folder) = fresh();
        note(cache.read(), ROOM, None, Hole(Seq(0), Seq(9))).unwrap();
        assert_eq!(epoch(cache.read(), ROOM).unwrap(), None);
        set_epoch(cache.read(), ROOM, Epoch(4)).unwrap();
        close(cache.read(), ROOM, 4..=5).unwrap();
        let holes = all(cache.read()).unwrap();
        assert_eq!(holes.iter().map(|it| it.epoch).collect::<Vec<_>>(), [Some(Epoch(4)); 2]);
    }
}
