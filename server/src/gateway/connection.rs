//! A connection after its hello: first what was missed, then what happens.
//!
//! It subscribes first and reads then; what arrives in between is sent only if it joins what was read. Overlap is
//! harmless, a hole is not.

use super::feeds::{Feeds, Verdict};
use super::heartbeat::{Due, Heartbeat, QUIET};
use super::operations::Operations;
use super::wire::{End, Incoming, Wire};
use crate::context::Context;
use crate::error::Error;
use crate::hub::{Arrival, Inlet, Live};
use crate::rooms::{Page, Read, ReadChanges, ReadHeads};
use crate::tokens::Caller;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::time::{Instant, sleep_until};
use tripchat_protocol::frame::{Authenticate, CatchUp, Done, Empty, Gone, Heads, Hello, Welcome, close};
use tripchat_protocol::limits::Limits;
use tripchat_protocol::{
    ClientFrame, ConnectionId, Cursor, ErrorCode, Failure, Object, OperationId, RoomCursor, RoomId,
    ServerFrame, Standing, StreamId, VERSIONS,
};

/// Runs the connection to its end.
pub(super) async fn run(context: Arc<Context>, wire: Wire, hello: Hello, caller: Caller) {
    let id = ConnectionId(context.sources.uuid());
    // The greeting let none pass that does not fit.
    let generation = i64::try_from(hello.generation).unwrap_or(i64::MAX);
    let mut connection = Connection {
        inlet: context.hub.connect(caller.session),
        operations: Operations::new(context.clone(), caller.clone(), generation),
        heartbeat: Heartbeat::new(&context.sources),
        feeds: Feeds::default(),
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
}

struct Connection {
    context: Arc<Context>,
    caller: Caller,
    wire: Wire,
    inlet: Inlet,
    feeds: Feeds,
    operations: Operations,
    heartbeat: Heartbeat,
}

impl Connection {
    async fn catch_up_all(&mut self, id: ConnectionId, hello: Hello) -> Result<(), End> {
        let inbox = StreamId::User(self.caller.user);
        self.inlet.subscribe(inbox);
        self.feeds.begin(inbox, hello.inbox);
        // The rooms are known only from a first look; the one that counts comes after subscribing to them.
        let first_look = self.heads(BTreeMap::new()).await?;
        for room in first_look.rooms {
            self.inlet.subscribe(StreamId::Room(room));
        }
        let welcome = Welcome {
            version: VERSIONS[0],
            connection: id,
            user: self.caller.user,
            server_time: self.context.sources.now(),
            heartbeat_ms: u64::try_from(QUIET.as_millis()).unwrap_or(u64::MAX),
            limits: Limits::default(),
            token_expires_at: self.wire.life.expires_at,
        };
        self.wire.write(&ServerFrame::Welcome(welcome)).await?;
        // The rooms that the inbox names follow with their heads.
        self.read_on(inbox).await?;
        self.catch_up_rooms(hello.rooms).await?;
        self.wire.write(&ServerFrame::Synced(Empty {})).await
    }

    async fn catch_up_rooms(&mut self, known: BTreeMap<RoomId, RoomCursor>) -> Result<(), End> {
        let heads = self.heads(known.clone()).await?;
        for (room, to_rev) in heads.gone {
            let gone = Gone { stream: StreamId::Room(room), to_rev };
            self.wire.write(&ServerFrame::Gone(gone)).await?;
        }
        for room in heads.rooms {
            let stream = StreamId::Room(room);
            self.inlet.subscribe(stream);
            let since = known.get(&room).map(|RoomCursor(epoch, rev, _)| Cursor(*epoch, *rev));
            self.feeds.begin(stream, since);
        }
        let moved: Vec<StreamId> = heads.moved.iter().map(|head| StreamId::Room(head.room)).collect();
        if !moved.is_empty() {
            self.wire
                .write(&ServerFrame::Heads(Heads { rooms: heads.moved, streams: BTreeMap::new() }))
                .await?;
        }
        for stream in moved {
            self.read_on(stream).await?;
        }
        Ok(())
    }

    async fn live(&mut self) -> End {
        loop {
            let wall = self.context.sources.now();
            let (at, due) = self.heartbeat.next(self.wire.life, Instant::now(), wall);
            let room = self.operations.has_room();
            let step = tokio::select! {
                biased;
                answer = self.operations.next() => self.answer(answer).await,
                incoming = self.wire.read(), if room => match incoming {
                    Ok(incoming) => self.take(incoming).await,
                    Err(end) => Err(end),
                },
                arrival = self.inlet.next() => self.pass_on(arrival).await,
                () = sleep_until(at) => self.beat(due).await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn answer(&mut self, answer: ServerFrame) -> Result<(), End> {
        self.wire.write(&answer).await?;
        match answer {
            // Whatever else this connection asks for would be refused as well.
            ServerFrame::Error(Failure { code: ErrorCode::ConnectionReplaced, .. }) => {
                Err(End::Close(close::REPLACED))
            }
            _ => Ok(()),
        }
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
        match frame {
            ClientFrame::Send(send) => {
                self.operations.push(send);
                Ok(())
            }
            ClientFrame::Edit(edit) => self.not_yet(edit.id).await,
            ClientFrame::Delete(delete) => self.not_yet(delete.id).await,
            ClientFrame::Read(mark) | ClientFrame::Delivered(mark) => self.not_yet(mark.id).await,
            ClientFrame::Set(set) => self.not_yet(set.id).await,
            ClientFrame::Typing(_) | ClientFrame::Presence(_) => Ok(()),
            ClientFrame::CatchUp(CatchUp { stream, since, .. }) => {
                if self.feeds.set(stream, since) {
                    self.heal(stream).await
                } else {
                    self.wire.write(&ServerFrame::Gone(Gone { stream, to_rev: None })).await
                }
            }
            ClientFrame::Authenticate(Authenticate { token }) => self.authenticate(&token).await,
            ClientFrame::Ping(_) => self.wire.write(&ServerFrame::Pong(Empty {})).await,
            ClientFrame::Pong(_) => Ok(()),
            ClientFrame::Hello(_) => Err(self.wire.refuse(ErrorCode::InvalidInput, close::BAD_FRAME).await),
        }
    }

    /// Operations that have no use case yet.
    async fn not_yet(&mut self, id: OperationId) -> Result<(), End> {
        self.wire.write(&ServerFrame::Error(Failure::new(Some(id), ErrorCode::InvalidInput))).await
    }

    /// A fresh token for the same person and session prolongs the connection.
    async fn authenticate(&mut self, token: &str) -> Result<(), End> {
        let now = self.context.sources.now();
        match self.context.tokens.check(token, now) {
            Ok(fresh) if fresh.user == self.caller.user && fresh.session == self.caller.session => {
                self.wire.life.expires_at = fresh.expires_at;
                self.wire
                    .write(&ServerFrame::Ok(Done {
                        id: None,
                        stream: None,
                        rev: None,
                        seq: None,
                        at: now,
                        duplicate: false,
                    }))
                    .await
            }
            Ok(_) => Err(self.wire.refuse(ErrorCode::Forbidden, close::TOKEN).await),
            Err(error) => Err(self.wire.refuse(error.code(), close::TOKEN).await),
        }
    }

    async fn pass_on(&mut self, arrival: Arrival) -> Result<(), End> {
        match arrival {
            Arrival::Live(live) => match self.feeds.judge(live.stream, live.epoch, live.rev) {
                Verdict::Known => Ok(()),
                Verdict::Gap => self.heal(live.stream).await,
                Verdict::Next => self.pass_live(live).await,
            },
            Arrival::Lagging(streams) => {
                for stream in streams {
                    self.heal(stream).await?;
                }
                Ok(())
            }
            Arrival::Ended => Err(End::Close(close::REVOKED)),
        }
    }

    async fn pass_live(&mut self, live: Live) -> Result<(), End> {
        let entered = match live.stream {
            StreamId::Room(_) => None,
            StreamId::User(_) => match serde_json::from_str(&live.frame) {
                Ok(ServerFrame::Change(change)) => change.object.and_then(entered),
                _ => None,
            },
        };
        self.wire.write_text(live.frame).await?;
        match entered {
            Some(room) => self.enter(room).await,
            None => Ok(()),
        }
    }

    /// Reads `stream` on, and then the rooms that it lets the person into.
    async fn heal(&mut self, stream: StreamId) -> Result<(), End> {
        for room in self.read_on(stream).await? {
            self.enter(room).await?;
        }
        Ok(())
    }

    /// The person is in a room that this connection may not know yet: subscribe, then read.
    async fn enter(&mut self, room: RoomId) -> Result<(), End> {
        let stream = StreamId::Room(room);
        self.inlet.subscribe(stream);
        if self.feeds.begin(stream, None) { self.read_on(stream).await.map(drop) } else { Ok(()) }
    }

    /// Sends what the database has of `stream` beyond what was sent, page by page. Returns the rooms that an inbox
    /// names.
    async fn read_on(&mut self, stream: StreamId) -> Result<Vec<RoomId>, End> {
        let mut named = Vec::new();
        loop {
            let job = ReadChanges { by: self.caller.clone(), stream, since: self.feeds.since(stream) };
            let page = match self.context.store.read(job).await {
                Ok(Read::Page(page)) => page,
                Ok(Read::Gone(to_rev)) => {
                    self.inlet.unsubscribe(stream);
                    self.feeds.end(stream);
                    self.wire.write(&ServerFrame::Gone(Gone { stream, to_rev })).await?;
                    return Ok(named);
                }
                Err(error) => return Err(self.give_up(&error).await),
            };
            self.feeds.set(stream, Some(page.cursor()));
            self.wire.write_text(page.frame().into()).await?;
            if stream.room().is_none() {
                named.extend(rooms_entered(&page));
            }
            if !page.more {
                return Ok(named);
            }
        }
    }

    async fn heads(&mut self, known: BTreeMap<RoomId, RoomCursor>) -> Result<crate::rooms::Heads, End> {
        match self.context.store.read(ReadHeads { by: self.caller.clone(), known }).await {
            Ok(heads) => Ok(heads),
            Err(error) => Err(self.give_up(&error).await),
        }
    }

    /// A read failed: the session was ended, or the database did not answer.
    async fn give_up(&mut self, error: &Error) -> End {
        error.log();
        let code = if error.code() == ErrorCode::SessionEnded { close::REVOKED } else { close::DRAIN };
        self.wire.refuse(error.code(), code).await
    }
}

fn rooms_entered(page: &Page) -> Vec<RoomId> {
    page.objects.iter().filter_map(|(_, json)| serde_json::from_str(json).ok().and_then(entered)).collect()
}

fn entered(object: Object) -> Option<RoomId> {
    match object {
        Object::Membership(membership) if membership.state == Standing::Current => Some(membership.room),
        _ => None,
    }
}
