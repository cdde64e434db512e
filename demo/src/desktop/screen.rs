//! As much of a window manager as one window needs: it gives it the keyboard, closes it as the cross does, and reads
//! its title.

use anyhow::{Context, Result};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, InputFocus, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

/// A connection to the screen of one desk.
#[derive(Debug)]
pub struct Screen {
    connection: RustConnection,
    root: Window,
}

impl Screen {
    /// Connects to the display, such as `:7`.
    pub fn of(display: &str) -> Result<Self> {
        let (connection, number) = x11rb::connect(Some(display))?;
        let root = connection.setup().roots.get(number).context("a display without a screen")?.root;
        Ok(Self { connection, root })
    }

    /// Gives the keyboard to the app's window, if it can be seen.
    pub fn focus(&self) -> Result<bool> {
        let Some(window) = self.window()? else { return Ok(false) };
        if !self.is_seen(window)? {
            return Ok(false);
        }
        self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?.check()?;
        Ok(true)
    }

    /// Whether the app's window can be seen.
    pub fn shows_app(&self) -> Result<bool> {
        self.window()?.map_or(Ok(false), |window| self.is_seen(window))
    }

    /// What stands above the app's window.
    pub fn title(&self) -> Result<Option<String>> {
        let Some(window) = self.window()? else { return Ok(None) };
        let bytes = self.property(window, "_NET_WM_NAME", "UTF8_STRING")?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Asks the app's window to close, as the cross in its corner does.
    pub fn close_app(&self) -> Result<()> {
        let window = self.window()?.context("there is no window to close")?;
        let data = [self.atom("WM_DELETE_WINDOW")?, x11rb::CURRENT_TIME, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window, self.atom("WM_PROTOCOLS")?, data);
        self.connection.send_event(false, window, EventMask::NO_EVENT, event)?.check()?;
        Ok(())
    }

    /// The app's window: the one with a title, among the small helpers that toolkits put beside it.
    fn window(&self) -> Result<Option<Window>> {
        for window in self.connection.query_tree(self.root)?.reply()?.children {
            let title = self.property(window, "_NET_WM_NAME", "UTF8_STRING")?.unwrap_or_default();
            if self.has_cross(window)? && title.ends_with(b"Tripchat") {
                return Ok(Some(window));
            }
        }
        Ok(None)
    }

    fn has_cross(&self, window: Window) -> Result<bool> {
        let close = self.atom("WM_DELETE_WINDOW")?;
        let bytes = self.property(window, "WM_PROTOCOLS", "ATOM")?.unwrap_or_default();
        let atoms = bytes.chunks_exact(4).filter_map(|four| Some(u32::from_ne_bytes(four.try_into().ok()?)));
        Ok(atoms.into_iter().any(|atom| atom == close))
    }

    fn is_seen(&self, window: Window) -> Result<bool> {
        Ok(self.connection.get_window_attributes(window)?.reply()?.map_state == MapState::VIEWABLE)
    }

    fn property(&self, window: Window, name: &str, kind: &str) -> Result<Option<Vec<u8>>> {
        let kind = if kind == "ATOM" { AtomEnum::ATOM.into() } else { self.atom(kind)? };
        let name = self.atom(name)?;
        // A window may go while it is looked at.
        let reply = self.connection.get_property(false, window, name, kind, 0, 256)?.reply();
        Ok(reply.ok().filter(|reply| reply.format != 0).map(|reply| reply.value))
    }

    fn atom(&self, name: &str) -> Result<u32> {
        Ok(self.connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }
}
