//! Who is signed in. What waits to be opened is opened when someone is.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]

use crate::core::Core;
use crate::lead::tell;
use crate::notices::Notices;
use crate::way::Way;
use std::collections::BTreeSet;
use tauri::{AppHandle, Manager, State};
use tripchat_core::view::{AccountView, StartView};
use tripchat_core::{CoreError, SecretString};

#[tauri::command]
pub async fn start(
    app: AppHandle,
    core: State<'_, Core>,
    way: State<'_, Way>,
) -> Result<StartView, CoreError> {
    let start = core.client()?.start_view().await?;
    tell(&app, way.page_came(start.account.is_some()));
    Ok(start)
}

#[tauri::command]
pub async fn register(
    app: AppHandle,
    server: String,
    email: String,
    password: String,
    name: String,
) -> Result<AccountView, CoreError> {
    let account =
        app.state::<Core>().client()?.register(server, email, SecretString::from(password), name).await?;
    tell(&app, app.state::<Way>().came_in());
    Ok(account)
}

#[tauri::command]
pub async fn sign_in(
    app: AppHandle,
    core: State<'_, Core>,
    server: String,
    email: String,
    password: String,
) -> Result<AccountView, CoreError> {
    let account = core.client()?.sign_in(server, email, SecretString::from(password)).await?;
    tell(&app, app.state::<Way>().came_in());
    Ok(account)
}

#[tauri::command]
pub async fn sign_out(app: AppHandle, core: State<'_, Core>, discard_unsent: bool) -> Result<(), CoreError> {
    core.client()?.sign_out(discard_unsent).await?;
    app.state::<Way>().left();
    app.state::<Notices>().keep_only(BTreeSet::new());
    Ok(())
}
