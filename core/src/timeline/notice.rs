//! Whether a room's state is worth a notification: pure.

use crate::cache::notified::Notified;
use tripchat_protocol::Seq;

/// What is known of a room when something in it has changed.
#[derive(Debug, Clone, Copy)]
pub struct Situation {
    /// How many messages are unread.
    pub unread: u32,
    /// The newest of them.
    pub newest: Option<Seq>,
    /// Whether the person does not want to be told: it is on their screen, muted or archived.
    pub quiet: bool,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Leave,
    /// Show a notification, in place of the room's last one.
    Notify,
    /// Take the room's notification away.
    Withdraw,
}

/// What to do, and what is known of the room's notifications afterwards.
///
/// What comes while the person does not want to be told counts as told: they are not told of it later, when they do.
pub fn judge(now: Situation, before: Notified) -> (Verdict, Notified) {
    let newest = now.newest.filter(|_| now.unread > 0);
    let after = Notified { seq: before.seq.max(newest.unwrap_or_default()), ..before };
    match newest {
        Some(newest) if newest > before.seq && !now.quiet => {
            (Verdict::Notify, Notified { shown: true, ..after })
        }
        Some(newest) if newest >= before.seq => (Verdict::Leave, after),
        // Nothing is unread any more, or the message that it tells of was deleted.
        _ if before.shown => (Verdict::Withdraw, Notified { shown: false, ..after }),
        _ => (Verdict::Leave, after),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(unread: u32, newest: i64, quiet: bool) -> Situation {
        Situation { unread, newest: (newest > 0).then_some(Seq(newest)), quiet }
    }

    /// One after the other, as the engine does.
    fn verdicts(situations: &[Situation]) -> Vec<Verdict> {
        let mut notified = Notified::default();
        let mut verdicts = Vec::new();
        for situation in situations {
            let (verdict, after) = judge(*situation, notified);
            notified = after;
            verdicts.push(verdict);
        }
        verdicts
    }

    use Verdict::{Leave, Notify, Withdraw};

    #[test]
    fn a_message_is_told_once_and_the_next_one_again() {
        assert_eq!(
            verdicts(&[at(1, 5, false), at(1, 5, false), at(2, 6, false)]),
            [Notify, Leave, Notify],
            "an edit or a mark of somebody is no news"
        );
    }

    #[test]
    fn what_is_read_anywhere_is_withdrawn_once() {
        assert_eq!(verdicts(&[at(2, 6, false), at(0, 0, false), at(0, 0, false)]), [Notify, Withdraw, Leave]);
        assert_eq!(verdicts(&[at(0, 6, false), at(0, 0, false)]), [Leave, Leave], "nothing was shown");
        assert_eq!(verdicts(&[at(2, 6, false), at(1, 5, false)]), [Notify, Withdraw], "it was deleted");
    }

    #[test]
    fn what_came_in_quiet_is_not_told_later() {
        assert_eq!(verdicts(&[at(1, 5, true), at(1, 5, false), at(2, 6, false)]), [Leave, Leave, Notify]);
    }

    #[test]
    fn what_is_shown_stays_while_the_room_is_quiet_and_unread() {
        assert_eq!(verdicts(&[at(1, 5, false), at(2, 6, true), at(0, 0, true)]), [Notify, Leave, Withdraw]);
    }
}
