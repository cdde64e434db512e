//! The engine: one loop that owns everything and does what the pure parts decide.
//!
//! Four things can happen: somebody asks, a frame comes, an answer that was waited for comes, or time passes.
//! Each is handled to its end before the next is looked at; nothing here waits for the network or the keyring,
//! which run as jobs beside the loop. What it does with a frame is in `frames`, with a question in `reads`,
//! `writes` and `wishes`, with sign-in and tokens in `doors`, with trips in `calls`, with one's account in `own`.

use super::Parts;
use super::calls::Call;
use super::command::{Answer, Command};
use super::doors::Entered;
use super::wishes::Writing;
use crate::account::Account;
use crate::account::secrets::Secrets;
use crate::api::{Reply, Unreachable};
use crate::cache::Cache;
use crate::cache::device::{self, Device};
use crate::error::CoreError;
use crate::event::ClientEvent;
use crate::outbox::state::{Input as Queue, Lanes};
use crate::session::state::{Effect, Input, Session};
use crate::session::transport::{DialError, Incoming, Socket};
use crate::sync::fill::{Filler, Look};
use crate::sync::gap::Gaps;
use crate::sync::hints::Hints;
use crate::view::{AccountView, StartView};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;
use tripchat_protocol::rest::Grant;
use tripchat_protocol::{ClientFrame, DeviceId, ErrorCode, RoomId, StreamId};

/// What a job came to.
pub enum Finished {
    /// The keyring answered, or did not in time; for the sign-in with this number.
    Remembered(u64, Option<SecretString>),
    /// Somebody came in, or did not.
    CameIn(Result<Entered, CoreError>, Answer<AccountView>),
    /// A renewal, of the sign-in with this number.
    Renewed(u64, Result<Grant, CoreError>),
    /// A dial, with its number.
    Dialed(u64, Result<Socket, DialError>),
    /// A REST call.
    Called(Call, Result<Reply, Unreachable>),
    /// A page of history, for the sign-in with this number.
    Filled(u64, Look, Result<Reply, Unreachable>),
    /// The server was told, or could not be.
    SignedOut(Answer<()>),
    /// Another password was set without the old one, or was not.
    Reset(Result<(), CoreError>, Answer<()>),
    /// The keyring is cleared.
    Forgotten,
}

/// See the module.
pub struct Engine {
    pub parts: Parts,
    pub events: broadcast::Sender<ClientEvent>,
    pub device: Cache,
    pub this: Device,
    pub secrets: Secrets,
    pub account: Option<Account>,
    /// The access token; it lives here and nowhere else.
    pub token: Option<SecretString>,
    pub session: Session,
    pub lanes: Lanes,
    pub writing: Writing,
    pub gaps: Gaps,
    pub hints: Hints,
    pub filler: Filler,
    /// Rooms in which something changed, to be judged for notifications.
    pub touched: BTreeSet<RoomId>,
    /// Streams of which another page follows.
    pub unfinished: BTreeSet<StreamId>,
    /// Whether this device had nothing of the account when it connected.
    pub is_fresh: bool,
    /// The room that is on the screen, in a window that has the focus.
    pub visible: Option<RoomId>,
    pub socket: Option<Socket>,
    /// Numbers the dials, so that one that was given up is known when it answers after all.
    pub dial: u64,
    /// Numbers the sign-ins, for the same reason.
    pub sign_in: u64,
    pub renewing: bool,
    pub coming_in: bool,
    /// Calls that wait for a token.
    pub waiting_calls: Vec<Call>,
    /// Coming in and going out wait for a renewal to end: its token would come to life after them.
    pub deferred: Vec<Command>,
    /// Who asked how things stand before the keyring had answered.
    pub waiting_starts: Option<Vec<Answer<StartView>>>,
    pub jobs: FuturesUnordered<BoxFuture<'static, Finished>>,
    began: Instant,
}

enum Turn {
    Command(Option<Command>),
    Incoming(Incoming),
    Finished(Finished),
    Time,
}

impl Engine {
    /// Runs until it is closed or nobody is left who could ask.
    pub async fn run(
        parts: Parts,
        mut to_do: mpsc::UnboundedReceiver<Command>,
        events: broadcast::Sender<ClientEvent>,
    ) {
        let closing = match Self::open(parts, events) {
            Ok(mut engine) => engine.work(&mut to_do).await,
            Err(error) => refuse_all(&mut to_do, &error).await,
        };
        // The engine and with it every file is closed by now.
        if let Some(answer) = closing {
            answer.give(Ok(()));
        }
    }

