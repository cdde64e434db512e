//! `tripchat-server reset-code`.

use crate::accounts::NewCode;
use crate::config::DEFAULT_TENANT;
use crate::store::Store;
use anyhow::Context as _;
use std::io::Write;
use tripchat_runtime::Sources;

#[derive(Debug, clap::Args)]
pub(super) struct Who {
    /// Their e-mail.
    email: String,
    /// Their tenant.
    #[arg(long, default_value = DEFAULT_TENANT)]
    tenant: String,
}

pub(super) async fn run(who: Who, store: &Store) -> anyhow::Result<()> {
    let email = who.email.trim().to_lowercase();
    let job = NewCode { tenant: who.tenant, email, random: Sources::system().bytes() };
    let code = store.write(job).await?.context("nobody signs in with this e-mail and a password")?;
    writeln!(std::io::stdout(), "{code}")?;
    Ok(())
}
