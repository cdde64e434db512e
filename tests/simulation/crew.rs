//! Seeds side by side: each worker is a process of its own, since a run must have its process to itself.

use crate::run::Outcome;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

/// What a worker says of a seed, a line each.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    pub seed: u64,
    pub violations: Vec<String>,
    pub met: Vec<String>,
}

impl Told {
    pub fn of(seed: u64, outcome: &Outcome) -> Self {
        let met = outcome.met.iter().map(|what| (*what).to_owned()).collect();
        Self { seed, violations: outcome.violations.clone(), met }
    }
}

/// What all seeds came to.
#[derive(Debug, Default)]
pub struct Sum {
    pub seeds: u64,
    /// In how many seeds each thing was met.
    pub met: BTreeMap<String, u64>,
    /// The seeds in which a rule was broken, and what was.
    pub failed: BTreeMap<u64, Vec<String>>,
}

impl Sum {
    fn add(&mut self, told: Told) {
        self.seeds += 1;
        for what in told.met {
            *self.met.entry(what).or_default() += 1;
        }
        if !told.violations.is_empty() {
            self.failed.insert(told.seed, told.violations);
        }
    }
}

/// A worker that ends with its owner.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        if self.0.kill().is_ok()
            && let Err(error) = self.0.wait()
        {
            println!("a worker does not end: {error}");
        }
    }
}

/// Plays the seeds on every core; with a plant, up to the first seed that notices it.
///
/// # Errors
/// If a worker cannot be started, or ends before its work.
pub fn play(seeds: u64, from: u64, plant: Option<&str>) -> Result<Sum> {
    let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get() as u64);
    let (said, hears) = mpsc::channel();
    let mut workers = Vec::new();
    for worker in 0..cores.min(seeds) {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--worker", "--seeds", &seeds.to_string(), "--from", &from.to_string()]);
        command.args(["--first", &worker.to_string(), "--step", &cores.to_string()]);
        if let Some(plant) = plant {
            command.args(["--plant", plant]);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().context("a worker")?;
        let lines = child.stdout.take().context("its output")?;
        workers.push(Worker(child));
        let said = said.clone();
        std::thread::Builder::new().name("listener".into()).spawn(move || {
            for line in BufReader::new(lines).lines() {
                let told =
                    line.map_err(anyhow::Error::from).and_then(|line| Ok(serde_json::from_str(&line)?));
                if said.send(told).is_err() {
                    return;
                }
            }
        })?;
    }
    drop(said);
    let mut sum = Sum::default();
    for told in hears {
        sum.add(told?);
        if plant.is_some() && !sum.failed.is_empty() {
            return Ok(sum);
        }
    }
    anyhow::ensure!(sum.seeds == seeds, "workers ended after {} of {seeds} seeds", sum.seeds);
    Ok(sum)
}
