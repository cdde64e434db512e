//! People, as a platform knows them.

use crate::accounts::{self, PutPerson};
use crate::context::Context;
use crate::http::answer::Refused;
use crate::http::extract::{Body, Id};
use crate::tokens::Service;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use tripchat_protocol::UserId;
use tripchat_protocol::platform::{MintGrant, Person, PutPerson as Input};
use tripchat_protocol::rest::Grant;

/// Make a person, or bring them up to date.
#[utoipa::path(
    put,
    path = "/platform/people",
    tag = "platform",
    operation_id = "platform_person_put",
    request_body = Input,
    responses((status = 200, description = "Done.", body = Person))
)]
pub async fn put(
    State(context): State<Arc<Context>>,
    by: Service,
    Body(person): Body<Input>,
) -> Result<Json<Person>, Refused> {
    let fresh = UserId(context.sources.uuid());
    Ok(Json(context.store.write(PutPerson { by, person, fresh }).await?))
}

/// Sign a person in.
#[utoipa::path(
    post,
    path = "/platform/people/{id}/token",
    tag = "platform",
    operation_id = "platform_person_token",
    params(("id" = uuid::Uuid, Path, description = "The person.")),
    request_body = MintGrant,
    responses((status = 200, description = "Done.", body = Grant))
)]
pub async fn token(
    State(context): State<Arc<Context>>,
    by: Service,
    Id(person): Id<UserId>,
    Body(input): Body<MintGrant>,
) -> Result<Json<Grant>, Refused> {
    Ok(Json(accounts::mint(&context, by, person, input).await?))
}
