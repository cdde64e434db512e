//! Messages.

use crate::Millis;
use crate::ids::{MessageId, UserId};
use crate::stream::Seq;
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
    /// A kind of a later version.
    #[serde(untagged)]
    #[ts(skip)]
    Unknown(Value),
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
            Some(_) => Ok(Self::Unknown(value)),
            None => Err(serde::de::Error::missing_field("kind")),
        }
    }
}

/// A message as it now stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
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
    pub at: Millis,
    /// When it was written, by its writer's clock.
    #[ts(type = "number")]
    pub written_at: Millis,
}
