//! What a run of many seeds comes to, in words, and as steps for `cargo xtask test`.

use crate::{crew, kebab, plant_of, run};
use anyhow::{Result, ensure};
use serde::Serialize;
use std::path::Path;
use std::time::Instant;
use tripchat_runtime::Plant;

/// Seeds after which a planted fault must have been noticed.
const NOTICED_WITHIN: u64 = 2_000;
/// Seeds that are played twice.
const TWICE: u64 = 20;

/// What must be met, each in at least one of a hundred seeds, for the seeds to say anything.
const FAULTS: [&str; 20] = [
    "a cut",
    "a delay",
    "a device dies",
    "a flood",
    "a former member refused",
    "a lost answer",
    "a repeated change",
    "a repeated message",
    "a session ends",
    "a slow reader",
    "dead without a word",
    "death after the commit",
    "death after the hint",
    "death before the commit",
    "death before the work",
    "half open",
    "lost hints",
    "stalled",
    "the server is killed",
    "the server's power fails",
];

#[derive(Debug, Serialize)]
struct Step {
    step: String,
    ok: bool,
    ms: u64,
    detail: String,
}

/// Seeds, the same seeds twice, and every plant; whether all held.
///
/// # Errors
/// If something cannot be run.
pub fn all(out: &Path, count: u64) -> Result<bool> {
    let mut steps = Vec::new();
    step(&mut steps, "seeds: nothing acknowledged is lost, doubled, misordered or leaked".into(), || {
        seeds(count, 0)
    });
    step(&mut steps, "a seed is the same run each time".into(), twice);
    for name in Plant::ALL.into_iter().map(kebab) {
        step(&mut steps, format!("planted, {name} is noticed"), || plant(&name, NOTICED_WITHIN, 0));
    }
    std::fs::create_dir_all(out)?;
    std::fs::write(out.join("steps.json"), serde_json::to_string_pretty(&steps)?)?;
    Ok(steps.iter().all(|step| step.ok))
}

fn step(steps: &mut Vec<Step>, step: String, work: impl FnOnce() -> Result<(bool, String)>) {
    let begun = Instant::now();
    let (ok, detail) = work().unwrap_or_else(|error| (false, format!("{error:#}")));
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    println!("{:<6} {ms:>6} ms  {step}: {detail}", if ok { "ok" } else { "FAILED" });
    steps.push(Step { step, ok, ms, detail });
}

/// Plays `count` seeds; whether all held and every fault was met, and the summary.
///
/// # Errors
/// If they cannot be played.
pub fn seeds(count: u64, from: u64) -> Result<(bool, String)> {
    let sum = crew::play(count, from, None)?;
    let mut summary = format!("{count} seeds from {from}: {} broke a rule", sum.failed.len());
    for (seed, violations) in sum.failed.iter().take(20) {
        let first = violations.first().map_or("", |first| first.as_str());
        let first: String = first.chars().take(300).collect();
        summary.push_str(&format!("\nseed {seed}: {first} (look at it: --show {seed})"));
    }
    // A few seeds need not meet everything.
    let rare: Vec<String> = FAULTS
        .into_iter()
        .map(|what| (what, sum.met.get(what).copied().unwrap_or_default()))
        .filter(|(_, seeds)| count >= 500 && seeds * 100 < count)
        .map(|(what, seeds)| format!("{what} ({seeds})"))
        .collect();
    if !rare.is_empty() {
        summary.push_str(&format!("\nmet in fewer than one of a hundred: {}", rare.join(", ")));
    }
    let met: Vec<String> = sum.met.iter().map(|(what, seeds)| format!("{what} {seeds}")).collect();
    summary.push_str(&format!("\nmet, in so many seeds: {}", met.join(" · ")));
    Ok((sum.failed.is_empty() && rare.is_empty(), summary))
}

/// Whether the oracle notices what is planted, and after how many seeds.
///
/// # Errors
/// If there is no such plant, or the seeds cannot be played.
pub fn plant(name: &str, count: u64, from: u64) -> Result<(bool, String)> {
    plant_of(name)?;
    let sum = crew::play(count, from, Some(name))?;
    match sum.failed.first_key_value() {
        Some((seed, violations)) => {
            let first: String = violations.first().map_or("", |it| it.as_str()).chars().take(160).collect();
            Ok((true, format!("by seed {seed}: {first}")))
        }
        None => Ok((false, format!("not noticed in {count} seeds"))),
    }
}

/// Plays some seeds two times and compares what was said, line by line.
fn twice() -> Result<(bool, String)> {
    let mut lines = 0;
    for seed in 0..TWICE {
        let (once, again) = (run::seed(seed)?.trace, run::seed(seed)?.trace);
        let differs = once.iter().zip(&again).position(|(one, other)| one != other);
        let at = differs.or((once.len() != again.len()).then_some(once.len().min(again.len())));
        let line = |of: &[String]| at.and_then(|at| of.get(at).cloned()).unwrap_or_default();
        ensure!(at.is_none(), "seed {seed}, line {at:?}: once “{}”, again “{}”", line(&once), line(&again));
        lines += once.len();
    }
    Ok((true, format!("{TWICE} seeds played twice, {lines} lines the same")))
}
