//! Asking the history for what is missing, beside the loop.

use super::engine::{Engine, Finished};
use crate::account::rest;
use crate::api::{Method, Reply, Request, Unreachable};
use crate::cache::CacheError;
use crate::error::CoreError;
use crate::session::state::Input;
use crate::sync::fill::{self, Look, Outcome, Side};
use crate::timeline::stretch::{Beyond, Stretch};
use tripchat_protocol::limits::HISTORY_MAX;
use tripchat_protocol::rest::History;
use tripchat_protocol::{ErrorCode, Retry, RoomId, StreamId};

impl Engine {
    /// Somebody looks at a stretch: what is missing beyond its ends is wanted now.
    pub fn look_beyond(&mut self, room: RoomId, stretch: &Stretch) {
        // The last look comes first: what is newer, before what is older.
        if let Beyond::Hole(seq) = stretch.older {
            self.filler.look(Look { room, side: Side::Before(seq) });
        }
        if let Beyond::Hole(seq) = stretch.newer {
            self.filler.look(Look { room, side: Side::After(seq) });
        }
        if [stretch.older, stretch.newer].contains(&Beyond::Behind) {
            self.gaps.opened(StreamId::Room(room));
        }
    }

    /// Asks for the next stretch that is missing, if it is time.
    pub fn fill(&mut self) {
        if !self.filler.is_due(self.now()) {
            return;
        }
        let (Some(account), Some(token)) = (&self.account, &self.token) else { return self.filler.lost() };
        let look = match self.filler.next(account.cache.read(), account.user) {
            Ok(Some(look)) => look,
            Ok(None) => return,
            Err(error) => return self.fault(&CacheError::from(error)),
        };
        let place = match look.side {
            Side::Before(seq) => format!("before={seq}"),
            Side::After(seq) => format!("after={seq}"),
        };
        let request = Request {
            method: Method::Get,
            url: account.server.api(&format!("/rooms/{}/messages?{place}&limit={HISTORY_MAX}", look.room)),
            token: Some(token.clone()),
            body: None,
        };
        let (asking, sign_in) = (self.parts.api.call(request), self.sign_in);
        self.jobs.push(Box::pin(async move { Finished::Filled(sign_in, look, asking.await) }));
    }

    /// The server answered, or did not.
    pub fn filled(&mut self, sign_in: u64, look: Look, result: Result<Reply, Unreachable>) {
        if sign_in != self.sign_in {
            return;
        }
        let is_valid = self.filler.answered();
        let answer = result.map_err(|_| ErrorCode::NoServer.into()).and_then(rest::accepted);
        let outcome = match answer.and_then(|body| rest::read::<History>(&body)) {
            // Asked again, if it is still missing.
            Ok(_) if !is_valid => Outcome::Filled,
            Ok(history) => self.store_history(look, &history),
            Err(error) => self.not_filled(&error),
        };
        let sources = self.parts.sources.clone();
        self.filler.settle(self.now(), look, outcome, |bound| sources.below(bound));
    }

    fn store_history(&mut self, look: Look, history: &History) -> Outcome {
        let Some(account) = &mut self.account else { return Outcome::Refused };
        match fill::store(&mut account.cache, account.user, look, history) {
            Ok(Some(applied)) => {
                self.show(applied);
                Outcome::Filled
            }
            // Of another life of the room, or closed meanwhile: the stream will tell.
            Ok(None) => Outcome::Failed,
            Err(error) => {
                tracing::error!(%error, "local storage");
                Outcome::Failed
            }
        }
    }

    fn not_filled(&mut self, error: &CoreError) -> Outcome {
        tracing::info!(code = ?error.code, "the history does not answer");
        match error.code.retry() {
            Retry::Auth => {
                self.session(Input::TokenNeeded);
                Outcome::Failed
            }
            Retry::Never if error.code != ErrorCode::NotAServer => Outcome::Refused,
            Retry::Never | Retry::Later => Outcome::Failed,
        }
    }
}
