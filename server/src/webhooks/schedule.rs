//! When a message is sent again: the schedule of the Standard Webhooks specification, over three days.

use tripchat_protocol::Millis;

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;

/// How long after the beginning of each attempt that failed the next one begins; the first begins at once.
const PAUSES: [Millis; 9] =
    [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// The pause after `attempt` (from 1) failed; none after the last. `spread` is in 0..100: up to a tenth is added, so that
/// those who failed together do not come back together.
pub(super) fn pause(attempt: i64, spread: u64) -> Option<Millis> {
    let place = usize::try_from(attempt).ok()?.checked_sub(1)?;
    let pause = *PAUSES.get(place)?;
    let spread = Millis::try_from(spread.min(100)).unwrap_or(0);
    Some(pause + pause / 1_000 * spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_over_three_days_and_no_more() {
        let pauses: Vec<_> = (1..=10).map(|attempt| pause(attempt, 0)).collect();
        let hours = |h: Millis| Some(h * HOUR);
        assert_eq!(pauses[..3], [Some(5_000), Some(300_000), Some(1_800_000)]);
        assert_eq!(pauses[3..9], [hours(2), hours(5), hours(10), hours(14), hours(20), hours(24)]);
        assert_eq!(pauses[9], None);
        assert_eq!((pause(0, 0), pause(-1, 0), pause(i64::MAX, 0)), (None, None, None));
    }

    #[test]
    fn those_that_failed_together_come_back_apart() {
        assert_eq!(pause(1, 100), Some(5_500));
        assert_eq!(pause(1, u64::MAX), Some(5_500));
        assert_eq!(pause(2, 50), Some(315_000));
    }
}
