//! Types that both ends read: a client ignores fields that it does not know, the server refuses them. What the
//! server takes in is therefore read with [`strict`].

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Reads a `T` and refuses whatever it left unread: a field that would not be written back.
///
/// # Errors
/// If it is no `T`, or has a field that `T` does not have.
pub fn strict<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Serialize,
{
    let given = Value::deserialize(from)?;
    let read: T = serde_json::from_value(given.clone()).map_err(Error::custom)?;
    let known = serde_json::to_value(&read).map_err(Error::custom)?;
    if has_all(&known, &given) { Ok(read) } else { Err(Error::custom("unknown field")) }
}

/// Reads what is there, `null` included: with a default, "not named" and "taken away" are two things.
///
/// # Errors
/// If it is no `T`.
pub fn there<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Whether every field of `given` is in `known`, at every depth.
fn has_all(known: &Value, given: &Value) -> bool {
    match (known, given) {
        (Value::Object(known), Value::Object(given)) => {
            given.iter().all(|(name, value)| known.get(name).is_some_and(|known| has_all(known, value)))
        }
        (Value::Array(known), Value::Array(given)) => {
            known.len() == given.len() && known.iter().zip(given).all(|(known, given)| has_all(known, given))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::rest::NewTrip;
    use serde_json::json;

    #[test]
    fn a_field_too_many_is_refused_at_every_depth() {
        let good = json!({
            "stops": [{"place": "Almaty", "zone": "Asia/Almaty", "at": 1}],
            "vehicle": {"model": "m", "colour": "c", "plate": "p"},
            "seats": 1, "price": {"minor": 1, "currency": "KZT"}, "luggage_note": "",
        });
        assert!(serde_json::from_value::<NewTrip>(good.clone()).is_ok());
        for place in ["/stops/0", "/vehicle", "/price", ""] {
            let mut bad = good.clone();
            bad.pointer_mut(place).unwrap()["driver"] = json!("me");
            assert!(serde_json::from_value::<NewTrip>(bad).is_err(), "{place}");
        }
    }
}
