//! Writing: a message, or a change to one, is stored before its question is answered, and before any byte of it
//! leaves.

use super::command::Answer;
use super::engine::Engine;
use crate::cache::outbox::{self, Do, Row};
use crate::cache::{CacheError, objects};
use crate::error::CoreError;
use crate::event::ClientEvent;
use crate::outbox::change::{self, Planned, Target};
use crate::outbox::state::{Input as Queue, Refusal, Step};
use crate::outbox::wishes::{self, Taken};
use crate::session::state::Input;
use rusqlite::Connection;
use tripchat_protocol::frame::{Delete, Edit, Send};
use tripchat_protocol::{
    Body, ClientFrame, ErrorCode, Membership, MessageId, Millis, OperationId, Retry, RoomId, Standing,
    checked_text,
};
use tripchat_runtime::{Plant, planted};

impl Engine {
    /// Takes a message.
    pub fn send(&mut self, room: RoomId, text: &str, send_by: Option<Millis>, answer: Answer<MessageId>) {
        let taken = self.take(room, text, send_by);
        let queued = taken.as_ref().ok().map(|(id, _)| *id);
        let draft = match taken {
            Ok((id, draft)) => {
                answer.give(Ok(id));
                draft
            }
            Err(error) => return answer.give(Err(error)),
        };
        if let Some(id) = queued {
            if let Some(until) = send_by {
                self.writing.limits.add(id.into(), until);
            }
            self.look_at(room);
            self.queue(Queue::Queued(room, id.into()));
            self.draft_is_message(room, draft);
        }
    }

    /// The message and the end of the draft that became it, in one transaction.
    fn take(
        &mut self,
        room: RoomId,
        text: &str,
        send_by: Option<Millis>,
    ) -> Result<(MessageId, Option<Taken>), CoreError> {
        let membership = self.current(room)?;
        let text = checked_text(text)?;
        let (id, fresh) = (MessageId(self.parts.sources.uuid()), OperationId(self.parts.sources.uuid()));
        let now = self.parts.sources.now();
        let untried = self.writing.untried.get(&room).copied();
        let account = self.signed_in()?;
        let known = objects::room(account.cache.read(), room).map_err(CacheError::from)?;
        if known.is_some_and(|room| !room.is_active) {
            return Err(ErrorCode::RoomInactive.into());
        }
        let tx = account.cache.write()?;
        outbox::insert(&tx, id, room, text, now).map_err(CacheError::from)?;
        if send_by.is_some() {
            outbox::limit(&tx, id, send_by).map_err(CacheError::from)?;
        }
        let draft = wishes::clear_draft(&tx, &membership, untried, fresh)?;
        tx.commit().map_err(CacheError::from)?;
        Ok((id, draft))
    }

    /// Gives a message another text.
    pub fn edit(&mut self, room: RoomId, message: MessageId, text: &str, answer: Answer<OperationId>) {
        let planned = checked_text(text)
            .map_err(CoreError::from)
            .and_then(|text| self.plan(room, message, |db, of, fresh| change::edit(db, of, text, fresh)));
        self.planned(room, planned, answer);
    }

    /// Takes a message away.
    pub fn delete(&mut self, room: RoomId, message: MessageId, answer: Answer<OperationId>) {
        let planned = self.plan(room, message, change::delete);
        self.planned(room, planned, answer);
    }

    fn plan(
        &mut self,
        room: RoomId,
        message: MessageId,
        decide: impl FnOnce(&Connection, Target, OperationId) -> Result<Planned, CoreError>,
    ) -> Result<Planned, CoreError> {
        self.current(room)?;
        let fresh = OperationId(self.parts.sources.uuid());
        let account = self.signed_in()?;
        let of = Target { me: account.user, room, message };
        let tx = account.cache.write()?;
        let planned = decide(&tx, of, fresh)?;
        tx.commit().map_err(CacheError::from)?;
        Ok(planned)
    }

    fn planned(&mut self, room: RoomId, planned: Result<Planned, CoreError>, answer: Answer<OperationId>) {
        let Planned { id, queued, withdrawn } = match planned {
            Ok(planned) => planned,
            Err(error) => return answer.give(Err(error)),
        };
        answer.give(Ok(id));
        self.look_at(room);
        for id in withdrawn {
            self.queue(Queue::Withdrawn(id));
        }
        if queued {
            self.queue(Queue::Queued(room, id));
        }
    }

    /// One's stay in a room, if it goes on.
    pub fn current(&mut self, room: RoomId) -> Result<Membership, CoreError> {
        let membership = self.membership(room)?;
        match membership.state {
            Standing::Current => Ok(membership),
            Standing::Ended => Err(ErrorCode::NotParticipant.into()),
        }
    }

    /// Feeds the outbox and does what it says.
    pub fn queue(&mut self, input: Queue) {
        let sources = self.parts.sources.clone();
        for step in self.lanes.on(self.now(), input, |bound| sources.below(bound)) {
            match step {
                Step::Transmit(id) => self.transmit(id),
                Step::Park(room, id, code) => self.park(room, id, code),
                Step::RenewToken => self.session(Input::TokenNeeded),
                Step::Fault => self.session(Input::Fault),
            }
        }
    }

