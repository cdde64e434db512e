//! Who rides: Aigerim drives from Almaty over Shu to Bishkek tomorrow morning, Daniyar rides along.

use crate::rest::Rest;
use anyhow::Result;
use std::path::PathBuf;
use tripchat_protocol::rest::{Grant, NewBooking, NewTrip, Register, SignIn};
use tripchat_protocol::{Booking, DeviceId, Millis, Money, RoomId, Stop, Trip, TripId, Vehicle};
use tripchat_runtime::Sources;

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// All of Kazakhstan is five hours ahead of UTC since 2024-03-01; Kyrgyzstan is six.
const ALMATY_OFFSET: Millis = 5 * HOUR;

/// Where things are.
#[derive(Debug)]
pub struct World {
    /// The server's binary.
    pub server_bin: PathBuf,
    /// The app's binary.
    pub app_bin: PathBuf,
    /// Where the outcome goes.
    pub out: PathBuf,
    /// Where everyone's data is.
    pub data: PathBuf,
}

/// Someone with an account on the demo's server.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Names the person's files.
    pub role: &'static str,
    /// The name that others see.
    pub name: &'static str,
    /// To sign in with.
    pub email: &'static str,
    /// To sign in with. It opens an account on a server that listens on this machine only and goes with the demo.
    pub password: &'static str,
    /// The window's size.
    pub size: (u32, u32),
}

/// The driver, on a desktop.
pub const DRIVER: Person = Person {
    role: "driver",
    name: "Aigerim",
    email: "aigerim@example.org",
    password: "almaty-bishkek",
    size: (1100, 760),
};

/// The passenger, on a phone.
pub const PASSENGER: Person = Person {
    role: "passenger",
    name: "Daniyar",
    email: "daniyar@example.org",
    password: "one-seat-please",
    size: (390, 844),
};

/// The passenger once more, on a second device.
pub const TABLET: Person = Person { role: "tablet", size: (1024, 768), ..PASSENGER };

/// The driver of another trip. He has no window.
pub const OTHER: Person = Person {
    role: "other",
    name: "Timur",
    email: "timur@example.org",
    password: "karaganda-astana",
    size: (0, 0),
};

/// What the driver offers.
#[derive(Debug)]
pub struct Offered {
    /// The trip.
    pub trip: Trip,
    /// The room of its people.
    pub room: RoomId,
}

/// Registers both and offers the trip; with what they came in with.
pub async fn offer(rest: &Rest, sources: &Sources) -> Result<(Offered, [Grant; 2])> {
    let driver = rest.register(&account(&DRIVER, sources)).await?;
    let passenger = rest.register(&account(&PASSENGER, sources)).await?;
    let trip = rest.create_trip(&driver, &trip(sources.now())).await?;
    Ok((Offered { room: trip.room, trip }, [driver, passenger]))
}

/// The same; and a seat is asked for and confirmed, as their apps would.
pub async fn arrange(rest: &Rest, sources: &Sources) -> Result<(Offered, Booking)> {
    let (offered, [driver, passenger]) = offer(rest, sources).await?;
    let booking = join(rest, &passenger, &driver, offered.trip.id).await?;
    Ok((offered, booking))
}

/// The other driver offers a trip, on which nobody is yet.
pub async fn offer_other(rest: &Rest, sources: &Sources) -> Result<(Grant, Trip)> {
    let driver = rest.register(&account(&OTHER, sources)).await?;
    let stop = |place: &str, at| Stop { place: place.into(), zone: "Asia/Almaty".into(), at };
    let leaves = tomorrow(sources.now()) + 14 * HOUR;
    let stops = vec![stop("Karaganda", leaves), stop("Astana", leaves + 3 * HOUR)];
    let vehicle = Vehicle { model: "Kia Carnival".into(), colour: "grey".into(), plate: "517 TKA 09".into() };
    let trip = rest.create_trip(&driver, &NewTrip { stops, vehicle, ..trip(sources.now()) }).await?;
    Ok((driver, trip))
}

/// The passenger, who has an account, takes a seat on the other trip too.
pub async fn join_other(rest: &Rest, sources: &Sources, driver: &Grant, trip: TripId) -> Result<Booking> {
    let (email, password) = (PASSENGER.email.into(), PASSENGER.password.into());
    let passenger = rest.sign_in(&SignIn { email, password, device: DeviceId(sources.uuid()) }).await?;
    join(rest, &passenger, driver, trip).await
}

async fn join(rest: &Rest, passenger: &Grant, driver: &Grant, trip: TripId) -> Result<Booking> {
    let booking = rest.request_booking(passenger, trip, &NewBooking::of(1)).await?;
    rest.confirm_booking(driver, booking.id).await
}

fn account(person: &Person, sources: &Sources) -> Register {
    Register {
        email: person.email.into(),
        password: person.password.into(),
        name: person.name.into(),
        device: DeviceId(sources.uuid()),
    }
}

/// The next midnight in Almaty.
fn tomorrow(now: Millis) -> Millis {
    ((now + ALMATY_OFFSET).div_euclid(DAY) + 1) * DAY - ALMATY_OFFSET
}

/// The trip of tomorrow, eight o'clock in Almaty: six hours on the road, and an hour is lost at the border.
fn trip(now: Millis) -> NewTrip {
    let leaves = tomorrow(now) + 8 * HOUR;
    let stop = |place: &str, zone: &str, at| Stop { place: place.into(), zone: zone.into(), at };
    NewTrip {
        stops: vec![
            stop("Almaty", "Asia/Almaty", leaves),
            stop("Shu", "Asia/Almaty", leaves + 3 * HOUR + HOUR / 2),
            stop("Bishkek", "Asia/Bishkek", leaves + 6 * HOUR),
        ],
        vehicle: Vehicle {
            model: "Toyota Alphard".into(),
            colour: "white".into(),
            plate: "123 ABC 02".into(),
        },
        seats: 6,
        price: Money { minor: 900_000, currency: "KZT".into() },
        luggage_note: "One suitcase each, skis on the roof".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tomorrow_is_tomorrow_in_almaty() {
        // 2026-11-20 18:59:59.999 UTC is one millisecond before midnight in Almaty.
        let evening = 1_795_201_199_999;
        let stops = trip(evening).stops;
        // 2026-11-21 03:00 UTC is eight o'clock in Almaty.
        assert_eq!(stops.first().unwrap().at, 1_795_230_000_000);
        // A millisecond later the next morning is a day further.
        assert_eq!(trip(evening + 1).stops.first().unwrap().at, 1_795_230_000_000 + DAY);
        // Fourteen o'clock in Almaty is fifteen in Bishkek: 09:00 UTC.
        assert_eq!(stops.last().unwrap().at, 1_795_251_600_000);
    }
}
