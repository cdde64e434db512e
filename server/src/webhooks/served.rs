//! What a platform's backend does to its own addresses. Its token is asked for inside each transaction.

use super::{Add, Enable, List, Listed, Remove, Rotate, whsec};
use crate::error::Result;
use crate::rights;
use crate::store::tables::webhook::Webhook;
use crate::store::{Job, Tx};
use crate::tokens::{Scope, Service};
use tripchat_protocol::platform::{WebhookSecret, WebhookView, Webhooks};

/// A deed to the addresses of a tenant, done by its platform.
#[derive(Debug)]
pub struct Served<J> {
    /// The platform.
    pub by: Service,
    /// What is done, in its tenant.
    pub job: J,
}

impl<J> Served<J> {
    async fn may(&self, tx: &mut Tx) -> Result<()> {
        rights::service(tx, &self.by, Scope::WebhooksWrite).await.map(drop)
    }
}

fn told_once(webhook: &Webhook) -> WebhookSecret {
    WebhookSecret { id: webhook.id, secret: whsec(&webhook.secret) }
}

impl Job for Served<Add> {
    type Out = WebhookSecret;

    async fn run(&self, tx: &mut Tx) -> Result<WebhookSecret> {
        self.may(tx).await?;
        self.job.run(tx).await.map(|it| told_once(&it))
    }
}

impl Job for Served<Rotate> {
    type Out = WebhookSecret;

    async fn run(&self, tx: &mut Tx) -> Result<WebhookSecret> {
        self.may(tx).await?;
        self.job.run(tx).await.map(|it| told_once(&it))
    }
}

impl Job for Served<Enable> {
    type Out = Webhooks;

    async fn run(&self, tx: &mut Tx) -> Result<Webhooks> {
        self.may(tx).await?;
        let id = self.job.run(tx).await?.id;
        let all = List { tenant: Some(self.by.tenant.clone()) }.run(tx).await?;
        Ok(views(all.into_iter().filter(|it| it.webhook.id == id)))
    }
}

impl Job for Served<List> {
    type Out = Webhooks;

    async fn run(&self, tx: &mut Tx) -> Result<Webhooks> {
        self.may(tx).await?;
        Ok(views(self.job.run(tx).await?.into_iter()))
    }
}

impl Job for Served<Remove> {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        self.may(tx).await?;
        self.job.run(tx).await
    }
}

fn views(all: impl Iterator<Item = Listed>) -> Webhooks {
    let view = |Listed { webhook, waiting, failed }| {
        let Webhook { id, url, events, disabled, .. } = webhook;
        WebhookView { id, url, events, disabled: disabled.map(|(_, why)| why), waiting, failed }
    };
    Webhooks { webhooks: all.map(view).collect() }
}
