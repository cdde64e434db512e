//! Until when messages are worth sending, by the server's clock as it was last heard. Pure, time passed in.
//!
//! The server's clock is counted on from `welcome` by a clock that only rises, so that a wrong or changed clock of
//! the device does not matter. Before the first `welcome` nothing is known, and the server alone decides.

use std::collections::BTreeSet;
use tripchat_protocol::{Millis, OperationId};

/// The messages with a limit, and the server's clock.
#[derive(Debug, Default)]
pub struct Limits {
    /// What the server's clock showed, and when that was.
    clock: Option<(Millis, u64)>,
    until: BTreeSet<(Millis, OperationId)>,
}

impl Limits {
    /// The server tells its time.
    pub fn heard(&mut self, now: u64, server: Millis) {
        self.clock = Some((server, now));
    }

    /// A message is worth sending until `until`.
    pub fn add(&mut self, id: OperationId, until: Millis) {
        self.until.insert((until, id));
    }

    /// Whether it is later than `until`, as far as one knows.
    pub fn is_past(&self, now: u64, until: Millis) -> bool {
        self.clock.is_some_and(|clock| server_time(clock, now) > until)
    }

    /// Those whose time has passed by now; each once.
    pub fn due(&mut self, now: u64) -> Vec<OperationId> {
        let Some(clock) = self.clock else { return Vec::new() };
        let server = server_time(clock, now);
        let mut due = Vec::new();
        while let Some((_, id)) = self.until.first().copied().filter(|(until, _)| *until < server) {
            self.until.pop_first();
            due.push(id);
        }
        due
    }

    /// When to look again.
    pub fn deadline(&self) -> Option<u64> {
        let ((server, heard), (until, _)) = (self.clock?, self.until.first()?);
        let left = u64::try_from(until.saturating_sub(server)).unwrap_or(0);
        Some(heard.saturating_add(left).saturating_add(1))
    }
}

fn server_time((server, heard): (Millis, u64), now: u64) -> Millis {
    let since = i64::try_from(now.saturating_sub(heard)).unwrap_or(i64::MAX);
    server.saturating_add(since)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_limit_passes_by_the_servers_clock_and_not_without_it() {
        let id = |n| OperationId(Uuid::from_u128(n));
        let mut limits = Limits::default();
        limits.add(id(1), 5_000);
        limits.add(id(2), 6_000);
        assert_eq!((limits.due(u64::MAX), limits.deadline()), (vec![], None), "the server alone decides");
        assert!(!limits.is_past(u64::MAX, 0));
        limits.heard(100, 4_900);
        assert_eq!(limits.deadline(), Some(201));
        assert!(!limits.is_past(200, 5_000));
        assert_eq!(limits.due(200), []);
        assert!(limits.is_past(201, 5_000));
        assert_eq!(limits.due(201), [id(1)]);
        limits.heard(300, 9_000);
        assert_eq!(limits.due(300), [id(2)], "the newest word of the server counts");
        assert_eq!(limits.deadline(), None);
    }
}
