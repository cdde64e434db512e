//! The one window, which shows the app's own page and never any other.

use tauri::webview::NewWindowResponse;
use tauri::{App, AppHandle, Manager, Url, WebviewWindow, WebviewWindowBuilder};

/// Its label, as `tauri.conf.json` has it.
const LABEL: &str = "main";

/// Opens it as `tauri.conf.json` describes it, at `size` if one is given.
pub fn open(app: &App, size: Option<(f64, f64)>) -> Result<(), tauri::Error> {
    let Some(config) = app.config().app.windows.first() else { return Err(tauri::Error::WindowNotFound) };
    let dev = if tauri::is_dev() { app.config().build.dev_url.clone() } else { None };
    let mut window = WebviewWindowBuilder::from_config(app.handle(), config)?
        .on_navigation(move |url| is_own(url, dev.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny);
    if let Some((width, height)) = size {
        window = window.inner_size(width, height);
    }
    let window = window.build()?;
    // A window of which a window manager would not take care is not in front by itself.
    window.set_focus()
}

/// Brings it to the front, from wherever it is.
pub fn show(app: &AppHandle) {
    on_window(app, |window| {
        window.show()?;
        window.unminimize()?;
        window.set_focus()
    });
}

/// Takes it off the screen. The app goes on.
pub fn hide(app: &AppHandle) {
    on_window(app, WebviewWindow::hide);
}

/// Gives it a title, and its icon a badge with a number where the system has badges.
pub fn entitle(app: &AppHandle, title: &str, count: u32) {
    on_window(app, |window| {
        window.set_title(title)?;
        window.set_badge_count((count > 0).then_some(count.into()))
    });
}

fn on_window(app: &AppHandle, act: impl FnOnce(&WebviewWindow) -> Result<(), tauri::Error>) {
    let Some(window) = app.get_webview_window(LABEL) else {
        tracing::debug!("the window is not there");
        return;
    };
    if let Err(error) = act(&window) {
        tracing::warn!(%error, "the window does not do as it is told");
    }
}

/// Whether `url` is the app's own page: the bundled one, or the development server's while developing.
fn is_own(url: &Url, dev: Option<&Url>) -> bool {
    let bundled = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows and Android have no schemes of their own.
        "http" | "https" => url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        _ => false,
    };
    bundled || dev.is_some_and(|dev| dev.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::is_own;
    use tauri::Url;

    fn own(url: &str, dev: Option<&str>) -> bool {
        is_own(&Url::parse(url).unwrap(), dev.map(|dev| Url::parse(dev).unwrap()).as_ref())
    }

    #[test]
    fn only_the_apps_own_page_is_opened() {
        for url in ["tauri://localhost", "tauri://localhost/index.html#/room/1", "http://tauri.localhost/"] {
            assert!(own(url, None), "{url}");
        }
        for url in [
            "https://example.com",
            "http://localhost:5173/",
            "http://tauri.localhost.example.com/",
            "http://tauri.localhost:8080/",
            "tauri://example.com/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "about:blank",
        ] {
            assert!(!own(url, None), "{url}");
        }
    }

    #[test]
    fn while_developing_the_development_server_is_the_app() {
        let dev = Some("http://localhost:5173");
        assert!(own("http://localhost:5173/src/main.ts", dev));
        assert!(!own("http://localhost:5174/", dev));
        assert!(!own("https://localhost:5173/", dev));
    }
}
