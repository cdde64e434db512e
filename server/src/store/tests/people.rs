//! Accounts, sign-ins and the server's own keys.

use super::ride::{TENANT, add_person};
use super::{Ground, START, on_both};
use crate::error::Result;
use crate::store::tables::session::{self, NewSession, Session};
use crate::store::tables::{server_key, users};
use std::time::Duration;
use tripchat_protocol::{DeviceId, ErrorCode, SessionId, UserId};

type Found = Option<(UserId, String, String)>;

async fn by_email(ground: &Ground, tenant: &'static str, email: &'static str) -> Found {
    let found = ground.read((tenant, email), |&(tenant, email), tx| {
        Box::pin(async move { users::by_email(tx, tenant, email).await })
    });
    found.await.expect("it reads")
}

async fn insert(ground: &Ground, id: UserId, tenant: &'static str, email: &'static str) -> Result<bool> {
    let new = ground.write((id, tenant, email), |&(id, tenant, email), tx| {
        Box::pin(async move {
            let new =
                users::NewUser { id, tenant, email: Some(email), name: "", password_hash: Some("hash") };
            users::insert(tx, &new).await
        })
    });
    new.await
}

#[tokio::test]
async fn an_account_is_found_by_its_email_in_its_tenant_only() {
    on_both(|ground| async move {
        let id = add_person(&ground, "ünï@пример.рф", "Ünï 👩‍👧 ‏שלום").await;
        let found = by_email(&ground, TENANT, "ünï@пример.рф").await;
        assert_eq!(found, Some((id, "Ünï 👩‍👧 ‏שלום".into(), "$argon2id$".into())));
        assert_eq!(by_email(&ground, "other", "ünï@пример.рф").await, None);
        // Lower case is the caller's duty; the table compares as it stands.
        assert_eq!(by_email(&ground, TENANT, "ÜNÏ@пример.рф").await, None);
        assert_eq!(by_email(&ground, TENANT, "").await, None);
        // Nothing in a value is part of the SQL text.
        assert_eq!(by_email(&ground, TENANT, "' OR 1=1 --").await, None);
    })
    .await;
}

#[tokio::test]
async fn an_email_has_one_account_in_a_tenant() {
    on_both(|ground| async move {
        let first = add_person(&ground, "a@example.org", "A").await;
        let id = || UserId(ground.sources.uuid());
        assert!(!insert(&ground, id(), TENANT, "a@example.org").await.expect("it answers"));
        assert!(insert(&ground, id(), "other", "a@example.org").await.expect("it answers"));
        assert_eq!(by_email(&ground, TENANT, "a@example.org").await.expect("it stands").0, first);
        // An id is never given twice; that is a defect and not a taken e-mail.
        let again = insert(&ground, first, TENANT, "b@example.org").await.expect_err("the id is taken");
        assert_eq!(again.code(), ErrorCode::Conflict);
        assert_eq!(by_email(&ground, TENANT, "b@example.org").await, None);
    })
    .await;
}

#[tokio::test]
async fn a_name_is_shown_as_it_was_given() {
    on_both(|ground| async move {
        let known = add_person(&ground, "a@example.org", " Ә'\"\\%_ ").await;
        let nobody = UserId(ground.sources.uuid());
        let names = ground.read([known, nobody], |&[known, nobody], tx| {
            Box::pin(async move { Ok((users::name(tx, known).await?, users::name(tx, nobody).await?)) })
        });
        assert_eq!(names.await.expect("it reads"), (Some(" Ә'\"\\%_ ".into()), None));
    })
    .await;
}

#[tokio::test]
async fn a_nul_in_a_text_is_refused_on_every_engine() {
    on_both(|ground| async move {
        let id = UserId(ground.sources.uuid());
        let refused = insert(&ground, id, TENANT, "a\0@example.org").await.expect_err("no NUL");
        assert_eq!(refused.code(), ErrorCode::InvalidInput);
    })
    .await;
}

async fn sign_in(ground: &Ground, user: UserId, device: DeviceId) -> SessionId {
    let id = SessionId(ground.sources.uuid());
    let stored = ground.write((id, user, device), |&(id, user, device), tx| {
        Box::pin(async move {
            let new = NewSession { id, user, tenant: TENANT, device, app: None, refresh_hash: [1; 32] };
            session::insert(tx, &new).await
        })
    });
    stored.await.expect("the sign-in is stored");
    id
}

async fn look(ground: &Ground, id: SessionId) -> Option<Session> {
    ground.read(id, |&id, tx| Box::pin(session::by_id(tx, id))).await.expect("it reads")
}

async fn stands(ground: &Ground, id: SessionId, user: UserId) -> bool {
    ground
        .read((id, user), |&(id, user), tx| Box::pin(session::stands(tx, id, user)))
        .await
        .expect("it reads")
}

async fn end(ground: &Ground, id: SessionId) {
    ground.write(id, |&id, tx| Box::pin(session::end(tx, id))).await.expect("it ends");
}

