//! What the connection tells in passing: who is writing, and who is there.

use super::engine::Engine;
use crate::cache::{CacheError, objects};
use crate::event::ClientEvent;
use std::collections::BTreeSet;
use tripchat_protocol::frame::{People, SomebodyTypes};
use tripchat_protocol::{RoomId, UserId};

impl Engine {
    /// Somebody writes; one's own other device is not news.
    pub fn somebody_types(&mut self, typing: SomebodyTypes) -> Result<(), CacheError> {
        let SomebodyTypes { room, user } = typing;
        let Some(account) = self.account.as_ref().filter(|account| account.user != user) else {
            return Ok(());
        };
        let is_here = objects::membership(account.cache.read(), account.user, room)?.is_some();
        let now = self.now();
        if is_here && self.hints.typed(now, room, user) {
            self.look_at(room);
        }
        Ok(())
    }

    /// The presence of people was told.
    pub fn people(&mut self, people: &People) -> Result<(), CacheError> {
        let changed = self.hints.told(&people.people);
        let rooms = self.rooms_of(&changed)?;
        self.look_at_all(rooms);
        Ok(())
    }

    /// The connection is gone, and with it what it told.
    pub fn forget_hints(&mut self) {
        let (mut rooms, people) = self.hints.lost();
        match self.rooms_of(&people) {
            Ok(more) => rooms.extend(more),
            Err(error) => tracing::error!(%error, "local storage"),
        }
        self.look_at_all(rooms);
    }

    fn rooms_of(&self, people: &[UserId]) -> Result<BTreeSet<RoomId>, CacheError> {
        let Some(account) = &self.account else { return Ok(BTreeSet::new()) };
        let mut rooms = BTreeSet::new();
        for user in people {
            rooms.extend(objects::rooms_of(account.cache.read(), *user)?);
        }
        Ok(rooms)
    }

    fn look_at_all(&self, rooms: BTreeSet<RoomId>) {
        if !rooms.is_empty() {
            self.tell(ClientEvent::Inbox);
        }
        for room in rooms {
            self.tell(ClientEvent::Room { room });
        }
    }
}
