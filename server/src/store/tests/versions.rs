//! Editing, deleting and repeating: a message keeps its place, whatever becomes of its text.

use super::aboard::{Aboard, body, refusal, sign_up};
use super::{START, on_both};
use crate::bus::ChangeHint;
use crate::messages::{DeleteMessage, EditMessage};
use crate::store::tables::{room, session};
use crate::store::value::params;
use futures_util::future::{join, join_all};
use std::time::Duration;
use tripchat_protocol::frame::{Delete, Edit, Send};
use tripchat_protocol::limits::TEXT_CHARS;
use tripchat_protocol::{Body, ErrorCode, Message, MessageId, Object, Rev, RoomId, Seq};

#[tokio::test]
async fn an_edit_changes_the_text_and_the_rev_and_leaves_the_place() {
    on_both(|mut ground| async move {
        let told = {
            let ride = Aboard::begin(&ground).await;
            let (id, seq) = ride.send(&ride.driver, "exit 2").await;
            ground.clock.advance(Duration::from_secs(60));
            let done = ride.edit(&ride.driver, id, 0, "  exit 3 \n").await.expect("it is edited");
            assert_eq!((done.rev, done.seq, done.duplicate), (Some(Rev(seq.0 + 1)), Some(seq), false));
            assert_eq!(done.at, START + 60_000);
            let placed = ride.history(&ride.passenger).await.expect("it reads").remove(0);
            assert_eq!(Some(placed.rev), done.rev);
            assert_eq!((placed.message.seq, placed.message.at, placed.message.written_at), (seq, START, 5));
            assert_eq!((placed.message.edit_no, placed.message.edited_at), (1, Some(START + 60_000)));
            assert_eq!(placed.message.body, body("exit 3"));
            placed
        };
        let change = ground.published().pop().expect("it was published");
        assert_eq!(change.rev, told.rev);
        assert_eq!(object(&change), Object::Message(told.message));
    })
    .await;
}

fn object(change: &ChangeHint) -> Object {
    serde_json::from_str(&change.object).expect("an object")
}

#[tokio::test]
async fn an_edit_of_another_version_is_a_conflict_unless_the_text_is_already_so() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let me = &ride.driver;
        let (id, _) = ride.send(me, "exit 2").await;
        let first = ride.edit(me, id, 0, "exit 3").await.expect("it is edited");
        let head = ride.standing().await.head;
        for edit_no in [0, 2, u32::MAX] {
            assert_eq!(refusal(ride.edit(me, id, edit_no, "exit 4").await), ErrorCode::Conflict);
        }
        for edit_no in [0, 1, 7] {
            let again = ride.edit(me, id, edit_no, " exit 3").await.expect("it is so already");
            assert_eq!((again.rev, again.seq, again.duplicate), (first.rev, first.seq, true));
        }
        assert_eq!(ride.standing().await.head, head, "none of them is a change");
        let next = ride.edit(me, id, 1, "exit 4").await.expect("it names the last one");
        assert_eq!(next.rev, Some(head.next()));
        let stands = &ride.history(me).await.expect("it reads")[0].message;
        assert_eq!((stands.edit_no, &stands.body), (2, &body("exit 4")));
    })
    .await;
}

#[tokio::test]
async fn an_edited_text_is_held_to_what_a_new_one_is() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let (id, _) = ride.send(&ride.driver, "exit 2").await;
        let refused = async |text: &str| refusal(ride.edit(&ride.driver, id, 0, text).await);
        assert_eq!(refused(" \u{200b}").await, ErrorCode::MessageRefused);
        assert_eq!(refused("a\0b").await, ErrorCode::MessageRefused);
        assert_eq!(refused(&"ұ".repeat(TEXT_CHARS + 1)).await, ErrorCode::TooLarge);
        for kind in ["DELETED", "HOLOGRAM"] {
            let body: Body = serde_json::from_value(serde_json::json!({ "kind": kind })).expect("a body");
            let frame =
                Edit { id: ride.operation(), room: ride.room, message: id, edit_no: 0, body: body.clone() };
            let edit = EditMessage { by: ride.driver.clone(), generation: 1, frame };
            assert_eq!(refusal(ground.store.write(edit).await), ErrorCode::MessageRefused);
            let frame = Send { body, ..ride.written("") };
            assert_eq!(refusal(ride.send_frame(&ride.driver, &frame).await), ErrorCode::MessageRefused);
        }
        assert_eq!(ride.history(&ride.driver).await.expect("it reads").len(), 1);
        assert_eq!(ride.history(&ride.driver).await.expect("it reads")[0].message.edit_no, 0);
    })
    .await;
}

