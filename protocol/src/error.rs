//! Error codes: one list for REST, socket and app. Append only; a code never changes its meaning.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the outbox does with an operation that was answered with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Park it where the person sees why.
    Never,
    /// Send it again after a while.
    Later,
    /// Renew the token, then send it again.
    Auth,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $status:literal $retry:ident $message:literal),* $(,)?) => {
        /// A stable code. Its sentence in a person's language lives with the app; the English one here is for
        /// logs and for clients without a catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
            /// A code of a later version.
            #[serde(other)]
            Unknown,
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The HTTP status that goes with it (RFC 9110, section 15).
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* Self::Unknown => 500 }
            }

            /// What a client does with the operation.
            #[must_use]
            pub fn retry(self) -> Retry {
                match self { $(Self::$name => Retry::$retry,)* Self::Unknown => Retry::Never }
            }

            /// One English sentence for a person.
            #[must_use]
            pub fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)* Self::Unknown => "Something went wrong." }
            }
        }
    };
}

codes! {
    /// No token, or one that is not ours.
    Unauthorized 401 Auth "Please sign in.",
    /// The access token is too old.
    TokenExpired 401 Auth "Your session needs to be renewed.",
    /// The session was ended.
    SessionEnded 401 Auth "You were signed out. Please sign in again.",
    /// E-mail or password is wrong.
    WrongCredentials 401 Never "The e-mail or the password is not right.",
    /// The new password is among those that are tried first.
    PasswordTooCommon 400 Never "This password is easy to guess. Choose another one.",
    /// A token was written into the URL.
    TokenInUrl 400 Never "A token must not be part of an address.",
    /// Not allowed.
    Forbidden 403 Never "You may not do that.",
    /// The Origin header names a site that is not allowed.
    OriginRefused 403 Never "This site may not use the server.",
    /// No such room, or not for this person.
    RoomNotFound 404 Never "There is no such room for you.",
    /// No such trip.
    TripNotFound 404 Never "There is no such trip.",
    /// No such booking.
    BookingNotFound 404 Never "There is no such booking.",
    /// No such person, or not for this one.
    UserNotFound 404 Never "There is no such person for you.",
    /// No such route.
    NotFound 404 Never "There is nothing at this address.",
    /// A former member.
    NotParticipant 403 Never "You are no longer in this room.",
    /// The room takes no new messages.
    RoomInactive 409 Never "This room takes no new messages.",
    /// The room is full.
    RoomFull 409 Never "This room is full.",
    /// The message cannot be taken as it is.
    MessageRefused 422 Never "This message cannot be sent.",
    /// A field is missing, unknown or out of its bounds.
    InvalidInput 400 Never "Something in the request is not right.",
    /// Too many bytes.
    TooLarge 413 Never "That is too large.",
    /// Too fast.
    RateLimited 429 Later "That was too fast. It goes on in a moment.",
    /// The id was used for something else.
    IdConflict 409 Never "This message was already sent with another text.",
    /// Something else came first.
    Conflict 409 Never "That was changed in the meantime.",
    /// It cannot be done as things stand: a trip or a booking is at another station.
    NotNow 409 Never "That cannot be done as things stand now.",
    /// The e-mail address has an account.
    EmailTaken 409 Never "There is an account with this e-mail already.",
    /// Somebody has that username.
    UsernameTaken 409 Never "Somebody has that username already.",
    /// The code is wrong, too old or was used.
    CodeInvalid 400 Never "This code does not work. It may be too old, or was used already.",
    /// Somebody is on the road who is not to be lost now.
    OnTheRoad 409 Never "This has to wait until your trip has arrived.",
    /// Not enough free seats.
    SeatsTaken 409 Never "There are not enough free seats.",
    /// The time until which the message was worth sending has passed.
    TooLate 409 Never "The time until which this was to be sent has passed.",
    /// It was there once.
    Gone 410 Never "That is no longer there.",
    /// No common protocol version.
    VersionUnsupported 426 Never "This app is too old for the server. Please update it.",
    /// A newer connection of the device has taken over.
    ConnectionReplaced 409 Later "This app is connected again already. It goes on there.",
    /// The server cannot write: its disk is full or failing.
    StorageFull 507 Later "The server cannot store anything right now. Your message waits.",
    /// The server is busy or stopping.
    Unavailable 503 Later "The server is not available right now.",
    /// A defect of the server.
    Internal 500 Later "Something went wrong on the server.",
    /// The server cannot be reached (made by the app).
    NoServer 503 Later "The server cannot be reached.",
    /// The address is not a Tripchat server's (made by the app).
    NotAServer 400 Never "There is no Tripchat server at this address.",
    /// The local cache was written by a newer app (made by the app).
    CacheNewer 500 Never "A newer version of Tripchat was used on this device. Please update this one.",
    /// The local disk is full or failing (made by the app).
    LocalStorage 507 Never "This device cannot store anything. Free some space and try again.",
    /// No one is signed in (made by the app).
    NotSignedIn 401 Never "Please sign in.",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_capitals_and_read_back() {
        for code in ErrorCode::ALL {
            let text = serde_json::to_string(code).unwrap();
            assert!(text.chars().all(|c| c.is_ascii_uppercase() || "_\"".contains(c)), "{text}");
            assert_eq!(serde_json::from_str::<ErrorCode>(&text).unwrap(), *code);
        }
        assert_eq!(serde_json::from_str::<ErrorCode>("\"LATER_CODE\"").unwrap(), ErrorCode::Unknown);
    }
}
