//! Changing and taking away one's own messages: what becomes of the rows, decided inside the caller's transaction.
//!
//! Until a message's first byte has left it is changed or withdrawn in place, and the server never knows. From then
//! on the server may have it: another text is an `edit`, taking it away a `delete`, queued behind it in its lane.

use crate::cache::outbox::{self, Change, Do, Row, Unsent};
use crate::cache::{CacheError, messages};
use crate::error::CoreError;
use rusqlite::Connection;
use tripchat_protocol::{Body, ErrorCode, Message, MessageId, OperationId, RoomId, UserId};

/// What has become of the rows.
#[derive(Debug, PartialEq, Eq)]
pub struct Planned {
    /// The operation that carries the change: its own, or that of the message while it is still here.
    pub id: OperationId,
    /// Whether it is to be put at the end of its lane.
    pub queued: bool,
    /// What is to be taken out of the lane.
    pub withdrawn: Vec<OperationId>,
}

impl Planned {
    fn in_place(id: OperationId) -> Self {
        Self { id, queued: false, withdrawn: Vec::new() }
    }

    fn queued(id: OperationId) -> Self {
        Self { queued: true, ..Self::in_place(id) }
    }
}

/// Whose message, in which room.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Oneself.
    pub me: UserId,
    /// The room.
    pub room: RoomId,
    /// The message.
    pub message: MessageId,
}

/// Gives a message another text; `fresh` names the operation, should it take one.
///
/// # Errors
/// `GONE` when it was deleted or is not here, `FORBIDDEN` when it is somebody else's or no text; `LOCAL_STORAGE`.
pub fn edit(db: &Connection, of: Target, text: &str, fresh: OperationId) -> Result<Planned, CoreError> {
    let changes = changes_of(db, of)?;
    if changes.iter().any(|change| change.what == Do::Delete && change.refusal.is_none()) {
        return Err(ErrorCode::Gone.into());
    }
    let base = match unsent(db, of)? {
        Some(row) if row.refusal.is_some() => return Ok(send_again(db, row.id, text)?),
        Some(row) if !row.attempted => {
            outbox::set_text(db, row.id, text).map_err(CacheError::from)?;
            return Ok(Planned::in_place(row.id.into()));
        }
        Some(_) => 0,
        None => standing(db, of)?.edit_no,
    };
    Ok(edit_behind(db, of, &changes, (base, text), fresh)?)
}

/// Refused, it is not on the server: the other text may go under the same id, and without a limit.
fn send_again(db: &Connection, id: MessageId, text: &str) -> Result<Planned, CacheError> {
    outbox::set_text(db, id, text)?;
    outbox::limit(db, id, None)?;
    outbox::requeue(db, id)?;
    Ok(Planned::queued(id.into()))
}

/// Queues an edit of version `base`, or of what the edits before it will have made of it.
fn edit_behind(
    db: &Connection,
    of: Target,
    changes: &[Change],
    (base, text): (u32, &str),
    fresh: OperationId,
) -> Result<Planned, CacheError> {
    let mut edit_no = base;
    for change in changes {
        match &change.what {
            // The person has looked at what was refused, and writes again.
            _ if change.refusal.is_some() => drop(outbox::remove(db, change.id)?),
            Do::Edit { .. } if !change.attempted => {
                outbox::set_text(db, change.id, text)?;
                return Ok(Planned::in_place(change.id));
            }
            Do::Edit { edit_no: replaced, .. } => edit_no = replaced.saturating_add(1),
            Do::Delete => {}
        }
    }
    outbox::insert_change(db, fresh, of.room, of.message, &Do::Edit { edit_no, text: text.to_owned() })?;
    Ok(Planned::queued(fresh))
}

/// Takes a message away; `fresh` names the operation, should it take one.
///
/// # Errors
/// As [`edit`].
pub fn delete(db: &Connection, of: Target, fresh: OperationId) -> Result<Planned, CoreError> {
    let changes = changes_of(db, of)?;
    if let Some(known) = changes.iter().find(|change| change.what == Do::Delete) {
        return Ok(delete_again(db, known)?);
    }
    match unsent(db, of)? {
        Some(row) if row.refusal.is_some() || !row.attempted => return Ok(withdraw(db, &row, &changes)?),
        Some(_) => {}
        None => drop(standing(db, of)?),
    }
    Ok(delete_behind(db, of, &changes, fresh)?)
}

fn delete_again(db: &Connection, known: &Change) -> Result<Planned, CacheError> {
    if known.refusal.is_none() {
        return Ok(Planned::in_place(known.id));
    }
    outbox::requeue(db, known.id)?;
    Ok(Planned::queued(known.id))
}

/// Nobody else will ever know of it.
fn withdraw(db: &Connection, row: &Unsent, changes: &[Change]) -> Result<Planned, CacheError> {
    let mut withdrawn = vec![row.id.into()];
    withdrawn.extend(changes.iter().map(|change| change.id));
    for id in &withdrawn {
        outbox::remove(db, *id)?;
    }
    Ok(Planned { id: row.id.into(), queued: false, withdrawn })
}

