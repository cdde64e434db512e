//! The simulation: builds it, and hands over to it.

use crate::counts::{self, Ran};
use crate::demo::binary;
use crate::process::{cargo, command, run as run_command};
use crate::say::say;
use crate::tree::{self, DELIVERED};
use anyhow::Result;
use std::fs;
use std::path::Path;

const OUT: &str = "target/simulation";
/// Seeds in `cargo xtask test`.
const SEEDS: u64 = 1_000;

/// What was asked for.
pub struct Wish {
    /// How many seeds.
    pub seeds: u64,
    /// The first one.
    pub from: u64,
    /// A rule to break first.
    pub plant: Option<String>,
    /// One seed to look at.
    pub show: Option<u64>,
    /// As it is delivered: faster once it is built, and nothing can be planted.
    pub release: bool,
}

/// `cargo xtask simulate`.
pub fn run(root: &Path, wish: &Wish) -> Result<bool> {
    let profile = if wish.release { DELIVERED } else { "dev" };
    let build = ["build", "--locked", "--profile", profile, "-p", "tripchat-tests", "--bin", "simulate"];
    run_command(&mut cargo(&build, root))?;
    let mut arguments = vec![format!("--seeds={}", wish.seeds), format!("--from={}", wish.from)];
    arguments.extend(wish.plant.iter().map(|plant| format!("--plant={plant}")));
    arguments.extend(wish.show.iter().map(|seed| format!("--show={seed}")));
    let folder = if wish.release { DELIVERED } else { "debug" };
    simulate(root, &tree::built(root, folder, "simulate"), &arguments)?;
    Ok(true)
}

/// The seeds and all plants as tests, played by what is built.
pub fn as_test(root: &Path) -> Result<(bool, Ran)> {
    let record = root.join(OUT).join("steps.json");
    if record.exists() {
        fs::remove_file(&record)?;
    }
    let held = match simulate(
        root,
        &binary(root, "simulate"),
        &[format!("--seeds={SEEDS}"), format!("--out={OUT}")],
    ) {
        Ok(()) => true,
        Err(error) => {
            say(&format!("{error:#}"));
            false
        }
    };
    Ok((held, counts::steps("simulation", &tree::read(&record)?)?))
}

fn simulate(root: &Path, program: &Path, arguments: &[String]) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run_command(&mut command(&program.to_string_lossy(), &arguments, root))
}
