//! Folders that a run begins with.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// An empty folder, with what a run before left removed.
pub fn fresh(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder)?;
    whole(folder)
}

/// `path` from the root of the machine; what is not there is an error.
pub fn whole(path: &Path) -> Result<PathBuf> {
    path.canonicalize().with_context(|| format!("there is no {}", path.display()))
}
