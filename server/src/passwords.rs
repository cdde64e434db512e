//! Password hashing: argon2id with the parameters that OWASP's Password Storage Cheat Sheet names
//! (19 MiB, 2 passes, 1 lane). Each takes tens of milliseconds of a core, so that few run at a time.

mod rules;

use crate::error::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use tripchat_runtime::Sources;

pub use rules::{Known, check};

/// Hashes at the same time.
const PARALLEL: usize = 2;

/// Where hashing runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workers {
    /// On threads for blocking work: production.
    Threads,
    /// At once: the simulation, which allows no threads.
    InPlace,
}

/// Password hashing.
#[derive(Debug)]
pub struct Passwords {
    workers: Workers,
    turns: Semaphore,
    /// Compared with when nobody has the e-mail, so that the answer takes as long.
    nobody: String,
}

impl Passwords {
    /// Password hashing on `workers`.
    ///
    /// # Errors
    /// If hashing does not work at all.
    pub fn new(workers: Workers, sources: &Sources) -> Result<Self> {
        let nobody = hash(workers, "nobody has this password", &sources.bytes())?;
        Ok(Self { workers, turns: Semaphore::new(PARALLEL), nobody })
    }

    /// The PHC string of `password`.
    ///
    /// # Errors
    /// If hashing fails: a defect, or no memory.
    pub async fn hash(&self, password: String, sources: &Sources) -> Result<String> {
        let salt: [u8; 16] = sources.bytes();
        let workers = self.workers;
        self.work(move || hash(workers, &password, &salt)).await
    }

    /// Whether `password` belongs to `stored`; with `None` it takes as long and says no.
    ///
    /// # Errors
    /// If the stored hash cannot be read.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let workers = self.workers;
        let matches = self
            .work(move || {
                let stored = PasswordHash::new(&stored)
                    .map_err(|_| Error::internal("a stored password hash is damaged"))?;
                Ok(argon2(workers)?.verify_password(password.as_bytes(), &stored).is_ok())
            })
            .await?;
        Ok(matches && known)
    }

    /// Whether `stored` took less work than a new hash would: made by an older server, and to be made anew when its
    /// person is there with the password.
    #[must_use]
    pub fn is_weak(&self, stored: &str) -> bool {
        let work = |params: &Params| u64::from(params.m_cost()) * u64::from(params.t_cost());
        let Ok(now) = params(self.workers) else { return false };
        let Ok(stored) = PasswordHash::new(stored) else { return false };
        let is_id = stored.algorithm == Algorithm::Argon2id.ident();
        let is_latest = stored.version == Some(Version::V0x13.into());
        let works = Params::try_from(&stored).is_ok_and(|params| work(&params) >= work(&now));
        !(is_id && is_latest && works)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _turn = self.turns.acquire().await.map_err(|_| Error::internal("hashing has stopped"))?;
        match self.workers {
            Workers::InPlace => work(),
            Workers::Threads => {
                tokio::task::spawn_blocking(work).await.map_err(|_| Error::internal("hashing panicked"))?
            }
        }
    }
}

fn params(workers: Workers) -> Result<Params> {
    let (memory, passes) = match workers {
        Workers::Threads => (19_456, 2),
        // Thousands of simulated servers start; nobody's password is in them.
        Workers::InPlace => (Params::MIN_M_COST, Params::MIN_T_COST),
    };
    Params::new(memory, passes, 1, None).map_err(|_| Error::internal("argon2 parameters"))
}

fn argon2(workers: Workers) -> Result<Argon2<'static>> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params(workers)?))
}

fn hash(workers: Workers, password: &str, salt: &[u8; 16]) -> Result<String> {
    let hashed = argon2(workers)?.hash_password_with_salt(password.as_bytes(), salt);
    hashed.map(|it| it.to_string()).map_err(|_| Error::internal("a password cannot be hashed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_person_passes() {
        let sources = Sources::system();
        let passwords = Passwords::new(Workers::Threads, &sources).unwrap();
        let stored = passwords.hash("корректный конь 🐴".into(), &sources).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify("корректный конь 🐴".into(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("корректный конь".into(), Some(stored)).await.unwrap());
        assert!(!passwords.verify("nobody has this password".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn for_nobody_the_same_work_is_done() {
        let mut passwords = Passwords::new(Workers::Threads, &Sources::system()).unwrap();
        assert!(!passwords.verify("any".into(), None).await.unwrap());
        // It is compared with the hash that is nobody's: if that cannot be read, neither can it be compared.
        passwords.nobody = "damaged".into();
        assert!(passwords.verify("any".into(), None).await.is_err());
    }

    #[tokio::test]
    async fn few_hash_at_a_time_and_the_others_wait() {
        let sources = Sources::system();
        let passwords = Passwords::new(Workers::InPlace, &sources).unwrap();
        let turns = passwords.turns.acquire_many(2).await.unwrap();
        let mut waiting = std::pin::pin!(passwords.hash("any".into(), &sources));
        assert!((&mut waiting).now_or_never().is_none());
        drop(turns);
        assert!(waiting.await.is_ok());
        assert_eq!(passwords.turns.available_permits(), 2);
    }

    #[test]
    fn a_hash_of_less_work_or_another_kind_is_weak_and_a_stronger_one_is_not() {
        let passwords = Passwords::new(Workers::Threads, &Sources::system()).unwrap();
        let tail = "$c29tZXNhbHRzb21lc2FsdA$c29tZWhhc2hzb21laGFzaHNvbWVoYXNoc29tZWhhc2g";
        for (head, weak) in [
            ("$argon2id$v=19$m=19456,t=2,p=1", false),
            ("$argon2id$v=19$m=47104,t=1,p=1", false),
            ("$argon2id$v=19$m=65536,t=3,p=4", false),
            ("$argon2id$v=19$m=19456,t=1,p=1", true),
            ("$argon2id$v=19$m=4096,t=3,p=1", true),
            ("$argon2id$v=16$m=19456,t=2,p=1", true),
            ("$argon2i$v=19$m=19456,t=2,p=1", true),
            ("$argon2d$v=19$m=65536,t=3,p=1", true),
        ] {
            assert_eq!(passwords.is_weak(&format!("{head}{tail}")), weak, "{head}");
        }
    }
}
