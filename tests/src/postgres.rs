//! A PostgreSQL database for one story, on the server that `cargo xtask test` started.

use anyhow::{Context, Result};
use std::str::FromStr;
use tokio_postgres::{Client, Config, NoTls};
use tripchat_protocol::RoomId;
use tripchat_runtime::{Sources, Tasks};

/// A database of one's own.
#[derive(Debug)]
pub struct FreshDatabase {
    /// Where the server finds it.
    pub address: String,
}

impl FreshDatabase {
    /// Makes one, or `None` where no PostgreSQL was promised.
    ///
    /// # Errors
    /// If PostgreSQL was promised and does not answer.
    pub async fn make() -> Result<Option<Self>> {
        let Ok(server) = std::env::var("TRIPCHAT_TEST_POSTGRES") else {
            let promised = std::env::var("TRIPCHAT_REQUIRE_POSTGRES").is_ok_and(|it| it == "1");
            anyhow::ensure!(!promised, "TRIPCHAT_TEST_POSTGRES is not set");
            return Ok(None);
        };
        let name = format!("story_{}", Sources::system().uuid().simple());
        let (client, _connection) = connect(&server).await?;
        client.batch_execute(&format!("CREATE DATABASE {name}")).await.context("CREATE DATABASE")?;
        // The last word for a key wins.
        Ok(Some(Self { address: format!("{server} dbname={name}") }))
    }

    pub(crate) async fn cut_connections(&self) -> Result<()> {
        let (client, _connection) = connect(&self.address).await?;
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let cut = client.execute(others, &[]).await?;
        anyhow::ensure!(cut > 0, "there was no connection to cut");
        Ok(())
    }

    pub(crate) async fn stored(&self, room: RoomId) -> Result<Vec<String>> {
        let (client, _connection) = connect(&self.address).await?;
        let rows = client
            .query(
                "SELECT encode(id, 'hex') FROM message WHERE room_id = $1 AND silent = 0 ORDER BY seq",
                &[&room.0.as_bytes().as_slice()],
            )
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    pub(crate) async fn everything(&self) -> Result<Vec<String>> {
        let (client, _connection) = connect(&self.address).await?;
        let tables =
            "SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public'";
        let mut all = Vec::new();
        for table in client.query(tables, &[]).await? {
            let table: String = table.get(0);
            let rows =
                client.query(&format!("SELECT '{table} ' || it::text FROM {table} AS it"), &[]).await?;
            all.extend(rows.iter().map(|row| row.get::<_, String>(0)));
        }
        Ok(all)
    }
}

async fn connect(address: &str) -> Result<(Client, Tasks)> {
    let (client, connection) = Config::from_str(address)?.connect(NoTls).await.context("PostgreSQL")?;
    let tasks = Tasks::default();
    tasks.start("postgres", async move {
        if let Err(error) = connection.await {
            panic!("the connection to PostgreSQL broke: {error}");
        }
    });
    Ok((client, tasks))
}
