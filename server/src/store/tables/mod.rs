//! One file a table, or a few that are never used apart: SQL, row types and functions on `&mut Tx`.

pub mod answer;
pub mod booking;
pub mod changed;
pub mod identity;
pub mod ledger;
pub mod message;
pub mod object;
pub mod own;
pub mod reset_code;
pub mod review;
pub mod room;
pub mod server_key;
pub mod service_token;
pub mod session;
pub mod signing_key;
pub mod stay;
pub mod stop;
pub mod stream;
pub mod trip;
pub mod users;
pub mod webhook;
pub mod webhook_message;

use crate::error::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};

/// The word of a status or type, as the wire has it.
fn word<T: Serialize>(value: T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(Error::internal("a word was expected")),
    }
}

/// What the word of a status or type means.
fn meaning<T: DeserializeOwned>(word: String) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(word))
        .map_err(|error| Error::internal(error.to_string()))
}
