//! A driver, a passenger, a trip from Almaty to Bishkek and its room: what most tests stand on.

use super::Ground;
use crate::error::Result;
use crate::store::tables::stay::Current;
use crate::store::tables::{booking, object, room, stay, trip, users};
use crate::store::{NewMessage, Tx};
use tripchat_protocol::{
    Body, Booking, BookingId, BookingStatus, Message, MessageId, Money, Object, Rev, Role, Room, RoomId,
    RoomType, Stop, StreamId, Trip, TripId, TripStatus, UserId, Vehicle,
};
use tripchat_runtime::Sources;

pub const TENANT: &str = "default";

/// What is in the database once [`Ride::begin`] is through.
#[derive(Debug, Clone)]
pub struct Ride {
    pub driver: UserId,
    pub passenger: UserId,
    pub room: Room,
    pub trip: Trip,
}

impl Ride {
    pub async fn begin(ground: &Ground) -> Self {
        let sources = &ground.sources;
        let driver = add_person(ground, "aigerim@example.org", "Айгерім").await;
        let passenger = add_person(ground, "rui@example.org", "Rui 🚌").await;
        let room = new_room(sources, driver);
        let trip = new_trip(sources, driver, room.id, 4);
        let ride = Self { driver, passenger, room: Room { trip: Some(trip.id), ..room }, trip };
        ground.write(ride.clone(), |ride, tx| Box::pin(store(ride, tx))).await.expect("the ride is stored");
        ride
    }

    pub fn stream(&self) -> StreamId {
        StreamId::Room(self.room.id)
    }
}

async fn store(ride: &Ride, tx: &mut Tx) -> Result<()> {
    room::insert(tx, TENANT, &ride.room).await?;
    tx.open_stream(ride.stream()).await?;
    stay::begin(tx, ride.room.id, ride.driver, from_the_start(Role::Owner)).await?;
    stay::begin(tx, ride.room.id, ride.passenger, from_the_start(Role::Member)).await?;
    trip::insert(tx, TENANT, &ride.trip).await
}

/// A stay that sees all.
pub fn from_the_start(role: Role) -> Current {
    Current { role, from_rev: Rev(1), since: Rev(1) }
}

pub async fn add_person(ground: &Ground, email: &'static str, name: &'static str) -> UserId {
    let id = UserId(ground.sources.uuid());
    let new = ground.write((id, email, name), |&(id, email, name), tx| {
        Box::pin(async move {
            let new = users::NewUser {
                id,
                tenant: TENANT,
                email: Some(email),
                name,
                password_hash: Some("$argon2id$"),
            };
            users::insert(tx, &new).await
        })
    });
    assert!(new.await.expect("the person is stored"), "{email} is new");
    id
}

pub fn new_room(sources: &Sources, by: UserId) -> Room {
    Room {
        id: RoomId(sources.uuid()),
        room_type: RoomType::Trip,
        name: None,
        trip: None,
        booking: None,
        created_by: by,
        created_at: sources.now(),
        is_active: true,
    }
}

/// A room with its stream and nobody in it.
pub async fn add_room(ground: &Ground, by: UserId) -> StreamId {
    let new = new_room(&ground.sources, by);
    let stream = StreamId::Room(new.id);
    let stored = ground.write((new, stream), |(new, stream), tx| {
        Box::pin(async move {
            room::insert(tx, TENANT, new).await?;
            tx.open_stream(*stream).await
        })
    });
    stored.await.expect("the room is stored");
    stream
}

pub fn new_trip(sources: &Sources, driver: UserId, room: RoomId, seats: u16) -> Trip {
    let leaves = sources.now() + 3_600_000;
    let stop = |place: &str, zone: &str, at| Stop { place: place.into(), zone: zone.into(), at };
    Trip {
        id: TripId(sources.uuid()),
        room,
        driver,
        driver_name: "Айгерім".into(),
        driver_rating: None,
        status: TripStatus::Planned,
        stops: vec![
            stop("Алматы", "Asia/Almaty", leaves),
            stop("Қордай", "Asia/Almaty", leaves + 10_800_000),
            stop("Бишкек", "Asia/Bishkek", leaves + 14_400_000),
        ],
        vehicle: Vehicle {
            model: "Škoda Octavia".into(), colour: "ақ".into(), plate: "123 ABC 02".into()
        },
        seats,
        seats_free: seats,
        price: Money { minor: 500_000, currency: "KZT".into() },
        luggage_note: String::new(),
    }
}

pub async fn add_trip(ground: &Ground, tenant: &'static str, trip: Trip) {
    let stored = ground.write((tenant, trip), |(tenant, trip), tx| Box::pin(trip::insert(tx, tenant, trip)));
    stored.await.expect("the trip is stored");
}

pub fn new_booking(ground: &Ground, ride: &Ride, number: &str) -> Booking {
    Booking {
        id: BookingId(ground.sources.uuid()),
        number: number.into(),
        trip: ride.trip.id,
        room: None,
        passenger: ride.passenger,
        passenger_name: "Rui 🚌".into(),
        seats: 2,
        pickup: None,
        dropoff: None,
        status: BookingStatus::Requested,
        requested_at: ground.sources.now(),
    }
}

pub async fn add_booking(ground: &Ground, new: &Booking) -> Result<bool> {
    ground.write(new.clone(), |new, tx| Box::pin(booking::insert(tx, new))).await
}

/// A message as its writer hands it in; its hash is made of the last byte of its id, which tests tell apart.
pub fn written(id: MessageId, author: UserId, text: &str) -> NewMessage {
    let last = id.0.as_bytes()[15];
    NewMessage { id, author, body: Body::Text { text: text.into() }, written_at: 5, request_hash: [last; 32] }
}

pub async fn send(ground: &Ground, room: RoomId, author: UserId, text: &'static str) -> Result<Message> {
    let id = MessageId(ground.sources.uuid());
    let sent = ground.write((room, id, author, text), |&(room, id, author, text), tx| {
        Box::pin(async move { tx.record_message(room, written(id, author, text)).await })
    });
    sent.await
}

/// Every change that a stream holds: its rev and its kind, in order.
pub async fn changes_in(tx: &mut Tx, stream: StreamId) -> Result<Vec<(Rev, String)>> {
    let mut all = Vec::new();
    for (rev, body) in object::after(tx, stream, Rev(0), 100_000).await? {
        let object: Object = serde_json::from_str(&body).expect("an object");
        all.push((rev, object.kind().to_owned()));
    }
    if let Some(room) = stream.room() {
        let messages = crate::store::tables::changed::after_rev(tx, room, Rev(0), 100_000).await?;
        all.extend(messages.into_iter().map(|(rev, _)| (rev, "message".to_owned())));
    }
    all.sort();
    Ok(all)
}