/// Edits that have not left yet have no point any more.
fn delete_behind(
    db: &Connection,
    of: Target,
    changes: &[Change],
    fresh: OperationId,
) -> Result<Planned, CacheError> {
    let mut withdrawn = Vec::new();
    for edit in changes.iter().filter(|change| !change.attempted || change.refusal.is_some()) {
        outbox::remove(db, edit.id)?;
        withdrawn.push(edit.id);
    }
    outbox::insert_change(db, fresh, of.room, of.message, &Do::Delete)?;
    Ok(Planned { id: fresh, queued: true, withdrawn })
}

/// Notes that the server refused an operation for ever, and draws the consequences for those that build on it;
/// returns what is to be taken out of the lane.
///
/// # Errors
/// When the disk refuses.
pub fn refused(db: &Connection, id: OperationId, code: ErrorCode) -> Result<Vec<OperationId>, CacheError> {
    let Some(row) = outbox::get(db, id)? else { return Ok(Vec::new()) };
    let message = match &row {
        Row::Send(unsent) => unsent.id,
        // It is away already, which is what was wanted.
        Row::Change(change) if change.what == Do::Delete && code == ErrorCode::Gone => {
            outbox::remove(db, id)?;
            return Ok(Vec::new());
        }
        Row::Change(change) => change.message,
    };
    let all = outbox::changes_of_room(db, row.room())?;
    let behind: Vec<Change> =
        all.into_iter().filter(|change| change.message == message && change.id != id).collect();
    let waiting = || behind.iter().filter(|change| change.refusal.is_none());
    let deleted = waiting().any(|change| change.what == Do::Delete);
    let last = waiting().filter_map(text_of).next_back();
    let mut withdrawn = Vec::new();
    // A message that the server never took needs no changes. An edit that builds on a refused one would undo what
    // the refusal tells of: it waits with it, as its newer text.
    for change in waiting().filter(|it| it.what != Do::Delete || matches!(row, Row::Send(_))) {
        outbox::remove(db, change.id)?;
        withdrawn.push(change.id);
    }
    if deleted {
        outbox::remove(db, id)?;
        return Ok(withdrawn);
    }
    if let Some(text) = last {
        outbox::set_text(db, id, text)?;
    }
    outbox::park(db, id, code)?;
    Ok(withdrawn)
}

/// Sends a refused operation again, behind what waits: a message without its limit, an edit against the newest
/// version. Returns its room.
///
/// # Errors
/// `GONE` when it is no longer there or was not refused; `LOCAL_STORAGE`.
pub fn again(db: &Connection, me: UserId, id: OperationId) -> Result<RoomId, CoreError> {
    let row = outbox::get(db, id).map_err(CacheError::from)?;
    let row = row.filter(|row| row.refusal().is_some()).ok_or(ErrorCode::Gone)?;
    outbox::requeue(db, id).map_err(CacheError::from)?;
    match &row {
        Row::Send(unsent) => outbox::limit(db, unsent.id, None).map_err(CacheError::from)?,
        Row::Change(Change { what: Do::Edit { .. }, room, message, .. }) => {
            let newest = messages::find(db, *room, me, *message).map_err(CacheError::from)?;
            if let Some((_, newest)) = newest {
                outbox::set_edit_no(db, id, newest.edit_no).map_err(CacheError::from)?;
            }
        }
        Row::Change(_) => {}
    }
    Ok(row.room())
}

/// Takes back a refused operation, or one that was not tried yet; returns its room and its text.
///
/// # Errors
/// `GONE` when it is no longer there, `CONFLICT` when it may be on its way; `LOCAL_STORAGE`.
pub fn discard(db: &Connection, id: OperationId) -> Result<(RoomId, String), CoreError> {
    let row = outbox::get(db, id).map_err(CacheError::from)?.ok_or(ErrorCode::Gone)?;
    if row.attempted() && row.refusal().is_none() {
        return Err(ErrorCode::Conflict.into());
    }
    outbox::remove(db, id).map_err(CacheError::from)?;
    let room = row.room();
    let text = match row {
        Row::Send(unsent) => unsent.text,
        Row::Change(Change { what: Do::Edit { text, .. }, .. }) => text,
        Row::Change(_) => String::new(),
    };
    Ok((room, text))
}

fn text_of(change: &Change) -> Option<&str> {
    if let Do::Edit { text, .. } = &change.what { Some(text) } else { None }
}

fn changes_of(db: &Connection, of: Target) -> Result<Vec<Change>, CacheError> {
    let mut changes = outbox::changes_of_room(db, of.room)?;
    changes.retain(|change| change.message == of.message);
    Ok(changes)
}

fn unsent(db: &Connection, of: Target) -> Result<Option<Unsent>, CacheError> {
    Ok(match outbox::get(db, of.message)? {
        Some(Row::Send(row)) if row.room == of.room => Some(row),
        _ => None,
    })
}

/// One's own message, as far as it may be changed.
fn standing(db: &Connection, of: Target) -> Result<Message, CoreError> {
    let found = messages::find(db, of.room, of.me, of.message).map_err(CacheError::from)?;
    // Ids are their writers': what is not found under one's own name is somebody else's, or not here.
    let (_, message) = found.ok_or(ErrorCode::Forbidden)?;
    match message.body {
        Body::Text { .. } => Ok(message),
        Body::Deleted => Err(ErrorCode::Gone.into()),
        Body::System(_) | Body::Unknown(_) => Err(ErrorCode::Forbidden.into()),
    }
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