    /// Sends it, after the attempt is on the disk.
    fn transmit(&mut self, id: OperationId) {
        match self.attempt(id) {
            Ok(Some(frame)) => self.write(&frame),
            // It was settled or taken back meanwhile.
            Ok(None) => self.queue(Queue::Withdrawn(id)),
            Err(error) => {
                let code = error.code;
                let retry = if code == ErrorCode::TooLate { Retry::Never } else { Retry::Later };
                self.queue(Queue::Refused(Refusal { id, code, retry, after: None }));
            }
        }
    }

    fn attempt(&mut self, id: OperationId) -> Result<Option<ClientFrame>, CoreError> {
        let now = self.now();
        let Some(account) = &mut self.account else { return Ok(None) };
        let tx = account.cache.write()?;
        let Some(row) = outbox::get(&tx, id).map_err(CacheError::from)? else { return Ok(None) };
        if !row.attempted() {
            // Of one that was tried the server alone knows whether it came in time.
            if let Row::Send(unsent) = &row
                && unsent.send_by.is_some_and(|until| self.writing.limits.is_past(now, until))
            {
                return Err(ErrorCode::TooLate.into());
            }
            outbox::attempted(&tx, id).map_err(CacheError::from)?;
            if planted(Plant::RowRemovedBeforeResult) {
                outbox::remove(&tx, id).map_err(CacheError::from)?;
            }
            tx.commit().map_err(CacheError::from)?;
        }
        Ok(Some(frame(row)))
    }

    /// The time of those that were not tried yet has passed, whether there is a connection or not.
    pub fn too_late(&mut self) {
        for id in self.writing.limits.due(self.now()) {
            let row = self.account.as_ref().map(|account| outbox::get(account.cache.read(), id));
            match row {
                Some(Ok(Some(row))) if !row.attempted() && row.refusal().is_none() => {
                    let (code, retry) = (ErrorCode::TooLate, Retry::Never);
                    self.queue(Queue::Refused(Refusal { id, code, retry, after: None }));
                }
                // It is asked again before it is sent.
                Some(Err(error)) => tracing::error!(error = %CacheError::from(error), "local storage"),
                _ => {}
            }
        }
    }

    /// Puts a refused operation aside, where the person sees why.
    fn park(&mut self, room: RoomId, id: OperationId, code: ErrorCode) {
        match self.refuse(id, code) {
            Ok(withdrawn) => withdrawn.into_iter().for_each(|id| self.queue(Queue::Withdrawn(id))),
            // The row still waits, and is refused again after the next start.
            Err(error) => tracing::error!(%error, "local storage"),
        }
        self.look_at(room);
    }

    fn refuse(&mut self, id: OperationId, code: ErrorCode) -> Result<Vec<OperationId>, CacheError> {
        let Some(account) = &mut self.account else { return Ok(Vec::new()) };
        let tx = account.cache.write()?;
        let withdrawn = change::refused(&tx, id, code)?;
        tx.commit()?;
        Ok(withdrawn)
    }

    /// Sends a refused operation again, behind what waits.
    pub fn retry(&mut self, id: OperationId, answer: Answer<()>) {
        let again = self.again(id);
        let room = again.as_ref().ok().copied();
        answer.give(again.map(|_| ()));
        if let Some(room) = room {
            self.look_at(room);
            self.queue(Queue::Queued(room, id));
        }
    }

    fn again(&mut self, id: OperationId) -> Result<RoomId, CoreError> {
        let account = self.signed_in()?;
        let tx = account.cache.write()?;
        let room = change::again(&tx, account.user, id)?;
        tx.commit().map_err(CacheError::from)?;
        Ok(room)
    }

    /// Takes an operation back.
    pub fn discard(&mut self, id: OperationId, answer: Answer<String>) {
        let discarded = self.withdraw(id);
        let room = discarded.as_ref().ok().map(|(room, _)| *room);
        answer.give(discarded.map(|(_, text)| text));
        if let Some(room) = room {
            self.look_at(room);
            self.queue(Queue::Withdrawn(id));
        }
    }

    fn withdraw(&mut self, id: OperationId) -> Result<(RoomId, String), CoreError> {
        let account = self.signed_in()?;
        let tx = account.cache.write()?;
        let discarded = change::discard(&tx, id)?;
        tx.commit().map_err(CacheError::from)?;
        Ok(discarded)
    }

    /// A room has to be looked at again.
    pub fn look_at(&self, room: RoomId) {
        self.tell(ClientEvent::Room { room });
        self.tell(ClientEvent::Inbox);
    }
}

/// What is written for a row: the same at every attempt.
fn frame(row: Row) -> ClientFrame {
    match row {
        Row::Send(row) => ClientFrame::Send(Send {
            id: row.id,
            room: row.room,
            body: Body::Text { text: row.text },
            written_at: row.written_at,
            send_by: row.send_by,
        }),
        Row::Change(row) => match row.what {
            Do::Edit { edit_no, text } => {
                let body = Body::Text { text };
                ClientFrame::Edit(Edit { id: row.id, room: row.room, message: row.message, edit_no, body })
            }
            Do::Delete => ClientFrame::Delete(Delete { id: row.id, room: row.room, message: row.message }),
        },
    }
}
