//! What it means to close the window, and how the app ends.

use crate::core::Core;
use crate::notices::Notices;
use crate::preferences::Preferences;
use crate::tray::{self, Tray};
use crate::window;
use std::time::Duration;
use tauri::{AppHandle, CloseRequestApi, Manager};

/// Notifications that cannot be taken away in time stay: the app ends all the same.
const PATIENCE: Duration = Duration::from_secs(1);

/// The window was closed: the app stays in the tray, if the person wants that and there is one, or it ends.
pub fn window_closed(app: &AppHandle, request: &CloseRequestApi) {
    if !app.state::<Preferences>().now().close_to_tray || !app.state::<Tray>().is_there() {
        return;
    }
    // Whether a tray shows the icon is asked now: it may have come or gone since the start.
    request.prevent_close();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if tray::is_shown().await {
            window::hide(&app);
            nothing_is_visible(&app);
        } else {
            app.exit(0);
        }
    });
}

/// A hidden page may be put to sleep before it says that nobody looks at it.
fn nothing_is_visible(app: &AppHandle) {
    if let Ok(client) = app.state::<Core>().client() {
        client.visible(None);
    }
}

/// The notifications go, and the core's files are closed, before the process ends.
pub fn end(app: &AppHandle) {
    if let Some(notices) = app.try_state::<Notices>() {
        let ended =
            tauri::async_runtime::block_on(async { tokio::time::timeout(PATIENCE, notices.end()).await });
        if ended.is_err() {
            tracing::warn!("notifications may be left behind");
        }
    }
    if let Some(Ok(client)) = app.try_state::<Core>().as_ref().map(|core| core.client())
        && let Err(error) = tauri::async_runtime::block_on(client.close())
    {
        tracing::warn!(code = ?error.code, "the core did not end well");
    }
}
