//! Builds the server and what measures it, and lets it measure.

use crate::process::{cargo, command, run as run_command};
use crate::tree::DELIVERED;
use crate::{packages, tree};
use anyhow::{Context, Result};
use std::path::Path;

/// What was asked for.
pub struct Wish {
    /// Only these workloads.
    pub only: Vec<String>,
    /// A few seconds each.
    pub quick: bool,
    /// Idle connections.
    pub connections: u32,
}

/// `cargo xtask bench`.
pub fn run(root: &Path, wish: &Wish) -> Result<bool> {
    packages::ensure()?;
    let both = ["-p", "tripchat-server", "-p", "tripchat-bench", "--bins"];
    run_command(cargo(&["build", "--locked", "--profile", DELIVERED], root).args(both))?;
    let program = |name: &str| {
        let file = tree::built(root, DELIVERED, name);
        file.to_str().map(str::to_owned).context("a path that is no text")
    };
    // Beside the build, and so on a real disk: what is committed costs what it costs.
    let folder = tree::target(root).join("bench");
    let mut bench = command(&program("tripchat-bench")?, &["run"], root);
    bench.args(["--server", &program("tripchat-server")?]).arg("--folder").arg(folder);
    bench.args(["--connections", &wish.connections.to_string()]);
    if !wish.only.is_empty() {
        bench.args(["--only", &wish.only.join(",")]);
    }
    if wish.quick {
        bench.arg("--quick");
    }
    run_command(&mut bench)?;
    Ok(true)
}
