//! One's own changes that the server has not confirmed, laid over what is shown: pure.

use crate::cache::outbox::{Change, Do};
use crate::view::{ChangeView, LastLine, TimelineRow};
use tripchat_protocol::MessageId;

/// Lays changes over rows. For each message the last one counts.
pub fn overlay(rows: &mut [TimelineRow], changes: &[Change]) {
    for row in rows.iter_mut().filter(|row| row.mine) {
        let Some(change) = last(changes, row.id) else { continue };
        (row.text, row.deleted) = laid_over((row.text.take(), row.deleted), change);
        let delete = change.what == Do::Delete;
        row.change = Some(ChangeView { id: change.id, delete, failure: change.refusal });
        row.can_edit &= !row.deleted;
        row.can_delete &= !row.deleted;
    }
}

/// Lays changes over a room's last line, which tells of `message`.
pub fn overlay_line(line: &mut LastLine, message: MessageId, changes: &[Change]) {
    if let Some(change) = last(changes, message).filter(|_| line.mine) {
        (line.text, line.deleted) = laid_over((line.text.take(), line.deleted), change);
    }
}

fn last(changes: &[Change], message: MessageId) -> Option<&Change> {
    changes.iter().rfind(|change| change.message == message)
}

/// A text that was refused still shows: it is what the person wrote, and is asked about. A message that could not be
/// taken away stands.
fn laid_over((text, deleted): (Option<String>, bool), change: &Change) -> (Option<String>, bool) {
    match &change.what {
        _ if deleted => (text, deleted),
        Do::Edit { text, .. } => (Some(text.clone()), false),
        Do::Delete if change.refusal.is_none() => (None, true),
        Do::Delete => (text, deleted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::SendState;
    use tripchat_protocol::{ErrorCode, OperationId, RoomId};
    use uuid::Uuid;

    fn message() -> MessageId {
        MessageId(Uuid::from_u128(3))
    }

    fn change(n: u128, what: Do, refusal: Option<ErrorCode>) -> Change {
        let (id, room) = (OperationId(Uuid::from_u128(n)), RoomId(Uuid::nil()));
        Change { position: 1, id, room, message: message(), what, attempted: true, refusal }
    }

    fn edit(n: u128, text: &str, refusal: Option<ErrorCode>) -> Change {
        change(n, Do::Edit { edit_no: 0, text: text.into() }, refusal)
    }

    fn line(mine: bool, text: Option<&str>) -> LastLine {
        let (text, deleted) = (text.map(str::to_owned), text.is_none());
        LastLine { author_name: String::new(), mine, text, system: None, deleted, state: SendState::Sent }
    }

    fn shown(mut from: LastLine, changes: &[Change]) -> (Option<String>, bool) {
        overlay_line(&mut from, message(), changes);
        (from.text, from.deleted)
    }

    #[test]
    fn the_last_change_of_a_message_shows_at_once() {
        let first = || line(true, Some("first"));
        let second = Some("second".to_owned());
        assert_eq!(shown(first(), &[edit(1, "x", None), edit(2, "second", None)]), (second.clone(), false));
        assert_eq!(shown(first(), &[edit(1, "x", None), change(2, Do::Delete, None)]), (None, true));
        let conflict = Some(ErrorCode::Conflict);
        assert_eq!(shown(first(), &[edit(1, "second", conflict)]), (second, false), "and is asked about");
        let refused = change(1, Do::Delete, Some(ErrorCode::Forbidden));
        assert_eq!(shown(first(), &[refused]), (Some("first".into()), false));
    }

    #[test]
    fn what_is_gone_or_somebody_elses_stays_as_it_is() {
        assert_eq!(shown(line(true, None), &[edit(1, "x", Some(ErrorCode::Gone))]), (None, true));
        assert_eq!(shown(line(false, Some("theirs")), &[edit(1, "x", None)]), (Some("theirs".into()), false));
    }
}
