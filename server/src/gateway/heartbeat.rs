//! When a connection must say something, and when it is dead. Pure.

use super::wire::Wire;
use std::time::Duration;
use tokio::time::Instant;
use tripchat_protocol::Millis;
use tripchat_runtime::Sources;

/// The server says something at least this often, give or take a fifth.
pub(super) const QUIET: Duration = Duration::from_secs(25);
/// A client that says nothing for so long is gone.
const IDLE: Duration = Duration::from_secs(60);
/// A new token is asked for this long before the old one expires.
const RENEW_BEFORE: Millis = 120_000;
/// See the wire: nothing leaves after this.
const AFTER_EXPIRY: Millis = 30_000;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// Say something.
    Ping,
    /// Ask for a new token.
    Renew,
    /// It is gone.
    Idle,
    /// The token is.
    Expired,
}

/// The beats of one connection.
#[derive(Debug)]
pub(super) struct Heartbeat {
    quiet: Duration,
    asked_for: Millis,
}

impl Heartbeat {
    /// The jitter keeps thousands of connections from pinging in step.
    pub(super) fn new(sources: &Sources) -> Self {
        let fifth = QUIET / 5;
        let jitter = sources.below(u64::try_from(2 * fifth.as_millis()).unwrap_or(0));
        Self { quiet: QUIET - fifth + Duration::from_millis(jitter), asked_for: 0 }
    }

    /// What is due next, and when.
    pub(super) fn next(&self, wire: &Wire, sources: &Sources) -> (Instant, Due) {
        let (now, wall) = (Instant::now(), sources.now());
        let at =
            |time: Millis| now + Duration::from_millis(u64::try_from(time.saturating_sub(wall)).unwrap_or(0));
        let mut due = [
            (wire.last_read + IDLE, Due::Idle),
            (at(wire.expires_at + AFTER_EXPIRY), Due::Expired),
            (wire.last_written + self.quiet, Due::Ping),
            (at(wire.expires_at - RENEW_BEFORE), Due::Renew),
        ];
        // A token is asked for once; a new one brings a new expiry.
        let known = if self.asked_for == wire.expires_at { &mut due[..3] } else { &mut due[..] };
        known.sort_by_key(|(at, _)| *at);
        known.first().copied().unwrap_or((now + IDLE, Due::Idle))
    }

    /// The token that expires at `expires_at` was asked to be renewed.
    pub(super) fn asked(&mut self, expires_at: Millis) {
        self.asked_for = expires_at;
    }
}
