//! How the server is.

use crate::context::Context;
use crate::error::Result;
use crate::store::{Job, Store, Tx};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tripchat_protocol::rest::Health;

/// A database that takes longer to say anything is not there.
const PATIENCE: Duration = Duration::from_secs(2);

/// Say how the server is: `ok`, or `read_only` while nothing can be stored.
#[utoipa::path(
    get,
    path = "/health",
    tag = "server",
    operation_id = "health",
    responses((status = 200, description = "Done.", body = Health)),
    security(())
)]
pub async fn health(State(context): State<Arc<Context>>) -> Json<Health> {
    let status = if context.store.is_writable() { "ok" } else { "read_only" };
    Json(Health { status: status.into(), timestamp: context.sources.now() })
}

/// Say whether the process answers.
#[utoipa::path(
    get,
    path = "/health/live",
    tag = "server",
    operation_id = "live",
    responses((status = 204, description = "Done.")),
    security(())
)]
pub async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Say whether requests are worth sending here: not while nothing can be stored or the database does not answer, nor before a
/// stop.
#[utoipa::path(
    get,
    path = "/health/ready",
    tag = "server",
    operation_id = "ready",
    responses((status = 204, description = "Done.")),
    security(())
)]
pub async fn ready(State(context): State<Arc<Context>>) -> StatusCode {
    let may = context.store.is_writable() && !context.hub.is_draining();
    if may && answers(&context.store).await {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

async fn answers(store: &Store) -> bool {
    match timeout(PATIENCE, store.read(Ask)).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            error.log();
            false
        }
        Err(_) => false,
    }
}

/// Anything that the database has to answer itself.
struct Ask;

impl Job for Ask {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        tx.run("SELECT COUNT(*) FROM server_key", &[]).await
    }
}
