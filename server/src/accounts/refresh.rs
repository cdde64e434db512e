//! A refresh token is exchanged for new tokens. Each works once, but for a minute of grace: the answer may have been
//! lost on the road, and a repeat then gets the same successor. Later use means theft, and ends the session
//! (RFC 9700, section 4.14.2).

use super::grant::grant;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::store::tables::{session, users};
use crate::store::{Job, Tx};
use tripchat_protocol::rest::{Grant, Profile, Refresh};
use tripchat_protocol::{ErrorCode, Millis, SessionId};

const GRACE: Millis = 60_000;
const DAY: Millis = 86_400_000;
/// A sign-in that is not used for so long is over.
const IDLE: Millis = 30 * DAY;
/// A sign-in is over after so long, used or not.
const LIFE: Millis = 90 * DAY;

/// A sign-in that is not over at `now` was used and made since these times.
pub(super) fn alive_since(now: Millis) -> (Millis, Millis) {
    (now - IDLE, now - LIFE)
}

/// New tokens for the session of a refresh token, which `app` asks for.
///
/// # Errors
/// `UNAUTHORIZED` for a token that is not ours, `SESSION_ENDED` for one that no longer counts.
pub async fn refresh(
    context: &Context,
    tenant: Option<String>,
    input: Refresh,
    app: Option<String>,
) -> Result<Grant> {
    let token = context.tokens.read_refresh(&input.refresh_token)?;
    let next = context.tokens.next_refresh(&token);
    let session = token.session;
    let job = Rotate { tenant, session, presented: token.hash(), next: next.hash(), app };
    match context.store.write(job).await? {
        Rotated::Yes { user, tenant } => grant(context, user, &tenant, &next),
        Rotated::Stolen => {
            tracing::warn!(%session, "a refresh token was used twice; its session was ended");
            context.hub.end_session(session);
            Err(ErrorCode::SessionEnded.into())
        }
        Rotated::Over => Err(ErrorCode::SessionEnded.into()),
    }
}

struct Rotate {
    /// The tenant that was named, if one was.
    tenant: Option<String>,
    session: SessionId,
    presented: [u8; 32],
    next: [u8; 32],
    app: Option<String>,
}

enum Rotated {
    Yes { user: Profile, tenant: String },
    Stolen,
    Over,
}

impl Job for Rotate {
    type Out = Rotated;

    async fn run(&self, tx: &mut Tx) -> Result<Rotated> {
        let now = tx.now();
        let Some(session) = session::by_id(tx, self.session).await? else { return Ok(Rotated::Over) };
        if self.tenant.as_ref().is_some_and(|named| *named != session.tenant) {
            return Err(ErrorCode::Forbidden.into());
        }
        let (used_since, made_since) = alive_since(now);
        if !session.stands || session.rotated_at < used_since || session.created_at < made_since {
            return Ok(Rotated::Over);
        }
        if session.refresh_hash == self.presented {
            session::rotate(tx, self.session, &self.next, self.app.as_deref()).await?;
        } else if !is_repeat(&session, &self.presented, now) {
            // Ending the session is the outcome, not a failure: it must be committed.
            session::end(tx, self.session).await?;
            return Ok(Rotated::Stolen);
        }
        let name = users::name(tx, session.user).await?;
        let name = name.ok_or_else(|| Error::internal("a session without its person"))?;
        Ok(Rotated::Yes { user: Profile { id: session.user, name }, tenant: session.tenant })
    }

    fn lane(&self) -> Option<uuid::Uuid> {
        Some(self.session.0)
    }
}

fn is_repeat(session: &session::Session, presented: &[u8; 32], now: Millis) -> bool {
    session.previous_hash.as_deref() == Some(&presented[..]) && now - session.rotated_at <= GRACE
}
