//! A page of what changed in a stream, from one snapshot, with the rights asked in the same one.

use super::course::{Course, begin};
use crate::error::Result;
use crate::rights;
use crate::store::tables::stay::Stay;
use crate::store::tables::{changed, object, stay, stream};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::limits::{PAGE_BYTES, PAGE_OBJECTS};
use tripchat_protocol::{Cursor, Epoch, Hole, Object, Rev, Seq, StreamId};
use tripchat_runtime::{Plant, planted};

/// Reads a page of the changes of `stream`.
#[derive(Debug)]
pub struct ReadChanges {
    /// For whom.
    pub by: Caller,
    /// Of which stream.
    pub stream: StreamId,
    /// After what.
    pub since: Since,
}

/// After what a page begins.
#[derive(Debug, Clone)]
pub enum Since {
    /// After what the client has; `None`: it has nothing. A catch-up begins.
    Cursor(Option<Cursor>),
    /// After the last page of a catch-up.
    Course(Course),
}

/// What came of it.
#[derive(Debug)]
pub enum Read {
    /// A page.
    Page(Page),
    /// The stream is not this person's to read (any more); the last rev that may be kept.
    Gone(Option<Rev>),
}

/// Changes in `(from, upto]`, each object once, in the order of their revs.
#[derive(Debug)]
pub struct Page {
    /// The stream.
    pub stream: StreamId,
    /// Its epoch.
    pub epoch: Epoch,
    /// The rev after which it begins.
    pub from: Rev,
    /// The rev up to which the client is whole with it, the hole aside.
    pub upto: Rev,
    /// The objects, as JSON.
    pub objects: Vec<(Rev, String)>,
    /// Whether what the client has is void.
    pub reset: bool,
    /// Where messages may be missing.
    pub hole: Option<Hole>,
    /// What another page goes on from; `None` if this is the last one.
    pub next: Option<Course>,
}

impl Job for ReadChanges {
    type Out = Read;

    async fn run(&self, tx: &mut Tx) -> Result<Read> {
        rights::session(tx, &self.by).await?;
        match self.stream {
            StreamId::User(user) if user == self.by.user => {}
            StreamId::User(_) => return Ok(Read::Gone(None)),
            StreamId::Room(room) => match stay::of(tx, room, self.by.user).await? {
                Stay::Current(_) => {}
                Stay::Former(to_rev) => return Ok(Read::Gone(Some(to_rev))),
                Stay::Stranger => return Ok(Read::Gone(None)),
            },
        }
        let (epoch, head) = stream::head(tx, self.stream).await?;
        let (mut course, reset) = match &self.since {
            Since::Course(course) if course.epoch == epoch => (course.clone(), false),
            Since::Cursor(Some(Cursor(known, rev))) if *known == epoch && *rev <= head && *rev >= Rev(0) => {
                begin(tx, self.stream, Cursor(epoch, *rev), head).await?
            }
            // It has nothing, or something of another life of the stream, or of one that was never here: the client
            // starts again.
            Since::Cursor(_) | Since::Course(_) => {
                let (course, _) = begin(tx, self.stream, Cursor(epoch, Rev(0)), head).await?;
                (course, true)
            }
        };
        let (objects, more) = self.objects(tx, &course).await?;
        let from = course.at;
        course.at = if more { objects.last().map_or(from, |(rev, _)| *rev) } else { head };
        let (upto, hole) = (course.at, course.hole);
        let next = more.then_some(course);
        Ok(Read::Page(Page { stream: self.stream, epoch, from, upto, objects, reset, hole, next }))
    }
}

