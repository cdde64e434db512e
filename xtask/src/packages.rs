//! System packages: installed where apt-get is, named elsewhere.

use crate::process::{self, answer, which};
use crate::say::say;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

const DEBIAN: [&str; 21] = [
    "libwebkit2gtk-4.1-dev",
    "libdbus-1-dev",
    "build-essential",
    "pkg-config",
    "file",
    "libssl-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libxdo-dev",
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "dbus",
    "dbus-x11",
    "gnome-keyring",
    "libsecret-tools",
    "fonts-noto-color-emoji",
    "fonts-dejavu-core",
    "postgresql",
    "curl",
    "python3-venv",
];

/// Makes sure of what the build and the tests need, and says what is missing where it cannot install it.
pub fn ensure() -> Result<()> {
    if which("node").is_none() || which("npm").is_none() {
        bail!("Node.js 20 or newer is needed: https://nodejs.org");
    }
    if which("apt-get").is_some() && which("dpkg-query").is_some() {
        let missing = missing();
        if missing.is_empty() { Ok(()) } else { install(&missing) }
    } else {
        say(advice());
        Ok(())
    }
}

fn missing() -> Vec<&'static str> {
    let installed = |package: &&str| {
        let status = answer("dpkg-query", &["-W", "-f=${db:Status-Status}", package]);
        status.is_some_and(|status| status == "installed")
    };
    DEBIAN.into_iter().filter(|package| !installed(package)).collect()
}

fn install(missing: &[&str]) -> Result<()> {
    say(&format!("installing {}", missing.join(" ")));
    let update = process::run(&mut apt(&["update", "-q"])?);
    let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
    arguments.extend(missing);
    let installed = process::run(&mut apt(&arguments)?);
    // A stale list of one third-party source must not stop what can be installed without it.
    match (installed, update) {
        (Ok(()), _) => Ok(()),
        (Err(error), Ok(())) => Err(error),
        (Err(error), Err(before)) => Err(error.context(format!("and before it: {before:#}"))),
    }
}

fn apt(arguments: &[&str]) -> Result<Command> {
    let root = answer("id", &["-u"]).context("cannot tell who runs this")? == "0";
    let mut command = if root {
        process::command("apt-get", arguments, Path::new("/"))
    } else if which("sudo").is_some() {
        let mut words = vec!["--preserve-env=DEBIAN_FRONTEND", "apt-get"];
        words.extend(arguments);
        process::command("sudo", &words, Path::new("/"))
    } else {
        bail!("please run as root: apt-get install {}", missing().join(" "));
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

fn advice() -> &'static str {
    if cfg!(target_os = "macos") {
        "Needed on macOS: the Xcode command line tools (xcode-select --install); for the tests on PostgreSQL: \
         brew install postgresql"
    } else if cfg!(windows) {
        "Needed on Windows: Microsoft C++ Build Tools and the WebView2 runtime \
         (https://v2.tauri.app/start/prerequisites)"
    } else if which("dnf").is_some() {
        "Needed on Fedora: dnf install webkit2gtk4.1-devel dbus-devel openssl-devel libxdo-devel librsvg2-devel \
         libappindicator-gtk3-devel gcc gcc-c++ make file webkit2gtk-driver xorg-x11-server-Xvfb dbus-x11 \
         gnome-keyring libsecret postgresql-server"
    } else if which("pacman").is_some() {
        "Needed on Arch: pacman -S webkit2gtk-4.1 dbus base-devel file openssl libappindicator-gtk3 librsvg \
         xdotool xorg-server-xvfb gnome-keyring libsecret postgresql"
    } else {
        "Needed: WebKitGTK 4.1, D-Bus, OpenSSL, librsvg, libxdo and libayatana-appindicator with their headers, a C \
         compiler, pkg-config; for the window test WebKitWebDriver, Xvfb, gnome-keyring; for the tests on \
         PostgreSQL its server"
    }
}
