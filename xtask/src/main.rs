//! One command for each thing: `cargo xtask demo`, `cargo xtask test`, `cargo xtask check`.
//!
//! A fresh machine has Rust and Node and nothing else, so every command first makes sure of what it needs. There
//! is one list of steps for people and for CI: what passes here passes there.

mod acceptance;
mod bench;
mod bindings;
mod check;
mod counts;
mod crash;
mod demo;
mod docs;
mod example;
mod layers;
mod packages;
mod pictures;
mod postgres;
mod process;
mod report;
mod say;
mod simulate;
mod test;
mod tidy;
mod tree;
mod ui;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "One command for each thing", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Installs, builds, and opens a driver's and a passenger's window on a real trip
    Demo {
        /// Plays the ride without hands, on a display of its own; so it is without a display, too
        #[arg(long)]
        script: bool,
        /// With --script: takes dark pictures as well
        #[arg(long)]
        pictures: bool,
        /// Where steps.json and the pictures go
        #[arg(long, default_value = "target/demo/out")]
        out: PathBuf,
    },
    /// Takes a picture of every view in every size and theme, and looks for cut text, small targets and what axe finds
    Pictures {
        /// Only the pictures whose names contain this, such as `room-phone`
        #[arg(long, default_value = "")]
        only: String,
    },
    /// Everything that CI runs
    Test,
    /// Kills real servers under load and real apps at their writing, and compares what was acknowledged with what is
    /// stored; prints a line for each
    Crash {
        /// How often each of them is killed
        #[arg(long, default_value_t = 100)]
        kills: u32,
        /// Names the random numbers; without one it is drawn, and printed
        #[arg(long)]
        seed: Option<u64>,
        /// One of them alone
        #[arg(long)]
        only: Option<crash::Who>,
    },
    /// Measures the server beside bare programs that set the ceiling, and prints a table; never fails for being slow
    Bench {
        /// Only these workloads, such as W1,W4
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
        /// A few seconds each
        #[arg(long)]
        quick: bool,
        /// Idle connections of W3; more than a few thousand need `ulimit -n`
        #[arg(long, default_value_t = 2_000)]
        connections: u32,
    },
    /// Plays seeded fault plans against the real core and server on a simulated network, and checks every invariant
    Simulate {
        /// How many seeds
        #[arg(long, default_value_t = 1_000)]
        seeds: u64,
        /// The first one
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// Breaks a rule first, to see that it is noticed; an unknown name lists them
        #[arg(long)]
        plant: Option<String>,
        /// Plays one seed, and keeps its plan and all that was said
        #[arg(long)]
        show: Option<u64>,
        /// Plays the code as it is delivered, for long runs: faster once it is built, and nothing can be planted
        #[arg(long)]
        release: bool,
    },
    /// What needs no running: format, lints, docs, layers, sizes, acceptance numbers
    Check {
        /// Adds licences (cargo-deny), unused dependencies (cargo-machete) and spelling (typos); they have to be
        /// installed: cargo install --locked cargo-deny cargo-machete typos-cli
        #[arg(long)]
        full: bool,
    },
    /// Writes the TypeScript types anew from the Rust ones
    Bindings,
    /// Installs the system packages that are missing, or says which they are
    Packages,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether everything held.
fn run(command: Command) -> Result<bool> {
    let root = tree::root()?;
    match command {
        Command::Demo { script, pictures, out } => demo::run(&root, &demo::Wish { script, pictures, out }),
        Command::Pictures { only } => pictures::run(&root, &only),
        Command::Test => test::run(&root),
        Command::Crash { kills, seed, only } => crash::run(&root, &crash::Wish { kills, seed, only }),
        Command::Bench { only, quick, connections } => {
            bench::run(&root, &bench::Wish { only, quick, connections })
        }
        Command::Simulate { seeds, from, plant, show, release } => {
            simulate::run(&root, &simulate::Wish { seeds, from, plant, show, release })
        }
        Command::Check { full } => check::run_all(&root, full),
        Command::Bindings => bindings::run_anew(&root),
        Command::Packages => packages::ensure().map(|()| true),
    }
}
