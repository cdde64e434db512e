//! How many connections may begin in a second: clients that come back all at once must not take the node down.
//! Pure: times are passed in.

use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);
/// Whoever is refused is not sent further away than this.
const FURTHEST: u64 = 30;

/// The handshakes of a node.
#[derive(Debug)]
pub struct Handshakes {
    per_second: usize,
    /// Those of the last second.
    begun: VecDeque<Instant>,
    /// Those that were sent away and have not had their time yet, and since when that number counts.
    away: Option<(usize, Instant)>,
}

impl Handshakes {
    /// At most `per_second`, in any second.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        let per_second = usize::try_from(per_second).unwrap_or(usize::MAX).max(1);
        Self { per_second, begun: VecDeque::new(), away: None }
    }

    /// Begins one.
    ///
    /// # Errors
    /// The seconds after which it is worth trying again: those who are sent away together are spread over the
    /// seconds that follow, as many to each as there is room for.
    pub fn begin(&mut self, now: Instant) -> Result<(), u64> {
        while self.begun.front().is_some_and(|begun| now.saturating_duration_since(*begun) >= SECOND) {
            self.begun.pop_front();
        }
        if self.begun.len() < self.per_second {
            self.begun.push_back(now);
            return Ok(());
        }
        let (before, since) = self.away.unwrap_or((0, now));
        let passed = usize::try_from(now.saturating_duration_since(since).as_secs()).unwrap_or(usize::MAX);
        let waiting = before.saturating_sub(self.per_second.saturating_mul(passed));
        // The time moves on in whole seconds, so that many small steps do not add up to none.
        let since = if passed > 0 { now } else { since };
        self.away = Some((waiting + 1, since));
        let after = u64::try_from(1 + waiting / self.per_second).unwrap_or(FURTHEST);
        Err(after.min(FURTHEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_second_has_more_handshakes_than_the_limit_and_the_others_are_spread() {
        let now = Instant::now();
        let mut handshakes = Handshakes::new(200);
        let answers: Vec<Result<(), u64>> = (0..1_000).map(|_| handshakes.begin(now)).collect();
        let sent = |answer| answers.iter().filter(|it| **it == answer).count();
        assert_eq!([sent(Ok(())), sent(Err(1)), sent(Err(2)), sent(Err(3)), sent(Err(4))], [200; 5]);
        let next = now + SECOND;
        assert_eq!((0..201).filter(|_| handshakes.begin(next).is_ok()).count(), 200);
    }

    #[test]
    fn nobody_is_sent_away_for_longer_than_half_a_minute() {
        let now = Instant::now();
        let mut handshakes = Handshakes::new(1);
        let furthest = (0..1_000).filter_map(|_| handshakes.begin(now).err()).max();
        assert_eq!(furthest, Some(FURTHEST));
    }

    proptest! {
        /// I12: no second, wherever it begins, has more than the limit.
        #[test]
        fn the_limit_holds_in_every_second(gaps in prop::collection::vec(0_u64..300, 1..300)) {
            let mut now = Instant::now();
            let mut handshakes = Handshakes::new(5);
            let mut begun = Vec::new();
            for gap in gaps {
                now += Duration::from_millis(gap);
                if handshakes.begin(now).is_ok() {
                    begun.push(now);
                }
            }
            for (place, from) in begun.iter().enumerate() {
                prop_assert!(begun.iter().skip(place).take_while(|at| **at - *from < SECOND).count() <= 5);
            }
        }
    }
}
