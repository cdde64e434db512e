//! One app window, driven from outside like a person would: keys, clicks, and looking.

use crate::desk::{Bus, Desk, Display};
use crate::desktop::{Desktop, Screen};
use crate::list::List;
use crate::page::{Page, READ};
use crate::people::{Person, World};
use crate::process::Process;
use crate::wait::{PATIENCE, until};
use crate::webdriver::{ENTER, Session};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tripchat_protocol::RoomId;

/// A window and what it stands on. The driver goes before the bus, and the screen last.
#[derive(Debug)]
pub struct Window {
    /// Who sits at it.
    pub person: Person,
    session: Session,
    port: u16,
    app: String,
    out: PathBuf,
    desk: Desk,
    desktop: Option<(Desktop, Screen)>,
    _driver: Process,
    bus: Bus,
    _display: Display,
}

impl Window {
    /// Starts a bus, a keyring, a driver and the app; and a desktop, if the display is ours.
    pub async fn open(person: Person, world: &World, display: Display, server: &str) -> Result<Self> {
        let desk = Desk::of(&person, world, &display, server)?;
        let bus = Bus::start(&desk).await?;
        let desktop = match display.ours() {
            Some(name) => Some((Desktop::start(&bus.address).await?, Screen::of(name)?)),
            None => None,
        };
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = desk.command("WebKitWebDriver");
        command.arg(format!("--port={port}")).stdin(Stdio::null());
        // Without this Tauri's window does not listen to the driver.
        command.env("TAURI_WEBVIEW_AUTOMATION", "true").env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
        let log = world.out.join(format!("{}-app.log", person.role));
        let driver = Process::start("WebKitWebDriver", &mut command, log)?;
        let ready = async || Ok(Session::is_ready(port).await?.then_some(()));
        until("WebKitWebDriver listens", PATIENCE, ready).await?;
        let app = world.app_bin.to_string_lossy().into_owned();
        let session = Session::open(port, &app, &[]).await.context(person.role)?;
        let out = world.out.clone();
        let window =
            Self { person, session, port, app, out, desk, desktop, _driver: driver, bus, _display: display };
        window.take_keyboard().await?;
        Ok(window)
    }

    /// What shows this person's notifications and icons.
    pub fn desktop(&self) -> Result<&Desktop> {
        self.desktop.as_ref().map(|(desktop, _)| desktop).context("the desktop is not ours")
    }

    /// The screen that the window is on.
    pub fn screen(&self) -> Result<&Screen> {
        self.desktop.as_ref().map(|(_, screen)| screen).context("the screen is not ours")
    }

    /// Gives the keyboard to the window, as a window manager does with one that opens.
    pub async fn take_keyboard(&self) -> Result<()> {
        let Some((_, screen)) = &self.desktop else { return Ok(()) };
        let what = format!("the {}'s window is seen", self.person.role);
        until(&what, PATIENCE, async || Ok(screen.focus()?.then_some(()))).await?;
        self.shows("it has the keyboard", |page| page.focused.then_some(())).await
    }

    /// Starts the app a second time, with `link`, as a link elsewhere does. It hands over and ends.
    pub async fn follow(&self, link: &str) -> Result<()> {
        let mut command = self.desk.command(&self.app);
        command.arg(link).stdin(Stdio::null()).env("DBUS_SESSION_BUS_ADDRESS", &self.bus.address);
        let mut second = Process::start("a second app", &mut command, self.desk.path("second.log"))?;
        until("the second app ends", PATIENCE, async || Ok(second.has_ended()?.then_some(()))).await
    }

    /// The folder of the app's data.
    pub fn app_data(&self) -> &PathBuf {
        &self.desk.app_data
    }

    /// Closes the app and opens it again on the same data.
    pub async fn open_again(&mut self) -> Result<()> {
        self.session.close().await?;
        self.has_ended().await?;
        self.session = Session::open(self.port, &self.app, &[]).await?;
        self.take_keyboard().await
    }

    /// Waits until the app has left its bus.
    pub async fn has_ended(&self) -> Result<()> {
        let desktop = self.desktop()?;
        let what = format!("the {}'s app ends", self.person.role);
        until(&what, PATIENCE, async || Ok((!desktop.has_app().await?).then_some(()))).await
    }

    /// Closes the app.
    pub async fn close(&self) -> Result<()> {
        self.session.close().await
    }

    /// Whether the person has not closed it.
    pub async fn is_open(&self) -> bool {
        self.session.is_open().await
    }

    /// What it shows now.
    pub async fn page(&self) -> Result<Page> {
        Page::of(self.session.execute(READ).await?)
    }

    /// Looks until `held` has an answer.
    pub async fn shows<T>(&self, what: &str, held: impl Fn(&Page) -> Option<T>) -> Result<T> {
        self.shows_within(what, PATIENCE, held).await
    }

