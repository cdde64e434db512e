//! The icon in the tray: what is unread, the way to it, and the way out.

use crate::lead::lead;
use crate::links::Target;
use crate::unread::Unread;
use crate::window;
use crate::words::{Language, short};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use tauri::menu::{Menu, MenuBuilder};
use tauri::tray::{MouseButton, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};

const OPEN: &str = "open";
const QUIT: &str = "quit";
const TIP: &str = "tip";
/// Before the id of a room.
const ROOM: &str = "tripchat://room/";

/// The icon, where the system took one.
pub struct Tray(Option<TrayIcon>);

impl Tray {
    /// Makes it. The system's library is asked for now; where it is missing there is no icon, and no reason to fail.
    pub fn new(app: &AppHandle, data_dir: &Path, language: Language) -> Self {
        // The binding of that library panics when it cannot load it, and offers no other way to find out.
        let made = catch_unwind(AssertUnwindSafe(|| icon(app, data_dir, language)));
        match made {
            Ok(Ok(icon)) => Self(Some(icon)),
            Ok(Err(error)) => {
                tracing::warn!(%error, "there is no icon in the tray");
                Self(None)
            }
            Err(_) => {
                tracing::warn!("the library for icons in the tray is missing");
                Self(None)
            }
        }
    }

    /// Whether the system took an icon, which does not yet mean that it shows it: see [`is_shown`].
    pub fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// Shows what is unread.
    ///
    /// # Errors
    /// When the system does not take it.
    pub fn show(&self, app: &AppHandle, unread: &Unread, language: Language) -> Result<(), tauri::Error> {
        let Some(icon) = &self.0 else { return Ok(()) };
        icon.set_menu(Some(menu(app, unread, language)?))?;
        icon.set_tooltip(Some(unread.tip(language)))?;
        // Beside the icon, where the desktop has a place for it. Windows has none, and takes none.
        icon.set_title((unread.count > 0).then(|| short(unread.count)))
    }
}

/// Whether somebody shows icons now: otherwise a window that hides there would be lost.
#[cfg(target_os = "linux")]
pub async fn is_shown() -> bool {
    watcher_has_host().await.unwrap_or_else(|error| {
        tracing::debug!(%error, "this desktop has no tray");
        false
    })
}

/// These systems always have a tray.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "on Linux a bus is asked")]
pub async fn is_shown() -> bool {
    true
}

#[cfg(target_os = "linux")]
async fn watcher_has_host() -> zbus::Result<bool> {
    const NAME: &str = "org.kde.StatusNotifierWatcher";
    const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
    let ask = async {
        let connection = zbus::Connection::session().await?;
        let what = (NAME, "IsStatusNotifierHostRegistered");
        let path = "/StatusNotifierWatcher";
        let answer = connection.call_method(Some(NAME), path, Some(PROPERTIES), "Get", &what).await?;
        let value: zbus::zvariant::OwnedValue = answer.body().deserialize()?;
        Ok(bool::try_from(value)?)
    };
    let patience = std::time::Duration::from_secs(2);
    tokio::time::timeout(patience, ask)
        .await
        .unwrap_or_else(|_| Err(zbus::Error::Failure("no answer in time".into())))
}

fn icon(app: &AppHandle, data_dir: &Path, language: Language) -> Result<TrayIcon, tauri::Error> {
    let nothing = Unread::default();
    let mut builder = TrayIconBuilder::with_id("tripchat")
        .menu(&menu(app, &nothing, language)?)
        .tooltip(nothing.tip(language))
        // Elsewhere a click opens the window, and the other button the menu; Linux knows the menu only.
        .show_menu_on_left_click(cfg!(target_os = "linux"))
        // The icon lies in a file meanwhile, which two installations must not share.
        .temp_dir_path(data_dir.join("tray"))
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .on_tray_icon_event(|icon, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, .. } = event {
                window::show(icon.app_handle());
            }
        });
    if let Some(image) = app.default_window_icon() {
        builder = builder.icon(image.clone());
    }
    builder.build(app)
}

/// What is new on top, said in words; then the ways to it.
fn menu(app: &AppHandle, unread: &Unread, language: Language) -> Result<Menu<Wry>, tauri::Error> {
    let mut menu = MenuBuilder::new(app);
    if unread.count > 0 {
        let tip = tauri::menu::MenuItemBuilder::with_id(TIP, unread.tip(language)).enabled(false);
        menu = menu.item(&tip.build(app)?);
        for room in &unread.rooms {
            menu = menu.text(format!("{ROOM}{}", room.room), room.line(language));
        }
        menu = menu.separator();
    }
    menu.text(OPEN, language.say("tray-open", None)).text(QUIT, language.say("tray-quit", None)).build()
}

fn chosen(app: &AppHandle, id: &str) {
    match id {
        OPEN => window::show(app),
        QUIT => app.exit(0),
        other => match Target::of(other) {
            Some(target) => lead(app, target),
            None => tracing::debug!("a line of the menu that leads nowhere"),
        },
    }
}
