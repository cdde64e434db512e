//! Imports only go down. `layers.toml` names the floors; any path from one top-level module of a crate to another
//! is an edge, whether it stands in a `use`, in an expression, in a type or inside a macro. The published tools
//! look at `use` alone and miss the circles that are made of function paths.

mod crates;
mod floors;
mod paths;

use crate::tree;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// `layers.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layers {
    /// The crates, top floor first; those that share a floor do not know each other.
    crates: Vec<String>,
    /// For each crate its modules, top floor first; several on one line share a floor.
    floors: BTreeMap<String, Vec<String>>,
}

/// Checks the order of the crates and, in each crate, that of its modules.
pub fn check(root: &Path) -> Result<()> {
    let text = tree::read(&root.join("layers.toml"))?;
    let layers: Layers = toml::from_str(&text).context("layers.toml")?;
    let mut faults = crates::check(root, &layers.crates)?;
    for (folder, floors) in &layers.floors {
        let sources = paths::read_crate(root, &root.join(folder))?;
        faults.extend(floors::check(folder, floors, &sources));
    }
    for member in crates::members(root)? {
        if !layers.floors.contains_key(&member) {
            faults.push(format!("layers.toml: the floors of `{member}` are not given"));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{}", faults.join("\n"))
}
