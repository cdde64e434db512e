//! Routes of accounts and sign-ins.

use super::answer::Refused;
use super::extract::Body;
use crate::accounts;
use crate::context::Context;
use crate::tokens::Caller;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use tripchat_protocol::rest::{Grant, Refresh, Register, SignIn};

type Shared = State<Arc<Context>>;

/// `POST /auth/register`.
pub async fn register(
    State(context): Shared,
    Body(input): Body<Register>,
) -> Result<(StatusCode, Json<Grant>), Refused> {
    Ok((StatusCode::CREATED, Json(accounts::register(&context, input).await?)))
}

/// `POST /auth/sign-in`.
pub async fn sign_in(State(context): Shared, Body(input): Body<SignIn>) -> Result<Json<Grant>, Refused> {
    Ok(Json(accounts::sign_in(&context, input).await?))
}

/// `POST /auth/refresh`.
pub async fn refresh(State(context): Shared, Body(input): Body<Refresh>) -> Result<Json<Grant>, Refused> {
    Ok(Json(accounts::refresh(&context, input).await?))
}

/// `POST /auth/sign-out`.
pub async fn sign_out(State(context): Shared, by: Caller) -> Result<StatusCode, Refused> {
    accounts::sign_out(&context, by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /.well-known/jwks.json`.
pub async fn jwks(State(context): Shared) -> Json<serde_json::Value> {
    Json(context.tokens.jwks())
}
