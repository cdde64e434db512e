//! What is unread, as the title, the badge and the tray show it.

use crate::words::{Language, short};
use fluent_bundle::FluentArgs;
use tripchat_core::view::InboxRow;
use tripchat_protocol::{Millis, RoomId};

/// So many rooms fit into a menu.
const ROOMS: usize = 5;

/// What is unread in the rooms that may disturb: neither muted nor put out of sight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    /// How much. A room that was only marked unread counts as one.
    pub count: u32,
    /// The rooms where something last happened, with what is unread in each.
    pub rooms: Vec<UnreadRoom>,
}

/// A room with something unread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadRoom {
    /// The room.
    pub room: RoomId,
    /// What it is called.
    pub title: String,
    /// How much; as much as there is room for.
    pub count: u32,
}

impl Unread {
    /// Of an inbox, in a language, at a time.
    pub fn of(inbox: &[InboxRow], language: Language, now: Millis) -> Self {
        let mut counted: Vec<_> = inbox
            .iter()
            .filter(|row| !row.archived && row.muted_until.is_none_or(|until| until <= now))
            .map(|row| (row, row.unread.max(u32::from(row.marked_unread))))
            .filter(|(_, count)| *count > 0)
            .collect();
        let count = counted.iter().fold(0, |sum: u32, (_, count)| sum.saturating_add(*count));
        // The inbox has favourites first; a menu of five has what is new.
        counted.sort_by_key(|(row, _)| std::cmp::Reverse(row.active_at));
        let rooms = counted.into_iter().take(ROOMS).map(|(row, count)| UnreadRoom {
            room: row.room,
            title: language.title(row.name.as_deref(), row.trip.as_ref()),
            count,
        });
        Self { count, rooms: rooms.collect() }
    }

    /// The window's title.
    pub fn title(&self, language: Language) -> String {
        let name = language.say("app-name", None);
        if self.count == 0 {
            return name;
        }
        let mut args = FluentArgs::new();
        args.set("count", short(self.count));
        args.set("name", name);
        language.say("window-title-unread", Some(&args))
    }

    /// What the tray says when it is pointed at: the exact number, also for who hears it read out.
    pub fn tip(&self, language: Language) -> String {
        let mut args = FluentArgs::new();
        args.set("name", language.say("app-name", None));
        args.set("count", self.count);
        language.say(if self.count == 0 { "tray-quiet" } else { "tray-unread" }, Some(&args))
    }
}

impl UnreadRoom {
    /// Its line in the tray's menu.
    pub fn line(&self, language: Language) -> String {
        let mut args = FluentArgs::new();
        args.set("title", self.title.as_str());
        args.set("count", short(self.count));
        // A single one would mark a key.
        language.say("tray-room", Some(&args)).replace('&', "&&")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tripchat_protocol::{RoomType, Standing};
    use uuid::Uuid;

    const NOW: Millis = 1_000;

    fn row(id: u128, unread: u32) -> InboxRow {
        InboxRow {
            room: RoomId(Uuid::from_u128(id)),
            room_type: RoomType::Group,
            name: Some(format!("Room {id}")),
            trip: None,
            booking_number: None,
            last: None,
            active_at: Millis::try_from(id).unwrap(),
            unread,
            marked_unread: false,
            draft: None,
            typing: Vec::new(),
            presence: None,
            state: Standing::Current,
            favourite: false,
            archived: false,
            muted_until: None,
        }
    }

    fn of(inbox: &[InboxRow]) -> Unread {
        Unread::of(inbox, Language::En, NOW)
    }

    #[test]
    fn the_title_counts_and_says_more_above_nine() {
        assert_eq!(of(&[row(1, 0)]).title(Language::En), "Tripchat");
        assert_eq!(of(&[row(1, 4), row(2, 5)]).title(Language::En), "(9) Tripchat");
        assert_eq!(of(&[row(1, 5), row(2, 5)]).title(Language::Es), "(9+) Tripchat");
    }

    #[test]
    fn the_tray_says_the_exact_number() {
        assert_eq!(of(&[]).tip(Language::En), "Tripchat: nothing new");
        assert_eq!(of(&[row(1, 1)]).tip(Language::En), "Tripchat: 1 new message");
        assert_eq!(of(&[row(1, 5), row(2, 7)]).tip(Language::Es), "Tripchat: 12 mensajes nuevos");
    }

    #[test]
    fn what_is_muted_or_out_of_sight_does_not_count() {
        let muted = InboxRow { muted_until: Some(NOW + 1), ..row(1, 3) };
        let heard_again = InboxRow { muted_until: Some(NOW), ..row(2, 3) };
        let archived = InboxRow { archived: true, ..row(3, 3) };
        let unread = of(&[muted, heard_again, archived]);
        assert_eq!((unread.count, unread.rooms.len()), (3, 1));
    }

    #[test]
    fn a_room_that_was_marked_unread_counts_as_one() {
        let marked = InboxRow { marked_unread: true, ..row(1, 0) };
        let both = InboxRow { marked_unread: true, ..row(2, 2) };
        assert_eq!(of(&[marked, both]).count, 3);
    }

    #[test]
    fn the_menu_has_the_five_rooms_where_something_last_happened() {
        let inbox: Vec<_> = (1..=7).map(|id| row(id, 1)).collect();
        let unread = of(&inbox);
        let titles: Vec<_> = unread.rooms.iter().map(|room| room.title.as_str()).collect();
        assert_eq!(titles, ["Room 7", "Room 6", "Room 5", "Room 4", "Room 3"]);
        assert_eq!(unread.count, 7);
    }

    #[test]
    fn a_line_of_the_menu_keeps_what_its_title_says() {
        let room = UnreadRoom { title: "Tom & Ana".into(), count: 12, room: RoomId(Uuid::nil()) };
        assert_eq!(room.line(Language::En), "Tom && Ana (9+)");
    }
}
