//! The simulation: the real core and the real server in one process, on a simulated network and clock, with a seeded
//! plan of what people do and of what goes wrong. An oracle listens, and compares everything at the end.
//!
//! `simulate --seeds 1000 --from 0` plays them; `--plant NAME` breaks a rule first, to see that it is noticed;
//! `--twice` plays each seed two times and compares what was said, byte for byte; `--show SEED` prints a run.

mod clock;
mod device;
mod end;
mod faults;
mod live;
mod model;
mod network;
mod pipe;
mod plan;
mod run;
mod server;
mod tap;
mod world;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
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
    /// Breaks a rule, and stops at the first seed that notices
    #[arg(long)]
    plant: Option<String>,
    /// Plays each seed twice and compares the traces
    #[arg(long)]
    twice: bool,
    /// Prints the plan and the trace of every seed
    #[arg(long)]
    show: bool,
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

/// Whether all seeds held; of a plant, whether it was noticed.
fn simulate(wish: &Wish) -> Result<bool> {
    if let Some(name) = &wish.plant {
        let plant = Plant::ALL.into_iter().find(|plant| kebab(*plant) == *name);
        tripchat_runtime::plant(plant.with_context(|| format!("no such plant: {name}"))?);
    }
    let begun = Instant::now();
    let mut met: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut failed = 0;
    for seed in wish.from..wish.from + wish.seeds {
        let outcome = run::seed(seed)?;
        outcome.met.iter().for_each(|what| *met.entry(what).or_default() += 1);
        if wish.show {
            println!("{}\n{}", run::plan(seed), outcome.trace.join("\n"));
        }
        if wish.twice {
            same(seed, &outcome.trace, &run::seed(seed)?.trace)?;
        }
        if let (Some(first), Some(name)) = (outcome.violations.first(), &wish.plant) {
            println!("{name}: noticed by seed {seed}: {first}");
            return Ok(true);
        }
        if !outcome.violations.is_empty() {
            failed += 1;
            report(seed, &outcome)?;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("{} seeds from {} in {seconds:.1} s: {failed} failed", wish.seeds, wish.from);
    for (what, seeds) in &met {
        println!("  met {what}: {seeds}");
    }
    Ok(failed == 0 && wish.plant.is_none())
}

/// Keeps the plan and the trace of a seed that failed, and says what was broken.
fn report(seed: u64, outcome: &run::Outcome) -> Result<()> {
    let folder = Path::new("target/simulation");
    std::fs::create_dir_all(folder)?;
    let file = folder.join(format!("seed-{seed}.txt"));
    std::fs::write(&file, format!("{}\n{}\n", run::plan(seed), outcome.trace.join("\n")))?;
    println!("seed {seed} FAILED; its plan and what was said: {}", file.display());
    for violation in &outcome.violations {
        println!("  {}", violation.chars().take(400).collect::<String>());
    }
    Ok(())
}

fn same(seed: u64, once: &[String], again: &[String]) -> Result<()> {
    let differs = once.iter().zip(again).position(|(one, other)| one != other);
    let at = differs.or((once.len() != again.len()).then_some(once.len().min(again.len())));
    ensure!(
        at.is_none(),
        "seed {seed} differs at line {at:?} of {} and {}: {:?} {:?}",
        once.len(),
        again.len(),
        at.and_then(|at| once.get(at)),
        at.and_then(|at| again.get(at))
    );
    Ok(())
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
