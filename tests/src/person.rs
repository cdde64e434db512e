//! Someone with the app: a real core, its data on a real disk, and the road to the server.

use crate::road::Road;
use anyhow::{Context, Result, bail};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;
use tripchat_core::api::HttpApi;
use tripchat_core::view::{ConnectionView, Edge, Place, SendState, TimelineRow};
use tripchat_core::{Client, Config, Parts, SecretError, SecretStore, SecretString};
use tripchat_protocol::RoomId;
use tripchat_runtime::{Sources, Tasks};

/// What has not come by then will not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// Everyone's password.
pub const PASSWORD: &str = "correct horse battery";

/// A keyring in memory: it survives the app, as the real one does.
#[derive(Debug, Clone, Default)]
pub struct Keyring(Arc<Mutex<BTreeMap<String, SecretString>>>);

impl Keyring {
    /// Everything in it.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.values().map(|secret| secret.expose_secret().to_owned()).collect()
    }
}

/// Someone with the app.
pub struct Person {
    /// The handle that the shell would hold.
    pub client: Client,
    /// The road to the server.
    pub road: Road,
    /// The app's folder.
    pub data: PathBuf,
    secrets: Arc<dyn SecretStore>,
    server: String,
    engine: Option<Tasks>,
}

impl Person {
    /// Opens the app for the first time.
    #[must_use]
    pub fn open(data: &Path, server: &str, secrets: Arc<dyn SecretStore>) -> Self {
        let road = Road::default();
        let (client, engine) = start(data, server, &road, &secrets);
        Self { client, road, data: data.into(), secrets, server: server.into(), engine: Some(engine) }
    }

    /// Kills the app: nothing is finished, nothing is said to the server.
    pub fn kill(&mut self) {
        self.engine = None;
    }

    /// Opens the app again, on what it had stored.
    pub fn reopen(&mut self) {
        self.kill();
        let (client, engine) = start(&self.data, &self.server, &self.road, &self.secrets);
        self.client = client;
        self.engine = Some(engine);
    }

    /// Makes an account.
    ///
    /// # Errors
    /// As the core refuses.
    pub async fn register(&self, name: &str) -> Result<()> {
        let email = format!("{}@example.org", Sources::system().uuid().simple());
        self.register_as(&email, name).await
    }

    /// Makes an account with this e-mail.
    ///
    /// # Errors
    /// As the core refuses.
    pub async fn register_as(&self, email: &str, name: &str) -> Result<()> {
        let password = SecretString::from(PASSWORD);
        self.client.register(self.server.clone(), email.into(), password, name.into()).await?;
        Ok(())
    }

    /// Signs in to the account with this e-mail.
    ///
    /// # Errors
    /// As the core refuses.
    pub async fn sign_in(&self, email: &str) -> Result<()> {
        self.client.sign_in(self.server.clone(), email.into(), SecretString::from(PASSWORD)).await?;
        Ok(())
    }

    /// Waits until `seen` finds what it looks for; looks again after every event of the core.
    ///
    /// # Errors
    /// If it does not come in time: `what` says what was waited for.
    pub async fn until<T, F>(&self, what: &str, mut seen: impl FnMut(Client) -> F) -> Result<T>
    where
        F: Future<Output = Result<Option<T>>>,
    {
        let mut events = self.client.subscribe();
        let wait = async {
            loop {
                if let Some(found) = seen(self.client.clone()).await? {
                    return Ok(found);
                }
                if matches!(events.recv().await, Err(RecvError::Closed)) {
                    bail!("the core ended while waiting for {what}");
                }
            }
        };
        timeout(PATIENCE, wait).await.with_context(|| format!("did not come: {what}"))?
    }

    /// Waits until everything that happened is here.
    ///
    /// # Errors
    /// If that does not come.
    pub async fn until_online(&self) -> Result<()> {
        self.until("online", |client| async move {
            Ok((client.start_view().await?.connection == ConnectionView::Online).then_some(()))
        })
        .await
    }

    /// Waits until `room` shows exactly these texts, all of them sent.
    ///
    /// # Errors
    /// If that does not come; says what is shown instead.
    pub async fn until_reads(&self, room: RoomId, texts: &[&str]) -> Result<()> {
        let wanted: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let shown = self
            .until("the texts", |client| {
                let wanted = wanted.clone();
                async move {
                    let rows = all_rows(&client, room).await?;
                    let sent =
                        |row: &TimelineRow| !matches!(row.state, SendState::Waiting | SendState::Failed);
                    let sent = rows.iter().all(sent);
                    Ok((sent && texts_of(&rows) == wanted).then_some(()))
                }
            })
            .await;
        match shown {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!("shown: {:?}", all_rows(&self.client, room).await?))),
        }
    }

    /// Everything that `room` shows, notes for the record aside, oldest first, read page by page as the screen does.
    ///
    /// # Errors
    /// As the core refuses.
    pub async fn rows(&self, room: RoomId) -> Result<Vec<TimelineRow>> {
        let rows = all_rows(&self.client, room).await?;
        Ok(rows.into_iter().filter(|row| !row.silent).collect())
    }

    /// Sends `text`; returns when it is in the outbox.
    ///
    /// # Errors
    /// As the core refuses.
    pub async fn say(&self, room: RoomId, text: &str) -> Result<String> {
        Ok(self.client.send(room, text.into()).await?.0.simple().to_string())
    }
}

fn start(data: &Path, server: &str, road: &Road, secrets: &Arc<dyn SecretStore>) -> (Client, Tasks) {
    let config = Config { data_dir: data.into(), server: server.into(), app: "story".into() };
    let (client, engine) = Client::with(Parts {
        config,
        sources: Sources::system(),
        api: Arc::new(HttpApi::new().expect("no TLS")),
        dialer: Arc::new(road.clone()),
        secrets: secrets.clone(),
    });
    let tasks = Tasks::default();
    tasks.start("core", engine);
    (client, tasks)
}

async fn all_rows(client: &Client, room: RoomId) -> Result<Vec<TimelineRow>> {
    let mut rows: Vec<TimelineRow> = Vec::new();
    let mut place = Place::Newest;
    loop {
        let page = client.timeline(room, place, 100).await?;
        let first = page.rows.iter().find_map(|row| row.seq);
        rows.splice(0..0, page.rows);
        match first {
            Some(seq) if page.older == Edge::More => place = Place::Before { seq },
            _ => return Ok(rows),
        }
    }
}

fn texts_of(rows: &[TimelineRow]) -> Vec<String> {
    rows.iter().filter_map(|row| row.text.clone()).collect()
}

impl SecretStore for Keyring {
    fn get(
        &self,
        key: String,
    ) -> futures_util::future::BoxFuture<'static, Result<Option<SecretString>, SecretError>> {
        let found = self.0.lock().map(|secrets| secrets.get(&key).cloned()).map_err(|_| SecretError);
        Box::pin(std::future::ready(found))
    }

    fn set(
        &self,
        key: String,
        secret: SecretString,
    ) -> futures_util::future::BoxFuture<'static, Result<(), SecretError>> {
        let stored =
            self.0.lock().map(|mut secrets| drop(secrets.insert(key, secret))).map_err(|_| SecretError);
        Box::pin(std::future::ready(stored))
    }

    fn delete(&self, key: String) -> futures_util::future::BoxFuture<'static, Result<(), SecretError>> {
        let gone = self.0.lock().map(|mut secrets| drop(secrets.remove(&key))).map_err(|_| SecretError);
        Box::pin(std::future::ready(gone))
    }
}
