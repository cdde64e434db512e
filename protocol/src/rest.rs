//! Bodies of the REST interface, `/api/v1`. Answers are bare data; the HTTP status tells.

use crate::Millis;
use crate::error::ErrorCode;
use crate::ids::{DeviceId, SessionId, UserId};
use crate::message::Message;
use crate::review::{Rating, Review};
use crate::stream::{Epoch, Rev};
use crate::trip::{Booking, Money, Stop, Trip, TripStatus, Vehicle};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `POST /auth/register`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Lower-cased by the server, never shown to others.
    pub email: String,
    /// 8 to 128 characters.
    pub password: String,
    /// The name that others see.
    pub name: String,
    /// The installation that signs in with it.
    pub device: DeviceId,
}

/// `POST /auth/sign-in`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Any case.
    pub email: String,
    /// The password.
    pub password: String,
    /// The installation.
    pub device: DeviceId,
}

/// `POST /auth/exchange`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// A token of an issuer that the server's configuration names.
    pub token: String,
    /// The installation.
    pub device: DeviceId,
}

/// `POST /auth/refresh`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token; it is replaced by the one in the answer.
    pub refresh_token: String,
}

/// The answer to `register`, `sign-in`, `exchange` and `refresh`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grant {
    /// JWT of type `at+jwt` (RFC 9068).
    pub access_token: String,
    /// When it expires.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub expires_at: Millis,
    /// Goes into the OS keyring and nowhere else.
    pub refresh_token: String,
    /// Who it is for.
    pub user: Profile,
}

/// A person, as others may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    /// The person.
    pub id: UserId,
    /// The name they show.
    pub name: String,
}

/// `POST /auth/password`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The one that counts until now.
    pub current: String,
    /// 8 to 128 characters, of any kind; none of the most common, nor made of the person's e-mail or name.
    pub new: String,
}

/// `POST /auth/reset`: a forgotten password is replaced.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The one-time code that the operator gave; spaces, hyphens and case do not matter.
    pub code: String,
    /// As in [`ChangePassword`].
    pub new: String,
}

/// The answer to `GET /me`: what a person says of themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The person.
    pub id: UserId,
    /// Their own name; others see it unless there is a business name.
    pub name: String,
    /// Unique: 3 to 30 of `a` to `z`, `0` to `9` and `_`.
    pub username: Option<String>,
    /// The name that others see in the place of their own.
    pub business_name: Option<String>,
    /// The language that they chose (BCP 47), such as `kk`.
    pub locale: Option<String>,
    /// Whether they sign in with a password here.
    pub has_password: bool,
}

/// `PATCH /me`: what is there is changed; `null` takes it away, the rest stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    /// 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// As in [`Me`]; lower-cased.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::there")]
    #[ts(optional, type = "string | null")]
    pub username: Option<Option<String>>,
    /// 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::there")]
    #[ts(optional, type = "string | null")]
    pub business_name: Option<Option<String>>,
    /// As in [`Me`].
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::there")]
    #[ts(optional, type = "string | null")]
    pub locale: Option<Option<String>>,
}

/// `POST /me/delete`: the account is deleted for ever.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteMe {
    /// The password; `null` of who has none.
    #[serde(deserialize_with = "Option::deserialize")]
    pub password: Option<String>,
}

/// The answer to `GET /sessions`: one's sign-ins that are not over, the last used first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sessions {
    /// The sign-ins.
    pub sessions: Vec<SessionView>,
}

/// A sign-in on a device, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// Names it when it is to be ended.
    pub id: SessionId,
    /// The app on the device, if it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub app: Option<String>,
    /// When it was signed in.
    #[ts(type = "number")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub created_at: Millis,
    /// When it last got a token; a device in use gets one as often as they expire.
    #[ts(type = "number")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub last_used_at: Millis,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// `POST /trips`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTrip {
    /// Two or more, in order of time.
    #[serde(deserialize_with = "crate::strict::strict")]
    pub stops: Vec<Stop>,
    /// The vehicle.
    #[serde(deserialize_with = "crate::strict::strict")]
    pub vehicle: Vehicle,
    /// 1 to 100.
    pub seats: u16,
    /// Price of a seat.
    #[serde(deserialize_with = "crate::strict::strict")]
    pub price: Money,
    /// What may be taken along; may be empty.
    pub luggage_note: String,
}

