//! Finds the paths between the top-level modules of a crate. It reads tokens, not a syntax tree: a path inside a
//! macro is a path like any other, and only tokens show it.

use crate::tree;
use anyhow::{Context, Result, anyhow};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The root of the crate, as a module: what `lib.rs` and `main.rs` hold.
pub const LIB: &str = "lib";

/// A path from one top-level module to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The module that names the other.
    pub from: String,
    /// The module that is named.
    pub to: String,
    /// `file:line`.
    pub at: String,
}

/// What was found in a crate.
#[derive(Debug, Default)]
pub struct Sources {
    /// Its top-level modules, [`LIB`] included.
    pub modules: BTreeSet<String>,
    /// The paths between them.
    pub edges: Vec<Edge>,
}

/// A file of a crate.
pub struct File {
    /// The modules it is in: empty for `lib.rs` and `main.rs`.
    pub module: Vec<String>,
    /// The folders below `src` that it lies in: where `#[path]` starts from.
    pub folder: Vec<String>,
    /// How it is called in a message.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Reads every file below `src` of the crate in `folder`.
pub fn read_crate(root: &Path, folder: &Path) -> Result<Sources> {
    let src = folder.join("src");
    let mut files = Vec::new();
    for path in tree::files(&src, &[".rs"])? {
        let inside = path.strip_prefix(&src)?.with_extension("");
        let mut module: Vec<String> =
            inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let folder = module.split_last().map_or_else(Vec::new, |(_, folders)| folders.to_vec());
        let wiring = module.len() == 1 && module.iter().any(|name| name == "lib" || name == "main");
        if wiring || module.last().is_some_and(|name| name == "mod") {
            module.pop();
        }
        files.push(File { module, folder, name: tree::shown(root, &path), text: tree::read(&path)? });
    }
    read(&files)
}

/// Reads `files`, which are all files of one crate.
pub fn read(files: &[File]) -> Result<Sources> {
    let mut parsed = Vec::new();
    for file in files {
        let tokens: TokenStream =
            file.text.parse().map_err(|error| anyhow!("{}: {error}", file.name)).context("cannot be read")?;
        parsed.push((file, tokens));
    }
    let mut names = Names::default();
    for (file, tokens) in &parsed {
        collect_names(file, tokens.clone(), &mut names);
    }
    parsed.retain(|(file, _)| !names.tests.iter().any(|test| file.module.starts_with(test)));
    for (file, _) in &parsed {
        names.modules.insert(file.module.first().map_or(LIB, String::as_str).to_owned());
    }
    let mut edges = BTreeSet::new();
    for (file, tokens) in parsed {
        let mut walk = Walk { file, names: &names, module: file.module.clone(), edges: &mut edges };
        walk.tokens(tokens);
    }
    Ok(Sources { modules: names.modules, edges: edges.into_iter().collect() })
}

#[derive(Default)]
struct Names {
    modules: BTreeSet<String>,
    /// What the crate's root re-exports, with the module it comes from.
    exported: BTreeMap<String, String>,
    /// Modules in files of their own that exist only in tests.
    tests: Vec<Vec<String>>,
}

/// Notes what the root re-exports (`pub use module::Name`), and which modules are for tests only.
fn collect_names(file: &File, tokens: TokenStream, names: &mut Names) {
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        if is_punct(Some(&token), '#') {
            let test = matches!(rest.next(), Some(TokenTree::Group(group)) if is_test(&group.stream()));
            if test {
                names.tests.extend(test_module(file, &mut rest));
            }
        } else if file.module.is_empty() && is_ident(Some(&token), "use") {
            let mut words = Vec::new();
            for token in rest.by_ref().take_while(|token| !is_punct(Some(token), ';')) {
                flatten(token, &mut words);
            }
            if words.first().is_some_and(|word| word == "crate" || word == "self") {
                words.remove(0);
            }
            if let Some((module, exported)) = words.split_first() {
                for name in exported {
                    names.exported.insert(name.clone(), module.clone());
                }
            }
        }
    }
}

