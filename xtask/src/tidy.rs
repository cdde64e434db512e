//! Small rules that keep the tree readable: no file that nobody can hold in mind, nothing left for later, and the
//! migrations of both databases in step.

use crate::tree;
use anyhow::{Result, ensure};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A file above this is split by topic.
const LONGEST: usize = 600;

/// No source file is longer than anyone can hold in mind.
pub fn sizes(root: &Path) -> Result<()> {
    let mut faults = Vec::new();
    for path in tree::files(root, &[".rs", ".ts", ".js", ".svelte", ".css", ".sql"])? {
        let lines = tree::read(&path)?.lines().count();
        if lines > LONGEST {
            faults.push(format!("{}: {lines} lines, {LONGEST} at most", tree::shown(root, &path)));
        }
    }
    told(&faults)
}

/// What is left for later stands in an issue, not in a comment.
pub fn leftovers(root: &Path) -> Result<()> {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let mut faults = Vec::new();
    for path in tree::files(root, &[".rs", ".ts", ".js", ".svelte", ".css", ".sql", ".toml", ".md", ".html"])?
    {
        for (number, line) in tree::read(&path)?.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                faults.push(format!("{}:{}: {}", tree::shown(root, &path), number + 1, line.trim()));
            }
        }
    }
    told(&faults)
}

/// SQLite and PostgreSQL have the same migrations.
pub fn migrations(root: &Path) -> Result<()> {
    let names = |folder: &str| -> Result<BTreeSet<String>> {
        let folder = root.join("migrations/server").join(folder);
        fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    };
    let (sqlite, postgres) = (names("sqlite")?, names("postgres")?);
    ensure!(!sqlite.is_empty(), "there are no migrations");
    let alone: Vec<_> = sqlite.symmetric_difference(&postgres).cloned().collect();
    ensure!(alone.is_empty(), "only one of the two databases has {}", alone.join(", "));
    Ok(())
}

fn told(faults: &[String]) -> Result<()> {
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}
