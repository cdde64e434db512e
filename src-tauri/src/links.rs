//! Links: those that lead into the app, and those that lead out of it. Both are strict: a link is what a stranger
//! wrote.

use serde::Serialize;
use tripchat_core::CoreError;
use tripchat_protocol::{ErrorCode, RoomId, TripId};
use url::Url;
use uuid::Uuid;

/// The scheme of the app's own links.
pub const SCHEME: &str = "tripchat";

/// Browsers and servers take no longer ones.
const LONGEST: usize = 2_048;

/// Where a deep link, a notification or the tray leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// To a room.
    Room(RoomId),
    /// To a trip.
    Trip(TripId),
}

impl Target {
    /// Of `tripchat://room/<id>` or `tripchat://trip/<id>`, and of nothing else.
    pub fn of(link: &str) -> Option<Self> {
        let (noun, id) = link.strip_prefix("tripchat://")?.split_once('/')?;
        // Other forms of a UUID, such as one in braces, are not what we give out.
        if id.len() != 36 {
            return None;
        }
        let id = Uuid::try_parse(id).ok()?;
        match noun {
            "room" => Some(Self::Room(id.into())),
            "trip" => Some(Self::Trip(id.into())),
            _ => None,
        }
    }

    /// Of what the app was started with: its program's name, and a link if it was started by one.
    pub fn of_arguments<T: AsRef<str>>(arguments: &[T]) -> Option<Self> {
        let [_, link] = arguments else { return None };
        let target = Self::of(link.as_ref());
        if target.is_none() {
            tracing::warn!("what the app was started with leads nowhere");
        }
        target
    }
}

/// What a browser may open: a web address, written out whole.
///
/// # Errors
/// `INVALID_INPUT` for everything else.
pub fn for_browser(link: &str) -> Result<Url, CoreError> {
    let refused = || CoreError::from(ErrorCode::InvalidInput);
    if link.len() > LONGEST {
        return Err(refused());
    }
    let url = Url::parse(link).map_err(|_| refused())?;
    let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    // `https://bank.example@elsewhere.example` is read wrongly by people.
    let plain = url.username().is_empty() && url.password().is_none();
    if web && plain { Ok(url) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: &str = "01932f6e-5d7c-7000-8000-000000000001";

    #[test]
    fn a_room_and_a_trip_have_links_and_nothing_else_has() {
        let room = Target::of(&format!("tripchat://room/{ID}")).unwrap();
        assert_eq!(serde_json::to_value(room).unwrap(), json!({ "room": ID }));
        let trip = Target::of(&format!("tripchat://trip/{ID}")).unwrap();
        assert_eq!(serde_json::to_value(trip).unwrap(), json!({ "trip": ID }));
        for wrong in [
            "",
            "tripchat://",
            "tripchat://room",
            "tripchat://room/",
            "tripchat:///room/01932f6e-5d7c-7000-8000-000000000001",
            "tripchat://booking/01932f6e-5d7c-7000-8000-000000000001",
            "tripchat://room/01932f6e-5d7c-7000-8000-000000000001/",
            "tripchat://room/01932f6e-5d7c-7000-8000-000000000001?a=b",
            "tripchat://room/01932f6e-5d7c-7000-8000-000000000001#x",
            "tripchat://room/01932f6e-5d7c-7000-8000-00000000000",
            "tripchat://room/01932f6e-5d7c-7000-8000-00000000000g",
            "tripchat://room/{01932f6e-5d7c-7000-8000-00000000001}",
            "tripchat://room/01932f6e5d7c70008000000000000001",
            "tripchat://room/../trip/01932f6e-5d7c-7000-8000-000000000001",
            "tripchat:room/01932f6e-5d7c-7000-8000-000000000001",
            "https://room/01932f6e-5d7c-7000-8000-000000000001",
            " tripchat://room/01932f6e-5d7c-7000-8000-000000000001",
            "tripchat://room/01932f6e-5d7c-7000-8000-000000000001\n",
        ] {
            assert_eq!(Target::of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_app_is_started_with_one_link_or_none() {
        let link = format!("tripchat://room/{ID}");
        assert!(Target::of_arguments(&["tripchat", &link]).is_some());
        assert_eq!(Target::of_arguments(&["tripchat"]), None);
        assert_eq!(Target::of_arguments(&["tripchat", &link, &link]), None);
        assert_eq!(Target::of_arguments(&["tripchat", "--version"]), None);
        assert_eq!(Target::of_arguments::<&str>(&[]), None);
    }

    #[test]
    fn only_web_addresses_are_opened_in_the_browser() {
        for link in ["https://example.org", "http://example.org:8080/a?b=c#d", "HTTPS://пример.қаз/"]
        {
            assert!(for_browser(link).is_ok(), "{link}");
        }
        assert_eq!(for_browser("https://example.org/a b").unwrap().as_str(), "https://example.org/a%20b");
        let long = format!("https://example.org/{}", "a".repeat(LONGEST));
        for link in [
            "",
            "example.org",
            "-a",
            "/etc/passwd",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "mailto:someone@example.org",
            "ssh://example.org",
            "tripchat://room/01932f6e-5d7c-7000-8000-000000000001",
            "https://",
            "https://bank.example@elsewhere.example/",
            "https://someone:secret@elsewhere.example/",
            long.as_str(),
        ] {
            assert_eq!(for_browser(link), Err(ErrorCode::InvalidInput.into()), "{link}");
        }
    }
}
