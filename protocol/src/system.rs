//! What the server says in a room by itself.

use crate::trip::Vehicle;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What happened, as a code and its parameters: whoever reads it words it in their own language. The message's author
/// is the person who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "code", content = "params", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum System {
    /// People are getting in.
    Boarding,
    /// The trip is on the road.
    Started,
    /// It leaves later than it was to, or earlier.
    Delayed {
        /// So much later at its first stop; below zero: earlier.
        minutes: i32,
    },
    /// It is at its destination.
    Arrived,
    /// The trip is over.
    Completed,
    /// The trip was called off.
    TripCancelled,
    /// Another vehicle comes.
    VehicleChanged {
        /// The one that comes.
        vehicle: Vehicle,
    },
    /// Somebody else drives.
    DriverChanged {
        /// The name of who does now.
        name: String,
    },
    /// Seats were asked for. This and the following up to `NO_SHOW` stand in the booking's room.
    Requested {
        /// How many.
        seats: u16,
    },
    /// The driver agreed.
    Confirmed,
    /// The driver said no.
    Declined,
    /// The booking was called off.
    Cancelled,
    /// The request was not answered in time.
    Expired,
    /// The passenger got in.
    Boarded,
    /// The passenger did not come.
    NoShow,
    /// The author came into the room.
    Joined,
    /// The author left it.
    Left,
}

impl System {
    /// Whether it only stands in the room for the record: it is not unread, not the newest line of a list, and nobody
    /// is notified of it.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        match self {
            Self::Boarded | Self::NoShow | Self::Joined | Self::Left => true,
            Self::Boarding
            | Self::Started
            | Self::Delayed { .. }
            | Self::Arrived
            | Self::Completed
            | Self::TripCancelled
            | Self::VehicleChanged { .. }
            | Self::DriverChanged { .. }
            | Self::Requested { .. }
            | Self::Confirmed
            | Self::Declined
            | Self::Cancelled
            | Self::Expired => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Body;
    use serde_json::json;

    #[test]
    fn a_code_stands_with_its_parameters_and_a_later_one_is_kept_as_it_came() {
        for (body, json) in [
            (System::Boarding, json!({"kind": "SYSTEM", "code": "BOARDING"})),
            (
                System::Delayed { minutes: -20 },
                json!({"kind": "SYSTEM", "code": "DELAYED", "params": {"minutes": -20}}),
            ),
        ] {
            assert_eq!(serde_json::to_value(Body::System(body.clone())).unwrap(), json);
            assert_eq!(serde_json::from_value::<Body>(json).unwrap(), Body::System(body));
        }
        let requested = json!({"kind": "SYSTEM", "code": "REQUESTED", "params": {"seats": 2}});
        assert_eq!(serde_json::to_value(Body::System(System::Requested { seats: 2 })).unwrap(), requested);
        let later = json!({"kind": "SYSTEM", "code": "SNOWED_IN", "params": {"days": 2}});
        let read: Body = serde_json::from_value(later.clone()).unwrap();
        assert_eq!(read, Body::Unknown(later.clone()));
        assert_eq!(serde_json::to_value(read).unwrap(), later);
    }
}
