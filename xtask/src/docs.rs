//! The documents are true: links lead somewhere, the README begins with what one types, the licence and the list
//! of changes are there.

use crate::tree;
use anyhow::{Result, ensure};
use std::path::Path;

/// What a newcomer types, and nothing before it.
const COMMANDS: [&str; 2] = ["cargo xtask demo", "cargo xtask test"];

/// Checks every document of the project.
pub fn check(root: &Path) -> Result<()> {
    let mut faults = Vec::new();
    for path in tree::files(root, &[".md"])? {
        let text = tree::read(&path)?;
        let folder = path.parent().unwrap_or(root);
        for (line, target) in links(&text) {
            if !folder.join(&target).exists() {
                faults.push(format!("{}:{line}: nothing at {target}", tree::shown(root, &path)));
            }
        }
    }
    for name in
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "docs/protocol.md"]
    {
        if !root.join(name).is_file() {
            faults.push(format!("{name} is missing"));
        }
    }
    let readme = root.join("README.md");
    if readme.is_file() && !begins_with_commands(&tree::read(&readme)?) {
        faults.push(format!("README.md: the first block of code is not `{}`", COMMANDS.join("`, `")));
    }
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// The relative targets of a document's links, without their anchors, each with its line.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut code = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        for piece in line.split("](").skip(1) {
            let target = piece.split([')', ' ', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:") {
                found.push((number + 1, target.to_owned()));
            }
        }
    }
    found
}

/// Whether the first block of code holds both commands.
fn begins_with_commands(readme: &str) -> bool {
    let block = readme.split("```").nth(1).unwrap_or_default();
    COMMANDS.iter().all(|command| block.lines().any(|line| line.trim_start().starts_with(command)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_into_the_project_are_looked_up() {
        let text = "[a](docs/a.md#part) ![b](b.png \"title\") [c](https://c.example) [d](#here)\n```\n[e](e)\n```\n[f](f)";
        assert_eq!(links(text), [(1, "docs/a.md".into()), (1, "b.png".into()), (5, "f".into())]);
    }

    #[test]
    fn the_readme_begins_with_what_one_types() {
        assert!(begins_with_commands("# T\n```sh\ncargo xtask demo   # windows\ncargo xtask test\n```"));
        assert!(!begins_with_commands(
            "# T\n```sh\ncargo build\n```\n```sh\ncargo xtask demo\ncargo xtask test\n```"
        ));
    }
}
