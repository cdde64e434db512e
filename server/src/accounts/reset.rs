//! A forgotten password is replaced with a one-time code. An operator makes it and hands it over as they know the
//! person; whoever has it can take the account over, so that it lives for an hour, works once, and ends every sign-in.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::passwords::{self, Known};
use crate::store::tables::users::{self, Account};
use crate::store::tables::{reset_code, session};
use crate::store::{Job, Tx};
use crate::tokens::sha256;
use tripchat_protocol::rest::ResetPassword;
use tripchat_protocol::{ErrorCode, Millis, SessionId, UserId};

/// A code is good for so long.
const LIFE: Millis = 60 * 60_000;
/// Digits and letters that are not mistaken for one another when they are read aloud: five bits each.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Makes a code for who has an e-mail; none if nobody has.
#[derive(Debug)]
pub struct NewCode {
    /// In which tenant.
    pub tenant: String,
    /// In lower case.
    pub email: String,
    /// Where it is drawn from: 125 bits of it are used.
    pub random: [u8; 25],
}

impl Job for NewCode {
    type Out = Option<String>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        let Some((user, ..)) = users::by_email(tx, &self.tenant, &self.email).await? else { return Ok(None) };
        let drawn = self.random.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
        let letters: Vec<u8> = drawn.copied().collect();
        let expires_at = tx.now() + LIFE;
        reset_code::put(tx, user, &sha256(&[&letters]), expires_at).await?;
        let groups = letters.chunks(5).map(|group| String::from_utf8_lossy(group).into_owned());
        Ok(Some(groups.collect::<Vec<_>>().join("-")))
    }
}

/// Sets a new password by a code; every sign-in of the person ends.
///
/// # Errors
/// `CODE_INVALID`; what is wrong with the new password.
pub async fn reset(context: &Context, input: ResetPassword) -> Result<()> {
    let hash = hash_of(&input.code);
    let known = context.store.read(Find { hash }).await?;
    let (user, Account { email, name, .. }) = known.ok_or(ErrorCode::CodeInvalid)?;
    let email = email.unwrap_or_default();
    passwords::check(&input.new, Known { email: &email, name: &name }, "new")?;
    let new = context.passwords.hash(input.new, &context.sources).await?;
    for ended in context.store.write(Replace { user, hash, new }).await? {
        context.hub.end_session(ended);
    }
    Ok(())
}

/// Of a code as somebody types it.
fn hash_of(code: &str) -> [u8; 32] {
    let plain = code.chars().filter(|c| !c.is_whitespace() && *c != '-');
    sha256(&[plain.collect::<String>().to_uppercase().as_bytes()])
}

struct Find {
    hash: [u8; 32],
}

impl Job for Find {
    type Out = Option<(UserId, Account)>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        let Some(user) = reset_code::person(tx, &self.hash).await? else { return Ok(None) };
        let account = users::account(tx, user).await?;
        Ok(Some((user, account.ok_or_else(|| Error::internal("a code without its person"))?)))
    }
}

struct Replace {
    user: UserId,
    hash: [u8; 32],
    new: String,
}

impl Job for Replace {
    type Out = Vec<SessionId>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        // While the password was hashed somebody else may have come with the same code.
        let still = reset_code::person(tx, &self.hash).await? == Some(self.user);
        if !still || !reset_code::take(tx, self.user, &self.hash).await? {
            return Err(ErrorCode::CodeInvalid.into());
        }
        users::set_password(tx, self.user, &self.new).await?;
        session::end_all(tx, self.user).await
    }

    fn lane(&self) -> Option<uuid::Uuid> {
        Some(self.user.0)
    }
}

#[cfg(test)]
mod tests {
    use super::hash_of;

    #[test]
    fn a_code_is_taken_as_people_type_it() {
        assert_eq!(hash_of("abcde-fgh23"), hash_of(" ABCDE FGH23\n"));
        assert_ne!(hash_of("ABCDE"), hash_of("ABCDF"));
    }
}
