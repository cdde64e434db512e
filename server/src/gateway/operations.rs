//! The operations of one connection: taken in the order of their arrival, one at a time, a few in waiting.
//!
//! Marks alone do not hold up what comes behind them: they only rise, so that nothing but a `set` (of "unread") can
//! tell in which order they were done, and a message must not wait for the second in which marks are gathered.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::gathering::{MarkKind, Wish};
use crate::messages::{DeleteMessage, EditMessage, SendMessage};
use crate::rooms::SetOwn;
use crate::tokens::Caller;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::oneshot;
use tripchat_protocol::frame::Done;
use tripchat_protocol::{ErrorCode, Failure, OperationId, ServerFrame, frame};
use tripchat_runtime::Tasks;

/// Operations that may wait; then the socket is not read.
const WAITING: usize = 16;

/// What a client asks to be done.
#[derive(Debug)]
pub(super) enum Operation {
    /// At once, in its turn.
    Write(Write),
    /// Together with other marks of the room.
    Mark(MarkKind, frame::Mark),
}

/// What is done in its turn.
#[derive(Debug)]
pub(super) enum Write {
    Send(frame::Send),
    Edit(frame::Edit),
    Delete(frame::Delete),
    Set(frame::Set),
}

type Answer = Pin<Box<dyn Future<Output = ServerFrame> + Send>>;

/// The operations of one connection.
pub(super) struct Operations {
    context: Arc<Context>,
    by: Caller,
    generation: i64,
    waiting: VecDeque<Operation>,
    running: Option<Answer>,
    marks: FuturesUnordered<Answer>,
    /// They run on while a slow client is written to: others may wait for the same room.
    tasks: Tasks,
}

impl Operations {
    pub(super) fn new(context: Arc<Context>, by: Caller, generation: i64) -> Self {
        Self {
            context,
            by,
            generation,
            waiting: VecDeque::new(),
            running: None,
            marks: FuturesUnordered::new(),
            tasks: Tasks::default(),
        }
    }

    /// Whether another may be read.
    pub(super) fn has_room(&self) -> bool {
        self.waiting.len() + self.marks.len() < WAITING
    }

    /// Whether all that were taken are done and answered.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.running.is_none() && self.marks.is_empty()
    }

    pub(super) fn push(&mut self, operation: Operation) {
        self.waiting.push_back(operation);
    }

    /// The answer to the next operation that is done; waits for ever if there is none. Cancel safe.
    pub(super) async fn next(&mut self) -> ServerFrame {
        self.begin();
        let Self { running, marks, .. } = self;
        let one = async {
            match running {
                Some(running) => running.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            answer = one => {
                self.running = None;
                answer
            }
            Some(answer) = marks.next(), if !marks.is_empty() => answer,
        }
    }

    /// Begins whatever may begin.
    fn begin(&mut self) {
        while self.running.is_none() {
            // A `set` waits for the marks before it.
            let is_set = matches!(self.waiting.front(), Some(Operation::Write(Write::Set(_))));
            if is_set && !self.marks.is_empty() {
                return;
            }
            match self.waiting.pop_front() {
                None => return,
                Some(Operation::Mark(kind, frame)) => {
                    let (id, (wish, raised)) = (frame.id, self.wish(kind, frame));
                    let answer = self.start(id, raise(self.context.clone(), wish, raised));
                    self.marks.push(answer);
                }
                Some(Operation::Write(write)) => {
                    let (id, by) = (write.id(), self.by.clone());
                    self.running =
                        Some(self.start(id, run(self.context.clone(), by, self.generation, write)));
                }
            }
        }
    }

    fn start(&self, id: OperationId, work: impl Future<Output = Result<Done>> + Send + 'static) -> Answer {
        let (sender, done) = oneshot::channel();
        // Nobody listens only if the connection is gone.
        self.tasks.start("operation", async move { drop(sender.send(work.await)) });
        Box::pin(async move {
            match done.await.unwrap_or_else(|_| Err(Error::internal("an operation was ended"))) {
                Ok(done) => ServerFrame::Ok(done),
                Err(error) => {
                    error.log();
                    ServerFrame::Error(Failure::new(Some(id), error.code()))
                }
            }
        })
    }

    fn wish(&self, kind: MarkKind, frame: frame::Mark) -> (Wish, oneshot::Receiver<Raised>) {
        let (answer, raised) = oneshot::channel();
        (Wish { by: self.by.clone(), generation: self.generation, kind, frame, answer }, raised)
    }
}

impl Write {
    fn id(&self) -> OperationId {
        match self {
            Self::Send(frame) => frame.id.into(),
            Self::Edit(frame) => frame.id,
            Self::Delete(frame) => frame.id,
            Self::Set(frame) => frame.id,
        }
    }
}

async fn run(context: Arc<Context>, by: Caller, generation: i64, write: Write) -> Result<Done> {
    let store = &context.store;
    match write {
        Write::Send(frame) => store.write(SendMessage { by, generation, frame }).await,
        Write::Edit(frame) => store.write(EditMessage { by, generation, frame }).await,
        Write::Delete(frame) => store.write(DeleteMessage { by, generation, frame }).await,
        Write::Set(frame) => store.write(SetOwn { by, generation, frame }).await,
    }
}

type Raised = std::result::Result<Done, ErrorCode>;

async fn raise(context: Arc<Context>, wish: Wish, raised: oneshot::Receiver<Raised>) -> Result<Done> {
    context.wishes.send(wish).await.map_err(|_| ErrorCode::Unavailable)?;
    Ok(raised.await.unwrap_or(Err(ErrorCode::Unavailable))?)
}
