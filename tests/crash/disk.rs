//! Disks that fail under the real server: what is answered with `ok` is stored, what is not stored is refused and may
//! come again, health says so, and everything goes on when the disk is well.

use crate::plan::report;
use crate::server::Server;
use crate::shim::Shim;
use crate::stored::Reader;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{Instant, interval};
use tripchat_protocol::ErrorCode;
use tripchat_runtime::Sources;
use tripchat_tests::talk::text;
use tripchat_tests::{Database, Raw, trip_from};

/// Health does not say otherwise any more.
const PATIENCE: Duration = Duration::from_secs(30);
/// Messages that are written at each turn.
const MESSAGES: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_fsync_that_fails_is_never_answered_with_ok() -> Result<()> {
    with_a_bad_disk("sync").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_finds_no_space_is_never_answered_with_ok() -> Result<()> {
    with_a_bad_disk("full").await
}

async fn with_a_bad_disk(act: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let shim = Shim::compile(folder.path())?;
    let mut server = Server::new(folder.path(), Database::Sqlite)?;
    server.environment = shim.environment(act);
    let mut desk = Desk::open(folder, server).await?;
    desk.send_some().await?;
    desk.is_well(true).await?;

    shim.switch_on()?;
    let refused = desk.all_refused().await?;
    desk.is_well(false).await?;
    // They come again while nothing has changed.
    for frame in &refused {
        ensure!(desk.say(frame).await?.is_err(), "{act}: stored on a bad disk");
    }
    desk.compare(&desk.server.reader()).await?;
    let read = desk.raw.get(&format!("/api/v1/rooms/{}/messages", desk.room)).await?;
    ensure!(read.status == 200, "reading goes on: {read:?}");

    shim.switch_off()?;
    for frame in &refused {
        desk.say(frame).await?.map_err(|code| anyhow::anyhow!("still refused: {code:?}"))?;
    }
    desk.compare(&desk.server.reader()).await?;
    desk.until_well().await?;

    // Killed in the middle of it: what was refused may be there or not, and is there once when it has come again.
    shim.switch_on()?;
    let refused = desk.all_refused().await?;
    desk.server.kill()?;
    shim.switch_off()?;
    desk.server.start().await?;
    desk.raw.connect().await?;
    for frame in &refused {
        desk.say(frame).await?.map_err(|code| anyhow::anyhow!("still refused: {code:?}"))?;
    }
    desk.send_some().await?;
    desk.compare(&desk.server.reader()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_file_system_is_told_and_left_behind() -> Result<()> {
    let Some(starter) = in_a_small_file_system()? else {
        report("a small file system was skipped: this account may not mount one");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let mut server = Server::new(folder.path(), Database::Sqlite)?;
    fs::create_dir(server.data())?;
    server.starter = starter;
    server.starter.push(server.data().into());
    let mut desk = Desk::open(folder, server).await?;
    desk.send_some().await?;
    let data = desk.seen_from_outside()?;
    let filler = data.join("filler");
    fill(&filler)?;

    // The file has pages to spare, for a while.
    let mut refused = Vec::new();
    for number in 0.. {
        let frame = text(&desk.room, &format!("{number} {}", "x".repeat(3_000)));
        if desk.say(&frame).await?.is_err() {
            refused.push(frame);
            break;
        }
        ensure!(number < 1_000, "it is never full");
    }
    desk.is_well(false).await?;
    desk.compare(&desk.copy(&data)?).await?;

    fs::remove_file(&filler)?;
    for frame in &refused {
        desk.say(frame).await?.map_err(|code| anyhow::anyhow!("still refused: {code:?}"))?;
    }
    desk.send_some().await?;
    desk.until_well().await?;
    desk.compare(&desk.copy(&data)?).await
}

/// A client at a server with a disk of its own, and what it was told is stored.
struct Desk {
    folder: TempDir,
    server: Server,
    raw: Raw,
    room: String,
    /// Ids and places, in the order of their answers.
    acknowledged: Vec<(String, i64)>,
}

impl Desk {
    async fn open(folder: TempDir, mut server: Server) -> Result<Self> {
        server.start().await?;
        let mut raw = Raw::register(&server.url(), "Aigerim").await?;
        let (_, room) = raw.trip(&trip_from(Sources::system().now())).await?;
        raw.connect().await?;
        Ok(Self { folder, server, raw, room, acknowledged: Vec::new() })
    }

    /// Asks for an operation, and notes what is answered.
    async fn say(&mut self, frame: &Value) -> Result<std::result::Result<(), ErrorCode>> {
        match self.raw.operate(frame).await? {
            Ok(done) => {
                let id = frame["id"].as_str().context("no id")?.replace('-', "");
                self.acknowledged.push((id, done.seq.context("an ok without a seq")?.0));
                Ok(Ok(()))
            }
            Err(failure) => {
                ensure!(failure.code == ErrorCode::StorageFull, "{failure:?}");
                Ok(Err(failure.code))
            }
        }
    }

    async fn send_some(&mut self) -> Result<()> {
        for number in 0..MESSAGES {
            let frame = text(&self.room, &format!("message {number}"));
            self.say(&frame).await?.map_err(|code| anyhow::anyhow!("refused: {code:?}"))?;
        }
        Ok(())
    }

    async fn all_refused(&mut self) -> Result<Vec<Value>> {
        let mut refused = Vec::new();
        for number in 0..MESSAGES {
            let frame = text(&self.room, &format!("refused {number}"));
            ensure!(self.say(&frame).await?.is_err(), "message {number} was stored on a bad disk");
            refused.push(frame);
        }
        Ok(refused)
    }

    /// What health says, and whether requests are worth sending here.
    async fn health(&self) -> Result<(String, bool)> {
        let stranger = Raw::stranger(&self.server.url());
        let status = stranger.get("/health").await?.body["status"].as_str().context("no status")?.to_owned();
        Ok((status, stranger.get("/health/ready").await?.status == 204))
    }

    async fn is_well(&self, well: bool) -> Result<()> {
        let (status, ready) = self.health().await?;
        let wanted = if well { "ok" } else { "read_only" };
        ensure!((status.as_str(), ready) == (wanted, well), "health says {status}, and ready: {ready}");
        Ok(())
    }

    /// Asks, as whoever watches over a server does, until all is well.
    async fn until_well(&self) -> Result<()> {
        let began = Instant::now();
        let mut pace = interval(Duration::from_millis(100));
        while self.health().await? != ("ok".to_owned(), true) {
            ensure!(began.elapsed() < PATIENCE, "it stays read-only");
            pace.tick().await;
        }
        Ok(())
    }

    /// What was acknowledged is stored, once, where the answer said; and nothing else is.
    async fn compare(&self, reader: &Reader) -> Result<()> {
        let stored = reader.read().await?;
        let rows = &stored.get(&self.room.replace('-', "")).context("no room")?.rows;
        let rows: Vec<_> = rows.iter().map(|row| (row.id.clone(), row.seq)).collect();
        let mut acknowledged = self.acknowledged.clone();
        acknowledged.sort_by_key(|(_, seq)| *seq);
        ensure!(rows == acknowledged, "acknowledged: {acknowledged:#?}, stored: {rows:#?}");
        Ok(())
    }

    /// The data folder of a server that has a file system to itself.
    fn seen_from_outside(&self) -> Result<PathBuf> {
        let root = PathBuf::from(format!("/proc/{}/root", self.server.id()?));
        Ok(root.join(self.server.data().strip_prefix("/")?))
    }

    /// The files of the database as they stand; SQLite itself would follow the way in `/proc` to another place.
    fn copy(&self, data: &Path) -> Result<Reader> {
        let to = self.folder.path().join("copy");
        fs::create_dir_all(&to)?;
        for name in ["tripchat.db", "tripchat.db-wal"] {
            fs::copy(data.join(name), to.join(name)).with_context(|| name.to_owned())?;
        }
        Ok(Reader::Sqlite(to.join("tripchat.db")))
    }
}

/// What starts a program with 2 MiB of its own at the folder that is named next: a tmpfs in a mount namespace, which
/// ends with the program.
fn in_a_small_file_system() -> Result<Option<Vec<OsString>>> {
    let mount = r#"mount -t tmpfs -o size=2m tripchat "$0" && exec "$@""#;
    for unshare in [&["unshare", "--mount"][..], &["unshare", "--user", "--map-root-user", "--mount"]] {
        let words: Vec<&str> = unshare.iter().copied().chain(["sh", "-c", mount]).collect();
        let mut tried = Command::new(words[0]);
        tried.args(&words[1..]).arg(std::env::temp_dir()).arg("true");
        match tried.stdout(Stdio::null()).stderr(Stdio::null()).status() {
            Ok(status) if status.success() => return Ok(Some(words.iter().map(OsString::from).collect())),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// Writes until there is no space left.
fn fill(path: &Path) -> Result<()> {
    let mut file = File::create(path)?;
    loop {
        match file.write(&[0; 4_096]) {
            Ok(written) if written > 0 => {}
            Ok(_) => bail!("nothing is written, and nothing is said"),
            Err(error) if error.kind() == std::io::ErrorKind::StorageFull => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}
