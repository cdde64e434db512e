//! Trips and bookings.

use crate::Millis;
use crate::ids::{BookingId, RoomId, TripId, UserId};
use crate::review::Rating;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where a trip stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TripStatus {
    /// Offered.
    Planned,
    /// People are getting in.
    Boarding,
    /// On the road.
    UnderWay,
    /// At its destination.
    Arrived,
    /// Over.
    Closed,
    /// Called off.
    Cancelled,
}

/// A place and the time at which the vehicle leaves it (at the last one: arrives).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stop {
    /// City or address.
    pub place: String,
    /// IANA time zone of the place, such as `Asia/Almaty`.
    pub zone: String,
    /// The time.
    #[ts(type = "number")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub at: Millis,
}

/// The car or bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vehicle {
    /// Make and model.
    pub model: String,
    /// Colour, in words.
    pub colour: String,
    /// Number plate.
    pub plate: String,
}

/// An amount in minor units of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Money {
    /// Minor units: 500000 is 5,000.00 tenge.
    #[ts(type = "number")]
    pub minor: i64,
    /// ISO 4217 code, such as `KZT`.
    pub currency: String,
}

/// A trip as it now stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trip {
    /// Its id.
    pub id: TripId,
    /// The room of its people.
    pub room: RoomId,
    /// Who drives.
    pub driver: UserId,
    /// The driver's name.
    pub driver_name: String,
    /// What the driver's reviews came to when the trip was last told; absent before the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub driver_rating: Option<Rating>,
    /// Where it stands.
    pub status: TripStatus,
    /// Origin, stops on the way, destination: two or more, in order of time.
    pub stops: Vec<Stop>,
    /// The vehicle.
    pub vehicle: Vehicle,
    /// Seats offered.
    pub seats: u16,
    /// Seats not yet confirmed to someone.
    pub seats_free: u16,
    /// Price of a seat.
    pub price: Money,
    /// What may be taken along.
    pub luggage_note: String,
}

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BookingStatus {
    /// Asked for.
    Requested,
    /// The driver agreed; the seats are taken.
    Confirmed,
    /// The driver said no.
    Declined,
    /// Nobody answered in time.
    Expired,
    /// Called off.
    Cancelled,
    /// In the vehicle.
    Boarded,
    /// Did not come.
    NoShow,
    /// Arrived.
    Completed,
}

/// A booking, as its passenger and the driver see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// A number that people can say, such as `B7K-42M`.
    pub number: String,
    /// The trip.
    pub trip: TripId,
    /// The room of its two people; a booking of an older server may have none yet, see `POST /bookings/{id}/room`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// Who asks.
    pub passenger: UserId,
    /// The passenger's name.
    pub passenger_name: String,
    /// How many seats; they are taken for the whole trip.
    pub seats: u16,
    /// At which of the trip's stops they get in, counted from 0; absent: at the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub pickup: Option<u16>,
    /// At which they get out; absent: at the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub dropoff: Option<u16>,
    /// Where it stands.
    pub status: BookingStatus,
    /// When it was asked for.
    #[ts(type = "number")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub requested_at: Millis,
}
