//! What the screen asks to see: from the cache alone, so that it works offline.

use super::engine::Engine;
use crate::account::Account;
use crate::cache::{CacheError, marks, messages, objects, outbox, search};
use crate::error::CoreError;
use crate::outbox::own;
use crate::sync::whole;
use crate::timeline::stretch::{self, Shelf, Stretch};
use crate::timeline::{self, Reader, RoomParts, RowParts};
use crate::view::{Hit, InboxRow, Place, RoomView, StartView, TimelineView};
use rusqlite::Connection;
use tripchat_protocol::{
    Body, Booking, ErrorCode, Member, Membership, Message, PersonMarks, Room, RoomId, Seq, Standing, Trip,
    UserId,
};

/// Most hits of a search.
const HITS: u32 = 200;

/// What is asked of every room that is shown.
struct Known {
    membership: Membership,
    room: Option<Room>,
    trip: Option<Trip>,
    booking: Option<Booking>,
    members: Vec<Member>,
    marks: Vec<PersonMarks>,
    unread: u32,
}

impl Known {
    fn read(db: &Connection, me: UserId, membership: Membership) -> rusqlite::Result<Self> {
        let room = membership.room;
        let (mut found, mut trip) = (objects::room(db, room)?, objects::trip(db, room)?);
        // A room that one has left, as it was then, if it was never here.
        if let Some(kept) = &membership.kept {
            found = found.or_else(|| Some(kept.room.clone()));
            trip = trip.or_else(|| kept.trip.clone());
        }
        let is_over = membership.state == Standing::Ended;
        Ok(Self {
            room: found,
            trip,
            booking: objects::booking(db, room)?,
            members: objects::members(db, room)?,
            marks: marks::people(db, room)?,
            unread: if is_over { 0 } else { whole::unread(db, me, room)? },
            membership,
        })
    }

    fn reader<'a>(&'a self, me: UserId, my_name: &'a str) -> Reader<'a> {
        let state = self.membership.state;
        Reader { me, my_name, state, members: &self.members, marks: &self.marks }
    }
}

impl Engine {
    /// Where the app stands.
    pub fn start_view(&self) -> StartView {
        let last = if self.this.server.is_empty() { &self.parts.config.server } else { &self.this.server };
        StartView {
            account: self.account.as_ref().map(Account::view),
            server: last.clone(),
            connection: self.session.view(),
            remembers: self.secrets.remembers(),
        }
    }

    /// The rooms that one is or was in: favourites first, then by activity, what is archived last.
    pub fn inbox(&mut self) -> Result<Vec<InboxRow>, CoreError> {
        let account = self.account.as_ref().ok_or(ErrorCode::NotSignedIn)?;
        let db = account.cache.read();
        let mut rows = Vec::new();
        for membership in objects::memberships(db, account.user).map_err(CacheError::from)? {
            rows.push(self.inbox_row(account, membership).map_err(CacheError::from)?);
        }
        timeline::in_order(&mut rows);
        Ok(rows)
    }

    fn inbox_row(&self, account: &Account, membership: Membership) -> rusqlite::Result<InboxRow> {
        let (db, room) = (account.cache.read(), membership.room);
        let known = Known::read(db, account.user, membership)?;
        let (unsent, changes) = (outbox::of_room(db, room)?, outbox::changes_of_room(db, room)?);
        let typing = self.hints.typing(room);
        let parts = RowParts {
            own: own::shown(db, &known.membership)?,
            membership: &known.membership,
            room: known.room.clone(),
            trip: known.trip.clone(),
            booking: known.booking.clone(),
            newest: whole::newest(db, room)?,
            unsent: timeline::shown_unsent(&unsent),
            changes: &changes,
            unread: known.unread,
            typing: &typing,
            presence: self.hints.presence(),
        };
        Ok(timeline::inbox_row(known.reader(account.user, &account.name), parts))
    }

