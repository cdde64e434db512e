//! Routes of messages.

use super::answer::Refused;
use super::extract::{Asked, Id};
use crate::context::Context;
use crate::messages::{ReadHistory, Which};
use crate::tokens::Caller;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use tripchat_protocol::limits::{HISTORY_DEFAULT, HISTORY_MAX};
use tripchat_protocol::rest::History;
use tripchat_protocol::{RoomId, Seq};

/// Which page is asked for: at most one of the places.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Page {
    before: Option<i64>,
    after: Option<i64>,
    around: Option<i64>,
    limit: Option<u32>,
}

/// Read a page of a room's messages.
#[utoipa::path(
    get,
    path = "/rooms/{id}/messages",
    tag = "rooms",
    operation_id = "history",
    params(("id" = uuid::Uuid, Path, description = "The room."), Page),
    responses((status = 200, description = "Done.", body = History))
)]
pub async fn history(
    State(context): State<Arc<Context>>,
    by: Caller,
    Id(room): Id<RoomId>,
    Asked(page): Asked<Page>,
) -> Result<Json<History>, Refused> {
    let which = match (page.before, page.after, page.around) {
        (None, None, None) => Which::Newest,
        (Some(seq), None, None) => Which::Before(Seq(seq)),
        (None, Some(seq), None) => Which::After(Seq(seq)),
        (None, None, Some(seq)) => Which::Around(Seq(seq)),
        _ => return Err(Refused::input("only one of before, after and around".into())),
    };
    let limit = i64::from(page.limit.unwrap_or(HISTORY_DEFAULT).clamp(1, HISTORY_MAX));
    Ok(Json(context.store.read(ReadHistory { by, room, which, limit }).await?))
}