/// What stands behind `#[cfg(test)]`, if it is a module: `mod name`, perhaps with a `#[path = "file.rs"]`.
fn test_module(file: &File, rest: &mut Tokens) -> Option<Vec<String>> {
    let mut path = None;
    while is_punct(rest.peek(), '#') {
        rest.next();
        let attribute = rest.next().map_or_else(String::new, |attribute| attribute.to_string());
        if attribute.starts_with("[path") {
            path = attribute.split('"').nth(1).and_then(|file| file.strip_suffix(".rs")).map(str::to_owned);
        }
    }
    if !is_ident(rest.peek(), "mod") {
        return None;
    }
    rest.next();
    let Some(TokenTree::Ident(name)) = rest.next() else { return None };
    Some(match path {
        Some(path) => file.folder.iter().cloned().chain(path.split('/').map(str::to_owned)).collect(),
        None => file.module.iter().cloned().chain([name.to_string()]).collect(),
    })
}

fn flatten(token: TokenTree, words: &mut Vec<String>) {
    match token {
        TokenTree::Ident(name) => words.push(name.to_string()),
        TokenTree::Group(group) => group.stream().into_iter().for_each(|token| flatten(token, words)),
        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
    }
}

struct Walk<'a> {
    file: &'a File,
    names: &'a Names,
    module: Vec<String>,
    edges: &'a mut BTreeSet<Edge>,
}

type Tokens = std::iter::Peekable<proc_macro2::token_stream::IntoIter>;