    fn open(parts: Parts, events: broadcast::Sender<ClientEvent>) -> Result<Self, CoreError> {
        let device = Cache::open_device(&parts.config.data_dir.join("tripchat.db"))?;
        let fresh = DeviceId(parts.sources.uuid());
        let this = device::get_or_make(device.read(), fresh).map_err(crate::cache::CacheError::from)?;
        let secrets = Secrets::new(parts.secrets.clone(), this.id.to_string());
        let mut engine = Self {
            parts,
            events,
            device,
            this,
            secrets,
            account: None,
            token: None,
            session: Session::default(),
            lanes: Lanes::default(),
            writing: Writing::default(),
            gaps: Gaps::default(),
            hints: Hints::default(),
            filler: Filler::default(),
            touched: BTreeSet::new(),
            unfinished: BTreeSet::new(),
            is_fresh: false,
            visible: None,
            socket: None,
            dial: 0,
            sign_in: 0,
            renewing: false,
            coming_in: false,
            waiting_calls: Vec::new(),
            deferred: Vec::new(),
            waiting_starts: Some(Vec::new()),
            jobs: FuturesUnordered::new(),
            began: Instant::now(),
        };
        engine.reopen_account()?;
        Ok(engine)
    }

    async fn work(&mut self, to_do: &mut mpsc::UnboundedReceiver<Command>) -> Option<Answer<()>> {
        loop {
            let deadline = self.deadline();
            let (socket, jobs) = (&mut self.socket, &mut self.jobs);
            let turn = tokio::select! {
                biased;
                command = to_do.recv() => Turn::Command(command),
                incoming = read(socket) => Turn::Incoming(incoming),
                Some(finished) = jobs.next() => Turn::Finished(finished),
                () = until(deadline) => Turn::Time,
            };
            match turn {
                Turn::Command(None) => return None,
                Turn::Command(Some(Command::Close(answer))) => return Some(answer),
                Turn::Command(Some(command)) => self.command(command),
                Turn::Incoming(Incoming::Frame(text)) => self.frame(&text),
                Turn::Incoming(Incoming::Closed(code)) => self.session(Input::Closed(code)),
                Turn::Finished(finished) => self.finished(finished),
                Turn::Time => {}
            }
            // After every turn, so that a flood of one kind never starves the clock.
            self.tick();
        }
    }

    /// Milliseconds of a clock that only rises.
    pub fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn deadline(&self) -> Option<Instant> {
        let next = [
            self.session.deadline(),
            self.lanes.deadline(),
            self.writing.deadline(),
            self.gaps.deadline(),
            self.hints.deadline(),
            self.filler.deadline(),
        ];
        next.into_iter().flatten().min().map(|at| self.began + Duration::from_millis(at))
    }

    fn tick(&mut self) {
        let now = self.now();
        if self.gaps.is_overdue(now) {
            self.session(Input::Fault);
        }
        self.session(Input::Tick);
        self.too_late();
        self.queue(Queue::Tick);
        self.pauses();
        self.feed(Queue::Tick);
        for stream in self.gaps.due(now) {
            self.ask_for(stream);
        }
        for room in self.hints.expire(now) {
            self.look_at(room);
        }
        self.fill();
        self.judge_touched();
    }

    /// Does what somebody asks.
    pub fn command(&mut self, command: Command) {
        match command {
            Command::ComeIn(..) | Command::SignOut { .. } if self.renewing => self.deferred.push(command),
            Command::Start(answer) => match &mut self.waiting_starts {
                Some(waiting) => waiting.push(answer),
                None => answer.give(Ok(self.start_view())),
            },
            Command::ComeIn(credentials, answer) => self.come_in(credentials, answer),
            Command::SignOut { discard_unsent, answer } => self.sign_out(discard_unsent, answer),
            Command::Reset(forgotten, answer) => self.reset(forgotten, answer),
            Command::Inbox(answer) => answer.give(self.inbox()),
            Command::Room(room, answer) => answer.give(self.room(room)),
            Command::Timeline { room, place, limit, answer } => {
                answer.give(self.timeline(room, place, limit));
            }
            Command::Search { query, room, limit, answer } => answer.give(self.search(&query, room, limit)),
            Command::Visible(room) => {
                self.visible = room;
                self.turned_to(room);
            }
            Command::Write(command) => self.write_down(command),
            Command::Trips(command) => self.trips(command),
            Command::Own(command) => self.own(command),
            Command::Wake => self.session(Input::Wake),
            Command::Close(answer) => answer.give(Ok(())),
        }
    }