#[tokio::test]
async fn one_edits_and_deletes_only_ones_own_and_learns_nothing_of_others() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let stranger = sign_up(&ground, "eve@example.org", "Eve").await;
        let (id, _) = ride.send(&ride.driver, "exit 2").await;
        let unknown = MessageId(ground.sources.uuid());
        let cases = [
            (&ride.passenger, id, ErrorCode::Forbidden),
            (&ride.driver, unknown, ErrorCode::Gone),
            (&stranger, id, ErrorCode::RoomNotFound),
            (&stranger, unknown, ErrorCode::RoomNotFound),
        ];
        for (by, message, code) in cases {
            assert_eq!(refusal(ride.edit(by, message, 0, "mine now").await), code);
            assert_eq!(refusal(ride.delete(by, message).await), code);
        }
        let nowhere = RoomId(ground.sources.uuid());
        let frame = Delete { id: ride.operation(), room: nowhere, message: id };
        let delete = DeleteMessage { by: ride.driver.clone(), generation: 1, frame };
        assert_eq!(refusal(ground.store.write(delete).await), ErrorCode::RoomNotFound);
        assert_eq!(ride.history(&ride.driver).await.expect("it reads")[0].message.body, body("exit 2"));
    })
    .await;
}

#[tokio::test]
async fn a_message_that_one_may_not_see_is_like_one_that_never_was() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let (id, seq) = ride.send(&ride.driver, "before you came").await;
        let hidden = ground.write((ride.room, ride.passenger.user, seq.0 + 1), |&(room, user, from), tx| {
            let sql = "UPDATE stay SET from_rev = $3 WHERE room_id = $1 AND user_id = $2";
            Box::pin(async move { tx.run(sql, params![room, user, from]).await })
        });
        hidden.await.expect("it is set");
        assert_eq!(refusal(ride.edit(&ride.passenger, id, 0, "mine now").await), ErrorCode::Gone);
        assert_eq!(refusal(ride.delete(&ride.passenger, id).await), ErrorCode::Gone);
        assert_eq!(ride.history(&ride.passenger).await.expect("it reads"), []);
        assert_eq!(ride.heads(&ride.passenger, [].into()).await.moved[0].newest, None);
    })
    .await;
}

#[tokio::test]
async fn deleting_wins_for_ever_and_can_be_repeated() {
    on_both(|mut ground| async move {
        {
            let ride = Aboard::begin(&ground).await;
            let me = &ride.driver;
            let (id, seq) = ride.send(me, "secret").await;
            ride.edit(me, id, 0, "secret too").await.expect("it is edited");
            let done = ride.delete(me, id).await.expect("it is deleted");
            assert_eq!((done.rev, done.seq, done.duplicate), (Some(Rev(seq.0 + 2)), Some(seq), false));
            let again = ride.delete(me, id).await.expect("it can be repeated");
            assert_eq!((again.rev, again.seq, again.duplicate), (done.rev, Some(seq), true));
            for text in ["secret", "another"] {
                assert_eq!(refusal(ride.edit(me, id, 1, text).await), ErrorCode::Gone);
            }
            assert_eq!(Some(ride.standing().await.head), done.rev);
            let all = ride.history(me).await.expect("it reads");
            let Message { id: stands, seq: at, body, .. } = &all[0].message;
            assert_eq!((all.len(), *stands, *at, body), (1, id, seq, &Body::Deleted));
            // What it said is kept for disputes, and nowhere else.
            let kept = ground.read(ride.room, |&room, tx| {
                let sql = "SELECT body FROM message_version WHERE room_id = $1 ORDER BY rev";
                Box::pin(async move {
                    tx.all(sql, params![room]).await?.into_iter().map(|mut it| it.take(0)).collect()
                })
            });
            let kept: Vec<String> = kept.await.expect("it reads");
            assert!(kept[0].contains("secret") && kept[1].contains("secret too") && kept.len() == 2);
        }
        let change = ground.published().pop().expect("it was published");
        assert!(!change.object.contains("secret"), "{}", change.object);
    })
    .await;
}

