//! What a run prints: each step with its time, and a table at the end.

use crate::counts::Counts;
use crate::say::say;
use anyhow::Result;
use std::time::{Duration, Instant};

struct Step {
    name: String,
    took: Duration,
    held: bool,
    counts: Option<Counts>,
}

/// The steps of one run.
#[derive(Default)]
pub struct Report {
    steps: Vec<Step>,
}

impl Report {
    /// Runs a check that either holds or not.
    pub fn check(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        self.step(name, || work().map(|()| (true, None)))
    }

    /// Runs tests that bring their own counts; the flag is the runner's own verdict.
    pub fn tests(&mut self, name: &str, work: impl FnOnce() -> Result<(bool, Counts)>) -> bool {
        self.step(name, || work().map(|(held, counts)| (held && counts.failed == 0, Some(counts))))
    }

    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<(bool, Option<Counts>)>) -> bool {
        say(&format!("── {name}"));
        let from = Instant::now();
        let (held, counts) = work().unwrap_or_else(|error| {
            say(&format!("{error:#}"));
            (false, None)
        });
        let took = from.elapsed();
        say(&format!("── {name}: {} in {:.1} s", word(held), took.as_secs_f64()));
        self.steps.push(Step { name: name.into(), took, held, counts });
        held
    }

    /// Whether every step held.
    pub fn held(&self) -> bool {
        self.steps.iter().all(|step| step.held)
    }

    /// The table.
    pub fn table(&self) {
        say("");
        for step in &self.steps {
            let counts = step.counts.map_or_else(String::new, |counts| format!("  {counts}"));
            say(&format!("{:<6} {:>7.1} s  {}{counts}", word(step.held), step.took.as_secs_f64(), step.name));
        }
    }

    /// The sum of the runners' own counts. A step that failed without one counts as one failure, so that the
    /// line never says that all is well when it is not.
    pub fn sum(&self) -> Counts {
        let mut sum = Counts::default();
        for step in &self.steps {
            sum.add(step.counts.unwrap_or_default());
            let told = step.counts.is_some_and(|counts| counts.failed > 0);
            if !step.held && !told {
                sum.failed += 1;
            }
        }
        sum
    }
}

fn word(held: bool) -> &'static str {
    if held { "ok" } else { "FAILED" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_without_counts_is_still_counted() {
        let mut report = Report::default();
        report.tests("tests", || Ok((true, Counts { passed: 3, failed: 0, skipped: 0 })));
        report.check("docs", || anyhow::bail!("a link leads nowhere"));
        assert!(!report.held());
        assert_eq!(report.sum(), Counts { passed: 3, failed: 1, skipped: 0 });
    }

    #[test]
    fn a_runner_that_fails_without_a_failed_test_is_a_failure() {
        let mut report = Report::default();
        report.tests("tests", || Ok((false, Counts { passed: 3, failed: 0, skipped: 0 })));
        assert_eq!(report.sum(), Counts { passed: 3, failed: 1, skipped: 0 });
    }
}
