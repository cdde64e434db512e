//! A PostgreSQL of the tests' own.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub use elsewhere::Postgres;
#[cfg(unix)]
pub use unix::Postgres;

use crate::say::say;
use anyhow::{Result, bail};

/// One for a run of tests: none, and said so, where it cannot be started; in CI that is an error.
pub fn for_tests() -> Result<Option<Postgres>> {
    match Postgres::start() {
        Ok(postgres) => Ok(Some(postgres)),
        Err(error) if std::env::var_os("CI").is_some() => bail!("PostgreSQL is needed here: {error:#}"),
        Err(error) => {
            say(&format!("SKIPPED: the tests on PostgreSQL: {error:#}"));
            Ok(None)
        }
    }
}

impl Postgres {
    /// How the tests find it, and that they must.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        [("TRIPCHAT_TEST_POSTGRES", self.parameters()), ("TRIPCHAT_REQUIRE_POSTGRES", "1".into())]
    }
}
