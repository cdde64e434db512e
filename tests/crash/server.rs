//! The real server in a process of its own, on either database, always at the same address.

use crate::plan::report;
use crate::process::Process;
use crate::stored::{Reader, Stored};
use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tripchat_tests::{Database, FreshDatabase, Raw};

/// A server.
pub struct Server {
    folder: PathBuf,
    postgres: Option<String>,
    listen: String,
    /// What is set for it beside what every server here has.
    pub environment: Vec<(&'static str, OsString)>,
    /// What it is started with: empty, or a program that starts it.
    pub starter: Vec<OsString>,
    process: Option<Process>,
    /// How long each start took until it answered.
    pub starts: Vec<Duration>,
}

impl Server {
    /// One that is not started yet, with its data in `folder`.
    pub fn new(folder: &Path, database: Database) -> Result<Self> {
        let postgres = match database {
            Database::Sqlite => None,
            Database::Postgres(FreshDatabase { address }) => Some(address),
        };
        // Longer than any run, so that no writer has to renew its token.
        std::fs::write(folder.join("server.toml"), "access_token_seconds = 3600\n")?;
        Ok(Self {
            folder: folder.into(),
            postgres,
            listen: "127.0.0.1:0".into(),
            environment: Vec::new(),
            starter: Vec::new(),
            process: None,
            starts: Vec::new(),
        })
    }

    /// Starts it; returns when it answers.
    pub async fn start(&mut self) -> Result<()> {
        let began = Instant::now();
        let mut words = self.starter.clone();
        words.push(env!("CARGO_BIN_EXE_crash-server").into());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).arg("serve");
        command.arg("--config").arg(self.folder.join("server.toml"));
        command.arg("--data").arg(self.data()).args(["--listen", &self.listen]);
        if let Some(address) = &self.postgres {
            command.args(["--postgres", address]);
        }
        command.env("TRIPCHAT_LOG", "warn").envs(self.environment.iter().map(|(name, value)| (name, value)));
        let mut process = Process::start(&mut command, &self.folder.join("server.log"))?;
        let address = process.says("listening on http://").await?;
        self.listen = address;
        self.process = Some(process);
        let ready = Raw::stranger(&self.url()).get("/health/ready").await?;
        ensure!(ready.status == 204, "it is not ready: {}", ready.status);
        self.starts.push(began.elapsed());
        Ok(())
    }

    /// `kill -9`.
    pub fn kill(&mut self) -> Result<()> {
        self.process.take().context("it is not running")?.kill()
    }

    /// Waits until something else has killed it.
    #[cfg(target_os = "linux")]
    pub async fn until_killed(&mut self) -> Result<()> {
        let mut process = self.process.take().context("it is not running")?;
        while process.line().await?.is_some() {}
        ensure!(process.was_killed()?, "it ended by itself");
        Ok(())
    }

    /// The number of its process.
    #[cfg(target_os = "linux")]
    pub fn id(&self) -> Result<u32> {
        Ok(self.process.as_ref().context("it is not running")?.id())
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A way to its database past it.
    pub fn reader(&self) -> Reader {
        match &self.postgres {
            Some(address) => Reader::Postgres(address.clone()),
            None => Reader::Sqlite(self.data().join("tripchat.db")),
        }
    }

    /// What stands in its database now.
    pub async fn stored(&self) -> Result<Stored> {
        self.reader().read().await
    }
}

/// A PostgreSQL database of one's own, where one was promised.
pub async fn postgres() -> Result<Option<Database>> {
    let fresh = FreshDatabase::make().await?;
    if fresh.is_none() {
        report("PostgreSQL was skipped: TRIPCHAT_TEST_POSTGRES is not set");
    }
    Ok(fresh.map(Database::Postgres))
}
