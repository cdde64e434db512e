//! A connection after its hello: first what was missed (`first.rs`), then what happens.

mod catching_up;
mod ephemeral;
mod first;
mod looking;

use super::feeds::{Feeds, Verdict};
use super::heartbeat::{Due, Heartbeat};
use super::operations::{Operation, Operations, Write};
use super::typing::Typing;
use super::wire::{End, Incoming, Wire};
use crate::context::Context;
use crate::error::Error;
use crate::gathering::MarkKind;
use crate::hub::{Arrival, Inlet, Live, TOGETHER};
use crate::presence::Attendance;
use crate::tokens::Caller;
use futures_util::FutureExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tripchat_protocol::frame::{Authenticate, Done, Drain, Empty, Hello, close};
use tripchat_protocol::{ClientFrame, ConnectionId, ErrorCode, Failure, Object, ServerFrame};
use tripchat_runtime::{Plant, planted};

/// Runs the connection to its end.
pub(super) async fn run(context: Arc<Context>, wire: Wire, hello: Hello, caller: Caller) {
    let id = ConnectionId(context.sources.uuid());
    // The greeting let none pass that does not fit.
    let generation = i64::try_from(hello.generation).unwrap_or(i64::MAX);
    let inlet = context.hub.connect(caller.user, caller.session);
    let mut connection = Connection {
        attendance: context.presences.attend(caller.user, caller.session, inlet.number()),
        inlet,
        operations: Operations::new(context.clone(), caller.clone(), generation),
        heartbeat: Heartbeat::new(&context.sources),
        feeds: Feeds::default(),
        typing: Typing::default(),
        next_look: Instant::now() + looking::first(&context),
        leave_at: None,
        caller,
        context,
        wire,
    };
    tracing::debug!(%id, "connected");
    let end = match connection.catch_up_all(id, hello).await {
        Ok(()) => connection.live().await,
        Err(end) => end,
    };
    tracing::debug!(%id, ?end, "disconnected");
    connection.wire.close(&end).await;
    // From here on it is nobody's connection any more.
    let wire = connection.into_wire();
    wire.linger(&end).await;
}

struct Connection {
    context: Arc<Context>,
    caller: Caller,
    wire: Wire,
    inlet: Inlet,
    feeds: Feeds,
    operations: Operations,
    heartbeat: Heartbeat,
    attendance: Attendance,
    typing: Typing,
    /// When the database is asked where the streams stand.
    next_look: Instant,
    /// When the server goes away.
    leave_at: Option<Instant>,
}

impl Connection {
    fn into_wire(self) -> Wire {
        self.wire
    }

    async fn live(&mut self) -> End {
        loop {
            if let Err(end) = self.step().await {
                return end;
            }
        }
    }

    async fn step(&mut self) -> Result<(), End> {
        let now = Instant::now();
        let (beat_at, due) = self.heartbeat.next(self.wire.life, now, self.context.sources.now());
        // What is due goes first: however much a client sends, its time comes.
        if self.leave_at.is_some_and(|at| at <= now) {
            return Err(self.finish().await);
        }
        if beat_at <= now {
            return self.beat(due).await;
        }
        if self.next_look <= now {
            return self.look().await;
        }
        // What is there already goes out in the same write; but the client's own turn comes, too.
        if (1..TOGETHER).contains(&self.wire.unflushed()) {
            if let Some(answer) = self.operations.next().now_or_never() {
                return self.answer(answer).await;
            }
            if let Some(arrival) = self.inlet.take() {
                return self.pass_on(arrival).await;
            }
        }
        if self.wire.unflushed() > 0 {
            self.wire.flush().await?;
        }
        let soonest = self.leave_at.into_iter().fold(beat_at.min(self.next_look), Instant::min);
        let has_room = self.operations.has_room();
        tokio::select! {
            biased;
            answer = self.operations.next() => self.answer(answer).await,
            incoming = self.wire.read(), if has_room => {
                self.take(incoming?).await?;
                match self.inlet.take() {
                    Some(arrival) => self.pass_on(arrival).await,
                    None => Ok(()),
                }
            }
            arrival = self.inlet.next() => self.pass_on(arrival).await,
            () = sleep_until(soonest) => Ok(()),
        }
    }

    async fn answer(&mut self, answer: ServerFrame) -> Result<(), End> {
        self.wire.queue(&answer).await?;
        match answer {
            // Whatever else this connection asks for would be refused as well.
            ServerFrame::Error(Failure { code: ErrorCode::ConnectionReplaced, .. }) => {
                Err(End::Close(close::REPLACED))
            }
            _ => Ok(()),
        }
    }

    /// The server goes away: what was taken is done and answered, and nothing more is taken.
    async fn finish(&mut self) -> End {
        while !self.operations.is_idle() {
            let answer = self.operations.next().await;
            let told = match self.answer(answer).await {
                Ok(()) => self.wire.flush().await,
                Err(end) => Err(end),
            };
            if let Err(end) = told {
                return end;
            }
        }
        End::Close(close::DRAIN)
    }

