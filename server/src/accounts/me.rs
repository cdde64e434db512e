//! What a person says of themselves.

use super::names;
use super::register::name;
use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::users::{self, About};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::ErrorCode;
use tripchat_protocol::rest::{Me, MeChange};

/// Characters of a username.
const USERNAME_CHARS: std::ops::RangeInclusive<usize> = 3..=30;
/// Longest language tag.
const LOCALE_CHARS: usize = 35;

/// Reads it.
#[derive(Debug)]
pub struct ReadMe {
    /// Who asks about themselves.
    pub by: Caller,
}

impl Job for ReadMe {
    type Out = Me;

    async fn run(&self, tx: &mut Tx) -> Result<Me> {
        rights::session(tx, &self.by).await?;
        shown(tx, &self.by).await
    }
}

/// Changes it. Whoever shares a room with the person sees a new name at once.
#[derive(Debug)]
pub struct ChangeMe {
    /// Whose it is.
    pub by: Caller,
    /// What changes.
    pub change: MeChange,
}

impl Job for ChangeMe {
    type Out = Me;

    async fn run(&self, tx: &mut Tx) -> Result<Me> {
        let Self { by, change } = self;
        rights::session(tx, by).await?;
        if *change == MeChange::default() {
            return Err(Error::invalid("nothing to change"));
        }
        let was = own(tx, by).await?;
        let is = changed(&was, change)?;
        if is.username != was.username
            && let Some(username) = &is.username
            && users::by_username(tx, &by.tenant, username).await?.is_some()
        {
            return Err(ErrorCode::UsernameTaken.into());
        }
        names::change(tx, by.user, &was, &is).await?;
        shown(tx, by).await
    }

    fn lane(&self) -> Option<uuid::Uuid> {
        Some(self.by.user.0)
    }
}

async fn own(tx: &mut Tx, by: &Caller) -> Result<About> {
    users::about(tx, by.user).await?.ok_or_else(|| Error::internal("a session without its person"))
}

async fn shown(tx: &mut Tx, by: &Caller) -> Result<Me> {
    let About { name, business_name, username, locale } = own(tx, by).await?;
    let has_password = users::account(tx, by.user).await?.is_some_and(|it| it.password_hash.is_some());
    Ok(Me { id: by.user, name, username, business_name, locale, has_password })
}

/// What is said once `change` is made.
fn changed(was: &About, change: &MeChange) -> Result<About> {
    let mut is = was.clone();
    if let Some(text) = &change.name {
        is.name = name(text)?;
    }
    if let Some(given) = &change.business_name {
        let checked = given.as_deref().map(name).transpose();
        is.business_name = checked.map_err(|_| Error::invalid("business_name"))?;
    }
    if let Some(given) = &change.username {
        is.username = given.as_deref().map(username).transpose()?;
    }
    if let Some(given) = &change.locale {
        is.locale = given.as_deref().map(language).transpose()?;
    }
    Ok(is)
}

fn username(text: &str) -> Result<String> {
    let lowered = text.trim().to_lowercase();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let good = USERNAME_CHARS.contains(&lowered.len()) && lowered.bytes().all(plain);
    if good { Ok(lowered) } else { Err(Error::invalid("username")) }
}

/// A language tag by its form (RFC 5646, section 2.1): letters, then parts of letters and digits.
pub(super) fn language(text: &str) -> Result<String> {
    let mut parts = text.split('-');
    let first = parts.next().is_some_and(|it| (2..=8).contains(&it.len()) && all_letters(it));
    let rest = parts.all(|it| (1..=8).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric()));
    if first && rest && text.len() <= LOCALE_CHARS { Ok(text.into()) } else { Err(Error::invalid("locale")) }
}

fn all_letters(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About { name: "Aigerim".into(), business_name: None, username: None, locale: None }
    }

    #[test]
    fn what_is_not_named_stays_and_what_is_null_goes() {
        let change: MeChange = serde_json::from_str(
            r#"{"username": " Aigerim_7 ", "business_name": "Алатау Такси", "locale": "kk-KZ"}"#,
        )
        .unwrap();
        let is = changed(&about(), &change).unwrap();
        assert_eq!((is.name.as_str(), is.shown()), ("Aigerim", "Алатау Такси"));
        assert_eq!((is.username.as_deref(), is.locale.as_deref()), (Some("aigerim_7"), Some("kk-KZ")));
        let change: MeChange = serde_json::from_str(r#"{"business_name": null}"#).unwrap();
        let is = changed(&is, &change).unwrap();
        assert_eq!((is.shown(), is.username.as_deref()), ("Aigerim", Some("aigerim_7")));
        assert_eq!(changed(&is, &MeChange::default()).unwrap(), is);
        for tag in ["kk", "ru-KZ", "es-419", "zh-Hant-TW", "sr-Latn"] {
            assert!(language(tag).is_ok(), "{tag}");
        }
    }

    #[test]
    fn each_bad_field_is_named() {
        for (field, values) in [
            ("name", vec![r#""""#, r#""  ""#]),
            ("business_name", vec![r#""""#, r#""a\nb""#]),
            ("username", vec![r#""ab""#, r#""a b c""#, r#""Айгерім""#, r#""a-b-c""#]),
            (
                "locale",
                vec![
                    r#""12""#,
                    r#""русский""#,
                    r#""en US""#,
                    r#""k""#,
                    r#""kk_KZ""#,
                    r#""../x""#,
                    r#""kk-""#,
                    r#""k1""#,
                ],
            ),
        ] {
            for value in values {
                let change: MeChange = serde_json::from_str(&format!("{{\"{field}\": {value}}}")).unwrap();
                let refused = changed(&about(), &change).unwrap_err();
                assert_eq!(refused.details(), Some(field), "{value}");
            }
        }
        let long = MeChange { username: Some(Some("a".repeat(31))), ..MeChange::default() };
        assert!(changed(&about(), &long).is_err());
    }
}
