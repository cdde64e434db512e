//! What a person set about a room, with what the server does not know yet laid over it: pure.

use crate::cache::intents::{self, Intent, Wish};
use rusqlite::Connection;
use tripchat_protocol::{Membership, Own, Setting};

/// A membership's own part as the screen shows it.
///
/// # Errors
/// When the cache cannot be read.
pub fn shown(db: &Connection, membership: &Membership) -> rusqlite::Result<Own> {
    Ok(laid_over(&membership.own, &intents::of_room(db, membership.room)?))
}

/// Lays what is wanted over what is stored, in the order in which it was wanted.
pub fn laid_over(own: &Own, intents: &[Intent]) -> Own {
    intents.iter().fold(own.clone(), |own, intent| with(own, &intent.wish))
}

/// What follows from a wish once it is fulfilled.
pub fn with(own: Own, wish: &Wish) -> Own {
    match wish {
        // The next `read` clears the mark.
        Wish::Read(..) => Own { marked_unread: false, ..own },
        Wish::Set(Setting::Favourite(favourite)) => Own { favourite: *favourite, ..own },
        Wish::Set(Setting::MutedUntil(muted_until)) => Own { muted_until: *muted_until, ..own },
        Wish::Set(Setting::Archived(archived)) => Own { archived: *archived, ..own },
        Wish::Set(Setting::MarkedUnread(marked_unread)) => Own { marked_unread: *marked_unread, ..own },
        Wish::Set(Setting::Draft(draft)) => Own { draft: draft.clone(), ..own },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tripchat_protocol::{Epoch, OperationId, RoomId, Seq};
    use uuid::Uuid;

    fn over(own: &Own, wishes: &[Wish]) -> Own {
        let room = RoomId(Uuid::from_u128(1));
        let intents: Vec<_> = wishes
            .iter()
            .map(|wish| Intent { id: OperationId(Uuid::nil()), room, wish: wish.clone() })
            .collect();
        laid_over(own, &intents)
    }

    #[test]
    fn every_wish_shows_at_once() {
        let wishes = [
            Setting::Favourite(true),
            Setting::MutedUntil(Some(5)),
            Setting::Archived(true),
            Setting::MarkedUnread(true),
            Setting::Draft(Some("I am at".into())),
        ]
        .map(Wish::Set);
        let all = Own {
            favourite: true,
            muted_until: Some(5),
            archived: true,
            marked_unread: true,
            draft: Some("I am at".into()),
        };
        assert_eq!(over(&Own::default(), &wishes), all);
        let back = [
            Setting::Favourite(false),
            Setting::MutedUntil(None),
            Setting::Archived(false),
            Setting::MarkedUnread(false),
            Setting::Draft(None),
        ]
        .map(Wish::Set);
        assert_eq!(over(&all, &back), Own::default());
    }

    #[test]
    fn reading_clears_a_mark_as_unread_that_was_set_before_it_and_not_after() {
        let (read, mark) = (Wish::Read(Epoch(7), Seq(3)), Wish::Set(Setting::MarkedUnread(true)));
        assert!(!over(&Own::default(), &[mark.clone(), read.clone()]).marked_unread);
        assert!(over(&Own::default(), &[read, mark]).marked_unread);
    }
}
