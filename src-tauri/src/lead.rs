//! Leads the person somewhere: the window comes to the front, and the page is told when it can follow.

use crate::links::Target;
use crate::way::Way;
use crate::window;
use tauri::{AppHandle, Emitter, Manager};

/// The name under which the page hears it.
const EVENT: &str = "tripchat-open";

/// Brings the window to the front, at `target` as soon as someone is signed in.
pub fn lead(app: &AppHandle, target: Target) {
    window::show(app);
    tell(app, app.state::<Way>().want(target));
}

/// Tells the page where to go, if it is to be told now.
pub fn tell(app: &AppHandle, target: Option<Target>) {
    if let Some(target) = target
        && let Err(error) = app.emit(EVENT, target)
    {
        tracing::warn!(%error, "the window was not led anywhere");
    }
}
