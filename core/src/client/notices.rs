//! Notifications: what is unread, new, and not on the screen.
//!
//! A room is judged after what was changed in it is committed, and not before everything that is on its way is here:
//! a page of five hundred messages is one notification, and what was read on another device is none.

use super::engine::Engine;
use crate::cache::notified::{self, Notified};
use crate::cache::{CacheError, cursors, heads, messages, objects};
use crate::event::ClientEvent;
use crate::sync::whole;
use crate::timeline::notice::{Situation, Verdict, judge};
use crate::timeline::{self, Reader, system, text};
use crate::view::{ConnectionView, Notice};
use rusqlite::Connection;
use tripchat_protocol::{Cursor, Epoch, Membership, Message, RoomId, Standing, StreamId, UserId};

impl Engine {
    /// Something of a room has changed.
    pub fn touch(&mut self, room: RoomId) {
        self.touched.insert(room);
    }

    /// Whether nothing of a room is on its way: in the middle of a catch-up what was changed later is yet to come, even
    /// if it was made before the cursor.
    pub fn is_settled(&self, room: RoomId) -> bool {
        let stream = StreamId::Room(room);
        !self.gaps.is_coming(stream) && !self.unfinished.contains(&stream)
    }

    /// Judges the rooms that were touched and that nothing is on its way for, and tells how far they are stored.
    pub fn judge_touched(&mut self) {
        // Marks may still follow the messages that they speak of.
        if self.touched.is_empty() || self.session.view() == ConnectionView::Syncing {
            return;
        }
        let ready: Vec<RoomId> = self.touched.iter().copied().filter(|room| self.is_settled(*room)).collect();
        for room in ready {
            self.touched.remove(&room);
            match self.judge_room(room) {
                Ok(Some(event)) => self.tell(event),
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "local storage"),
            }
            if let Err(error) = self.report(room) {
                self.fault(&error);
            }
        }
    }

    /// The first catch-up of a fresh device is done: what is unread there is not news.
    pub fn begin_quietly(&mut self) {
        if !std::mem::take(&mut self.is_fresh) {
            return;
        }
        if let Err(error) = self.count_all_as_told() {
            tracing::error!(%error, "local storage");
        }
    }

    /// Nobody is signed in any more: nothing of theirs stays on the screen.
    pub fn withdraw_all(&self) {
        let Some(account) = &self.account else { return };
        match notified::shown(account.cache.read()) {
            Ok(rooms) => rooms.into_iter().for_each(|room| self.tell(ClientEvent::Withdraw { room })),
            Err(error) => tracing::error!(error = %CacheError::from(error), "local storage"),
        }
    }

    fn count_all_as_told(&mut self) -> Result<(), CacheError> {
        let Some(account) = &mut self.account else { return Ok(()) };
        let tx = account.cache.write()?;
        for membership in objects::memberships(&tx, account.user)? {
            let room = membership.room;
            if let Some(newest) = whole::newest(&tx, room)? {
                let epoch = epoch(&tx, room)?;
                notified::set(&tx, room, Notified { epoch, seq: newest.seq, shown: false })?;
            }
        }
        tx.commit()?;
        Ok(())
    }

    fn judge_room(&mut self, room: RoomId) -> Result<Option<ClientEvent>, CacheError> {
        let (now, visible) = (self.parts.sources.now(), self.visible);
        let Some(account) = &self.account else { return Ok(None) };
        let (db, me) = (account.cache.read(), account.user);
        let membership = objects::membership(db, me, room)?;
        let stay = membership.as_ref().filter(|stay| stay.state == Standing::Current);
        let newest = stay.map_or(Ok(None), |_| newest_unread(db, me, room))?;
        let situation = Situation {
            unread: stay.map_or(Ok(0), |_| whole::unread(db, me, room))?,
            newest: newest.as_ref().map(|message| message.seq),
            quiet: visible == Some(room) || stay.is_none_or(|stay| is_quiet(stay, now)),
        };
        let epoch = epoch(db, room)?;
        let known = notified::get(db, room)?;
        let before = known.unwrap_or(Notified { epoch, ..Notified::default() });
        // Seqs of another life of the room are not compared.
        let before = if before.epoch == epoch {
            before
        } else {
            Notified { epoch, shown: before.shown, ..Notified::default() }
        };
        let (verdict, after) = judge(situation, before);
        if known != Some(after) && (known.is_some() || after != before) {
            notified::set(db, room, after)?;
        }
        Ok(match (verdict, newest) {
            (Verdict::Notify, Some(newest)) => {
                let notice = notice(db, me, &newest, (room, situation.unread))?;
                Some(ClientEvent::Notify { notice: Box::new(notice) })
            }
            (Verdict::Withdraw, _) => Some(ClientEvent::Withdraw { room }),
            _ => None,
        })
    }
}

fn is_quiet(stay: &Membership, now: tripchat_protocol::Millis) -> bool {
    stay.own.archived || stay.own.muted_until.is_some_and(|until| until > now)
}

/// In which epoch the seqs of a room count now.
fn epoch(db: &Connection, room: RoomId) -> rusqlite::Result<Epoch> {
    if let Some(Cursor(epoch, _)) = cursors::get(db, StreamId::Room(room))? {
        return Ok(epoch);
    }
    Ok(heads::get(db, room)?.map(|head| head.epoch).unwrap_or_default())
}

/// The newest message that one has not read; where the content is not here, the one that was told.
fn newest_unread(db: &Connection, me: UserId, room: RoomId) -> rusqlite::Result<Option<Message>> {
    let read = whole::read_mark(db, me, room)?;
    let told = whole::newest(db, room)?.filter(|newest| newest.counts_for(me) && newest.seq > read);
    match told {
        Some(newest) => Ok(Some(newest)),
        None => messages::newest_countable(db, room, me, read),
    }
}

fn notice(
    db: &Connection,
    me: UserId,
    newest: &Message,
    (room, unread): (RoomId, u32),
) -> rusqlite::Result<Notice> {
    let members = objects::members(db, room)?;
    let reader = Reader { me, my_name: "", state: Standing::Current, members: &members, marks: &[] };
    let (found, booking) = (objects::room(db, room)?, objects::booking(db, room)?);
    let name = found.as_ref().and_then(|it| timeline::name_of(reader, it.room_type, Some(it)));
    Ok(Notice {
        room,
        room_name: timeline::full_name_of(name, booking.as_ref()),
        trip: objects::trip(db, room)?,
        author_name: reader.name(newest.author),
        text: text(&newest.body),
        system: system(&newest.body),
        unread,
    })
}
