//! When a connection must say something, and when it is dead. Pure: times are passed in.

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
/// Nothing leaves later than this after the token expired.
pub(super) const AFTER_EXPIRY: Millis = 30_000;

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

/// What the wire knows of its own life.
#[derive(Debug, Clone, Copy)]
pub(super) struct Life {
    /// When the client was last heard.
    pub(super) last_read: Instant,
    /// When it was last spoken to.
    pub(super) last_written: Instant,
    /// When its token expires.
    pub(super) expires_at: Millis,
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

    /// What is due next, and when. `now` and `wall` are the same moment by two clocks.
    pub(super) fn next(&self, life: Life, now: Instant, wall: Millis) -> (Instant, Due) {
        let at =
            |time: Millis| now + Duration::from_millis(u64::try_from(time.saturating_sub(wall)).unwrap_or(0));
        let silence = (life.last_read + IDLE, Due::Idle);
        let expiry = (at(life.expires_at.saturating_add(AFTER_EXPIRY)), Due::Expired);
        let quiet = (life.last_written + self.quiet, Due::Ping);
        // A token is asked for once; a new one brings a new expiry.
        let renewal = (self.asked_for != life.expires_at)
            .then(|| (at(life.expires_at.saturating_sub(RENEW_BEFORE)), Due::Renew));
        let soonest = [expiry, quiet].into_iter().chain(renewal);
        soonest.fold(silence, |first, next| if next.0 < first.0 { next } else { first })
    }

    /// The token that expires at `expires_at` was asked to be renewed.
    pub(super) fn asked(&mut self, expires_at: Millis) {
        self.asked_for = expires_at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tripchat_runtime::{FixedClock, SeededRandom};

    const WALL: Millis = 1_800_000_000_000;

    fn heartbeat(seed: u64) -> Heartbeat {
        Heartbeat::new(&Sources::new(FixedClock::at(WALL), SeededRandom::new(seed)))
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn it_pings_after_quiet_and_not_in_step_with_others() {
        let now = Instant::now();
        let life = Life { last_read: now, last_written: now, expires_at: WALL + 900_000 };
        let mut beats: Vec<Duration> = (0..50)
            .map(|seed| {
                let (at, due) = heartbeat(seed).next(life, now, WALL);
                assert_eq!(due, Due::Ping);
                at - now
            })
            .collect();
        assert!(beats.iter().all(|beat| (seconds(20)..seconds(30)).contains(beat)), "{beats:?}");
        beats.sort_unstable();
        beats.dedup();
        assert!(beats.len() > 40);
    }

    #[test]
    fn a_client_that_says_nothing_for_a_minute_is_gone_however_much_it_is_told() {
        let began = Instant::now();
        let now = began + seconds(59);
        let life = Life { last_read: began, last_written: now, expires_at: WALL + 900_000 };
        assert_eq!(heartbeat(1).next(life, now, WALL), (began + seconds(60), Due::Idle));
    }

    #[test]
    fn a_token_is_asked_for_once_two_minutes_before_it_expires_and_not_outlived() {
        let now = Instant::now();
        let life = Life { last_read: now, last_written: now, expires_at: WALL + 120_000 };
        let mut heartbeat = heartbeat(1);
        assert_eq!(heartbeat.next(life, now, WALL), (now, Due::Renew));
        heartbeat.asked(life.expires_at);
        assert_eq!(heartbeat.next(life, now, WALL).1, Due::Ping);
        let late = Life { expires_at: WALL - 29_000, ..life };
        heartbeat.asked(late.expires_at);
        assert_eq!(heartbeat.next(late, now, WALL), (now + seconds(1), Due::Expired));
        let renewed = Life { expires_at: WALL + 1_000, ..life };
        assert_eq!(heartbeat.next(renewed, now, WALL), (now, Due::Renew));
    }

    #[test]
    fn before_hello_nothing_expires() {
        let now = Instant::now();
        let life = Life { last_read: now, last_written: now, expires_at: Millis::MAX };
        assert_eq!(heartbeat(1).next(life, now, WALL).1, Due::Ping);
    }
}