#[tokio::test]
async fn a_sign_in_reads_back_and_is_its_persons_only() {
    on_both(|ground| async move {
        let user = add_person(&ground, "a@example.org", "A").await;
        let device = DeviceId(ground.sources.uuid());
        let id = sign_in(&ground, user, device).await;
        let found = look(&ground, id).await.expect("it is there");
        assert_eq!((found.user, found.tenant.as_str()), (user, TENANT));
        assert_eq!((found.refresh_hash, found.previous_hash), (vec![1; 32], None));
        assert_eq!((found.rotated_at, found.created_at, found.stands), (START, START, true));
        let stranger = UserId(ground.sources.uuid());
        assert!(stands(&ground, id, user).await);
        assert!(!stands(&ground, id, stranger).await);
        let unknown = SessionId(ground.sources.uuid());
        assert!(look(&ground, unknown).await.is_none());
        assert!(!stands(&ground, unknown, user).await);
    })
    .await;
}

#[tokio::test]
async fn the_refresh_token_before_the_last_is_remembered() {
    on_both(|ground| async move {
        let user = add_person(&ground, "a@example.org", "A").await;
        let id = sign_in(&ground, user, DeviceId(ground.sources.uuid())).await;
        let other = sign_in(&ground, user, DeviceId(ground.sources.uuid())).await;
        for next in [2, 3] {
            ground.clock.advance(Duration::from_secs(60));
            let rotated = ground
                .write((id, [next; 32]), |(id, next), tx| Box::pin(session::rotate(tx, *id, next, None)));
            rotated.await.expect("it rotates");
        }
        let found = look(&ground, id).await.expect("it is there");
        assert_eq!((found.refresh_hash, found.previous_hash), (vec![3; 32], Some(vec![2; 32])));
        assert_eq!((found.rotated_at, found.created_at), (START + 120_000, START));
        assert_eq!(look(&ground, other).await.expect("it is there").refresh_hash, vec![1; 32]);
    })
    .await;
}

#[tokio::test]
async fn an_ended_sign_in_stays_ended_and_the_others_stand() {
    on_both(|ground| async move {
        let user = add_person(&ground, "a@example.org", "A").await;
        let id = sign_in(&ground, user, DeviceId(ground.sources.uuid())).await;
        let other = sign_in(&ground, user, DeviceId(ground.sources.uuid())).await;
        end(&ground, id).await;
        end(&ground, id).await;
        end(&ground, SessionId(ground.sources.uuid())).await;
        assert!(!stands(&ground, id, user).await);
        assert!(!look(&ground, id).await.expect("it is remembered").stands);
        assert!(stands(&ground, other, user).await);
    })
    .await;
}

#[tokio::test]
async fn a_generation_only_rises_and_is_its_persons_only() {
    on_both(|ground| async move {
        let user = add_person(&ground, "a@example.org", "A").await;
        let stranger = UserId(ground.sources.uuid());
        let id = sign_in(&ground, user, DeviceId(ground.sources.uuid())).await;
        let generation =
            |user| ground.read((id, user), |&(id, user), tx| Box::pin(session::generation(tx, id, user)));
        for (to, then) in [(3, 3), (2, 3), (3, 3), (i64::MAX, i64::MAX)] {
            let raised =
                ground.write((id, to), |&(id, to), tx| Box::pin(session::raise_generation(tx, id, to)));
            raised.await.expect("it is raised");
            assert_eq!(generation(user).await.expect("it reads"), Some(then));
        }
        assert_eq!(generation(stranger).await.expect("it reads"), None);
        end(&ground, id).await;
        assert_eq!(generation(user).await.expect("it reads"), None);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_needs_a_person() {
    on_both(|ground| async move {
        let refused = ground.write(ground.sources.uuid(), |&id, tx| {
            Box::pin(async move {
                let (user, device) = (UserId(id), DeviceId(id));
                let new = NewSession {
                    id: SessionId(id),
                    user,
                    tenant: TENANT,
                    device,
                    app: None,
                    refresh_hash: [1; 32],
                };
                session::insert(tx, &new).await
            })
        });
        assert_eq!(refused.await.expect_err("nobody").code(), ErrorCode::Conflict);
    })
    .await;
}

#[tokio::test]
async fn a_key_is_made_once_and_kept() {
    on_both(|ground| async move {
        let key = async |ground: &Ground, purpose: &'static str, fresh: u8| {
            let made = ground.write((purpose, [fresh; 32]), |(purpose, fresh), tx| {
                Box::pin(server_key::get_or_make(tx, purpose, fresh))
            });
            made.await.expect("a key")
        };
        assert_eq!(key(&ground, "sign", 1).await, [1; 32]);
        assert_eq!(key(&ground, "sign", 2).await, [1; 32]);
        assert_eq!(key(&ground, "refresh", 3).await, [3; 32]);
        let ground = ground.reopened().await;
        assert_eq!(key(&ground, "sign", 4).await, [1; 32]);
    })
    .await;
}
