//! Compares what was acknowledged with what is stored. Pure, so that it is tested itself.

use crate::ledger::{Lane, Line, edits, number, text};
use crate::stored::{Room, Row, Stored};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is wrong: by kind how often, and the first of it in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Acknowledged and not stored.
    pub lost: u64,
    /// Stored twice, or never asked for.
    pub doubled: u64,
    /// One writer's messages in another order than they were written.
    pub misordered: u64,
    /// Numbers of a room that no change has, or that two have.
    pub gaps: u64,
    /// Some of it in words.
    pub examples: Vec<String>,
}

impl Verdict {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.misordered + self.gaps == 0
    }

    fn note(&mut self, count: impl FnOnce(&mut Self) -> &mut u64, example: String) {
        *count(self) += 1;
        if self.examples.len() < 5 {
            self.examples.push(example);
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lost, doubled, misordered, gaps, .. } = self;
        write!(f, "{lost} lost, {doubled} doubled, {misordered} misordered, {gaps} gaps in the revs")?;
        self.examples.iter().try_for_each(|example| write!(f, "\n  {example}"))
    }
}

impl std::error::Error for Verdict {}

/// What was acknowledged in `before` must be in `stored`; what is in `stored` must have been asked for in `after`: the
/// one was copied before the database was read, the other after it. `bases` are the heads of the rooms before anybody
/// wrote.
pub fn judge(before: &[Lane], after: &[Lane], bases: &BTreeMap<String, i64>, stored: &Stored) -> Verdict {
    let mut verdict = Verdict::default();
    for (before, after) in before.iter().zip(after) {
        let nothing = Room::default();
        let room = stored.get(&before.room).unwrap_or(&nothing);
        let rows: Vec<&Row> = room.rows.iter().filter(|row| row.author == before.author).collect();
        find_lost(before, &rows, room, &mut verdict);
        let index = Index::of(after);
        find_doubled(&index, &rows, &mut verdict);
        find_misordered(&index, &rows, &mut verdict);
    }
    for (id, base) in bases {
        match stored.get(id) {
            Some(room) => find_gaps(id, *base, room, &mut verdict),
            None => verdict.note(|it| &mut it.gaps, format!("room {id} is not there")),
        }
    }
    verdict
}

/// Finds the line of a row: by its id, for a deleted one says nothing any more.
struct Index<'a> {
    lane: &'a Lane,
    by_id: BTreeMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    fn of(lane: &'a Lane) -> Self {
        let ids = lane.lines.iter().enumerate().filter_map(|(at, line)| Some((line.id.as_deref()?, at)));
        Self { lane, by_id: ids.collect() }
    }

    fn place(&self, row: &Row) -> Option<usize> {
        // Or a line whose id its writer has not been told yet.
        let unnamed = |at: &usize| self.lane.lines.get(*at).is_some_and(|line| line.id.is_none());
        self.by_id.get(row.id.as_str()).copied().or_else(|| number(&row.text).filter(unnamed))
    }
}

fn find_lost(lane: &Lane, rows: &[&Row], room: &Room, verdict: &mut Verdict) {
    let by_id: BTreeMap<&str, &Row> = rows.iter().map(|row| (row.id.as_str(), *row)).collect();
    for (at, line) in lane.lines.iter().enumerate().filter(|(_, line)| line.acked) {
        let found = line.id.as_deref().and_then(|id| by_id.get(id));
        match found {
            None if lane.folds && line.delete.0 => {}
            None => verdict.note(|it| &mut it.lost, format!("line {at} of {} is lost", lane.author)),
            Some(row) => {
                if let Some(what) = lacks(lane, line, row) {
                    verdict.note(|it| &mut it.lost, format!("line {at} of {}: {what}: {row:?}", lane.author));
                }
            }
        }
    }
    if room.read.get(&lane.author).copied().unwrap_or(0) < lane.read {
        verdict.note(|it| &mut it.lost, format!("the read mark {} of {}", lane.read, lane.author));
    }
}

/// What of an acknowledged line is not as its writer was told.
fn lacks(lane: &Lane, line: &Line, row: &Row) -> Option<&'static str> {
    let edited = if lane.folds { edits(&row.text) } else { Some(row.edit_no) };
    if line.seq.is_some_and(|seq| seq != row.seq) {
        Some("it stands elsewhere")
    } else if !row.deleted && edited.is_none_or(|edited| edited < line.edits.1) {
        Some("an edit is lost")
    } else if line.delete.1 && !row.deleted {
        Some("it is not deleted")
    } else {
        None
    }
}

fn find_doubled(index: &Index<'_>, rows: &[&Row], verdict: &mut Verdict) {
    let mut seen = BTreeSet::new();
    for row in rows {
        let Some(at) = index.place(row) else {
            verdict.note(|it| &mut it.doubled, format!("nobody wrote {row:?}"));
            continue;
        };
        let line = &index.lane.lines[at];
        let said = if index.lane.folds { edits(&row.text).unwrap_or_default() } else { row.edit_no };
        let says = row.deleted || row.text == text(at, said);
        if !seen.insert(at)
            || row.edit_no.max(said) > line.edits.0
            || (row.deleted && !line.delete.0)
            || !says
        {
            verdict.note(|it| &mut it.doubled, format!("line {at}, {line:?}, is stored as {row:?}"));
        }
    }
}

fn find_misordered(index: &Index<'_>, rows: &[&Row], verdict: &mut Verdict) {
    let places: Vec<usize> = rows.iter().filter_map(|row| index.place(row)).collect();
    for pair in places.windows(2).filter(|pair| pair[1] < pair[0]) {
        verdict.note(|it| &mut it.misordered, format!("line {} stands behind line {}", pair[1], pair[0]));
    }
}

