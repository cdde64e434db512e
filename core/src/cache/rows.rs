//! Reading cells as our own types. A cell that cannot be read is damage, and reported as such.

use rusqlite::types::Type;
use rusqlite::{Error, Row};
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// A text cell as `T`: an id or a stream.
pub fn parse<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error| Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

/// A cell holds something else than it should. What it holds is not told: it may be a message.
#[derive(Debug, thiserror::Error)]
#[error("a cell cannot be read")]
struct Unreadable;

/// A JSON cell as `T`.
pub fn cell<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|_| Error::FromSqlConversionFailure(column, Type::Text, Box::new(Unreadable)))
}

/// A value that cannot be written as JSON.
pub fn table_error(error: serde_json::Error) -> Error {
    Error::ToSqlConversionFailure(Box::new(error))
}
