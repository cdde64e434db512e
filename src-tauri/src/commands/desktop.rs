//! What the shell itself does for the window.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]
#![expect(clippy::needless_pass_by_value, reason = "a command owns what it is given")]

use crate::face::Face;
use crate::links::for_browser;
use crate::preferences::{Chosen, Preferences};
use tauri::{AppHandle, Manager, State};
use tripchat_core::CoreError;
use tripchat_protocol::ErrorCode;

#[tauri::command]
pub fn preferences(preferences: State<'_, Preferences>) -> Chosen {
    preferences.now()
}

#[tauri::command]
pub async fn set_preferences(
    app: AppHandle,
    preferences: State<'_, Preferences>,
    chosen: Chosen,
) -> Result<(), CoreError> {
    preferences.choose(chosen)?;
    // The language of the title and the tray.
    if let Some(face) = app.try_state::<Face>() {
        face.changed();
    }
    Ok(())
}

/// A link in a message goes to the person's browser, never into the window.
#[tauri::command]
pub async fn open_link(url: String) -> Result<(), CoreError> {
    let url = for_browser(&url)?;
    let opened = tauri::async_runtime::spawn_blocking(move || opener::open_browser(url.as_str())).await;
    match opened {
        Ok(Ok(())) => Ok(()),
        // What went wrong is worded with the link in it, which is nothing for a log.
        Ok(Err(_)) => {
            tracing::warn!("no browser opened a link");
            Err(ErrorCode::Internal.into())
        }
        Err(_) => {
            tracing::error!("opening a link came to no end");
            Err(ErrorCode::Internal.into())
        }
    }
}

#[tauri::command]
pub fn quit(app: AppHandle) {
    app.exit(0);
}
