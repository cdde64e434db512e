//! One attempt to bring a message to its address.

use super::sign::signatures;
use crate::error::Result;
use crate::outbound::Bounds;
use crate::store::tables::webhook::Webhook;
use crate::store::tables::webhook_message::Taken;
use reqwest::{Client, StatusCode, header};
use std::time::Duration;
use tripchat_runtime::Sources;

/// For all of an attempt.
const DEADLINE: Duration = Duration::from_secs(15);

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Delivered,
    /// The platform wants nothing there any more.
    Gone,
    /// In words, for the operator.
    Failed(String),
}

/// Brings messages.
#[derive(Debug, Clone)]
pub struct Courier {
    http: Client,
    bounds: Bounds,
    sources: Sources,
}

impl Courier {
    /// One that keeps within `bounds`.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(bounds: Bounds, sources: Sources) -> Result<Self> {
        Ok(Self { http: bounds.client(DEADLINE)?, bounds, sources })
    }

    /// Brings `message` to `webhook`, signed for now.
    ///
    /// # Errors
    /// A defect.
    pub async fn bring(&self, to: &Webhook, message: &Taken) -> Result<Outcome> {
        let url = match self.bounds.check(&to.url) {
            Ok(url) => url,
            // It was good when it was added, and the configuration has changed since.
            Err(why) => return Ok(Outcome::Failed(why.into())),
        };
        let id = format!("msg_{}", message.id.0.simple());
        let now = self.sources.now();
        let request = self
            .http
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", now / 1_000)
            .header("webhook-signature", signatures(to, &id, now, &message.body)?)
            .body(message.body.clone());
        Ok(match request.send().await {
            Ok(answer) => outcome(answer.status()),
            // The address may hold a key of the platform.
            Err(error) => Outcome::Failed(words(&error.without_url())),
        })
    }
}

fn outcome(status: StatusCode) -> Outcome {
    match status {
        _ if status.is_success() => Outcome::Delivered,
        StatusCode::GONE => Outcome::Gone,
        _ => Outcome::Failed(format!("it was answered with {}", status.as_u16())),
    }
}

/// The error and what it comes from.
fn words(error: &dyn std::error::Error) -> String {
    let mut all = error.to_string();
    let mut cause = error.source();
    while let Some(it) = cause {
        all = format!("{all}: {it}");
        cause = it.source();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_2xx_is_taken_and_only_410_is_the_end() {
        for code in 100..600 {
            let outcome = outcome(StatusCode::from_u16(code).unwrap());
            match code {
                200..=299 => assert_eq!(outcome, Outcome::Delivered),
                410 => assert_eq!(outcome, Outcome::Gone),
                _ => assert_eq!(outcome, Outcome::Failed(format!("it was answered with {code}"))),
            }
        }
    }
}
