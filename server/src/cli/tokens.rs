//! `tripchat-server tokens`.

use crate::config::{DEFAULT_TENANT, is_tenant};
use crate::error::Result;
use crate::store::tables::service_token::{self, NewServiceToken, Stored};
use crate::store::tables::users::{self, NewUser};
use crate::store::{Job, Store, Tx};
use crate::tokens::{Scope, ServiceToken};
use clap::Subcommand;
use std::collections::BTreeSet;
use std::io::Write;
use tripchat_protocol::limits::NAME_CHARS;
use tripchat_protocol::{Millis, UserId};
use tripchat_runtime::Sources;
use uuid::Uuid;

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a token and print it, this once.
    Create {
        /// Whose it is, in your words; people see it in the list of their sessions.
        #[arg(long)]
        name: String,
        /// What it is for, with commas between: people:write, trips:read, trips:write, bookings:write, rooms:read,
        /// messages:system, webhooks:write.
        #[arg(long, value_delimiter = ',', required = true)]
        scope: Vec<Scope>,
        /// For how many days it is taken.
        #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=730))]
        days: u16,
        /// Whose people and trips these are, where one server has several platforms' apart.
        #[arg(long, default_value = DEFAULT_TENANT)]
        tenant: String,
    },
    /// Show the tokens that there are and were; not what they are.
    List,
    /// Revoke a token for ever. People whom it signed in stay so.
    Revoke {
        /// Its id, as the list shows it.
        id: Uuid,
    },
}

pub(super) async fn run(command: Command, store: &Store) -> anyhow::Result<()> {
    let sources = Sources::system();
    let mut out = std::io::stdout();
    match command {
        Command::Create { name, scope, days, tenant } => {
            let length = name.chars().count();
            let clean = (1..=NAME_CHARS).contains(&length) && !name.chars().any(char::is_control);
            anyhow::ensure!(clean, "a name has 1 to {NAME_CHARS} characters");
            anyhow::ensure!(is_tenant(&tenant), "a tenant has small letters, digits and hyphens, at most 40");
            let token = ServiceToken::new(&sources);
            let words: Vec<&str> = BTreeSet::from_iter(scope).into_iter().map(Scope::word).collect();
            let (id, hash, days) = (UserId(token.id), token.hash(), days.into());
            store.write(Create { id, tenant, name, scopes: words.join(" "), hash, days }).await?;
            writeln!(out, "{}", token.text())?;
        }
        Command::List => {
            for token in store.read(List).await? {
                let Stored { id, tenant, name, scopes, .. } = &token;
                let (state, used) = (state(&token, sources.now()), used(&token, sources.now()));
                writeln!(out, "{id}  {state}  {used}  {tenant}  {scopes}  {name}")?;
            }
        }
        Command::Revoke { id } => {
            anyhow::ensure!(store.write(Revoke { id }).await?, "there is no token {id} that was not revoked");
        }
    }
    Ok(())
}

fn state(token: &Stored, now: Millis) -> String {
    match token.expires_at.saturating_sub(now) {
        _ if token.revoked_at.is_some() => "revoked".into(),
        ..=0 => "expired".into(),
        left => format!("stands for {} days", (left + DAY - 1) / DAY),
    }
}

fn used(token: &Stored, now: Millis) -> String {
    match token.last_used_at.map(|at| now.saturating_sub(at)) {
        None => "never used".into(),
        Some(ago @ ..DAY) => format!("used {} min ago", ago.max(0) / MINUTE),
        Some(ago) => format!("used {} days ago", ago / DAY),
    }
}

struct Create {
    id: UserId,
    tenant: String,
    name: String,
    scopes: String,
    hash: [u8; 32],
    days: Millis,
}

impl Job for Create {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        let Self { id, tenant, name, scopes, hash, days } = self;
        let (id, secret_hash, expires_at) = (*id, *hash, tx.now() + days * DAY);
        // Nobody signs in as it; what it does in rooms is somebody's.
        users::insert(tx, &NewUser { id, tenant, email: None, name, password_hash: None }).await?;
        service_token::insert(tx, &NewServiceToken { id, tenant, name, scopes, secret_hash, expires_at })
            .await
    }
}

struct List;

impl Job for List {
    type Out = Vec<Stored>;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Stored>> {
        service_token::all(tx).await
    }
}

struct Revoke {
    id: Uuid,
}

impl Job for Revoke {
    type Out = bool;

    async fn run(&self, tx: &mut Tx) -> Result<bool> {
        service_token::revoke(tx, self.id).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_says_whether_it_stands_and_when_it_was_used() {
        let token = |expires_at, last_used_at, revoked_at| Stored {
            id: Uuid::nil(),
            tenant: DEFAULT_TENANT.into(),
            name: "Lugar".into(),
            scopes: "trips:read".into(),
            secret_hash: Vec::new(),
            expires_at,
            last_used_at,
            revoked_at,
        };
        for (token, then, when) in [
            (token(10 * DAY, None, None), "stands for 10 days", "never used"),
            (token(DAY / 2, Some(-90 * MINUTE), None), "stands for 1 days", "used 90 min ago"),
            (token(0, Some(-3 * DAY), None), "expired", "used 3 days ago"),
            (token(DAY, Some(MINUTE), Some(0)), "revoked", "used 0 min ago"),
        ] {
            assert_eq!((state(&token, 0).as_str(), used(&token, 0).as_str()), (then, when));
        }
    }
}
