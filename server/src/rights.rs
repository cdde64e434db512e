//! The questions that every operation asks inside its own transaction.

use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::tables::service_token::Stored;
use crate::store::tables::stay::{Current, Stay};
use crate::store::tables::{room, service_token, session, stay};
use crate::tokens::{Caller, Scope, Service};
use std::fmt::Debug;
use std::future::Future;
use tripchat_protocol::{ErrorCode, Room, RoomId, RoomType, UserId};
use tripchat_runtime::{Plant, planted};

/// Whoever acts: a person with a session, or a platform's backend with a service token. A use case that both have is
/// one job, and asks here.
pub trait Acting: Clone + Debug + Send + Sync + 'static {
    /// In which tenant: nothing outside of it is there.
    fn tenant(&self) -> &str;

    /// The author of what it does in rooms.
    fn author(&self) -> UserId;

    /// The person; none: the platform, which acts for its people.
    fn person(&self) -> Option<UserId>;

    /// Whether it still stands, and of a service token whether it is for this.
    fn may(&self, tx: &mut Tx, scope: Scope) -> impl Future<Output = Result<()>> + Send;
}

impl Acting for Caller {
    fn tenant(&self) -> &str {
        &self.tenant
    }

    fn author(&self) -> UserId {
        self.user
    }

    fn person(&self) -> Option<UserId> {
        Some(self.user)
    }

    async fn may(&self, tx: &mut Tx, _: Scope) -> Result<()> {
        session(tx, self).await
    }
}

impl Acting for Service {
    fn tenant(&self) -> &str {
        &self.tenant
    }

    fn author(&self) -> UserId {
        UserId(self.id)
    }

    fn person(&self) -> Option<UserId> {
        None
    }

    async fn may(&self, tx: &mut Tx, scope: Scope) -> Result<()> {
        service(tx, self, scope).await.map(drop)
    }
}

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

/// The room, if it is of a trip or booking of the platform's tenant. Whatever else people talk about among themselves is
/// none of its business.
///
/// # Errors
/// `ROOM_NOT_FOUND`.
pub async fn served(tx: &mut Tx, by: &Service, id: RoomId) -> Result<Room> {
    let here = room::tenant(tx, id).await?.is_some_and(|tenant| tenant == by.tenant);
    let found = if here { room::by_id(tx, id).await? } else { None };
    let found = found.filter(|room| matches!(room.room_type, RoomType::Trip | RoomType::Booking));
    Ok(found.ok_or(ErrorCode::RoomNotFound)?)
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
