//! The sign-ins of a person: which there are, and ending those on other devices.

use super::refresh::alive_since;
use crate::context::Context;
use crate::error::Result;
use crate::rights;
use crate::store::tables::session;
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::rest::SessionView;
use tripchat_protocol::{ErrorCode, SessionId};

/// Reads the caller's sign-ins that are not over, the last used first.
#[derive(Debug)]
pub struct ListSessions {
    /// Who asks.
    pub by: Caller,
}

impl Job for ListSessions {
    type Out = Vec<SessionView>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        rights::session(tx, &self.by).await?;
        let (used_since, made_since) = alive_since(tx.now());
        let listed = session::of(tx, self.by.user, used_since, made_since).await?;
        let shown = listed.into_iter().map(|it| SessionView {
            current: it.id == self.by.session,
            id: it.id,
            app: it.app,
            created_at: it.created_at,
            last_used_at: it.rotated_at,
        });
        Ok(shown.collect())
    }
}

/// Ends one of the caller's sign-ins, their own included, and closes its sockets.
///
/// # Errors
/// `NOT_FOUND` for one that is unknown, over or another person's.
pub async fn end_session(context: &Context, by: Caller, id: SessionId) -> Result<()> {
    context.store.write(EndOne { by, id }).await?;
    context.hub.end_session(id);
    Ok(())
}

/// Ends every sign-in of the caller but the one that asks, and closes their sockets.
///
/// # Errors
/// The failure of the database.
pub async fn end_other_sessions(context: &Context, by: Caller) -> Result<()> {
    for ended in context.store.write(EndOthers { by }).await? {
        context.hub.end_session(ended);
    }
    Ok(())
}

struct EndOne {
    by: Caller,
    id: SessionId,
}

impl Job for EndOne {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        rights::session(tx, &self.by).await?;
        let ended = session::end_of(tx, self.id, self.by.user).await?;
        if ended { Ok(()) } else { Err(ErrorCode::NotFound.into()) }
    }
}

struct EndOthers {
    by: Caller,
}

impl Job for EndOthers {
    type Out = Vec<SessionId>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        rights::session(tx, &self.by).await?;
        session::end_others(tx, self.by.user, self.by.session).await
    }
}
