//! The rules of changing what is written, one a test.

use super::*;
use crate::cache::{Cache, tests::fresh};
use tripchat_protocol::{Rev, Seq};
use uuid::Uuid;

/// A person's outbox and one message.
struct Desk {
    cache: Cache,
    _folder: tempfile::TempDir,
    next: u128,
}

const ME: UserId = UserId(Uuid::from_u128(1));
const ROOM: RoomId = RoomId(Uuid::from_u128(2));
const MESSAGE: MessageId = MessageId(Uuid::from_u128(3));

fn of(author: UserId) -> Target {
    Target { me: author, room: ROOM, message: MESSAGE }
}

impl Desk {
    /// The message is in the outbox.
    fn waiting(attempted: bool) -> Self {
        let (cache, folder) = fresh();
        outbox::insert(cache.read(), MESSAGE, ROOM, "first", 10).unwrap();
        if attempted {
            outbox::attempted(cache.read(), MESSAGE).unwrap();
        }
        Self { cache, _folder: folder, next: 10 }
    }

    /// The message is sent, and edited so often.
    fn sent(edit_no: u32) -> Self {
        let (cache, folder) = fresh();
        let desk = Self { cache, _folder: folder, next: 10 };
        desk.comes(Body::Text { text: "first".into() }, edit_no);
        desk
    }

    fn comes(&self, body: Body, edit_no: u32) {
        let edited_at = (edit_no > 0).then_some(1);
        let message =
            Message { id: MESSAGE, seq: Seq(5), author: ME, body, at: 1, written_at: 1, edit_no, edited_at };
        messages::upsert(self.cache.read(), ROOM, Rev(5 + i64::from(edit_no)), &message).unwrap();
    }

    fn fresh(&mut self) -> OperationId {
        self.next += 1;
        OperationId(Uuid::from_u128(self.next))
    }

    fn edit(&mut self, text: &str) -> Planned {
        let fresh = self.fresh();
        edit(self.cache.read(), of(ME), text, fresh).unwrap()
    }

    fn delete(&mut self) -> Planned {
        let fresh = self.fresh();
        delete(self.cache.read(), of(ME), fresh).unwrap()
    }

    fn attempt(&self, planned: &Planned) {
        outbox::attempted(self.cache.read(), planned.id).unwrap();
    }

    fn refuse(&self, id: OperationId, code: ErrorCode) -> Vec<OperationId> {
        refused(self.cache.read(), id, code).unwrap()
    }

    /// The rows as they would be sent; what is parked in brackets.
    fn rows(&self) -> Vec<String> {
        let word = |row: &Row| match row {
            Row::Send(it) => format!("send {}", it.text),
            Row::Change(Change { what: Do::Edit { edit_no, text }, .. }) => format!("edit {edit_no} {text}"),
            Row::Change(_) => "delete".into(),
        };
        let rows = outbox::all(self.cache.read()).unwrap();
        rows.iter()
            .map(|row| if row.refusal().is_some() { format!("[{}]", word(row)) } else { word(row) })
            .collect()
    }
}

#[test]
fn until_the_first_byte_leaves_a_message_is_changed_and_withdrawn_in_place() {
    let mut desk = Desk::waiting(false);
    assert_eq!(desk.edit("second"), Planned::in_place(MESSAGE.into()));
    assert_eq!(desk.rows(), ["send second"]);
    let gone = desk.delete();
    assert_eq!((gone.queued, gone.withdrawn, desk.rows()), (false, vec![MESSAGE.into()], vec![]));
}

#[test]
fn once_it_was_attempted_a_change_is_queued_behind_it() {
    let mut desk = Desk::waiting(true);
    let edit = desk.edit("second");
    assert!(edit.queued);
    assert_eq!(desk.rows(), ["send first", "edit 0 second"]);
    assert_eq!(desk.edit("third"), Planned::in_place(edit.id), "one that did not leave yet is replaced");
    desk.attempt(&edit);
    assert!(desk.edit("fourth").queued);
    assert_eq!(desk.rows(), ["send first", "edit 0 third", "edit 1 fourth"]);
    let delete = desk.delete();
    assert!(delete.queued);
    assert_eq!(desk.rows(), ["send first", "edit 0 third", "delete"], "what did not leave has no point");
    assert_eq!(delete.withdrawn.len(), 1);
    assert_eq!(desk.delete(), Planned::in_place(delete.id), "once is enough");
}

#[test]
fn an_edit_names_the_version_on_the_screen() {
    let mut desk = Desk::sent(3);
    let first = desk.edit("second");
    assert_eq!(desk.rows(), ["edit 3 second"]);
    desk.attempt(&first);
    desk.edit("third");
    assert_eq!(desk.rows(), ["edit 3 second", "edit 4 third"]);
}

#[test]
fn one_changes_only_ones_own_texts_that_still_stand() {
    let mut desk = Desk::sent(0);
    let fresh = desk.fresh();
    let db = desk.cache.read();
    let refusal = |author| edit(db, of(author), "x", fresh).unwrap_err().code;
    assert_eq!(refusal(UserId(Uuid::from_u128(9))), ErrorCode::Forbidden);
    desk.comes(Body::Unknown(serde_json::json!({"kind": "STICKER"})), 1);
    assert_eq!(refusal(ME), ErrorCode::Forbidden);
    desk.comes(Body::Deleted, 2);
    assert_eq!(refusal(ME), ErrorCode::Gone);
    assert_eq!(delete(db, of(ME), fresh).unwrap_err().code, ErrorCode::Gone);
    assert_eq!(desk.rows(), Vec::<String>::new());
}

