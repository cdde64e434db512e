//! The questions that every operation asks inside its own transaction.

use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::tables::{room, session};
use crate::tokens::Caller;
use tripchat_protocol::{ErrorCode, Role, RoomId};

/// The caller's session was not ended.
///
/// # Errors
/// `SESSION_ENDED`.
pub async fn session(tx: &mut Tx, by: &Caller) -> Result<()> {
    if session::stands(tx, by.session, by.user).await? { Ok(()) } else { Err(ErrorCode::SessionEnded.into()) }
}

/// The caller's session was not ended, and no newer connection of the device has taken over. A newer one does
/// with its first operation that is not refused; reading leaves things as they are.
///
/// # Errors
/// `SESSION_ENDED`, `CONNECTION_REPLACED`.
pub async fn connection(tx: &mut Tx, by: &Caller, generation: i64) -> Result<()> {
    match session::generation(tx, by.session, by.user).await? {
        None => Err(ErrorCode::SessionEnded.into()),
        Some(newer) if newer > generation => Err(ErrorCode::ConnectionReplaced.into()),
        Some(same) if same == generation => Ok(()),
        Some(_) => session::raise_generation(tx, by.session, generation).await,
    }
}

/// The caller is in the room, with this role. An unknown and a foreign room answer alike.
///
/// # Errors
/// `ROOM_NOT_FOUND`, or `NOT_PARTICIPANT` for a former member.
pub async fn member(tx: &mut Tx, by: &Caller, room: RoomId) -> Result<Role> {
    match room::stay(tx, room, by.user).await? {
        room::Stay::Current(role) => Ok(role),
        room::Stay::Former => Err(ErrorCode::NotParticipant.into()),
        room::Stay::Stranger => Err(Error::from(ErrorCode::RoomNotFound)),
    }
}
