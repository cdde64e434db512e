//! The example platform in Python, run against the server that was built: written from the guide alone, by public
//! packages, it finds what only another language finds.

use crate::process::{command, run, which};
use anyhow::{Context, Result};
use std::path::Path;

/// Makes an environment of its own under `target`, with the packages that the example pins, and runs it.
pub fn run_platform(root: &Path) -> Result<()> {
    let python = which("python3").context("python3 is needed")?;
    let environment = root.join("target/example-python");
    let environment = environment.to_str().context("the folder has a name that is no text")?;
    run(&mut command(&python.to_string_lossy(), &["-m", "venv", environment], root))?;
    let python = format!("{environment}/bin/python");
    let quietly = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let pinned = [&quietly[..], &["-r", "examples/python/requirements.txt"]].concat();
    run(&mut command(&python, &pinned, root))?;
    let example = ["examples/python/ride_platform.py", "target/debug/tripchat-server"];
    run(&mut command(&python, &example, root))
}
