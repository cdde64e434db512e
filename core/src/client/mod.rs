//! The handle that the shell holds, and the only place that wires the rest.
//!
//! [`Client`] is a cheap handle: every method sends a [`command::Command`] to the engine and awaits its answer.
//! The engine is one future that owns the databases, the session and the outbox, so that nothing is ever
//! locked. In an app it runs on a thread of its own ([`Client::start`]), in tests and in the simulation on
//! whatever runtime they bring ([`Client::with`]).

mod calls;
mod command;
mod doors;
mod engine;
mod filling;
mod frames;
mod hints;
mod notices;
mod own;
mod reads;
mod trips;
mod wishes;
mod writes;

use crate::account::secret_store::{Keyring, SecretStore};
use crate::api::{Api, HttpApi};
use crate::config::Config;
use crate::error::CoreError;
use crate::event::ClientEvent;
use crate::session::transport::{Dialer, TcpDialer};
use crate::view::{AccountView, Hit, InboxRow, Place, RoomView, StartView, TimelineView};
use command::{Answer, Command, Credentials, Door, WriteCommand};
use engine::Engine;
use secrecy::SecretString;
use std::future::Future;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc};
use tripchat_protocol::{Availability, ErrorCode, MessageId, Millis, OperationId, RoomId, Seq, Setting};
use tripchat_runtime::Sources;

/// Events that a slow listener may be behind; beyond that it is told that it lagged and looks at everything.
const EVENTS: usize = 256;

/// What the engine stands on. A test hands in its own.
#[derive(Clone)]
pub struct Parts {
    /// What the shell says.
    pub config: Config,
    /// Clock and randomness.
    pub sources: Sources,
    /// The REST interface.
    pub api: Arc<dyn Api>,
    /// The way to a socket.
    pub dialer: Arc<dyn Dialer>,
    /// Where the refresh token rests.
    pub secrets: Arc<dyn SecretStore>,
}

impl Parts {
    /// The real ones.
    ///
    /// # Errors
    /// `INTERNAL` when TLS cannot be set up on this machine.
    pub fn system(config: Config) -> Result<Self, CoreError> {
        let provider = rustls::crypto::CryptoProvider::get_default();
        if provider.is_none() && rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
            tracing::debug!("another part of the process has just chosen its cryptography");
        }
        let api = HttpApi::new().map_err(|error| {
            tracing::error!(%error, "TLS cannot be set up");
            ErrorCode::Internal
        })?;
        Ok(Self {
            config,
            sources: Sources::system(),
            api: Arc::new(api),
            dialer: Arc::new(TcpDialer),
            secrets: Arc::new(Keyring),
        })
    }
}

/// The client. Clones share one engine; it ends when the last one is dropped or one is closed.
#[derive(Clone, Debug)]
pub struct Client {
    commands: mpsc::UnboundedSender<Command>,
    events: broadcast::WeakSender<ClientEvent>,
}

impl Client {
    /// Starts the client on a thread of its own. Files are opened there: what is wrong with them is answered by
    /// [`Client::start_view`] and by every other question.
    ///
    /// # Errors
    /// `INTERNAL` when the machine gives no thread, no runtime or no TLS.
    pub fn start(config: Config) -> Result<Self, CoreError> {
        let (client, engine) = Self::with(Parts::system(config)?);
        on_own_thread(engine).map_err(|error| {
            tracing::error!(%error, "the core cannot start");
            ErrorCode::Internal
        })?;
        Ok(client)
    }

