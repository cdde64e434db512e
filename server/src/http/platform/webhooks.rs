//! Where a platform wants to be told what happens.

use super::keyed::{Asking, Keyed, Named};
use crate::context::Context;
use crate::http::answer::Refused;
use crate::http::extract::Id;
use crate::store::tables::webhook::Secret;
use crate::tokens::{Scope, Service};
use crate::webhooks::{Add, Enable, List, Remove, Rotate, Served};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use tripchat_protocol::WebhookId;
use tripchat_protocol::platform::{NewWebhook, WebhookSecret, Webhooks};

type Shared = State<Arc<Context>>;

const SCOPE: Scope = Scope::WebhooksWrite;

fn fresh(context: &Context) -> Secret {
    Secret(context.sources.bytes::<32>().to_vec())
}

/// Add an address that is told what happens; its secret is shown this once.
#[utoipa::path(
    post,
    path = "/platform/webhooks",
    tag = "platform",
    operation_id = "platform_webhook_add",
    request_body = NewWebhook,
    responses((status = 201, description = "Done.", body = WebhookSecret))
)]
pub async fn add(
    State(context): Shared,
    by: Service,
    Keyed { key, body: NewWebhook { url, events } }: Keyed<NewWebhook>,
) -> Result<Response, Refused> {
    let (id, secret) = (WebhookId(context.sources.uuid()), fresh(&context));
    let bounds = context.config.webhooks.bounds();
    let job = Add { tenant: by.tenant.clone(), url, events, id, secret, bounds };
    let asking = Asking { by: by.clone(), scope: SCOPE, key };
    asking.once(&context, StatusCode::CREATED, Served { by, job }).await
}

/// List the addresses, what waits for each and why one is disabled.
#[utoipa::path(
    get,
    path = "/platform/webhooks",
    tag = "platform",
    operation_id = "platform_webhook_list",
    responses((status = 200, description = "Done.", body = Webhooks))
)]
pub async fn list(State(context): Shared, by: Service) -> Result<Json<Webhooks>, Refused> {
    let job = List { tenant: Some(by.tenant.clone()) };
    Ok(Json(context.store.read(Served { by, job }).await?))
}

/// Forget an address, with all that waits for it.
#[utoipa::path(
    delete,
    path = "/platform/webhooks/{id}",
    tag = "platform",
    operation_id = "platform_webhook_remove",
    params(("id" = uuid::Uuid, Path, description = "The address.")),
    responses((status = 204, description = "Done."))
)]
pub async fn remove(
    State(context): Shared,
    by: Service,
    Id(id): Id<WebhookId>,
) -> Result<StatusCode, Refused> {
    let job = Remove { tenant: Some(by.tenant.clone()), id };
    context.store.write(Served { by, job }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give an address another secret; the one before it signs beside it for a day.
#[utoipa::path(
    post,
    path = "/platform/webhooks/{id}/rotate",
    tag = "platform",
    operation_id = "platform_webhook_rotate",
    params(("id" = uuid::Uuid, Path, description = "The address.")),
    responses((status = 200, description = "Done.", body = WebhookSecret))
)]
pub async fn rotate(
    State(context): Shared,
    by: Service,
    Id(id): Id<WebhookId>,
    Named(key): Named,
) -> Result<Response, Refused> {
    let job = Rotate { tenant: Some(by.tenant.clone()), id, secret: fresh(&context) };
    let asking = Asking { by: by.clone(), scope: SCOPE, key };
    asking.once(&context, StatusCode::OK, Served { by, job }).await
}

/// Send to an address again that was disabled, what waits for it first.
#[utoipa::path(
    post,
    path = "/platform/webhooks/{id}/enable",
    tag = "platform",
    operation_id = "platform_webhook_enable",
    params(("id" = uuid::Uuid, Path, description = "The address.")),
    responses((status = 200, description = "Done.", body = Webhooks))
)]
pub async fn enable(
    State(context): Shared,
    by: Service,
    Id(id): Id<WebhookId>,
    Named(key): Named,
) -> Result<Response, Refused> {
    let job = Enable { tenant: Some(by.tenant.clone()), id };
    let asking = Asking { by: by.clone(), scope: SCOPE, key };
    asking.once(&context, StatusCode::OK, Served { by, job }).await
}