impl ReadChanges {
    async fn objects(&self, tx: &mut Tx, course: &Course) -> Result<(Vec<(Rev, String)>, bool)> {
        let limit = i64::try_from(PAGE_OBJECTS + 1).unwrap_or(i64::MAX);
        let mut found = object::after(tx, self.stream, course.at, limit).await?;
        if let StreamId::Room(room) = self.stream {
            let messages = match course.hole {
                None => changed::after_rev(tx, room, course.at, limit).await?,
                Some(Hole(Seq(after), before)) => {
                    let mut older = match planted(Plant::LimitedOmitsEdits) {
                        true => Vec::new(),
                        false => changed::changed_later(tx, room, (Seq(after), course.at), limit).await?,
                    };
                    older.extend(changed::from_seq(tx, room, (before, course.at), limit).await?);
                    older
                }
            };
            for (rev, message) in messages {
                found.push((rev, crate::store::to_json(&Object::Message(message))?));
            }
        }
        found.sort_unstable_by_key(|(rev, _)| *rev);
        let fitting = fitting(&found);
        let more = found.len() > fitting;
        found.truncate(fitting);
        Ok((found, more))
    }
}

/// How many of the objects fit in a page: at least one, so that it goes on.
fn fitting(found: &[(Rev, String)]) -> usize {
    let mut bytes = 0;
    let fit = found.iter().take(PAGE_OBJECTS).take_while(|(_, json)| {
        bytes += json.len();
        bytes <= PAGE_BYTES
    });
    fit.count().max(1)
}

impl Page {
    /// The `changes` frame. Written by hand, since the objects are JSON already.
    #[must_use]
    pub fn frame(&self) -> String {
        let Self { stream, epoch, from, upto, objects, reset, hole, next } = self;
        let objects: Vec<String> =
            objects.iter().map(|(rev, json)| format!(r#"{{"rev":{rev},"object":{json}}}"#)).collect();
        let objects = objects.join(",");
        let more = next.is_some();
        let reset = if *reset { r#","reset":true"# } else { "" };
        let hole = hole.map_or(String::new(), |Hole(after, before)| format!(r#","hole":[{after},{before}]"#));
        format!(
            r#"{{"type":"changes","stream":"{stream}","epoch":{epoch},"from":{from},"upto":{upto},"objects":[{objects}],"more":{more}{reset}{hole}}}"#
        )
    }

    /// How far a client is whole that has stored it.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor(self.epoch, self.upto)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tripchat_protocol::{Changes, RoomId, ServerFrame};
    use uuid::Uuid;

    #[test]
    fn the_frame_written_by_hand_is_the_frame_of_the_protocol() {
        for (reset, more, hole) in [(false, true, None), (true, false, Some(Hole(Seq(1), Seq(9))))] {
            let next = more.then_some(Course { epoch: Epoch(9), at: Rev(4), hole });
            let page = Page {
                stream: StreamId::Room(RoomId(Uuid::from_u128(5))),
                epoch: Epoch(9),
                from: Rev(1),
                upto: Rev(4),
                objects: vec![
                    (Rev(2), r#"{"kind":"later","id":"x"}"#.into()),
                    (Rev(4), r#"{"kind":"later"}"#.into()),
                ],
                reset,
                hole,
                next,
            };
            let ServerFrame::Changes(read) = serde_json::from_str(&page.frame()).unwrap() else { panic!() };
            let Changes { stream, epoch, from, upto, objects, .. } = &read;
            assert_eq!((stream, epoch, from, upto), (&page.stream, &page.epoch, &page.from, &page.upto));
            assert_eq!((objects.len(), read.more, read.reset, read.hole), (2, more, reset, hole));
            assert_eq!(objects[1].rev, Rev(4));
        }
    }

    #[test]
    fn a_page_is_bounded_in_objects_and_in_bytes_and_goes_on_all_the_same() {
        let of = |bytes: usize, count: i64| (1..=count).map(|rev| (Rev(rev), "x".repeat(bytes))).collect();
        let fits = |found: Vec<(Rev, String)>| fitting(&found);
        assert_eq!(fits(of(10, 201)), PAGE_OBJECTS);
        assert_eq!(fits(of(PAGE_BYTES / 3, 4)), 3);
        assert_eq!(fits(of(PAGE_BYTES + 1, 2)), 1);
    }
}
