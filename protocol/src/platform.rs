//! Bodies of the routes of a platform's backend, `/api/v1/platform`.

use crate::ids::{BookingId, DeviceId, TripId, UserId, WebhookId};
use crate::member::Member;
use crate::rest::NewTrip;
use crate::system::System;
use crate::trip::{Booking, Money, Stop, Trip, Vehicle};
use serde::{Deserialize, Serialize};

/// `PUT /platform/people`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutPerson {
    /// The issuer whose tokens the person signs in with; none: the platform has no issuer of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The platform's own id of the person.
    pub subject: String,
    /// The name that others see.
    pub name: String,
    /// The language that they read, such as `kk` (RFC 5646); what is left out stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// A person, as the platform that brought them knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// Our id of the person.
    pub id: UserId,
    /// The issuer.
    pub issuer: String,
    /// The platform's own id.
    pub subject: String,
    /// The name that others see.
    pub name: String,
    /// The language that they read, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// `POST /platform/people/{id}/token`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MintGrant {
    /// The installation that signs in with it.
    pub device: DeviceId,
    /// A trip of which the access token tells (`trip_id`, `trip_role`): information for whoever reads it, not a right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trip: Option<TripId>,
}

/// `POST /platform/trips`: a trip with who drives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPlatformTrip {
    /// Our id of the person who drives.
    pub driver: UserId,
    /// The platform's own id of the trip, by which it is found again: one trip has it at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// As in [`NewTrip`].
    #[serde(deserialize_with = "crate::strict::strict")]
    pub stops: Vec<Stop>,
    /// As in [`NewTrip`].
    #[serde(deserialize_with = "crate::strict::strict")]
    pub vehicle: Vehicle,
    /// As in [`NewTrip`].
    pub seats: u16,
    /// As in [`NewTrip`].
    #[serde(deserialize_with = "crate::strict::strict")]
    pub price: Money,
    /// As in [`NewTrip`].
    #[serde(default)]
    pub luggage_note: String,
}

impl NewPlatformTrip {
    /// What is offered.
    #[must_use]
    pub fn trip(&self) -> NewTrip {
        let Self { stops, vehicle, seats, price, luggage_note, .. } = self.clone();
        NewTrip { stops, vehicle, seats, price, luggage_note }
    }
}

/// A trip, as a platform sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlatformTrip {
    /// The platform's own id, if it said one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The trip.
    #[serde(flatten)]
    pub trip: Trip,
}

/// The answer to `GET /platform/trips?after=<trip>&limit=<n>`, and to `?reference=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlatformTrips {
    /// The trips, in the order in which they were made.
    pub trips: Vec<PlatformTrip>,
    /// Where to go on, if there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<TripId>,
}

/// `POST /platform/trips/{id}/bookings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPlatformBooking {
    /// Our id of the person who rides.
    pub passenger: UserId,
    /// 1 or more.
    pub seats: u16,
    /// At which of the trip's stops they get in, counted from 0; absent: at the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pickup: Option<u16>,
    /// At which they get out, a later one; absent: at the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropoff: Option<u16>,
}

/// The answer to `GET /platform/trips/{id}/bookings?after=<booking>&limit=<n>`, and to
/// `GET /platform/bookings?number=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlatformBookings {
    /// The bookings, in the order in which they were made.
    pub bookings: Vec<Booking>,
    /// Where to go on, if there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<BookingId>,
}

/// The answer to `GET /platform/rooms/{id}/members`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomMembers {
    /// Who is in the room now.
    pub members: Vec<Member>,
}

/// `POST /platform/rooms/{id}/messages`: a code and its parameters; each reader's app words them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct NewSystemMessage(#[serde(deserialize_with = "crate::strict::strict")] pub System);

/// `POST /platform/webhooks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where: https on its usual port, at a public address.
    pub url: String,
    /// What it is told: names, or beginnings such as `booking.*`. None: all.
    #[serde(default)]
    pub events: Vec<String>,
}

/// What signs, told this once. Not printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookSecret {
    /// The address's id.
    pub id: WebhookId,
    /// `whsec_` and base64, as the libraries of Standard Webhooks take it.
    pub secret: String,
}

/// An address that is told what happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookView {
    /// Its id.
    pub id: WebhookId,
    /// Where.
    pub url: String,
    /// What it is told; none: all.
    pub events: Vec<String>,
    /// Why nothing is sent there, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<String>,
    /// Messages that are sent, or sent again.
    pub waiting: i64,
    /// Messages that were given up.
    pub failed: i64,
}

/// The answer to `GET /platform/webhooks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Webhooks {
    /// The addresses, the oldest first.
    pub webhooks: Vec<WebhookView>,
}
