//! What a message may say.

use crate::error::{Error, Result};
use tripchat_protocol::{Body, ErrorCode, checked_text};

/// The body as it is stored, of a kind that can be written.
pub(super) fn checked(body: &Body) -> Result<Body> {
    match body {
        Body::Text { text } => {
            let text = checked_text(text).map_err(|code| Error::refused(code, "text"))?;
            Ok(Body::Text { text: text.into() })
        }
        // Taking away is an operation of its own, of something that was there; the server alone speaks as the server.
        Body::System(_) | Body::Deleted | Body::Unknown(_) => {
            Err(Error::refused(ErrorCode::MessageRefused, "kind"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_kinds_that_can_be_written_are_taken_and_stored_trimmed() {
        let text = |text: &str| Body::Text { text: text.into() };
        assert_eq!(checked(&text("  🚌 еду \n")).unwrap(), text("🚌 еду"));
        assert_eq!(checked(&text(" ")).unwrap_err().details(), Some("text"));
        let later = serde_json::from_str(r#"{"kind":"HOLOGRAM"}"#).unwrap();
        assert_eq!(checked(&later).unwrap_err().details(), Some("kind"));
        assert_eq!(checked(&Body::Deleted).unwrap_err().code(), ErrorCode::MessageRefused);
    }
}
