//! A chat on the command line: the whole client without a screen.
//!
//! ```text
//! cargo run -p tripchat-core --example chat -- <server> <e-mail> [--register NAME] [--room N] [--data DIR]
//! ```
//! The password is the first line that is typed, or stands in `TRIPCHAT_PASSWORD`: arguments are seen by everyone on
//! the machine. Lists the rooms; with `--room` prints that room's messages as they come and sends every line that is typed.

#![expect(clippy::print_stdout, reason = "a command-line program speaks by printing")]

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::PathBuf;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tripchat_core::view::{ConnectionView, Place, SendState, TimelineRow};
use tripchat_core::{Client, ClientEvent, Config, SecretString};
use tripchat_protocol::{MessageId, RoomId};

struct Arguments {
    server: String,
    email: String,
    password: SecretString,
    register: Option<String>,
    room: Option<usize>,
    data: PathBuf,
}

fn arguments() -> Result<Arguments> {
    let mut plain = Vec::new();
    let mut named = BTreeMap::new();
    let mut rest = std::env::args().skip(1);
    while let Some(argument) = rest.next() {
        match argument.strip_prefix("--") {
            Some(name) => {
                let value = rest.next().with_context(|| format!("--{name} needs a value"))?;
                named.insert(name.to_owned(), value);
            }
            None => plain.push(argument),
        }
    }
    let [server, email]: [String; 2] = match plain.try_into() {
        Ok(two) => two,
        Err(_) => bail!("usage: chat <server> <e-mail> [--register NAME] [--room N] [--data DIR]"),
    };
    let fresh = || std::env::temp_dir().join(format!("tripchat-chat-{}", std::process::id()));
    Ok(Arguments {
        server,
        email,
        password: password()?,
        register: named.remove("register"),
        room: named.remove("room").map(|n| n.parse()).transpose().context("--room needs a number")?,
        data: named.remove("data").map_or_else(fresh, PathBuf::from),
    })
}

fn password() -> Result<SecretString> {
    if let Ok(password) = std::env::var("TRIPCHAT_PASSWORD") {
        return Ok(password.into());
    }
    println!("password:");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let Arguments { server, email, password, register, room, data } = arguments()?;
    let client = Client::start(Config { data_dir: data, server: server.clone(), app: "chat/0.1".into() })?;
    let mut events = client.subscribe();
    if client.start_view().await?.account.is_none() {
        let account = match register {
            Some(name) => client.register(server, email, password, name).await?,
            None => client.sign_in(server, email, password).await?,
        };
        println!("signed in as {}", account.name);
    }
    while client.start_view().await?.connection != ConnectionView::Online {
        next(&mut events).await?;
    }
    let inbox = client.inbox().await?;
    for (n, row) in inbox.iter().enumerate() {
        let stops = row.trip.iter().flat_map(|trip| &trip.stops).map(|stop| stop.place.as_str());
        let title = row.name.clone().unwrap_or_else(|| stops.collect::<Vec<_>>().join(" – "));
        println!("{n}: {title} ({})", row.room);
    }
    if let Some(room) = room {
        let room = inbox.get(room).context("there is no room with this number")?.room;
        chat(&client, &mut events, room).await?;
    }
    client.close().await?;
    Ok(())
}

/// Waits until something is different; what, is looked up.
async fn next(events: &mut tokio::sync::broadcast::Receiver<ClientEvent>) -> Result<()> {
    match events.recv().await {
        Ok(_) | Err(RecvError::Lagged(_)) => Ok(()),
        Err(RecvError::Closed) => bail!("the client has ended"),
    }
}

async fn chat(
    client: &Client,
    events: &mut tokio::sync::broadcast::Receiver<ClientEvent>,
    room: RoomId,
) -> Result<()> {
    let mut lines = typed_lines()?;
    let mut shown = BTreeMap::new();
    let mut typing = true;
    loop {
        show(client, room, &mut shown).await?;
        let waiting = shown.values().any(|state| *state == SendState::Waiting);
        if !typing && !waiting {
            return Ok(());
        }
        tokio::select! {
            biased;
            line = lines.recv(), if typing => match line {
                Some(line) => match client.send(room, line).await {
                    Ok(_) => {}
                    Err(error) => println!("! {error}"),
                },
                None => typing = false,
            },
            event = next(events) => event?,
        }
    }
}

/// Prints what is new or stands differently.
async fn show(client: &Client, room: RoomId, shown: &mut BTreeMap<MessageId, SendState>) -> Result<()> {
    for row in client.timeline(room, Place::Newest, 50).await?.rows {
        if shown.insert(row.id, row.state) != Some(row.state) {
            println!("{}", line(&row));
        }
    }
    Ok(())
}

fn line(row: &TimelineRow) -> String {
    let mark = match row.state {
        SendState::Waiting => "…",
        SendState::Sent => " ",
        SendState::Delivered => "v",
        SendState::Read => "V",
        SendState::Failed => "!",
    };
    let text = row.text.as_deref().unwrap_or("(a newer app is needed to read this)");
    format!("{mark} {}: {text}", row.author_name)
}

/// The lines of the standard input. Reading them blocks, so it has a thread.
fn typed_lines() -> Result<mpsc::UnboundedReceiver<String>> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::Builder::new().name("typed".into()).spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if !line.trim().is_empty() && sender.send(line).is_err() {
                return;
            }
        }
    })?;
    Ok(lines)
}
