//! The rules of the wire and their tests, as `docs/protocol.md` lists them: `- **2.4** the rule` in the sections, and
//! `- **2.4** \`test\`, \`test\`` in section 10.

use super::Claim;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};

/// Where the list of tests begins.
const LIST: &str = "\n## 10. ";

/// The numbers of the rules, and what section 10 claims for each.
pub fn read(document: &str) -> Result<(BTreeSet<String>, BTreeMap<String, Claim>)> {
    let (rules, list) = document.split_once(LIST).context("docs/protocol.md has no section 10")?;
    let known = entries(rules).into_keys().collect();
    let claims = entries(list).into_iter().map(|(number, text)| (number, claim(&text))).collect();
    Ok((known, claims))
}

/// The items that begin with a number in bold, with their text up to the next item or empty line.
fn entries(text: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut number = None;
    for line in text.lines() {
        if let Some((bold, rest)) = line.strip_prefix("- **").and_then(|line| line.split_once("**")) {
            number = Some(bold.to_owned());
            found.entry(bold.to_owned()).or_default().push_str(rest);
        } else if line.trim().is_empty() || line.starts_with("- ") {
            number = None;
        } else if let Some(text) = number.as_ref().and_then(|number| found.get_mut(number)) {
            text.push(' ');
            text.push_str(line.trim());
        }
    }
    found.retain(|number, _| number.starts_with(|first: char| first.is_ascii_digit()));
    found
}

fn claim(text: &str) -> Claim {
    Claim { part: None, tests: text.split('`').skip(1).step_by(2).map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_their_tests_are_read() {
        let document = "# Wire\n- **2.1** One\n  socket.\n- **bold** no rule\n\n- **2.2** Two.\n\n\
                        ## 10. Which\n- **2.1** `a::b`,\n  `demo: both open, and write`\n- **2.3** none\n";
        let (known, claims) = read(document).unwrap();
        assert_eq!(known, ["2.1".to_owned(), "2.2".to_owned()].into());
        assert_eq!(claims.keys().collect::<Vec<_>>(), ["2.1", "2.3"]);
        assert_eq!(claims["2.1"].tests, ["a::b", "demo: both open, and write"]);
        assert!(claims["2.3"].tests.is_empty());
    }
}