    fn finished(&mut self, finished: Finished) {
        match finished {
            Finished::Remembered(sign_in, refresh) => self.remembered(sign_in, refresh),
            Finished::CameIn(result, answer) => self.came_in(result, answer),
            Finished::Renewed(sign_in, result) => self.renewed(sign_in, result),
            Finished::Dialed(dial, result) => self.dialed(dial, result),
            Finished::Called(call, result) => self.called(call, result),
            Finished::Filled(sign_in, look, result) => self.filled(sign_in, look, result),
            Finished::SignedOut(answer) => answer.give(Ok(())),
            Finished::Reset(result, answer) => answer.give(result),
            Finished::Forgotten => {}
        }
    }

    fn dialed(&mut self, dial: u64, result: Result<Socket, DialError>) {
        if dial != self.dial {
            return;
        }
        match result {
            Ok(socket) => {
                self.socket = Some(socket);
                self.session(Input::Dialed);
            }
            Err(DialError::Version) => self.session(Input::TooOld),
            Err(DialError::Busy(after)) => self.session(Input::Busy { after }),
            Err(error) => self.session(Input::DialFailed { token: error == DialError::Token }),
        }
    }

    /// Feeds the session and does what it says.
    pub fn session(&mut self, input: Input) {
        let sources = self.parts.sources.clone();
        for effect in self.session.on(self.now(), input, |bound| sources.below(bound)) {
            self.effect(effect);
        }
    }

    fn effect(&mut self, effect: Effect) {
        match effect {
            Effect::Dial => self.start_dial(),
            Effect::Drop => {
                self.socket = None;
                self.dial += 1;
            }
            Effect::Hello => self.hello(),
            Effect::Ping => self.write(&ClientFrame::Ping(Default::default())),
            Effect::Pong => self.write(&ClientFrame::Pong(Default::default())),
            Effect::Authenticate => self.authenticate(),
            Effect::Renew => self.renew(),
            Effect::Open => {
                self.gaps.open();
                self.filler.open();
                self.begin_quietly();
                self.queue(Queue::Opened);
                self.feed(Queue::Opened);
                self.tell_availability();
                if let Err(error) = self.reports() {
                    self.fault(&error);
                }
            }
            Effect::Lost => {
                self.gaps.lost();
                self.filler.lost();
                self.unfinished.clear();
                self.forget_hints();
                self.queue(Queue::Lost);
                self.feed(Queue::Lost);
            }
            Effect::Show(connection) => self.tell(ClientEvent::Connection { connection }),
            Effect::End(reason) => self.end(reason),
        }
    }

    /// Sends a frame, if there is a socket.
    pub fn write(&mut self, frame: &ClientFrame) {
        let Some(socket) = &self.socket else { return };
        match serde_json::to_string(frame) {
            Ok(text) => socket.write(text),
            Err(error) => tracing::error!(%error, "a frame cannot be written"),
        }
    }

    /// Tells everyone who listens; that may be nobody.
    pub fn tell(&self, event: ClientEvent) {
        if self.events.send(event).is_err() {
            tracing::trace!("nobody listens");
        }
    }

    /// Who is signed in.
    pub fn signed_in(&mut self) -> Result<&mut Account, CoreError> {
        self.account.as_mut().ok_or_else(|| ErrorCode::NotSignedIn.into())
    }
}

async fn read(socket: &mut Option<Socket>) -> Incoming {
    match socket {
        Some(socket) => socket.read().await,
        None => std::future::pending().await,
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// What is wrong with the files is answered to every question, until the core is closed.
async fn refuse_all(to_do: &mut mpsc::UnboundedReceiver<Command>, error: &CoreError) -> Option<Answer<()>> {
    while let Some(command) = to_do.recv().await {
        match command {
            Command::Close(answer) => return Some(answer),
            command => command.refuse(error.code),
        }
    }
    None
}
