//! The operations of one connection: taken in their order, one at a time, a few in waiting.

use crate::context::Context;
use crate::messages::SendMessage;
use crate::tokens::Caller;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tripchat_protocol::{Failure, ServerFrame, frame};

/// Operations that may wait; then the socket is not read.
const WAITING: usize = 16;

type Running = Pin<Box<dyn Future<Output = ServerFrame> + Send>>;

/// The operations of one connection.
pub(super) struct Operations {
    context: Arc<Context>,
    by: Caller,
    generation: i64,
    waiting: VecDeque<frame::Send>,
    running: Option<Running>,
}

impl Operations {
    pub(super) fn new(context: Arc<Context>, by: Caller, generation: i64) -> Self {
        Self { context, by, generation, waiting: VecDeque::new(), running: None }
    }

    /// Whether another may be read.
    pub(super) fn has_room(&self) -> bool {
        self.waiting.len() < WAITING
    }

    pub(super) fn push(&mut self, send: frame::Send) {
        self.waiting.push_back(send);
    }

    /// The answer to the next operation that is done; waits for ever if there is none. Cancel safe.
    pub(super) async fn next(&mut self) -> ServerFrame {
        if self.running.is_none()
            && let Some(send) = self.waiting.pop_front()
        {
            let job = SendMessage { by: self.by.clone(), generation: self.generation, frame: send };
            self.running = Some(Box::pin(run(self.context.clone(), job)));
        }
        match &mut self.running {
            None => std::future::pending().await,
            Some(running) => {
                let answer = running.await;
                self.running = None;
                answer
            }
        }
    }
}

async fn run(context: Arc<Context>, job: SendMessage) -> ServerFrame {
    let id = job.frame.id;
    match context.store.write(job).await {
        Ok(done) => ServerFrame::Ok(done),
        Err(error) => {
            error.log();
            ServerFrame::Error(Failure::new(Some(id.into()), error.code()))
        }
    }
}
