//! `tripchat-server keys`.

use crate::keys::{ReadKeys, Rotate};
use crate::store::Store;
use crate::tokens::{Keys, State};
use clap::Subcommand;
use std::io::Write;
use std::time::Duration;
use tripchat_protocol::Millis;
use tripchat_runtime::Sources;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make the next key: it is published at once and signs after five minutes; the one before verifies until its
    /// last token has expired.
    Rotate,
    /// Show the keys and what each is good for.
    List,
}

pub(super) async fn run(command: Command, store: &Store) -> anyhow::Result<()> {
    let sources = Sources::system();
    let keys = match command {
        Command::Rotate => store.write(Rotate { fresh: sources.bytes() }).await?,
        Command::List => Keys::new(store.read(ReadKeys).await?)?,
    };
    let mut out = std::io::stdout();
    for key in keys.all() {
        writeln!(out, "{}  {}", key.kid, words(key.state(sources.now())))?;
    }
    Ok(())
}

fn words(state: State) -> String {
    match state {
        State::Published(millis) => format!("published, signs in {}", span(millis)),
        State::Signing => "signs".into(),
        State::Verifying(millis) => format!("verifies for {} more", span(millis)),
        State::Retired => "retired".into(),
    }
}

fn span(millis: Millis) -> String {
    let seconds = Duration::from_millis(u64::try_from(millis).unwrap_or(0)).as_secs();
    format!("{} min {} s", seconds / 60, seconds % 60)
}
