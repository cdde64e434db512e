//! A client without a core: it says what it is told to say, byte by byte.

use crate::person::PASSWORD;
use anyhow::{Context, Result, anyhow, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tripchat_protocol::{Failure, ServerFrame};
use tripchat_runtime::Sources;

const PATIENCE: Duration = Duration::from_secs(30);

/// An account and, once connected, a socket.
pub struct Raw {
    /// The server.
    pub url: String,
    /// The access token.
    pub token: String,
    /// The refresh token.
    pub refresh: String,
    /// The account's id.
    pub user: String,
    /// Its e-mail.
    pub email: String,
    /// The tenant that its requests name, if they do.
    pub tenant: Option<String>,
    http: reqwest::Client,
    socket: Option<WebSocketStream<MaybeTlsStream<TcpStream>>>,
}

/// The answer of a REST call.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON, or null.
    pub body: Value,
}

impl Answer {
    /// The refusal's code; empty if it was none.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or("")
    }
}

impl Raw {
    /// Somebody without an account.
    #[must_use]
    pub fn stranger(url: &str) -> Self {
        Self {
            url: url.into(),
            token: String::new(),
            refresh: String::new(),
            user: String::new(),
            email: String::new(),
            tenant: None,
            http: reqwest::Client::new(),
            socket: None,
        }
    }

