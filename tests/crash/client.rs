//! The real core in a process that can be killed: told what to do by lines, it answers by lines.
//!
//! ```text
//! crash-client <server> <data folder>
//! register            -> registered         with an account of its own
//! book <trip>         -> booked <booking>
//! online              -> online             once everything that happened is here
//! room <room>         -> inside             once it is in the room
//! say <room> <text>   -> wrote <id> <text>  once `send` has returned
//! edit <room> <text>  -> edited <id> <text> of what was written last, once `edit` has returned
//! delete <room> <id>  -> deleted <id>       once `delete` has returned
//!                     -> refused <why>      where any of these was
//! settle <room>       -> row <id> <state> <text> for each, then settled, once nothing waits
//! ```

use anyhow::{Context, Result, bail};
use futures_util::future::BoxFuture;
use secrecy::ExposeSecret;
use std::future::ready;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tripchat_core::view::{ConnectionView, Edge, Place, SendState, TimelineRow};
use tripchat_core::{Client, Config, Parts, SecretError, SecretStore, SecretString};
use tripchat_protocol::{MessageId, RoomId};
use tripchat_runtime::{Sources, Tasks};
use tripchat_tests::PASSWORD;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let log = tracing_subscriber::EnvFilter::try_from_env("TRIPCHAT_LOG");
    let log = log.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(log).with_writer(std::io::stderr).init();
    let mut arguments = std::env::args().skip(1);
    let (Some(server), Some(data)) = (arguments.next(), arguments.next()) else {
        bail!("usage: crash-client <server> <data folder>");
    };
    let config = Config { data_dir: PathBuf::from(&data), server: server.clone(), app: "crash".into() };
    let secrets: Arc<dyn SecretStore> = Arc::new(Drawer::in_folder(Path::new(&data))?);
    let (client, engine) = Client::with(Parts { secrets, ..Parts::system(config)? });
    let tasks = Tasks::default();
    tasks.start("core", engine);
    let mut lines = told()?;
    let mut last = None;
    while let Some(line) = lines.recv().await {
        obey(&client, &server, &line, &mut last).await.with_context(|| line)?;
    }
    Ok(())
}

async fn obey(client: &Client, server: &str, line: &str, last: &mut Option<MessageId>) -> Result<()> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "register" => {
            let email = format!("{}@example.org", Sources::system().uuid().simple());
            let password = SecretString::from(PASSWORD);
            client.register(server.into(), email, password, "Daniyar".into()).await?;
            answer("registered")
        }
        "book" => answer(&format!("booked {}", client.request_booking(rest.parse()?, 1).await?.id)),
        "online" => {
            until(client, async || Ok(client.start_view().await?.connection == ConnectionView::Online))
                .await?;
            answer("online")
        }
        "room" => {
            let room: RoomId = rest.parse()?;
            until(client, async || Ok(client.inbox().await?.iter().any(|row| row.room == room))).await?;
            answer("inside")
        }
        "say" => {
            let (room, text) = rest.split_once(' ').context("say <room> <text>")?;
            match client.send(room.parse()?, text.into()).await {
                Ok(id) => {
                    *last = Some(id);
                    answer(&format!("wrote {} {text}", id.0.simple()))
                }
                Err(error) => answer(&format!("refused {line}: {error}")),
            }
        }
        "edit" => {
            let (room, text) = rest.split_once(' ').context("edit <room> <text>")?;
            let id = last.context("nothing was written")?;
            match client.edit(room.parse()?, id, text.into()).await {
                Ok(_) => answer(&format!("edited {} {text}", id.0.simple())),
                Err(error) => answer(&format!("refused {line}: {error}")),
            }
        }
        "delete" => {
            let (room, id) = rest.split_once(' ').context("delete <room> <id>")?;
            match client.delete(room.parse()?, id.parse()?).await {
                Ok(_) => answer(&format!("deleted {id}")),
                Err(error) => answer(&format!("refused {line}: {error}")),
            }
        }
        "settle" => settle(client, rest.parse()?).await,
        _ => bail!("an unknown word"),
    }
}

async fn settle(client: &Client, room: RoomId) -> Result<()> {
    let waits = |row: &TimelineRow| row.mine && (row.state == SendState::Waiting || row.change.is_some());
    until(client, async || {
        // What waits stands last, and what is changed here was written lately.
        Ok(!client.timeline(room, Place::Newest, 100).await?.rows.iter().any(waits))
    })
    .await?;
    let mut rows: Vec<TimelineRow> = Vec::new();
    let mut place = Place::Newest;
    loop {
        let page = client.timeline(room, place, 100).await?;
        let first = page.rows.iter().find_map(|row| row.seq);
        rows.splice(0..0, page.rows);
        match first {
            Some(seq) if page.older == Edge::More => place = Place::Before { seq },
            _ => break,
        }
    }
    for row in rows.into_iter().filter(|row| !row.silent) {
        let text = row.text.unwrap_or_default();
        answer(&format!("row {} {:?} {text}", row.id.0.simple(), row.state))?;
    }
    answer("settled")
}

/// Looks again after every event of the core.
async fn until(client: &Client, mut held: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    let mut events = client.subscribe();
    while !held().await? {
        if matches!(events.recv().await, Err(RecvError::Closed)) {
            bail!("the core ended");
        }
    }
    Ok(())
}

/// A whole line in one write, so that a kill never leaves half of one.
fn answer(line: &str) -> Result<()> {
    Ok(std::io::stdout().write_all(format!("{line}\n").as_bytes())?)
}

/// The lines of the standard input. Reading them blocks, so it has a thread.
fn told() -> Result<mpsc::UnboundedReceiver<String>> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::Builder::new().name("told".into()).spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    })?;
    Ok(lines)
}

/// In place of the system's keyring, which belongs to a person and not to a test: it outlives the process, too.
struct Drawer(PathBuf);

impl Drawer {
    fn in_folder(data: &Path) -> Result<Self> {
        let folder = data.join("drawer");
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    fn place(&self, key: &str) -> PathBuf {
        self.0.join(key.replace(['/', ':'], "_"))
    }
}

impl SecretStore for Drawer {
    fn get(&self, key: String) -> BoxFuture<'static, Result<Option<SecretString>, SecretError>> {
        let found = match std::fs::read_to_string(self.place(&key)) {
            Ok(secret) => Ok(Some(secret.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(SecretError),
        };
        Box::pin(ready(found))
    }

    /// Either the old secret is there or the new one, whenever the process is killed.
    fn set(&self, key: String, secret: SecretString) -> BoxFuture<'static, Result<(), SecretError>> {
        let (place, fresh) = (self.place(&key), self.0.join("fresh"));
        let written =
            std::fs::write(&fresh, secret.expose_secret()).and_then(|()| std::fs::rename(fresh, place));
        Box::pin(ready(written.map_err(|_| SecretError)))
    }

    fn delete(&self, key: String) -> BoxFuture<'static, Result<(), SecretError>> {
        let removed = match std::fs::remove_file(self.place(&key)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(SecretError),
            _ => Ok(()),
        };
        Box::pin(ready(removed))
    }
}
