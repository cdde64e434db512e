//! What a platform's backend calls with: no JWT, since it is asked for in the database at every call, and revoked
//! there at once.

use super::sha256;
use crate::error::{Error, Result};
use aws_lc_rs::constant_time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tripchat_runtime::Sources;
use uuid::Uuid;

/// In front of each, so that one that strayed into a file is found and known for what it is.
const PREFIX: &str = "tripchat_service_";

/// What a service token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// To put people, and to sign them in.
    PeopleWrite,
    /// To look at trips and bookings.
    TripsRead,
    /// To make, change and move trips.
    TripsWrite,
    /// To make and move bookings.
    BookingsWrite,
    /// To read who is in rooms, and what was said.
    RoomsRead,
    /// To post what the server words by itself.
    MessagesSystem,
    /// To say where events are sent.
    WebhooksWrite,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 7] = [
        Self::PeopleWrite,
        Self::TripsRead,
        Self::TripsWrite,
        Self::BookingsWrite,
        Self::RoomsRead,
        Self::MessagesSystem,
        Self::WebhooksWrite,
    ];

    /// As it is written.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PeopleWrite => "people:write",
            Self::TripsRead => "trips:read",
            Self::TripsWrite => "trips:write",
            Self::BookingsWrite => "bookings:write",
            Self::RoomsRead => "rooms:read",
            Self::MessagesSystem => "messages:system",
            Self::WebhooksWrite => "webhooks:write",
        }
    }
}

impl std::str::FromStr for Scope {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|scope| scope.word() == word);
        found.ok_or_else(|| Error::internal(format!("there is no scope {word:?}; there are {}", words())))
    }
}

fn words() -> String {
    Scope::ALL.map(Scope::word).join(", ")
}

/// A service token: its id and 256 random bits.
pub struct ServiceToken {
    /// Names it in the database.
    pub id: Uuid,
    secret: [u8; 32],
}

impl ServiceToken {
    /// A new one.
    #[must_use]
    pub fn new(sources: &Sources) -> Self {
        Self { id: sources.uuid(), secret: sources.bytes() }
    }

    /// Reads one; `None` if the text can be none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let (id, secret) = bytes.split_first_chunk::<16>()?;
        Some(Self { id: Uuid::from_bytes(*id), secret: secret.try_into().ok()? })
    }

    /// As it is handed out, once.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode([&self.id.as_bytes()[..], &self.secret[..]].concat()))
    }

    /// As it is stored.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        sha256(&[&self.secret])
    }
}

/// Who calls with a service token. That it stands and is for what is done is asked in every transaction.
#[derive(Clone)]
pub struct Service {
    /// The token's id, and that of the person who it is in rooms.
    pub id: Uuid,
    hash: [u8; 32],
    /// The tenant.
    pub tenant: String,
}

impl Service {
    /// Who calls with `token`, which belongs to `tenant`.
    #[must_use]
    pub fn new(token: &ServiceToken, tenant: String) -> Self {
        Self { id: token.id, hash: token.hash(), tenant }
    }

    /// Whether its token is the one that is stored so.
    #[must_use]
    pub fn is(&self, hash: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(&self.hash, hash).is_ok()
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("id", &self.id).field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_token_reads_back_and_no_other_is_it() {
        let token = ServiceToken::new(&Sources::system());
        let read = ServiceToken::read(&token.text()).unwrap();
        assert_eq!((read.id, read.hash()), (token.id, token.hash()));
        let service = Service::new(&read, "default".into());
        assert!(service.is(&token.hash()));
        assert!(!service.is(&ServiceToken::new(&Sources::system()).hash()));
        let text = token.text();
        let secret: String = text.chars().skip(40).collect();
        assert!(!format!("{service:?}").contains(&secret), "it is not printed");
        let cut: String = text.chars().take(text.len() - 1).collect();
        for bad in ["", PREFIX, text.trim_start_matches(PREFIX), &cut, &format!("{text}A")] {
            assert!(ServiceToken::read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn scopes_are_words_of_the_list() {
        for scope in Scope::ALL {
            assert_eq!(scope.word().parse::<Scope>().unwrap(), scope);
        }
        assert!("trips:*".parse::<Scope>().is_err());
    }
}
