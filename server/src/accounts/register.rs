//! Making an account; it is signed in at once.

use super::grant::{Begin, grant};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::passwords::{self, Known};
use crate::store::tables::users::{self, NewUser};
use crate::store::{Job, Tx};
use tripchat_protocol::limits::NAME_CHARS;
use tripchat_protocol::rest::{Grant, Profile, Register};
use tripchat_protocol::{ErrorCode, StreamId, UserId};

/// Makes the account and its inbox, and signs it in.
///
/// # Errors
/// `INVALID_INPUT` names the field; `PASSWORD_TOO_COMMON`, `EMAIL_TAKEN`.
pub async fn register(
    context: &Context,
    tenant: Option<String>,
    input: Register,
    app: Option<String>,
) -> Result<Grant> {
    let tenant = context.config.tenant(tenant);
    let email = email(&input.email)?;
    let name = name(&input.name)?;
    passwords::check(&input.password, Known { email: &email, name: &name }, "password")?;
    let password_hash = context.passwords.hash(input.password, &context.sources).await?;
    let begin = Begin::new(context, input.device, app);
    let user = Profile { id: UserId(context.sources.uuid()), name };
    let refresh = context.tokens.read_refresh(&begin.refresh.text())?;
    let job = MakeAccount { tenant: tenant.clone(), user: user.clone(), email, password_hash, begin };
    context.store.write(job).await?;
    grant(context, user, &tenant, &refresh)
}

struct MakeAccount {
    tenant: String,
    user: Profile,
    email: String,
    password_hash: String,
    begin: Begin,
}

impl Job for MakeAccount {
    type Out = ();

    async fn run(&self, tx: &mut Tx) -> Result<()> {
        let new = NewUser {
            id: self.user.id,
            tenant: &self.tenant,
            email: Some(&self.email),
            name: &self.user.name,
            password_hash: Some(&self.password_hash),
        };
        if !users::insert(tx, &new).await? {
            return Err(ErrorCode::EmailTaken.into());
        }
        tx.open_stream(StreamId::User(self.user.id)).await?;
        self.begin.store(tx, self.user.id, &self.tenant).await
    }
}

/// An e-mail address in lower case. Whether it exists only a letter can tell, so the form is checked loosely.
pub(super) fn email(text: &str) -> Result<String> {
    let email = text.trim().to_lowercase();
    let well_formed = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.split('.').count() >= 2 && domain.split('.').all(|part| !part.is_empty())
    });
    let clean = email.len() <= 254 && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    if well_formed && clean { Ok(email) } else { Err(Error::invalid("email")) }
}

/// The name that a person shows, trimmed.
pub(super) fn name(text: &str) -> Result<String> {
    let name = text.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_CHARS || name.chars().any(char::is_control) {
        return Err(Error::invalid("name"));
    }
    Ok(name.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_mails_are_lowered_and_nonsense_is_refused() {
        assert_eq!(email("  Aigerim@Example.ORG ").unwrap(), "aigerim@example.org");
        for text in [
            "",
            "a",
            "@",
            "a@",
            "@b.c",
            "a@b",
            "a@b.",
            "a b@c.d",
            "a@b..c",
            &format!("{}@b.c", "a".repeat(300)),
        ] {
            assert_eq!(email(text).unwrap_err().details(), Some("email"), "{text}");
        }
    }

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(name("  Айгерім  ").unwrap(), "Айгерім");
        assert!(name(&"ә".repeat(80)).is_ok());
        for text in ["", "   ", "a\u{0}b", "a\nb", &"ә".repeat(81)] {
            assert_eq!(name(text).unwrap_err().details(), Some("name"));
        }
    }
}
