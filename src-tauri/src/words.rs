//! The words that the shell says itself, in the person's language: from the same files that the screen reads.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use tripchat_protocol::Trip;
use unic_langid::LanguageIdentifier;

/// A language that there are words for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English, which stands in where no other fits.
    En,
    /// Spanish.
    Es,
    /// Russian.
    Ru,
    /// Kazakh.
    Kk,
}

/// The files of one language, in this order: the shell's own first.
macro_rules! catalogue {
    ($language:literal) => {
        [
            include_str!(concat!("../../locales/", $language, "/desktop.ftl")),
            include_str!(concat!("../../locales/", $language, "/app.ftl")),
            include_str!(concat!("../../locales/", $language, "/rooms.ftl")),
            include_str!(concat!("../../locales/", $language, "/trips.ftl")),
            include_str!(concat!("../../locales/", $language, "/system.ftl")),
        ]
    };
}

impl Language {
    /// The first language of the system that there are words for.
    pub fn of_system() -> Self {
        Self::first_of(sys_locale::get_locales())
    }

    fn first_of(wanted: impl IntoIterator<Item = String>) -> Self {
        let known = |tag: String| match tag.split(['-', '_', '.']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "es" => Some(Self::Es),
            "ru" => Some(Self::Ru),
            "kk" => Some(Self::Kk),
            _ => None,
        };
        wanted.into_iter().find_map(known).unwrap_or(Self::En)
    }

    /// The regions are those of the screen: they decide the form of numbers.
    fn tag(self) -> &'static str {
        match self {
            Self::En => "en-GB",
            Self::Es => "es-ES",
            Self::Ru => "ru-RU",
            Self::Kk => "kk-KZ",
        }
    }

    fn sources(self) -> [&'static str; 5] {
        match self {
            Self::En => catalogue!("en"),
            Self::Es => catalogue!("es"),
            Self::Ru => catalogue!("ru"),
            Self::Kk => catalogue!("kk"),
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static EN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| read(Language::En));
        static ES: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| read(Language::Es));
        static RU: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| read(Language::Ru));
        static KK: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| read(Language::Kk));
        match self {
            Self::En => &EN,
            Self::Es => &ES,
            Self::Ru => &RU,
            Self::Kk => &KK,
        }
    }

    /// The sentence `id`. One that is missing is a defect, which a test finds; a person then sees its name.
    pub fn say(self, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            tracing::error!(id, language = self.tag(), "there is no word for it");
            return id.to_owned();
        };
        let mut errors = Vec::new();
        let sentence = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(
                id,
                language = self.tag(),
                errors = errors.len(),
                "a word lacks what it speaks of"
            );
        }
        sentence
    }

    /// What a room is called: by its own name, or by its trip.
    pub fn title(self, name: Option<&str>, trip: Option<&Trip>) -> String {
        if let Some(name) = name {
            return name.to_owned();
        }
        let ends = trip.and_then(|trip| Some((trip.stops.first()?, trip.stops.last()?)));
        match ends {
            Some((from, to)) => {
                let mut args = FluentArgs::new();
                args.set("from", from.place.as_str());
                args.set("to", to.place.as_str());
                self.say("route", Some(&args))
            }
            None => self.say("app-name", None),
        }
    }
}

fn read(language: Language) -> FluentBundle<FluentResource> {
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks would be copied along with names and times; all languages are written left to right.
    bundle.set_use_isolating(false);
    for source in language.sources() {
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(read, errors)| {
            tracing::error!(language = language.tag(), errors = errors.len(), "words that cannot be read");
            read
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(language = language.tag(), errors = errors.len(), "words that are there twice");
        }
    }
    bundle
}

/// A count as a badge shows it: `9+` above nine.
pub fn short(count: u32) -> String {
    if count > 9 { "9+".into() } else { count.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Language; 4] = [Language::En, Language::Es, Language::Ru, Language::Kk];

    fn system(tags: &[&str]) -> Language {
        Language::first_of(tags.iter().map(|tag| (*tag).to_owned()))
    }

    #[test]
    fn the_first_language_of_the_system_that_there_are_words_for_is_spoken() {
        assert_eq!(system(&["es-MX"]), Language::Es);
        assert_eq!(system(&["ky-KG", "es_ES.UTF-8", "en-US"]), Language::Es);
        assert_eq!(system(&["kk_KZ.UTF-8", "ru"]), Language::Kk);
        assert_eq!(system(&["ru_KZ"]), Language::Ru);
        assert_eq!(system(&["ES"]), Language::Es);
        assert_eq!(system(&["C.UTF-8", "est"]), Language::En);
        assert_eq!(system(&[]), Language::En);
    }

    #[test]
    fn every_word_of_the_shell_is_there_in_every_language_and_complete() {
        for language in ALL {
            for line in language.sources()[0].lines() {
                let Some((id, _)) = line.split_once(" =") else { continue };
                if id.contains(' ') {
                    continue;
                }
                for count in [1, 3, 100] {
                    let mut args = FluentArgs::new();
                    for (key, value) in [("name", "Tripchat"), ("text", "text"), ("title", "title")] {
                        args.set(key, value);
                    }
                    args.set("count", count);
                    let pattern = language.bundle().get_message(id).and_then(|message| message.value());
                    let mut errors = Vec::new();
                    let said = language.bundle().format_pattern(pattern.unwrap(), Some(&args), &mut errors);
                    assert!(errors.is_empty(), "{language:?} {id}: {errors:?}");
                    assert!(!said.contains(['{', '}']), "{language:?} {id}: {said}");
                }
            }
        }
    }

    #[test]
    fn no_word_is_kept_that_nobody_says() {
        let said = [include_str!("unread.rs"), include_str!("tray.rs"), include_str!("notices/slip.rs")];
        for line in Language::En.sources()[0].lines() {
            let Some((id, _)) = line.split_once(" = ") else { continue };
            if !id.contains(' ') {
                assert!(said.iter().any(|file| file.contains(&format!("\"{id}\""))), "{id}");
            }
        }
    }

    #[test]
    fn a_count_takes_its_form() {
        let many = |language: Language, count: u32| {
            let mut args = FluentArgs::new();
            args.set("count", count);
            language.say("notice-more", Some(&args))
        };
        assert_eq!(many(Language::En, 1), "1 new message");
        assert_eq!(many(Language::En, 2), "2 new messages");
        assert_eq!(many(Language::En, 100), "100 new messages or more");
        assert_eq!(many(Language::Es, 1), "1 mensaje nuevo");
        assert_eq!(many(Language::Es, 7), "7 mensajes nuevos");
        assert_eq!(many(Language::Ru, 21), "21 новое сообщение");
        assert_eq!(many(Language::Ru, 3), "3 новых сообщения");
        assert_eq!(many(Language::Ru, 11), "11 новых сообщений");
        assert_eq!(many(Language::Kk, 7), "7 жаңа хабарлама");
    }

    #[test]
    fn above_nine_a_badge_says_that_there_are_more() {
        assert_eq!(
            (short(1), short(9), short(10), short(100)),
            ("1".into(), "9".into(), "9+".into(), "9+".into())
        );
    }

    #[test]
    fn a_room_without_a_name_and_a_trip_is_called_like_the_app() {
        assert_eq!(Language::En.title(Some("Skiers"), None), "Skiers");
        assert_eq!(Language::Es.title(None, None), "Tripchat");
    }
}
