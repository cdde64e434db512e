//! A token of a foreign issuer is exchanged for a sign-in of our own, so that sockets, sessions and rights stay ours
//! (the idea of RFC 8693). Issuer and subject name a person, who is made at first sight.

use super::grant::{Begin, grant};
use super::register::name;
use crate::context::Context;
use crate::error::Result;
use crate::issuers::ForeignPerson;
use crate::store::tables::identity::{self, Identity};
use crate::store::tables::users::{self, NewUser};
use crate::store::{Job, Tx};
use crate::tokens::sha256;
use tripchat_protocol::rest::{Exchange, Grant, Profile};
use tripchat_protocol::{ErrorCode, StreamId, UserId};
use uuid::Uuid;

/// Letters and digits that are not mistaken for each other.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Begins a session of the person whom the token names, with `app`.
///
/// # Errors
/// `UNAUTHORIZED` for a token that is not taken; `UNAVAILABLE` while its issuer's keys cannot be had.
pub async fn exchange(
    context: &Context,
    named: Option<String>,
    input: Exchange,
    app: Option<String>,
) -> Result<Grant> {
    let foreign = context.issuers.verify(&input.token).await?;
    let tenant = context.config.tenant(foreign.tenant.clone());
    if named.is_some_and(|named| named != tenant) {
        return Err(ErrorCode::Forbidden.into());
    }
    let given = foreign.name.as_deref().and_then(|given| name(given).ok());
    let fresh = Profile {
        id: UserId(context.sources.uuid()),
        name: given.unwrap_or_else(|| traveller(context.sources.bytes())),
    };
    let begin = Begin::new(context, input.device, app);
    let refresh = context.tokens.read_refresh(&begin.refresh.text())?;
    let user = context.store.write(BeginForeign { tenant: tenant.clone(), foreign, fresh, begin }).await?;
    grant(context, user, &tenant, &refresh)
}

/// Somebody whose issuer tells no name.
fn traveller(random: [u8; 4]) -> String {
    let letters = random.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
    format!("Traveller {}", letters.map(|letter| char::from(*letter)).collect::<String>())
}

struct BeginForeign {
    tenant: String,
    foreign: ForeignPerson,
    /// Whoever it is, if they were not seen before.
    fresh: Profile,
    begin: Begin,
}

impl Job for BeginForeign {
    type Out = Profile;

    async fn run(&self, tx: &mut Tx) -> Result<Profile> {
        let ForeignPerson { issuer, subject, .. } = &self.foreign;
        let tenant = self.tenant.as_str();
        let identity = Identity { tenant, issuer, subject };
        let user = match identity::person(tx, identity).await? {
            Some((id, name)) => Profile { id, name },
            None => {
                let Profile { id, name } = &self.fresh;
                let new = NewUser { id: *id, tenant, email: None, name, password_hash: None };
                users::insert(tx, &new).await?;
                identity::insert(tx, identity, *id).await?;
                tx.open_stream(StreamId::User(*id)).await?;
                self.fresh.clone()
            }
        };
        self.begin.store(tx, user.id, tenant).await?;
        Ok(user)
    }

    /// Two first sights at once are one person.
    fn lane(&self) -> Option<Uuid> {
        let hash = sha256(&[self.foreign.issuer.as_bytes(), b"\0", self.foreign.subject.as_bytes()]);
        hash.first_chunk::<16>().map(|bytes| Uuid::from_bytes(*bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traveller_without_a_name_has_four_letters_that_can_be_said() {
        assert_eq!(traveller([0, 31, 32, 255]), "Traveller A9A9");
    }
}
