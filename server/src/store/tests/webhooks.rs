//! What platforms are told, and when: in the transaction of what it is about, and again until it is taken.

use super::aboard::Aboard;
use super::ride::TENANT;
use super::{Ground, on_both};
use crate::error::Error;
use crate::outbound::Bounds;
use crate::store::tables::webhook::{Secret, Webhook};
use crate::store::tables::webhook_message::{self, Taken};
use crate::trips::SetStatus;
use crate::webhooks::{Add, Enable, List, Note, Outcome, Remove, Rotate, Take};
use serde_json::Value;
use std::time::Duration;
use tripchat_protocol::{ErrorCode, MessageId, TripStatus, WebhookId};

const URL: &str = "https://lugar.example/hooks";

async fn add(ground: &Ground, tenant: &str, events: &[&str]) -> Result<Webhook, Error> {
    let add = Add {
        tenant: tenant.into(),
        url: URL.into(),
        events: events.iter().map(|it| (*it).into()).collect(),
        id: WebhookId(ground.sources.uuid()),
        secret: Secret(ground.sources.bytes::<32>().to_vec()),
        bounds: Bounds { loopback: false },
    };
    ground.store.write(add).await
}

async fn take(ground: &Ground, webhook: &Webhook) -> Vec<Taken> {
    let taken = ground.store.write(Take { webhook: webhook.id, limit: 100 }).await.expect("it is asked");
    taken.map_or_else(Vec::new, |(_, messages)| messages)
}

async fn note(ground: &Ground, webhook: &Webhook, message: &Taken, outcome: Outcome) {
    let note = Note {
        webhook: webhook.id,
        message: message.clone(),
        outcome,
        began: ground.sources.now(),
        spread: 0,
    };
    ground.store.write(note).await.expect("it is noted");
}

fn failed() -> Outcome {
    Outcome::Failed("it was answered with 500".into())
}

fn json(message: &Taken) -> Value {
    serde_json::from_str(&message.body).expect("JSON")
}

fn types(messages: &[Taken]) -> Vec<String> {
    messages.iter().map(|it| json(it)["type"].as_str().expect("a type").to_owned()).collect()
}

/// Waiting and failed messages of all.
async fn counts(ground: &Ground) -> (i64, i64) {
    let listed = ground.store.read(List { tenant: None }).await.expect("they are listed");
    listed.iter().fold((0, 0), |(waiting, failed), it| (waiting + it.waiting, failed + it.failed))
}

async fn set_status(aboard: &Aboard<'_>, to: TripStatus) {
    let message = MessageId(aboard.ground.sources.uuid());
    let by = aboard.driver.clone();
    aboard.ground.store.write(SetStatus { by, trip: aboard.trip, to, message }).await.expect("it moves");
}

#[tokio::test]
async fn a_platform_is_told_of_the_whole_ride_and_of_what_it_asked_for_only() {
    on_both(|ground| async move {
        let all = add(&ground, TENANT, &[]).await.expect("it is added");
        let some = add(&ground, TENANT, &["booking.*", "room.created"]).await.expect("it is added");
        let others = add(&ground, "another", &[]).await.expect("it is added");
        let aboard = Aboard::begin(&ground).await;
        aboard.send(&aboard.driver, "At exit 2").await;
        set_status(&aboard, TripStatus::Boarding).await;
        set_status(&aboard, TripStatus::UnderWay).await;
        set_status(&aboard, TripStatus::Arrived).await;

        let told = take(&ground, &all).await;
        let kinds = types(&told);
        for kind in [
            "room.created",
            "trip.created",
            "trip.changed",
            "booking.requested",
            "booking.confirmed",
            "booking.completed",
            "message.created",
        ] {
            assert!(kinds.iter().any(|it| it == kind), "{kind}: {kinds:?}");
        }
        let find = |kind: &str| json(&told[kinds.iter().position(|it| it == kind).expect("told")]);
        assert_eq!(find("booking.requested")["data"]["previous"], Value::Null);
        let completed = find("booking.completed");
        assert_eq!(completed["timestamp"], "2027-01-15T08:00:00Z");
        assert_eq!(completed["data"]["booking"], aboard.booking.to_string());
        assert_eq!(completed["data"]["passenger"], aboard.passenger.user.to_string());
        assert_eq!(completed["data"]["previous"], "confirmed");
        let written: Vec<Value> =
            told.iter().map(json).filter(|it| it["data"]["body"]["kind"] == "TEXT").collect();
        assert_eq!(written.len(), 1);
        assert_eq!(written[0]["data"]["body"]["text"], "At exit 2");
        assert!(told.iter().all(|it| !it.body.contains('@')), "no e-mail");

        let kinds = types(&take(&ground, &some).await);
        assert!(kinds.iter().all(|it| it.starts_with("booking.") || it == "room.created"), "{kinds:?}");
        assert!(kinds.len() >= 4, "{kinds:?}");
        assert_eq!(take(&ground, &others).await, []);
    })
    .await;
}

