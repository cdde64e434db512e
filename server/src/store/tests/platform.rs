//! What a platform's token may is asked inside each transaction: one that was good a moment ago does nothing more.

use super::{Ground, on_both};
use crate::error::{Error, Result};
use crate::once::{Answered, Forget, KEPT, Key, Once};
use crate::store::tables::service_token::{self, NewServiceToken};
use crate::store::tables::users::{self, NewUser};
use crate::store::{Job, Tx};
use crate::tokens::{Scope, Service, ServiceToken};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tripchat_protocol::{ErrorCode, UserId};

const MINUTE: i64 = 60_000;

/// A token for trips that is good for a minute.
async fn service(ground: &Ground, tenant: &'static str) -> Service {
    let token = ServiceToken::new(&ground.sources);
    let service = Service::new(&token, tenant.into());
    let work = ground.write((token, tenant), |(token, tenant), tx| {
        Box::pin(async move {
            let (id, expires_at) = (UserId(token.id), tx.now() + MINUTE);
            users::insert(tx, &NewUser { id, tenant, email: None, name: "Lugar", password_hash: None })
                .await?;
            let (scopes, secret_hash) = ("trips:read trips:write", token.hash());
            let new = NewServiceToken { id, tenant, name: "Lugar", scopes, secret_hash, expires_at };
            service_token::insert(tx, &new).await
        })
    });
    work.await.expect("it is stored");
    service
}

/// Counts how often it is done; may refuse at the end.
struct Deed {
    done: Arc<AtomicUsize>,
    stands: bool,
}

impl Job for Deed {
    type Out = usize;

    async fn run(&self, _: &mut Tx) -> Result<usize> {
        let count = self.done.fetch_add(1, Ordering::SeqCst) + 1;
        if self.stands { Ok(count) } else { Err(Error::from(ErrorCode::NotNow)) }
    }
}

struct Platform<'a> {
    ground: &'a Ground,
    by: Service,
    done: Arc<AtomicUsize>,
}

impl Platform<'_> {
    async fn asks(&self, key: &str, request: u8, stands: bool) -> Result<Answered> {
        let key = Key { text: key.into(), request: [request; 32] };
        let job = Deed { done: self.done.clone(), stands };
        let once = Once { by: self.by.clone(), scope: Scope::TripsWrite, key, status: 201, job };
        self.ground.store.write(once).await
    }

    fn count(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> ErrorCode {
    result.expect_err("it was done").code()
}

#[tokio::test]
async fn a_token_that_was_good_a_moment_ago_does_nothing_more() {
    on_both(|ground| async move {
        let by = service(&ground, "lugar").await;
        let lugar = Platform { ground: &ground, by: by.clone(), done: Arc::default() };
        assert_eq!(lugar.asks("a", 1, true).await.unwrap().status, 201);
        let mut elsewhere = by.clone();
        elsewhere.tenant = "stepper".into();
        let other = Platform { by: elsewhere, ground: &ground, done: lugar.done.clone() };
        assert_eq!(code(other.asks("b", 1, true).await), ErrorCode::Unauthorized, "of another tenant");
        let mut forged = ServiceToken::new(&ground.sources);
        forged.id = by.id;
        let by = Service::new(&forged, "lugar".into());
        let forged = Platform { by, ground: &ground, done: lugar.done.clone() };
        assert_eq!(code(forged.asks("c", 1, true).await), ErrorCode::Unauthorized, "with another secret");
        ground.clock.advance(Duration::from_secs(60));
        assert_eq!(code(lugar.asks("d", 1, true).await), ErrorCode::Unauthorized, "too old");
        assert_eq!(code(lugar.asks("a", 1, true).await), ErrorCode::Unauthorized, "nor is it told what was");
        let by = service(&ground, "lugar").await;
        let id = by.id;
        let lugar = Platform { ground: &ground, by, done: lugar.done };
        assert_eq!(lugar.asks("e", 1, true).await.unwrap().status, 201);
        assert!(ground.write(id, |&id, tx| Box::pin(service_token::revoke(tx, id))).await.unwrap());
        assert_eq!(code(lugar.asks("f", 1, true).await), ErrorCode::Unauthorized, "revoked");
        assert_eq!(lugar.count(), 2, "what was refused was not begun");
    })
    .await;
}

#[tokio::test]
async fn what_was_answered_is_answered_again_for_a_day_and_then_forgotten() {
    on_both(|ground| async move {
        let lugar = Platform { ground: &ground, by: service(&ground, "lugar").await, done: Arc::default() };
        assert_eq!(code(lugar.asks("a", 1, false).await), ErrorCode::NotNow);
        let first = lugar.asks("a", 1, true).await.unwrap();
        assert_eq!((first.body.as_str(), first.replayed), ("2", false), "a refusal was not kept");
        let again = lugar.asks("a", 1, false).await.unwrap();
        assert_eq!((again.body.as_str(), again.status, again.replayed), ("2", 201, true));
        assert_eq!(code(lugar.asks("a", 2, true).await), ErrorCode::IdConflict);
        assert_eq!(ground.store.write(Forget { limit: 10 }).await.unwrap(), 0, "not yet");
        ground.clock.advance(Duration::from_millis(KEPT.unsigned_abs()));
        let lugar = Platform { ground: &ground, by: service(&ground, "lugar").await, done: lugar.done };
        let late = lugar.asks("a", 2, true).await.unwrap();
        assert_eq!((late.body.as_str(), late.replayed), ("3", false));
        for key in ["b", "c", "d"] {
            lugar.asks(key, 1, true).await.unwrap();
        }
        ground.clock.advance(Duration::from_millis(KEPT.unsigned_abs()));
        let counts = [3, 3, 3].map(|limit| Forget { limit });
        let mut forgotten = Vec::new();
        for job in counts {
            forgotten.push(ground.store.write(job).await.unwrap());
        }
        assert_eq!(forgotten, [3, 1, 0]);
    })
    .await;
}
