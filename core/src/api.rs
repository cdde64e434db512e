//! The port to the server's REST interface: one request, one answer. reqwest behind it in production, anything
//! that can answer in tests and in the simulation.

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::time::Duration;

/// No answer after this long counts as none.
const DEADLINE: Duration = Duration::from_secs(20);

/// What the app says it is. Its person tells their sign-ins apart by it, so it names the system under it, too.
#[must_use]
pub fn user_agent() -> String {
    format!("tripchat/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS)
}

/// The verbs that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Does.
    Post,
    /// Puts something in its place.
    Put,
    /// Changes a part.
    Patch,
    /// Ends.
    Delete,
}

/// A request. Its body and token are secret: `Debug` shows neither.
#[derive(Clone)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The whole address; never with a token in it.
    pub url: String,
    /// The access token, sent as `Authorization: Bearer`.
    pub token: Option<SecretString>,
    /// JSON.
    pub body: Option<Vec<u8>>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// An answer of any status.
#[derive(Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// JSON, or nothing.
    pub body: Vec<u8>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).finish_non_exhaustive()
    }
}

/// No answer came: no network, no such host, or nobody listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server cannot be reached")]
pub struct Unreachable;

/// The port.
pub trait Api: Send + Sync {
    /// Asks once.
    fn call(&self, request: Request) -> BoxFuture<'static, Result<Reply, Unreachable>>;
}

/// The real one.
#[derive(Debug, Clone)]
pub struct HttpApi(reqwest::Client);

impl HttpApi {
    /// A client that follows no redirects: a token goes to the server that it is for.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent(user_agent())
            .timeout(DEADLINE)
            .connect_timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self(client))
    }
}

impl Api for HttpApi {
    fn call(&self, request: Request) -> BoxFuture<'static, Result<Reply, Unreachable>> {
        let client = self.0.clone();
        Box::pin(async move {
            let mut asked = match request.method {
                Method::Get => client.get(&request.url),
                Method::Post => client.post(&request.url),
                Method::Put => client.put(&request.url),
                Method::Patch => client.patch(&request.url),
                Method::Delete => client.delete(&request.url),
            };
            if let Some(token) = &request.token {
                asked = asked.bearer_auth(token.expose_secret());
            }
            if let Some(body) = request.body {
                asked = asked.header("content-type", "application/json").body(body);
            }
            let answered = asked.send().await.map_err(unreachable)?;
            let status = answered.status().as_u16();
            let body = answered.bytes().await.map_err(unreachable)?;
            Ok(Reply { status, body: body.to_vec() })
        })
    }
}

fn unreachable(error: reqwest::Error) -> Unreachable {
    // The address alone: it carries no secret, and the causes below it (names, ports) help whoever reads the log.
    tracing::debug!(error = %error.without_url(), "no answer from the server");
    Unreachable
}
