//! The one door for what becomes of a booking: its row, the booking as its own room shows it, and what is said there.
//! Nowhere else is a booking told of: the other people of the trip are not to know.

use super::life;
use crate::error::{Error, Result};
use crate::messages;
use crate::rooms;
use crate::store::Tx;
use crate::store::tables::{booking, trip};
use tripchat_protocol::{
    Booking, BookingStatus, ErrorCode, MessageId, Object, Role, Room, RoomId, RoomType, StreamId, Trip,
    UserId,
};

/// Tells of a booking that was just stored: opens its room, where `by` asks for the seats.
///
/// # Errors
/// The failure of the database.
pub async fn begin(tx: &mut Tx, by: UserId, booking: &mut Booking, trip: &Trip) -> Result<()> {
    let room = room_of(tx, booking, trip).await?;
    tx.tell_booking(booking, None).await?;
    say(tx, room, by, life::said_of_booking(None, booking)).await
}

/// Moves a booking, that was read in this transaction, to stand at `to`: `by` did it. When the clock did, that is the
/// driver, who did not answer, so that it is the passenger who has something new to read.
///
/// # Errors
/// `CONFLICT`: it no longer stands as it was read.
pub async fn turn(
    tx: &mut Tx,
    by: UserId,
    booking: &mut Booking,
    trip: &Trip,
    to: BookingStatus,
) -> Result<()> {
    let from = booking.status;
    if !booking::advance(tx, booking.id, from, to).await? {
        return Err(ErrorCode::Conflict.into());
    }
    booking.status = to;
    let room = room_of(tx, booking, trip).await?;
    tx.record(StreamId::Room(room), &Object::Booking(booking.clone())).await?;
    tx.tell_booking(booking, Some(from)).await?;
    say(tx, room, by, life::said_of_booking(Some(from), booking)).await
}

/// The private room of a booking, passenger and driver. Whoever comes first opens it: that of a new booking, or one of
/// an older server.
///
/// # Errors
/// The failure of the database.
pub async fn room_of(tx: &mut Tx, booking: &mut Booking, trip: &Trip) -> Result<RoomId> {
    if let Some(room) = booking.room {
        return Ok(room);
    }
    let room = RoomId(tx.new_id());
    booking.room = Some(room);
    let tenant =
        trip::tenant(tx, trip.id).await?.ok_or_else(|| Error::internal("a booking without a trip"))?;
    let new = Room {
        id: room,
        room_type: RoomType::Booking,
        name: None,
        trip: Some(trip.id),
        booking: Some(booking.id),
        created_by: booking.passenger,
        created_at: tx.now(),
        is_active: true,
    };
    tx.hold([trip.driver, booking.passenger].map(StreamId::User)).await?;
    rooms::open(tx, &tenant, new).await?;
    let stream = StreamId::Room(room);
    tx.record(stream, &Object::Trip(trip.clone())).await?;
    tx.record(stream, &Object::Booking(booking.clone())).await?;
    rooms::join(tx, room, trip.driver, Role::Owner).await?;
    rooms::join(tx, room, booking.passenger, Role::Member).await?;
    Ok(room)
}

async fn say(tx: &mut Tx, room: RoomId, by: UserId, said: Option<tripchat_protocol::System>) -> Result<()> {
    let Some(said) = said else { return Ok(()) };
    let id = MessageId(tx.new_id());
    messages::say(tx, room, by, id, said).await.map(drop)
}
