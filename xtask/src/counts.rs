//! Reads what the test runners say about themselves: how many, and which by name.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

/// What a runner counted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Held.
    pub passed: u64,
    /// Did not hold.
    pub failed: u64,
    /// Were not run.
    pub skipped: u64,
}

impl Counts {
    /// Adds another runner's.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// What a run was: its counts, and the names of the tests that ran and passed.
#[derive(Debug, Default)]
pub struct Ran {
    /// How many.
    pub counts: Counts,
    /// Such as `tripchat_core::outbox::tests::keeps_the_order`.
    pub passed: BTreeSet<String>,
}

/// Reads the output of `cargo test`, standard output and error in one stream. A name begins with that of the test
/// binary: `tripchat_core` for the crate's own tests, `stories` for an integration binary of that name.
pub fn cargo_test(output: &str) -> Ran {
    let mut ran = Ran::default();
    let mut binary = String::new();
    for line in output.lines() {
        let line = line.trim();
        if line.starts_with("Running ") {
            binary = binary_name(line).unwrap_or_default();
        } else if let Some(name) = line.strip_prefix("Doc-tests ") {
            binary = format!("{name} docs");
        } else if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... ok")) {
            let name = name.strip_suffix(" - should panic").unwrap_or(name);
            ran.passed.insert(format!("{binary}::{name}"));
        } else if let Some(result) = line.strip_prefix("test result: ") {
            ran.counts.passed += number_before(result, " passed");
            ran.counts.failed += number_before(result, " failed");
            ran.counts.skipped += number_before(result, " ignored");
        }
    }
    ran
}

/// `tripchat_core` of `Running unittests src/lib.rs (target/debug/deps/tripchat_core-0f3c)`.
fn binary_name(line: &str) -> Option<String> {
    let (_, path) = line.rsplit_once('(')?;
    let file = path.trim_end_matches(')').rsplit(['/', '\\']).next()?;
    let file = file.strip_suffix(".exe").unwrap_or(file);
    file.rsplit_once('-').map(|(name, _)| name.to_owned())
}

fn number_before(text: &str, word: &str) -> u64 {
    let digits = text.split_once(word).and_then(|(before, _)| before.rsplit(' ').next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vitest {
    test_results: Vec<VitestFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VitestFile {
    name: String,
    assertion_results: Vec<VitestCase>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VitestCase {
    ancestor_titles: Vec<String>,
    title: String,
    status: String,
}

/// Reads what vitest's json reporter wrote. A name is `ui: lib/time.test.ts › group › title`, the file as seen from
/// `ui/src`, or as seen from `ui` where it lies beside that.
pub fn vitest(json: &str, ui: &Path) -> Result<Ran> {
    let sources = ui.join("src");
    let report: Vitest = serde_json::from_str(json).context("vitest's report is not what it was")?;
    let mut ran = Ran::default();
    for file in report.test_results {
        let path = Path::new(&file.name);
        let path = path
            .strip_prefix(&sources)
            .or_else(|_| path.strip_prefix(ui))
            .unwrap_or(path)
            .to_string_lossy()
            .replace('\\', "/");
        for case in file.assertion_results {
            match case.status.as_str() {
                "passed" => ran.counts.passed += 1,
                "failed" => ran.counts.failed += 1,
                _ => ran.counts.skipped += 1,
            }
            if case.status == "passed" {
                let mut words = vec![path.clone()];
                words.extend(case.ancestor_titles);
                words.push(case.title);
                ran.passed.insert(format!("ui: {}", words.join(" › ")));
            }
        }
    }
    Ok(ran)
}

#[derive(Deserialize)]
struct Step {
    step: String,
    ok: bool,
}

/// Reads the `steps.json` of what was played in windows. A name is `<play>: <step>`, as `demo: both open the room`.
pub fn steps(play: &str, json: &str) -> Result<Ran> {
    let steps: Vec<Step> = serde_json::from_str(json).context("steps.json is not what it was")?;
    let mut ran = Ran::default();
    for step in steps {
        if step.ok {
            ran.counts.passed += 1;
            ran.passed.insert(format!("{play}: {}", step.step));
        } else {
            ran.counts.failed += 1;
        }
    }
    Ok(ran)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_tests_are_named_by_their_binary() {
        let output = "     Running unittests src/lib.rs (target/debug/deps/tripchat_core-0f3c)\n\
             running 3 tests\n\
             test outbox::tests::keeps_the_order ... ok\n\
             test outbox::tests::gives_up ... FAILED\n\
             test cache::tests::refuses - should panic ... ok\n\
             test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
             \x20    Running stories/main.rs (target/debug/deps/stories-77)\n\
             test ride::they_talk ... ok\n\
             test result: ok. 1 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.1s\n";
        let ran = cargo_test(output);
        assert_eq!(ran.counts, Counts { passed: 3, failed: 1, skipped: 2 });
        let names: Vec<_> = ran.passed.iter().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "stories::ride::they_talk",
                "tripchat_core::cache::tests::refuses",
                "tripchat_core::outbox::tests::keeps_the_order",
            ]
        );
    }

    #[test]
    fn vitest_cases_are_named_by_file_and_title() {
        let json = r#"{"testResults": [{"name": "/p/ui/src/lib/time.test.ts", "assertionResults": [
            {"ancestorTitles": ["hour"], "title": "is the stop's own", "status": "passed"},
            {"ancestorTitles": [], "title": "is wrong", "status": "failed"},
            {"ancestorTitles": [], "title": "is left out", "status": "pending"}]}]}"#;
        let ran = vitest(json, Path::new("/p/ui")).unwrap();
        assert_eq!(ran.counts, Counts { passed: 1, failed: 1, skipped: 1 });
        assert!(ran.passed.contains("ui: lib/time.test.ts › hour › is the stop's own"));
    }

    #[test]
    fn a_step_of_the_ride_is_a_test() {
        let ran =
            steps("demo", r#"[{"step": "they talk", "ok": true, "ms": 5}, {"step": "x", "ok": false}]"#)
                .unwrap();
        assert_eq!(ran.counts, Counts { passed: 1, failed: 1, skipped: 0 });
        assert!(ran.passed.contains("demo: they talk"));
    }
}
