//! The ride in two real windows: builds what it needs and hands over to `tripchat-demo`.

use crate::counts::{self, Ran};
use crate::process::{cargo, run as run_command};
use crate::{packages, tree, ui};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// The shell embeds the built screen only with this; without it the window looks for a development server.
pub const SHELL_FEATURE: &str = "tauri/custom-protocol";

/// What was asked for.
pub struct Wish {
    /// Without hands.
    pub script: bool,
    /// With dark pictures.
    pub pictures: bool,
    /// Where the outcome goes.
    pub out: PathBuf,
}

/// `cargo xtask demo`.
pub fn run(root: &Path, wish: &Wish) -> Result<bool> {
    packages::ensure()?;
    build(root)?;
    play(root, wish)?;
    Ok(true)
}

/// The screen, the app, the server and the demo.
pub fn build(root: &Path) -> Result<()> {
    ui::build(root)?;
    let packages = ["build", "--locked", "-p", "tripchat", "-p", "tripchat-server", "-p", "tripchat-demo"];
    run_command(cargo(&packages, root).args(["--features", SHELL_FEATURE]))
}

/// Plays it with what is built.
pub fn play(root: &Path, wish: &Wish) -> Result<()> {
    let demo = binary(root, "tripchat-demo");
    let mut command = crate::process::command(&demo.to_string_lossy(), &["ride"], root);
    command.arg("--server-bin").arg(binary(root, "tripchat-server"));
    command.arg("--app-bin").arg(binary(root, "tripchat"));
    command.arg("--out").arg(root.join(&wish.out));
    if wish.script {
        command.arg("--script");
    }
    if wish.pictures {
        command.arg("--pictures");
    }
    run_command(&mut command)
}

/// The scripted ride as a test: its steps are counted like tests.
pub fn as_test(root: &Path) -> Result<(bool, Ran)> {
    let out = root.join("target/demo/out");
    let wish = Wish { script: true, pictures: false, out: out.clone() };
    let held = match play(root, &wish) {
        Ok(()) => true,
        Err(error) => {
            crate::say::say(&format!("{error:#}"));
            false
        }
    };
    Ok((held, counts::steps("demo", &tree::read(&out.join("steps.json"))?)?))
}

/// Where cargo puts a binary of the project.
pub fn binary(root: &Path, name: &str) -> PathBuf {
    tree::built(root, "debug", name)
}