    /// Looks until `held` has an answer, for as long as `patience`.
    pub async fn shows_within<T>(
        &self,
        what: &str,
        patience: Duration,
        held: impl Fn(&Page) -> Option<T>,
    ) -> Result<T> {
        let what = format!("the {}'s window: {what}", self.person.role);
        let mut last = None;
        let outcome = until(&what, patience, async || Ok(held(last.insert(self.page().await?)))).await;
        outcome.with_context(|| format!("it showed {last:?}"))
    }

    /// The list of the room that is open.
    pub fn list(&self) -> List<'_> {
        List(&self.session)
    }

    /// Clicks what `css` finds.
    pub async fn click(&self, css: &str) -> Result<()> {
        let what = format!("the {} clicks {css}", self.person.role);
        until(&what, PATIENCE, async || Ok(self.session.click(css).await?.then_some(()))).await
    }

    /// Asks for the menu of what `css` finds, and clicks its line `name`.
    pub async fn choose(&self, css: &str, name: &str) -> Result<()> {
        let what = format!("the {} asks for the menu of {css}", self.person.role);
        until(&what, PATIENCE, async || Ok(self.session.ask_menu(css).await?.then_some(()))).await?;
        self.click(&format!("[data-testid=menu-{name}]")).await
    }

    /// Types into what `css` finds.
    pub async fn keys(&self, css: &str, keys: &str) -> Result<()> {
        let what = format!("the {} types into {css}", self.person.role);
        until(&what, PATIENCE, async || Ok(self.session.type_keys(css, keys).await?.then_some(()))).await
    }

    /// Signs in through the form; the app was started with the server's address in it.
    pub async fn sign_in(&self, server: &str) -> Result<()> {
        let offered =
            self.shows("the sign-in form", |page| page.sign_in.then(|| page.server.clone())).await?;
        ensure!(offered.as_deref() == Some(server), "the form offers the server {offered:?}");
        self.keys("[data-testid=sign-in-form] input[name=email]", self.person.email).await?;
        let password = format!("{}{ENTER}", self.person.password);
        self.keys("[data-testid=sign-in-form] input[name=password]", &password).await?;
        self.shows("the app", |page| (page.home && !page.sign_in).then_some(())).await
    }

    /// Opens every room that has something unread but this one, and is back in the inbox.
    pub async fn read_all_but(&self, room: RoomId) -> Result<()> {
        let there = |page: &Page| page.rows.iter().any(|row| row.room == room).then(|| page.rows.clone());
        for row in self.shows("the room in the inbox", there).await? {
            if row.room == room || row.unread.is_none() {
                continue;
            }
            self.open_room(row.room).await?;
            if self.page().await?.rows.is_empty() {
                self.click("[data-testid=back]").await?;
            }
            self.shows("that it is read", |page| page.has_read(row.room).then_some(())).await?;
        }
        Ok(())
    }

    /// Opens a room.
    pub async fn open_room(&self, room: RoomId) -> Result<String> {
        self.click(&format!("[data-testid=inbox-row][data-id=\"{room}\"]")).await?;
        self.shows("the room", |page| page.composer.is_some().then(|| page.title.clone().unwrap_or_default()))
            .await
    }

    /// Writes a message and sends it with Enter. The composer is emptied when the message is in the outbox.
    pub async fn write(&self, text: &str) -> Result<()> {
        self.keys("[data-testid=composer]", &format!("{text}{ENTER}")).await?;
        self.sent_off(text).await
    }

    /// Writes a message and sends it with the button, as on a phone.
    pub async fn write_and_tap(&self, text: &str) -> Result<()> {
        self.keys("[data-testid=composer]", text).await?;
        self.click("[data-testid=send]").await?;
        self.sent_off(text).await
    }

    async fn sent_off(&self, text: &str) -> Result<()> {
        self.shows("what was written has its bubble, and the composer is empty", |page| {
            let left = page.composer.as_deref() == Some("");
            (left && page.saying(text).len() == 1).then_some(())
        })
        .await
    }

    /// Takes a picture.
    pub async fn picture(&self, name: &str) -> Result<()> {
        fs::write(self.out.join(name), self.session.picture().await?)?;
        Ok(())
    }

    /// Chooses light or dark, as the setting does, and loads the page anew.
    pub async fn wear(&self, theme: &str) -> Result<()> {
        self.session.execute(&format!("localStorage.setItem('tripchat.theme', '{theme}')")).await?;
        self.session.reload().await
    }

    /// Leaves a picture and the page's source for whoever looks for the fault.
    pub async fn leave_evidence(&self) -> Result<()> {
        self.picture(&format!("failed-{}.png", self.person.role)).await?;
        let source = self.session.execute("return document.documentElement.outerHTML").await?;
        let file = self.out.join(format!("failed-{}.html", self.person.role));
        fs::write(file, source.as_str().unwrap_or_default())?;
        Ok(())
    }
}
