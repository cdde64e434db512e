//! Looks a test up in the source: weaker than having run it, and enough to find a name that was misspelt.

use crate::tree;
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::Path;

/// The texts in which tests stand, by the name of their test binary.
pub struct Sources {
    rust: BTreeMap<String, String>,
    ui: BTreeMap<String, String>,
    demo: String,
}

impl Sources {
    /// Reads them.
    pub fn read(root: &Path) -> Result<Self> {
        let workspace: toml::Table = toml::from_str(&tree::read(&root.join("Cargo.toml"))?)?;
        let members = workspace.get("workspace").and_then(|section| section.get("members"));
        let mut rust = BTreeMap::new();
        for member in members.and_then(toml::Value::as_array).into_iter().flatten() {
            let folder = root.join(member.as_str().unwrap_or_default());
            let manifest: toml::Table = toml::from_str(&tree::read(&folder.join("Cargo.toml"))?)?;
            for name in binaries(&folder, &manifest)? {
                rust.insert(name, all(&folder, &[".rs"])?);
            }
        }
        let mut tests = BTreeMap::new();
        for folder in
            ["ui/src", "ui/tests"].map(|folder| root.join(folder)).iter().filter(|folder| folder.is_dir())
        {
            let seen_from = if folder.ends_with("src") { folder } else { &root.join("ui") };
            for path in tree::files(folder, &[".test.ts"])? {
                tests.insert(tree::shown(seen_from, &path), tree::read(&path)?);
            }
        }
        Ok(Self { rust, ui: tests, demo: all(&root.join("demo/src"), &[".rs"])? })
    }

    /// Whether a test of this name is there.
    pub fn has(&self, test: &str) -> bool {
        if let Some(step) = test.strip_prefix("demo: ") {
            return self.demo.contains(&format!("\"{step}\""));
        }
        if let Some(name) = test.strip_prefix("pictures: ") {
            // A picture is called by its view, its size and its theme, each of which stands in the list of views.
            return name.split(" › ").all(|word| self.demo.contains(&format!("\"{word}\"")));
        }
        if let Some(name) = test.strip_prefix("ui: ") {
            let mut words = name.split(" › ");
            let text = words.next().and_then(|file| self.ui.get(file));
            return text.is_some_and(|text| words.all(|word| text.contains(word)));
        }
        let binary = test.split("::").next().unwrap_or_default();
        let function = test.rsplit("::").next().unwrap_or_default();
        self.rust.get(binary).is_some_and(|text| text.contains(&format!("fn {function}(")))
    }
}

/// The names that cargo gives to the test binaries of a package.
fn binaries(folder: &Path, manifest: &toml::Table) -> Result<Vec<String>> {
    let name = |table: &toml::Value| table.get("name").and_then(toml::Value::as_str).map(str::to_owned);
    let mut found: Vec<String> = ["package", "lib"]
        .iter()
        .filter_map(|section| manifest.get(*section).and_then(&name))
        .map(|name| name.replace('-', "_"))
        .collect();
    for section in ["test", "bin"] {
        let listed = manifest.get(section).and_then(toml::Value::as_array).into_iter().flatten();
        found.extend(listed.filter_map(&name).map(|name| name.replace('-', "_")));
    }
    let tests = folder.join("tests");
    for path in if tests.is_dir() { tree::files(&tests, &[".rs"])? } else { Vec::new() } {
        found.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    Ok(found)
}

fn all(folder: &Path, endings: &[&str]) -> Result<String> {
    let mut text = String::new();
    for path in tree::files(folder, endings)? {
        text.push_str(&tree::read(&path)?);
    }
    Ok(text)
}
