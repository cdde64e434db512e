//! The screen's own checks and tests, by npm. `scripts.all` of `ui/package.json` is the only list of them.

use crate::counts::{self, Ran};
use crate::process::{self, command};
use crate::tree;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

/// Installs the packages that `package-lock.json` names, unless they are there already.
pub fn install(root: &Path) -> Result<()> {
    let ui = root.join("ui");
    let changed = |path: &str| fs::metadata(ui.join(path)).and_then(|file| file.modified()).ok();
    // npm writes this file last, so it is never newer than an install that was cut short.
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("package-lock.json") {
        return Ok(());
    }
    process::run(&mut command("npm", &["ci", "--no-audit", "--no-fund"], &ui))
}

/// The lock file names every package for every system: npm leaves out those that its registry did not have, and only
/// a fresh install then notices.
pub fn lock_is_whole(root: &Path) -> Result<()> {
    let arguments = ["ci", "--dry-run", "--no-audit", "--no-fund", "--loglevel=error"];
    let output = command("npm", &arguments, &root.join("ui")).output().context("cannot start npm")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "ui/package-lock.json is not whole: {}", said.trim());
    Ok(())
}

/// Builds what the window loads.
pub fn build(root: &Path) -> Result<()> {
    install(root)?;
    process::run(&mut command("npm", &["run", "build"], &root.join("ui")))
}

/// The shell does not compile without the folder that it embeds; any state of it will do to check the code.
pub fn build_if_missing(root: &Path) -> Result<()> {
    if root.join("ui/dist/index.html").is_file() { Ok(()) } else { build(root) }
}

/// Runs all checks and tests.
pub fn test(root: &Path) -> Result<(bool, Ran)> {
    let ui = root.join("ui");
    let report = root.join("target/acceptance/vitest.json");
    fs::create_dir_all(report.parent().context("the report has a folder")?)?;
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut held = true;
    for script in scripts(&tree::read(&ui.join("package.json"))?)? {
        let mut words = vec!["run".to_owned(), script.clone()];
        if script == "test" {
            words.extend(["--", "--reporter=default", "--reporter=json"].map(str::to_owned));
            words.push(format!("--outputFile.json={}", report.display()));
        }
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        held &= process::tee(&mut command("npm", &words, &ui))?.0;
    }
    let ran = counts::vitest(&tree::read(&report)?, &ui)?;
    Ok((held, ran))
}

/// The names in `npm run a && npm run b && npm test`.
fn scripts(package: &str) -> Result<Vec<String>> {
    let package: serde_json::Value = serde_json::from_str(package).context("ui/package.json")?;
    let all = package.get("scripts").and_then(|scripts| scripts.get("all")).and_then(|all| all.as_str());
    let all = all.context("ui/package.json has no script `all`")?;
    let name = |step: &str| step.split_whitespace().last().map(str::to_owned);
    let names: Vec<String> = all.split("&&").filter_map(name).collect();
    ensure!(names.iter().any(|name| name == "test"), "`all` in ui/package.json leaves out the tests");
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_checks_is_the_screens_own() {
        let package = r#"{"scripts": {"all": "npm run check && npm run lint && npm test"}}"#;
        assert_eq!(scripts(package).unwrap(), ["check", "lint", "test"]);
        assert!(scripts(r#"{"scripts": {"all": "npm run check"}}"#).is_err());
    }
}
