//! The real server, on a runtime of its own, so that it can be killed with everything that it was doing.

use crate::postgres::FreshDatabase;
use anyhow::{Context, Result};
use axum::serve::Listener;
use rusqlite::OpenFlags;
use rusqlite::types::ValueRef;
use std::path::PathBuf;
use std::time::Duration;
use tokio::runtime::Runtime;
use tripchat_protocol::RoomId;
use tripchat_runtime::Sources;
use tripchat_server::app::{App, Mode, serve, serve_admin};
use tripchat_server::config::Config;
use tripchat_server::listening::listen;

/// A server that is killed is gone by then.
const GONE_BY: Duration = Duration::from_secs(10);

/// Which database the server of a story has.
#[derive(Debug)]
pub enum Database {
    /// A file in its data folder.
    Sqlite,
    /// A database made for this story.
    Postgres(FreshDatabase),
}

/// A server on loopback.
#[derive(Debug)]
pub struct Server {
    /// How it is set up; the port is kept over a restart.
    pub config: Config,
    database: Database,
    sources: Sources,
    running: Option<Runtime>,
}

impl Server {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start(data: PathBuf, database: Database, sources: Sources) -> Result<Self> {
        let mut config = Config { data, ..Config::default() };
        config.listen.set_port(0);
        if let Database::Postgres(fresh) = &database {
            config.postgres = Some(fresh.address.clone());
        }
        let mut server = Self { config, database, sources, running: None };
        server.restart().await?;
        Ok(server)
    }

    /// Starts it again, on the same port and data.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn restart(&mut self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (config, sources) = (self.config.clone(), self.sources.clone());
        let (started, address) = tokio::sync::oneshot::channel();
        runtime.spawn(async move {
            let opened = async {
                let listener = listen(config.listen)?;
                let admin = config.admin.listen.map(listen).transpose()?;
                let address = listener.local_addr()?;
                let figures = admin.as_ref().map(Listener::local_addr).transpose()?;
                let app = App::open(config, Mode::Production, sources).await?;
                anyhow::Ok((listener, admin, (address, figures), app))
            };
            match opened.await {
                Ok((listener, admin, addresses, app)) => {
                    if started.send(Ok(addresses)).is_ok() {
                        let figures = async {
                            match admin {
                                Some(admin) => serve_admin(admin, &app).await,
                                None => std::future::pending().await,
                            }
                        };
                        tokio::try_join!(serve(listener, &app), figures).expect("a listener failed");
                    }
                }
                Err(error) => drop(started.send(Err(error))),
            }
        });
        // Before anything can fail, so that the runtime is never dropped where it may not be.
        self.running = Some(runtime);
        (self.config.listen, self.config.admin.listen) =
            address.await.context("the server's runtime ended")??;
        Ok(())
    }

    /// Kills it: no answer in progress is finished, every socket drops. What was committed stays. When this
    /// returns, the port and the files are free again.
    pub fn kill(&mut self) {
        if let Some(runtime) = self.running.take() {
            tokio::task::block_in_place(|| runtime.shutdown_timeout(GONE_BY));
        }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.config.listen)
    }

    /// Ends every connection of the server to its database, as a restart of PostgreSQL would; SQLite has none.
    ///
    /// # Errors
    /// If PostgreSQL refuses.
    pub async fn cut_database_connections(&self) -> Result<()> {
        match &self.database {
            Database::Sqlite => Ok(()),
            Database::Postgres(fresh) => fresh.cut_connections().await,
        }
    }

    /// The ids of the messages of `room`, those for the record aside, in the order of their seq, straight from the
    /// database.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn stored(&self, room: RoomId) -> Result<Vec<String>> {
        match &self.database {
            Database::Sqlite => {
                let path = self.config.data.join("tripchat.db");
                let db = rusqlite::Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
                let mut rows = db.prepare(
                    "SELECT lower(hex(id)) FROM message WHERE room_id = ?1 AND silent = 0 ORDER BY seq",
                )?;
                let ids = rows.query_map([room.0.as_bytes()], |row| row.get(0))?;
                Ok(ids.collect::<rusqlite::Result<_>>()?)
            }
            Database::Postgres(fresh) => fresh.stored(room).await,
        }
    }

    /// Every row of every table as text, straight from the database.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn everything(&self) -> Result<Vec<String>> {
        match &self.database {
            Database::Sqlite => {
                let path = self.config.data.join("tripchat.db");
                everything_in(&rusqlite::Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
            }
            Database::Postgres(fresh) => fresh.everything().await,
        }
    }
}

fn everything_in(db: &rusqlite::Connection) -> Result<Vec<String>> {
    let mut tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut all = Vec::new();
    for table in tables {
        let mut rows = db.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let columns = rows.column_count();
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let mut text = table.clone();
            for column in 0..columns {
                match row.get_ref(column)? {
                    ValueRef::Text(value) | ValueRef::Blob(value) => {
                        text.push_str(&format!(" {}", String::from_utf8_lossy(value)));
                    }
                    ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => {}
                }
            }
            all.push(text);
        }
    }
    Ok(all)
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
