//! A picture of every view: builds the screen on the core's twin, and hands over to `tripchat-demo`.

use crate::counts::{self, Ran};
use crate::demo::binary;
use crate::process::{cargo, command, run as run_command};
use crate::say::say;
use crate::{packages, tree, ui};
use anyhow::Result;
use std::fs;
use std::path::Path;

const OUT: &str = "target/pictures";

/// `cargo xtask pictures`.
pub fn run(root: &Path, only: &str) -> Result<bool> {
    packages::ensure()?;
    run_command(&mut cargo(&["build", "--locked", "-p", "tripchat-demo"], root))?;
    ui::install(root)?;
    take(root, only)?;
    Ok(true)
}

/// The pictures as tests, taken by what is built.
pub fn as_test(root: &Path) -> Result<(bool, Ran)> {
    let record = root.join(OUT).join("steps.json");
    if record.exists() {
        fs::remove_file(&record)?;
    }
    let held = match take(root, "") {
        Ok(()) => true,
        Err(error) => {
            say(&format!("{error:#}"));
            false
        }
    };
    Ok((held, counts::steps("pictures", &tree::read(&record)?)?))
}

fn take(root: &Path, only: &str) -> Result<()> {
    run_command(&mut command("npm", &["run", "scenes"], &root.join("ui")))?;
    let demo = binary(root, "tripchat-demo");
    let mut command = command(&demo.to_string_lossy(), &["pictures", "--only", only], root);
    command.arg("--scenes").arg(root.join("target/scenes"));
    command.arg("--axe").arg(root.join("ui/node_modules/axe-core/axe.min.js"));
    command.arg("--out").arg(root.join(OUT));
    run_command(&mut command)
}
