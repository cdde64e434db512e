//! `tripchat-server backup`, `restore`, `verify` and `migrate`.

use super::{Place, pg_tools};
use crate::bus;
use crate::config::{Config, StoreConfig};
use crate::store::{Runner, Store, copy, damage, put_aside};
use crate::upkeep::{About, FindFaults, Ledger, ReadAbout, Restored, make_anew};
use anyhow::{Context, bail, ensure};
use std::io::Write;
use std::path::Path;
use tripchat_runtime::Sources;

/// Copies the database into a new file, beside a running server.
pub(super) async fn backup(place: Place, file: &Path) -> anyhow::Result<()> {
    match place.config()?.store() {
        StoreConfig::Sqlite { path, .. } => {
            ensure!(path.is_file(), "there is no database {}", path.display());
            copy(&path, file)?;
            no_damage(file)?;
        }
        StoreConfig::Postgres { url } => pg_tools::dump(&url, file).await?,
    }
    let bytes = std::fs::metadata(file)?.len();
    writeln!(
        std::io::stdout(),
        "{}: {bytes} bytes. It holds keys and messages: keep it safe.",
        file.display()
    )?;
    Ok(())
}

fn no_damage(file: &Path) -> anyhow::Result<()> {
    let damage = damage(file)?;
    ensure!(damage.is_empty(), "{} is damaged: {}", file.display(), damage.join("; "));
    Ok(())
}

/// Puts a backup in the place of the database. The server must not run meanwhile.
pub(super) async fn restore(place: Place, file: &Path, force: bool) -> anyhow::Result<()> {
    let config = place.config()?;
    ensure!(file.is_file(), "there is no backup {}", file.display());
    let restored = match config.store() {
        StoreConfig::Sqlite { path, .. } => restore_sqlite(&config, &path, file, force).await?,
        StoreConfig::Postgres { url } => restore_postgres(&config, &url, file, force).await?,
    };
    let Restored { streams, messages, sessions } = restored;
    let mut out = std::io::stdout();
    writeln!(out, "restored: {streams} streams have a new epoch")?;
    writeln!(
        out,
        "from the ledger: {messages} messages taken away again, {sessions} sign-ins and tokens ended again"
    )?;
    Ok(())
}

async fn restore_sqlite(config: &Config, path: &Path, file: &Path, force: bool) -> anyhow::Result<Restored> {
    no_damage(file)?;
    crate::app::make_folder(&config.data)?;
    if path.exists() {
        ensure!(force, "{} is there: --force puts it aside", path.display());
        note_the_last(config).await?;
        let aside = put_aside(path, &mark())?;
        writeln!(std::io::stdout(), "the database that was there: {}", aside.display())?;
    }
    // All is done to a copy beside: what stands at its place was restored to the end.
    let half = config.data.join("tripchat.db.restoring");
    if half.exists() {
        std::fs::remove_file(&half)?;
    }
    copy(file, &half)?;
    let place = StoreConfig::Sqlite { path: half.clone(), max_bytes: None };
    let restored = anew(&place, config).await?;
    std::fs::rename(&half, path).with_context(|| path.display().to_string())?;
    Ok(restored)
}

async fn restore_postgres(config: &Config, url: &str, file: &Path, force: bool) -> anyhow::Result<Restored> {
    if pg_tools::is_used(url).await? {
        ensure!(force, "the database is not empty: --force puts its tables aside");
        note_the_last(config).await?;
        let mark = mark();
        pg_tools::put_aside(url, &mark).await?;
        writeln!(std::io::stdout(), "the tables that were there: in the schema {mark}")?;
    }
    pg_tools::restore(url, file).await?;
    anew(&config.store(), config).await
}

/// What was taken away in its last moment belongs into the ledger; a database that is damaged beyond reading has none.
async fn note_the_last(config: &Config) -> anyhow::Result<()> {
    match open(&config.store()).await {
        Ok(store) => Ledger::open(&config.ledger())?.catch_up(&store).await?,
        Err(error) => tracing::warn!(%error, "the database that is put aside cannot be read"),
    }
    Ok(())
}

/// Names what is put aside.
fn mark() -> String {
    format!("before-restore-{}", Sources::system().now())
}

async fn anew(place: &StoreConfig, config: &Config) -> anyhow::Result<Restored> {
    let store = open(place).await?;
    let entries = Ledger::read(&config.ledger())?;
    Ok(make_anew(&store, &entries, &Sources::system()).await?)
}

async fn open(place: &StoreConfig) -> anyhow::Result<Store> {
    Ok(Store::open(place, Runner::Thread, Sources::system(), bus::local().0).await?)
}

/// Looks whether all is as it must be.
pub(super) async fn verify(place: Place) -> anyhow::Result<()> {
    let config = place.clone().config()?;
    let mut wrong = Vec::new();
    if let StoreConfig::Sqlite { path, .. } = config.store() {
        ensure!(path.is_file(), "there is no database {}", path.display());
        wrong.extend(damage(&path)?);
    }
    let faults = place.open().await?.read(FindFaults).await?;
    wrong.extend(faults.into_iter().map(|it| format!("{}: {}", it.what, it.count)));
    let mut out = std::io::stdout();
    if wrong.is_empty() {
        writeln!(out, "all is as it must be")?;
        return Ok(());
    }
    for line in &wrong {
        writeln!(out, "{line}")?;
    }
    bail!("{} things are not as they must be", wrong.len())
}

/// Brings the tables up to date, as a start of the server would.
pub(super) async fn migrate(place: Place) -> anyhow::Result<()> {
    let About { version, .. } = place.open().await?.read(ReadAbout).await?;
    writeln!(std::io::stdout(), "the database has version {version}")?;
    Ok(())
}
