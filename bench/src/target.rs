//! A server that is measured: in a process of its own, with a folder of its own.

use crate::bare;
use crate::ground;
use crate::world::World;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A broadcast, nothing stored.
    Raw,
    /// A broadcast behind a SQLite writer.
    RawDb,
    /// Ours.
    Tripchat,
}

/// Where programs and data are.
#[derive(Debug, Clone)]
pub struct Place {
    /// Our server's program.
    pub server: PathBuf,
    /// Data goes into folders below.
    pub folder: PathBuf,
}

/// A running server.
#[derive(Debug)]
pub struct Target {
    /// Which.
    pub kind: Kind,
    /// Where it listens.
    pub address: SocketAddr,
    /// Who there is.
    pub world: World,
    place: Place,
    folder: TempDir,
    child: Child,
}

impl Target {
    /// Starts `kind` with `world` in its database.
    pub fn start(kind: Kind, place: &Place, mut world: World) -> Result<Self> {
        fs::create_dir_all(&place.folder)?;
        let folder = TempDir::new_in(&place.folder)?;
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        match kind {
            Kind::Raw => {}
            Kind::RawDb => bare::prepare(folder.path(), &world)?,
            Kind::Tripchat => {
                // Longer than any run; and the load is one machine, not a crowd to be spread out.
                let config = "access_token_seconds = 3600\nhandshakes_per_second = 1000000\n";
                fs::write(folder.path().join("server.toml"), config)?;
                let (mut child, address) = spawn(kind, place, folder.path(), any)?;
                let kid = kid(address);
                child.kill()?;
                child.wait()?;
                ground::prepare(&folder.path().join("data"), &mut world, &kid?)?;
            }
        }
        let (child, address) = spawn(kind, place, folder.path(), any)?;
        Ok(Self { kind, address, world, place: place.clone(), folder, child })
    }

    /// `kill -9`.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Starts it again at the same address; how long until it listens.
    pub fn restart(&mut self) -> Result<Duration> {
        let began = Instant::now();
        (self.child, _) = spawn(self.kind, &self.place, self.folder.path(), self.address)?;
        Ok(began.elapsed())
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        match self.kind {
            Kind::Tripchat => self.folder.path().join("data").join(ground::FILE),
            Kind::Raw | Kind::RawDb => self.folder.path().join("bare.db"),
        }
    }

    /// CPU seconds that it has used.
    pub fn cpu(&self) -> Result<f64> {
        cpu(&self.child.id().to_string())
    }

    /// Its memory, shared pages by their share, in KiB.
    pub fn memory(&self) -> Result<f64> {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id()))?;
        let pss = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).context("no Pss")?;
        Ok(pss.trim().trim_end_matches(" kB").trim().parse()?)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            crate::say::say(&format!("process {} was not killed: {error:#}", self.child.id()));
        }
    }
}

/// CPU seconds of a process (`self` for this one); Linux counts hundredths.
pub fn cpu(process: &str) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // Behind the name, which may hold anything, the twelfth and thirteenth: user and system time.
    let (_, rest) = stat.rsplit_once(')').context("no name")?;
    let ticks: f64 = rest.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum();
    Ok(ticks / 100.0)
}

fn spawn(kind: Kind, place: &Place, folder: &Path, listen: SocketAddr) -> Result<(Child, SocketAddr)> {
    let this = std::env::current_exe()?;
    let mut command = match kind {
        Kind::Raw | Kind::RawDb => Command::new(this),
        Kind::Tripchat => Command::new(&place.server),
    };
    match kind {
        Kind::Raw => command.arg("raw"),
        Kind::RawDb => command.arg("rawdb").arg("--data").arg(folder),
        Kind::Tripchat => {
            command.arg("serve").arg("--config").arg(folder.join("server.toml"));
            command.arg("--data").arg(folder.join("data")).env("TRIPCHAT_LOG", "warn")
        }
    };
    let mut child = command.arg("--listen").arg(listen.to_string()).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
    let address = line.trim().strip_prefix("listening on http://").context("it does not listen")?.parse()?;
    Ok((child, address))
}

/// The name of the server's signing key.
fn kid(address: SocketAddr) -> Result<String> {
    #[derive(Deserialize)]
    struct Key {
        kid: String,
    }
    #[derive(Deserialize)]
    struct Keys {
        keys: Vec<Key>,
    }
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET /.well-known/jwks.json HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    ensure!(head.starts_with("HTTP/1.1 200"), "no keys: {head}");
    let keys: Keys = serde_json::from_str(body)?;
    Ok(keys.keys.into_iter().next().context("no key")?.kid)
}
