//! Everything that the server has of a person, for themselves (GDPR, article 15): what they said and did, not what
//! others said.

use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::{booking, identity, message, own, review, session, stay, trip, users};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use serde_json::{Value, json};
use tripchat_protocol::Body;

/// More than anybody has.
const ALL: i64 = 1_000_000;

/// Gathers it.
#[derive(Debug)]
pub struct Export {
    /// Whose.
    pub by: Caller,
}

impl Job for Export {
    type Out = Value;

    async fn run(&self, tx: &mut Tx) -> Result<Value> {
        let by = &self.by;
        rights::session(tx, by).await?;
        let missing = || Error::internal("a session without its person");
        let about = users::about(tx, by.user).await?.ok_or_else(missing)?;
        let account = users::account(tx, by.user).await?.ok_or_else(missing)?;
        let foreign = identity::of(tx, by.user).await?.into_iter();
        let sessions = session::of(tx, by.user, 0, 0).await?.into_iter();
        let reviews = review::written_by(tx, by.user).await?.into_iter();
        let messages = message::of_author(tx, by.user, ALL).await?.into_iter();
        let messages = messages.filter(|(_, placed)| !matches!(placed.message.body, Body::System(_)));
        Ok(json!({
            "exported_at": tx.now(),
            "account": {
                "id": by.user,
                "tenant": by.tenant,
                "email": account.email,
                "name": about.name,
                "business_name": about.business_name,
                "username": about.username,
                "locale": about.locale,
                "identities": foreign
                    .map(|(issuer, subject)| json!({"issuer": issuer, "subject": subject}))
                    .collect::<Vec<_>>(),
            },
            "sessions": sessions
                .map(|it| json!({"id": it.id, "app": it.app, "created_at": it.created_at,
                                 "last_used_at": it.rotated_at}))
                .collect::<Vec<_>>(),
            "rooms": rooms(tx, by).await?,
            "messages": messages
                .map(|(room, placed)| json!({"room": room, "message": placed.message}))
                .collect::<Vec<_>>(),
            "reviews": reviews
                .map(|(booking, stars, text)| json!({"booking": booking, "stars": stars, "text": text}))
                .collect::<Vec<_>>(),
            "trips": trip::driven_by(tx, &by.tenant, by.user).await?,
            "bookings": booking::of_passenger(tx, by.user, ALL).await?,
        }))
    }
}

async fn rooms(tx: &mut Tx, by: &Caller) -> Result<Vec<Value>> {
    let mut rooms = Vec::new();
    for room in stay::rooms_of(tx, by.user).await? {
        let stays = stay::intervals(tx, room, by.user).await?.into_iter();
        let stays: Vec<Value> =
            stays.map(|it| json!({"from_rev": it.from_rev, "to_rev": it.to_rev})).collect();
        let reached = own::reached(tx, room, by.user).await?;
        let marks = reached.map(|it| json!({"delivered": it.delivered, "read": it.read}));
        let own = own::settings(tx, room, by.user).await?;
        rooms.push(json!({"room": room, "stays": stays, "marks": marks, "own": own}));
    }
    Ok(rooms)
}
