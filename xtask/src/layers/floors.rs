//! Judges the paths of one crate by its floors.

use super::paths::{Edge, LIB, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong, one sentence each.
pub fn check(folder: &str, floors: &[String], sources: &Sources) -> Vec<String> {
    let mut faults = Vec::new();
    let mut floor_of = BTreeMap::new();
    for (depth, floor) in floors.iter().enumerate() {
        for module in floor.split_whitespace() {
            if floor_of.insert(module, depth).is_some() {
                faults.push(format!("layers.toml: `{module}` of `{folder}` stands on two floors"));
            }
            if !sources.modules.contains(module) {
                faults.push(format!("layers.toml: `{folder}` has no module `{module}`"));
            }
        }
    }
    for module in &sources.modules {
        if !floor_of.contains_key(module.as_str()) {
            faults.push(format!("layers.toml: module `{module}` of `{folder}` stands on no floor"));
        }
    }
    let mut sideways: BTreeMap<&str, Vec<&Edge>> = BTreeMap::new();
    for edge in &sources.edges {
        let (Some(from), Some(to)) = (floor_of.get(edge.from.as_str()), floor_of.get(edge.to.as_str()))
        else {
            continue;
        };
        // The root passes names on, wherever it stands; what it defines itself has a floor like the rest.
        if to < from && edge.from != LIB {
            faults.push(format!("{}: `{}` reaches up to `{}`", edge.at, edge.from, edge.to));
        } else if to == from {
            sideways.entry(&edge.from).or_default().push(edge);
        }
    }
    faults.extend(circles(&sideways));
    faults
}

/// Circles among modules that share a floor; each is told once.
fn circles(edges: &BTreeMap<&str, Vec<&Edge>>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut done = BTreeSet::new();
    for start in edges.keys() {
        visit(start, edges, &mut Vec::new(), &mut done, &mut faults);
    }
    faults
}

fn visit<'a>(
    module: &'a str,
    edges: &BTreeMap<&'a str, Vec<&'a Edge>>,
    way: &mut Vec<&'a Edge>,
    done: &mut BTreeSet<&'a str>,
    faults: &mut Vec<String>,
) {
    if done.contains(module) {
        return;
    }
    for edge in edges.get(module).into_iter().flatten() {
        way.push(edge);
        if let Some(from) = way.iter().position(|step| step.from == edge.to) {
            let circle: Vec<_> = way
                .iter()
                .skip(from)
                .map(|step| format!("{}: `{}` → `{}`", step.at, step.from, step.to))
                .collect();
            faults.push(format!("a circle: {}", circle.join(", ")));
        } else {
            visit(&edge.to, edges, way, done, faults);
        }
        way.pop();
    }
    done.insert(module);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(floors: &[&str], edges: &[(&str, &str)]) -> Vec<String> {
        let floors: Vec<_> = floors.iter().map(|floor| (*floor).to_owned()).collect();
        let modules = floors.iter().flat_map(|floor| floor.split_whitespace()).map(str::to_owned).collect();
        let edge = |(from, to): &(&str, &str)| Edge {
            from: (*from).into(),
            to: (*to).into(),
            at: format!("{from}.rs:1"),
        };
        check("core", &floors, &Sources { modules, edges: edges.iter().map(edge).collect() })
    }

    #[test]
    fn down_is_allowed_and_up_is_not() {
        let floors = ["client", "session sync", "cache"];
        assert!(judge(&floors, &[("client", "cache"), ("sync", "cache"), ("session", "sync")]).is_empty());
        assert_eq!(judge(&floors, &[("cache", "client")]), ["cache.rs:1: `cache` reaches up to `client`"]);
    }

    #[test]
    fn a_circle_on_one_floor_is_told_with_its_steps() {
        let faults = judge(&["a b c"], &[("a", "b"), ("b", "c"), ("c", "a")]);
        assert_eq!(faults, ["a circle: a.rs:1: `a` → `b`, b.rs:1: `b` → `c`, c.rs:1: `c` → `a`"]);
    }

    #[test]
    fn every_module_has_one_floor() {
        let sources = Sources { modules: ["new".to_owned()].into(), edges: Vec::new() };
        let faults = check("core", &["old".to_owned()], &sources);
        assert_eq!(
            faults,
            [
                "layers.toml: `core` has no module `old`",
                "layers.toml: module `new` of `core` stands on no floor",
            ]
        );
    }
}
