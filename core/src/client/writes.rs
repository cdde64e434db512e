//! Writing: a message is stored before its question is answered, and before any byte of it leaves.

use super::command::Answer;
use super::engine::Engine;
use crate::cache::{CacheError, objects, outbox};
use crate::error::CoreError;
use crate::event::ClientEvent;
use crate::outbox::state::{Input as Queue, Refusal};
use tripchat_protocol::frame::Send;
use tripchat_protocol::{Body, ClientFrame, ErrorCode, MessageId, Retry, RoomId, Standing, checked_text};

impl Engine {
    /// Takes a message.
    pub fn send(&mut self, room: RoomId, text: &str, answer: Answer<MessageId>) {
        let taken = self.take(room, text);
        let queued = taken.as_ref().ok().copied();
        answer.give(taken);
        if let Some(id) = queued {
            self.look_at(room);
            self.queue(Queue::Queued(room, id));
        }
    }

    fn take(&mut self, room: RoomId, text: &str) -> Result<MessageId, CoreError> {
        let membership = self.membership(room)?;
        if membership.state != Standing::Current {
            return Err(ErrorCode::NotParticipant.into());
        }
        let text = checked_text(text)?;
        let (id, now) = (MessageId(self.parts.sources.uuid()), self.parts.sources.now());
        let account = self.signed_in()?;
        let known = objects::room(account.cache.read(), room).map_err(CacheError::from)?;
        if known.is_some_and(|room| !room.is_active) {
            return Err(ErrorCode::RoomInactive.into());
        }
        let tx = account.cache.write()?;
        outbox::insert(&tx, id, room, text, now).map_err(CacheError::from)?;
        tx.commit().map_err(CacheError::from)?;
        Ok(id)
    }

    /// Sends it, after the attempt is on the disk.
    pub fn transmit(&mut self, id: MessageId) {
        match self.attempt(id) {
            Ok(Some(send)) => self.write(&ClientFrame::Send(send)),
            // It was settled or taken back meanwhile.
            Ok(None) => self.queue(Queue::Withdrawn(id)),
            Err(error) => {
                tracing::error!(%error, "local storage");
                let code = ErrorCode::LocalStorage;
                self.queue(Queue::Refused(Refusal { id, code, retry: Retry::Later, after: None }));
            }
        }
    }

    fn attempt(&mut self, id: MessageId) -> Result<Option<Send>, CacheError> {
        let Some(account) = &mut self.account else { return Ok(None) };
        let tx = account.cache.write()?;
        let Some(row) = outbox::get(&tx, id)? else { return Ok(None) };
        if !row.attempted {
            outbox::attempted(&tx, id)?;
            tx.commit()?;
        }
        let body = Body::Text { text: row.text };
        Ok(Some(Send { id, room: row.room, body, written_at: row.written_at, send_by: None }))
    }

    /// Puts a refused message aside, where the person sees why.
    pub fn park(&mut self, room: RoomId, id: MessageId, code: ErrorCode) {
        let Some(account) = &self.account else { return };
        // Should the disk refuse, the row still waits and is refused again after the next start.
        if let Err(error) = outbox::park(account.cache.read(), id, code) {
            tracing::error!(error = %CacheError::from(error), "local storage");
        }
        self.look_at(room);
    }

    /// Sends a refused message again, behind what waits.
    pub fn retry(&mut self, id: MessageId, answer: Answer<()>) {
        let requeued = self.requeue(id);
        let room = requeued.as_ref().ok().copied();
        answer.give(requeued.map(|_| ()));
        if let Some(room) = room {
            self.look_at(room);
            self.queue(Queue::Queued(room, id));
        }
    }

    fn requeue(&mut self, id: MessageId) -> Result<RoomId, CoreError> {
        let account = self.signed_in()?;
        let tx = account.cache.write()?;
        let row = outbox::get(&tx, id).map_err(CacheError::from)?;
        let row = row.filter(|row| row.refusal.is_some()).ok_or(ErrorCode::Gone)?;
        outbox::requeue(&tx, id).map_err(CacheError::from)?;
        tx.commit().map_err(CacheError::from)?;
        Ok(row.room)
    }

    /// Takes a message back.
    pub fn discard(&mut self, id: MessageId, answer: Answer<String>) {
        let withdrawn = self.withdraw(id);
        let room = withdrawn.as_ref().ok().map(|(room, _)| *room);
        answer.give(withdrawn.map(|(_, text)| text));
        if let Some(room) = room {
            self.look_at(room);
            self.queue(Queue::Withdrawn(id));
        }
    }

    fn withdraw(&mut self, id: MessageId) -> Result<(RoomId, String), CoreError> {
        let account = self.signed_in()?;
        let tx = account.cache.write()?;
        let row = outbox::get(&tx, id).map_err(CacheError::from)?.ok_or(ErrorCode::Gone)?;
        if row.attempted && row.refusal.is_none() {
            // The server may have it.
            return Err(ErrorCode::Conflict.into());
        }
        outbox::remove(&tx, id).map_err(CacheError::from)?;
        tx.commit().map_err(CacheError::from)?;
        Ok((row.room, row.text))
    }

    /// Says that a room, and its row in the list, are to be looked at again.
    pub fn look_at(&self, room: RoomId) {
        self.tell(ClientEvent::Room { room });
        self.tell(ClientEvent::Inbox);
    }
}
