//! Cached messages and one's own unsent ones, as the rows that the screen shows: pure.

use crate::cache::outbox::Unsent;
use crate::view::{InboxRow, LastLine, MemberView, RoomView, SendState, TimelineRow};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use tripchat_protocol::{Body, Member, Membership, Message, MessageId, Room, Standing, Trip, UserId};

/// Who looks, and who is looked at.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    /// Oneself.
    pub me: UserId,
    /// One's own name, for rooms that are not here yet.
    pub my_name: &'a str,
    /// Everyone who is or was in the room.
    pub members: &'a [Member],
}

impl People<'_> {
    fn name(&self, user: UserId) -> String {
        let known = self.members.iter().find(|member| member.user == user);
        match known {
            Some(member) => member.name.clone(),
            None if user == self.me => self.my_name.to_owned(),
            None => String::new(),
        }
    }
}

/// The rows: what is sent by its place, then what is not in the order of writing. A message that is in both, for
/// the moment between two transactions, shows once, as sent.
pub fn rows(people: People<'_>, messages: &[Message], unsent: &[Unsent]) -> Vec<TimelineRow> {
    let mut sent: Vec<&Message> = messages.iter().collect();
    sent.sort_by_key(|message| message.seq);
    let own: BTreeSet<MessageId> =
        sent.iter().filter(|message| message.author == people.me).map(|message| message.id).collect();
    let mut waiting: Vec<&Unsent> = unsent.iter().filter(|row| !own.contains(&row.id)).collect();
    waiting.sort_by_key(|row| row.position);
    let sent = sent.into_iter().map(|message| sent_row(people, message));
    sent.chain(waiting.into_iter().map(|row| unsent_row(people, row))).collect()
}

fn sent_row(people: People<'_>, message: &Message) -> TimelineRow {
    TimelineRow {
        id: message.id,
        seq: Some(message.seq),
        author: message.author,
        author_name: people.name(message.author),
        mine: message.author == people.me,
        text: text(&message.body),
        at: message.at,
        state: SendState::Sent,
        failure: None,
    }
}

fn unsent_row(people: People<'_>, row: &Unsent) -> TimelineRow {
    TimelineRow {
        id: row.id,
        seq: None,
        author: people.me,
        author_name: people.name(people.me),
        mine: true,
        text: Some(row.text.clone()),
        at: row.written_at,
        state: state(row),
        failure: row.refusal,
    }
}

fn state(row: &Unsent) -> SendState {
    if row.refusal.is_some() { SendState::Failed } else { SendState::Waiting }
}

fn text(body: &Body) -> Option<String> {
    match body {
        Body::Text { text } => Some(text.clone()),
        Body::Unknown(_) => None,
    }
}

/// A room's header: current members, the owner first, then by name.
pub fn room_view(room: &Room, trip: Option<Trip>, membership: &Membership, members: &[Member]) -> RoomView {
    let mut here: Vec<&Member> = members.iter().filter(|member| member.state == Standing::Current).collect();
    here.sort_by_key(|member| (Reverse(member.role), member.name.to_lowercase(), member.user));
    let view =
        |member: &Member| MemberView { user: member.user, name: member.name.clone(), role: member.role };
    RoomView {
        room: room.id,
        room_type: room.room_type,
        name: room.name.clone(),
        trip,
        members: here.into_iter().map(view).collect(),
        can_write: room.is_active && membership.state == Standing::Current,
    }
}

/// What a row of the inbox is made of.
#[derive(Debug)]
pub struct RowParts<'a> {
    /// The membership.
    pub membership: &'a Membership,
    /// The room, once it is here.
    pub room: Option<Room>,
    /// Its trip.
    pub trip: Option<Trip>,
    /// Its newest message.
    pub newest: Option<Message>,
    /// The last of one's own that waits; else the last that was refused.
    pub unsent: Option<&'a Unsent>,
}

/// A row of the inbox. What waits is newer than everything that is sent; what was refused may be old, and shows
/// only where nothing was sent after it.
pub fn inbox_row(people: People<'_>, parts: RowParts<'_>) -> InboxRow {
    let newest_at = parts.newest.as_ref().map(|message| message.at);
    let unsent = parts
        .unsent
        .filter(|row| state(row) == SendState::Waiting || newest_at.is_none_or(|at| row.written_at >= at));
    let made_at = parts.room.as_ref().map(|room| room.created_at);
    let active_at = [newest_at, unsent.map(|row| row.written_at), made_at].into_iter().flatten().max();
    let last = match (unsent, &parts.newest) {
        (Some(row), _) => Some(LastLine {
            author_name: people.name(people.me),
            mine: true,
            text: Some(row.text.clone()),
            state: state(row),
        }),
        (None, Some(message)) => Some(LastLine {
            author_name: people.name(message.author),
            mine: message.author == people.me,
            text: text(&message.body),
            state: SendState::Sent,
        }),
        (None, None) => None,
    };
    InboxRow {
        room: parts.membership.room,
        room_type: parts.membership.room_type,
        name: parts.room.and_then(|room| room.name),
        trip: parts.trip,
        last,
        active_at: active_at.unwrap_or(0),
    }
}

/// The row of a room's unsent ones that its inbox row may show.
pub fn shown_unsent(unsent: &[Unsent]) -> Option<&Unsent> {
    unsent.iter().rev().find(|row| row.refusal.is_none()).or_else(|| unsent.last())
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
