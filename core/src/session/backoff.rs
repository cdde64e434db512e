//! How long to wait before the next try: evenly drawn from zero to a bound that doubles, so that clients that
//! lost the same server do not come back together.

/// The first bound, in milliseconds.
const FIRST: u64 = 500;
/// The last bound.
const LAST: u64 = 30_000;

/// The delay before try `n` (0 for the first), given a source of numbers in `0..bound`.
pub fn delay(n: u32, below: impl FnOnce(u64) -> u64) -> u64 {
    below(bound(n).saturating_add(1))
}

/// The largest delay before try `n`.
pub fn bound(n: u32) -> u64 {
    FIRST.checked_shl(n.min(16)).map_or(LAST, |bound| bound.min(LAST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_bound_doubles_up_to_half_a_minute() {
        let bounds: Vec<u64> = (0..8).map(bound).collect();
        assert_eq!(bounds, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    }

    proptest! {
        #[test]
        fn a_delay_is_drawn_up_to_its_bound(n: u32, draw: u64) {
            let delay = delay(n, |below| draw % below);
            prop_assert_eq!(delay, draw % (bound(n) + 1));
            prop_assert!(bound(n) <= 30_000);
        }
    }
}
