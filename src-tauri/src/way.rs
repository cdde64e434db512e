//! Where the person wants to be led, until the page can lead them there: it must have been loaded, and someone must
//! be signed in.

use crate::links::Target;
use std::sync::{Mutex, PoisonError};

/// What is known of the page, and the wish that waits.
#[derive(Debug, Default)]
struct Known {
    /// Whether the page hears.
    there: bool,
    /// Whether someone is signed in.
    signed_in: bool,
    wish: Option<Target>,
}

/// The one way to the page. Each method answers the wish that is to be told to it now.
#[derive(Debug, Default)]
pub struct Way(Mutex<Known>);

impl Way {
    /// The person wants to go to `target`; a wish that still waited is forgotten.
    pub fn want(&self, target: Target) -> Option<Target> {
        self.know(|known| known.wish = Some(target))
    }

    /// The page was loaded, and hears from now on.
    pub fn page_came(&self, signed_in: bool) -> Option<Target> {
        self.know(|known| {
            known.there = true;
            known.signed_in = signed_in;
        })
    }

    /// Someone signed in.
    pub fn came_in(&self) -> Option<Target> {
        self.know(|known| known.signed_in = true)
    }

    /// Nobody is signed in any more.
    pub fn left(&self) {
        let told = self.know(|known| known.signed_in = false);
        debug_assert_eq!(told, None);
    }

    fn know(&self, learn: impl FnOnce(&mut Known)) -> Option<Target> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        learn(&mut known);
        if known.there && known.signed_in { known.wish.take() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const HERE: Target = Target::Room(tripchat_protocol::RoomId(Uuid::from_u128(1)));
    const THERE: Target = Target::Trip(tripchat_protocol::TripId(Uuid::from_u128(2)));

    #[test]
    fn a_page_that_is_there_is_told_at_once() {
        let way = Way::default();
        assert_eq!(way.page_came(true), None);
        assert_eq!(way.want(HERE), Some(HERE));
        assert_eq!(way.page_came(true), None);
    }

    #[test]
    fn a_link_that_started_the_app_waits_for_the_page() {
        let way = Way::default();
        assert_eq!(way.want(HERE), None);
        assert_eq!(way.page_came(true), Some(HERE));
    }

    #[test]
    fn a_link_waits_until_someone_is_signed_in() {
        let way = Way::default();
        assert_eq!(way.page_came(false), None);
        assert_eq!(way.want(HERE), None);
        assert_eq!(way.want(THERE), None);
        assert_eq!(way.came_in(), Some(THERE));
        way.left();
        assert_eq!(way.want(HERE), None);
        assert_eq!(way.came_in(), Some(HERE));
    }
}
