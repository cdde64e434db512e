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

/// `PUT /platform/people`: makes a person or brings them up to date.
pub async fn put(
    State(context): State<Arc<Context>>,
    by: Service,
    Body(person): Body<Input>,
) -> Result<Json<Person>, Refused> {
    let fresh = UserId(context.sources.uuid());
    Ok(Json(context.store.write(PutPerson { by, person, fresh }).await?))
}

/// `POST /platform/people/{id}/token`: signs a person in. Every call is a sign-in of its own; its answer holds secrets
/// and is kept nowhere.
pub async fn token(
    State(context): State<Arc<Context>>,
    by: Service,
    Id(person): Id<UserId>,
    Body(input): Body<MintGrant>,
) -> Result<Json<Grant>, Refused> {
    Ok(Json(accounts::mint(&context, by, person, input).await?))
}
