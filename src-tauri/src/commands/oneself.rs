//! One's own account: where one is signed in, and the password.

#![expect(clippy::let_underscore_must_use, reason = "written by the command macro")]

use crate::core::Core;
use tauri::State;
use tripchat_core::{CoreError, SecretString};
use tripchat_protocol::SessionId;
use tripchat_protocol::rest::SessionView;

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
