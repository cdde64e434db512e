//! A person's desktop, as far as the app can tell: somebody who shows notifications, a tray, and a window manager.
//! They speak the real protocols on the bus and the screen of the app's window.

mod menu;
mod notifications;
mod screen;
mod tray;

pub use notifications::Notification;
pub use screen::Screen;

use anyhow::{Context, Result};
use menu::Menu;
use notifications::Notifications;
use tray::Tray;
use zbus::Connection;
use zbus::connection::Builder;

/// Who shows notifications and icons.
#[derive(Debug)]
pub struct Desktop {
    connection: Connection,
    notifications: Notifications,
    tray: Tray,
}

impl Desktop {
    /// Takes both names on the bus at `address`, before an app looks for them.
    pub async fn start(address: &str) -> Result<Self> {
        let (notifications, tray) = (Notifications::default(), Tray::default());
        let connection = Builder::address(address)?
            .serve_at(notifications::PATH, notifications.server())?
            .serve_at(tray::PATH, tray.watcher())?
            .name(notifications::NAME)?
            .name(tray::NAME)?
            .build()
            .await
            .context("the desktop cannot be put on the bus")?;
        Ok(Self { connection, notifications, tray })
    }

    /// The notifications that are shown now, the oldest first.
    pub fn notifications(&self) -> Vec<Notification> {
        self.notifications.shown()
    }

    /// Clicks on a notification, which closes it as desktops do.
    pub async fn click(&self, id: u32) -> Result<()> {
        self.notifications.click(&self.connection, id).await
    }

    /// Whether an app is on the bus: a second one would hand over to it and end.
    pub async fn has_app(&self) -> Result<bool> {
        let names = zbus::fdo::DBusProxy::new(&self.connection).await?.list_names().await?;
        Ok(names.iter().any(|name| name.as_str().starts_with("app.tripchat.")))
    }

    /// What the menu of the app's icon says, once there is an icon.
    pub async fn menu(&self) -> Result<Option<Vec<String>>> {
        match self.tray.item() {
            Some(item) => Ok(Some(Menu::of(&self.connection, &item).await?.labels())),
            None => Ok(None),
        }
    }

    /// Chooses the line of that menu which begins with `label`.
    pub async fn choose(&self, label: &str) -> Result<()> {
        let item = self.tray.item().context("there is no icon in the tray")?;
        Menu::of(&self.connection, &item).await?.choose(&self.connection, label).await
    }
}
