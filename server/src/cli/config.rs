//! `tripchat-server config`.

use super::Place;
use clap::Subcommand;
use std::io::Write;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check all settings, and show what they are and where they stand. Secrets are not shown.
    Check,
}

pub(super) fn check(place: Place) -> anyhow::Result<()> {
    let loaded = place.loaded()?;
    let origins = loaded.origins.clone();
    let config = loaded.check()?;
    let mut out = std::io::stdout();
    write!(out, "{}", config.shown()?)?;
    for (key, origin) in origins {
        writeln!(out, "# {key}: from {origin}")?;
    }
    Ok(())
}
