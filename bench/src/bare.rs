//! The ceilings: a WebSocket broadcast without accounts, rights or limits, with nothing stored (`raw`), or with one SQLite
//! writer that commits what waits (`rawdb`). They speak just enough of the protocol for the same load.

mod outbox;
mod rooms;
mod store;

use crate::world::EPOCH;
use crate::ws::Input;
use anyhow::{Context, Result};
use outbox::Outbox;
use rooms::Rooms;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use store::Store;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tripchat_runtime::Tasks;
use uuid::Uuid;

pub use store::prepare;

struct Bare {
    rooms: Arc<Rooms>,
    store: Option<Store>,
    tasks: Tasks,
}

/// Serves for ever; stores in `folder`, if there is one.
pub async fn serve(listen: SocketAddr, folder: Option<&Path>) -> Result<()> {
    let rooms = Arc::new(Rooms::default());
    let store = folder.map(|folder| Store::open(folder, rooms.clone())).transpose()?;
    let bare = Arc::new(Bare { rooms, store, tasks: Tasks::default() });
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(listen)?;
    let listener = socket.listen(4_096)?;
    writeln!(std::io::stdout(), "listening on http://{}", listener.local_addr()?)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let (bare, with) = (bare.clone(), bare.clone());
        with.tasks.start("connection", async move {
            // A client that leaves in the middle is none of our business.
            drop(connection(&bare, stream).await);
        });
    }
}

async fn connection(bare: &Bare, mut stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut input = Input::default();
    let mut pages = None;
    while input.fill(&mut stream).await? {
        while let Some(head) = input.http_head() {
            if head.starts_with("GET /api/v1/ws ") {
                // The answer to the one key that the load sends.
                let answer = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                              sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
                stream.write_all(answer.as_bytes()).await?;
                return talk(bare, stream, input).await;
            }
            let body = match (&bare.store, head.split('/').nth(4).and_then(|id| id.parse().ok())) {
                (Some(store), Some(room)) => pages.get_or_insert_with(|| store.pages()).newest(room)?,
                _ => String::new(),
            };
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await?;
        }
    }
    Ok(())
}

/// A hello, if it names rooms; a message, if it has a body.
#[derive(Deserialize)]
struct Frame<'a> {
    rooms: Option<BTreeMap<Uuid, (i64, i64, i64)>>,
    id: Option<Uuid>,
    room: Option<Uuid>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
}

async fn talk(bare: &Bare, stream: TcpStream, mut input: Input) -> Result<()> {
    let (mut reader, writer) = stream.into_split();
    let outbox = Arc::new(Outbox::default());
    let writing = Tasks::default();
    writing.start("writing", outbox.clone().run(writer));
    let _guest = rooms::Guest { rooms: &bare.rooms, outbox: &outbox };
    loop {
        while let Some(frame) = input.frame()? {
            let Frame { rooms, id, room, body } =
                serde_json::from_slice(input.at(frame)).context("a frame")?;
            if let Some(rooms) = rooms {
                match &bare.store {
                    Some(store) => store.greet(rooms, outbox.clone())?,
                    None => {
                        rooms.keys().for_each(|room| bare.rooms.enter(*room, &outbox));
                        outbox.push(br#"{"type":"synced"}"#);
                    }
                }
            } else if let (Some(id), Some(room), Some(body)) = (id, room, body) {
                match &bare.store {
                    Some(store) => store.send(id, room, body.get(), outbox.clone())?,
                    None => {
                        bare.rooms.tell(room, None, |rev| message(id, rev, body.get()));
                        outbox.push(ok(id, 1).as_bytes());
                    }
                }
            }
        }
        if !input.fill(&mut reader).await? {
            return Ok(());
        }
    }
}

fn message(id: Uuid, rev: i64, body: &str) -> String {
    format!(
        r#"{{"kind":"message","id":"{id}","seq":{rev},"author":"{id}","body":{body},"at":1800000000000,"written_at":1800000000000}}"#
    )
}

fn change(room: Uuid, rev: i64, object: &str) -> String {
    format!(r#"{{"type":"change","stream":"room:{room}","epoch":{EPOCH},"rev":{rev},"object":{object}}}"#)
}

fn ok(id: Uuid, rev: i64) -> String {
    format!(r#"{{"type":"ok","id":"{id}","rev":{rev},"seq":{rev},"at":1800000000000}}"#)
}
