//! `org.freedesktop.Notifications`, version 1.2: what it is asked to show, it remembers.

use anyhow::{Context, Result};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, interface};

/// The name on the bus.
pub const NAME: &str = "org.freedesktop.Notifications";
/// The object.
pub const PATH: &str = "/org/freedesktop/Notifications";

/// Why one was closed, as the specification numbers it.
const BY_THE_PERSON: u32 = 2;
const BY_THE_APP: u32 = 3;

/// One that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The number that it was given.
    pub id: u32,
    /// Its first line.
    pub title: String,
    /// What it says, with markup.
    pub body: String,
    /// How often it was replaced.
    pub replaced: u32,
}

#[derive(Debug, Default)]
struct Shown {
    given: u32,
    all: BTreeMap<u32, Notification>,
}

impl Shown {
    fn show(&mut self, replaces: u32, title: &str, body: &str) -> u32 {
        let before = self.all.get(&replaces).map(|notification| notification.replaced);
        let id = before.map_or_else(
            || {
                self.given += 1;
                self.given
            },
            |_| replaces,
        );
        let replaced = before.map_or(0, |times| times + 1);
        self.all.insert(id, Notification { id, title: title.into(), body: body.into(), replaced });
        id
    }
}

/// What is shown; the server on the bus and the ride look at the same.
#[derive(Debug, Default)]
pub struct Notifications(Arc<Mutex<Shown>>);

impl Notifications {
    /// The part that the bus speaks to.
    pub fn server(&self) -> Server {
        Server(Arc::clone(&self.0))
    }

    /// What is shown now.
    pub fn shown(&self) -> Vec<Notification> {
        lock(&self.0).all.values().cloned().collect()
    }

    /// As if the person had clicked on number `id`.
    pub async fn click(&self, connection: &Connection, id: u32) -> Result<()> {
        lock(&self.0).all.remove(&id).context("there is no such notification")?;
        let server = connection.object_server().interface::<_, Server>(PATH).await?;
        let emitter = server.signal_emitter();
        Server::action_invoked(emitter, id, "default").await?;
        Server::notification_closed(emitter, id, BY_THE_PERSON).await?;
        Ok(())
    }
}

/// The object on the bus.
#[derive(Debug)]
pub struct Server(Arc<Mutex<Shown>>);

#[interface(name = "org.freedesktop.Notifications")]
impl Server {
    fn get_capabilities(&self) -> Vec<&str> {
        vec!["actions", "body", "body-markup"]
    }

    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("tripchat-demo", "Tripchat", env!("CARGO_PKG_VERSION"), "1.2")
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &self,
        _app: &str,
        replaces: u32,
        _icon: &str,
        title: &str,
        body: &str,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        lock(&self.0).show(replaces, title, body)
    }

    async fn close_notification(
        &self,
        id: u32,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        let was_there = lock(&self.0).all.remove(&id).is_some();
        if was_there {
            Self::notification_closed(&emitter, id, BY_THE_APP).await?;
        }
        Ok(())
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

fn lock(shown: &Mutex<Shown>) -> MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_replaces_nothing_that_is_there_is_new() {
        let mut shown = Shown::default();
        assert_eq!((shown.show(0, "a", "1"), shown.show(0, "b", "1")), (1, 2));
        assert_eq!((shown.show(1, "a", "2"), shown.show(7, "c", "1")), (1, 3));
        let replaced: Vec<_> = shown.all.values().map(|one| (one.id, one.replaced)).collect();
        assert_eq!(replaced, [(1, 1), (2, 0), (3, 0)]);
    }
}
