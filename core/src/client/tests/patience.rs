//! Waiting for the core, and not for ever: a rule that is broken makes its test fail, not hang.

use crate::client::Client;
use crate::event::ClientEvent;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::time::{Instant, timeout_at};

/// By the clock that jumps when nothing moves: what has not come by then never will.
pub const LIMIT: Duration = Duration::from_secs(3_600);

/// The events of a client from now on, until the patience ends.
pub struct Patience {
    events: Receiver<ClientEvent>,
    until: Instant,
}

impl Patience {
    pub fn with(client: &Client) -> Self {
        Self { events: client.subscribe(), until: Instant::now() + LIMIT }
    }

    /// The next event.
    pub async fn next(&mut self) -> ClientEvent {
        // A client that dials again and again tells so for ever.
        assert!(Instant::now() < self.until, "it never came");
        timeout_at(self.until, self.events.recv()).await.expect("it never came").unwrap()
    }
}
