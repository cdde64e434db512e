//! The real server, as a process that can be killed and started again on the same data and port.

use crate::people::World;
use crate::process::Process;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A server, running or killed.
#[derive(Debug)]
pub struct Server {
    binary: PathBuf,
    data: PathBuf,
    log: PathBuf,
    /// `http://127.0.0.1:<port>`.
    pub address: String,
    process: Process,
}

impl Server {
    /// Starts it on an empty folder and any free port.
    pub async fn start(world: &World) -> Result<Self> {
        let binary = world.server_bin.clone();
        let data = world.data.join("server");
        std::fs::create_dir_all(&data)?;
        let log = world.out.join("server.log");
        let (process, address) = run(&binary, &data, &log, "127.0.0.1:0").await?;
        Ok(Self { binary, data, log, address, process })
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()
    }

    /// Whether it is not there.
    pub fn is_killed(&mut self) -> Result<bool> {
        self.process.has_ended()
    }

    /// Lets it answer nothing for a while: its connections stay.
    pub fn hold(&self) -> Result<()> {
        self.process.hold()
    }

    /// Lets it answer again.
    pub fn go_on(&self) -> Result<()> {
        self.process.go_on()
    }

    /// Starts it again where it was.
    pub async fn return_again(&mut self) -> Result<()> {
        let listen = self.address.trim_start_matches("http://").to_owned();
        // A log of its own: the line that it waits for stands in the old one already.
        let log = self.log.with_file_name("server-again.log");
        let (process, address) = run(&self.binary, &self.data, &log, &listen).await?;
        anyhow::ensure!(address == self.address, "it came back at {address}");
        self.process = process;
        Ok(())
    }

    /// The file of its database.
    pub fn database(&self) -> PathBuf {
        self.data.join("tripchat.db")
    }
}

async fn run(binary: &Path, data: &Path, log: &Path, listen: &str) -> Result<(Process, String)> {
    let mut command = Command::new(binary);
    command.arg("serve").arg("--data").arg(data).args(["--listen", listen]).stdin(Stdio::null());
    let mut process = Process::start("the server", &mut command, log.to_path_buf())?;
    let address =
        process.says(|line| line.strip_prefix("listening on ").map(|rest| rest.trim().to_owned())).await?;
    Ok((process, address))
}
