//! Deleting one's account. What others refer to stays as numbered gaps: messages become tombstones, the person in a room
//! is somebody without a name. What was booked or offered and has not begun is called off first, so that nobody waits.

use super::names;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::rights;
use crate::rooms;
use crate::store::tables::{
    booking, identity, message, object, own, reset_code, review, session, stay, trip, users,
};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use crate::trips::{CancelBooking, SetStatus};
use tripchat_protocol::rest::DeleteMe;
use tripchat_protocol::{
    Body, BookingStatus, ErrorCode, Message, MessageId, SessionId, StreamId, Trip, TripStatus, UserId,
};

/// Bookings that are looked through; a person has fewer.
const BOOKINGS: i64 = 10_000;
/// Messages that are taken away at a time.
const PAGE: i64 = 500;

/// Deletes the account of the caller, for ever.
///
/// # Errors
/// `WRONG_CREDENTIALS`; `ON_THE_ROAD` while a trip or booking of theirs is under way.
pub async fn delete(context: &Context, by: Caller, input: DeleteMe) -> Result<()> {
    let stored = context.store.read(ReadPassword { by: by.clone() }).await?;
    if let Some(stored) = &stored {
        let given = input.password.unwrap_or_default();
        if !context.passwords.verify(given, Some(stored.clone())).await? {
            return Err(ErrorCode::WrongCredentials.into());
        }
    }
    let job = Delete { by, verified: stored };
    for ended in context.store.write(job).await? {
        context.hub.end_session(ended);
    }
    Ok(())
}

struct ReadPassword {
    by: Caller,
}

impl Job for ReadPassword {
    type Out = Option<String>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        rights::session(tx, &self.by).await?;
        let account = users::account(tx, self.by.user).await?;
        Ok(account.ok_or_else(|| Error::internal("a session without its person"))?.password_hash)
    }
}

struct Delete {
    by: Caller,
    /// The hash that the password was compared with.
    verified: Option<String>,
}

impl Job for Delete {
    type Out = Vec<SessionId>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        let Self { by, .. } = self;
        rights::session(tx, by).await?;
        let account = users::account(tx, by.user).await?;
        if account.is_none_or(|it| it.password_hash != self.verified) {
            return Err(ErrorCode::WrongCredentials.into());
        }
        self.leave_bookings(tx).await?;
        self.leave_trips(tx).await?;
        forget(tx, &by.tenant, by.user).await
    }

    fn lane(&self) -> Option<uuid::Uuid> {
        Some(self.by.user.0)
    }
}

impl Delete {
    async fn leave_bookings(&self, tx: &mut Tx) -> Result<()> {
        for it in booking::of_passenger(tx, self.by.user, BOOKINGS).await? {
            match it.status {
                BookingStatus::Requested | BookingStatus::Confirmed => {
                    let job = CancelBooking { by: self.by.clone(), booking: it.id };
                    job.run(tx).await.map_err(on_the_road)?;
                }
                BookingStatus::Boarded => return Err(ErrorCode::OnTheRoad.into()),
                _ => {}
            }
        }
        Ok(())
    }

    async fn leave_trips(&self, tx: &mut Tx) -> Result<()> {
        for it in trip::driven_by(tx, &self.by.tenant, self.by.user).await? {
            match it.status {
                TripStatus::Planned => {
                    let message = MessageId(tx.new_id());
                    let to = TripStatus::Cancelled;
                    SetStatus { by: self.by.clone(), trip: it.id, to, message }.run(tx).await?;
                }
                TripStatus::Boarding | TripStatus::UnderWay => return Err(ErrorCode::OnTheRoad.into()),
                TripStatus::Arrived | TripStatus::Closed | TripStatus::Cancelled => {}
            }
        }
        Ok(())
    }
}

/// Leaves of a person what others refer to, and nothing about them. Gives the sign-ins that it ended.
///
/// # Errors
/// The failure of the database.
pub async fn forget(tx: &mut Tx, tenant: &str, user: UserId) -> Result<Vec<SessionId>> {
    for it in trip::driven_by(tx, tenant, user).await? {
        forget_vehicle(tx, it).await?;
    }
    take_messages(tx, user).await?;
    for (room, _) in stay::current_rooms_of(tx, user).await? {
        let trip = trip::of_room(tx, tenant, room).await?;
        rooms::leave(tx, room, user, trip).await?;
    }
    users::erase(tx, user).await?;
    names::spread(tx, user, "").await?;
    names::forget_in_kept(tx, user).await?;
    identity::forget(tx, user).await?;
    own::forget(tx, user).await?;
    review::forget(tx, user).await?;
    reset_code::forget(tx, user).await?;
    object::drop_all(tx, StreamId::User(user)).await?;
    session::forget_apps(tx, user).await?;
    session::end_all(tx, user).await
}

/// In the trip's own row; the rooms that show it are told with the name.
async fn forget_vehicle(tx: &mut Tx, it: Trip) -> Result<()> {
    let it = names::without_vehicle(it);
    if !trip::change(tx, &it).await? {
        return Err(Error::internal("a trip has more seats taken than it has"));
    }
    Ok(())
}

async fn take_messages(tx: &mut Tx, user: UserId) -> Result<()> {
    loop {
        let page = message::of_author(tx, user, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for (room, placed) in page {
            tx.record_version(room, Message { body: Body::Deleted, ..placed.message }).await?;
        }
    }
    message::forget_versions(tx, user).await
}

/// A trip that has set out lets nobody cancel.
fn on_the_road(error: Error) -> Error {
    if error.code() == ErrorCode::NotNow { ErrorCode::OnTheRoad.into() } else { error }
}
