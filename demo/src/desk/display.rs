//! The screen: the one that is there, or an Xvfb of our own.

use crate::process::Process;
use anyhow::Result;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A screen.
#[derive(Debug)]
pub enum Display {
    /// The person's own.
    Theirs,
    /// Ours, and its server.
    Ours {
        /// Such as `:7`.
        name: String,
        /// Held so that it ends with the ride.
        _server: Process,
    },
}

impl Display {
    /// Starts an Xvfb of a size on a free number, which it finds by itself; what it says goes to the file `log`. Each
    /// person has their own, as on a machine of their own: nobody else's window takes the keyboard from theirs.
    pub async fn start((width, height): (u32, u32), log: PathBuf) -> Result<Self> {
        let mut command = Command::new("Xvfb");
        let screen = format!("{width}x{height}x24");
        command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"]);
        let mut server = Process::start("Xvfb", command.stdin(Stdio::null()), log)?;
        let number: u32 = server.says(|line| line.trim().parse().ok()).await?;
        Ok(Self::Ours { name: format!(":{number}"), _server: server })
    }

    /// Its name, if it is ours.
    pub fn ours(&self) -> Option<&str> {
        match self {
            Self::Theirs => None,
            Self::Ours { name, .. } => Some(name),
        }
    }

    /// What programs need to find it.
    pub fn variables(&self, home: &Path) -> Result<Vec<(&'static str, OsString)>> {
        match self {
            Self::Theirs => Ok(std::env::var_os("XAUTHORITY")
                .or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".Xauthority").into()))
                .map(|file| ("XAUTHORITY", file))
                .into_iter()
                .collect()),
            Self::Ours { name, .. } => {
                let runtime = home.join("run");
                fs::create_dir_all(&runtime)?;
                #[cfg(unix)]
                fs::set_permissions(&runtime, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
                Ok(vec![
                    ("DISPLAY", name.into()),
                    ("GDK_BACKEND", "x11".into()),
                    ("WAYLAND_DISPLAY", "".into()),
                    ("XDG_RUNTIME_DIR", runtime.into()),
                    // No screen reader listens here, and looking for one costs seconds.
                    ("NO_AT_BRIDGE", "1".into()),
                    ("LC_ALL", "C.UTF-8".into()),
                ])
            }
        }
    }
}
