//! Where settings come from: a file in TOML, then the environment, then the command line. Whatever is wrong is told with
//! the place where it stands, and no value of a secret.

use super::Config;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// What settings in the environment begin with; `__` stands for the dot: `TRIPCHAT_ADMIN__LISTEN` is `admin.listen`.
const PREFIX: &str = "TRIPCHAT_";
/// Variables with that beginning which are no settings of the server.
const OTHERS: [&str; 9] =
    ["CONFIG", "LOG", "BLESS", "PASSWORD", "SERVER", "WINDOW", "DATA_DIR", "DEMO", "ROAD"];
/// And those of the tests.
const OF_TESTS: [&str; 3] = ["TEST_", "REQUIRE_", "CRASH_"];

/// Where a setting stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In the file.
    File(PathBuf),
    /// In this variable of the environment.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "the environment, {name}"),
        }
    }
}

/// Settings, and where those stand that are not as they come.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// By name, such as `admin.listen`.
    pub origins: BTreeMap<String, Origin>,
}

impl Loaded {
    /// Reads `file`, if there is one, and then what of `environment` is meant for the server.
    ///
    /// # Errors
    /// If something is unknown or of a wrong type: says what and where.
    pub fn read(file: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let (mut table, mut loaded) = (Table::new(), Self::default());
        if let Some(path) = file {
            table = loaded.read_file(path)?;
        }
        let mut variables: Vec<(String, String)> = environment.filter(|(name, _)| is_ours(name)).collect();
        variables.sort();
        for (name, text) in variables {
            loaded.config = overlay(&mut table, &name, &text)?;
            loaded.origins.insert(key_of(&name).join("."), Origin::Variable(name));
        }
        Ok(loaded)
    }

    fn read_file(&mut self, path: &Path) -> Result<Table> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
        let wrong = |error: &toml::de::Error| {
            // The error would quote the line, which may hold a password.
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
            let line = before.lines().count().max(1);
            Error::internal(format!("{}, line {line}: {}", path.display(), error.message()))
        };
        self.config = toml::from_str(&text).map_err(|error| wrong(&error))?;
        let table: Table = toml::from_str(&text).map_err(|error| wrong(&error))?;
        for key in keys(&table) {
            self.origins.insert(key, Origin::File(path.into()));
        }
        Ok(table)
    }

    /// Checks the bounds.
    ///
    /// # Errors
    /// Names the value that is out of them, and where it stands.
    pub fn check(self) -> Result<Config> {
        let Self { config, origins } = self;
        config.check().map_err(|error| {
            let Error::Internal(words) = &error else { return error };
            let key = words.split([' ', ':']).next().unwrap_or("");
            match origins.get(key) {
                Some(origin) => Error::internal(format!("{words} (from {origin})")),
                None => error,
            }
        })
    }
}

fn is_ours(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    !OTHERS.contains(&rest) && !OF_TESTS.iter().any(|it| rest.starts_with(it))
}

fn key_of(name: &str) -> Vec<String> {
    let rest = name.strip_prefix(PREFIX).unwrap_or(name).to_ascii_lowercase();
    rest.split("__").map(str::to_owned).collect()
}

/// Puts the variable into `table`: as TOML has it, or as a text.
fn overlay(table: &mut Table, name: &str, text: &str) -> Result<Config> {
    let as_toml =
        toml::from_str::<Table>(&format!("value = {text}")).ok().and_then(|mut it| it.remove("value"));
    let mut refused = String::new();
    for value in as_toml.into_iter().chain([Value::String(text.into())]) {
        let mut with = table.clone();
        if !put(&mut with, &key_of(name), value) {
            return Err(Error::internal(format!("{name} is no setting")));
        }
        match with.clone().try_into::<Config>() {
            Ok(config) => {
                *table = with;
                return Ok(config);
            }
            Err(error) if refused.is_empty() => refused = error.message().to_owned(),
            Err(_) => {}
        }
    }
    Err(Error::internal(format!("{name}: {refused}")))
}

/// Puts `value` at `key`; false if something else than a table is on the way.
fn put(table: &mut Table, key: &[String], value: Value) -> bool {
    match key {
        [] => false,
        [last] => {
            table.insert(last.clone(), value);
            true
        }
        [first, rest @ ..] => {
            let inner = table.entry(first.clone()).or_insert_with(|| Value::Table(Table::new()));
            inner.as_table_mut().is_some_and(|inner| put(inner, rest, value))
        }
    }
}

/// The names of all values, with dots.
fn keys(table: &Table) -> Vec<String> {
    let mut all = Vec::new();
    for (key, value) in table {
        match value {
            Value::Table(inner) => all.extend(keys(inner).into_iter().map(|it| format!("{key}.{it}"))),
            _ => all.push(key.clone()),
        }
    }
    all
}