impl Walk<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        let mut rest = tokens.into_iter().peekable();
        while let Some(token) = rest.next() {
            match token {
                TokenTree::Punct(sign) if sign.as_char() == '#' => {
                    let test =
                        matches!(rest.peek(), Some(TokenTree::Group(group)) if is_test(&group.stream()));
                    if test {
                        skip_item(&mut rest);
                    }
                }
                TokenTree::Ident(word) if word == "mod" => self.module(&mut rest),
                TokenTree::Ident(word) if word == "crate" => self.path(Vec::new(), &mut rest),
                TokenTree::Ident(word) if word == "self" => self.path(self.module.clone(), &mut rest),
                TokenTree::Ident(word) if word == "super" => {
                    let mut above = self.module.clone();
                    above.pop();
                    self.path(above, &mut rest);
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// `mod name { … }`: what is inside is one module deeper.
    fn module(&mut self, rest: &mut Tokens) {
        let Some(TokenTree::Ident(name)) = rest.peek().cloned() else { return };
        rest.next();
        if let Some(TokenTree::Group(body)) = rest.peek().cloned() {
            rest.next();
            self.module.push(name.to_string());
            self.tokens(body.stream());
            self.module.pop();
        }
    }

    /// What follows `crate`, `self` or `super`: `base` is the module that the path has reached.
    fn path(&mut self, mut base: Vec<String>, rest: &mut Tokens) {
        while is_punct(rest.peek(), ':') {
            rest.next();
            if !is_punct(rest.peek(), ':') {
                // A type follows (`self: Box<Self>`), not a path.
                return;
            }
            rest.next();
            match rest.peek().cloned() {
                Some(TokenTree::Ident(word)) if word == "super" => {
                    rest.next();
                    base.pop();
                }
                Some(TokenTree::Ident(word)) => {
                    rest.next();
                    return self.edge(&base, &word.to_string(), word.span().start().line);
                }
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    rest.next();
                    return self.group(&base, group.stream());
                }
                Some(star) => return self.edge(&base, "*", star.span().start().line),
                None => return,
            }
        }
    }

    /// `{a, b::c, super::d}`: each branch goes on from `base`.
    fn group(&mut self, base: &[String], tokens: TokenStream) {
        let mut rest = tokens.into_iter().peekable();
        let mut first = true;
        while let Some(token) = rest.next() {
            match token {
                TokenTree::Punct(sign) if sign.as_char() == ',' => first = true,
                TokenTree::Ident(word) if first && word == "super" => {
                    first = false;
                    let mut above = base.to_vec();
                    above.pop();
                    self.path(above, &mut rest);
                }
                TokenTree::Ident(word) if first && word == "self" => first = false,
                other if first => {
                    first = false;
                    let word =
                        if let TokenTree::Ident(word) = &other { word.to_string() } else { "*".into() };
                    self.edge(base, &word, other.span().start().line);
                }
                _ => {}
            }
        }
    }

    fn edge(&mut self, base: &[String], word: &str, line: usize) {
        let from = self.module.first().map_or(LIB, String::as_str);
        let to = match base.first() {
            Some(top) => top.as_str(),
            None if self.names.modules.contains(word) => word,
            None => self.names.exported.get(word).map_or(LIB, String::as_str),
        };
        if from != to {
            let at = format!("{}:{line}", self.file.name);
            self.edges.insert(Edge { from: from.into(), to: to.into(), at });
        }
    }
}

/// `[cfg(test)]`, `[cfg(all(test, unix))]`, `[test]`.
fn is_test(attribute: &TokenStream) -> bool {
    let mut tokens = attribute.clone().into_iter();
    let Some(TokenTree::Ident(name)) = tokens.next() else { return false };
    let Some(TokenTree::Group(condition)) = tokens.next() else { return name == "test" };
    let mut words = Vec::new();
    flatten(TokenTree::Group(condition), &mut words);
    name == "cfg" && words.iter().any(|word| word == "test") && !words.iter().any(|word| word == "not")
}

/// Goes on behind the item that an attribute belongs to.
fn skip_item(rest: &mut Tokens) {
    for token in rest.by_ref() {
        let body = matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        if body || is_punct(Some(&token), ';') {
            return;
        }
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn is_ident(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(files: &[(&str, &str)]) -> Vec<String> {
        let file = |(module, text): &(&str, &str)| File {
            module: module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect(),
            folder: Vec::new(),
            name: format!("{module}.rs"),
            text: (*text).to_owned(),
        };
        let files: Vec<_> = files.iter().map(file).collect();
        let found = read(&files).unwrap().edges;
        found.into_iter().map(|edge| format!("{} {} {}", edge.from, edge.to, edge.at)).collect()
    }

    #[test]
    fn a_nested_group_names_each_of_its_branches() {
        let a = "use crate::{b::{self, x::Y}, c::*};\nuse super::{d as e};";
        assert_eq!(
            edges(&[("a", a), ("b", ""), ("c", ""), ("d", "")]),
            ["a b a.rs:1", "a c a.rs:1", "a d a.rs:2"]
        );
    }

    #[test]
    fn a_path_in_an_expression_a_type_or_a_macro_counts() {
        let a = "fn f(x: &crate::b::B) {\n  crate::c::go();\n  println!(\"{}\", crate::d::D { e: super::e::E });\n}";
        let found = edges(&[("a", a), ("b", ""), ("c", ""), ("d", ""), ("e", "")]);
        assert_eq!(found, ["a b a.rs:1", "a c a.rs:2", "a d a.rs:3", "a e a.rs:3"]);
    }

    #[test]
    fn super_is_counted_from_where_it_stands() {
        let deep =
            "use super::sibling;\nuse super::super::b::B;\nmod inner { use super::super::super::c::C; }";
        assert_eq!(
            edges(&[("a::deep", deep), ("b", ""), ("c", "")]),
            ["a b a::deep.rs:2", "a c a::deep.rs:3"]
        );
    }

    #[test]
    fn a_name_that_the_root_passes_on_leads_to_its_module() {
        let lib = "pub mod b;\npub use b::{B, Other};\npub type Millis = i64;";
        let a = "use crate::Other;\nuse crate::Millis;";
        assert_eq!(edges(&[("", lib), ("a", a), ("b", "")]), ["a b a.rs:1", "a lib a.rs:2"]);
    }

    #[test]
    fn tests_may_look_anywhere() {
        let a =
            "#[cfg(test)]\nmod tests { use crate::b::B; }\n#[cfg(test)]\nuse crate::b::C;\nfn f(self: X) {}";
        let lib = "#[cfg(test)]\nmod world;\n#[cfg(test)]\n#[path = \"a_tests.rs\"]\nmod tests;";
        let up = "use crate::a::A;";
        assert_eq!(edges(&[("", lib), ("a", a), ("b", ""), ("world", up), ("a_tests", up)]), [""; 0]);
    }
}
