//! The addresses of a platform: what an operator, or the platform itself, does to them.

use super::courier::{Courier, Outcome};
use crate::error::{Error, Result};
use crate::outbound::Bounds;
use crate::store::tables::webhook::{Secret, Webhook};
use crate::store::tables::webhook_message::Taken;
use crate::store::tables::{webhook, webhook_message};
use crate::store::{EVENTS, Job, Store, Tx, covers, rfc3339};
use serde_json::json;
use tripchat_protocol::limits::FIELD_CHARS;
use tripchat_protocol::{ErrorCode, Millis, WebhookId, WebhookMessageId};
use tripchat_runtime::Sources;

/// How long the secret before the last one signs beside it.
const OVERLAP: Millis = 24 * 3_600_000;
/// Addresses of one tenant.
const MOST: usize = 20;

/// Adds an address.
pub struct Add {
    /// Whose.
    pub tenant: String,
    /// Where.
    pub url: String,
    /// What it is told; nothing: all.
    pub events: Vec<String>,
    /// Its id.
    pub id: WebhookId,
    /// Its secret: 24 to 64 bytes.
    pub secret: Secret,
    /// Where addresses may be.
    pub bounds: Bounds,
}

impl Job for Add {
    type Out = Webhook;

    async fn run(&self, tx: &mut Tx) -> Result<Webhook> {
        let url = self.bounds.check(&self.url).map_err(|why| Error::refused(ErrorCode::InvalidInput, why))?;
        if url.as_str().chars().count() > FIELD_CHARS * 5 {
            return Err(Error::invalid("url"));
        }
        let known = |it: &String| it.len() > 1 && EVENTS.iter().any(|kind| covers(it, kind));
        if !self.events.iter().all(known) {
            return Err(Error::invalid("events"));
        }
        if webhook::list(tx, Some(&self.tenant)).await?.len() >= MOST {
            return Err(Error::refused(ErrorCode::Conflict, "there are twenty already"));
        }
        let new = Webhook {
            id: self.id,
            tenant: self.tenant.clone(),
            url: url.into(),
            events: self.events.clone(),
            secret: self.secret.clone(),
            old_secret: None,
            created_at: tx.now(),
            disabled: None,
        };
        webhook::insert(tx, &new).await?;
        Ok(new)
    }
}

/// An address with what waits for it.
#[derive(Debug)]
pub struct Listed {
    /// The address.
    pub webhook: Webhook,
    /// Messages that are sent, or sent again.
    pub waiting: i64,
    /// Messages that were given up.
    pub failed: i64,
}

/// Lists the addresses of a tenant; without one, all.
#[derive(Debug)]
pub struct List {
    /// Whose.
    pub tenant: Option<String>,
}

impl Job for List {
    type Out = Vec<Listed>;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Listed>> {
        let counts = webhook_message::counts(tx).await?;
        let listed = webhook::list(tx, self.tenant.as_deref()).await?.into_iter().map(|webhook| {
            let of_it = counts.iter().find(|(id, ..)| *id == webhook.id);
            let (waiting, failed) = of_it.map_or((0, 0), |&(_, waiting, failed)| (waiting, failed));
            Listed { webhook, waiting, failed }
        });
        Ok(listed.collect())
    }
}

/// The address, if it is the tenant's.
async fn of_tenant(tx: &mut Tx, tenant: Option<&str>, id: WebhookId) -> Result<Webhook> {
    let found = webhook::by_id(tx, id).await?;
    let found = found.filter(|it| tenant.is_none_or(|tenant| it.tenant == tenant));
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

/// Forgets an address and what waits for it.
#[derive(Debug)]
pub struct Remove {
    /// Whose; none: an operator's deed.
    pub tenant: Option<String>,
    /// Which.
    pub id: WebhookId,
}

impl Job for Remove {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        of_tenant(tx, self.tenant.as_deref(), self.id).await?;
        webhook_message::delete_of_webhook(tx, self.id).await?;
        webhook::delete(tx, self.id).await
    }
}

/// Sends to an address again, what waits for it first.
#[derive(Debug)]
pub struct Enable {
    /// Whose; none: an operator's deed.
    pub tenant: Option<String>,
    /// Which.
    pub id: WebhookId,
}

impl Job for Enable {
    type Out = Webhook;

    async fn run(&self, tx: &mut Tx) -> Result<Webhook> {
        of_tenant(tx, self.tenant.as_deref(), self.id).await?;
        webhook::enable(tx, self.id).await?;
        of_tenant(tx, None, self.id).await
    }
}

/// Sends nothing to an address any more.
#[derive(Debug)]
pub struct Disable {
    /// Which.
    pub id: WebhookId,
    /// Why.
    pub because: &'static str,
}

impl Job for Disable {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        webhook::disable(tx, self.id, self.because).await
    }
}

/// Gives an address another secret; the one before it signs beside it for a day.
#[derive(Debug)]
pub struct Rotate {
    /// Whose; none: an operator's deed.
    pub tenant: Option<String>,
    /// Which.
    pub id: WebhookId,
    /// Its secret from now on.
    pub secret: Secret,
}

impl Job for Rotate {
    type Out = Webhook;

    async fn run(&self, tx: &mut Tx) -> Result<Webhook> {
        of_tenant(tx, self.tenant.as_deref(), self.id).await?;
        let until = tx.now() + OVERLAP;
        webhook::set_secret(tx, self.id, &self.secret, until).await?;
        of_tenant(tx, None, self.id).await
    }
}

/// Sends a message to an address that is there to be looked at only, once and at once.
#[derive(Debug)]
pub struct Try {
    /// Which.
    pub id: WebhookId,
    /// Where addresses may be.
    pub bounds: Bounds,
    /// The clock, and the message's id.
    pub sources: Sources,
}

impl Try {
    /// Does it.
    ///
    /// # Errors
    /// `NOT_FOUND`, or the failure of the database.
    pub async fn run(self, store: &Store) -> Result<Outcome> {
        let Self { id, bounds, sources } = self;
        let webhook = store.read(Find { id }).await?;
        let timestamp = rfc3339(sources.now())?;
        let body =
            json!({"type": "webhook.test", "timestamp": timestamp, "data": {"webhook": id}}).to_string();
        let message = Taken { id: WebhookMessageId(sources.uuid()), body, attempt: 1 };
        Courier::new(bounds, sources)?.bring(&webhook, &message).await
    }
}

struct Find {
    id: WebhookId,
}

impl Job for Find {
    type Out = Webhook;

    async fn run(&self, tx: &mut Tx) -> Result<Webhook> {
        of_tenant(tx, None, self.id).await
    }
}
