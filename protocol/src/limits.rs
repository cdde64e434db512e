//! The sizes that both ends keep to. The server tells its own in `welcome`.

use serde::{Deserialize, Serialize};

/// Longest text of a message, in Unicode scalar values, after trimming.
pub const TEXT_CHARS: usize = 4_000;
/// Largest frame that a client may send, in bytes.
pub const FRAME_IN: usize = 64 * 1024;
/// Largest frame that the server sends, in bytes.
pub const FRAME_OUT: usize = 256 * 1024;
/// Most changes in one `changes` page.
pub const PAGE_OBJECTS: usize = 200;
/// Largest `changes` page, in bytes of objects.
pub const PAGE_BYTES: usize = 192 * 1024;
/// A stream that changed more than this is caught up in part: what was made since may be left out, see `hole`.
pub const LIMITED_ABOVE: i64 = 1_000;
/// The newest messages that a limited catch-up brings.
pub const LIMITED_NEWEST: i64 = 50;
/// A connection's first catch-up brings at most so many objects of rooms; the other rooms are left behind, with
/// their heads told.
pub const FIRST_OBJECTS: usize = 2_000;
/// See [`FIRST_OBJECTS`]; in bytes of objects.
pub const FIRST_BYTES: usize = 1024 * 1024;
/// Unread messages are counted up to here.
pub const UNREAD_MAX: u32 = 100;
/// In rooms of more people than this only one's own receipts are sent.
pub const RECEIPTS_ROOM: usize = 100;
/// Most rooms that a `hello` may name.
pub const HELLO_ROOMS: usize = 300;
/// History pages: the usual and the largest number of messages.
pub const HISTORY_DEFAULT: u32 = 50;
/// See [`HISTORY_DEFAULT`]; more is clamped to it.
pub const HISTORY_MAX: u32 = 100;
/// Longest display name, in Unicode scalar values.
pub const NAME_CHARS: usize = 80;
/// Longest place, vehicle or note field of a trip, in Unicode scalar values.
pub const FIELD_CHARS: usize = 200;
/// For how long a request for seats may be answered; the trip's departure ends it, too.
pub const REQUEST_MS: i64 = 86_400_000;
/// Longest text of a review, in Unicode scalar values.
pub const REVIEW_CHARS: usize = 1_000;
/// For how long the writer of a review may change it.
pub const REVIEW_OPEN_MS: i64 = 7 * 86_400_000;
/// Pages of a person's reviews: the usual and the largest number.
pub const REVIEWS_DEFAULT: u32 = 20;
/// See [`REVIEWS_DEFAULT`]; more is clamped to it.
pub const REVIEWS_MAX: u32 = 100;
/// Shortest and longest password, in Unicode scalar values.
pub const PASSWORD_CHARS: (usize, usize) = (8, 128);
/// Most stops of a trip.
pub const STOPS: usize = 50;
/// Most seats of a trip.
pub const SEATS: u16 = 100;

/// The limits as `welcome` tells them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// See [`TEXT_CHARS`].
    pub text_chars: usize,
    /// See [`FRAME_IN`].
    pub frame_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { text_chars: TEXT_CHARS, frame_bytes: FRAME_IN }
    }
}