    async fn beat(&mut self, due: Due) -> Result<(), End> {
        match due {
            Due::Ping => self.wire.write(&ServerFrame::Ping(Empty {})).await,
            Due::Renew => {
                self.heartbeat.asked(self.wire.life.expires_at);
                self.wire.write(&ServerFrame::Reauthenticate(Empty {})).await
            }
            Due::Idle => Err(End::Close(close::IDLE)),
            Due::Expired => Err(End::Close(close::TOKEN)),
        }
    }

    async fn take(&mut self, incoming: Incoming) -> Result<(), End> {
        let frame = match incoming {
            Incoming::Alive => return Ok(()),
            Incoming::Unreadable(id) => {
                let refusal = Failure::new(Some(id), ErrorCode::InvalidInput);
                return self.wire.write(&ServerFrame::Error(refusal)).await;
            }
            Incoming::Frame(frame) => *frame,
        };
        let operation = match frame {
            ClientFrame::Send(frame) => Operation::Write(Write::Send(frame)),
            ClientFrame::Edit(frame) => Operation::Write(Write::Edit(frame)),
            ClientFrame::Delete(frame) => Operation::Write(Write::Delete(frame)),
            ClientFrame::Set(frame) => Operation::Write(Write::Set(frame)),
            ClientFrame::Read(frame) => Operation::Mark(MarkKind::Read, frame),
            ClientFrame::Delivered(frame) => Operation::Mark(MarkKind::Delivered, frame),
            ClientFrame::Typing(typing) => return self.type_in(typing.room).await,
            ClientFrame::Presence(presence) => {
                self.attendance.lower(presence.state);
                return Ok(());
            }
            ClientFrame::CatchUp(frame) => return self.catch_up(frame).await,
            ClientFrame::Authenticate(Authenticate { token }) => return self.authenticate(&token).await,
            ClientFrame::Ping(_) => return self.wire.write(&ServerFrame::Pong(Empty {})).await,
            ClientFrame::Pong(_) => return Ok(()),
            ClientFrame::Hello(_) => {
                return Err(self.wire.refuse(ErrorCode::InvalidInput, close::BAD_FRAME).await);
            }
        };
        self.operations.push(operation);
        Ok(())
    }

    /// A fresh token for the same person and session prolongs the connection.
    async fn authenticate(&mut self, token: &str) -> Result<(), End> {
        let now = self.context.sources.now();
        match self.context.tokens.check(token, now) {
            Ok(fresh) if fresh.user == self.caller.user && fresh.session == self.caller.session => {
                self.wire.life.expires_at = fresh.expires_at;
                let done = Done { id: None, stream: None, rev: None, seq: None, at: now, duplicate: false };
                self.wire.write(&ServerFrame::Ok(done)).await
            }
            Ok(_) => Err(self.wire.refuse(ErrorCode::Forbidden, close::TOKEN).await),
            Err(error) => Err(self.wire.refuse(error.code(), close::TOKEN).await),
        }
    }

    async fn pass_on(&mut self, arrival: Arrival) -> Result<(), End> {
        match arrival {
            Arrival::Live(live) => match self.feeds.judge(live.stream, live.epoch, live.rev) {
                Verdict::Known => Ok(()),
                Verdict::Gap if planted(Plant::GapForwarded) => self.pass_live(live).await,
                Verdict::Gap => {
                    self.context.figures.healed.gap.fetch_add(1, Ordering::Relaxed);
                    self.heal(live.stream).await
                }
                Verdict::Next => self.pass_live(live).await,
            },
            Arrival::Ephemeral(ephemeral) => self.pass_ephemeral(ephemeral).await,
            Arrival::Lagging(streams) => {
                for stream in streams {
                    self.context.figures.healed.lagging.fetch_add(1, Ordering::Relaxed);
                    self.heal(stream).await?;
                }
                Ok(())
            }
            Arrival::Ended => {
                self.context.presences.forget(self.caller.session);
                Err(End::Close(close::REVOKED))
            }
            Arrival::Drain(within) => self.drain(within).await,
        }
    }

    async fn pass_live(&mut self, live: Live) -> Result<(), End> {
        let membership = match live.stream.room() {
            Some(_) => None,
            None => match serde_json::from_str(&live.frame) {
                Ok(ServerFrame::Change(change)) => change.object,
                _ => None,
            },
        };
        self.wire.queue_text(live.frame).await?;
        match membership {
            Some(Object::Membership(membership)) => self.follow(membership).await,
            _ => Ok(()),
        }
    }

    async fn drain(&mut self, within: Duration) -> Result<(), End> {
        self.leave_at = Some(Instant::now() + within);
        let within_ms = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
        self.wire.write(&ServerFrame::Drain(Drain { within_ms })).await
    }

    /// A read failed: the session was ended, or the database did not answer.
    async fn give_up(&mut self, error: &Error) -> End {
        error.log();
        let code = if error.code() == ErrorCode::SessionEnded { close::REVOKED } else { close::DRAIN };
        self.wire.refuse(error.code(), code).await
    }
}
