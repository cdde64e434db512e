//! A platform's backend says who somebody is there. Asked twice, it is the same person.

use super::me::language;
use super::names;
use super::register::name;
use crate::error::{Error, Result};
use crate::rights;
use crate::store::tables::identity::{self, Identity};
use crate::store::tables::users::{self, About, NewUser};
use crate::store::{Job, Tx};
use crate::tokens::{Scope, Service, sha256};
use tripchat_protocol::platform::{Person, PutPerson as Input};
use tripchat_protocol::{StreamId, UserId};
use uuid::Uuid;

/// The issuer of people whose platform has none of its own.
const NO_ISSUER: &str = "platform";
/// Longest name of an issuer, and of somebody there.
const EXTERNAL_CHARS: usize = 255;

/// Makes the person at first sight, by the external id that their own sign-in at the issuer has too; later, gives them
/// the name and the language as they are now.
#[derive(Debug)]
pub struct PutPerson {
    /// The platform.
    pub by: Service,
    /// Who.
    pub person: Input,
    /// Their id, if they were not seen before.
    pub fresh: UserId,
}

impl Job for PutPerson {
    type Out = Person;

    async fn run(&self, tx: &mut Tx) -> Result<Person> {
        rights::service(tx, &self.by, Scope::PeopleWrite).await?;
        let Input { subject, locale, .. } = &self.person;
        let (tenant, issuer) = (self.by.tenant.as_str(), self.issuer());
        external(issuer, "issuer")?;
        external(subject, "subject")?;
        let locale = locale.as_deref().map(language).transpose()?;
        let name = name(&self.person.name)?;
        let identity = Identity { tenant, issuer, subject };
        let known = identity::person(tx, identity).await?.map(|(id, _)| id);
        let id = match known {
            Some(id) => id,
            None => {
                let new = NewUser { id: self.fresh, tenant, email: None, name: &name, password_hash: None };
                users::insert(tx, &new).await?;
                identity::insert(tx, identity, self.fresh).await?;
                tx.open_stream(StreamId::User(self.fresh)).await?;
                self.fresh
            }
        };
        let was =
            users::about(tx, id).await?.ok_or_else(|| Error::internal("an identity without its person"))?;
        let is = About { name: name.clone(), locale: locale.clone().or(was.locale.clone()), ..was.clone() };
        names::change(tx, id, &was, &is).await?;
        Ok(Person { id, issuer: issuer.into(), subject: subject.clone(), name, locale: is.locale })
    }

    /// Two first sights at once are one person.
    fn lane(&self) -> Option<Uuid> {
        let hash = sha256(&[self.issuer().as_bytes(), b"\0", self.person.subject.as_bytes()]);
        hash.first_chunk::<16>().map(|bytes| Uuid::from_bytes(*bytes))
    }
}

impl PutPerson {
    fn issuer(&self) -> &str {
        self.person.issuer.as_deref().unwrap_or(NO_ISSUER)
    }
}

fn external(text: &str, field: &'static str) -> Result<()> {
    let fits = (1..=EXTERNAL_CHARS).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(Error::invalid(field)) }
}
