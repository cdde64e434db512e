//! One's own account: who one is, where one is signed in, the password, and the end of it.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]

use crate::core::Core;
use crate::downloads;
use crate::notices::Notices;
use crate::way::Way;
use std::collections::BTreeSet;
use tauri::async_runtime::spawn_blocking;
use tauri::{AppHandle, Manager, State};
use tripchat_core::{CoreError, SecretString};
use tripchat_protocol::rest::{Me, MeChange, SessionView};
use tripchat_protocol::{ErrorCode, SessionId};

/// What the file is called that holds everything of a person.
const EXPORT: &str = "tripchat";

#[tauri::command]
pub async fn sessions(core: State<'_, Core>) -> Result<Vec<SessionView>, CoreError> {
    core.client()?.sessions().await
}

#[tauri::command]
pub async fn end_session(core: State<'_, Core>, session: SessionId) -> Result<(), CoreError> {
    core.client()?.end_session(session).await
}

#[tauri::command]
pub async fn end_other_sessions(core: State<'_, Core>) -> Result<(), CoreError> {
    core.client()?.end_other_sessions().await
}

#[tauri::command]
pub async fn change_password(core: State<'_, Core>, current: String, new: String) -> Result<(), CoreError> {
    core.client()?.change_password(SecretString::from(current), SecretString::from(new)).await
}

/// Of somebody who is not signed in.
#[tauri::command]
pub async fn reset_password(
    core: State<'_, Core>,
    server: String,
    code: String,
    new: String,
) -> Result<(), CoreError> {
    core.client()?.reset_password(server, SecretString::from(code), SecretString::from(new)).await
}

#[tauri::command]
pub async fn profile(core: State<'_, Core>) -> Result<Me, CoreError> {
    core.client()?.profile().await
}

#[tauri::command]
pub async fn change_profile(core: State<'_, Core>, change: MeChange) -> Result<Me, CoreError> {
    core.client()?.change_profile(change).await
}

/// Stores everything that the server has of the person among their downloads; gives the name of the file.
#[tauri::command]
pub async fn export_me(app: AppHandle, core: State<'_, Core>) -> Result<String, CoreError> {
    let text = core.client()?.export_me().await?;
    let folder = app.path().download_dir().map_err(|_| ErrorCode::LocalStorage)?;
    let kept = spawn_blocking(move || downloads::keep(&folder, EXPORT, "json", &text)).await;
    let file = kept.map_err(|_| ErrorCode::Internal)??;
    Ok(file.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

#[tauri::command]
pub async fn delete_account(
    app: AppHandle,
    core: State<'_, Core>,
    password: String,
) -> Result<(), CoreError> {
    core.client()?.delete_account(SecretString::from(password)).await?;
    app.state::<Way>().left();
    app.state::<Notices>().keep_only(BTreeSet::new());
    Ok(())
}