/// `PATCH /trips/{id}`: what is there is changed, the rest stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TripChange {
    /// As in [`NewTrip`].
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::strict")]
    #[ts(optional = nullable)]
    pub stops: Option<Vec<Stop>>,
    /// As in [`NewTrip`].
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::strict")]
    #[ts(optional = nullable)]
    pub vehicle: Option<Vehicle>,
    /// Not fewer than are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub seats: Option<u16>,
    /// As in [`NewTrip`].
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::strict")]
    #[ts(optional = nullable)]
    pub price: Option<Money>,
    /// As in [`NewTrip`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub luggage_note: Option<String>,
}

/// `POST /trips/{id}/status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewStatus {
    /// Where the trip shall stand.
    pub status: TripStatus,
}

/// The answer to `GET /trips`: trips that are offered, or that the person drives or rides, earliest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trips {
    /// The trips.
    pub trips: Vec<Trip>,
}

/// `POST /trips/{id}/bookings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewBooking {
    /// 1 or more.
    pub seats: u16,
    /// At which of the trip's stops one gets in, counted from 0; absent: at the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub pickup: Option<u16>,
    /// At which one gets out, a later one; absent: at the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub dropoff: Option<u16>,
}

impl NewBooking {
    /// So many seats for the whole way.
    #[must_use]
    pub fn of(seats: u16) -> Self {
        Self { seats, pickup: None, dropoff: None }
    }
}

/// The answer to `GET /trips/{id}/bookings`: all of them for the driver, one's own for a passenger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bookings {
    /// The bookings, oldest first.
    pub bookings: Vec<Booking>,
}

/// The answer to `GET /bookings`: one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyBookings {
    /// The bookings, newest first, at most 200.
    pub bookings: Vec<MyBooking>,
}

/// A booking with what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyBooking {
    /// The booking.
    pub booking: Booking,
    /// Its trip as it now stands.
    pub trip: Trip,
}

/// `PUT /bookings/{id}/review`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReview {
    /// 1 to 5.
    pub stars: u8,
    /// At most 1,000 characters; may be empty.
    pub text: String,
}

/// The answer to `GET /trips/{id}/reviews`: what was written about the rides of its bookings, of all of them for the
/// driver, of one's own for a passenger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TripReviews {
    /// The reviews, oldest first.
    pub reviews: Vec<Review>,
}

/// The answer to `GET /people/{id}/reviews?after=<booking>&limit=<n>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonReviews {
    /// What all of them come to; absent before the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub rating: Option<Rating>,
    /// The reviews, newest first.
    pub reviews: Vec<Review>,
    /// Whether there are older ones: they come after the last of these.
    pub has_more: bool,
}

/// The answer to `GET /rooms/{id}/messages?before|after|around=<seq>&limit=<n>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// The epoch in which the seqs count.
    pub epoch: Epoch,
    /// Oldest first.
    pub messages: Vec<Placed>,
    /// Whether there are more in the direction that was asked for.
    pub has_more: bool,
}

/// A message with the rev of its last change: an upsert like any other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Placed {
    /// The rev of its last change.
    pub rev: Rev,
    /// The message.
    #[serde(flatten)]
    pub message: Message,
}

/// `GET /health`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// `ok`, or `read_only` while nothing can be stored.
    pub status: String,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub timestamp: Millis,
}

/// The body of every refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The refusal.
    pub error: ErrorDetail,
}

/// See [`ErrorBody`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorDetail {
    /// A stable code.
    pub code: ErrorCode,
    /// One English sentence.
    pub message: String,
    /// The field or rule that was broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// How long to wait before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Names the request in the server's log.
    pub request_id: String,
}
