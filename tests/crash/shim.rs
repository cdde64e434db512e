//! What stands between a process and its disk, and can be switched on and off: see `shim.c`.

use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiled, and switched off.
#[derive(Debug)]
pub struct Shim {
    library: PathBuf,
    switch: PathBuf,
}

impl Shim {
    /// Compiles it into `folder`, with the C compiler that SQLite was compiled with.
    pub fn compile(folder: &Path) -> Result<Self> {
        let (source, library) = (folder.join("shim.c"), folder.join("shim.so"));
        fs::write(&source, include_str!("shim.c"))?;
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
        let mut command = Command::new(&compiler);
        command.args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"]).arg(&library).arg(&source);
        let status = command.arg("-ldl").status().with_context(|| format!("cannot start {compiler}"))?;
        ensure!(status.success(), "{compiler} ended with {status}");
        Ok(Self { library, switch: folder.join("switch") })
    }

    /// What a process is started with, so that `act` happens while it is switched on.
    pub fn environment(&self, act: &str) -> Vec<(&'static str, OsString)> {
        vec![
            ("LD_PRELOAD", self.library.clone().into()),
            ("CRASH_SWITCH", self.switch.clone().into()),
            ("CRASH_ACT", act.into()),
        ]
    }

    /// From now on it acts.
    pub fn switch_on(&self) -> Result<()> {
        Ok(fs::write(&self.switch, "")?)
    }

    /// From now on it does not.
    pub fn switch_off(&self) -> Result<()> {
        Ok(fs::remove_file(&self.switch)?)
    }
}
