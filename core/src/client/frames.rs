//! What the engine does with what comes over the socket, and what it says there.

use super::engine::{Engine, Finished};
use crate::cache::{CacheError, cursors, device, heads, marks};
use crate::event::ClientEvent;
use crate::outbox::settle::{self, Settled};
use crate::outbox::state::{Input as Queue, Refusal};
use crate::session::state::Input;
use crate::sync::apply::{self, Applied, Paged};
use secrecy::ExposeSecret;
use tripchat_protocol::frame::{Authenticate, CatchUp, Done, Gone, Heads, Hello, LiveChange, Marks};
use tripchat_protocol::limits::HELLO_ROOMS;
use tripchat_protocol::{
    Changes, ClientFrame, Cursor, Failure, Head, MarksNo, RoomCursor, ServerFrame, StreamId, VERSIONS,
};

impl Engine {
    /// Opens a socket, beside the loop.
    pub fn start_dial(&mut self) {
        let Some(account) = &self.account else { return };
        // A REST call may have found it stale in the meantime.
        let Some(token) = &self.token else { return self.session(Input::DialFailed { token: true }) };
        let dialing = self.parts.dialer.dial(account.server.socket(), token.clone());
        self.dial += 1;
        let dial = self.dial;
        self.jobs.push(Box::pin(async move { Finished::Dialed(dial, dialing.await) }));
    }

    /// Says who is there and how far everything is stored.
    pub fn hello(&mut self) {
        match self.greeting() {
            Ok(Some(hello)) => self.write(&ClientFrame::Hello(hello)),
            Ok(None) => {}
            Err(error) => self.fault(&error),
        }
    }

    fn greeting(&mut self) -> Result<Option<Hello>, CacheError> {
        let Some(account) = &self.account else { return Ok(None) };
        let generation = device::raise_generation(self.device.read(), self.parts.sources.now())?;
        let mut hello = Hello {
            versions: VERSIONS.to_vec(),
            device: self.this.id,
            generation,
            app: self.parts.config.app.chars().take(64).collect(),
            token: None,
            inbox: None,
            rooms: std::collections::BTreeMap::new(),
        };
        for (stream, cursor) in cursors::all(account.cache.read())? {
            match stream {
                StreamId::User(user) if user == account.user => hello.inbox = Some(cursor),
                StreamId::User(_) => {}
                StreamId::Room(room) if hello.rooms.len() < HELLO_ROOMS => {
                    let Cursor(epoch, rev) = cursor;
                    let marks = marks::number(account.cache.read(), room, epoch)?;
                    hello.rooms.insert(room, RoomCursor(epoch, rev, marks));
                }
                // The server sends these from their beginning; storing them again changes nothing.
                StreamId::Room(_) => {}
            }
        }
        self.is_fresh = hello.inbox.is_none();
        Ok(Some(hello))
    }

    /// Hands in the token that is at hand.
    pub fn authenticate(&mut self) {
        if let Some(token) = &self.token {
            let token = token.expose_secret().to_owned();
            self.write(&ClientFrame::Authenticate(Authenticate { token }));
        }
    }

    /// Asks for what is missing of a stream.
    pub fn ask_for(&mut self, stream: StreamId) {
        match self.question(stream) {
            Ok(question) => self.write(&ClientFrame::CatchUp(question)),
            Err(error) => self.fault(&error),
        }
    }

    fn question(&self, stream: StreamId) -> Result<CatchUp, CacheError> {
        let (since, marks) = self.stored(stream)?;
        let marks = (since.is_some() && stream.room().is_some()).then_some(marks);
        Ok(CatchUp { stream, since, marks })
    }

    /// A text frame came.
    pub fn frame(&mut self, text: &str) {
        if self.account.is_none() {
            return;
        }
        self.session(Input::Heard);
        match serde_json::from_str(text) {
            Ok(frame) => {
                if let Err(error) = self.heard(frame) {
                    self.fault(&error);
                }
            }
            // Its words stay out of the log: they may quote a message.
            Err(error) => {
                tracing::error!(kind = ?error.classify(), column = error.column(), "a frame cannot be read");
                self.session(Input::Fault);
            }
        }
    }

