//! A process that is ours, spoken to by lines, and killed.

use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// What it has not said by then it will not say.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running process; dropping it kills it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    input: ChildStdin,
    lines: mpsc::UnboundedReceiver<String>,
    log: PathBuf,
}

impl Process {
    /// Starts `command`; what it says on its standard error is added to the file `log`.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let errors = File::options().create(true).append(true).open(log)?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors);
        let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        let input = child.stdin.take().context("no standard input")?;
        let output = child.stdout.take().context("no standard output")?;
        Ok(Self { child, input, lines: read(output)?, log: log.into() })
    }

    /// Its next line; none once it has ended and everything that it said was read.
    pub async fn line(&mut self) -> Result<Option<String>> {
        match timeout(PATIENCE, self.lines.recv()).await {
            Ok(line) => Ok(line),
            Err(_) => bail!("it says nothing; its log ends: {}", self.last_words()),
        }
    }

    /// Waits for a line that begins with `word`; gives what follows, or nothing if it ended before.
    pub async fn until(&mut self, word: &str) -> Result<Option<String>> {
        while let Some(line) = self.line().await? {
            if let Some(rest) = line.strip_prefix(word) {
                return Ok(Some(rest.trim().to_owned()));
            }
        }
        Ok(None)
    }

    /// As [`Process::until`], of a process that has no reason to end.
    pub async fn says(&mut self, word: &str) -> Result<String> {
        let said = self.until(word).await?;
        said.with_context(|| format!("it ended before it said {word}; its log: {}", self.last_words()))
    }

    /// Says a line to it. That nobody may be there any more shows in what it does not answer.
    pub fn tell(&mut self, line: &str) {
        drop(self.input.write_all(format!("{line}\n").as_bytes()));
    }

    /// Its number.
    #[cfg(target_os = "linux")]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`; returns when it is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits until it has ended without us; whether it was by a signal, as a kill is.
    #[cfg(target_os = "linux")]
    pub fn was_killed(&mut self) -> Result<bool> {
        Ok(self.child.wait()?.code().is_none())
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().rev().take(5).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            crate::plan::report(&format!("process {} was not killed: {error:#}", self.child.id()));
        }
    }
}

/// Reading blocks, so it has a thread; it ends with the process.
fn read(output: ChildStdout) -> Result<mpsc::UnboundedReceiver<String>> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::Builder::new().name("lines".into()).spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    })?;
    Ok(lines)
}
