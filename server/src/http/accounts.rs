//! Routes of accounts and sign-ins.

use super::answer::Refused;
use super::extract::{App, Body, Id};
use crate::accounts::{self, ListSessions};
use crate::context::Context;
use crate::keys;
use crate::tokens::Caller;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use tripchat_protocol::SessionId;
use tripchat_protocol::rest::{ChangePassword, Exchange, Grant, Refresh, Register, Sessions, SignIn};

type Shared = State<Arc<Context>>;

/// `POST /auth/register`.
pub async fn register(
    State(context): Shared,
    App(app): App,
    Body(input): Body<Register>,
) -> Result<(StatusCode, Json<Grant>), Refused> {
    Ok((StatusCode::CREATED, Json(accounts::register(&context, input, app).await?)))
}

/// `POST /auth/sign-in`.
pub async fn sign_in(
    State(context): Shared,
    App(app): App,
    Body(input): Body<SignIn>,
) -> Result<Json<Grant>, Refused> {
    Ok(Json(accounts::sign_in(&context, input, app).await?))
}

/// `POST /auth/refresh`.
pub async fn refresh(
    State(context): Shared,
    App(app): App,
    Body(input): Body<Refresh>,
) -> Result<Json<Grant>, Refused> {
    Ok(Json(accounts::refresh(&context, input, app).await?))
}

/// `POST /auth/exchange`.
pub async fn exchange(
    State(context): Shared,
    App(app): App,
    Body(input): Body<Exchange>,
) -> Result<Json<Grant>, Refused> {
    Ok(Json(accounts::exchange(&context, input, app).await?))
}

/// `POST /auth/sign-out`.
pub async fn sign_out(State(context): Shared, by: Caller) -> Result<StatusCode, Refused> {
    accounts::sign_out(&context, by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /auth/password`.
pub async fn change_password(
    State(context): Shared,
    by: Caller,
    Body(input): Body<ChangePassword>,
) -> Result<StatusCode, Refused> {
    accounts::change_password(&context, by, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /sessions`.
pub async fn sessions(State(context): Shared, by: Caller) -> Result<Json<Sessions>, Refused> {
    Ok(Json(Sessions { sessions: context.store.read(ListSessions { by }).await? }))
}

/// `DELETE /sessions/{id}`.
pub async fn end_session(
    State(context): Shared,
    by: Caller,
    Id(id): Id<SessionId>,
) -> Result<StatusCode, Refused> {
    accounts::end_session(&context, by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /sessions`: all but the caller's own.
pub async fn end_other_sessions(State(context): Shared, by: Caller) -> Result<StatusCode, Refused> {
    accounts::end_other_sessions(&context, by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /.well-known/jwks.json`: a key that was made a moment ago is among them.
pub async fn jwks(State(context): Shared) -> Json<serde_json::Value> {
    if let Err(error) = keys::reload(&context).await {
        // Those that are known verify what there is.
        error.log();
    }
    Json(context.tokens.jwks(context.sources.now()))
}