/// Every number above the base is that of one message's last change, or of an earlier one.
fn find_gaps(id: &str, base: i64, room: &Room, verdict: &mut Verdict) {
    let mut revs: Vec<i64> =
        room.rows.iter().map(|row| row.rev).chain(room.earlier.iter().copied()).collect();
    // What stands at the base or below is of the setting: what the server said of a booking, for one.
    revs.retain(|rev| *rev > base);
    revs.sort_unstable();
    let wanted = base + 1..=room.head;
    if !wanted.clone().eq(revs.iter().copied()) {
        let numbers = format!("{} changes for {wanted:?}", revs.len());
        verdict.note(|it| &mut it.gaps, format!("room {id}: {numbers}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str) -> Line {
        Line { id: Some(id.into()), acked: true, ..Line::default() }
    }

    fn row(seq: i64, id: &str, number: usize) -> Row {
        let (author, text) = ("a".into(), text(number, 0));
        Row { seq, rev: seq, id: id.into(), author, edit_no: 0, deleted: false, text }
    }

    fn found(lines: &[Line], rows: &[Row]) -> (u64, u64, u64, u64) {
        let lanes = [Lane { room: "r".into(), author: "a".into(), lines: lines.to_vec(), ..Lane::default() }];
        let head = rows.iter().map(|row| row.rev).max().unwrap_or(0);
        let room = Room { head, rows: rows.to_vec(), ..Room::default() };
        let verdict = judge(&lanes, &lanes, &[("r".into(), 0)].into(), &[("r".into(), room)].into());
        (verdict.lost, verdict.doubled, verdict.misordered, verdict.gaps)
    }

    #[test]
    fn what_is_stored_as_it_was_written_is_clean() {
        assert_eq!(found(&[line("x"), line("y")], &[row(1, "x", 0), row(2, "y", 1)]), (0, 0, 0, 0));
        let unanswered = Line { acked: false, ..line("y") };
        assert_eq!(found(&[line("x"), unanswered.clone()], &[row(1, "x", 0)]), (0, 0, 0, 0));
        assert_eq!(found(&[line("x"), unanswered], &[row(1, "x", 0), row(2, "y", 1)]), (0, 0, 0, 0));
    }

    #[test]
    fn what_was_acknowledged_and_is_not_there_is_lost() {
        assert_eq!(found(&[line("x"), line("y")], &[row(1, "x", 0)]).0, 1);
        let edited = Line { edits: (1, 1), ..line("x") };
        assert_eq!(found(&[edited], &[row(1, "x", 0)]).0, 1);
        let deleted = Line { delete: (true, true), ..line("x") };
        assert_eq!(found(&[deleted], &[row(1, "x", 0)]).0, 1);
        let other_writer = Line { edits: (2, 2), ..line("x") };
        let once = Row { edit_no: 1, text: text(0, 1), ..row(1, "x", 0) };
        assert_eq!(found(&[other_writer], &[once]).0, 1);
        let elsewhere = Line { seq: Some(2), ..line("x") };
        assert_eq!(found(&[elsewhere], &[row(1, "x", 0)]).0, 1);
    }

    #[test]
    fn what_is_there_twice_or_was_never_written_is_doubled() {
        assert_eq!(found(&[line("x")], &[row(1, "x", 0), row(2, "x", 0)]).1, 1);
        assert_eq!(found(&[line("x")], &[row(1, "x", 0), row(2, "z", 0)]).1, 1);
        let unasked = Row { deleted: true, ..row(1, "x", 0) };
        assert_eq!(found(&[line("x")], &[unasked]).1, 1);
        let other_words = Row { text: "1.0".into(), ..row(1, "x", 0) };
        assert_eq!(found(&[line("x")], &[other_words]).1, 1);
    }

    #[test]
    fn a_core_may_change_what_has_not_left() {
        let judged = |line: Line, rows: &[Row]| {
            let lane = Lane {
                room: "r".into(),
                author: "a".into(),
                lines: vec![line],
                folds: true,
                ..Lane::default()
            };
            let room = Room { head: 1, rows: rows.to_vec(), ..Room::default() };
            let lanes = [lane];
            let verdict = judge(&lanes, &lanes, &BTreeMap::new(), &[("r".into(), room)].into());
            (verdict.lost, verdict.doubled)
        };
        let twice = |text: String| Row { text, ..row(1, "x", 0) };
        let edited = Line { edits: (2, 1), ..line("x") };
        assert_eq!(judged(edited.clone(), &[twice(text(0, 1))]), (0, 0));
        assert_eq!(judged(edited.clone(), &[twice(text(0, 2))]), (0, 0));
        assert_eq!(judged(edited.clone(), &[twice(text(0, 0))]), (1, 0));
        assert_eq!(judged(edited.clone(), &[twice(text(0, 3))]), (0, 1));
        assert_eq!(judged(edited, &[]), (1, 0));
        assert_eq!(judged(Line { delete: (true, true), ..line("x") }, &[]), (0, 0));
        assert_eq!(judged(Line { delete: (true, true), ..line("x") }, &[row(1, "x", 0)]), (1, 0));
    }

    #[test]
    fn another_order_is_misordered() {
        assert_eq!(found(&[line("x"), line("y")], &[row(1, "y", 1), row(2, "x", 0)]).2, 1);
    }

    #[test]
    fn a_number_that_is_missing_or_given_twice_is_a_gap() {
        assert_eq!(found(&[line("x"), line("y")], &[row(1, "x", 0), row(3, "y", 1)]).3, 1);
        let again = Row { rev: 1, ..row(2, "y", 1) };
        assert_eq!(found(&[line("x"), line("y")], &[row(1, "x", 0), again]).3, 1);
    }
}
