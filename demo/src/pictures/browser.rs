//! A browser of the engine that the app's window has on Linux: WebKitGTK's own small one, which comes with the engine.

use super::views::Act;
use crate::desk::{Desk, Display};
use crate::list::at_rest;
use crate::process::Process;
use crate::wait::{PATIENCE, until};
use crate::webdriver::Session;
use anyhow::{Context, Result};
use serde_json::json;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Where distributions keep it.
const PLACES: [&str; 5] = [
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib64/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/webkit2gtk-4.1/MiniBrowser",
];

/// Its bar of buttons is wider than a phone; without their paddings it is narrower.
const NARROW_BAR: &str = "button, button *, box, entry, entry * \
                          { padding: 0; margin: 0; border-width: 0; min-width: 0; min-height: 0; }";

/// Asks for less motion, as a person can: a picture of something that still moves is a picture of nothing.
const NO_MOTION: &str = "[Settings]\ngtk-enable-animations=0\n";

/// What the right button brings about. By the driver's own mouse it would cost the shift key: after its actions
/// WebKitWebDriver 2.50 types `/` for `?`.
const ASK_FOR_MENU: &str = "const e = [...document.querySelectorAll(arguments[0])].at(-1); \
    const { left, top } = e.getBoundingClientRect(); const at = { clientX: left + 40, clientY: top + 20 }; \
    return !e.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...at }))";

/// The browser and what it stands on. The driver goes before the display.
#[derive(Debug)]
pub struct Browser {
    /// The page.
    pub session: Session,
    /// The height of what stands above the view.
    bar: u32,
    _driver: Process,
    _display: Display,
}

impl Browser {
    /// Starts it on a display of its own; logs and folders go to `data`.
    pub async fn open(data: &Path) -> Result<Self> {
        let binary = PLACES.iter().find(|path| Path::new(path).is_file());
        let binary = binary.context("there is no MiniBrowser of WebKitGTK 4.1 here")?;
        let display = Display::start((1600, 1000), data.join("xvfb.log")).await?;
        let desk = Desk::at(data.to_path_buf(), &display)?;
        settings(&desk.path("home/.config/gtk-3.0"))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = desk.command("WebKitWebDriver");
        command.arg(format!("--port={port}")).stdin(Stdio::null());
        // The bus of whoever started this is not ours to speak on.
        command.env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
        let driver = Process::start("WebKitWebDriver", &mut command, data.join("browser.log"))?;
        let ready = async || Ok(Session::is_ready(port).await?.then_some(()));
        until("WebKitWebDriver listens", PATIENCE, ready).await?;
        let session = Session::open(port, binary, &["--automation"]).await?;
        let bar = session.execute("return window.outerHeight - window.innerHeight").await?;
        let bar = serde_json::from_value(bar).context("the height of the browser's bar")?;
        Ok(Self { session, bar, _driver: driver, _display: display })
    }

    /// Makes the view, without the browser's bar, this large.
    pub async fn resize(&self, (width, height): (u32, u32)) -> Result<()> {
        self.session.resize(width, height + self.bar).await?;
        until(&format!("the view is {width} × {height}"), PATIENCE, async || {
            let size = self.session.execute("return [window.innerWidth, window.innerHeight]").await?;
            Ok((size == json!([width, height])).then_some(()))
        })
        .await
    }

    /// Waits until what `css` finds is there and the page is at rest.
    pub async fn rest(&self, css: &str) -> Result<()> {
        at_rest(&self.session, css).await
    }

    /// Does what a person would, once nothing moves any more under the mouse.
    pub async fn act(&self, act: &Act) -> Result<()> {
        let (Act::Press(css) | Act::Menu(css) | Act::Type(css, _)) = act;
        self.rest(css).await?;
        until(&format!("{act:?}"), PATIENCE, async || {
            let done = match act {
                Act::Press(css) => self.session.click(css).await?,
                Act::Menu(css) => self.session.execute_with(ASK_FOR_MENU, json!([css])).await? == json!(true),
                Act::Type(css, keys) => self.session.type_keys(css, keys).await?,
            };
            Ok(done.then_some(()))
        })
        .await
    }

    /// What the view shows, as PNG, in a file.
    pub async fn picture(&self, file: &PathBuf) -> Result<()> {
        fs::write(file, self.session.picture().await?)?;
        Ok(())
    }

    /// Ends it.
    pub async fn close(&self) -> Result<()> {
        self.session.close().await
    }
}

fn settings(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("gtk.css"), NARROW_BAR)?;
    fs::write(folder.join("settings.ini"), NO_MOTION)?;
    Ok(())
}
