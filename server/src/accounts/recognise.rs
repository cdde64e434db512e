//! Which platform's backend calls.

use crate::context::Context;
use crate::error::Result;
use crate::store::tables::service_token::{self, Stored};
use crate::store::{Job, Tx};
use crate::tokens::{Service, ServiceToken};
use tripchat_protocol::{ErrorCode, Millis};
use uuid::Uuid;

/// How exactly it is noted when a token was used last: not every call writes.
const EXACTLY: Millis = 60_000;

/// Who calls with the service token `text`. Whether it is for what is asked is a question of each transaction.
///
/// # Errors
/// `UNAUTHORIZED`.
pub async fn recognise(context: &Context, text: &str) -> Result<Service> {
    let token = ServiceToken::read(text).ok_or(ErrorCode::Unauthorized)?;
    let stored = context.store.read(Find { id: token.id }).await?.ok_or(ErrorCode::Unauthorized)?;
    let now = context.sources.now();
    let service = Service::new(&token, stored.tenant.clone());
    if !service.is(&stored.secret_hash) || !stored.stands(now) {
        return Err(ErrorCode::Unauthorized.into());
    }
    if stored.last_used_at.is_none_or(|at| now.saturating_sub(at) >= EXACTLY) {
        context.store.write(NoteUse { id: token.id }).await?;
    }
    Ok(service)
}

struct Find {
    id: Uuid,
}

impl Job for Find {
    type Out = Option<Stored>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        service_token::find(tx, self.id).await
    }
}

struct NoteUse {
    id: Uuid,
}

impl Job for NoteUse {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        service_token::note_use(tx, self.id).await
    }

    fn lane(&self) -> Option<Uuid> {
        Some(self.id)
    }
}
