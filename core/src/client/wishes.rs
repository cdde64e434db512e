//! What the person wants of a room, how far this device has got, and what is only worth saying now.

use super::command::{Answer, WriteCommand};
use super::engine::Engine;
use crate::cache::intents::{self, Wish};
use crate::cache::{CacheError, cursors, marks};
use crate::error::CoreError;
use crate::event::ClientEvent;
use crate::outbox::delivered::{Report, Reports};
use crate::outbox::limits::Limits;
use crate::outbox::pauses::Pauses;
use crate::outbox::state::{Input as Queue, Lanes, Step};
use crate::outbox::typing::Signals;
use crate::outbox::wishes::{self, Taken};
use crate::session::state::Input;
use crate::sync::whole;
use crate::view::ConnectionView;
use rusqlite::Connection;
use std::collections::BTreeMap;
use tripchat_protocol::frame::{Mark, Set, SetPresence, Typing};
use tripchat_protocol::limits::TEXT_CHARS;
use tripchat_protocol::{
    Availability, ClientFrame, Cursor, ErrorCode, Membership, OperationId, RoomId, Seq, Setting, Standing,
    StreamId, UserId,
};

/// What the engine knows about writing that is not in the cache.
#[derive(Debug, Default)]
pub struct Writing {
    /// The wishes that are to be sent, and the reports.
    pub lanes: Lanes,
    pub limits: Limits,
    pub reports: Reports,
    /// Drafts that never left this device.
    pub untried: BTreeMap<RoomId, OperationId>,
    pauses: Pauses,
    signals: Signals,
    availability: Option<Availability>,
}

impl Writing {
    /// When to look again.
    pub fn deadline(&self) -> Option<u64> {
        let next = [self.lanes.deadline(), self.limits.deadline(), self.pauses.deadline()];
        next.into_iter().flatten().min()
    }
}

impl Engine {
    /// Does what somebody writes.
    pub fn write_down(&mut self, command: WriteCommand) {
        match command {
            WriteCommand::Send { room, text, send_by, answer } => self.send(room, &text, send_by, answer),
            WriteCommand::Edit { room, message, text, answer } => self.edit(room, message, &text, answer),
            WriteCommand::Delete { room, message, answer } => self.delete(room, message, answer),
            WriteCommand::Retry(id, answer) => self.retry(id, answer),
            WriteCommand::Discard(id, answer) => self.discard(id, answer),
            WriteCommand::Seen(room, seq, answer) => self.seen(room, seq, answer),
            WriteCommand::Set(room, setting, answer) => self.set(room, setting, answer),
            WriteCommand::Typing(room) => self.typing(room),
            WriteCommand::Availability(availability) => self.availability(availability),
        }
    }

    /// The person has seen everything up to a message.
    fn seen(&mut self, room: RoomId, seq: Seq, answer: Answer<()>) {
        // Where one was, one still reads; nobody is told.
        if self.membership(room).is_ok_and(|membership| membership.state == Standing::Ended) {
            return answer.give(Ok(()));
        }
        let taken = self.wish(room, |db, of, me, fresh| wishes::seen(db, of, me, seq, fresh));
        self.wished(room, taken, answer);
    }

    /// The person sets something about a room.
    fn set(&mut self, room: RoomId, setting: Setting, answer: Answer<()>) {
        if let Setting::Draft(draft) = setting {
            return self.draft(room, draft, answer);
        }
        let taken = self.wish(room, |db, of, _, fresh| wishes::set(db, of, setting, fresh));
        self.wished(room, taken, answer);
    }

