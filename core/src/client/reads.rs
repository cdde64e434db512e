//! What the screen asks to see: from the cache alone, so that it works offline.

use super::engine::Engine;
use crate::cache::{CacheError, messages, objects, outbox};
use crate::error::CoreError;
use crate::timeline::{self, People, RowParts};
use crate::view::{InboxRow, RoomView, StartView, TimelineView};
use tripchat_protocol::{ErrorCode, Membership, RoomId, Seq, Standing};

/// Most rows of one page.
const PAGE: u32 = 500;

impl Engine {
    /// Where the app stands.
    pub fn start_view(&self) -> StartView {
        let last = if self.this.server.is_empty() { &self.parts.config.server } else { &self.this.server };
        StartView {
            account: self.account.as_ref().map(crate::account::Account::view),
            server: last.clone(),
            connection: self.session.view(),
            remembers: self.secrets.remembers(),
        }
    }

    /// The rooms that one is in, the newest activity first.
    pub fn inbox(&mut self) -> Result<Vec<InboxRow>, CoreError> {
        let account = self.signed_in()?;
        let db = account.cache.read();
        let mut rows = Vec::new();
        for membership in objects::memberships(db, account.user).map_err(CacheError::from)? {
            if membership.state != Standing::Current {
                continue;
            }
            let room = membership.room;
            let members = objects::members(db, room).map_err(CacheError::from)?;
            let unsent = outbox::of_room(db, room).map_err(CacheError::from)?;
            let parts = RowParts {
                membership: &membership,
                room: objects::room(db, room).map_err(CacheError::from)?,
                trip: objects::trip(db, room).map_err(CacheError::from)?,
                newest: messages::newest(db, room).map_err(CacheError::from)?,
                unsent: timeline::shown_unsent(&unsent),
            };
            let people = People { me: account.user, my_name: &account.name, members: &members };
            rows.push(timeline::inbox_row(people, parts));
        }
        rows.sort_by_key(|row| (std::cmp::Reverse(row.active_at), row.room));
        Ok(rows)
    }

    /// A room's header.
    pub fn room(&mut self, room: RoomId) -> Result<RoomView, CoreError> {
        let membership = self.membership(room)?;
        let db = self.signed_in()?.cache.read();
        let found = objects::room(db, room).map_err(CacheError::from)?.ok_or(ErrorCode::RoomNotFound)?;
        let trip = objects::trip(db, room).map_err(CacheError::from)?;
        let members = objects::members(db, room).map_err(CacheError::from)?;
        Ok(timeline::room_view(&found, trip, &membership, &members))
    }

    /// A stretch of a room's messages.
    pub fn timeline(
        &mut self,
        room: RoomId,
        before: Option<Seq>,
        limit: u32,
    ) -> Result<TimelineView, CoreError> {
        self.membership(room)?;
        let account = self.signed_in()?;
        let db = account.cache.read();
        let limit = limit.clamp(1, PAGE);
        // One more than asked for tells whether there is more.
        let mut page = messages::page(db, room, before, limit + 1).map_err(CacheError::from)?;
        let has_more = page.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if has_more {
            page.remove(0);
        }
        let unsent = match before {
            None => outbox::of_room(db, room).map_err(CacheError::from)?,
            Some(_) => Vec::new(),
        };
        let members = objects::members(db, room).map_err(CacheError::from)?;
        let people = People { me: account.user, my_name: &account.name, members: &members };
        Ok(TimelineView { rows: timeline::rows(people, &page, &unsent), has_more })
    }

    /// One's stay in a room; a room that one never was in and one that does not exist look alike.
    pub fn membership(&mut self, room: RoomId) -> Result<Membership, CoreError> {
        let account = self.signed_in()?;
        let found =
            objects::membership(account.cache.read(), account.user, room).map_err(CacheError::from)?;
        found.ok_or_else(|| ErrorCode::RoomNotFound.into())
    }
}
