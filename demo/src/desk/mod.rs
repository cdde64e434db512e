//! Where a window stands: a display, a session bus and a keyring. Each app has a bus and a keyring of its own, as it
//! would have on its own machine.

mod bus;
mod display;

pub use bus::Bus;
pub use display::Display;

use crate::people::{Person, World};
use anyhow::Result;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// One person's folders.
#[derive(Debug)]
pub struct Desk {
    home: PathBuf,
    /// The folder of the app.
    pub app_data: PathBuf,
    variables: Vec<(&'static str, OsString)>,
}

impl Desk {
    /// Makes the folders of a person, for whom the app opens on this server.
    pub fn of(person: &Person, world: &World, display: &Display, server: &str) -> Result<Self> {
        let mut desk = Self::at(world.data.join(person.role), display)?;
        fs::create_dir_all(&desk.app_data)?;
        let (width, height) = person.size;
        desk.variables.push(("TRIPCHAT_DATA_DIR", desk.app_data.clone().into()));
        desk.variables.push(("TRIPCHAT_SERVER", server.into()));
        desk.variables.push(("TRIPCHAT_WINDOW", format!("{width}x{height}").into()));
        Ok(desk)
    }

    /// Makes the folders of nobody in particular.
    pub fn at(home: PathBuf, display: &Display) -> Result<Self> {
        let app_data = home.join("tripchat");
        let mut variables: Vec<(&'static str, OsString)> = Vec::new();
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "home/.config"),
            ("XDG_DATA_HOME", "home/.local/share"),
            ("XDG_CACHE_HOME", "home/.cache"),
            ("XDG_STATE_HOME", "home/.local/state"),
        ] {
            let folder = home.join(folder);
            fs::create_dir_all(&folder)?;
            variables.push((name, folder.into()));
        }
        variables.extend(display.variables(&home)?);
        Ok(Self { home, app_data, variables })
    }

    /// Where the logs and the data of this person's processes go.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// A program that runs at this desk.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}
