//! Signing in with e-mail and password.

use super::DEFAULT_TENANT;
use super::grant::{Begin, grant};
use super::register::email;
use crate::context::Context;
use crate::error::Result;
use crate::store::tables::users;
use crate::store::{Job, Tx};
use tripchat_protocol::rest::{Grant, Profile, SignIn};
use tripchat_protocol::{ErrorCode, UserId};

/// Begins a session on the device. An unknown e-mail and a wrong password answer alike, and take as long.
///
/// # Errors
/// `WRONG_CREDENTIALS`.
pub async fn sign_in(context: &Context, input: SignIn) -> Result<Grant> {
    let found = match email(&input.email) {
        Ok(email) => context.store.read(FindUser { email }).await?,
        Err(_) => None,
    };
    let stored = found.as_ref().map(|(_, _, hash)| hash.clone());
    let right = context.passwords.verify(input.password, stored).await?;
    let Some((id, name, _)) = found.filter(|_| right) else { return Err(ErrorCode::WrongCredentials.into()) };
    let begin = Begin::new(context, input.device);
    let refresh = context.tokens.read_refresh(&begin.refresh.text())?;
    context.store.write(BeginSession { user: id, begin }).await?;
    grant(context, Profile { id, name }, DEFAULT_TENANT, &refresh)
}

struct FindUser {
    email: String,
}

impl Job for FindUser {
    type Out = Option<(UserId, String, String)>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        users::by_email(tx, DEFAULT_TENANT, &self.email).await
    }
}

struct BeginSession {
    user: UserId,
    begin: Begin,
}

impl Job for BeginSession {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        self.begin.store(tx, self.user, DEFAULT_TENANT).await
    }
}
