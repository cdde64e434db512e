//! Who is there, shared by the connections of this node.

mod people;

use people::People;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use tripchat_protocol::{Availability, Presence, SessionId, UserId};

/// See the module.
#[derive(Debug, Default)]
pub struct Presences {
    people: Mutex<People>,
    changed: Notify,
}

/// A connection's part in its person's presence. Dropping it ends the part.
#[derive(Debug)]
pub struct Attendance {
    presences: Arc<Presences>,
    user: UserId,
    session: SessionId,
    connection: u64,
}

impl Presences {
    /// A connection of `user` begins.
    #[must_use]
    pub fn attend(self: &Arc<Self>, user: UserId, session: SessionId, connection: u64) -> Attendance {
        self.lock().connect(user, session, connection);
        self.changed.notify_one();
        Attendance { presences: self.clone(), user, session, connection }
    }

    /// Those of `among` who are not offline.
    #[must_use]
    pub fn seen(&self, among: impl IntoIterator<Item = UserId>) -> BTreeMap<UserId, Presence> {
        let (people, now) = (self.lock(), Instant::now());
        let seen = among.into_iter().map(|user| (user, people.of(user, now)));
        seen.filter(|(_, presence)| *presence != Presence::Offline).collect()
    }

    /// A sign-in was ended.
    pub fn forget(&self, session: SessionId) {
        self.lock().forget(session);
    }

    /// Waits until others must be told something new. For one who tells.
    pub async fn news(&self) -> Vec<(UserId, Presence)> {
        loop {
            let next = {
                let mut people = self.lock();
                let news = people.news(Instant::now());
                if !news.is_empty() {
                    return news;
                }
                people.next_news()
            };
            let time_passes = async {
                match next {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = self.changed.notified() => {}
                () = time_passes => {}
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, People> {
        // Every statement leaves the people whole, whatever panicked in between.
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attendance {
    /// The person wants to be seen as no more than `at_most` on this device.
    pub fn lower(&self, at_most: Availability) {
        let Self { presences, user, session, connection } = self;
        presences.lock().lower(*user, *session, *connection, at_most);
        presences.changed.notify_one();
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        self.presences.lock().disconnect(self.user, self.connection, Instant::now());
        self.presences.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::people::GRACE;
    use super::*;
    use uuid::Uuid;

    #[tokio::test(start_paused = true)]
    async fn the_teller_is_woken_by_events_and_by_time() {
        let presences = Arc::new(Presences::default());
        let user = UserId(Uuid::from_u128(1));
        let phone = presences.attend(user, SessionId(Uuid::from_u128(2)), 1);
        assert_eq!(presences.news().await, [(user, Presence::Online)]);
        phone.lower(Availability::Away);
        assert_eq!(presences.news().await, [(user, Presence::Away)]);
        let left = Instant::now();
        drop(phone);
        assert_eq!(presences.seen([user]), [(user, Presence::Away)].into());
        assert_eq!(presences.news().await, [(user, Presence::Offline)]);
        assert_eq!(left.elapsed().as_secs(), GRACE.as_secs());
        assert_eq!(presences.seen([user]), BTreeMap::new());
    }
}
