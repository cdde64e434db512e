//! The order of the crates, read from their manifests; dependencies of tests count like all others.

use crate::tree;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// The folders of the workspace's crates.
pub fn members(root: &Path) -> Result<Vec<String>> {
    let manifest: toml::Table = toml::from_str(&tree::read(&root.join("Cargo.toml"))?)?;
    let members = manifest.get("workspace").and_then(|workspace| workspace.get("members"));
    let members = members.and_then(toml::Value::as_array).context("the workspace has no members")?;
    Ok(members.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
}

/// What is wrong, one sentence each.
pub fn check(root: &Path, floors: &[String]) -> Result<Vec<String>> {
    let mut manifests = BTreeMap::new();
    for member in members(root)? {
        let manifest: toml::Table = toml::from_str(&tree::read(&root.join(&member).join("Cargo.toml"))?)?;
        manifests.insert(member, manifest);
    }
    Ok(judge(&manifests, floors))
}

fn judge(manifests: &BTreeMap<String, toml::Table>, floors: &[String]) -> Vec<String> {
    let floor =
        |folder: &str| floors.iter().position(|floor| floor.split_whitespace().any(|name| name == folder));
    let folder_of: BTreeMap<&str, &str> = manifests
        .iter()
        .filter_map(|(folder, manifest)| {
            Some((manifest.get("package")?.get("name")?.as_str()?, folder.as_str()))
        })
        .collect();
    let mut faults = Vec::new();
    for (folder, manifest) in manifests {
        let Some(from) = floor(folder) else {
            faults.push(format!("layers.toml: the crate `{folder}` stands on no floor"));
            continue;
        };
        for dependency in dependencies(manifest) {
            let Some(target) = folder_of.get(dependency) else { continue };
            if floor(target).is_some_and(|to| to <= from) {
                faults.push(format!("{folder}/Cargo.toml: `{folder}` does not stand above `{target}`"));
            }
        }
    }
    faults
}

fn dependencies(manifest: &toml::Table) -> Vec<&str> {
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| manifest.get(*section)?.as_table())
        .flat_map(|section| section.keys())
        .map(String::as_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_and_core_never_know_each_other() {
        let manifest = |name: &str, on: &str| {
            toml::from_str(&format!(
                "[package]\nname = \"tripchat-{name}\"\n[dev-dependencies]\n{on} = \"1\""
            ))
            .unwrap()
        };
        let crates = |core: &str| {
            BTreeMap::from([
                ("core".to_owned(), manifest("core", core)),
                ("server".to_owned(), manifest("server", "serde")),
                ("protocol".to_owned(), manifest("protocol", "serde")),
            ])
        };
        let floors = ["core server".to_owned(), "protocol".to_owned()];
        assert!(judge(&crates("tripchat-protocol"), &floors).is_empty());
        assert_eq!(
            judge(&crates("tripchat-server"), &floors),
            ["core/Cargo.toml: `core` does not stand above `server`"]
        );
    }
}
