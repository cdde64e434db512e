//! The files of the project: where it begins, and a walk that leaves out what was built or installed.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing written by hand.
const SKIPPED: [&str; 8] =
    [".git", "target", "node_modules", "dist", "gen", "generated", "test-results", "data"];

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> Result<PathBuf> {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let parent = Path::new(&manifest).parent().context("xtask stands in the workspace")?;
    Ok(parent.to_path_buf())
}

/// Where cargo puts what it builds.
pub fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path))
}

/// The profile for what is measured and for long runs: a release, with names for the profiler.
pub const DELIVERED: &str = "bench-run";

/// Where cargo puts a binary of the project that it builds with a profile of this folder.
pub fn built(root: &Path, folder: &str, name: &str) -> PathBuf {
    target(root).join(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Every file below `from` whose name ends in one of `endings`, in order of path.
pub fn files(from: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![from.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let kind = entry.file_type()?;
            if kind.is_dir() && !SKIPPED.contains(&name.as_ref()) {
                folders.push(path);
            } else if kind.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// `path` as people write it: relative to the root, with `/`.
pub fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
