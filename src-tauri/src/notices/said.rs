//! What the server says by itself, worded for a notification: as the screen words it, from the same files.

use crate::words::Language;
use fluent_bundle::FluentArgs;
use tripchat_protocol::{System, Vehicle};

const HOUR: u32 = 60;

/// The sentence, of what `author` did.
pub fn said(language: Language, what: &System, author: &str) -> String {
    let plain = |id| language.say(id, None);
    let named = |id, name: &str| {
        let mut args = FluentArgs::new();
        args.set("name", name.to_owned());
        language.say(id, Some(&args))
    };
    match what {
        System::Boarding => plain("system-BOARDING"),
        System::Started => plain("system-STARTED"),
        System::Arrived => plain("system-ARRIVED"),
        System::Completed => plain("system-COMPLETED"),
        System::TripCancelled => plain("system-TRIP_CANCELLED"),
        System::Delayed { minutes } => delayed(language, *minutes),
        System::VehicleChanged { vehicle } => {
            let mut args = FluentArgs::new();
            args.set("vehicle", whole(vehicle));
            language.say("system-VEHICLE_CHANGED", Some(&args))
        }
        System::DriverChanged { name } => named("system-DRIVER_CHANGED", name),
        System::Requested { seats } => {
            let mut args = FluentArgs::new();
            args.set("count", *seats);
            language.say("system-REQUESTED", Some(&args))
        }
        System::Confirmed => plain("system-CONFIRMED"),
        System::Declined => plain("system-DECLINED"),
        System::Cancelled => plain("system-CANCELLED"),
        System::Expired => plain("system-EXPIRED"),
        System::Boarded => plain("system-BOARDED"),
        System::NoShow => plain("system-NO_SHOW"),
        System::Joined => named("system-JOINED", author),
        System::Left => named("system-LEFT", author),
    }
}

/// Minutes below an hour, hours and minutes from there on.
fn delayed(language: Language, minutes: i32) -> String {
    let (count, earlier) = (minutes.unsigned_abs(), minutes < 0);
    let mut args = FluentArgs::new();
    if count < HOUR {
        args.set("count", count);
        return language.say(if earlier { "system-earlier" } else { "system-later" }, Some(&args));
    }
    args.set("span", span(language, count));
    language.say(if earlier { "system-earlier-by" } else { "system-later-by" }, Some(&args))
}

fn span(language: Language, count: u32) -> String {
    let mut args = FluentArgs::new();
    args.set("hours", count / HOUR);
    args.set("minutes", count % HOUR);
    let id = if count.is_multiple_of(HOUR) { "trip-duration-hours" } else { "trip-duration" };
    language.say(id, Some(&args))
}

fn whole(vehicle: &Vehicle) -> String {
    let parts = [&vehicle.model, &vehicle.colour, &vehicle.plate];
    let said: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Language; 4] = [Language::En, Language::Es, Language::Ru, Language::Kk];

    fn later(language: Language, minutes: i32) -> String {
        said(language, &System::Delayed { minutes }, "Данияр")
    }

    #[test]
    fn a_delay_is_counted_in_the_forms_of_the_readers_language() {
        assert_eq!(later(Language::En, 1), "Leaves 1 minute later");
        assert_eq!(later(Language::En, 20), "Leaves 20 minutes later");
        assert_eq!(later(Language::En, -5), "Leaves 5 minutes earlier");
        assert_eq!(later(Language::En, 60), "Leaves 1 h later");
        assert_eq!(later(Language::En, -150), "Leaves 2 h 30 min earlier");
        assert_eq!(later(Language::Es, 1), "Sale 1 minuto más tarde");
        assert_eq!(later(Language::Ru, 21), "Отправление на 21 минуту позже");
        assert_eq!(later(Language::Ru, 22), "Отправление на 22 минуты позже");
        assert_eq!(later(Language::Ru, 20), "Отправление на 20 минут позже");
        assert_eq!(later(Language::Ru, -1), "Отправление на 1 минуту раньше");
        assert_eq!(later(Language::Kk, 20), "20 минут кеш шығады");
        assert_eq!(later(Language::Kk, -90), "1 сағ 30 мин ерте шығады");
    }

    #[test]
    fn seats_are_counted_in_the_forms_of_the_readers_language_and_people_are_named() {
        let asked = |language, seats| said(language, &System::Requested { seats }, "");
        assert_eq!(asked(Language::En, 1), "1 seat requested");
        assert_eq!(asked(Language::Es, 2), "2 plazas solicitadas");
        assert_eq!(asked(Language::Ru, 3), "Запрошено 3 места");
        assert_eq!(asked(Language::Ru, 5), "Запрошено 5 мест");
        assert_eq!(asked(Language::Kk, 2), "2 орын сұралды");
        assert_eq!(said(Language::En, &System::Joined, "Daniyar"), "Daniyar has joined");
        assert_eq!(said(Language::Kk, &System::Left, "Данияр"), "Данияр бөлмеден шықты");
        let swapped = System::DriverChanged { name: "Nurlan".into() };
        assert_eq!(said(Language::Es, &swapped, "Daniyar"), "Ahora conduce Nurlan");
    }

    #[test]
    fn every_code_has_a_sentence_of_its_own_in_every_language() {
        let vehicle = Vehicle { model: "Sprinter".into(), colour: String::new(), plate: "715 BTA 13".into() };
        for language in ALL {
            let mut all: Vec<String> = [
                System::Boarding,
                System::Started,
                System::Arrived,
                System::Completed,
                System::TripCancelled,
                System::Delayed { minutes: 90 },
                System::DriverChanged { name: "Нурлан".into() },
                System::Requested { seats: 2 },
                System::Confirmed,
                System::Declined,
                System::Cancelled,
                System::Expired,
                System::Boarded,
                System::NoShow,
                System::Joined,
                System::Left,
                System::VehicleChanged { vehicle: vehicle.clone() },
            ]
            .iter()
            .map(|what| said(language, what, "Данияр"))
            .collect();
            let changed = all.last().unwrap();
            assert!(changed.ends_with("Sprinter, 715 BTA 13"), "{changed}");
            for sentence in &all {
                assert!(!sentence.contains(['{', '_']), "{language:?}: {sentence}");
            }
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 17, "{language:?}");
        }
    }
}
