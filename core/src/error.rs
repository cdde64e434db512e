//! What can go wrong at the edge of the core: a stable code and a sentence, and nothing secret.

use serde::{Deserialize, Serialize};
use tripchat_protocol::ErrorCode;
use ts_rs::TS;

/// A refusal, as the screen gets it. The screen words it by its code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, TS)]
#[error("{code:?}: {message}")]
pub struct CoreError {
    /// A stable code.
    #[ts(type = "string")]
    pub code: ErrorCode,
    /// One English sentence, for the log and for codes without a translation.
    pub message: String,
    /// The field or rule that was broken.
    pub details: Option<String>,
}

impl From<ErrorCode> for CoreError {
    fn from(code: ErrorCode) -> Self {
        Self { code, message: code.message().into(), details: None }
    }
}
