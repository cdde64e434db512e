//! Sends what waits: each second, and whenever an attempt has ended, it takes what is due. What is taken is not due
//! again for a minute, so that other nodes leave it alone, and send it if this one dies. So many at once and no more, and
//! few of them to one address: one that hangs does not hold up the others.

use super::Disable;
use super::courier::{Courier, Outcome};
use super::schedule::pause;
use crate::context::Context;
use crate::error::Result;
use crate::store::tables::webhook::{self, Webhook};
use crate::store::tables::webhook_message::{self, Taken};
use crate::store::{Job, Tx};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tripchat_protocol::{Millis, WebhookId};

const EVERY: Duration = Duration::from_secs(1);
/// Attempts of this node at once, and to one address.
const AT_ONCE: usize = 64;
const TO_ONE: usize = 4;
/// Longer than any attempt takes.
const LEASE: Millis = 60_000;
/// What was not taken by then is told to nobody, whatever was wrong.
const KEPT: Millis = 30 * 24 * 3_600_000;
/// Turns between two clearings: an hour.
const CLEARING: u64 = 3_600;

/// Sends what waits until the server ends.
pub async fn deliver(context: Arc<Context>, courier: Courier) {
    let mut turns = interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut round = Round { context, courier, to: BTreeMap::new() };
    let mut under_way = FuturesUnordered::new();
    let mut turn: u64 = 0;
    loop {
        tokio::select! {
            biased;
            Some(webhook) = under_way.next() => round.ended(webhook),
            _ = turns.tick() => {
                if turn.is_multiple_of(CLEARING) {
                    told(round.context.store.write(Clear).await);
                }
                turn += 1;
            }
        }
        for (to, message) in told(round.take().await).unwrap_or_default() {
            under_way.push(round.attempt(to, message));
        }
    }
}

/// A failure of the database is logged; the next turn tries again.
fn told<T>(result: Result<T>) -> Option<T> {
    result.inspect_err(crate::error::Error::log).ok()
}

struct Round {
    context: Arc<Context>,
    courier: Courier,
    /// Attempts under way.
    to: BTreeMap<WebhookId, usize>,
}

impl Round {
    /// Takes what is due, as far as there is room for it.
    async fn take(&mut self) -> Result<Vec<(Arc<Webhook>, Taken)>> {
        let mut free = AT_ONCE.saturating_sub(self.to.values().sum());
        if free == 0 {
            return Ok(Vec::new());
        }
        let mut taken = Vec::new();
        // Asked without writing first: nearly always there is nothing.
        for webhook in self.context.store.read(Due).await? {
            let room = TO_ONE.saturating_sub(self.to.get(&webhook).copied().unwrap_or(0)).min(free);
            if room == 0 {
                continue;
            }
            let answer = told(self.context.store.write(Take { webhook, limit: room }).await);
            let Some(Some((to, messages))) = answer else { continue };
            free -= messages.len();
            *self.to.entry(webhook).or_default() += messages.len();
            let to = Arc::new(to);
            taken.extend(messages.into_iter().map(|message| (to.clone(), message)));
        }
        Ok(taken)
    }

    fn attempt(&self, to: Arc<Webhook>, message: Taken) -> impl Future<Output = WebhookId> + use<> {
        let (context, courier) = (self.context.clone(), self.courier.clone());
        let mut piece = context.figures.webhooks.wait();
        piece.begin();
        let began = context.sources.now();
        async move {
            let outcome = told(courier.bring(&to, &message).await);
            piece.end(outcome == Some(Outcome::Delivered));
            let Some(outcome) = outcome else { return to.id };
            let (webhook, attempt) = (to.id, message.attempt);
            match &outcome {
                Outcome::Delivered => {}
                Outcome::Gone => tracing::warn!(%webhook, "a platform wants no webhooks there any more"),
                Outcome::Failed(why) => tracing::info!(%webhook, attempt, why, "a webhook was not taken"),
            }
            let spread = context.sources.below(100);
            told(context.store.write(Note { webhook, message, outcome, began, spread }).await);
            webhook
        }
    }

    fn ended(&mut self, webhook: WebhookId) {
        if let Some(count) = self.to.get_mut(&webhook) {
            *count -= 1;
        }
        self.to.retain(|_, count| *count > 0);
    }
}

/// Reads for which addresses something is due.
struct Due;

impl Job for Due {
    type Out = Vec<WebhookId>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        webhook_message::due(tx).await
    }
}

/// Takes what is due for an address; nothing if it was disabled or forgotten meanwhile.
#[derive(Debug)]
pub struct Take {
    /// Which.
    pub webhook: WebhookId,
    /// How many at most.
    pub limit: usize,
}

impl Job for Take {
    type Out = Option<(Webhook, Vec<Taken>)>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        let found = webhook::by_id(tx, self.webhook).await?;
        let Some(found) = found.filter(|it| it.disabled.is_none()) else { return Ok(None) };
        let (limit, until) = (i64::try_from(self.limit).unwrap_or(0), tx.now() + LEASE);
        Ok(Some((found, webhook_message::take(tx, self.webhook, limit, until).await?)))
    }
}

/// Notes what became of an attempt.
#[derive(Debug)]
pub struct Note {
    /// Where it was sent.
    pub webhook: WebhookId,
    /// What.
    pub message: Taken,
    /// What became of it.
    pub outcome: Outcome,
    /// When the attempt began: the pause is counted from there.
    pub began: Millis,
    /// In 0..100.
    pub spread: u64,
}

impl Job for Note {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        match &self.outcome {
            Outcome::Delivered => webhook_message::delete(tx, self.message.id).await,
            Outcome::Gone => {
                // It waits for somebody to enable the address again.
                webhook_message::put_off(tx, &self.message, Some(self.began)).await?;
                Disable { id: self.webhook, because: "410 Gone" }.run(tx).await
            }
            Outcome::Failed(_) => {
                let due_at = pause(self.message.attempt, self.spread).map(|pause| self.began + pause);
                webhook_message::put_off(tx, &self.message, due_at).await
            }
        }
    }
}

/// Forgets what is too old to be told.
struct Clear;

impl Job for Clear {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        let before = tx.now() - KEPT;
        webhook_message::delete_older(tx, before).await
    }
}