    /// What is begun and not sent. It is stored at once, and told when the person pauses.
    fn draft(&mut self, room: RoomId, draft: Option<String>, answer: Answer<()>) {
        let draft = draft.filter(|draft| !draft.is_empty());
        let is_short = draft.as_ref().is_none_or(|draft| draft.chars().count() <= TEXT_CHARS);
        let untried = self.writing.untried.get(&room).copied();
        let taken = self.wish(room, |db, of, _, fresh| match draft {
            Some(draft) => wishes::set(db, of, Setting::Draft(Some(draft)), fresh),
            None => wishes::clear_draft(db, of, untried, fresh),
        });
        let taken = match taken {
            Ok(taken) => taken,
            Err(error) => return answer.give(Err(error)),
        };
        answer.give(Ok(()));
        let Some(Taken { id, replaced }) = taken else { return };
        self.replaced(replaced);
        match id {
            Some(id) => {
                if replaced.is_none() || replaced == untried {
                    self.writing.untried.insert(room, id);
                }
                self.writing.pauses.left(room);
                if is_short {
                    self.writing.pauses.written(self.now(), room, id);
                }
            }
            None => {
                self.writing.untried.remove(&room);
                self.writing.pauses.left(room);
            }
        }
        self.tell(ClientEvent::Inbox);
    }

    /// The draft of a room was sent as a message, and its end stored with it.
    pub fn draft_is_message(&mut self, room: RoomId, taken: Option<Taken>) {
        self.writing.untried.remove(&room);
        let waiting = self.writing.pauses.left(room);
        match (taken, waiting) {
            (Some(taken), _) => self.take_turn(room, taken),
            // It had been emptied before, and that was not told yet.
            (None, Some(emptied)) => self.feed(Queue::Queued(room, emptied)),
            (None, None) => {}
        }
    }

    /// The person looks at this room now, or at none: the drafts of others are told.
    pub fn turned_to(&mut self, room: Option<RoomId>) {
        for left in self.writing.pauses.rooms().into_iter().filter(|left| Some(*left) != room) {
            if let Some(id) = self.writing.pauses.left(left) {
                self.feed(Queue::Queued(left, id));
            }
        }
    }

    /// Drafts whose writers pause.
    pub fn pauses(&mut self) {
        for (room, id) in self.writing.pauses.due(self.now()) {
            self.feed(Queue::Queued(room, id));
        }
    }

    fn wish(
        &mut self,
        room: RoomId,
        decide: impl FnOnce(&Connection, &Membership, UserId, OperationId) -> Result<Option<Taken>, CacheError>,
    ) -> Result<Option<Taken>, CoreError> {
        let membership = self.current(room)?;
        let fresh = OperationId(self.parts.sources.uuid());
        let account = self.signed_in()?;
        let me = account.user;
        let tx = account.cache.write()?;
        let taken = decide(&tx, &membership, me, fresh)?;
        tx.commit().map_err(CacheError::from)?;
        Ok(taken)
    }

    fn wished(&mut self, room: RoomId, taken: Result<Option<Taken>, CoreError>, answer: Answer<()>) {
        match taken {
            Ok(taken) => {
                answer.give(Ok(()));
                if let Some(taken) = taken {
                    self.look_at(room);
                    self.touch(room);
                    self.take_turn(room, taken);
                }
            }
            Err(error) => answer.give(Err(error)),
        }
    }

    fn take_turn(&mut self, room: RoomId, taken: Taken) {
        self.replaced(taken.replaced);
        if let Some(id) = taken.id {
            self.feed(Queue::Queued(room, id));
        }
    }

    fn replaced(&mut self, old: Option<OperationId>) {
        if let Some(old) = old {
            self.feed(Queue::Withdrawn(old));
        }
    }

    /// Feeds the lanes of the wishes and does what they say.
    pub fn feed(&mut self, input: Queue) {
        let sources = self.parts.sources.clone();
        for step in self.writing.lanes.on(self.now(), input, |bound| sources.below(bound)) {
            match step {
                Step::Transmit(id) => self.tell_wish(id),
                Step::Park(room, id, code) => self.give_up(room, id, code),
                Step::RenewToken => self.session(Input::TokenNeeded),
                Step::Fault => self.session(Input::Fault),
            }
        }
    }

