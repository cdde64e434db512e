//! The thin shell around the core: one window, the commands that it may call, the events that it hears; and what can
//! be seen of it from outside: notifications, the tray, links.
//!
//! The window has no network and holds no secret: it asks the core by [`commands`] and is told by [`events`]
//! what to look at again. Everything else is the core's.

mod close;
mod commands;
mod core;
mod downloads;
mod events;
mod face;
mod lead;
mod links;
mod notices;
mod preferences;
mod settings;
mod single;
mod tray;
mod unread;
mod way;
mod window;
mod words;

#[cfg(test)]
mod fences;

use crate::core::Core;
use face::Face;
use links::Target;
use notices::Notices;
use preferences::Preferences;
use settings::{OwnFolder, Settings};
use tauri::{App, AppHandle, Manager, RunEvent, WindowEvent};
use tauri_plugin_deep_link::DeepLinkExt;
use tracing_subscriber::EnvFilter;
use tray::Tray;
use tripchat_core::Client;
use way::Way;

/// What is logged unless `RUST_LOG` says otherwise. The plugin would write down links that are not ours.
const LOG: &str = "info,tauri_plugin_deep_link=error";

/// Opens the window and serves it until the app is quit.
///
/// # Errors
/// When the system gives no window.
pub fn run() -> Result<(), tauri::Error> {
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        tracing::debug!("the cryptography was already chosen");
    }
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG));
    tracing_subscriber::fmt().with_env_filter(level).with_writer(std::io::stderr).init();
    let folder = OwnFolder::read();
    let mut builder = tauri::Builder::default();
    // The first of the plugins: a second start ends here.
    if let Some(single) = single::plugin(&folder) {
        builder = builder.plugin(single);
    }
    builder
        .plugin(tauri_plugin_deep_link::init())
        .invoke_handler(commands::all())
        .setup(|app| Ok(set_up(app, folder)?))
        .on_window_event(|window, event| match event {
            WindowEvent::Focused(true) => came_to_front(window.app_handle()),
            WindowEvent::CloseRequested { api, .. } => close::window_closed(window.app_handle(), api),
            _ => {}
        })
        .build(tauri::generate_context!())?
        .run(heard);
    Ok(())
}

fn set_up(app: &App, folder: OwnFolder) -> Result<(), tauri::Error> {
    let own = folder == OwnFolder::Apps;
    let settings = Settings::read(app, folder)?;
    let handle = app.handle();
    let preferences = Preferences::read(&settings.data_dir);
    app.manage(Tray::new(handle, &settings.data_dir, preferences.now().language()));
    app.manage(preferences);
    app.manage(Way::default());
    let notices = Notices::start(handle.clone());
    app.manage(notices.clone());
    let core = Core(Client::start(settings.config()));
    if let Ok(client) = &core.0 {
        let face = Face::start(handle.clone(), client.clone());
        app.manage(face.clone());
        events::forward(client.clone(), handle.clone(), face, notices);
    }
    app.manage(core);
    // Test windows, second installations and what is being developed leave the links to the person's own app.
    if own && !tauri::is_dev() {
        take_links(handle.clone());
    }
    let arguments: Vec<_> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    window::open(app, settings.window)?;
    if let Some(target) = Target::of_arguments(&arguments) {
        lead::lead(handle, target);
    }
    Ok(())
}

/// Tells the system that this app opens its links, where that is not said by how it was installed.
fn take_links(app: AppHandle) {
    if cfg!(target_os = "macos") {
        return;
    }
    tauri::async_runtime::spawn_blocking(move || {
        if let Err(error) = app.deep_link().register(links::SCHEME) {
            tracing::info!(%error, "this system will not open links with the app");
        }
    });
}

#[cfg_attr(
    not(target_os = "macos"),
    expect(clippy::needless_pass_by_value, reason = "the loop gives its events away")
)]
fn heard(app: &AppHandle, event: RunEvent) {
    match event {
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            for url in urls {
                match Target::of(url.as_str()) {
                    Some(target) => lead::lead(app, target),
                    None => tracing::warn!("a link leads nowhere"),
                }
            }
        }
        // A click on the app's icon, while its window is in the tray.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        RunEvent::Exit => close::end(app),
        _ => {}
    }
}

/// A machine that slept may hold a socket that nobody answers any more: the core looks at once.
fn came_to_front(app: &AppHandle) {
    if let Some(Ok(client)) = app.try_state::<Core>().as_ref().map(|core| core.client()) {
        client.wake();
    }
}
