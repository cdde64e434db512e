//! Processes that are ours: each leads a group of its own, so that ending it ends what it started, and nothing else.

use crate::say::say;
use crate::wait::{PATIENCE, until};
use anyhow::{Context, Result, bail, ensure};
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a process may take to clean up after itself.
const GRACE: Duration = Duration::from_secs(3);

/// A running process; dropping it ends it with its whole group.
#[derive(Debug)]
pub struct Process {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command`; what it says goes to the file `log`.
    pub fn start(name: &'static str, command: &mut Command, log: PathBuf) -> Result<Self> {
        let file = File::options().create(true).append(true).open(&log)?;
        command.stdout(file.try_clone()?).stderr(file);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name, child, log })
    }

    /// Waits until it has said a line for which `read` has an answer.
    pub async fn says<T>(&mut self, read: impl Fn(&str) -> Option<T>) -> Result<T> {
        let what = format!("{} starts", self.name);
        until(&what, PATIENCE, async || {
            let log = fs::read_to_string(&self.log)?;
            // A line that has no end yet may be half of one.
            let whole = log.rfind('\n').and_then(|end| log.get(..end)).unwrap_or_default();
            let answer = whole.lines().rev().find_map(&read);
            if answer.is_none() && self.has_ended()? {
                bail!("{} ended: {}", self.name, log.trim());
            }
            Ok(answer)
        })
        .await
    }

    /// Whether it is gone.
    pub fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Ends it at once, as a crash would: it cannot clean up.
    pub fn kill(&mut self) -> Result<()> {
        if self.has_ended()? {
            return Ok(());
        }
        self.signal("KILL")?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end, so that it takes its sockets and locks with it; kills it if it does not listen.
    fn end(&mut self) -> Result<()> {
        if self.has_ended()? {
            return Ok(());
        }
        self.signal("TERM")?;
        let from = Instant::now();
        while from.elapsed() < GRACE {
            if self.has_ended()? {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.kill()
    }

    /// Lets it do nothing until [`Self::go_on`], as a machine that is busy with other things.
    pub fn hold(&self) -> Result<()> {
        ensure!(self.hears("STOP")?, "{} cannot be held", self.name);
        Ok(())
    }

    /// Lets it go on.
    pub fn go_on(&self) -> Result<()> {
        ensure!(self.hears("CONT")?, "{} does not go on", self.name);
        Ok(())
    }

    fn signal(&mut self, signal: &str) -> Result<()> {
        if self.hears(signal)? { Ok(()) } else { Ok(self.child.kill()?) }
    }

    /// Tells the whole group, where there are signals. Its number is that of its leader, which is not reaped yet, so
    /// it is nobody else's.
    fn hears(&self, signal: &str) -> Result<bool> {
        if cfg!(not(unix)) {
            return Ok(false);
        }
        let group = format!("-{}", self.child.id());
        let mut kill = Command::new("kill");
        kill.args([&format!("-{signal}"), "--", &group]).stderr(Stdio::null());
        Ok(kill.status()?.success())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            say(&format!("{} (process {}) was not ended: {error:#}", self.name, self.child.id()));
        }
    }
}
