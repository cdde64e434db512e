//! What can be said about the project without running it. The quick checks come first.

use crate::process::{cargo, command, run, which};
use crate::report::Report;
use crate::{acceptance, docs, layers, packages, tidy, ui};
use anyhow::{Result, bail};
use std::path::Path;

/// `cargo xtask check`.
pub fn run_all(root: &Path, full: bool) -> Result<bool> {
    let mut report = Report::default();
    if report.check("system packages", packages::ensure) {
        quick(root, &mut report);
        report.check("acceptance: tests exist", || acceptance::check_source(root));
        compiled(root, &mut report);
    }
    if full {
        slow(root, &mut report);
    }
    report.table();
    Ok(report.held())
}

/// What reads files and nothing else.
pub fn quick(root: &Path, report: &mut Report) {
    report.check("layers", || layers::check(root));
    report.check("file sizes", || tidy::sizes(root));
    report.check("nothing left for later", || tidy::leftovers(root));
    report.check("migrations in step", || tidy::migrations(root));
    report.check("documents", || docs::check(root));
    report.check("screen's lock file", || ui::lock_is_whole(root));
    report.check("format", || run(&mut cargo(&["fmt", "--all", "--check"], root)));
}

/// What the compiler says.
pub fn compiled(root: &Path, report: &mut Report) {
    report.check("screen is built", || ui::build_if_missing(root));
    report.check("clippy", || {
        run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"], root))
    });
    report.check("rustdoc", || {
        let mut doc =
            cargo(&["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"], root);
        // Private items are documented too, so links to them lead somewhere.
        run(doc.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links"))
    });
}

/// What has to be installed first.
fn slow(root: &Path, report: &mut Report) {
    let tools: [(&str, &[&str]); 3] = [
        ("cargo-deny", &["--workspace", "check", "bans", "licenses", "sources"]),
        ("cargo-machete", &[]),
        ("typos", &[]),
    ];
    for (tool, arguments) in tools {
        report.check(tool, || {
            if which(tool).is_none() {
                bail!("{tool} is not installed: cargo install --locked cargo-deny cargo-machete typos-cli");
            }
            run(&mut command(tool, arguments, root))
        });
    }
}
