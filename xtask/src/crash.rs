//! Kills real servers and apps, as often as one likes; `cargo xtask test` does the same a few times.

use crate::process::{cargo, run as run_command};
use crate::{packages, postgres};
use anyhow::Result;
use clap::ValueEnum;
use std::path::Path;

/// Who is killed.
#[derive(Clone, Copy, ValueEnum)]
pub enum Who {
    /// The server, on SQLite
    Sqlite,
    /// The server, on PostgreSQL
    Postgresql,
    /// The app's core
    Client,
}

/// What was asked for.
pub struct Wish {
    /// How often each of them is killed.
    pub kills: u32,
    /// Names the random numbers; without one the run draws it, and prints it.
    pub seed: Option<u64>,
    /// One of them alone.
    pub only: Option<Who>,
}

/// `cargo xtask crash`.
pub fn run(root: &Path, wish: &Wish) -> Result<bool> {
    packages::ensure()?;
    let postgres = postgres::for_tests()?;
    let mut command = cargo(&["test", "--locked", "-p", "tripchat-tests", "--test", "crash", "--"], root);
    command.args(["--test-threads", "1"]);
    command.args(match wish.only {
        None => &["server_kills", "client_kills"][..],
        Some(Who::Sqlite) => &["on_sqlite"],
        Some(Who::Postgresql) => &["on_postgresql"],
        Some(Who::Client) => &["client_kills"],
    });
    command.env("TRIPCHAT_CRASH_KILLS", wish.kills.to_string());
    if let Some(seed) = wish.seed {
        command.env("TRIPCHAT_CRASH_SEED", seed.to_string());
    }
    if let Some(postgres) = &postgres {
        command.envs(postgres.environment());
    }
    run_command(&mut command)?;
    Ok(true)
}
