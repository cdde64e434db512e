//! PostgreSQL's own programs for backups: `pg_dump` and `pg_restore`. The password goes to them by the environment, where
//! no list of processes shows it.

use anyhow::{Context, ensure};
use std::path::Path;
use std::process::Command;
use tokio_postgres::config::Host;
use tokio_postgres::{Config, NoTls};

/// Dumps the database into a new file.
pub(super) async fn dump(url: &str, file: &Path) -> anyhow::Result<()> {
    ensure!(!file.exists(), "{} is there already", file.display());
    let mut command = program("pg_dump", url)?;
    command.arg("--format=custom").arg("--file").arg(file);
    run(command, "pg_dump").await
}

/// Puts a dump into the database: an empty one, unless what is there may go.
pub(super) async fn restore(url: &str, file: &Path, force: bool) -> anyhow::Result<()> {
    let tables = tables(url).await?;
    ensure!(force || tables == 0, "the database is not empty: --force drops what is there");
    let mut command = program("pg_restore", url)?;
    command.args(["--no-owner", "--exit-on-error", "--single-transaction"]);
    if tables > 0 {
        command.args(["--clean", "--if-exists"]);
    }
    let database = read(url)?.get_dbname().context("the address names no database")?.to_owned();
    command.arg("--dbname").arg(database).arg(file);
    run(command, "pg_restore").await
}

async fn run(mut command: Command, name: &'static str) -> anyhow::Result<()> {
    let output = tokio::task::spawn_blocking(move || command.output()).await?;
    let output = output.with_context(|| format!("{name} of PostgreSQL is needed, and cannot be started"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name}: {}", told.trim());
    Ok(())
}

fn read(url: &str) -> anyhow::Result<Config> {
    // The error would quote it.
    url.parse().map_err(|_| anyhow::anyhow!("the PostgreSQL address cannot be read"))
}

fn program(name: &str, url: &str) -> anyhow::Result<Command> {
    let config = read(url)?;
    let mut command = Command::new(name);
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => drop(command.env("PGHOST", host)),
        #[cfg(unix)]
        Some(Host::Unix(folder)) => drop(command.env("PGHOST", folder)),
        _ => {}
    }
    if let Some(port) = config.get_ports().first() {
        command.env("PGPORT", port.to_string());
    }
    if let Some(user) = config.get_user() {
        command.env("PGUSER", user);
    }
    if let Some(database) = config.get_dbname() {
        command.env("PGDATABASE", database);
    }
    if let Some(password) = config.get_password() {
        command.env("PGPASSWORD", String::from_utf8_lossy(password).as_ref());
    }
    Ok(command)
}

/// How many tables the database has.
async fn tables(url: &str) -> anyhow::Result<i64> {
    let (client, connection) = read(url)?.connect(NoTls).await?;
    let asked = client.query_one(
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()",
        &[],
    );
    tokio::select! {
        biased;
        row = asked => Ok(row?.try_get(0)?),
        ended = connection => {
            ended?;
            anyhow::bail!("the connection to PostgreSQL ended")
        }
    }
}
