//! A row of the list of rooms, and their order.

use super::pending::overlay_line;
use super::room::{name_of, presence_of};
use super::rows::{Reader, system, text, unsent_state};
use crate::cache::outbox::{Change, Unsent};
use crate::view::{InboxRow, LastLine, SendState};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tripchat_protocol::{Body, Booking, Membership, Message, Own, Presence, Room, Trip, UserId};

/// What a row of the inbox is made of.
#[derive(Debug)]
pub struct RowParts<'a> {
    /// The membership.
    pub membership: &'a Membership,
    /// What the person set, with what was set here and is not answered yet.
    pub own: Own,
    /// The room, once it is here.
    pub room: Option<Room>,
    /// Its trip.
    pub trip: Option<Trip>,
    /// What it is about, in a booking's room.
    pub booking: Option<Booking>,
    /// Its newest message.
    pub newest: Option<Message>,
    /// The last of one's own that waits; else the last that was refused.
    pub unsent: Option<&'a Unsent>,
    /// One's own changes to messages that the server has not confirmed.
    pub changes: &'a [Change],
    /// How many messages one has not read.
    pub unread: u32,
    /// Who is writing.
    pub typing: &'a [UserId],
    /// Whose presence was told.
    pub presence: &'a BTreeMap<UserId, Presence>,
}

/// A row of the inbox. What waits is newer than everything that is sent; what was refused may be old, and shows
/// only where nothing was sent after it.
pub fn inbox_row(reader: Reader<'_>, parts: RowParts<'_>) -> InboxRow {
    let newest_at = parts.newest.as_ref().map(|message| message.at);
    let unsent = parts.unsent.filter(|row| {
        unsent_state(row) == SendState::Waiting || newest_at.is_none_or(|at| row.written_at >= at)
    });
    let made_at = parts.room.as_ref().map(|room| room.created_at);
    let active_at = [newest_at, unsent.map(|row| row.written_at), made_at].into_iter().flatten().max();
    let mut last = match (unsent, &parts.newest) {
        (Some(row), _) => Some((row.id, unsent_line(reader, row))),
        (None, Some(message)) => Some((message.id, sent_line(reader, message))),
        (None, None) => None,
    };
    if let Some((message, line)) = &mut last {
        overlay_line(line, *message, parts.changes);
    }
    InboxRow {
        room: parts.membership.room,
        room_type: parts.membership.room_type,
        name: name_of(reader, parts.membership.room_type, parts.room.as_ref()),
        presence: presence_of(reader, parts.trip.as_ref(), parts.presence),
        trip: parts.trip,
        booking_number: parts.booking.map(|booking| booking.number),
        last: last.map(|(_, line)| line),
        active_at: active_at.unwrap_or(0),
        unread: parts.unread,
        marked_unread: parts.own.marked_unread,
        draft: parts.own.draft,
        typing: parts.typing.iter().map(|user| reader.name(*user)).collect(),
        state: parts.membership.state,
        favourite: parts.own.favourite,
        archived: parts.own.archived,
        muted_until: parts.own.muted_until,
    }
}

fn unsent_line(reader: Reader<'_>, row: &Unsent) -> LastLine {
    LastLine {
        author_name: reader.name(reader.me),
        mine: true,
        text: Some(row.text.clone()),
        system: None,
        deleted: false,
        state: unsent_state(row),
    }
}

fn sent_line(reader: Reader<'_>, message: &Message) -> LastLine {
    LastLine {
        author_name: reader.name(message.author),
        mine: message.author == reader.me,
        text: text(&message.body),
        system: system(&message.body),
        deleted: message.body == Body::Deleted,
        state: reader.state_of(message),
    }
}

/// Favourites first, what is archived last, and where something last happened before the rest.
pub fn in_order(rows: &mut [InboxRow]) {
    rows.sort_by_key(|row| (row.archived, !row.favourite, Reverse(row.active_at), row.room));
}

/// The row of a room's unsent ones that its inbox row may show.
pub fn shown_unsent(unsent: &[Unsent]) -> Option<&Unsent> {
    unsent.iter().rev().find(|row| row.refusal.is_none()).or_else(|| unsent.last())
}