    /// Makes an account.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn register(url: &str, name: &str) -> Result<Self> {
        Self::register_in(url, None, name).await
    }

    /// Makes an account in a tenant.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn register_in(url: &str, tenant: Option<&str>, name: &str) -> Result<Self> {
        let email = format!("{}@example.org", Sources::system().uuid().simple());
        let tenant = tenant.map(Into::into);
        let mut raw = Self { email: email.clone(), tenant, ..Self::stranger(url) };
        let body = json!({"email": email, "password": PASSWORD, "name": name, "device": uuid()});
        let answer = raw.post("/api/v1/auth/register", &body).await?;
        raw.take_grant(&answer)?;
        Ok(raw)
    }

    /// The same account, signed in on another device.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn on_another_device(&self) -> Result<Self> {
        let body = json!({"email": self.email, "password": PASSWORD, "device": uuid()});
        let answer = self.post("/api/v1/auth/sign-in", &body).await?;
        let mut other = self.twin();
        other.take_grant(&answer)?;
        Ok(other)
    }

    /// Goes on with the tokens of a grant.
    ///
    /// # Errors
    /// If it is none.
    pub fn take_grant(&mut self, answer: &Answer) -> Result<()> {
        let text = |field: &str| answer.body[field].as_str().map(str::to_owned);
        self.token = text("access_token").with_context(|| format!("{answer:?}"))?;
        self.refresh = text("refresh_token").context("no refresh token")?;
        self.user = answer.body["user"]["id"].as_str().context("no user")?.into();
        Ok(())
    }

    /// Another client of the same account, not connected.
    #[must_use]
    pub fn twin(&self) -> Self {
        Self {
            url: self.url.clone(),
            token: self.token.clone(),
            refresh: self.refresh.clone(),
            user: self.user.clone(),
            email: self.email.clone(),
            tenant: self.tenant.clone(),
            http: self.http.clone(),
            socket: None,
        }
    }

    /// `POST`, with the token if there is one.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.ask(self.http.post(format!("{}{path}", self.url)).json(body)).await
    }

    /// `GET`, with the token if there is one.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.ask(self.http.get(format!("{}{path}", self.url))).await
    }

    /// `PATCH`, with the token if there is one.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn patch(&self, path: &str, body: &Value) -> Result<Answer> {
        self.ask(self.http.patch(format!("{}{path}", self.url)).json(body)).await
    }

    /// A body that may be no JSON at all.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn post_bytes(&self, path: &str, content_type: &str, body: Vec<u8>) -> Result<Answer> {
        let request =
            self.http.post(format!("{}{path}", self.url)).header("content-type", content_type).body(body);
        self.ask(request).await
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Answer> {
        let request = match &self.tenant {
            Some(tenant) => request.header("x-tenant-tag", tenant),
            None => request,
        };
        answered(if self.token.is_empty() { request } else { request.bearer_auth(&self.token) }).await
    }

    /// Any request, with whatever token it is given: `body` comes with its content type.
    ///
    /// # Errors
    /// If there is no answer, or one that is not JSON.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<(&str, Vec<u8>)>,
    ) -> Result<Answer> {
        let mut request = self.http.request(method.parse()?, format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some((content_type, body)) = body {
            request = request.header("content-type", content_type).body(body);
        }
        answered(request).await
    }

    /// Asks for a socket with extra headers and reads the refusal; the headers of a WebSocket handshake are added.
    ///
    /// # Errors
    /// If there is no answer, or one that is not JSON.
    pub async fn refused_upgrade(&self, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        let handshake = [
            ("connection", "upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let mut request = self.http.get(format!("{}{path}", self.url));
        for (name, value) in handshake.iter().chain(headers) {
            request = request.header(*name, *value);
        }
        answered(request).await
    }

    /// Opens a socket with extra headers; says hello to nobody. The HTTP status, if it is refused.
    ///
    /// # Errors
    /// If there is no answer.
    pub async fn dial(&mut self, path: &str, headers: &[(&'static str, &str)]) -> Result<u16> {
        let mut request = format!("{}{path}", self.url.replace("http", "ws")).into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse()?);
        }
        match connect_async(request).await {
            Ok((socket, answer)) => {
                self.socket = Some(socket);
                Ok(answer.status().as_u16())
            }
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Ok(answer.status().as_u16()),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a socket and says hello as a fresh device; returns when it is synced.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn connect(&mut self) -> Result<()> {
        let bearer = format!("Bearer {}", self.token);
        let status = self.dial("/api/v1/ws", &[("authorization", &bearer)]).await?;
        anyhow::ensure!(status == 101, "the upgrade was answered {status}");
        self.say(&json!({"type": "hello", "versions": [1], "device": uuid(), "generation": 1, "app": "raw"}))
            .await?;
        self.until(|frame| matches!(frame, ServerFrame::Synced(_)).then_some(())).await
    }

    /// Opens a socket and says hello with `more` fields; reads nothing.
    ///
    /// # Errors
    /// If the upgrade is refused.
    pub async fn greet(&mut self, more: &Value) -> Result<()> {
        let bearer = format!("Bearer {}", self.token);
        let status = self.dial("/api/v1/ws", &[("authorization", &bearer)]).await?;
        anyhow::ensure!(status == 101, "the upgrade was answered {status}");
        let mut hello =
            json!({"type": "hello", "versions": [1], "device": uuid(), "generation": 1, "app": "raw"});
        for (name, value) in more.as_object().into_iter().flatten() {
            hello[name] = value.clone();
        }
        self.say(&hello).await
    }

    /// Writes a frame.
    ///
    /// # Errors
    /// If the socket is closed.
    pub async fn say(&mut self, frame: &Value) -> Result<()> {
        self.say_message(Message::text(frame.to_string())).await
    }

    /// Writes whatever it is given.
    ///
    /// # Errors
    /// If the socket is closed.
    pub async fn say_message(&mut self, message: Message) -> Result<()> {
        Ok(self.socket()?.send(message).await?)
    }

    /// Writes a text in fragments of `size` bytes. The server may hang up before the last one.
    ///
    /// # Errors
    /// If the socket is not open.
    pub async fn say_fragments(&mut self, text: &[u8], size: usize) -> Result<()> {
        let pieces = text.chunks(size).count();
        let socket = self.socket()?;
        for (number, piece) in text.chunks(size).enumerate() {
            let code = OpCode::Data(if number == 0 { Data::Text } else { Data::Continue });
            let frame = Frame::message(piece.to_vec(), code, number + 1 == pieces);
            if socket.feed(Message::Frame(frame)).await.is_err() {
                return Ok(());
            }
        }
        // Whether it arrived shows in what the server answers.
        drop(socket.flush().await);
        Ok(())
    }

    /// Reads until `seen` finds what it looks for.
    ///
    /// # Errors
    /// If the socket closes, or it does not come.
    pub async fn until<T>(&mut self, mut seen: impl FnMut(&ServerFrame) -> Option<T>) -> Result<T> {
        loop {
            match self.hear().await? {
                Heard::Frame(frame) => {
                    if let Some(found) = seen(&frame) {
                        return Ok(found);
                    }
                }
                Heard::Closed(code) => bail!("closed with {code:?}"),
            }
        }
    }

    /// Reads until the socket closes; the close code, and the code of the last error frame.
    ///
    /// # Errors
    /// If it does not close.
    pub async fn until_closed(&mut self) -> Result<(Option<u16>, Option<String>)> {
        let mut last = None;
        loop {
            match self.hear().await? {
                Heard::Frame(frame) => {
                    if let ServerFrame::Error(failure) = *frame {
                        last = serde_json::to_value(failure.code)?.as_str().map(str::to_owned);
                    }
                }
                Heard::Closed(code) => return Ok((code, last)),
            }
        }
    }

    /// Reads until the socket closes; the close code, and every refusal on the way.
    ///
    /// # Errors
    /// If it does not close.
    pub async fn until_end(&mut self) -> Result<(Option<u16>, Vec<Failure>)> {
        let mut refusals = Vec::new();
        loop {
            match self.hear().await? {
                Heard::Frame(frame) => {
                    if let ServerFrame::Error(failure) = *frame {
                        refusals.push(failure);
                    }
                }
                Heard::Closed(code) => return Ok((code, refusals)),
            }
        }
    }

    /// The next frame, or the close code with which the socket ended.
    ///
    /// # Errors
    /// If the server says nothing for long.
    pub async fn next(&mut self) -> Result<std::result::Result<ServerFrame, Option<u16>>> {
        Ok(match self.hear().await? {
            Heard::Frame(frame) => Ok(*frame),
            Heard::Closed(code) => Err(code),
        })
    }

    async fn hear(&mut self) -> Result<Heard> {
        loop {
            let next = timeout(PATIENCE, self.socket()?.next()).await.context("the server says nothing")?;
            match next {
                Some(Ok(Message::Text(text))) => {
                    return Ok(Heard::Frame(Box::new(serde_json::from_str(&text)?)));
                }
                Some(Ok(Message::Close(frame))) => return Ok(Heard::Closed(frame.map(|it| it.code.into()))),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ok(Heard::Closed(None)),
            }
        }
    }

    fn socket(&mut self) -> Result<&mut WebSocketStream<MaybeTlsStream<TcpStream>>> {
        self.socket.as_mut().ok_or_else(|| anyhow!("not connected"))
    }

    /// A new trip's room with this account as its driver; returns the trip's and the room's id.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn trip(&self, trip: &tripchat_protocol::rest::NewTrip) -> Result<(String, String)> {
        let answer = self.post("/api/v1/trips", &serde_json::to_value(trip)?).await?;
        let text = |field: &str| answer.body[field].as_str().map(str::to_owned);
        Ok((text("id").with_context(|| format!("{answer:?}"))?, text("room").context("no room")?))
    }
}

enum Heard {
    Frame(Box<ServerFrame>),
    Closed(Option<u16>),
}

async fn answered(request: reqwest::RequestBuilder) -> Result<Answer> {
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    let bytes = answer.bytes().await?;
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes)? };
    Ok(Answer { status, body })
}

/// A fresh UUID as text.
fn uuid() -> String {
    Sources::system().uuid().to_string()
}
