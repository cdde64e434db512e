//! What a client missed before it said hello.
//!
//! It subscribes first and reads then; what arrives in between is sent only if it joins what was read. Overlap is
//! harmless, a hole is not.

use super::Connection;
use crate::gateway::heartbeat::QUIET;
use crate::gateway::wire::End;
use crate::rooms::{Page, ReadCompanions, ReadHeads, Since};
use std::collections::BTreeMap;
use tripchat_protocol::frame::{Empty, Gone, Heads, Hello, RoomHead, Welcome};
use tripchat_protocol::limits::{FIRST_BYTES, FIRST_OBJECTS, Limits, PAGE_BYTES};
use tripchat_protocol::{ConnectionId, Cursor, Head, RoomCursor, RoomId, ServerFrame, StreamId, VERSIONS};
use tripchat_runtime::{Plant, planted};

/// What may still be sent of the rooms' contents.
struct Budget {
    objects: usize,
    bytes: usize,
}

impl Connection {
    pub(super) async fn catch_up_all(&mut self, id: ConnectionId, hello: Hello) -> Result<(), End> {
        let inbox = StreamId::User(self.caller.user);
        self.inlet.subscribe(inbox);
        self.feeds.begin(inbox, hello.inbox);
        // The rooms are known only from a first look; the one that counts comes after subscribing to them.
        for stream in self.stands().await?.into_keys().filter(|_| !planted(Plant::SubscribeAfterRead)) {
            self.inlet.subscribe(stream);
        }
        let welcome = Welcome {
            version: VERSIONS[0],
            connection: id,
            user: self.caller.user,
            server_time: self.context.sources.now(),
            heartbeat_ms: u64::try_from(QUIET.as_millis()).unwrap_or(u64::MAX),
            limits: Limits::default(),
            token_expires_at: self.wire.life.expires_at,
        };
        self.wire.write(&ServerFrame::Welcome(welcome)).await?;
        // The rooms that the inbox names follow with their heads.
        self.read_on(inbox).await?;
        self.catch_up_rooms(hello.rooms).await?;
        let companions = self.read(ReadCompanions { user: self.caller.user }).await?;
        self.tell_who_is_there(companions).await?;
        self.wire.write(&ServerFrame::Synced(Empty {})).await
    }

    async fn catch_up_rooms(&mut self, known: BTreeMap<RoomId, RoomCursor>) -> Result<(), End> {
        let heads = self.read(ReadHeads { by: self.caller.clone(), known: known.clone() }).await?;
        for (room, to_rev) in heads.gone {
            let gone = Gone { stream: StreamId::Room(room), to_rev };
            self.wire.write(&ServerFrame::Gone(gone)).await?;
        }
        let mut late = Vec::new();
        for room in heads.rooms {
            let stream = StreamId::Room(room);
            if !planted(Plant::SubscribeAfterRead) && self.inlet.subscribe(stream) {
                late.push(stream);
            }
            self.feeds.begin(stream, known.get(&room).map(|RoomCursor(epoch, rev, _)| Cursor(*epoch, *rev)));
            if let Some(RoomCursor(epoch, rev, marks)) = known.get(&room) {
                self.feeds.sent_marks(room, *epoch, *marks);
                self.feeds.tell(stream, Head(*epoch, *rev, *marks));
            }
        }
        self.tell_heads(&heads.moved).await?;
        self.tell_contents(&heads.moved, &known).await?;
        if planted(Plant::SubscribeAfterRead) {
            for head in &heads.moved {
                self.inlet.subscribe(StreamId::Room(head.room));
            }
        }
        // What was subscribed to only after the heads were read may have moved unheard.
        for stream in late {
            self.heal(stream).await?;
        }
        Ok(())
    }

    /// The heads, as many to a frame as fit.
    async fn tell_heads(&mut self, moved: &[RoomHead]) -> Result<(), End> {
        let mut rooms = Vec::new();
        let mut bytes = 0;
        for head in moved {
            self.feeds.tell(StreamId::Room(head.room), Head(head.epoch, head.head, head.marks));
            let size = serde_json::to_vec(head).map_or(PAGE_BYTES, |json| json.len());
            if bytes + size > PAGE_BYTES && !rooms.is_empty() {
                let rooms = std::mem::take(&mut rooms);
                self.wire.write(&ServerFrame::Heads(Heads { rooms, streams: BTreeMap::new() })).await?;
                bytes = 0;
            }
            bytes += size;
            rooms.push(head.clone());
        }
        if rooms.is_empty() {
            return Ok(());
        }
        self.wire.write(&ServerFrame::Heads(Heads { rooms, streams: BTreeMap::new() })).await
    }

    /// The contents of the rooms that moved, in their order, as far as the budget goes; the rest is behind.
    async fn tell_contents(
        &mut self,
        moved: &[RoomHead],
        known: &BTreeMap<RoomId, RoomCursor>,
    ) -> Result<(), End> {
        let mut left = Some(Budget { objects: FIRST_OBJECTS, bytes: FIRST_BYTES });
        for head in moved {
            let stream = StreamId::Room(head.room);
            let had = known.get(&head.room);
            let has_all = had.is_some_and(|cursor| (cursor.0, cursor.1) == (head.epoch, head.head));
            if !has_all {
                left = match left {
                    Some(left) => self.tell_content(stream, left).await?,
                    None => None,
                };
                if left.is_none() {
                    self.feeds.leave_behind(stream);
                    continue;
                }
            }
            self.tell_marks(head.room, had.map(|RoomCursor(epoch, _, marks)| (*epoch, *marks))).await?;
        }
        Ok(())
    }

    /// The whole content of a room, and what is left of the budget; nothing at all if it does not fit.
    async fn tell_content(&mut self, stream: StreamId, left: Budget) -> Result<Option<Budget>, End> {
        let Budget { mut objects, mut bytes } = left;
        let mut pages: Vec<Page> = Vec::new();
        let mut since = Since::Cursor(self.feeds.since(stream));
        loop {
            // Gone: that was told, and costs nothing.
            let Some(page) = self.page(stream, since).await? else {
                return Ok(Some(Budget { objects, bytes }));
            };
            let size: usize = page.objects.iter().map(|(_, json)| json.len()).sum();
            match (objects.checked_sub(page.objects.len()), bytes.checked_sub(size)) {
                (Some(objects_left), Some(bytes_left)) => (objects, bytes) = (objects_left, bytes_left),
                _ => return Ok(None),
            }
            let next = page.next.clone();
            pages.push(page);
            match next {
                Some(course) => since = Since::Course(course),
                None => break,
            }
        }
        for page in pages {
            self.send(&page).await?;
        }
        Ok(Some(Budget { objects, bytes }))
    }
}