    /// A room's header.
    pub fn room(&mut self, room: RoomId) -> Result<RoomView, CoreError> {
        let membership = self.membership(room)?;
        let account = self.account.as_ref().ok_or(ErrorCode::NotSignedIn)?;
        let db = account.cache.read();
        let known = Known::read(db, account.user, membership).map_err(CacheError::from)?;
        let found = known.room.clone().ok_or(ErrorCode::RoomNotFound)?;
        let typing = self.hints.typing(room);
        let parts = RoomParts {
            own: own::shown(db, &known.membership).map_err(CacheError::from)?,
            membership: &known.membership,
            room: found,
            trip: known.trip.clone(),
            booking: known.booking.clone(),
            unread: known.unread,
            read: whole::read_mark(db, account.user, room).map_err(CacheError::from)?,
            typing: &typing,
            presence: self.hints.presence(),
        };
        Ok(timeline::room_view(known.reader(account.user, &account.name), parts))
    }

    /// A stretch of a room's messages.
    pub fn timeline(&mut self, room: RoomId, place: Place, limit: u32) -> Result<TimelineView, CoreError> {
        let membership = self.membership(room)?;
        let account = self.signed_in()?;
        let db = account.cache.read();
        let known = Known::read(db, account.user, membership).map_err(CacheError::from)?;
        let stretch = piece(db, account.user, &known, place, limit).map_err(CacheError::from)?;
        let unsent = if stretch.is_at_the_end() {
            outbox::of_room(db, room).map_err(CacheError::from)?
        } else {
            Vec::new()
        };
        let mut rows = timeline::rows(known.reader(account.user, &account.name), &stretch.messages, &unsent);
        let changes = outbox::changes_of_room(db, room).map_err(CacheError::from)?;
        timeline::overlay(&mut rows, &changes);
        self.look_beyond(room, &stretch);
        Ok(TimelineView { rows, older: stretch.older.edge(), newer: stretch.newer.edge() })
    }

    /// The newest messages with these words.
    pub fn search(&mut self, query: &str, room: Option<RoomId>, limit: u32) -> Result<Vec<Hit>, CoreError> {
        let account = self.signed_in()?;
        let db = account.cache.read();
        let places = search::find(db, query, room, limit.clamp(1, HITS)).map_err(CacheError::from)?;
        let mut hits = Vec::new();
        for (room, seq) in places {
            let hit = hit(db, account.user, &account.name, (room, seq), query);
            hits.extend(hit.map_err(CacheError::from)?);
        }
        Ok(hits)
    }

    /// One's stay in a room; a room that one never was in and one that does not exist look alike.
    pub fn membership(&mut self, room: RoomId) -> Result<Membership, CoreError> {
        let account = self.signed_in()?;
        let found =
            objects::membership(account.cache.read(), account.user, room).map_err(CacheError::from)?;
        found.ok_or_else(|| ErrorCode::RoomNotFound.into())
    }
}

fn piece(db: &Connection, me: UserId, known: &Known, place: Place, limit: u32) -> rusqlite::Result<Stretch> {
    let room = known.membership.room;
    let behind = whole::behind(db, room, known.membership.state)?;
    let read = whole::read_mark(db, me, room)?;
    let shelf = Shelf { db, room, behind, unread_above: (known.unread > 0).then_some(read) };
    stretch::at(shelf, place, limit)
}

fn hit(
    db: &Connection,
    me: UserId,
    my_name: &str,
    (room, seq): (RoomId, Seq),
    query: &str,
) -> rusqlite::Result<Option<Hit>> {
    let (Some(membership), Some(message)) =
        (objects::membership(db, me, room)?, messages::at(db, room, seq)?)
    else {
        return Ok(None);
    };
    let Message { body: Body::Text { text }, author, at, .. } = message else { return Ok(None) };
    let known = Known::read(db, me, membership)?;
    let reader = known.reader(me, my_name);
    let author_name = reader.name(author);
    let name = timeline::name_of(reader, known.membership.room_type, known.room.as_ref());
    Ok(Some(Hit {
        room,
        room_name: timeline::full_name_of(name, known.booking.as_ref()),
        trip: known.trip,
        seq,
        author_name,
        mine: author == me,
        at,
        marks: search::marks(&text, query),
        text,
    }))
}
