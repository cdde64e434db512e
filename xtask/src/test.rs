//! Everything that CI runs, what fails soonest first. Later steps run even after a failure, where they can.

use crate::check;
use crate::counts::{self, Counts, Ran};
use crate::demo::{self, SHELL_FEATURE};
use crate::process::{self, cargo, tee};
use crate::report::Report;
use crate::say::say;
use crate::{acceptance, example, packages, pictures, postgres, simulate, ui};
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::Path;

/// `cargo xtask test`.
pub fn run(root: &Path) -> Result<bool> {
    let mut report = Report::default();
    if report.check("system packages", packages::ensure) {
        check::quick(root, &mut report);
        let mut passed = BTreeSet::new();
        if report.check("screen: packages and build", || ui::build(root)) {
            report.tests("screen: checks and tests", || keep(&mut passed, ui::test(root)?));
        }
        check::compiled(root, &mut report);
        if report.check("build", || build(root)) {
            report.tests("Rust tests", || keep(&mut passed, rust(root)?));
            report.tests("the simulation", || keep(&mut passed, simulate::as_test(root)?));
            report.check("the example platform in Python", || example::run_platform(root));
            report.tests("pictures of every view", || keep(&mut passed, pictures::as_test(root)?));
            report.tests("the ride in two windows", || keep(&mut passed, demo::as_test(root)?));
        }
        report.check("acceptance: tests ran", || acceptance::check_ran(root, &passed));
    }
    report.table();
    say(&format!("\n{}", report.sum()));
    Ok(report.held())
}

/// The tests and the binaries in one go: chosen one by one, they would be built with other features of what they
/// share, and half of it twice.
fn build(root: &Path) -> Result<()> {
    let all = ["build", "--workspace", "--all-targets", "--locked", "--features", SHELL_FEATURE];
    process::run(&mut cargo(&all, root))
}

/// Adds the names of what passed to those of the runners before.
fn keep(passed: &mut BTreeSet<String>, (held, ran): (bool, Ran)) -> Result<(bool, Counts)> {
    passed.extend(ran.passed);
    Ok((held, ran.counts))
}

/// The tests of every crate, on SQLite and on a PostgreSQL of their own.
fn rust(root: &Path) -> Result<(bool, Ran)> {
    let postgres = postgres::for_tests()?;
    let mut command = cargo(&["test", "--workspace", "--locked", "--no-fail-fast"], root);
    command.args(["--features", SHELL_FEATURE]);
    // With one thread the harness writes a test's own output between its name and its result.
    let threads = std::thread::available_parallelism().map_or(2, |threads| threads.get().max(2));
    command.env("RUST_TEST_THREADS", threads.to_string()).env("INSTA_UPDATE", "no");
    if let Some(postgres) = &postgres {
        command.envs(postgres.environment());
    }
    let (held, output) = tee(&mut command)?;
    Ok((held, counts::cargo_test(&output)))
}