    fn heard(&mut self, frame: ServerFrame) -> Result<(), CacheError> {
        match frame {
            ServerFrame::Welcome(welcome) => {
                self.writing.limits.heard(self.now(), welcome.server_time);
                let mine = self.account.as_ref().is_some_and(|account| account.user == welcome.user);
                self.session(if mine { Input::Welcome } else { Input::Fault });
            }
            ServerFrame::Heads(heads) => self.heads(&heads)?,
            ServerFrame::Changes(page) => self.page(&page)?,
            ServerFrame::Synced(_) => self.session(Input::Synced),
            ServerFrame::Change(change) => self.live(change)?,
            ServerFrame::Gone(gone) => self.gone(&gone)?,
            ServerFrame::Marks(marks) => self.marks(&marks)?,
            ServerFrame::Typing(typing) => self.somebody_types(typing)?,
            ServerFrame::Presence(people) => self.people(&people)?,
            ServerFrame::Ok(done) => self.done(&done)?,
            ServerFrame::Error(failure) => self.refused(&failure),
            ServerFrame::Reauthenticate(_) => self.session(Input::TokenNeeded),
            ServerFrame::Ping(_) => self.session(Input::Ping),
            ServerFrame::Drain(drain) => self.session(Input::Drain { within: drain.within_ms }),
            ServerFrame::Pong(_) | ServerFrame::Unknown => {}
        }
        Ok(())
    }

    fn heads(&mut self, heads: &Heads) -> Result<(), CacheError> {
        let now = self.now();
        for head in &heads.rooms {
            let stream = StreamId::Room(head.room);
            if let Some(account) = &self.account {
                heads::store(account.cache.read(), head)?;
            }
            let stored = self.stored(stream)?;
            self.gaps.behind(now, stored, stream, Head(head.epoch, head.head, head.marks));
            self.look_at(head.room);
            self.touch(head.room);
        }
        for (stream, head) in &heads.streams {
            let stored = self.stored(*stream)?;
            self.gaps.head(now, stored, *stream, *head);
        }
        Ok(())
    }

    fn marks(&mut self, marks: &Marks) -> Result<(), CacheError> {
        let stream = StreamId::Room(marks.room);
        let cursor = self.cursor(stream)?;
        let Some(account) = &self.account else { return Ok(()) };
        // Those of another epoch count in seqs that are not here: they come again with them.
        if cursor.is_some_and(|Cursor(epoch, _)| epoch != marks.epoch) {
            return Ok(());
        }
        if marks::store(account.cache.read(), marks)? {
            self.look_at(marks.room);
            self.touch(marks.room);
        }
        self.gaps.has_marks(stream, marks.marks);
        self.follow(stream)
    }

    fn page(&mut self, page: &Changes) -> Result<(), CacheError> {
        let now = self.now();
        let Some(account) = self.account.as_mut().filter(|account| is_ours(page.stream, account.user)) else {
            return Ok(());
        };
        match apply::page(&mut account.cache, account.user, page, self.parts.sources.now())? {
            Paged::Apart => self.gaps.apart(now, page.stream, (page.epoch, page.upto)),
            Paged::Stored(applied) => {
                self.gaps.page(now, page.stream, page.more);
                self.filler.stir();
                if let (true, StreamId::Room(room)) = (page.reset, page.stream) {
                    self.filler.begun_anew(room);
                }
                if page.more {
                    self.unfinished.insert(page.stream);
                } else {
                    self.unfinished.remove(&page.stream);
                }
                self.show(applied);
                self.follow(page.stream)?;
            }
        }
        Ok(())
    }

    fn live(&mut self, change: LiveChange) -> Result<(), CacheError> {
        let (now, stream) = (self.now(), change.stream);
        let cursor = self.cursor(stream)?;
        if let Some(change) = self.gaps.live(now, cursor, change) {
            self.store(&change)?;
            self.follow(stream)?;
        }
        Ok(())
    }

