//! Writes what is generated anew: the TypeScript types, the samples of the wire and the REST routes as OpenAPI. The
//! same tests that find them stale write them.

use crate::process::{cargo, run};
use anyhow::Result;
use std::path::Path;

/// Whether it went well.
pub fn run_anew(root: &Path) -> Result<bool> {
    for arguments in [
        ["-p", "tripchat-core", "--test", "bindings"].as_slice(),
        &["-p", "tripchat-protocol", "--test", "wire"],
        &["-p", "tripchat-server", "--lib", "openapi::"],
    ] {
        let mut command = cargo(&[&["test"], arguments].concat(), root);
        run(command.env("TRIPCHAT_BLESS", "1"))?;
    }
    Ok(true)
}
