//! What the server says in a room by itself.

use crate::trip::Vehicle;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What happened, as a code and its parameters: whoever reads it words it in their own language. The message's author
/// is the person who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
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
        let later = json!({"kind": "SYSTEM", "code": "SNOWED_IN", "params": {"days": 2}});
        let read: Body = serde_json::from_value(later.clone()).unwrap();
        assert_eq!(read, Body::Unknown(later.clone()));
        assert_eq!(serde_json::to_value(read).unwrap(), later);
    }
}