#[tokio::test]
async fn whatever_comes_at_once_with_a_delete_the_message_is_gone() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let (id, seq) = ride.send(&ride.driver, "exit 2").await;
        let texts: Vec<String> = (0..20).map(|n| format!("exit {n}")).collect();
        let edits = join_all(texts.iter().map(|text| ride.edit(&ride.driver, id, 0, text)));
        let deletes = join_all((0..5).map(|_| ride.delete(&ride.driver, id)));
        let (edits, deletes) = join(edits, deletes).await;
        let changed = edits.iter().flatten().filter(|done| !done.duplicate).count();
        assert!(changed <= 1, "two edits replaced the same version");
        for edit in edits {
            assert!(edit.is_ok() || matches!(refusal(edit), ErrorCode::Conflict | ErrorCode::Gone));
        }
        assert_eq!(deletes.iter().flatten().filter(|done| !done.duplicate).count(), 1);
        assert_eq!(deletes.iter().flatten().count(), 5);
        let all = ride.history(&ride.passenger).await.expect("it reads");
        assert_eq!((all.len(), &all[0].message.body, all[0].message.seq), (1, &Body::Deleted, seq));
        let changes = i64::try_from(changed).expect("a few") + 1;
        assert_eq!(ride.standing().await.head, Rev(seq.0 + changes), "no number was lost");
    })
    .await;
}

#[tokio::test]
async fn a_repeat_returns_the_first_result_whatever_became_of_the_message() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let me = &ride.passenger;
        let frame = ride.written("exit 2");
        let first = ride.send_frame(me, &frame).await.expect("it is sent");
        assert_eq!((first.rev, first.duplicate), (first.seq.map(|seq| Rev(seq.0)), false));
        let repeat = async || {
            ground.clock.advance(Duration::from_secs(60));
            let again = ride.send_frame(me, &frame).await.expect("it was sent");
            assert_eq!(
                (again.id, again.seq, again.at, again.duplicate),
                (first.id, first.seq, first.at, true)
            );
            let other = Send { body: body("exit 3"), ..frame.clone() };
            assert_eq!(refusal(ride.send_frame(me, &other).await), ErrorCode::IdConflict);
            again.rev
        };
        assert_eq!(repeat().await, first.rev);
        // The text that stands now is not the one that was sent.
        let edited = ride.edit(me, frame.id, 0, "exit 3").await.expect("it is edited").rev;
        assert_eq!(repeat().await, edited);
        let deleted = ride.delete(me, frame.id).await.expect("it is deleted").rev;
        assert_eq!(repeat().await, deleted);
        ride.cancel(me, ride.booking).await.expect("the passenger goes");
        repeat().await;
        let closed = ground.write(ride.room, |&room, tx| {
            let sql = "UPDATE room SET is_active = 0 WHERE id = $1";
            Box::pin(async move { tx.run(sql, params![room]).await })
        });
        closed.await.expect("the room is closed");
        let active = ground.read(ride.room, |&room, tx| Box::pin(room::is_active(tx, room)));
        assert_eq!(active.await.expect("it reads"), Some(false));
        repeat().await;
        assert_eq!(ride.history(&ride.driver).await.expect("it reads").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_message_is_not_sent_after_its_time_but_what_was_sent_in_time_was() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let until = |send_by| Send { send_by: Some(send_by), ..ride.written("are you there?") };
        let (in_time, too_late) = (until(START), until(START - 1));
        let sent = ride.send_frame(&ride.driver, &in_time).await.expect("it is in time");
        assert_eq!(refusal(ride.send_frame(&ride.driver, &too_late).await), ErrorCode::TooLate);
        ground.clock.advance(Duration::from_secs(60));
        let again = ride.send_frame(&ride.driver, &in_time).await.expect("it was sent");
        assert_eq!((again.seq, again.duplicate), (sent.seq, true));
        assert_eq!(refusal(ride.send_frame(&ride.driver, &until(START)).await), ErrorCode::TooLate);
        assert_eq!(ride.history(&ride.driver).await.expect("it reads").len(), 1);
        assert_eq!(Some(Seq(ride.standing().await.head.0)), sent.seq);
    })
    .await;
}

#[tokio::test]
async fn an_older_connection_and_an_ended_session_can_change_nothing() {
    on_both(|ground| async move {
        let ride = Aboard::begin(&ground).await;
        let (id, _) = ride.send(&ride.driver, "exit 2").await;
        let edit = |generation| EditMessage {
            by: ride.driver.clone(),
            generation,
            frame: Edit {
                id: ride.operation(),
                room: ride.room,
                message: id,
                edit_no: 0,
                body: body("exit 3"),
            },
        };
        assert!(ground.store.write(edit(2)).await.is_ok());
        assert_eq!(refusal(ground.store.write(edit(1)).await), ErrorCode::ConnectionReplaced);
        assert_eq!(refusal(ride.delete(&ride.driver, id).await), ErrorCode::ConnectionReplaced);
        let ended = ground.write(ride.driver.session, |&id, tx| Box::pin(session::end(tx, id)));
        ended.await.expect("it ends");
        assert_eq!(refusal(ground.store.write(edit(2)).await), ErrorCode::SessionEnded);
        assert_eq!(refusal(ride.delete(&ride.driver, id).await), ErrorCode::SessionEnded);
    })
    .await;
}
