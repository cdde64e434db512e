//! What happened, step by step: printed as it happens, and kept in `steps.json`.

use crate::say::say;
use anyhow::Result;
use serde::Serialize;
use std::fs;
use std::path::Path;
use tokio::time::Instant;

#[derive(Debug, Serialize)]
struct Step {
    step: String,
    ok: bool,
    ms: u64,
    detail: String,
}

/// The steps so far.
#[derive(Debug, Default)]
pub struct Steps(Vec<Step>);

impl Steps {
    /// Does one step and notes how it went; the answer of `work` is the detail.
    pub async fn step(
        &mut self,
        step: impl Into<String>,
        work: impl Future<Output = Result<String>>,
    ) -> Result<()> {
        let step = step.into();
        let from = Instant::now();
        let outcome = work.await;
        let ms = u64::try_from(from.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (ok, detail) = match &outcome {
            Ok(detail) => (true, detail.clone()),
            Err(error) => (false, format!("{error:#}")),
        };
        say(&format!("{:<6} {ms:>6} ms  {step}: {detail}", if ok { "ok" } else { "FAILED" }));
        self.0.push(Step { step, ok, ms, detail });
        outcome.map(|_| ())
    }

    /// Adds what happened beside it.
    pub fn add(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Whether every one held.
    pub fn held(&self) -> bool {
        self.0.iter().all(|step| step.ok)
    }

    /// Writes them down.
    pub fn write(&self, out: &Path) -> Result<()> {
        fs::write(out.join("steps.json"), serde_json::to_string_pretty(&self.0)?)?;
        Ok(())
    }

    /// One line about all of them.
    pub fn summary(&self) -> String {
        let failed = self.0.iter().filter(|step| !step.ok).count();
        format!("{} steps held, {failed} did not", self.0.len() - failed)
    }
}
