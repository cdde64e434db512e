//! `org.freedesktop.Notifications` on the person's session bus.
//!
//! The signals are listened to before anything is shown, so that no click is missed.

use super::slip::Slip;
use futures_util::StreamExt;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::timeout;
use zbus::message::Type;
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, Message, MessageStream};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A server that does not answer for so long is taken for none.
const PATIENCE: Duration = Duration::from_secs(5);

/// The action that a click on the notification itself stands for.
const DEFAULT: &str = "default";

/// The desktop decides how long it stays.
const ITS_TIME: i32 = -1;

/// What the desktop said.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// The notification was clicked.
    Clicked(u32),
    /// It is no longer shown.
    Closed(u32),
    /// Something else.
    Nothing,
    /// The bus is gone.
    Silence,
}

/// The connection, and what is heard on it.
pub struct Bus {
    connection: Connection,
    signals: MessageStream,
}

impl Bus {
    /// Connects, and listens.
    pub async fn connect() -> zbus::Result<Self> {
        in_time(async {
            let connection = Connection::session().await?;
            let rule = MatchRule::builder().msg_type(Type::Signal).interface(NAME)?.path(PATH)?.build();
            let signals = MessageStream::for_match_rule(rule, &connection, None).await?;
            Ok(Self { connection, signals })
        })
        .await
    }

    /// Shows it, in place of number `replaces` if that is not zero; answers its number.
    pub async fn show(&self, slip: &Slip, replaces: u32) -> zbus::Result<u32> {
        in_time(async {
            let can: Vec<String> = self.call("GetCapabilities", &()).await?.body().deserialize()?;
            // Where a body has markup, a message must not be able to write any.
            let markup = can.iter().any(|can| can == "body-markup");
            let body = if markup { escaped(&slip.body) } else { slip.body.clone() };
            let hints = BTreeMap::from([
                ("desktop-entry", Value::from("tripchat")),
                ("category", Value::from("im.received")),
                ("urgency", Value::from(1_u8)),
            ]);
            let actions = [DEFAULT, slip.open.as_str()];
            let asked =
                ("Tripchat", replaces, "", slip.title.as_str(), body, actions.as_slice(), hints, ITS_TIME);
            self.call("Notify", &asked).await?.body().deserialize()
        })
        .await
    }

    /// Closes number `id`.
    pub async fn close(&self, id: u32) -> zbus::Result<()> {
        in_time(async { self.call("CloseNotification", &id).await.map(drop) }).await
    }

    /// What is said next.
    pub async fn hear(&mut self) -> Heard {
        match self.signals.next().await {
            Some(Ok(message)) => heard(&message),
            Some(Err(error)) => {
                tracing::debug!(%error, "the session bus said something that is not understood");
                Heard::Nothing
            }
            None => Heard::Silence,
        }
    }

    async fn call<B>(&self, method: &str, body: &B) -> zbus::Result<Message>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        self.connection.call_method(Some(NAME), PATH, Some(NAME), method, body).await
    }
}

fn heard(message: &Message) -> Heard {
    let header = message.header();
    let body = message.body();
    match header.member().map(|member| member.as_str()) {
        Some("ActionInvoked") => match body.deserialize::<(u32, &str)>() {
            Ok((id, DEFAULT)) => Heard::Clicked(id),
            _ => Heard::Nothing,
        },
        Some("NotificationClosed") => match body.deserialize::<(u32, u32)>() {
            Ok((id, _)) => Heard::Closed(id),
            Err(_) => Heard::Nothing,
        },
        _ => Heard::Nothing,
    }
}

async fn in_time<T>(work: impl Future<Output = zbus::Result<T>>) -> zbus::Result<T> {
    timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(zbus::Error::Failure("no answer in time".into())))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(member: &str, body: &(impl serde::Serialize + zbus::zvariant::DynamicType)) -> Heard {
        heard(&Message::signal(PATH, NAME, member).unwrap().build(body).unwrap())
    }

    #[test]
    fn a_click_and_a_closing_are_heard_and_nothing_else() {
        assert_eq!(signal("ActionInvoked", &(7_u32, "default")), Heard::Clicked(7));
        assert_eq!(signal("ActionInvoked", &(7_u32, "snooze")), Heard::Nothing);
        assert_eq!(signal("ActionInvoked", &"default"), Heard::Nothing);
        assert_eq!(signal("NotificationClosed", &(7_u32, 2_u32)), Heard::Closed(7));
        assert_eq!(signal("NotificationClosed", &7_u32), Heard::Nothing);
        assert_eq!(signal("ActivationToken", &(7_u32, "token")), Heard::Nothing);
    }

    #[test]
    fn a_message_writes_no_markup_into_a_notification() {
        let text = "<a href=\"https://example.org\">1 & 2</a>";
        assert_eq!(escaped(text), "&lt;a href=\"https://example.org\"&gt;1 &amp; 2&lt;/a&gt;");
    }
}
