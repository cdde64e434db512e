//! The simulation: the real core and the real server in one process, on a simulated network and clock, with a seeded
//! plan of what people do and of what goes wrong. An oracle listens, and compares everything at the end.
//!
//! Started by `cargo xtask simulate`. Docs: docs/reliability.md.

mod clock;
mod crew;
mod device;
mod end;
mod faults;
mod live;
mod model;
mod network;
mod pipe;
mod plan;
#[cfg(test)]
mod pressure;
mod run;
mod server;
mod steps;
mod tap;
mod world;

use anyhow::{Context, Result};
use clap::Parser;
use crew::Told;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tripchat_runtime::Plant;

/// What is asked for.
#[derive(Debug, Parser)]
#[command(about = "Plays seeded fault plans against the real core and server")]
struct Wish {
    /// How many seeds
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first one
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Breaks this rule first, and stops at the first seed that notices
    #[arg(long)]
    plant: Option<String>,
    /// Plays one seed, and keeps its plan and what was said in target/simulation
    #[arg(long)]
    show: Option<u64>,
    /// Does all that `cargo xtask test` asks for, and writes steps.json there
    #[arg(long)]
    out: Option<PathBuf>,
    /// One of several processes: plays every step-th seed, and says a line of JSON about each
    #[arg(long, hide = true)]
    worker: bool,
    #[arg(long, hide = true, default_value_t = 0)]
    first: u64,
    #[arg(long, hide = true, default_value_t = 1)]
    step: u64,
}

fn main() -> ExitCode {
    match simulate(&Wish::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all held; of a plant, whether it was noticed.
fn simulate(wish: &Wish) -> Result<bool> {
    if wish.worker {
        return work(wish).map(|()| true);
    }
    if let Some(seed) = wish.show {
        return show(seed);
    }
    if let Some(out) = &wish.out {
        return steps::all(out, wish.seeds);
    }
    match &wish.plant {
        Some(name) => {
            let (noticed, what) = steps::plant(name, wish.seeds, wish.from)?;
            println!("{name}: {what}");
            Ok(noticed)
        }
        None => {
            let (held, summary) = steps::seeds(wish.seeds, wish.from)?;
            println!("{summary}");
            Ok(held)
        }
    }
}

fn work(wish: &Wish) -> Result<()> {
    if let Some(name) = &wish.plant {
        break_rule(plant_of(name)?)?;
    }
    for seed in (wish.from..wish.from + wish.seeds).skip(wish.first as usize).step_by(wish.step as usize) {
        let told = Told::of(seed, &run::seed(seed)?);
        println!("{}", serde_json::to_string(&told)?);
    }
    Ok(())
}

#[cfg(debug_assertions)]
fn break_rule(plant: Plant) -> Result<()> {
    tripchat_runtime::plant(plant);
    Ok(())
}

#[cfg(not(debug_assertions))]
fn break_rule(plant: Plant) -> Result<()> {
    anyhow::bail!("{plant:?}: a build without debug assertions keeps every rule")
}

fn show(seed: u64) -> Result<bool> {
    let outcome = run::seed(seed)?;
    let folder = Path::new("target/simulation");
    std::fs::create_dir_all(folder)?;
    let file = folder.join(format!("seed-{seed}.txt"));
    std::fs::write(&file, format!("{}\n{}\n", run::plan(seed), outcome.trace.join("\n")))?;
    println!("its plan and what was said: {}", file.display());
    for violation in &outcome.violations {
        println!("seed {seed}: {violation}");
    }
    Ok(outcome.violations.is_empty())
}

fn plant_of(name: &str) -> Result<Plant> {
    let plant = Plant::ALL.into_iter().find(|plant| kebab(*plant) == name);
    plant.with_context(|| {
        let all: Vec<String> = Plant::ALL.into_iter().map(kebab).collect();
        format!("no such plant: {name}; there are {}", all.join(", "))
    })
}

/// `AckBeforeCommit` as `ack-before-commit`.
fn kebab(plant: Plant) -> String {
    let mut name = String::new();
    for letter in format!("{plant:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.extend(letter.to_lowercase());
    }
    name
}
