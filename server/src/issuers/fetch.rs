//! Reads a key set over the network: one address of the configuration, no redirects, so many bytes and seconds and no
//! more.

use crate::error::{Error, Result};
use reqwest::{Client, StatusCode, header, redirect};
use std::time::Duration;

/// Bytes of a key set.
const LARGEST: usize = 64 * 1024;
/// For all of it.
const DEADLINE: Duration = Duration::from_secs(5);

/// What asks.
///
/// # Errors
/// If TLS cannot be set up.
pub fn client() -> Result<Client> {
    let client = Client::builder()
        .user_agent(concat!("tripchat-server/", env!("CARGO_PKG_VERSION")))
        .timeout(DEADLINE)
        .redirect(redirect::Policy::none())
        .build();
    client.map_err(|error| Error::internal(format!("TLS: {error}")))
}

/// The bytes at `url`.
///
/// # Errors
/// Says what went wrong, for the log.
pub async fn fetch(http: &Client, url: &str) -> std::result::Result<Vec<u8>, String> {
    let words = |error: reqwest::Error| error.without_url().to_string();
    let mut answer = http.get(url).header(header::ACCEPT, "application/json").send().await.map_err(words)?;
    if answer.status() != StatusCode::OK {
        return Err(format!("it was answered with {}", answer.status()));
    }
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(words)? {
        if bytes.len() + piece.len() > LARGEST {
            return Err("it is too large".into());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;
    use tokio::time::Instant;

    /// The time is the runtime's own: it goes on as soon as everybody waits.
    #[tokio::test(start_paused = true)]
    async fn an_issuer_that_says_nothing_is_waited_for_five_seconds() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks.json", silent.local_addr().unwrap());
        let begun = Instant::now();
        assert!(fetch(&client().unwrap(), &url).await.is_err());
        assert_eq!(begun.elapsed().as_secs(), 5);
    }
}
