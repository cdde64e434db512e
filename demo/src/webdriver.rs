//! As much of WebDriver (W3C, 2018) as two windows need: a session, a script, a click, keys, a picture.

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::time::Duration;

/// The key under which an element is named, section 12.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What may be otherwise in a moment: the page is being drawn.
const NOT_YET: [&str; 5] = [
    "no such element",
    "stale element reference",
    "element not interactable",
    "element click intercepted",
    "javascript error",
];

/// Enter, section 17.4.2.
pub const ENTER: &str = "\u{E007}";

/// The arrow up.
pub const UP: &str = "\u{E013}";

/// The key that takes back what was typed.
pub const BACKSPACE: &str = "\u{E003}";

/// A window under a driver's control.
#[derive(Debug, Clone)]
pub struct Session {
    client: Client,
    base: String,
}

enum Answer {
    Value(Value),
    Refused { error: String, message: String },
}

impl Session {
    /// Whether a driver listens on `port`.
    pub async fn is_ready(port: u16) -> Result<bool> {
        let client = Client::builder().timeout(Duration::from_secs(2)).build()?;
        let Ok(answer) = client.get(format!("http://127.0.0.1:{port}/status")).send().await else {
            return Ok(false);
        };
        let answer: Value = answer.json().await?;
        Ok(answer.pointer("/value/ready").and_then(Value::as_bool).unwrap_or(false))
    }

    /// Starts the app, or a browser with its arguments, in the driver's own environment.
    pub async fn open(port: u16, app: &str, arguments: &[&str]) -> Result<Self> {
        let client = Client::builder().timeout(Duration::from_secs(60)).build()?;
        let base = format!("http://127.0.0.1:{port}/session");
        let options = json!({ "webkitgtk:browserOptions": { "binary": app, "args": arguments } });
        let body = json!({ "capabilities": { "alwaysMatch": options } });
        let answer = ask(&client, Method::POST, &base, Some(&body)).await?;
        let value = answer.value().context("the window does not open")?;
        let id = value.get("sessionId").and_then(Value::as_str).context("the driver gives no session")?;
        let base = format!("{base}/{id}");
        Ok(Self { client, base })
    }

    /// Runs a function body in the page.
    pub async fn execute(&self, script: &str) -> Result<Value> {
        self.execute_with(script, json!([])).await
    }

    /// Runs a function body in the page, with `arguments`, an array.
    pub async fn execute_with(&self, script: &str, arguments: Value) -> Result<Value> {
        let body = json!({ "script": script, "args": arguments });
        self.ask(Method::POST, "/execute/sync", Some(&body)).await?.value()
    }

    /// Runs a function body with `arguments`, an array, after which comes what is to be called with the answer.
    pub async fn execute_later(&self, script: &str, arguments: Value) -> Result<Value> {
        let body = json!({ "script": script, "args": arguments });
        self.ask(Method::POST, "/execute/async", Some(&body)).await?.value()
    }

    /// Loads the page at `url`.
    pub async fn go(&self, url: &str) -> Result<()> {
        self.ask(Method::POST, "/url", Some(&json!({ "url": url }))).await?.value().map(|_| ())
    }

    /// Gives the window, its frame and bars included, this size.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let body = json!({ "width": width, "height": height });
        self.ask(Method::POST, "/window/rect", Some(&body)).await?.value().map(|_| ())
    }

    /// Clicks the first element that `css` finds; false if there is none that can be clicked yet.
    pub async fn click(&self, css: &str) -> Result<bool> {
        let Some(element) = self.find(css).await? else { return Ok(false) };
        self.ask(Method::POST, &format!("/element/{element}/click"), Some(&json!({}))).await?.done()
    }

    /// Types into the first element that `css` finds; false if there is none that takes keys yet.
    pub async fn type_keys(&self, css: &str, keys: &str) -> Result<bool> {
        let Some(element) = self.find(css).await? else { return Ok(false) };
        let body = json!({ "text": keys });
        self.ask(Method::POST, &format!("/element/{element}/value"), Some(&body)).await?.done()
    }

    /// Asks for the menu of the first element that `css` finds; false if there is none yet. The driver could press the
    /// right button, but would lose the Shift of every key after it.
    pub async fn ask_menu(&self, css: &str) -> Result<bool> {
        let css = Value::from(css);
        let script = format!(
            "const element = document.querySelector({css});
            if (!element) return false;
            const {{ left, top }} = element.getBoundingClientRect();
            const at = {{ bubbles: true, cancelable: true, clientX: left + 4, clientY: top + 4 }};
            element.dispatchEvent(new MouseEvent('contextmenu', at));
            return true;"
        );
        Ok(self.execute(&script).await? == Value::Bool(true))
    }

    /// What the window shows, as PNG.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        let value = self.ask(Method::GET, "/screenshot", None).await?.value()?;
        Ok(STANDARD.decode(value.as_str().context("the picture is not text")?)?)
    }

    /// Loads the page anew.
    pub async fn reload(&self) -> Result<()> {
        self.ask(Method::POST, "/refresh", Some(&json!({}))).await?.value().map(|_| ())
    }

    /// Whether the window is still there.
    pub async fn is_open(&self) -> bool {
        matches!(self.ask(Method::GET, "/window/handles", None).await,
            Ok(Answer::Value(Value::Array(windows))) if !windows.is_empty())
    }

    /// Closes the window and ends the app.
    pub async fn close(&self) -> Result<()> {
        self.ask(Method::DELETE, "", None).await?.value().map(|_| ())
    }

    async fn find(&self, css: &str) -> Result<Option<String>> {
        let body = json!({ "using": "css selector", "value": css });
        let answer = self.ask(Method::POST, "/element", Some(&body)).await?;
        let Some(value) = answer.if_there()? else { return Ok(None) };
        Ok(value.get(ELEMENT).and_then(Value::as_str).map(str::to_owned))
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer> {
        ask(&self.client, method, &format!("{}{path}", self.base), body).await
    }
}

impl Answer {
    fn value(self) -> Result<Value> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Refused { error, message } => bail!("the driver says: {error}: {message}"),
        }
    }

    fn if_there(self) -> Result<Option<Value>> {
        match self {
            Self::Refused { error, .. } if NOT_YET.contains(&error.as_str()) => Ok(None),
            other => other.value().map(Some),
        }
    }

    fn done(self) -> Result<bool> {
        Ok(self.if_there()?.is_some())
    }
}

async fn ask(client: &Client, method: Method, url: &str, body: Option<&Value>) -> Result<Answer> {
    let mut request = client.request(method, url);
    if let Some(body) = body {
        request = request.json(body);
    }
    let mut answer: Value = request.send().await?.json().await?;
    let value = answer.get_mut("value").map(Value::take).unwrap_or_default();
    let word = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(match (word("error"), word("message")) {
        (Some(error), Some(message)) => Answer::Refused { error, message },
        _ => Answer::Value(value),
    })
}
