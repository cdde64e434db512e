//! Signing in with e-mail and password.

use super::grant::{Begin, grant};
use super::register::email;
use crate::context::Context;
use crate::error::Result;
use crate::store::tables::users;
use crate::store::{Job, Tx};
use tripchat_protocol::rest::{Grant, Profile, SignIn};
use tripchat_protocol::{ErrorCode, UserId};

/// How often the password may change while it is compared.
const ATTEMPTS: usize = 3;

/// Begins a session on the device, with `app`. An unknown e-mail and a wrong password answer alike, and take as long.
///
/// # Errors
/// `WRONG_CREDENTIALS`.
pub async fn sign_in(
    context: &Context,
    tenant: Option<String>,
    input: SignIn,
    app: Option<String>,
) -> Result<Grant> {
    let tenant = context.config.tenant(tenant);
    let email = email(&input.email).ok();
    for _ in 0..ATTEMPTS {
        let found = match email.clone() {
            Some(email) => context.store.read(FindUser { tenant: tenant.clone(), email }).await?,
            None => None,
        };
        let stored = found.as_ref().map(|(_, _, hash)| hash.clone());
        let right = context.passwords.verify(input.password.clone(), stored).await?;
        let Some((id, name, verified)) = found.filter(|_| right) else { break };
        let anew = match context.passwords.is_weak(&verified) {
            true => Some(context.passwords.hash(input.password.clone(), &context.sources).await?),
            false => None,
        };
        let begin = Begin::new(context, input.device, app.clone());
        let refresh = context.tokens.read_refresh(&begin.refresh.text())?;
        if context
            .store
            .write(BeginSession { tenant: tenant.clone(), user: id, verified, anew, begin })
            .await?
        {
            return grant(context, Profile { id, name }, &tenant, &refresh);
        }
    }
    Err(ErrorCode::WrongCredentials.into())
}

struct FindUser {
    tenant: String,
    email: String,
}

impl Job for FindUser {
    type Out = Option<(UserId, String, String)>;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out> {
        users::by_email(tx, &self.tenant, &self.email).await
    }
}

struct BeginSession {
    tenant: String,
    user: UserId,
    /// The hash that the password was compared with.
    verified: String,
    /// One of more work, to take its place.
    anew: Option<String>,
    begin: Begin,
}

impl Job for BeginSession {
    /// Whether the password is still the one that was compared: a session that began with an old one would outlive
    /// the change that ended the others.
    type Out = bool;

    async fn run(&self, tx: &mut Tx) -> Result<bool> {
        let new = self.anew.as_ref().unwrap_or(&self.verified);
        if !users::replace_password(tx, self.user, &self.verified, new).await? {
            return Ok(false);
        }
        self.begin.store(tx, self.user, &self.tenant).await?;
        Ok(true)
    }

    fn lane(&self) -> Option<uuid::Uuid> {
        Some(self.user.0)
    }
}
