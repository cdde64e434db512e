//! A page of what changed in a stream, from one snapshot, with the rights asked in the same one.

use crate::error::Result;
use crate::rights;
use crate::store::tables::{message, object, stream};
use crate::store::{Job, Tx};
use crate::tokens::Caller;
use tripchat_protocol::limits::{PAGE_BYTES, PAGE_OBJECTS};
use tripchat_protocol::{Cursor, Epoch, ErrorCode, Object, Rev, StreamId};

/// Reads the changes of `stream` after `since`.
#[derive(Debug)]
pub struct ReadChanges {
    /// For whom.
    pub by: Caller,
    /// Of which stream.
    pub stream: StreamId,
    /// How far it is known; `None`: not at all.
    pub since: Option<Cursor>,
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
    /// The rev up to which the client is whole with it.
    pub upto: Rev,
    /// The objects, as JSON.
    pub objects: Vec<(Rev, String)>,
    /// Whether another page follows.
    pub more: bool,
    /// Whether what the client has is void.
    pub reset: bool,
}

impl Job for ReadChanges {
    type Out = Read;

    async fn run(&self, tx: &mut Tx) -> Result<Read> {
        rights::session(tx, &self.by).await?;
        let allowed = match self.stream {
            StreamId::User(user) => user == self.by.user,
            StreamId::Room(room) => match rights::member(tx, &self.by, room).await {
                Ok(_) => true,
                Err(error) if matches!(error.code(), ErrorCode::RoomNotFound | ErrorCode::NotParticipant) => {
                    false
                }
                Err(error) => return Err(error),
            },
        };
        if !allowed {
            return Ok(Read::Gone(None));
        }
        let (epoch, head) = stream::head(tx, self.stream).await?;
        let (from, reset) = match self.since {
            None => (Rev(0), false),
            Some(Cursor(known, rev)) if known == epoch && rev <= head && rev >= Rev(0) => (rev, false),
            // Another life of the stream, or one that was never here: the client starts again.
            Some(_) => (Rev(0), true),
        };
        let (objects, more) = self.objects(tx, from).await?;
        let upto = if more { objects.last().map_or(from, |(rev, _)| *rev) } else { head };
        Ok(Read::Page(Page { stream: self.stream, epoch, from, upto, objects, more, reset }))
    }
}

impl ReadChanges {
    async fn objects(&self, tx: &mut Tx, from: Rev) -> Result<(Vec<(Rev, String)>, bool)> {
        let limit = i64::try_from(PAGE_OBJECTS + 1).unwrap_or(i64::MAX);
        let mut found = object::after(tx, self.stream, from, limit).await?;
        if let StreamId::Room(room) = self.stream {
            for (rev, message) in message::after_rev(tx, room, from, limit).await? {
                found.push((rev, crate::store::to_json(&Object::Message(message))?));
            }
        }
        found.sort_unstable_by_key(|(rev, _)| *rev);
        let mut bytes = 0;
        let fitting = found
            .iter()
            .take(PAGE_OBJECTS)
            .take_while(|(_, json)| {
                bytes += json.len();
                bytes <= PAGE_BYTES
            })
            .count()
            .max(1);
        let more = found.len() > fitting;
        found.truncate(fitting);
        Ok((found, more))
    }
}

impl Page {
    /// The `changes` frame. Written by hand, since the objects are JSON already.
    #[must_use]
    pub fn frame(&self) -> String {
        let Self { stream, epoch, from, upto, objects, more, reset } = self;
        let objects: Vec<String> =
            objects.iter().map(|(rev, json)| format!(r#"{{"rev":{rev},"object":{json}}}"#)).collect();
        let objects = objects.join(",");
        let reset = if *reset { r#","reset":true"# } else { "" };
        format!(
            r#"{{"type":"changes","stream":"{stream}","epoch":{epoch},"from":{from},"upto":{upto},"objects":[{objects}],"more":{more}{reset}}}"#
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
        for (reset, more) in [(false, true), (true, false)] {
            let page = Page {
                stream: StreamId::Room(RoomId(Uuid::from_u128(5))),
                epoch: Epoch(9),
                from: Rev(1),
                upto: Rev(4),
                objects: vec![
                    (Rev(2), r#"{"kind":"later","id":"x"}"#.into()),
                    (Rev(4), r#"{"kind":"later"}"#.into()),
                ],
                more,
                reset,
            };
            let ServerFrame::Changes(read) = serde_json::from_str(&page.frame()).unwrap() else { panic!() };
            let Changes { stream, epoch, from, upto, objects, .. } = &read;
            assert_eq!((stream, epoch, from, upto), (&page.stream, &page.epoch, &page.from, &page.upto));
            assert_eq!((objects.len(), read.more, read.reset), (2, more, reset));
            assert_eq!(objects[1].rev, Rev(4));
        }
    }
}
