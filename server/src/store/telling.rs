//! What platforms are told (docs/webhooks.md), written in the transaction of what it is about: what was rolled back
//! is told to nobody, and what was committed is told in the end, whichever node dies in between.

use super::tables::webhook_message::New;
use super::tables::{room, webhook, webhook_message};
use super::tx::Tx;
use crate::error::{Error, Result};
use serde_json::{Value as Json, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tripchat_protocol::{
    Booking, BookingStatus, Message, MessageId, Millis, Room, RoomId, Trip, TripStatus, WebhookId,
    WebhookMessageId,
};

/// Everything that platforms can be told.
pub const EVENTS: [&str; 12] = [
    "message.created",
    "room.created",
    "trip.created",
    "trip.changed",
    "booking.requested",
    "booking.confirmed",
    "booking.declined",
    "booking.expired",
    "booking.cancelled",
    "booking.boarded",
    "booking.no_show",
    "booking.completed",
];

impl Tx {
    /// Tells that `message` was written in `room`.
    pub(super) async fn tell_message(&mut self, room: RoomId, message: &Message) -> Result<()> {
        let kind = "message.created";
        let listeners = wanting(webhook::of_room(self, room).await?, kind);
        if listeners.is_empty() {
            return Ok(());
        }
        let it = room::by_id(self, room).await?.ok_or_else(|| Error::internal("a message without a room"))?;
        let data = json!({
            "message": message.id, "room": room, "room_type": it.room_type, "trip": it.trip, "booking": it.booking,
            "seq": message.seq, "author": message.author, "body": message.body,
        });
        self.tell(&listeners, kind, &of_message(room, message.id), data).await
    }

    /// A message was taken away: who was not told of it yet never is.
    pub(super) async fn untell_message(&mut self, room: RoomId, message: MessageId) -> Result<()> {
        webhook_message::delete_about(self, &of_message(room, message)).await
    }

    /// Tells that `room` was made.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn tell_room(&mut self, room: &Room) -> Result<()> {
        let kind = "room.created";
        let listeners = wanting(webhook::of_room(self, room.id).await?, kind);
        let data = json!({
            "room": room.id, "room_type": room.room_type, "trip": room.trip, "booking": room.booking,
            "created_by": room.created_by,
        });
        self.tell(&listeners, kind, room.id.0.as_bytes(), data).await
    }

    /// Tells that `trip` is offered.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn tell_trip(&mut self, trip: &Trip) -> Result<()> {
        self.tell_of_trip("trip.created", trip, None).await
    }

    /// Tells that `trip`, which stood at `previous`, was changed or moved along its way.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn tell_trip_changed(&mut self, trip: &Trip, previous: TripStatus) -> Result<()> {
        self.tell_of_trip("trip.changed", trip, Some(previous)).await
    }

    async fn tell_of_trip(&mut self, kind: &str, trip: &Trip, previous: Option<TripStatus>) -> Result<()> {
        let listeners = wanting(webhook::of_trip(self, trip.id).await?, kind);
        let data = json!({
            "trip": trip.id, "room": trip.room, "driver": trip.driver, "status": trip.status,
            "previous": previous, "starts_at": trip.stops.first().map(|stop| stop.at),
            "seats_free": trip.seats_free,
        });
        self.tell(&listeners, kind, trip.id.0.as_bytes(), data).await
    }

    /// Tells that `booking` now stands as it does, and where it stood before.
    ///
    /// # Errors
    /// The failure of the database.
    pub async fn tell_booking(&mut self, booking: &Booking, previous: Option<BookingStatus>) -> Result<()> {
        let kind = match booking.status {
            BookingStatus::Requested => "booking.requested",
            BookingStatus::Confirmed => "booking.confirmed",
            BookingStatus::Declined => "booking.declined",
            BookingStatus::Expired => "booking.expired",
            BookingStatus::Cancelled => "booking.cancelled",
            BookingStatus::Boarded => "booking.boarded",
            BookingStatus::NoShow => "booking.no_show",
            BookingStatus::Completed => "booking.completed",
        };
        let listeners = wanting(webhook::of_trip(self, booking.trip).await?, kind);
        let data = json!({
            "booking": booking.id, "number": booking.number, "trip": booking.trip,
            "room": booking.room,
            "passenger": booking.passenger, "seats": booking.seats, "status": booking.status,
            "previous": previous,
        });
        self.tell(&listeners, kind, booking.id.0.as_bytes(), data).await
    }

    async fn tell(&mut self, listeners: &[WebhookId], kind: &str, subject: &[u8], data: Json) -> Result<()> {
        if listeners.is_empty() {
            return Ok(());
        }
        let body = json!({"type": kind, "timestamp": rfc3339(self.now)?, "data": data}).to_string();
        for &webhook in listeners {
            let id = WebhookMessageId(self.sources.uuid());
            webhook_message::insert(self, &New { id, webhook, kind, subject, body: &body }).await?;
        }
        Ok(())
    }
}

/// Those that want to be told of `kind`.
fn wanting(listeners: Vec<(WebhookId, Vec<String>)>, kind: &str) -> Vec<WebhookId> {
    let wants = |events: &[String]| events.is_empty() || events.iter().any(|it| covers(it, kind));
    listeners.into_iter().filter(|(_, events)| wants(events)).map(|(id, _)| id).collect()
}

/// Whether `wanted`, a name or a beginning such as `booking.*`, means `kind`.
#[must_use]
pub fn covers(wanted: &str, kind: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(beginning) => beginning.ends_with('.') && kind.starts_with(beginning),
        None => wanted == kind,
    }
}

/// `at` as RFC 3339 has it.
///
/// # Errors
/// If it is no time: a defect.
pub fn rfc3339(at: Millis) -> Result<String> {
    let nanos = i128::from(at) * 1_000_000;
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanos)
        .map_err(|error| Error::internal(error.to_string()))?;
    time.format(&Rfc3339).map_err(|error| Error::internal(error.to_string()))
}

/// Two rooms may have a message of one id.
fn of_message(room: RoomId, message: MessageId) -> Vec<u8> {
    [&room.0.as_bytes()[..], &message.0.as_bytes()[..]].concat()
}
