//! The keyring with a deadline: what it does not do in 3 s is done without it.

use super::secret_store::{SecretError, SecretStore};
use futures_util::future::BoxFuture;
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// With HOME missing the secret service was seen to hang for over 40 s (2026-11); nobody waits that long.
const DEADLINE: Duration = Duration::from_secs(3);

/// The one secret that this installation keeps: the refresh token. Once the store has failed it is left alone for
/// the rest of the run, and the sign-in lasts as long as the app.
#[derive(Clone)]
pub struct Secrets {
    store: Arc<dyn SecretStore>,
    key: String,
    failed: Arc<AtomicBool>,
    /// One at a time, in the order of asking: what is kept last is what is there.
    turn: Arc<Mutex<()>>,
}

impl Secrets {
    /// The secret that is filed under `key`.
    pub fn new(store: Arc<dyn SecretStore>, key: String) -> Self {
        Self { store, key, failed: Arc::default(), turn: Arc::default() }
    }

    /// Whether what is kept outlives the app.
    pub fn remembers(&self) -> bool {
        !self.failed.load(Ordering::SeqCst)
    }

    /// The secret, if the store has one and says so in time.
    pub async fn get(&self) -> Option<SecretString> {
        self.in_time(|| self.store.get(self.key.clone())).await.flatten()
    }

    /// Keeps it, if the store can.
    pub async fn set(&self, secret: SecretString) {
        let kept = self.in_time(|| self.store.set(self.key.clone(), secret)).await;
        if kept.is_none() {
            tracing::warn!("the sign-in is kept in memory only");
        }
    }

    /// Removes it.
    pub async fn delete(&self) {
        if self.in_time(|| self.store.delete(self.key.clone())).await.is_none() {
            tracing::warn!("the keyring could not be cleared; the server ends the session anyway");
        }
    }

    async fn in_time<T>(
        &self,
        ask: impl FnOnce() -> BoxFuture<'static, Result<T, SecretError>>,
    ) -> Option<T> {
        let _turn = self.turn.lock().await;
        if !self.remembers() {
            return None;
        }
        match tokio::time::timeout(DEADLINE, ask()).await {
            Ok(Ok(value)) => Some(value),
            Ok(Err(SecretError)) | Err(_) => {
                self.failed.store(true, Ordering::SeqCst);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    /// A keyring as it is on a machine without a desktop session.
    struct Silent;

    impl SecretStore for Silent {
        fn get(&self, _key: String) -> BoxFuture<'static, Result<Option<SecretString>, SecretError>> {
            Box::pin(std::future::pending())
        }
        fn set(&self, _key: String, _secret: SecretString) -> BoxFuture<'static, Result<(), SecretError>> {
            Box::pin(std::future::pending())
        }
        fn delete(&self, _key: String) -> BoxFuture<'static, Result<(), SecretError>> {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_keyring_that_never_answers_costs_three_seconds_once() {
        let secrets = Secrets::new(Arc::new(Silent), "k".into());
        assert!(secrets.remembers());
        let began = Instant::now();
        assert!(secrets.get().await.is_none());
        assert!(!secrets.remembers());
        secrets.set(SecretString::from("s")).await;
        secrets.delete().await;
        assert_eq!(began.elapsed(), DEADLINE);
    }
}
