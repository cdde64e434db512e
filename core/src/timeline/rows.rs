//! Messages and one's own unsent ones, as rows.

use crate::cache::outbox::Unsent;
use crate::view::{Reach, SendState, TimelineRow};
use std::collections::BTreeSet;
use tripchat_protocol::limits::RECEIPTS_ROOM;
use tripchat_protocol::{Body, Member, Message, MessageId, PersonMarks, Rev, Standing, System, UserId};

/// Who looks, and who is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Oneself.
    pub me: UserId,
    /// One's own name, for rooms that are not here yet.
    pub my_name: &'a str,
    /// Whether one is still in the room.
    pub state: Standing,
    /// Everyone who is or was in the room.
    pub members: &'a [Member],
    /// How far they have got.
    pub marks: &'a [PersonMarks],
}

impl Reader<'_> {
    /// The name that a person shows in the room; empty if they are not known here.
    pub fn name(&self, user: UserId) -> String {
        let known = self.members.iter().find(|member| member.user == user);
        match known {
            Some(member) => member.name.clone(),
            None if user == self.me => self.my_name.to_owned(),
            None => String::new(),
        }
    }

    /// How far one's own message got, among those who were in the room when it was sent, and still are. In rooms where
    /// others' receipts are not sent nobody knows.
    pub fn reach(&self, message: &Message) -> Option<Reach> {
        let here = || self.members.iter().filter(|member| member.state == Standing::Current);
        if message.author != self.me || here().count() > RECEIPTS_ROOM {
            return None;
        }
        let mut reach = Reach { of: 0, delivered: 0, read: 0 };
        for member in here().filter(|it| it.user != message.author && it.since < Rev(message.seq.0)) {
            let marks = self.marks.iter().find(|marks| marks.user == member.user);
            reach.of += 1;
            reach.delivered += u32::from(marks.is_some_and(|marks| marks.delivered >= message.seq));
            reach.read += u32::from(marks.is_some_and(|marks| marks.read >= message.seq));
        }
        Some(reach)
    }

    /// Where a message that is sent stands.
    pub fn state_of(&self, message: &Message) -> SendState {
        match self.reach(message) {
            Some(Reach { of, read, .. }) if of > 0 && read == of => SendState::Read,
            Some(Reach { of, delivered, .. }) if of > 0 && delivered == of => SendState::Delivered,
            _ => SendState::Sent,
        }
    }
}

/// The rows: what is sent by its place, then what is not in the order of writing. A message that is in both, for
/// the moment between two transactions, shows once, as sent.
pub fn rows(reader: Reader<'_>, messages: &[Message], unsent: &[Unsent]) -> Vec<TimelineRow> {
    let mut sent: Vec<&Message> = messages.iter().collect();
    sent.sort_by_key(|message| message.seq);
    let own: BTreeSet<MessageId> =
        sent.iter().filter(|message| message.author == reader.me).map(|message| message.id).collect();
    let mut waiting: Vec<&Unsent> = unsent.iter().filter(|row| !own.contains(&row.id)).collect();
    waiting.sort_by_key(|row| row.position);
    let sent = sent.into_iter().map(|message| sent_row(reader, message));
    sent.chain(waiting.into_iter().map(|row| unsent_row(reader, row))).collect()
}

fn sent_row(reader: Reader<'_>, message: &Message) -> TimelineRow {
    let deleted = message.body == Body::Deleted;
    let is_text = matches!(message.body, Body::Text { .. });
    let is_system = matches!(message.body, Body::System(_));
    let mine = message.author == reader.me;
    let may_change = mine && !deleted && reader.state == Standing::Current;
    TimelineRow {
        id: message.id,
        seq: Some(message.seq),
        author: message.author,
        author_name: reader.name(message.author),
        mine,
        text: text(&message.body),
        system: system(&message.body),
        silent: message.body.is_silent(),
        deleted,
        edited: message.edit_no > 0 && !deleted,
        at: message.at,
        state: reader.state_of(message),
        change: None,
        failure: None,
        reach: reader.reach(message).filter(|_| !deleted && !is_system),
        can_edit: may_change && is_text,
        can_delete: may_change && !is_system,
    }
}

fn unsent_row(reader: Reader<'_>, row: &Unsent) -> TimelineRow {
    TimelineRow {
        id: row.id,
        seq: None,
        author: reader.me,
        author_name: reader.name(reader.me),
        mine: true,
        text: Some(row.text.clone()),
        system: None,
        silent: false,
        deleted: false,
        edited: false,
        at: row.written_at,
        state: unsent_state(row),
        change: None,
        failure: row.refusal,
        reach: None,
        can_edit: reader.state == Standing::Current,
        can_delete: reader.state == Standing::Current,
    }
}

/// Where an unsent one stands.
pub fn unsent_state(row: &Unsent) -> SendState {
    if row.refusal.is_some() { SendState::Failed } else { SendState::Waiting }
}

/// What a message says, if this version knows.
pub fn text(body: &Body) -> Option<String> {
    match body {
        Body::Text { text } => Some(text.clone()),
        Body::System(_) | Body::Deleted | Body::Unknown(_) => None,
    }
}

/// What the server says by itself, if this version knows.
pub fn system(body: &Body) -> Option<System> {
    match body {
        Body::System(said) => Some(said.clone()),
        Body::Text { .. } | Body::Deleted | Body::Unknown(_) => None,
    }
}
