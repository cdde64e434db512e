//! A PostgreSQL of the tests' own: in a temporary folder, reached by a Unix socket only, gone with the run.

use anyhow::{Context, Result, bail, ensure};
use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

use crate::process::{answer, which};

/// The account that PostgreSQL runs under: it refuses to run as root.
#[derive(Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

/// A running server; dropping it ends it and removes its folder.
pub struct Postgres {
    child: Child,
    folder: TempDir,
}

impl Postgres {
    /// Starts one, with an empty database `tripchat`.
    pub fn start() -> Result<Self> {
        let initdb = find("initdb")?;
        let server = find("postgres")?;
        let account = account()?;
        let folder = tempfile::Builder::new().prefix("tripchat-pg-").tempdir()?;
        if let Some(account) = account {
            chown(folder.path(), Some(account.user), Some(account.group))?;
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700))?;
        let data = folder.path().join("data");
        let log = File::create(folder.path().join("log"))?;
        let mut command = as_account(&initdb, account, folder.path());
        command.arg("-D").arg(&data).args(["-U", "tripchat", "-A", "trust", "-E", "UTF8"]);
        command.args(["--locale=C", "--no-sync"]).stdout(log.try_clone()?).stderr(log.try_clone()?);
        ensure!(command.status()?.success(), "initdb failed: {}", tail(folder.path()));

        let mut command = as_account(&server, account, folder.path());
        command.arg("-D").arg(&data).arg("-k").arg(folder.path());
        // The tests prove SQL and transactions; what survives a power cut is proved elsewhere.
        command.args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200"]);
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut postgres = Self { child, folder };
        postgres.wait_until_ready()?;
        Ok(postgres)
    }

    /// What the tests connect to.
    pub fn parameters(&self) -> String {
        format!("host={} port=5432 user=tripchat dbname=postgres", self.folder.path().display())
    }

    /// The server writes `ready` as the last line of its pid file, PostgreSQL 10 and later.
    fn wait_until_ready(&mut self) -> Result<()> {
        let from = Instant::now();
        let pid_file = self.folder.path().join("data/postmaster.pid");
        loop {
            let lines = fs::read_to_string(&pid_file).unwrap_or_default();
            if lines.lines().last().is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("PostgreSQL ended with {status}: {}", tail(self.folder.path()));
            }
            ensure!(from.elapsed() < Duration::from_secs(30), "PostgreSQL did not start in 30 s");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks for a fast shutdown (SIGINT), and kills it if that is not heard.
    fn stop(&mut self) -> Result<()> {
        let asked = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status()?;
        let from = Instant::now();
        while asked.success() && from.elapsed() < Duration::from_secs(10) {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            crate::say::say(&format!("PostgreSQL (process {}) was not stopped: {error:#}", self.child.id()));
        }
    }
}

/// On PATH, or where Debian and Red Hat keep it; the newest version first.
fn find(program: &str) -> Result<PathBuf> {
    if let Some(path) = which(program) {
        return Ok(path);
    }
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in fs::read_dir("/usr/lib/postgresql").into_iter().flatten() {
        let path = entry?.path();
        let version = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
        let program = path.join("bin").join(program);
        if program.is_file() {
            found.push((version.unwrap_or(0), program));
        }
    }
    found.sort();
    found.pop().map(|(_, path)| path).with_context(|| format!("{program} of PostgreSQL is not installed"))
}

fn account() -> Result<Option<Account>> {
    let id = |arguments: &[&str]| answer("id", arguments).and_then(|id| id.parse().ok());
    if id(&["-u"]) != Some(0) {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let (Some(user), Some(group)) = (id(&["-u", name]), id(&["-g", name])) {
            return Ok(Some(Account { user, group }));
        }
    }
    bail!("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`")
}

fn as_account(program: &Path, account: Option<Account>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env("HOME", folder);
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
    command
}

fn tail(folder: &Path) -> String {
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    let lines: Vec<_> = log.lines().rev().take(8).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_starts_and_leaves_nothing_behind() {
        if find("initdb").is_err() {
            println!("skipped: PostgreSQL is not installed");
            return;
        }
        let postgres = Postgres::start().unwrap();
        let folder = postgres.folder.path().to_path_buf();
        assert!(folder.join(".s.PGSQL.5432").exists());
        assert!(postgres.parameters().contains(&folder.display().to_string()));
        drop(postgres);
        assert!(!folder.exists());
    }
}