    fn tell_wish(&mut self, id: OperationId) {
        if let Some((room, Report { epoch, seq, .. })) = self.writing.reports.get(id) {
            return self.write(&ClientFrame::Delivered(Mark { id, room, epoch, seq }));
        }
        let found = self.account.as_ref().map(|account| intents::get(account.cache.read(), id));
        match found {
            Some(Ok(Some(intent))) => {
                let room = intent.room;
                let frame = match intent.wish {
                    Wish::Read(epoch, seq) => ClientFrame::Read(Mark { id, room, epoch, seq }),
                    Wish::Set(set) => {
                        if matches!(set, Setting::Draft(_)) {
                            self.writing.untried.remove(&room);
                        }
                        ClientFrame::Set(Set { id, room, set })
                    }
                };
                self.write(&frame);
            }
            Some(Err(error)) => self.fault(&error.into()),
            // It was answered or replaced meanwhile.
            _ => self.feed(Queue::Withdrawn(id)),
        }
    }

    /// Nobody is asked about a wish that was refused for ever: what the server says stands.
    fn give_up(&mut self, room: RoomId, id: OperationId, code: ErrorCode) {
        tracing::info!(?code, %id, "a wish was refused");
        if self.writing.reports.answered(id).is_some() {
            return;
        }
        let removed = self.account.as_ref().map(|account| intents::remove(account.cache.read(), id));
        if let Some(Err(error)) = removed {
            tracing::error!(error = %CacheError::from(error), "local storage");
        }
        self.look_at(room);
    }

    /// An `ok` that is none of a message.
    pub fn fulfilled(&mut self, done: &tripchat_protocol::frame::Done) -> Result<(), CacheError> {
        let (Some(id), Some(account)) = (done.id, self.account.as_mut()) else { return Ok(()) };
        let told = self.writing.reports.answered(id);
        let room = wishes::accepted(&mut account.cache, account.user, done)?;
        self.feed(Queue::Settled(id));
        if let Some(room) = told {
            self.report(room)?;
        }
        if let Some(room) = room {
            self.look_at(room);
        }
        Ok(())
    }

    /// Tells how far a room is stored, if the server does not know it.
    pub fn report(&mut self, room: RoomId) -> Result<(), CacheError> {
        // In the middle of a catch-up not everything below the cursor is here: what was changed later is yet to come.
        let Some(account) = self.account.as_ref().filter(|_| self.is_settled(room)) else { return Ok(()) };
        let db = account.cache.read();
        let Some(Cursor(epoch, _)) = cursors::get(db, StreamId::Room(room))? else { return Ok(()) };
        let Some(seq) = whole::delivered_upto(db, room)? else { return Ok(()) };
        let known = marks::of(db, room, account.user)?.delivered;
        let id = OperationId(self.parts.sources.uuid());
        if self.writing.reports.stored(room, known, Report { id, epoch, seq }) {
            self.feed(Queue::Queued(room, id));
        }
        Ok(())
    }

    /// Everything is here: what waited goes, and is told.
    pub fn reports(&mut self) -> Result<(), CacheError> {
        let Some(account) = &self.account else { return Ok(()) };
        let streams = cursors::all(account.cache.read())?;
        streams.into_iter().filter_map(|(stream, _)| stream.room()).try_for_each(|room| self.report(room))
    }

    /// The person is writing.
    fn typing(&mut self, room: RoomId) {
        let now = self.now();
        let may = self.session.view() == ConnectionView::Online && self.current(room).is_ok();
        if may && self.writing.signals.may_go(now, room) {
            self.write(&ClientFrame::Typing(Typing { room }));
        }
    }

    /// How far the person wants to be seen as present, until they sign out.
    fn availability(&mut self, availability: Availability) {
        self.writing.availability = Some(availability);
        self.tell_availability();
    }

    /// The server knows it for as long as the connection holds.
    pub fn tell_availability(&mut self) {
        if let Some(state) = self.writing.availability
            && self.session.view() == ConnectionView::Online
        {
            self.write(&ClientFrame::Presence(SetPresence { state }));
        }
    }
}