    /// The client and the future that is its engine, for a runtime of one's own.
    pub fn with(parts: Parts) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (commands, to_do) = mpsc::unbounded_channel();
        let (events, _) = broadcast::channel(EVENTS);
        let client = Self { commands, events: events.downgrade() };
        (client, Engine::run(parts, to_do, events))
    }

    /// What happens from now on. After `Lagged`, look at everything again; `Closed` means that the engine ended.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<ClientEvent> {
        match self.events.upgrade() {
            Some(events) => events.subscribe(),
            None => broadcast::channel(1).1,
        }
    }

    /// Where the app stands. Waits for the keyring, at most 3 s.
    ///
    /// # Errors
    /// `CACHE_NEWER`, `LOCAL_STORAGE`.
    pub async fn start_view(&self) -> Result<StartView, CoreError> {
        self.ask(Command::Start).await
    }

    /// Makes an account on `server` and signs in with it.
    ///
    /// # Errors
    /// `INVALID_INPUT` (with the field), `EMAIL_TAKEN`, `NOT_A_SERVER`, `NO_SERVER`, `CONFLICT` when somebody is
    /// signed in already.
    pub async fn register(
        &self,
        server: String,
        email: String,
        password: SecretString,
        name: String,
    ) -> Result<AccountView, CoreError> {
        let door = Door::Register(name);
        self.ask(|to| Command::ComeIn(Credentials { server, email, password, door }, to)).await
    }

    /// Signs in.
    ///
    /// # Errors
    /// `WRONG_CREDENTIALS`, otherwise as [`Client::register`].
    pub async fn sign_in(
        &self,
        server: String,
        email: String,
        password: SecretString,
    ) -> Result<AccountView, CoreError> {
        let door = Door::SignIn;
        self.ask(|to| Command::ComeIn(Credentials { server, email, password, door }, to)).await
    }

    /// Signs out: tells the server if it can be reached, and forgets everything on this device in any case.
    ///
    /// # Errors
    /// `CONFLICT` with `details` = the number of unsent messages and changes, unless `discard_unsent`.
    pub async fn sign_out(&self, discard_unsent: bool) -> Result<(), CoreError> {
        self.ask(|answer| Command::SignOut { discard_unsent, answer }).await
    }

    /// The rooms, the one where something last happened first.
    ///
    /// # Errors
    /// `NOT_SIGNED_IN`, `LOCAL_STORAGE`.
    pub async fn inbox(&self) -> Result<Vec<InboxRow>, CoreError> {
        self.ask(Command::Inbox).await
    }

    /// A room's header.
    ///
    /// # Errors
    /// `ROOM_NOT_FOUND`, `NOT_SIGNED_IN`.
    pub async fn room(&self, room: RoomId) -> Result<RoomView, CoreError> {
        self.ask(|to| Command::Room(room, to)).await
    }

    /// The messages at a place, at most `limit` (1 to 200). What is missing beyond an end is fetched from here on:
    /// an event tells when to look again.
    ///
    /// # Errors
    /// `ROOM_NOT_FOUND`, `NOT_SIGNED_IN`.
    pub async fn timeline(&self, room: RoomId, place: Place, limit: u32) -> Result<TimelineView, CoreError> {
        self.ask(|answer| Command::Timeline { room, place, limit, answer }).await
    }

    /// The newest messages on this device with a word for each word of `query`, beginning like it, whatever its case
    /// and marks; in one room or in all; at most `limit` (1 to 200).
    ///
    /// # Errors
    /// `NOT_SIGNED_IN`.
    pub async fn search(
        &self,
        query: String,
        room: Option<RoomId>,
        limit: u32,
    ) -> Result<Vec<Hit>, CoreError> {
        self.ask(|answer| Command::Search { query, room, limit, answer }).await
    }

    /// Says which room is on the screen, in a window that has the focus: it needs no notifications.
    pub fn visible(&self, room: Option<RoomId>) {
        if self.commands.send(Command::Visible(room)).is_err() {
            tracing::debug!("looked after the end");
        }
    }

    /// Takes a message. When this returns, it is stored on this device and will be sent, now or later; the room's
    /// draft is gone.
    ///
    /// # Errors
    /// `MESSAGE_REFUSED` (empty), `TOO_LARGE`, `ROOM_NOT_FOUND`, `NOT_PARTICIPANT`, `ROOM_INACTIVE`, `LOCAL_STORAGE`:
    /// keep the text.
    pub async fn send(&self, room: RoomId, text: String) -> Result<MessageId, CoreError> {
        self.write(|answer| WriteCommand::Send { room, text, send_by: None, answer }).await
    }

    /// Takes a message that is worth sending until `until`, by the server's clock. After that it is not sent, and
    /// shows as refused with `TOO_LATE`; retried, it goes without a limit.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn send_by(&self, room: RoomId, text: String, until: Millis) -> Result<MessageId, CoreError> {
        self.write(|answer| WriteCommand::Send { room, text, send_by: Some(until), answer }).await
    }

    /// Gives one's own message another text; a refused one is sent again with it. Returns the operation that carries
    /// it: the message itself while it is still here.
    ///
    /// # Errors
    /// `MESSAGE_REFUSED`, `TOO_LARGE`, `GONE` (deleted), `FORBIDDEN` (not one's own text), `ROOM_NOT_FOUND`,
    /// `NOT_PARTICIPANT`, `LOCAL_STORAGE`.
    pub async fn edit(
        &self,
        room: RoomId,
        message: MessageId,
        text: String,
    ) -> Result<OperationId, CoreError> {
        self.write(|answer| WriteCommand::Edit { room, message, text, answer }).await
    }

    /// Takes one's own message away, for everybody; one that has not left yet is withdrawn.
    ///
    /// # Errors
    /// `GONE`, `FORBIDDEN`, `ROOM_NOT_FOUND`, `NOT_PARTICIPANT`, `LOCAL_STORAGE`.
    pub async fn delete(&self, room: RoomId, message: MessageId) -> Result<OperationId, CoreError> {
        self.write(|answer| WriteCommand::Delete { room, message, answer }).await
    }

    /// Sends a refused message or change again, after those that wait in its room: a message without a limit, an
    /// edit against the newest version.
    ///
    /// # Errors
    /// `GONE` when it is no longer there or was not refused.
    pub async fn retry(&self, id: impl Into<OperationId>) -> Result<(), CoreError> {
        let id = id.into();
        self.write(|to| WriteCommand::Retry(id, to)).await
    }

    /// Takes back a refused message or change, or one that was not tried yet, and returns its text; that of a delete
    /// is empty.
    ///
    /// # Errors
    /// `GONE` when it is no longer there, `CONFLICT` when it may be on its way already.
    pub async fn discard(&self, id: impl Into<OperationId>) -> Result<String, CoreError> {
        let id = id.into();
        self.write(|to| WriteCommand::Discard(id, to)).await
    }

    /// The person has seen everything up to a message. Clears what was marked as unread. In a room that they have left
    /// it does nothing.
    ///
    /// # Errors
    /// `ROOM_NOT_FOUND`, `LOCAL_STORAGE`; the next two also `NOT_PARTICIPANT`.
    pub async fn seen(&self, room: RoomId, seq: Seq) -> Result<(), CoreError> {
        self.write(|to| WriteCommand::Seen(room, seq, to)).await
    }

    /// Sets something about a room, on all of the person's devices.
    ///
    /// # Errors
    /// See [`Client::seen`].
    pub async fn set(&self, room: RoomId, setting: Setting) -> Result<(), CoreError> {
        self.write(|to| WriteCommand::Set(room, setting, to)).await
    }

    /// Keeps what was begun and not sent. It is stored at once, and told to the person's other devices when they pause
    /// or turn to another room; longer than a message may be, it stays here.
    ///
    /// # Errors
    /// See [`Client::seen`].
    pub async fn draft(&self, room: RoomId, draft: Option<String>) -> Result<(), CoreError> {
        self.set(room, Setting::Draft(draft)).await
    }

    /// The person is writing: told at most every 3 s, if there is a connection.
    pub fn typing(&self, room: RoomId) {
        self.tell(WriteCommand::Typing(room));
    }

    /// How far the person wants to be seen as present; remembered until they sign out.
    pub fn availability(&self, availability: Availability) {
        self.tell(WriteCommand::Availability(availability));
    }

    /// Says that the machine has woken up, the network has changed or the window came to the front.
    pub fn wake(&self) {
        if self.commands.send(Command::Wake).is_err() {
            tracing::debug!("woken after the end");
        }
    }

    /// Ends the engine; when this returns, its files are closed.
    ///
    /// # Errors
    /// None: a client that has ended is closed.
    pub async fn close(&self) -> Result<(), CoreError> {
        let (answer, reply) = Answer::channel();
        if self.commands.send(Command::Close(answer)).is_ok() {
            // An error here means that the engine ended without answering, which is what was asked for.
            return reply.await.unwrap_or(Ok(()));
        }
        Ok(())
    }

    async fn write<T>(&self, question: impl FnOnce(Answer<T>) -> WriteCommand) -> Result<T, CoreError> {
        self.ask(|answer| Command::Write(question(answer))).await
    }

    fn tell(&self, command: WriteCommand) {
        if self.commands.send(Command::Write(command)).is_err() {
            tracing::debug!("told after the end");
        }
    }

    async fn ask<T>(&self, question: impl FnOnce(Answer<T>) -> Command) -> Result<T, CoreError> {
        let (answer, reply) = Answer::channel();
        self.commands.send(question(answer)).map_err(|_| ErrorCode::Unavailable)?;
        reply.await.map_err(|_| ErrorCode::Unavailable)?
    }
}

/// The one thread of the core. The engine's future is made of parts that never block, and its databases are
/// called inline.
fn on_own_thread(engine: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("tripchat-core".into()).spawn(move || runtime.block_on(engine))?;
    Ok(())
}

#[cfg(test)]
mod tests;
