//! A D-Bus session with an unlocked keyring on it: what a person gets by signing in to their desktop.

use super::Desk;
use crate::process::Process;
use crate::wait::{PATIENCE, until};
use anyhow::{Result, bail};
use std::fs;
use std::process::Stdio;

/// Opens the keyring of the demo; it lives in a folder that the next run empties.
const KEYRING_PASSWORD: &str = "the demo's own keyring";

/// The bus and the keyring. The keyring is named first: it goes before the bus that it speaks on.
#[derive(Debug)]
pub struct Bus {
    _keyring: Process,
    _daemon: Process,
    /// Where programs find it.
    pub address: String,
}

impl Bus {
    /// Starts both and waits until the keyring answers to its name.
    pub async fn start(desk: &Desk) -> Result<Self> {
        let mut command = desk.command("dbus-daemon");
        command.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]).stdin(Stdio::null());
        let mut daemon = Process::start("the session bus", &mut command, desk.path("bus.log"))?;
        let address = daemon.says(|line| line.starts_with("unix:").then(|| line.trim().to_owned())).await?;

        let password = desk.path("keyring-password");
        fs::write(&password, KEYRING_PASSWORD)?;
        let mut command = desk.command("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]).stdin(fs::File::open(&password)?);
        command.env("DBUS_SESSION_BUS_ADDRESS", &address);
        let mut keyring = Process::start("the keyring", &mut command, desk.path("keyring.log"))?;
        until("the keyring answers", PATIENCE, async || {
            if keyring.has_ended()? {
                bail!("it ended: {}", fs::read_to_string(desk.path("keyring.log"))?.trim());
            }
            Ok(has_keyring(desk, &address)?.then_some(()))
        })
        .await?;
        Ok(Self { _keyring: keyring, _daemon: daemon, address })
    }
}

fn has_keyring(desk: &Desk, address: &str) -> Result<bool> {
    let mut ask = desk.command("dbus-send");
    ask.env("DBUS_SESSION_BUS_ADDRESS", address);
    ask.args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
    ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
    Ok(String::from_utf8_lossy(&ask.output()?.stdout).contains("boolean true"))
}
