//! What reaches a socket while it is open: to whom, how soon, and when it ends.

mod ends;
mod operations;
mod people;
mod streams;

use anyhow::Result;
use tripchat_protocol::{Object, ServerFrame};
use tripchat_server::config::Config;
use tripchat_tests::talk::text;
use tripchat_tests::{Raw, World};

async fn say(raw: &mut Raw, room: &str, line: &str) -> Result<()> {
    raw.does(&text(room, line)).await.map(drop)
}

/// The text of a live message or of the last one in a page.
fn said(frame: &ServerFrame) -> Option<String> {
    let object = match frame {
        ServerFrame::Change(change) => change.object.as_ref(),
        ServerFrame::Changes(page) => page.objects.last().and_then(|change| change.object.as_ref()),
        _ => None,
    };
    match object? {
        Object::Message(message) => {
            serde_json::to_value(&message.body).ok()?["text"].as_str().map(str::to_owned)
        }
        _ => None,
    }
}

async fn until_said(raw: &mut Raw, line: &str) -> Result<()> {
    raw.until(|frame| (said(frame).as_deref() == Some(line)).then_some(())).await
}

async fn restarted(world: &mut World, set: impl FnOnce(&mut Config)) -> Result<()> {
    world.server.kill();
    set(&mut world.server.config);
    world.server.restart().await
}
