//! Writes what is generated anew: the TypeScript types and the samples of the wire. The same tests that find them
//! stale write them.

use crate::process::{cargo, run};
use anyhow::Result;
use std::path::Path;

/// Whether it went well.
pub fn run_anew(root: &Path) -> Result<bool> {
    for (package, test) in [("tripchat-core", "bindings"), ("tripchat-protocol", "wire")] {
        let mut command = cargo(&["test", "-p", package, "--test", test], root);
        run(command.env("TRIPCHAT_BLESS", "1"))?;
    }
    Ok(true)
}
