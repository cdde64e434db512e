//! `tripchat-server doctor`: looks at everything that a server needs, and says what is wrong in words.

use super::Place;
use crate::config::StoreConfig;
use crate::keys::ReadKeys;
use crate::store::{Store, damage};
use crate::tokens::{Keys, State};
use crate::upkeep::{About, FindFaults, Ledger, ReadAbout};
use crate::webhooks::List;
use anyhow::bail;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use tripchat_runtime::Sources;

/// Less than this is soon nothing.
const FREE: u64 = 512 * 1024 * 1024;
/// A clock that shows an earlier time is wrong: this is older.
const BUILT_AFTER: i64 = 1_764_547_200_000;
/// How far a clock may be behind what was stored with it.
const BEHIND: i64 = 60_000;

/// What was looked at: all is well, or what is not.
type Finding = std::result::Result<String, String>;

/// Looks.
pub(super) async fn run(place: Place) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    let mut wrong = 0;
    let mut tell = |what: &str, finding: Finding| -> std::io::Result<()> {
        let (mark, words) = match finding {
            Ok(words) => ("ok   ", words),
            Err(words) => {
                wrong += 1;
                ("WRONG", words)
            }
        };
        writeln!(out, "{mark} {what}: {words}")
    };
    let config = place.clone().config();
    let config = match config {
        Ok(config) => config,
        Err(error) => {
            tell("configuration", Err(error.to_string()))?;
            bail!("without a configuration there is nothing to look at");
        }
    };
    tell("configuration", Ok("it can be read".into()))?;
    tell("folder", folder(&config.data))?;
    tell("disk", disk(&config.data))?;
    tell("port", port(config.listen))?;
    if let Some(admin) = config.admin.listen {
        tell("port of the figures", port(admin))?;
    }
    tell("ledger", Ledger::read(&config.ledger()).map(|it| format!("{} entries", it.len())).map_err(words))?;
    if let StoreConfig::Sqlite { path, .. } = config.store() {
        tell("file", file(&path))?;
    }
    match place.open().await {
        Ok(store) => {
            for (what, finding) in of_database(&store).await {
                tell(what, finding)?;
            }
        }
        Err(error) => tell("database", Err(error.to_string()))?,
    }
    if wrong > 0 {
        bail!("{wrong} of it is wrong")
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn words(error: crate::error::Error) -> String {
    error.to_string()
}

fn folder(path: &Path) -> Finding {
    let about = std::fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
    if !about.is_dir() {
        return Err(format!("{} is no folder", path.display()));
    }
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777;
        if mode & 0o077 != 0 {
            return Err(format!("{} is open to others ({mode:o}): chmod 700", path.display()));
        }
    }
    let probe = path.join(".doctor");
    let written = std::fs::write(&probe, "").and_then(|()| std::fs::remove_file(&probe));
    written.map_err(|error| format!("{} cannot be written to: {error}", path.display()))?;
    Ok(format!("{} is there, its owner's alone, and can be written to", path.display()))
}

#[cfg(unix)]
fn disk(path: &Path) -> Finding {
    let space = rustix::fs::statvfs(path).map_err(|error| error.to_string())?;
    let free = space.f_bavail.saturating_mul(space.f_frsize);
    let words = format!("{} MiB are free", free / 1_048_576);
    if free < FREE { Err(format!("{words}: too little")) } else { Ok(words) }
}

#[cfg(not(unix))]
fn disk(_: &Path) -> Finding {
    Ok("not looked at on this system".into())
}

fn port(address: SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Ok(format!("{address} is free")),
        // A server that runs has it, and that is well.
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            Ok(format!("{address} is in use: a server runs, or something else has it"))
        }
        Err(error) => Err(format!("{address}: {error}")),
    }
}

fn file(path: &Path) -> Finding {
    match damage(path) {
        Ok(found) if found.is_empty() => Ok(format!("{} is whole", path.display())),
        Ok(found) => Err(format!("{} is damaged: {}", path.display(), found.join("; "))),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

async fn of_database(store: &Store) -> Vec<(&'static str, Finding)> {
    vec![
        ("database", store.read(ReadAbout).await.map(|it| format!("version {}", it.version)).map_err(words)),
        ("clock", clock(store).await),
        ("keys", keys(store).await),
        ("content", content(store).await),
        ("webhooks", webhooks(store).await),
    ]
}

async fn clock(store: &Store) -> Finding {
    let now = Sources::system().now();
    let About { newest, .. } = store.read(ReadAbout).await.map_err(words)?;
    if now < BUILT_AFTER {
        return Err("it shows a time before this server was built".into());
    }
    if now < newest - BEHIND {
        return Err(format!("it is {} s behind what was stored with it", (newest - now) / 1_000));
    }
    Ok("it is not behind what was stored".into())
}

async fn keys(store: &Store) -> Finding {
    let keys = store.read(ReadKeys).await.and_then(Keys::new).map_err(words)?;
    let now = Sources::system().now();
    let signs = keys.all().iter().filter(|key| key.state(now) == State::Signing).count();
    match signs {
        0 => Err("none signs: the server makes one at its start".into()),
        _ => Ok(format!("{} are there, one signs", keys.all().len())),
    }
}

async fn content(store: &Store) -> Finding {
    let faults = store.read(FindFaults).await.map_err(words)?;
    if faults.is_empty() {
        return Ok("all is as it must be".into());
    }
    let all: Vec<String> = faults.iter().map(|it| format!("{}: {}", it.what, it.count)).collect();
    Err(all.join("; "))
}

async fn webhooks(store: &Store) -> Finding {
    let listed = store.read(List { tenant: None }).await.map_err(words)?;
    let disabled = listed.iter().filter(|it| it.webhook.disabled.is_some()).count();
    let failed: i64 = listed.iter().map(|it| it.failed).sum();
    let told = format!("{} addresses, {disabled} disabled, {failed} messages given up", listed.len());
    if disabled > 0 || failed > 0 { Err(told) } else { Ok(told) }
}
