//! What is never stored: who writes, and who is there.

use super::Connection;
use crate::gateway::wire::End;
use crate::hub::{About, Ephemeral, Members};
use crate::rooms::ReadAudience;
use std::collections::BTreeMap;
use tokio::time::Instant;
use tripchat_protocol::frame::{People, SomebodyTypes};
use tripchat_protocol::{ErrorCode, Presence, RoomId, ServerFrame, UserId};

/// People in one frame.
const PEOPLE: usize = 1_000;

impl Connection {
    pub(super) async fn pass_ephemeral(&mut self, ephemeral: Ephemeral) -> Result<(), End> {
        if let About::Marks(room, epoch, marks) = ephemeral.about
            && !self.feeds.judge_marks(room, epoch, marks)
        {
            return Ok(());
        }
        self.wire.queue_text(ephemeral.frame).await
    }

    /// The person writes in `room`; nobody is told whether that was allowed.
    pub(super) async fn type_in(&mut self, room: RoomId) -> Result<(), End> {
        if !self.typing.may_say(room, Instant::now()) {
            return Ok(());
        }
        if let Some(members) = self.members(room).await? {
            let user = self.caller.user;
            self.context.hub.set_members(room, members);
            self.context.hub.deliver_typing(room, user, &ServerFrame::Typing(SomebodyTypes { room, user }));
        }
        Ok(())
    }

    /// The person has entered `room`: they and those who are there see each other.
    pub(super) async fn meet(&mut self, room: RoomId) -> Result<(), End> {
        let Some(members) = self.members(room).await? else { return Ok(()) };
        let user = self.caller.user;
        if let Some(own) = self.context.presences.seen([user]).get(&user) {
            let frame = ServerFrame::Presence(People { people: [(user, *own)].into() });
            let others = members.people.iter().filter(|other| **other != user);
            self.context.hub.deliver_presence(user, others, &frame);
        }
        self.tell_who_is_there(members.people).await
    }

    /// Tells who of `people` is there.
    pub(super) async fn tell_who_is_there(
        &mut self,
        people: impl IntoIterator<Item = UserId>,
    ) -> Result<(), End> {
        let others = people.into_iter().filter(|other| *other != self.caller.user);
        let mut seen = self.context.presences.seen(others).into_iter().peekable();
        while seen.peek().is_some() {
            let people: BTreeMap<UserId, Presence> = seen.by_ref().take(PEOPLE).collect();
            self.wire.write(&ServerFrame::Presence(People { people })).await?;
        }
        Ok(())
    }

    /// The members of `room`, if the person is one.
    async fn members(&mut self, room: RoomId) -> Result<Option<Members>, End> {
        match self.context.store.read(ReadAudience { by: self.caller.clone(), room }).await {
            Ok(now) => Ok(Some(Members { rev: now.members_rev, people: now.people })),
            Err(error) if matches!(error.code(), ErrorCode::RoomNotFound | ErrorCode::NotParticipant) => {
                Ok(None)
            }
            Err(error) => Err(self.give_up(&error).await),
        }
    }
}
