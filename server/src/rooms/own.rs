//! What a person sets about a room: the same on all their devices, seen by nobody else.

use super::membership;
use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::own;
use crate::store::{Job, LAST_TIME, Tx};
use crate::tokens::Caller;
use tripchat_protocol::frame::{Done, Set};
use tripchat_protocol::limits::TEXT_CHARS;
use tripchat_protocol::{ErrorCode, Own, Setting, StreamId};
use uuid::Uuid;

/// Does what `frame` asks for. The last one stands; one that changes nothing is no change.
#[derive(Debug)]
pub struct SetOwn {
    /// Who sets it.
    pub by: Caller,
    /// On which of the device's connections.
    pub generation: i64,
    /// What was asked for.
    pub frame: Set,
}

impl Job for SetOwn {
    type Out = Done;

    async fn run(&self, tx: &mut Tx) -> Result<Done> {
        let Self { by, generation, frame } = self;
        rights::connection(tx, by, *generation).await?;
        rights::member(tx, by, frame.room).await?;
        let before = own::settings(tx, frame.room, by.user).await?;
        let after = with(before.clone(), &frame.set)?;
        let changed = if before == after {
            None
        } else {
            own::put_settings(tx, frame.room, by.user, &after).await?;
            Some(membership::record(tx, frame.room, by.user).await?)
        };
        let stream = changed.map(|_| StreamId::User(by.user));
        Ok(Done { id: Some(frame.id), stream, rev: changed, seq: None, at: tx.now(), duplicate: false })
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.frame.room.0)
    }
}

/// What is set once `setting` was added.
fn with(own: Own, setting: &Setting) -> Result<Own> {
    Ok(match setting {
        Setting::Favourite(favourite) => Own { favourite: *favourite, ..own },
        Setting::Archived(archived) => Own { archived: *archived, ..own },
        Setting::MarkedUnread(marked_unread) => Own { marked_unread: *marked_unread, ..own },
        Setting::MutedUntil(until) => {
            if until.is_some_and(|until| !(0..=LAST_TIME).contains(&until)) {
                return Err(Error::invalid("muted_until"));
            }
            Own { muted_until: *until, ..own }
        }
        Setting::Draft(draft) => {
            let draft = draft.clone().filter(|draft| !draft.is_empty());
            match &draft {
                Some(text) if text.chars().count() > TEXT_CHARS => {
                    return Err(Error::refused(ErrorCode::TooLarge, "draft"));
                }
                Some(text) if text.contains('\0') => return Err(Error::invalid("draft")),
                _ => Own { draft, ..own },
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str) -> Setting {
        Setting::Draft(Some(text.into()))
    }

    #[test]
    fn a_draft_is_kept_as_it_was_typed_and_an_empty_one_is_none() {
        let typed = with(Own::default(), &draft("  🚌 еду \n")).unwrap();
        assert_eq!(typed.draft.as_deref(), Some("  🚌 еду \n"));
        assert_eq!(with(typed.clone(), &draft("")).unwrap().draft, None);
        assert_eq!(with(typed, &Setting::Draft(None)).unwrap().draft, None);
    }

    #[test]
    fn a_draft_that_cannot_be_sent_for_its_length_is_not_kept_either() {
        assert!(with(Own::default(), &draft(&"ұ".repeat(TEXT_CHARS))).is_ok());
        let long = with(Own::default(), &draft(&"ұ".repeat(TEXT_CHARS + 1)));
        assert_eq!(long.unwrap_err().code(), ErrorCode::TooLarge);
        assert_eq!(with(Own::default(), &draft("a\0")).unwrap_err().code(), ErrorCode::InvalidInput);
    }

    #[test]
    fn a_time_that_is_none_is_refused() {
        for until in [-1, LAST_TIME + 1] {
            let refused = with(Own::default(), &Setting::MutedUntil(Some(until))).unwrap_err();
            assert_eq!(refused.details(), Some("muted_until"));
        }
        assert_eq!(with(Own::default(), &Setting::MutedUntil(Some(7))).unwrap().muted_until, Some(7));
    }
}
