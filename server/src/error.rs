//! What can go wrong, each with its stable code. Causes are for the log; people get the code's sentence.

use tripchat_protocol::ErrorCode;

/// The result of everything that may be refused or may fail.
pub type Result<T> = std::result::Result<T, Error>;

/// A refusal or a failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule says no.
    #[error("refused: {code:?}")]
    Refused {
        /// The code.
        code: ErrorCode,
        /// The field or rule that was broken; safe to show.
        details: Option<&'static str>,
    },
    /// The database failed.
    #[error("store: {message}")]
    Store {
        /// What kind of failure.
        kind: StoreFailure,
        /// What the database said; for the log only.
        message: String,
    },
    /// A defect.
    #[error("internal: {0}")]
    Internal(String),
}

/// The kinds of database failure that the server tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreFailure {
    /// A unique, check or foreign key constraint.
    Constraint,
    /// The transaction lost a race and may be tried again.
    Contended,
    /// Nothing can be written: the disk is full, failing or read-only.
    NotWritable,
    /// The database cannot be reached.
    Unreachable,
    /// Anything else.
    Broken,
}

impl Error {
    /// A refusal that names the field or rule.
    #[must_use]
    pub fn refused(code: ErrorCode, details: &'static str) -> Self {
        Self::Refused { code, details: Some(details) }
    }

    /// Bad input, naming the field.
    #[must_use]
    pub fn invalid(details: &'static str) -> Self {
        Self::refused(ErrorCode::InvalidInput, details)
    }

    /// A defect, described for the log.
    #[must_use]
    pub fn internal(what: impl Into<String>) -> Self {
        Self::Internal(what.into())
    }

    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused { code, .. } => *code,
            Self::Store { kind: StoreFailure::Constraint | StoreFailure::Contended, .. } => {
                ErrorCode::Conflict
            }
            Self::Store { kind: StoreFailure::NotWritable, .. } => ErrorCode::StorageFull,
            Self::Store { kind: StoreFailure::Unreachable, .. } => ErrorCode::Unavailable,
            Self::Store { .. } | Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// The field or rule that was broken.
    #[must_use]
    pub fn details(&self) -> Option<&'static str> {
        if let Self::Refused { details, .. } = self { *details } else { None }
    }

    /// Logs what the person is not told.
    pub fn log(&self) {
        if !matches!(self, Self::Refused { .. }) {
            tracing::error!(error = %self, "an operation failed");
        }
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::Refused { code, details: None }
    }
}
