//! `org.kde.StatusNotifierWatcher`: where apps announce their icons, and learn that somebody shows them.

use std::sync::{Arc, Mutex, PoisonError};
use zbus::interface;
use zbus::message::Header;

/// The name on the bus.
pub const NAME: &str = "org.kde.StatusNotifierWatcher";
/// The object.
pub const PATH: &str = "/StatusNotifierWatcher";

/// An icon that was announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Whose it is.
    pub owner: String,
    /// Its object.
    pub path: String,
}

/// The icon of the one app on this bus.
#[derive(Debug, Default)]
pub struct Tray(Arc<Mutex<Option<Item>>>);

impl Tray {
    /// The part that the bus speaks to.
    pub fn watcher(&self) -> Watcher {
        Watcher(Arc::clone(&self.0))
    }

    /// The icon that was announced last.
    pub fn item(&self) -> Option<Item> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The object on the bus.
#[derive(Debug)]
pub struct Watcher(Arc<Mutex<Option<Item>>>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    /// Some give the path of their object, some a name with the usual path.
    #[expect(clippy::needless_pass_by_value, reason = "the bus hands it over")]
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let item = if service.starts_with('/') {
            Item { owner: sender, path: service.into() }
        } else {
            Item { owner: service.into(), path: "/StatusNotifierItem".into() }
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(item);
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let item = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        item.map(|item| format!("{}{}", item.owner, item.path)).into_iter().collect()
    }
}