#[test]
fn what_is_about_to_be_deleted_is_not_edited() {
    let mut desk = Desk::sent(0);
    desk.delete();
    let fresh = desk.fresh();
    assert_eq!(edit(desk.cache.read(), of(ME), "x", fresh).unwrap_err().code, ErrorCode::Gone);
}

#[test]
fn a_refused_message_takes_its_edits_with_it_and_goes_again_with_another_text() {
    let mut desk = Desk::waiting(true);
    let edit = desk.edit("second");
    assert_eq!(desk.refuse(MESSAGE.into(), ErrorCode::MessageRefused), [edit.id]);
    assert_eq!(desk.rows(), ["[send second]"]);
    assert_eq!(desk.edit("third"), Planned::queued(MESSAGE.into()));
    assert_eq!(desk.rows(), ["send third"]);
}

#[test]
fn a_refused_message_that_was_to_be_deleted_is_gone() {
    let mut desk = Desk::waiting(true);
    let delete = desk.delete();
    assert_eq!(desk.refuse(MESSAGE.into(), ErrorCode::RoomInactive), [delete.id]);
    assert_eq!(desk.rows(), Vec::<String>::new());
}

#[test]
fn a_refused_edit_waits_with_the_newest_text_and_goes_again_against_the_newest_version() {
    let mut desk = Desk::sent(0);
    let first = desk.edit("second");
    desk.attempt(&first);
    let later = desk.edit("third");
    assert_eq!(
        desk.refuse(first.id, ErrorCode::Conflict),
        [later.id],
        "it would undo what the refusal tells"
    );
    assert_eq!(desk.rows(), ["[edit 0 third]"]);
    desk.comes(Body::Text { text: "from another device".into() }, 1);
    assert_eq!(again(desk.cache.read(), ME, first.id).unwrap(), ROOM);
    assert_eq!(desk.rows(), ["edit 1 third"]);
    assert_eq!(
        again(desk.cache.read(), ME, first.id).unwrap_err().code,
        ErrorCode::Gone,
        "it was not refused"
    );
}

#[test]
fn a_new_edit_takes_the_place_of_a_refused_one() {
    let mut desk = Desk::sent(0);
    let first = desk.edit("second");
    desk.attempt(&first);
    desk.refuse(first.id, ErrorCode::Conflict);
    desk.comes(Body::Text { text: "from another device".into() }, 1);
    let next = desk.edit("third");
    assert!(next.queued && next.id != first.id);
    assert_eq!(desk.rows(), ["edit 1 third"]);
}

#[test]
fn a_refused_edit_gives_way_to_the_delete_behind_it() {
    let mut desk = Desk::sent(0);
    let edit = desk.edit("second");
    desk.attempt(&edit);
    desk.delete();
    assert_eq!(desk.refuse(edit.id, ErrorCode::Conflict), []);
    assert_eq!(desk.rows(), ["delete"]);
}

#[test]
fn a_delete_of_what_is_gone_is_done_and_another_refusal_waits() {
    let mut desk = Desk::sent(0);
    let delete = desk.delete();
    desk.refuse(delete.id, ErrorCode::Gone);
    assert_eq!(desk.rows(), Vec::<String>::new());
    let delete = desk.delete();
    desk.refuse(delete.id, ErrorCode::NotParticipant);
    assert_eq!(desk.rows(), ["[delete]"]);
    assert_eq!(desk.delete(), Planned::queued(delete.id));
}

#[test]
fn what_was_refused_or_not_tried_is_discarded_and_gives_its_text_back() {
    let mut desk = Desk::sent(0);
    let edit = desk.edit("second");
    let drop_it = |desk: &Desk, id| discard(desk.cache.read(), id).map_err(|error| error.code);
    assert_eq!(drop_it(&desk, edit.id), Ok((ROOM, "second".into())));
    assert_eq!(drop_it(&desk, edit.id), Err(ErrorCode::Gone));
    let edit = desk.edit("third");
    desk.attempt(&edit);
    assert_eq!(drop_it(&desk, edit.id), Err(ErrorCode::Conflict), "the server may have it");
    desk.refuse(edit.id, ErrorCode::Conflict);
    assert_eq!(drop_it(&desk, edit.id), Ok((ROOM, "third".into())));
}

#[test]
fn a_message_that_came_too_late_goes_again_without_a_limit() {
    let mut desk = Desk::waiting(false);
    outbox::limit(desk.cache.read(), MESSAGE, Some(77)).unwrap();
    desk.refuse(MESSAGE.into(), ErrorCode::TooLate);
    assert_eq!(desk.rows(), ["[send first]"]);
    again(desk.cache.read(), ME, MESSAGE.into()).unwrap();
    assert_eq!(outbox::of_room(desk.cache.read(), ROOM).unwrap()[0].send_by, None);
    outbox::limit(desk.cache.read(), MESSAGE, Some(77)).unwrap();
    desk.refuse(MESSAGE.into(), ErrorCode::TooLate);
    desk.edit("second");
    let row = outbox::of_room(desk.cache.read(), ROOM).unwrap().remove(0);
    assert_eq!((row.text.as_str(), row.send_by, row.refusal), ("second", None, None));
}
