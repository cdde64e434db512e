//! Where the refresh token rests between two runs: the operating system's keyring, behind a port.

use futures_util::future::BoxFuture;
#[cfg(feature = "desktop")]
use secrecy::ExposeSecret;
use secrecy::SecretString;

/// The store refused, or there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system's keyring cannot be used")]
pub struct SecretError;

/// A store for small secrets. It may be slow or never answer: the core waits 3 s and then does without.
pub trait SecretStore: Send + Sync {
    /// The secret under `key`, if there is one.
    fn get(&self, key: String) -> BoxFuture<'static, Result<Option<SecretString>, SecretError>>;
    /// Stores or replaces it.
    fn set(&self, key: String, secret: SecretString) -> BoxFuture<'static, Result<(), SecretError>>;
    /// Removes it; nothing to remove is no error.
    fn delete(&self, key: String) -> BoxFuture<'static, Result<(), SecretError>>;
}

/// The name under which the secrets are filed.
#[cfg(feature = "desktop")]
const SHELF: &str = "tripchat";

/// The operating system's keyring: the secret service, Keychain or the Credential Manager.
///
/// Its calls block, and with no desktop session some hang for a minute, so each runs on a thread that nobody
/// has to wait for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keyring;

#[cfg(feature = "desktop")]
impl Keyring {
    fn on_thread<T: Send + 'static>(
        work: impl FnOnce() -> Result<T, keyring::Error> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, SecretError>> {
        Box::pin(async move {
            let (done, result) = tokio::sync::oneshot::channel();
            std::thread::Builder::new()
                .name("tripchat-keyring".into())
                .spawn(move || {
                    if done.send(work()).is_err() {
                        tracing::debug!("the keyring answered too late");
                    }
                })
                .map_err(|_| SecretError)?;
            match result.await {
                Ok(Ok(value)) => Ok(value),
                // The kind alone: the store's own words might quote what was to be stored.
                Ok(Err(error)) => {
                    tracing::warn!(kind = kind(&error), "the keyring refused");
                    Err(SecretError)
                }
                Err(_) => Err(SecretError),
            }
        })
    }
}

#[cfg(feature = "desktop")]
fn kind(error: &keyring::Error) -> &'static str {
    match error {
        keyring::Error::NoStorageAccess(_) => "no access",
        keyring::Error::NoEntry => "no entry",
        keyring::Error::PlatformFailure(_) => "platform",
        _ => "other",
    }
}

#[cfg(feature = "desktop")]
impl SecretStore for Keyring {
    fn get(&self, key: String) -> BoxFuture<'static, Result<Option<SecretString>, SecretError>> {
        Self::on_thread(move || match keyring::Entry::new(SHELF, &key)?.get_password() {
            Ok(secret) => Ok(Some(SecretString::from(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&self, key: String, secret: SecretString) -> BoxFuture<'static, Result<(), SecretError>> {
        Self::on_thread(move || keyring::Entry::new(SHELF, &key)?.set_password(secret.expose_secret()))
    }

    fn delete(&self, key: String) -> BoxFuture<'static, Result<(), SecretError>> {
        Self::on_thread(move || match keyring::Entry::new(SHELF, &key)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }
}

#[cfg(not(feature = "desktop"))]
impl SecretStore for Keyring {
    fn get(&self, _key: String) -> BoxFuture<'static, Result<Option<SecretString>, SecretError>> {
        Box::pin(std::future::ready(Err(SecretError)))
    }

    fn set(&self, _key: String, _secret: SecretString) -> BoxFuture<'static, Result<(), SecretError>> {
        Box::pin(std::future::ready(Err(SecretError)))
    }

    fn delete(&self, _key: String) -> BoxFuture<'static, Result<(), SecretError>> {
        Box::pin(std::future::ready(Err(SecretError)))
    }
}
