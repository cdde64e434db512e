//! `tripchat-server webhooks`.

use crate::config::DEFAULT_TENANT;
use crate::outbound::Bounds;
use crate::store::Store;
use crate::store::tables::webhook::{Secret, Webhook};
use crate::webhooks::{Add, Enable, List, Listed, Outcome, Remove, Rotate, Try, whsec};
use clap::Subcommand;
use std::io::Write;
use tripchat_protocol::WebhookId;
use tripchat_runtime::Sources;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add an address. Prints its id and the secret that signs, which is shown this once.
    Add {
        /// Where: https on its usual port, at a public address.
        url: String,
        /// What it is told, such as message.created or booking.*; all without it.
        #[arg(long, value_delimiter = ',')]
        events: Vec<String>,
        /// Whose it is.
        #[arg(long, default_value = DEFAULT_TENANT)]
        tenant: String,
    },
    /// Show the addresses, what waits for them, and why one is disabled.
    List,
    /// Forget an address, with all that waits for it.
    Remove {
        /// Its id.
        id: WebhookId,
    },
    /// Send to an address again that was disabled, what waits for it first.
    Enable {
        /// Its id.
        id: WebhookId,
    },
    /// Give an address another secret; the one before it signs beside it for a day.
    Rotate {
        /// Its id.
        id: WebhookId,
    },
    /// Send a signed message of the type webhook.test now, and show what became of it.
    Test {
        /// Its id.
        id: WebhookId,
    },
}

pub(super) async fn run(command: Command, store: &Store, bounds: Bounds) -> anyhow::Result<()> {
    let sources = Sources::system();
    let mut out = std::io::stdout();
    let tenant = None;
    match command {
        Command::Add { url, events, tenant } => {
            let (id, secret) = (WebhookId(sources.uuid()), fresh(&sources));
            let added = store.write(Add { tenant, url, events, id, secret, bounds }).await;
            write_secret(&mut out, &added.map_err(in_words)?)?;
        }
        Command::List => {
            for listed in store.read(List { tenant }).await? {
                writeln!(out, "{}", line(&listed))?;
            }
        }
        Command::Remove { id } => store.write(Remove { tenant, id }).await.map_err(in_words)?,
        Command::Enable { id } => store.write(Enable { tenant, id }).await.map(drop).map_err(in_words)?,
        Command::Rotate { id } => {
            let rotated = store.write(Rotate { tenant, id, secret: fresh(&sources) }).await;
            write_secret(&mut out, &rotated.map_err(in_words)?)?;
        }
        Command::Test { id } => match (Try { id, bounds, sources }).run(store).await.map_err(in_words)? {
            Outcome::Delivered => writeln!(out, "it was taken")?,
            Outcome::Gone => anyhow::bail!("it was answered with 410: nothing is wanted there"),
            Outcome::Failed(why) => anyhow::bail!("it was not taken: {why}"),
        },
    }
    Ok(())
}

fn fresh(sources: &Sources) -> Secret {
    Secret(sources.bytes::<32>().to_vec())
}

fn write_secret(out: &mut impl Write, it: &Webhook) -> std::io::Result<()> {
    writeln!(out, "{}\n{}", it.id, whsec(&it.secret))
}

fn line(Listed { webhook, waiting, failed }: &Listed) -> String {
    let Webhook { id, tenant, url, events, disabled, .. } = webhook;
    let events = if events.is_empty() { "all".into() } else { events.join(",") };
    let disabled = disabled.as_ref().map_or(String::new(), |(_, why)| format!("  disabled: {why}"));
    format!("{id}  {tenant}  {url}  {events}  {waiting} waiting, {failed} failed{disabled}")
}

/// A refusal, with what was wrong.
fn in_words(error: crate::error::Error) -> anyhow::Error {
    match (error.details(), error.code()) {
        (Some(details), _) => anyhow::anyhow!("refused: {details}"),
        (None, tripchat_protocol::ErrorCode::NotFound) => anyhow::anyhow!("there is no such webhook"),
        (None, _) => error.into(),
    }
}
