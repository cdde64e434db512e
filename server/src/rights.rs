//! The questions that every operation asks inside its own transaction.

use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::tables::service_token::Stored;
use crate::store::tables::stay::{Current, Stay};
use crate::store::tables::{service_token, session, stay};
use crate::tokens::{Caller, Scope, Service};
use tripchat_protocol::{ErrorCode, RoomId};
use tripchat_runtime::{Plant, planted};

/// The service's token was neither revoked nor has it expired, and it is for this.
///
/// # Errors
/// `UNAUTHORIZED`; `FORBIDDEN`, naming the scope.
pub async fn service(tx: &mut Tx, by: &Service, scope: Scope) -> Result<Stored> {
    let now = tx.now();
    let stored = service_token::find(tx, by.id).await?;
    let stored = stored.filter(|it| by.is(&it.secret_hash) && it.tenant == by.tenant && it.stands(now));
    let stored = stored.ok_or(ErrorCode::Unauthorized)?;
    if stored.scopes.split(' ').any(|word| word == scope.word()) {
        Ok(stored)
    } else {
        Err(Error::refused(ErrorCode::Forbidden, scope.word()))
    }
}

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
    if is_newer(tx, by, generation).await? { take_over(tx, by, generation).await } else { Ok(()) }
}

/// Like [`connection`], but takes nothing over yet: for one of many operations in a transaction, whose refusal must
/// not undo the others. Whether it is a newer connection, for [`take_over`].
///
/// # Errors
/// `SESSION_ENDED`, `CONNECTION_REPLACED`.
pub async fn is_newer(tx: &mut Tx, by: &Caller, generation: i64) -> Result<bool> {
    match session::generation(tx, by.session, by.user).await? {
        None => Err(ErrorCode::SessionEnded.into()),
        Some(newer) if newer > generation && !planted(Plant::OldGenerationAccepted) => {
            Err(ErrorCode::ConnectionReplaced.into())
        }
        Some(known) => Ok(known < generation),
    }
}

/// Older connections of the caller's device can do nothing any more.
///
/// # Errors
/// The failure of the database.
pub async fn take_over(tx: &mut Tx, by: &Caller, generation: i64) -> Result<()> {
    session::raise_generation(tx, by.session, generation).await
}

/// The caller is in the room. An unknown and a foreign room answer alike.
///
/// # Errors
/// `ROOM_NOT_FOUND`, or `NOT_PARTICIPANT` for a former member.
pub async fn member(tx: &mut Tx, by: &Caller, room: RoomId) -> Result<Current> {
    match stay::of(tx, room, by.user).await? {
        Stay::Current(current) => Ok(current),
        Stay::Former(_) => Err(ErrorCode::NotParticipant.into()),
        Stay::Stranger => Err(ErrorCode::RoomNotFound.into()),
    }
}
