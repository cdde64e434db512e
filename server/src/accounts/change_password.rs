//! A new password ends every other sign-in: whoever knew the old one is out.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::passwords::{self, Known};
use crate::rights;
use crate::store::tables::session;
use crate::store::tables::users::{self, Account};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::rest::ChangePassword;
use tripchat_protocol::{ErrorCode, SessionId};

/// How often the password may change while it is compared.
const ATTEMPTS: usize = 3;

/// Gives the caller a new password, ends their other sign-ins and closes those sockets.
///
/// # Errors
/// `WRONG_CREDENTIALS` if `current` is not the password; `INVALID_INPUT` and `PASSWORD_TOO_COMMON` of the new one.
pub async fn change_password(context: &Context, by: Caller, input: ChangePassword) -> Result<()> {
    for _ in 0..ATTEMPTS {
        let account = context.store.read(FindAccount { by: by.clone() }).await?;
        let email = account.email.as_deref().unwrap_or_default();
        passwords::check(&input.new, Known { email, name: &account.name }, "new")?;
        let stored = account.password_hash;
        let right = context.passwords.verify(input.current.clone(), stored.clone()).await?;
        let Some(verified) = stored.filter(|_| right) else { break };
        let new = context.passwords.hash(input.new.clone(), &context.sources).await?;
        let Some(ended) = context.store.write(Change { by: by.clone(), verified, new }).await? else {
            continue;
        };
        ended.into_iter().for_each(|session| context.hub.end_session(session));
        return Ok(());
    }
    Err(ErrorCode::WrongCredentials.into())
}

struct FindAccount {
    by: Caller,
}

impl Job for FindAccount {
    type Out = Account;

    async fn run(&self, tx: &mut Tx) -> Result<Account> {
        rights::session(tx, &self.by).await?;
        let account = users::account(tx, self.by.user).await?;
        account.ok_or_else(|| Error::internal("a session without its person"))
    }
}

struct Change {
    by: Caller,
    /// The hash that the current password was compared with.
    verified: String,
    new: String,
}

impl Job for Change {
    /// The sign-ins that it ended; `None` if the password has become another since it was compared.
    type Out = Option<Vec<SessionId>>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        rights::session(tx, &self.by).await?;
        if !users::replace_password(tx, self.by.user, &self.verified, &self.new).await? {
            return Ok(None);
        }
        session::end_others(tx, self.by.user, self.by.session).await.map(Some)
    }

    fn lane(&self) -> Option<uuid::Uuid> {
        Some(self.by.user.0)
    }
}
