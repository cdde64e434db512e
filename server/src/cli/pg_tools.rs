//! PostgreSQL's own programs for backups: `pg_dump` and `pg_restore`. The password goes to them by the environment, where
//! no list of processes shows it.

use anyhow::{Context, ensure};
use std::path::Path;
use std::process::Command;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};
use tripchat_runtime::Tasks;

/// Dumps the database into a new file.
pub(super) async fn dump(url: &str, file: &Path) -> anyhow::Result<()> {
    ensure!(!file.exists(), "{} is there already", file.display());
    let mut command = program("pg_dump", url)?;
    command.arg("--format=custom").arg("--file").arg(file);
    run(command, "pg_dump").await
}

/// Puts a dump into the database, which is empty.
pub(super) async fn restore(url: &str, file: &Path) -> anyhow::Result<()> {
    let mut command = program("pg_restore", url)?;
    command.args(["--no-owner", "--exit-on-error", "--single-transaction"]);
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

/// Whether there are tables in the database.
pub(super) async fn is_used(url: &str) -> anyhow::Result<bool> {
    let (client, _connection) = connect(url).await?;
    let sql = "SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = 'public')";
    Ok(client.query_one(sql, &[]).await?.try_get(0)?)
}

/// Puts the tables that are there aside, in a schema of this name: nothing is lost.
pub(super) async fn put_aside(url: &str, name: &str) -> anyhow::Result<()> {
    let (client, _connection) = connect(url).await?;
    let sql = format!("BEGIN; ALTER SCHEMA public RENAME TO \"{name}\"; CREATE SCHEMA public; COMMIT");
    Ok(client.batch_execute(&sql).await?)
}

async fn connect(url: &str) -> anyhow::Result<(Client, Tasks)> {
    let (client, connection) = read(url)?.connect(NoTls).await?;
    let tasks = Tasks::default();
    tasks.start("postgres", async move {
        if let Err(error) = connection.await {
            tracing::error!(%error, "the connection to PostgreSQL ended");
        }
    });
    Ok((client, tasks))
}
