//! `acceptance.toml` says which tests prove which number of `docs/acceptance.md`, and section 10 of
//! `docs/protocol.md` which hold which rule of the wire. A number that is claimed has tests; a test that is named
//! has run; a rule of the wire has a claim.

mod rules;
mod source;

use crate::tree;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const RECORD: &str = "target/acceptance/ran.json";

/// What stands under one number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    /// What of it is there, where it is not the whole of it.
    part: Option<String>,
    /// The tests that prove it.
    tests: Vec<String>,
}

/// Checks the numbers, and that each test that is named exists in the source.
pub fn check_source(root: &Path) -> Result<()> {
    let sources = source::Sources::read(root)?;
    judge_all(root, "is not in the source", |test| sources.has(test))
}

/// Checks the numbers, and that each test that is named ran and passed.
pub fn check_ran(root: &Path, passed: &BTreeSet<String>) -> Result<()> {
    record(root, passed)?;
    judge_all(root, "did not run and pass", |test| passed.contains(test))
}

fn judge_all(root: &Path, fault: &str, proved: impl Fn(&str) -> bool) -> Result<()> {
    let mut faults = judge(&known(root)?, &claims(root)?, fault, &proved)
        .iter()
        .map(|fault| format!("acceptance.toml: {fault}"))
        .collect::<Vec<_>>();
    let (rules, held) = rules::read(&tree::read(&root.join("docs/protocol.md"))?)?;
    let bare =
        rules.iter().filter(|rule| !held.contains_key(*rule)).map(|rule| format!("{rule} has no test"));
    let claimed = judge(&rules, &held, fault, &proved);
    faults.extend(bare.chain(claimed).map(|fault| format!("docs/protocol.md: {fault}")));
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// Keeps the names of what ran, so that a person can look up how a test is called.
fn record(root: &Path, passed: &BTreeSet<String>) -> Result<()> {
    let path = root.join(RECORD);
    fs::create_dir_all(path.parent().context("the record has a folder")?)?;
    fs::write(path, serde_json::to_string_pretty(passed)?)?;
    Ok(())
}

fn claims(root: &Path) -> Result<BTreeMap<String, Claim>> {
    toml::from_str(&tree::read(&root.join("acceptance.toml"))?).context("acceptance.toml")
}

fn known(root: &Path) -> Result<BTreeSet<String>> {
    Ok(numbers(&tree::read(&root.join("docs/acceptance.md"))?))
}

/// `4.2` of each line `- 4.2 …`.
fn numbers(list: &str) -> BTreeSet<String> {
    let number = |line: &str| {
        let word = line.strip_prefix("- ")?.split_whitespace().next()?.to_owned();
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        word.split_once('.').is_some_and(|(group, line)| digits(group) && digits(line)).then_some(word)
    };
    list.lines().filter_map(number).collect()
}

fn judge(
    known: &BTreeSet<String>,
    claims: &BTreeMap<String, Claim>,
    fault: &str,
    proved: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, claim) in claims {
        if !known.contains(number) {
            faults.push(format!("{number} is not a number of the list"));
        }
        if claim.tests.is_empty() {
            faults.push(format!("{number} has no test"));
        }
        if claim.part.as_ref().is_some_and(|part| part.trim().is_empty()) {
            faults.push(format!("{number} does not say which part of it is there"));
        }
        let missing = claim.tests.iter().filter(|test| !proved(test));
        faults.extend(missing.map(|test| format!("{number}: `{test}` {fault}")));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_the_list_only() {
        let list = "# List\n- 4.2 Optimistic\n- 10.1 Health\n- not 3.1\nsee 5.5\n- 7 whole";
        assert_eq!(numbers(list), ["10.1".to_owned(), "4.2".to_owned()].into());
    }

    #[test]
    fn a_claim_needs_a_known_number_and_a_test_that_ran() {
        let claims: BTreeMap<String, Claim> =
            toml::from_str("[\"4.2\"]\ntests = [\"a::b\", \"a::c\"]\n[\"9.9\"]\npart = \" \"\ntests = []")
                .unwrap();
        let fault = judge(&["4.2".to_owned()].into(), &claims, "did not run", |test| test == "a::b");
        let fault = fault.join("\n");
        for part in [
            "4.2: `a::c` did not run",
            "9.9 is not a number",
            "9.9 has no test",
            "9.9 does not say which part",
        ] {
            assert!(fault.contains(part), "{part} is missing in {fault}");
        }
        assert!(!fault.contains("a::b"));
    }
}
