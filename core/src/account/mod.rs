//! Who is signed in on this device, and with what.

pub mod rest;
pub mod secret_store;
pub mod secrets;

use crate::cache::Cache;
use crate::config::ServerAddress;
use crate::view::AccountView;
use secrecy::SecretString;
use std::fmt;
use tripchat_protocol::UserId;

/// Who is signed in.
pub struct Account {
    /// The person.
    pub user: UserId,
    /// The name that others see.
    pub name: String,
    /// The server.
    pub server: ServerAddress,
    /// What this person has on this device.
    pub cache: Cache,
    /// What access tokens are renewed with; none until the keyring has answered.
    pub refresh: Option<SecretString>,
}

impl Account {
    /// As the screen shows it.
    pub fn view(&self) -> AccountView {
        AccountView { user: self.user, name: self.name.clone(), server: self.server.as_str().to_owned() }
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("user", &self.user).finish_non_exhaustive()
    }
}
