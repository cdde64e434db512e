//! What a window shows, read from its DOM in one go, so that all of it is from the same moment.

use crate::database::plain;
use anyhow::Result;
use serde::Deserialize;
use serde_json::Value;
use tripchat_protocol::RoomId;

/// Reads the page. Hidden elements count as absent: what cannot be seen is not shown.
pub const READ: &str = r#"
const all = (id) => [...document.querySelectorAll(`[data-testid="${id}"]`)].filter((e) => e.getClientRects().length > 0);
const text = (e) => (e ? (e.innerText || '').trim() : null);
const server = document.querySelector('[data-testid="sign-in-form"] input[name="server"]');
const composer = all('composer')[0];
return {
  width: window.innerWidth,
  height: window.innerHeight,
  server: server ? server.value : null,
  sign_in: all('sign-in-form').length > 0,
  home: all('nav-inbox').length > 0,
  rows: all('inbox-row').map((e) => ({
    room: e.dataset.id,
    unread: text([...e.querySelectorAll('[data-testid="unread"]')].map((e) => e.querySelector('[aria-hidden]') ?? e)[0]),
  })),
  found: all('find-all').length > 0,
  trips: all('trip-card').map((e) => e.dataset.id),
  bookings: all('booking').map((e) => e.dataset.status),
  reviews: all('review').map(text),
  sheet: all('review-sheet').length > 0,
  said: all('system-line').map((e) => e.dataset.code),
  title: text(all('room-title')[0]),
  composer: composer ? composer.value : null,
  banner: text(all('connection-banner')[0]),
  typing: text(all('typing')[0]) || null,
  hits: all('hit').map(text),
  focused: document.visibilityState === 'visible' && document.hasFocus(),
  route: location.hash,
  messages: all('message').map((e) => ({
    id: e.dataset.id, state: e.dataset.state, mine: e.dataset.mine === 'true', text: text(e),
  })),
};
"#;

/// A window at one moment.
#[derive(Debug, Clone, Deserialize)]
pub struct Page {
    /// Of the view, in CSS pixels.
    pub width: u32,
    /// Of the view, in CSS pixels.
    pub height: u32,
    /// The server's address in the sign-in form.
    pub server: Option<String>,
    /// Whether the sign-in form is there.
    pub sign_in: bool,
    /// Whether the sections of the app are there.
    pub home: bool,
    /// Rows of the inbox.
    pub rows: Vec<Row>,
    /// Whether a search among the trips was answered.
    pub found: bool,
    /// The trips in the list.
    pub trips: Vec<String>,
    /// Where the bookings of a trip stand.
    pub bookings: Vec<String>,
    /// What was said about a ride.
    pub reviews: Vec<String>,
    /// Whether one is asked how the ride was, over everything else.
    pub sheet: bool,
    /// What the server said in the room, by its codes.
    pub said: Vec<String>,
    /// The room's title.
    pub title: Option<String>,
    /// What stands in the composer, where there is one.
    pub composer: Option<String>,
    /// The connection banner.
    pub banner: Option<String>,
    /// Who is writing.
    pub typing: Option<String>,
    /// What a search found.
    pub hits: Vec<String>,
    /// Whether the window is seen and has the keyboard.
    pub focused: bool,
    /// Where in the app one is.
    pub route: String,
    /// The messages, from top to bottom.
    pub messages: Vec<Shown>,
}

/// A row of the inbox.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// The room.
    pub room: RoomId,
    /// The number at it.
    pub unread: Option<String>,
}

/// A message as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Shown {
    /// Its id.
    pub id: String,
    /// `waiting`, `sent`, `delivered`, `read` or `failed`.
    pub state: String,
    /// Whether the person at this window wrote it.
    pub mine: bool,
    /// All that its bubble says: the text, and around it the writer, the time, the state.
    pub text: String,
}

impl Shown {
    /// Whether the server has it.
    pub fn is_stored(&self) -> bool {
        matches!(self.state.as_str(), "sent" | "delivered" | "read")
    }
}

impl Page {
    /// Of what [`READ`] returned.
    pub fn of(value: Value) -> Result<Self> {
        let mut page: Self = serde_json::from_value(value)?;
        for message in &mut page.messages {
            message.id = plain(&message.id);
        }
        Ok(page)
    }

    /// The number at the row of this room.
    pub fn unread(&self, room: RoomId) -> Option<&str> {
        self.rows.iter().find(|row| row.room == room)?.unread.as_deref()
    }

    /// Whether the row of this room is there, without a number.
    pub fn has_read(&self, room: RoomId) -> bool {
        self.rows.iter().any(|row| row.room == room && row.unread.is_none())
    }

    /// The ids of the messages, from top to bottom.
    pub fn ids(&self) -> Vec<&str> {
        self.messages.iter().map(|message| message.id.as_str()).collect()
    }

    /// The messages that say `text`.
    pub fn saying(&self, text: &str) -> Vec<&Shown> {
        self.messages.iter().filter(|message| message.text.contains(text)).collect()
    }
}