    /// Stores the held changes that follow now.
    fn follow(&mut self, stream: StreamId) -> Result<(), CacheError> {
        loop {
            let cursor = self.cursor(stream)?;
            match self.gaps.next(stream, cursor) {
                Some(change) => self.store(&change)?,
                None => return Ok(()),
            }
        }
    }

    fn store(&mut self, change: &LiveChange) -> Result<(), CacheError> {
        if let Some(account) = self.account.as_mut().filter(|account| is_ours(change.stream, account.user)) {
            let applied = apply::live(&mut account.cache, account.user, change)?;
            self.show(applied);
        }
        Ok(())
    }

    fn gone(&mut self, gone: &Gone) -> Result<(), CacheError> {
        self.gaps.forget(gone.stream);
        self.unfinished.remove(&gone.stream);
        if let Some(account) = &mut self.account {
            let applied = apply::gone(&mut account.cache, gone)?;
            self.show(applied);
        }
        Ok(())
    }

    fn done(&mut self, done: &Done) -> Result<(), CacheError> {
        let (Some(id), Some(account)) = (done.id, self.account.as_mut()) else { return Ok(()) };
        match settle::accepted(&mut account.cache, account.user, done)? {
            Settled::Stored(room) => {
                self.look_at(room);
                self.queue(Queue::Settled(id));
            }
            Settled::Known => {
                self.queue(Queue::Settled(id));
                self.fulfilled(done)?;
            }
            // It is not settled: its answer becomes overdue, and it is sent again.
            Settled::Unusable => tracing::error!(%id, "an ok without a place"),
        }
        Ok(())
    }

    fn refused(&mut self, failure: &Failure) {
        tracing::info!(code = ?failure.code, id = ?failure.id, "refused");
        match failure.id {
            // It is in one of the two, or in none any more.
            Some(id) => {
                let refusal =
                    Refusal { id, code: failure.code, retry: failure.retry, after: failure.retry_after_ms };
                self.queue(Queue::Refused(refusal));
                self.feed(Queue::Refused(refusal));
            }
            None if failure.retry == tripchat_protocol::Retry::Auth => self.session(Input::TokenNeeded),
            None => {}
        }
    }

    /// Says what is different, after it is stored.
    pub fn show(&mut self, applied: Applied) {
        for (room, author) in &applied.wrote {
            self.hints.wrote(*room, *author);
        }
        for room in &applied.rooms {
            self.tell(ClientEvent::Room { room: *room });
            self.touch(*room);
        }
        if applied.inbox {
            self.tell(ClientEvent::Inbox);
        }
        for (room, id) in applied.again {
            self.queue(Queue::Again(room, id.into()));
        }
        for id in applied.settled {
            self.queue(Queue::Settled(id.into()));
        }
        for room in applied.rooms {
            if let Err(error) = self.report(room) {
                self.fault(&error);
            }
        }
    }

    /// How far a stream and its marks are stored.
    fn stored(&self, stream: StreamId) -> Result<(Option<Cursor>, MarksNo), CacheError> {
        let cursor = self.cursor(stream)?;
        match (&self.account, stream, cursor) {
            (Some(account), StreamId::Room(room), Some(Cursor(epoch, _))) => {
                Ok((cursor, marks::number(account.cache.read(), room, epoch)?))
            }
            _ => Ok((cursor, MarksNo(0))),
        }
    }

    fn cursor(&self, stream: StreamId) -> Result<Option<Cursor>, CacheError> {
        match &self.account {
            Some(account) => Ok(cursors::get(account.cache.read(), stream)?),
            None => Ok(None),
        }
    }

    /// What came could not be stored: drop the connection; the next one begins with what is stored.
    pub fn fault(&mut self, error: &CacheError) {
        tracing::error!(%error, "local storage");
        self.session(Input::Fault);
    }
}

/// A room's stream, or one's own inbox.
fn is_ours(stream: StreamId, me: tripchat_protocol::UserId) -> bool {
    match stream {
        StreamId::Room(_) => true,
        StreamId::User(user) => user == me,
    }
}
