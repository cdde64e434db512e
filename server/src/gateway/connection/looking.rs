//! A look at the database every few seconds: the last change can be lost without a gap to show it.

use super::Connection;
use crate::context::Context;
use crate::gateway::wire::End;
use crate::rooms::ReadStands;
use crate::store::Job;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;
use tripchat_protocol::frame::Heads;
use tripchat_protocol::{Head, ServerFrame, StreamId};
use tripchat_runtime::{Plant, planted};

/// Heads in one frame.
const HEADS: usize = 1_000;

/// How long a new connection waits for its first look: thousands of them must not look at once.
pub(super) fn first(context: &Context) -> Duration {
    Duration::from_millis(context.sources.below(context.config.heads_every_ms))
}

impl Connection {
    /// Compares all streams with the database: what is missing is read, what changed is told, and what is no longer
    /// the person's ends. So a lost hint is healed, the last one too, and a session that was ended elsewhere.
    pub(super) async fn look(&mut self) -> Result<(), End> {
        self.next_look = Instant::now() + Duration::from_millis(self.context.config.heads_every_ms);
        let stands = self.stands().await?;
        if planted(Plant::NoHeads) {
            return Ok(());
        }
        for stream in self.inlet.streams() {
            if !stands.contains_key(&stream) {
                self.heal(stream).await?;
            }
        }
        for (stream, head) in &stands {
            if self.feeds.is_short_of(*stream, *head) {
                self.context.figures.healed.look.fetch_add(1, Ordering::Relaxed);
                self.heal(*stream).await?;
            }
            if let Some(room) = self.feeds.lacks_marks(*stream, *head) {
                self.tell_marks(room, None).await?;
            }
        }
        let mut news = self.feeds.news(&stands).into_iter().peekable();
        while news.peek().is_some() {
            let streams = news.by_ref().take(HEADS).collect();
            self.wire.write(&ServerFrame::Heads(Heads { rooms: Vec::new(), streams })).await?;
        }
        Ok(())
    }

    pub(super) async fn stands(&mut self) -> Result<BTreeMap<StreamId, Head>, End> {
        self.read(ReadStands { by: self.caller.clone() }).await
    }

    /// Reads, or ends the connection.
    pub(super) async fn read<J: Job>(&mut self, job: J) -> Result<J::Out, End> {
        match self.context.store.read(job).await {
            Ok(out) => Ok(out),
            Err(error) => Err(self.give_up(&error).await),
        }
    }
}
