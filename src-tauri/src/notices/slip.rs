//! What a notification says, worded in the person's language.

use super::said::said;
use crate::preferences::Chosen;
use crate::words::Language;
use fluent_bundle::FluentArgs;
use tripchat_core::view::Notice;
use tripchat_protocol::RoomId;

/// So much of a message is shown; more does not fit anywhere.
const SHOWN: usize = 240;

/// The words of one notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The room that it leads to.
    pub room: RoomId,
    /// What the room is called.
    pub title: String,
    /// Who wrote what, or how many wait.
    pub body: String,
    /// What a click does.
    pub open: String,
}

impl Slip {
    /// Of what the core tells, as the person wants it.
    pub fn of(notice: &Notice, chosen: &Chosen) -> Self {
        let language = chosen.language();
        let body = if chosen.hide_text {
            more(language, notice.unread.max(1))
        } else if notice.unread > 1 {
            format!("{}\n{}", line(language, notice), more(language, notice.unread))
        } else {
            line(language, notice)
        };
        Self {
            room: notice.room,
            title: language.title(notice.room_name.as_deref(), notice.trip.as_ref()),
            body,
            open: language.say("notice-open", None),
        }
    }
}

fn line(language: Language, notice: &Notice) -> String {
    if let Some(what) = &notice.system {
        return said(language, what, &notice.author_name);
    }
    let text = notice.text.as_deref().map_or_else(|| language.say("message-unknown", None), shortened);
    let mut args = FluentArgs::new();
    args.set("name", notice.author_name.as_str());
    args.set("text", text);
    language.say("notice-line", Some(&args))
}

fn more(language: Language, count: u32) -> String {
    let mut args = FluentArgs::new();
    args.set("count", count);
    language.say("notice-more", Some(&args))
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use tripchat_protocol::System;
    use uuid::Uuid;

    fn notice(text: Option<&str>, unread: u32) -> Notice {
        Notice {
            room: RoomId(Uuid::from_u128(7)),
            room_name: Some("To the skis".into()),
            trip: None,
            author_name: "Daniyar".into(),
            text: text.map(Into::into),
            system: None,
            unread,
        }
    }

    fn body(notice: &Notice, language: Language, hide_text: bool) -> String {
        let chosen = Chosen { language: Some(language), hide_text, ..Chosen::default() };
        Slip::of(notice, &chosen).body
    }

    #[test]
    fn a_notification_says_who_wrote_what_and_how_many_wait() {
        assert_eq!(body(&notice(Some("I am here"), 1), Language::En, false), "Daniyar: I am here");
        let three = notice(Some("I am here"), 3);
        assert_eq!(body(&three, Language::En, false), "Daniyar: I am here\n3 new messages");
        assert_eq!(body(&three, Language::Es, false), "Daniyar: I am here\n3 mensajes nuevos");
    }

    #[test]
    fn a_hidden_text_and_its_writer_are_shown_nowhere() {
        let chosen = Chosen { language: Some(Language::En), hide_text: true, ..Chosen::default() };
        for (unread, body) in [(0, "1 new message"), (1, "1 new message"), (4, "4 new messages")] {
            let slip = Slip::of(&notice(Some("secret"), unread), &chosen);
            assert_eq!((slip.title.as_str(), slip.body.as_str()), ("To the skis", body));
        }
    }

    #[test]
    fn a_kind_that_this_version_does_not_know_says_so() {
        let said = body(&notice(None, 1), Language::En, false);
        assert_eq!(said, "Daniyar: This message needs a newer version of Tripchat.");
    }

    #[test]
    fn what_the_server_says_stands_without_a_name_and_is_hidden_like_a_text() {
        let told = Notice { system: Some(System::Delayed { minutes: 20 }), ..notice(None, 1) };
        assert_eq!(body(&told, Language::En, false), "Leaves 20 minutes later");
        assert_eq!(body(&told, Language::Ru, false), "Отправление на 20 минут позже");
        assert_eq!(body(&told, Language::En, true), "1 new message");
    }

    #[test]
    fn a_long_text_is_cut_between_two_characters() {
        let said = body(&notice(Some(&"ж".repeat(SHOWN + 1)), 1), Language::En, false);
        assert_eq!(said, format!("Daniyar: {}…", "ж".repeat(SHOWN)));
        let whole = "ж".repeat(SHOWN);
        assert_eq!(body(&notice(Some(&whole), 1), Language::En, false), format!("Daniyar: {whole}"));
    }
}
