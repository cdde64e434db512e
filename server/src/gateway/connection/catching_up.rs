//! Reading a stream on from the database, and the rooms that an inbox lets the person into.

use super::Connection;
use crate::gateway::wire::End;
use crate::rooms::{Page, Read, ReadChanges, ReadMarks, Since};
use tripchat_protocol::frame::{CatchUp, Gone};
use tripchat_protocol::{
    Cursor, Epoch, ErrorCode, MarksNo, Membership, Object, Rev, RoomId, ServerFrame, Standing, StreamId,
};
use tripchat_runtime::{Plant, planted};

impl Connection {
    /// The client asks for what follows its cursor, and for the marks, if it has others.
    pub(super) async fn catch_up(&mut self, CatchUp { stream, since, marks }: CatchUp) -> Result<(), End> {
        if matches!(stream, StreamId::User(other) if other != self.caller.user) {
            return self.leave(stream, None).await;
        }
        self.inlet.subscribe(stream);
        self.feeds.set(stream, since);
        self.heal(stream).await?;
        let Some(room) = stream.room() else { return Ok(()) };
        match (since, marks) {
            (Some(Cursor(epoch, _)), Some(marks)) => self.tell_marks(room, Some((epoch, marks))).await,
            (Some(_), None) => Ok(()),
            // Who has nothing of the room has nothing of its marks.
            (None, _) => self.tell_marks(room, None).await,
        }
    }

    /// Reads `stream` on, and follows what an inbox says of rooms.
    pub(super) async fn heal(&mut self, stream: StreamId) -> Result<(), End> {
        if !self.feeds.has(stream) {
            self.inlet.unsubscribe(stream);
            return Ok(());
        }
        if self.feeds.is_behind(stream) {
            // Only whether it is still the person's.
            return self.page(stream, Since::Cursor(None)).await.map(drop);
        }
        for membership in self.read_on(stream).await? {
            self.follow(membership).await?;
        }
        Ok(())
    }

    /// A room begins or ends for the person.
    pub(super) async fn follow(&mut self, membership: Membership) -> Result<(), End> {
        match membership.state {
            Standing::Current => self.enter(membership.room).await,
            Standing::Ended if planted(Plant::IntervalIgnored) => Ok(()),
            Standing::Ended if self.feeds.has(StreamId::Room(membership.room)) => {
                self.leave(StreamId::Room(membership.room), membership.to_rev).await
            }
            Standing::Ended => Ok(()),
        }
    }

    /// The person is in a room that this connection may not know yet: subscribe, then read, as at `reset`.
    async fn enter(&mut self, room: RoomId) -> Result<(), End> {
        let stream = StreamId::Room(room);
        self.inlet.subscribe(stream);
        if !self.feeds.begin(stream, None) {
            return Ok(());
        }
        // First how far the person has read: until that is known, all that comes would count as new.
        self.tell_marks(room, None).await?;
        self.read_on(stream).await?;
        self.meet(room).await
    }

    /// The stream is not the person's (any more): nothing of it leaves from here on.
    async fn leave(&mut self, stream: StreamId, to_rev: Option<Rev>) -> Result<(), End> {
        self.inlet.unsubscribe(stream);
        self.feeds.end(stream);
        self.wire.write(&ServerFrame::Gone(Gone { stream, to_rev })).await
    }

    /// Sends what the database has of `stream` beyond what was sent, page by page. Returns what an inbox says of
    /// rooms.
    pub(super) async fn read_on(&mut self, stream: StreamId) -> Result<Vec<Membership>, End> {
        let mut named = Vec::new();
        let mut since = Since::Cursor(self.feeds.since(stream));
        while let Some(page) = self.page(stream, since).await? {
            named.extend(memberships(&page));
            self.send(&page).await?;
            match page.next {
                Some(course) => since = Since::Course(course),
                None => break,
            }
        }
        Ok(named)
    }

    /// Reads a page. If the stream is not the person's, that is told, and there is none.
    pub(super) async fn page(&mut self, stream: StreamId, since: Since) -> Result<Option<Page>, End> {
        match self.context.store.read(ReadChanges { by: self.caller.clone(), stream, since }).await {
            Ok(Read::Page(page)) => Ok(Some(page)),
            Ok(Read::Gone(to_rev)) => self.leave(stream, to_rev).await.map(|()| None),
            Err(error) => Err(self.give_up(&error).await),
        }
    }

    pub(super) async fn send(&mut self, page: &Page) -> Result<(), End> {
        self.feeds.set(page.stream, Some(page.cursor()));
        self.wire.write_text(page.frame().into()).await
    }

    /// Sends the marks of `room`, unless they are those that the client is known to have.
    pub(super) async fn tell_marks(
        &mut self,
        room: RoomId,
        known: Option<(Epoch, MarksNo)>,
    ) -> Result<(), End> {
        if !self.feeds.has(StreamId::Room(room)) {
            return Ok(());
        }
        match self.context.store.read(ReadMarks { by: self.caller.clone(), room }).await {
            Ok(marks) => {
                self.feeds.sent_marks(room, marks.epoch, marks.marks);
                if known == Some((marks.epoch, marks.marks)) {
                    return Ok(());
                }
                self.wire.write(&ServerFrame::Marks(marks)).await
            }
            // The stay has ended meanwhile; the room's own hint or the next look says so.
            Err(error) if matches!(error.code(), ErrorCode::RoomNotFound | ErrorCode::NotParticipant) => {
                Ok(())
            }
            Err(error) => Err(self.give_up(&error).await),
        }
    }
}

fn memberships(page: &Page) -> Vec<Membership> {
    if page.stream.room().is_some() {
        return Vec::new();
    }
    let objects = page.objects.iter().filter_map(|(_, json)| serde_json::from_str(json).ok());
    let memberships = objects.filter_map(|object| match object {
        Object::Membership(membership) => Some(membership),
        _ => None,
    });
    memberships.collect()
}
