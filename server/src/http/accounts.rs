//! Routes of accounts and sign-ins.

use super::answer::Refused;
use super::extract::{App, Body, Id, Tenant};
use crate::accounts::{self, ChangeMe, Export, ListSessions, ReadMe};
use crate::context::Context;
use crate::keys;
use crate::tokens::Caller;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use tripchat_protocol::SessionId;
use tripchat_protocol::rest::{
    ChangePassword, DeleteMe, Exchange, Grant, Me, MeChange, Refresh, Register, ResetPassword, Sessions,
    SignIn,
};

type Shared = State<Arc<Context>>;

/// Make an account and sign it in.
#[utoipa::path(
    post,
    path = "/auth/register",
    tag = "accounts",
    operation_id = "register",
    request_body = Register,
    responses((status = 201, description = "Done.", body = Grant)),
    security(())
)]
pub async fn register(
    State(context): Shared,
    Tenant(tenant): Tenant,
    App(app): App,
    Body(input): Body<Register>,
) -> Result<(StatusCode, Json<Grant>), Refused> {
    Ok((StatusCode::CREATED, Json(accounts::register(&context, tenant, input, app).await?)))
}

/// Begin a session.
#[utoipa::path(
    post,
    path = "/auth/sign-in",
    tag = "accounts",
    operation_id = "sign_in",
    request_body = SignIn,
    responses((status = 200, description = "Done.", body = Grant)),
    security(())
)]
pub async fn sign_in(
    State(context): Shared,
    Tenant(tenant): Tenant,
    App(app): App,
    Body(input): Body<SignIn>,
) -> Result<Json<Grant>, Refused> {
    Ok(Json(accounts::sign_in(&context, tenant, input, app).await?))
}

/// Exchange a refresh token: works once, and for a minute a repeat gets the same answer.
#[utoipa::path(
    post,
    path = "/auth/refresh",
    tag = "accounts",
    operation_id = "refresh",
    request_body = Refresh,
    responses((status = 200, description = "Done.", body = Grant)),
    security(())
)]
pub async fn refresh(
    State(context): Shared,
    Tenant(tenant): Tenant,
    App(app): App,
    Body(input): Body<Refresh>,
) -> Result<Json<Grant>, Refused> {
    Ok(Json(accounts::refresh(&context, tenant, input, app).await?))
}

/// Exchange a token of a foreign issuer for a sign-in.
#[utoipa::path(
    post,
    path = "/auth/exchange",
    tag = "accounts",
    operation_id = "exchange",
    request_body = Exchange,
    responses((status = 200, description = "Done.", body = Grant)),
    security(())
)]
pub async fn exchange(
    State(context): Shared,
    Tenant(tenant): Tenant,
    App(app): App,
    Body(input): Body<Exchange>,
) -> Result<Json<Grant>, Refused> {
    Ok(Json(accounts::exchange(&context, tenant, input, app).await?))
}

/// End the session and close its sockets.
#[utoipa::path(
    post,
    path = "/auth/sign-out",
    tag = "accounts",
    operation_id = "sign_out",
    responses((status = 204, description = "Done."))
)]
pub async fn sign_out(State(context): Shared, by: Caller) -> Result<StatusCode, Refused> {
    accounts::sign_out(&context, by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change the password; every other session ends.
#[utoipa::path(
    post,
    path = "/auth/password",
    tag = "accounts",
    operation_id = "change_password",
    request_body = ChangePassword,
    responses((status = 204, description = "Done."))
)]
pub async fn change_password(
    State(context): Shared,
    by: Caller,
    Body(input): Body<ChangePassword>,
) -> Result<StatusCode, Refused> {
    accounts::change_password(&context, by, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replace a forgotten password by a one-time code; every session ends.
#[utoipa::path(
    post,
    path = "/auth/reset",
    tag = "accounts",
    operation_id = "reset_password",
    request_body = ResetPassword,
    responses((status = 204, description = "Done.")),
    security(())
)]
pub async fn reset(State(context): Shared, Body(input): Body<ResetPassword>) -> Result<StatusCode, Refused> {
    accounts::reset(&context, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say what one says of oneself.
#[utoipa::path(
    get,
    path = "/me",
    tag = "accounts",
    operation_id = "me",
    responses((status = 200, description = "Done.", body = Me))
)]
pub async fn me(State(context): Shared, by: Caller) -> Result<Json<Me>, Refused> {
    Ok(Json(context.store.read(ReadMe { by }).await?))
}

/// Change what one says of oneself.
#[utoipa::path(
    patch,
    path = "/me",
    tag = "accounts",
    operation_id = "change_me",
    request_body = MeChange,
    responses((status = 200, description = "Done.", body = Me))
)]
pub async fn change_me(
    State(context): Shared,
    by: Caller,
    Body(change): Body<MeChange>,
) -> Result<Json<Me>, Refused> {
    Ok(Json(context.store.write(ChangeMe { by, change }).await?))
}

/// Export everything that the server has of oneself.
#[utoipa::path(
    get,
    path = "/me/export",
    tag = "accounts",
    operation_id = "export_me",
    responses((status = 200, description = "Done.", body = serde_json::Value))
)]
pub async fn export(State(context): Shared, by: Caller) -> Result<Json<serde_json::Value>, Refused> {
    Ok(Json(context.store.read(Export { by }).await?))
}

/// Delete the account, for ever.
#[utoipa::path(
    post,
    path = "/me/delete",
    tag = "accounts",
    operation_id = "delete_me",
    request_body = DeleteMe,
    responses((status = 204, description = "Done."))
)]
pub async fn delete_me(
    State(context): Shared,
    by: Caller,
    Body(input): Body<DeleteMe>,
) -> Result<StatusCode, Refused> {
    accounts::delete(&context, by, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List one's sign-ins.
#[utoipa::path(
    get,
    path = "/sessions",
    tag = "accounts",
    operation_id = "sessions",
    responses((status = 200, description = "Done.", body = Sessions))
)]
pub async fn sessions(State(context): Shared, by: Caller) -> Result<Json<Sessions>, Refused> {
    Ok(Json(Sessions { sessions: context.store.read(ListSessions { by }).await? }))
}

/// End one of one's sign-ins.
#[utoipa::path(
    delete,
    path = "/sessions/{id}",
    tag = "accounts",
    operation_id = "end_session",
    params(("id" = uuid::Uuid, Path, description = "The sign-in.")),
    responses((status = 204, description = "Done."))
)]
pub async fn end_session(
    State(context): Shared,
    by: Caller,
    Id(id): Id<SessionId>,
) -> Result<StatusCode, Refused> {
    accounts::end_session(&context, by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all sign-ins but the one that asks.
#[utoipa::path(
    delete,
    path = "/sessions",
    tag = "accounts",
    operation_id = "end_other_sessions",
    responses((status = 204, description = "Done."))
)]
pub async fn end_other_sessions(State(context): Shared, by: Caller) -> Result<StatusCode, Refused> {
    accounts::end_other_sessions(&context, by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get the keys that verify access tokens.
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    tag = "server",
    operation_id = "jwks",
    responses((status = 200, description = "Done.", body = serde_json::Value)),
    security(())
)]
pub async fn jwks(State(context): Shared) -> Json<serde_json::Value> {
    if let Err(error) = keys::reload(&context).await {
        // Those that are known verify what there is.
        error.log();
    }
    Json(context.tokens.jwks(context.sources.now()))
}
