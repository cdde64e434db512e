//! Where there are no Unix sockets the tests do not start a PostgreSQL; they say that they were skipped.

use anyhow::{Result, bail};

/// Cannot be made here.
pub enum Postgres {}

impl Postgres {
    /// Always refuses.
    pub fn start() -> Result<Self> {
        bail!("it is started by the tests on Unix only")
    }

    /// What the tests connect to.
    pub fn parameters(&self) -> String {
        match *self {}
    }
}