#[tokio::test]
async fn where_nobody_listens_nothing_is_written_and_what_is_rolled_back_is_told_to_nobody() {
    on_both(|ground| async move {
        let aboard = Aboard::begin(&ground).await;
        aboard.send(&aboard.driver, "nobody listens").await;
        assert_eq!(count(&ground).await, 0);
        let webhook = add(&ground, TENANT, &[]).await.expect("it is added");
        let room = aboard.room;
        let by = aboard.driver.user;
        let id = MessageId(ground.sources.uuid());
        let lost = ground.write((room, id, by), |&(room, id, by), tx| {
            Box::pin(async move {
                tx.record_message(room, super::ride::written(id, by, "lost")).await?;
                Err::<(), _>(ErrorCode::Conflict.into())
            })
        });
        assert!(lost.await.is_err());
        assert_eq!(take(&ground, &webhook).await, []);
    })
    .await;
}

async fn count(ground: &Ground) -> i64 {
    let counted = ground.read((), |(), tx| {
        Box::pin(async move {
            let mut row = tx.one("SELECT COUNT(*) FROM webhook_message", &[]).await?.expect("a row");
            row.take::<i64>(0)
        })
    });
    counted.await.expect("they are counted")
}

#[tokio::test]
async fn what_one_node_takes_another_takes_only_when_it_did_not_come_back() {
    on_both(|ground| async move {
        let aboard = Aboard::begin(&ground).await;
        let webhook = add(&ground, TENANT, &["message.created"]).await.expect("it is added");
        aboard.send(&aboard.driver, "once").await;
        let first = take(&ground, &webhook).await;
        assert_eq!((first.len(), first[0].attempt), (1, 1));
        assert_eq!(take(&ground, &webhook).await, []);
        ground.clock.advance(Duration::from_millis(59_999));
        assert_eq!(take(&ground, &webhook).await, []);
        // It was killed between sending and noting.
        ground.clock.advance(Duration::from_millis(1));
        let again = take(&ground, &webhook).await;
        assert_eq!((again[0].id, again[0].attempt, &again[0].body), (first[0].id, 2, &first[0].body));
        // The first comes back after all, and puts off nothing that is not its own any more.
        note(&ground, &webhook, &first[0], failed()).await;
        ground.clock.advance(Duration::from_secs(10));
        assert_eq!(take(&ground, &webhook).await, []);
        note(&ground, &webhook, &again[0], Outcome::Delivered).await;
        ground.clock.advance(Duration::from_secs(86_400));
        assert_eq!(take(&ground, &webhook).await, []);
        assert_eq!(count(&ground).await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_taken_is_sent_ten_times_over_three_days_and_given_up() {
    on_both(|ground| async move {
        let aboard = Aboard::begin(&ground).await;
        let webhook = add(&ground, TENANT, &[]).await.expect("it is added");
        aboard.send(&aboard.driver, "to a wall").await;
        let mut taken = take(&ground, &webhook).await;
        let (first, body) = (taken[0].id, taken[0].body.clone());
        for seconds in [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] {
            note(&ground, &webhook, &taken[0], failed()).await;
            ground.clock.advance(Duration::from_millis(seconds * 1_000 - 1));
            assert_eq!(take(&ground, &webhook).await, [], "before {seconds} s");
            ground.clock.advance(Duration::from_millis(1));
            taken = take(&ground, &webhook).await;
            assert_eq!((taken.len(), taken[0].id, &taken[0].body), (1, first, &body), "after {seconds} s");
        }
        assert_eq!(taken[0].attempt, 10);
        assert_eq!(counts(&ground).await, (1, 0));
        note(&ground, &webhook, &taken[0], failed()).await;
        ground.clock.advance(Duration::from_secs(365 * 86_400));
        assert_eq!(take(&ground, &webhook).await, []);
        assert_eq!(counts(&ground).await, (0, 1));
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_gone_is_told_nothing_until_it_is_enabled() {
    on_both(|ground| async move {
        let aboard = Aboard::begin(&ground).await;
        let webhook = add(&ground, TENANT, &[]).await.expect("it is added");
        aboard.send(&aboard.driver, "one").await;
        let taken = take(&ground, &webhook).await;
        note(&ground, &webhook, &taken[0], Outcome::Gone).await;
        assert_eq!(take(&ground, &webhook).await, []);
        aboard.send(&aboard.driver, "nobody is told").await;
        assert_eq!(count(&ground).await, 1);
        let due = ground.read((), |(), tx| Box::pin(webhook_message::due(tx))).await;
        assert_eq!(due.expect("it is asked"), []);
        let listed = ground.store.read(List { tenant: Some(TENANT.into()) }).await.expect("it is listed");
        assert_eq!(listed[0].webhook.disabled.as_ref().expect("it is disabled").1, "410 Gone");
        let by = |tenant: &str| Enable { tenant: Some(tenant.into()), id: webhook.id };
        let foreign = ground.store.write(by("another")).await;
        assert_eq!(foreign.expect_err("it is another's").code(), ErrorCode::NotFound);
        assert_eq!(ground.store.write(by(TENANT)).await.expect("it is enabled").disabled, None);
        assert_eq!(take(&ground, &webhook).await[0].id, taken[0].id);
    })
    .await;
}

#[tokio::test]
async fn a_message_that_was_taken_away_is_told_to_nobody_who_was_not_told_yet() {
    on_both(|ground| async move {
        let aboard = Aboard::begin(&ground).await;
        let webhook = add(&ground, TENANT, &[]).await.expect("it is added");
        let (secret, _) = aboard.send(&aboard.driver, "my number is").await;
        aboard.send(&aboard.driver, "see you").await;
        aboard.delete(&aboard.driver, secret).await.expect("it is deleted");
        let told = take(&ground, &webhook).await;
        let texts: Vec<Value> = told.iter().map(|it| json(it)["data"]["body"]["text"].clone()).collect();
        assert_eq!(texts, ["see you"]);
    })
    .await;
}

#[tokio::test]
async fn an_address_is_public_and_asks_for_what_there_is() {
    on_both(|ground| async move {
        for events in [&["booking.*", "message.created"][..], &["trip.changed"], &["message.*"]] {
            add(&ground, TENANT, events).await.expect("it is added");
        }
        for events in
            [&["booking"][..], &["*"], &["bookings.*"], &["booking.*", "typo.created"], &[""], &["book*"]]
        {
            let refused = add(&ground, TENANT, events).await.expect_err("there is no such event");
            assert_eq!(refused.details(), Some("events"), "{events:?}");
        }
        let bad = Add {
            tenant: TENANT.into(),
            url: "https://169.254.169.254/".into(),
            events: Vec::new(),
            id: WebhookId(ground.sources.uuid()),
            secret: Secret(vec![1; 32]),
            bounds: Bounds { loopback: false },
        };
        let refused = ground.store.write(bad).await.expect_err("it is not public");
        assert_eq!(refused.code(), ErrorCode::InvalidInput);
        for _ in 3..20 {
            add(&ground, TENANT, &[]).await.expect("it is added");
        }
        assert_eq!(
            add(&ground, TENANT, &[]).await.expect_err("it is one too many").code(),
            ErrorCode::Conflict
        );
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_followed_by_another_and_an_address_forgotten_with_its_messages() {
    on_both(|ground| async move {
        let aboard = Aboard::begin(&ground).await;
        let webhook = add(&ground, TENANT, &[]).await.expect("it is added");
        let secret = Secret(vec![9; 32]);
        let rotate = Rotate { tenant: Some(TENANT.into()), id: webhook.id, secret: secret.clone() };
        let rotated = ground.store.write(rotate).await.expect("it is rotated");
        assert_eq!(rotated.secret, secret);
        assert_eq!(rotated.old_secret, Some((webhook.secret.clone(), ground.sources.now() + 86_400_000)));
        aboard.send(&aboard.driver, "never told").await;
        let remove = |tenant: &str| Remove { tenant: Some(tenant.into()), id: webhook.id };
        assert_eq!(
            ground.store.write(remove("another")).await.expect_err("not theirs").code(),
            ErrorCode::NotFound
        );
        ground.store.write(remove(TENANT)).await.expect("it is removed");
        assert_eq!(count(&ground).await, 0);
        assert!(ground.store.read(List { tenant: None }).await.expect("it is listed").is_empty());
    })
    .await;
}
