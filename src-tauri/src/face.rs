//! What can be seen of the app from outside: the window's title, the badge of its icon, the tray.

use crate::preferences::Preferences;
use crate::tray::Tray;
use crate::unread::Unread;
use crate::window;
use crate::words::Language;
use std::sync::Arc;
use tauri::{AppHandle, Manager};
use tokio::sync::Notify;
use tripchat_core::Client;
use tripchat_protocol::ErrorCode;
use tripchat_runtime::Sources;

/// Asks for another look. Many changes at once are one look.
#[derive(Debug, Clone)]
pub struct Face(Arc<Notify>);

impl Face {
    /// Starts the task that looks. It is owned by the runtime of the window.
    pub fn start(app: AppHandle, client: Client) -> Self {
        let changed = Arc::new(Notify::new());
        tauri::async_runtime::spawn(look(app, client, Arc::clone(&changed)));
        let face = Self(changed);
        face.changed();
        face
    }

    /// Something may have to be shown otherwise.
    pub fn changed(&self) {
        self.0.notify_one();
    }
}

async fn look(app: AppHandle, client: Client, changed: Arc<Notify>) {
    let sources = Sources::system();
    let mut shown = None;
    loop {
        changed.notified().await;
        let language = app.state::<Preferences>().now().language();
        let inbox = match client.inbox().await {
            Ok(inbox) => inbox,
            Err(error) if error.code == ErrorCode::NotSignedIn => Vec::new(),
            // The core has ended, or says on the screen what it lacks.
            Err(error) => {
                tracing::debug!(code = ?error.code, "what is unread is not known");
                continue;
            }
        };
        let now = (Unread::of(&inbox, language, sources.now()), language);
        if shown.as_ref() != Some(&now) {
            wear(&app, &now.0, language);
            shown = Some(now);
        }
    }
}

/// The windows and the menu belong to the main thread.
fn wear(app: &AppHandle, unread: &Unread, language: Language) {
    let (unread, on) = (unread.clone(), app.clone());
    let asked = app.run_on_main_thread(move || {
        window::entitle(&on, &unread.title(language), unread.count);
        if let Err(error) = on.state::<Tray>().show(&on, &unread, language) {
            tracing::warn!(%error, "the tray does not show what is unread");
        }
    });
    if let Err(error) = asked {
        tracing::debug!(%error, "the window has ended");
    }
}
