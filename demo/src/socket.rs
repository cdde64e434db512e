//! Someone without a window: a socket over which many operations go at once.

use crate::wait::PATIENCE;
use anyhow::{Context, Result, bail, ensure};
use futures_util::stream::SplitStream;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tripchat_protocol::frame::{Done, Hello};
use tripchat_protocol::rest::Grant;
use tripchat_protocol::{ClientFrame, DeviceId, ServerFrame, VERSIONS};
use tripchat_runtime::Sources;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Does all of it in this order, as `who`, on the server at `address`: nothing waits for the answer to what was
/// before. Their answers, in the same order; a refusal ends it.
pub async fn do_all(
    address: &str,
    who: &Grant,
    sources: &Sources,
    operations: &[ClientFrame],
) -> Result<Vec<Done>> {
    let (mut to, mut from) = open(address, who, sources).await?.split();
    let say = async {
        for operation in operations {
            to.feed(text(operation)?).await?;
        }
        Ok(to.flush().await?)
    };
    let hear = async {
        let mut done = Vec::new();
        while done.len() < operations.len() {
            match next(&mut from).await? {
                ServerFrame::Ok(answer) => done.push(answer),
                ServerFrame::Error(failure) => bail!("{:?} after {} operations", failure.code, done.len()),
                // It hears of its own changes too.
                _ => {}
            }
        }
        Ok(done)
    };
    tokio::try_join!(say, hear).map(|((), done)| done)
}

async fn open(address: &str, who: &Grant, sources: &Sources) -> Result<Stream> {
    let mut request = format!("{}/api/v1/ws", address.replacen("http", "ws", 1)).into_client_request()?;
    request.headers_mut().insert("authorization", format!("Bearer {}", who.access_token).parse()?);
    let (mut stream, _) = connect_async(request).await?;
    // Another device each time: it stores nothing.
    let hello = Hello {
        versions: VERSIONS.to_vec(),
        device: DeviceId(sources.uuid()),
        generation: 1,
        app: "tripchat-demo".into(),
        token: None,
        inbox: None,
        rooms: std::collections::BTreeMap::new(),
    };
    stream.send(text(&ClientFrame::Hello(hello))?).await?;
    let (to, mut from) = stream.split();
    while !matches!(next(&mut from).await?, ServerFrame::Synced(_)) {}
    Ok(from.reunite(to)?)
}

fn text(frame: &ClientFrame) -> Result<Message> {
    Ok(Message::text(serde_json::to_string(frame)?))
}

async fn next(from: &mut SplitStream<Stream>) -> Result<ServerFrame> {
    loop {
        let message = timeout(PATIENCE, from.next()).await.context("the server says nothing")?;
        match message.context("the server hung up")?? {
            Message::Text(text) => return Ok(serde_json::from_str(&text)?),
            message => ensure!(!message.is_close(), "the server hung up: {message:?}"),
        }
    }
}
