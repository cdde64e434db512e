//! Who is there: derived from live connections, and never stored. Pure: times are passed in.
//!
//! A person is online while any of their connections is, away if all that are left are away, and offline if one of
//! them asks not to be seen at all. Who loses their last connection stays as they were for a while: a tunnel is no
//! absence.

use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;
use tripchat_protocol::{Availability, Presence, SessionId, UserId};

/// Who has no connection for so long is offline.
pub const GRACE: Duration = Duration::from_secs(15);

/// The people of this node.
#[derive(Debug, Default)]
pub struct People {
    people: BTreeMap<UserId, Person>,
    /// What each sign-in asked for last, as long as it is less than everything: a device that comes back must not be
    /// seen for the moment before it asks again.
    lowered: BTreeMap<SessionId, Availability>,
}

#[derive(Debug, Default)]
struct Person {
    connections: BTreeMap<u64, Availability>,
    /// When the last connection went.
    left: Option<Instant>,
    /// How they were then.
    last: Presence,
    /// What others were told.
    told: Presence,
}

impl People {
    /// A connection of `user` begins.
    pub fn connect(&mut self, user: UserId, session: SessionId, connection: u64) {
        let at_most = self.lowered.get(&session).copied().unwrap_or(Availability::Online);
        let person = self.people.entry(user).or_default();
        person.connections.insert(connection, at_most);
        person.left = None;
    }

    /// A connection asks to be seen as no more than `at_most`.
    pub fn lower(&mut self, user: UserId, session: SessionId, connection: u64, at_most: Availability) {
        let Some(person) = self.people.get_mut(&user) else { return };
        let Some(asked) = person.connections.get_mut(&connection) else { return };
        *asked = at_most;
        match at_most {
            Availability::Online => self.lowered.remove(&session),
            Availability::Away | Availability::Invisible => self.lowered.insert(session, at_most),
        };
    }

    /// A connection is gone.
    pub fn disconnect(&mut self, user: UserId, connection: u64, now: Instant) {
        let Some(person) = self.people.get_mut(&user) else { return };
        let last = person.now(now);
        if person.connections.remove(&connection).is_some() && person.connections.is_empty() {
            person.last = last;
            person.left = Some(now);
        }
    }

    /// A sign-in that was ended asks for nothing any more.
    pub fn forget(&mut self, session: SessionId) {
        self.lowered.remove(&session);
    }

    /// How others see `user`.
    #[must_use]
    pub fn of(&self, user: UserId, now: Instant) -> Presence {
        self.people.get(&user).map_or(Presence::Offline, |person| person.now(now))
    }

    /// Those of whom others must be told something new; they count as told.
    pub fn news(&mut self, now: Instant) -> Vec<(UserId, Presence)> {
        let mut news = Vec::new();
        self.people.retain(|user, person| {
            let is = person.now(now);
            if person.told != is {
                person.told = is;
                news.push((*user, is));
            }
            !person.connections.is_empty() || is != Presence::Offline
        });
        news
    }

    /// When there is news by the passing of time alone.
    #[must_use]
    pub fn next_news(&self) -> Option<Instant> {
        self.people.values().filter_map(|person| person.left).map(|left| left + GRACE).min()
    }
}

