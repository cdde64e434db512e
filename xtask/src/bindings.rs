//! Writes the TypeScript types anew. The same test that finds them stale writes them.

use crate::process::{cargo, run};
use anyhow::Result;
use std::path::Path;

/// Whether it went well.
pub fn run_anew(root: &Path) -> Result<bool> {
    let mut command = cargo(&["test", "-p", "tripchat-core", "--test", "bindings"], root);
    run(command.env("TRIPCHAT_BLESS", "1"))?;
    Ok(true)
}
