//! The thin shell around the core: one window, the commands that it may call, the events that it hears.
//!
//! The window has no network and holds no secret: it asks the core by [`commands`] and is told by [`events`]
//! what to look at again. Everything else is the core's.

mod commands;
mod core;
mod events;
mod settings;
mod window;

#[cfg(test)]
mod fences;

use crate::core::Core;
use settings::Settings;
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};
use tracing_subscriber::EnvFilter;
use tripchat_core::Client;

/// Opens the window and serves it until it is closed.
///
/// # Errors
/// When the system gives no window.
pub fn run() -> Result<(), tauri::Error> {
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        tracing::debug!("the cryptography was already chosen");
    }
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(level).with_writer(std::io::stderr).init();
    tauri::Builder::default()
        .invoke_handler(commands::all())
        .setup(|app| {
            let settings = Settings::read(app)?;
            let core = Core(Client::start(settings.config()));
            if let Ok(client) = &core.0 {
                events::forward(client.clone(), app.handle().clone());
            }
            app.manage(core);
            window::open(app, settings.window)?;
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::Focused(true) = event {
                came_to_front(window.app_handle());
            }
        })
        .build(tauri::generate_context!())?
        .run(|app, event| {
            if let RunEvent::Exit = event {
                end(app);
            }
        });
    Ok(())
}

/// A machine that slept may hold a socket that nobody answers any more: the core looks at once.
fn came_to_front(app: &AppHandle) {
    if let Some(Ok(client)) = app.try_state::<Core>().as_ref().map(|core| core.client()) {
        client.wake();
    }
}

/// The core's files are closed before the process ends.
fn end(app: &AppHandle) {
    if let Some(Ok(client)) = app.try_state::<Core>().as_ref().map(|core| core.client())
        && let Err(error) = tauri::async_runtime::block_on(client.close())
    {
        tracing::warn!(code = ?error.code, "the core did not end well");
    }
}