impl Person {
    fn now(&self, now: Instant) -> Presence {
        match self.left {
            Some(left) if now >= left + GRACE => Presence::Offline,
            Some(_) => self.last,
            None if self.connections.values().any(|it| *it == Availability::Invisible) => Presence::Offline,
            None if self.connections.values().any(|it| *it == Availability::Online) => Presence::Online,
            None if self.connections.is_empty() => Presence::Offline,
            None => Presence::Away,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const PHONE: u64 = 1;
    const DESK: u64 = 2;

    fn user() -> UserId {
        UserId(Uuid::from_u128(1))
    }

    fn session(connection: u64) -> SessionId {
        SessionId(Uuid::from_u128(connection.into()))
    }

    fn connect(people: &mut People, connection: u64) {
        people.connect(user(), session(connection), connection);
    }

    fn lower(people: &mut People, connection: u64, at_most: Availability) {
        people.lower(user(), session(connection), connection, at_most);
    }

    #[test]
    fn a_person_is_offline_fifteen_seconds_after_the_last_connection_is_gone() {
        let (mut people, now) = (People::default(), Instant::now());
        connect(&mut people, PHONE);
        connect(&mut people, DESK);
        assert_eq!(people.news(now), [(user(), Presence::Online)]);
        people.disconnect(user(), PHONE, now);
        assert_eq!((people.news(now), people.next_news()), (vec![], None));
        people.disconnect(user(), DESK, now);
        let almost = now + GRACE - Duration::from_millis(1);
        assert_eq!((people.news(almost), people.next_news()), (vec![], Some(now + GRACE)));
        assert_eq!(people.of(user(), almost), Presence::Online);
        assert_eq!(people.news(now + GRACE), [(user(), Presence::Offline)]);
        assert!(people.people.is_empty());
    }

    #[test]
    fn who_comes_back_in_time_was_never_away() {
        let (mut people, now) = (People::default(), Instant::now());
        connect(&mut people, PHONE);
        people.news(now);
        people.disconnect(user(), PHONE, now);
        people.connect(user(), session(PHONE), 9);
        assert_eq!((people.news(now + GRACE), people.next_news()), (vec![], None));
        assert_eq!(people.of(user(), now + GRACE), Presence::Online);
    }

    #[test]
    fn a_client_can_only_lower_it_and_invisible_is_offline_to_others() {
        let (mut people, now) = (People::default(), Instant::now());
        connect(&mut people, PHONE);
        connect(&mut people, DESK);
        lower(&mut people, PHONE, Availability::Away);
        assert_eq!(people.of(user(), now), Presence::Online, "the other device is in use");
        lower(&mut people, DESK, Availability::Away);
        assert_eq!(people.of(user(), now), Presence::Away);
        lower(&mut people, PHONE, Availability::Invisible);
        assert_eq!(people.of(user(), now), Presence::Offline);
        people.news(now);
        people.disconnect(user(), DESK, now);
        people.disconnect(user(), PHONE, now);
        assert_eq!(people.news(now), [], "nobody is told that an invisible person left");
        // Asking without a connection raises nothing.
        lower(&mut people, PHONE, Availability::Online);
        assert_eq!(people.of(user(), now), Presence::Offline);
    }

    #[test]
    fn an_invisible_device_that_comes_back_is_not_seen_for_a_moment() {
        let (mut people, now) = (People::default(), Instant::now());
        connect(&mut people, PHONE);
        lower(&mut people, PHONE, Availability::Invisible);
        people.disconnect(user(), PHONE, now);
        people.news(now + GRACE);
        people.connect(user(), session(PHONE), 9);
        assert_eq!(people.news(now + GRACE), []);
        people.lower(user(), session(PHONE), 9, Availability::Online);
        assert_eq!(people.news(now + GRACE), [(user(), Presence::Online)]);
        assert!(people.lowered.is_empty());
    }

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Connect(u64),
        Lower(u64, Availability),
        Disconnect(u64),
        Wait(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        let availability =
            prop_oneof![Just(Availability::Online), Just(Availability::Away), Just(Availability::Invisible)];
        prop_oneof![
            (0_u64..4).prop_map(Step::Connect),
            (0_u64..4, availability).prop_map(|(connection, it)| Step::Lower(connection, it)),
            (0_u64..4).prop_map(Step::Disconnect),
            (0_u64..20).prop_map(Step::Wait),
        ]
    }

    proptest! {
        /// Whatever happens: what was told is how it is, a person without connections ends offline and leaves
        /// nothing behind.
        #[test]
        fn what_was_told_is_how_it_is(steps in prop::collection::vec(step(), 0..60)) {
            let (mut people, mut now) = (People::default(), Instant::now());
            let mut told = Presence::Offline;
            for step in steps {
                match step {
                    Step::Connect(connection) => connect(&mut people, connection),
                    Step::Lower(connection, at_most) => lower(&mut people, connection, at_most),
                    Step::Disconnect(connection) => people.disconnect(user(), connection, now),
                    Step::Wait(seconds) => now += Duration::from_secs(seconds),
                }
                for (_, news) in people.news(now) {
                    prop_assert_ne!(news, told);
                    told = news;
                }
                prop_assert_eq!(told, people.of(user(), now));
                let at_most_away = people.people.get(&user()).is_none_or(|person| {
                    person.left.is_some() || person.connections.values().all(|it| *it != Availability::Online)
                });
                prop_assert!(told != Presence::Online || !at_most_away || people.next_news().is_some());
            }
            for connection in 0..4 {
                people.disconnect(user(), connection, now);
            }
            people.news(now + GRACE);
            prop_assert!(people.people.is_empty());
        }
    }
}
