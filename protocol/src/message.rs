//! Messages.

use crate::Millis;
use crate::error::ErrorCode;
use crate::ids::{MessageId, UserId};
use crate::limits::TEXT_CHARS;
use crate::stream::Seq;
use crate::system::System;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// What a message says.
///
/// A client keeps a kind that it does not know as [`Body::Unknown`] and shows a fallback text; the server
/// refuses it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Body {
    /// Plain text.
    Text {
        /// 1 to 4,000 Unicode scalar values, without white space around it.
        text: String,
    },
    /// What the server says by itself. It can be neither written, edited nor deleted by anybody.
    System(System),
    /// It was taken away by its writer. What it said is gone; its place stays.
    Deleted,
    /// A kind of a later version.
    #[serde(untagged)]
    #[ts(skip)]
    Unknown(Value),
}

impl Body {
    /// See [`System::is_silent`].
    #[must_use]
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::System(said) if said.is_silent())
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Text {
            text: String,
        }
        let value = Value::deserialize(from)?;
        match value.get("kind").and_then(Value::as_str) {
            Some("TEXT") => serde_json::from_value::<Text>(value)
                .map(|Text { text }| Self::Text { text })
                .map_err(serde::de::Error::custom),
            Some("DELETED") => Ok(Self::Deleted),
            // A code of a later version is kept as it came.
            Some("SYSTEM") => {
                Ok(System::deserialize(&value).map_or_else(|_| Self::Unknown(value), Self::System))
            }
            Some(_) => Ok(Self::Unknown(value)),
            None => Err(serde::de::Error::missing_field("kind")),
        }
    }
}

/// The text as it is stored: trimmed, with something to see in it, 1 to 4,000 Unicode scalar values. Both ends ask
/// this one question, the client before it stores, the server before it believes.
///
/// # Errors
/// `MESSAGE_REFUSED` if there is nothing to see or U+0000 in it, `TOO_LARGE` if it is too long.
pub fn checked_text(text: &str) -> Result<&str, ErrorCode> {
    let text = text.trim();
    if !text.chars().any(is_seen) || text.contains('\0') {
        return Err(ErrorCode::MessageRefused);
    }
    if text.chars().count() > TEXT_CHARS { Err(ErrorCode::TooLarge) } else { Ok(text) }
}

/// Whether a character leaves a mark: not white space, a control, or one of the invisible ones that only join,
/// part or direct others (Unicode 16, `Default_Ignorable_Code_Point`, as far as people can type it).
fn is_seen(c: char) -> bool {
    let ignorable = matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}');
    !c.is_whitespace() && !c.is_control() && !ignorable
}

/// A message as it now stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its writer's id for it.
    pub id: MessageId,
    /// Its place in the room.
    pub seq: Seq,
    /// Who wrote it.
    pub author: UserId,
    /// What it says.
    pub body: Body,
    /// When the server took it.
    #[ts(type = "number")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub at: Millis,
    /// When it was written, by its writer's clock.
    #[ts(type = "number")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub written_at: Millis,
    /// How often it was edited.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub edit_no: u32,
    /// When it was edited last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub edited_at: Option<Millis>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "asked so by the derive")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Message {
    /// Whether it counts as unread for `reader`: somebody else's, still standing and not silent. A kind that is not
    /// known counts: somebody meant it to be read.
    #[must_use]
    pub fn counts_for(&self, reader: UserId) -> bool {
        self.author != reader && self.body != Body::Deleted && !self.body.is_silent()
    }
}

/// What REST says of [`Body`]: the kinds that there are.
#[cfg(feature = "openapi")]
mod schema {
    use super::System;
    use utoipa::openapi::{RefOr, schema::Schema};
    use utoipa::{PartialSchema, ToSchema};

    #[derive(ToSchema)]
    #[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
    #[expect(dead_code, reason = "only its form is asked for")]
    enum Body {
        /// Plain text.
        Text { text: String },
        /// What the server says by itself.
        System(System),
        /// It was taken away by its writer.
        Deleted,
    }

    impl PartialSchema for super::Body {
        fn schema() -> RefOr<Schema> {
            Body::schema()
        }
    }

    impl ToSchema for super::Body {
        fn name() -> std::borrow::Cow<'static, str> {
            Body::name()
        }

        fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
            Body::schemas(schemas);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_counted_in_unicode_scalars() {
        assert_eq!(checked_text("  🚌 еду \n"), Ok("🚌 еду"));
        assert_eq!(checked_text("👩\u{200d}🚀").map(|text| text.chars().count()), Ok(3));
        assert!(checked_text(&"ұ".repeat(4_000)).is_ok());
        assert_eq!(checked_text(&"ұ".repeat(4_001)), Err(ErrorCode::TooLarge));
        for empty in ["", " \u{a0}\n\t", "a\u{0}", "\u{200b}", "\u{feff} \u{2060}", "\u{200f}\u{fe0f}"] {
            assert_eq!(checked_text(empty), Err(ErrorCode::MessageRefused), "{empty:?}");
        }
    }
}
