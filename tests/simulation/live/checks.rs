//! What each frame of the server is compared with.

use super::{Asked, Promise, State, stream_name, stream_of};
use rusqlite::{OptionalExtension, params};
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// What is committed is told by then on a calm road.
const PROMPT: Duration = Duration::from_secs(4);
/// And by then if its hint was lost.
pub(super) const HEALED: Duration = Duration::from_secs(14);

impl State {
    pub(super) fn check_ok(&mut self, link: u64, frame: &Value) {
        let Some(id) = frame["id"].as_str().map(str::to_owned) else { return };
        let Some(connection) = self.links.get(&link) else { return };
        let (device, user, generation) = (connection.device, connection.user, connection.generation);
        let Some(Asked { kind, old, replaces }) = connection.asked.get(&id).cloned() else {
            return self.violated(format!("an ok for {id}, which was not asked for on {link}"));
        };
        if old {
            self.violated(format!("2.4: {kind} {id} is taken on an older connection of device {device}"));
        }
        let newest = self.generations.entry(device).or_default();
        *newest = generation.max(*newest);
        if frame["duplicate"] == Value::Bool(true) {
            self.seen.insert(if kind == "send" { "a repeated message" } else { "a repeated change" });
        } else if let Some(replaced) = replaces
            && !self.replaced.insert(replaced)
        {
            self.violated(format!("4.5: {id} replaces a version that was replaced before"));
        }
        let (Some(user), Some(rev)) = (user, frame["rev"].as_i64()) else { return };
        let stored = match kind.as_str() {
            "send" => self.seq_of(user, &id),
            _ => None,
        };
        if kind == "send" && stored != frame["seq"].as_i64() {
            self.violated(format!("I1: the ok for {id} names {}, stored is {stored:?}", frame["seq"]));
        }
        let stream = stream_name(frame);
        if self.head(&stream).is_none_or(|head| head < rev) {
            self.violated(format!("I1: the ok for {kind} {id} names rev {rev}, which is not stored"));
        }
        if stream.starts_with("room:") {
            self.promise(&stream, rev);
        }
    }

    /// Everybody whose connection stands is to be told of it.
    fn promise(&mut self, stream: &str, rev: i64) {
        let (now, due) = self.due();
        let listening = self.links.iter().filter(|(_, link)| link.synced && link.sent.contains_key(stream));
        let listening: Vec<u64> = listening.map(|(number, _)| *number).collect();
        for link in listening {
            self.promises.push(Promise { made: now, due, link, stream: stream.into(), rev });
        }
    }

    /// Now, and when what is there now must have been told.
    fn due(&self) -> (Instant, Instant) {
        let now = Instant::now();
        let lost = self.losing || now < self.hints_lost + Duration::from_secs(2);
        (now, now + if lost { HEALED } else { PROMPT })
    }

    pub(super) fn judge(&mut self, promise: &Promise) {
        let Some(link) = self.links.get(&promise.link) else { return };
        let (device, sent) = (link.device, link.sent.get(&promise.stream).copied());
        let calm_since = self.disturbed.get(&device).copied();
        let calm = !link.full
            && calm_since.is_none_or(|at| at + Duration::from_secs(1) < promise.made)
            && !self.troubles.iter().any(|(whose, _)| *whose == device);
        let hints = promise.due - promise.made < HEALED && self.hints_lost > promise.made;
        // A room that was left is nobody's promise.
        if let (true, false, Some(sent)) = (calm, hints, sent)
            && sent < promise.rev
        {
            let Promise { stream, rev, link, .. } = promise;
            self.violated(format!(
                "I11: {link}/{device} was not told of rev {rev} of {stream}, but of {sent}"
            ));
        }
    }

    /// What it has heard is everything that was there when it was told so.
    pub(super) fn synced(&mut self, link: u64) {
        let Some(connection) = self.links.get_mut(&link) else { return };
        connection.synced = true;
        let (sent, told) = (connection.sent.clone(), connection.told.clone());
        for stream in sent.keys().filter(|stream| stream.starts_with("room:")) {
            let is_behind = told.get(stream).is_some_and(|head| sent.get(stream).is_none_or(|it| it < head));
            if is_behind {
                self.seen.insert("left behind");
            } else if let Some(head) = self.head(stream) {
                let (now, due) = self.due();
                self.promises.push(Promise { made: now, due, link, stream: stream.clone(), rev: head });
            }
        }
    }

    pub(super) fn check_page(&mut self, link: u64, frame: &Value) {
        let (from, upto) =
            (frame["from"].as_i64().unwrap_or_default(), frame["upto"].as_i64().unwrap_or_default());
        if frame["hole"].is_array() {
            self.seen.insert("limited");
        }
        if frame["reset"] == Value::Bool(true) {
            self.seen.insert("reset");
        }
        let mut last = from;
        for change in frame["objects"].as_array().into_iter().flatten() {
            let rev = change["rev"].as_i64().unwrap_or_default();
            if rev <= last || rev > upto {
                self.violated(format!("I3: rev {rev} after {last} in a page up to {upto}"));
            }
            last = rev;
            self.check_object(link, frame, (rev, &change["object"]));
        }
        self.run(link, frame, (from, upto));
    }

    /// What is sent of a stream is a run.
    pub(super) fn run(&mut self, link: u64, frame: &Value, (from, upto): (i64, i64)) {
        let (stream, begins) = (stream_of(frame), frame["reset"] == Value::Bool(true) || from == 0);
        let Some(connection) = self.links.get_mut(&link) else { return };
        let sent = connection.sent.get(&stream).copied();
        connection.sent.insert(stream.clone(), if begins { upto } else { sent.unwrap_or(0).max(upto) });
        if !begins && sent.is_none_or(|sent| from > sent) {
            self.violated(format!("I3: {link} is sent {stream} from {from}, and had it up to {sent:?}"));
        }
    }

    pub(super) fn check_object(&mut self, link: u64, frame: &Value, (rev, object): (i64, &Value)) {
        let stream = stream_of(frame);
        let Some(connection) = self.links.get(&link) else { return };
        let (device, user) = (connection.device, connection.user);
        if self.head(&stream_name(frame)).is_none_or(|head| head < rev) {
            self.violated(format!("I1: rev {rev} of {stream} was told before it was stored"));
        }
        if let (Some(room), Some(user)) = (stream.strip_prefix("room:"), user) {
            if !self.may_see(room, user, rev) {
                self.violated(format!("I7: device {device} is sent rev {rev} of room {room}"));
            }
            let epoch = frame["epoch"].as_i64().unwrap_or_default();
            let json = object.to_string();
            let known = self.objects.entry((stream.clone(), epoch, rev)).or_insert_with(|| json.clone());
            if *known != json {
                self.violated(format!("I3: rev {rev} of {stream} is two things"));
            }
        }
        if object["body"]["kind"] == "DELETED" {
            self.seen.insert("a tombstone");
        }
    }

    pub(super) fn check_heads(&mut self, link: u64, frame: &Value) {
        let Some(connection) = self.links.get_mut(&link) else { return };
        for head in frame["rooms"].as_array().into_iter().flatten() {
            let stream = format!("room:{}", head["room"].as_str().unwrap_or_default());
            connection.told.insert(stream.clone(), head["head"].as_i64().unwrap_or_default());
            connection.sent.entry(stream).or_insert(0);
        }
        if frame["streams"].as_object().is_some_and(|streams| !streams.is_empty()) {
            self.seen.insert("heads");
        }
    }

    pub(super) fn check_marks(&mut self, frame: &Value) {
        let room = frame["room"].as_str().unwrap_or_default().to_owned();
        let (epoch, number) =
            (frame["epoch"].as_i64().unwrap_or_default(), frame["marks"].as_i64().unwrap_or_default());
        for person in frame["people"].as_array().into_iter().flatten() {
            let key = (room.clone(), epoch, person["user"].as_str().unwrap_or_default().to_owned());
            let now = (
                number,
                person["read"].as_i64().unwrap_or_default(),
                person["delivered"].as_i64().unwrap_or_default(),
            );
            let before = self.marks.entry(key).or_insert(now);
            let falls = if now.0 >= before.0 {
                now.1 < before.1 || now.2 < before.2
            } else {
                now.1 > before.1 || now.2 > before.2
            };
            let was = *before;
            *before = if now.0 >= before.0 { now } else { *before };
            if falls {
                self.violated(format!("I6: marks in {room} went from {was:?} to {now:?}"));
            }
        }
    }

    pub(super) fn seq_of(&mut self, user: Uuid, id: &str) -> Option<i64> {
        let id: Uuid = id.parse().ok()?;
        let query = "SELECT seq FROM message WHERE author_id = ?1 AND id = ?2";
        let found = self
            .db()?
            .prepare_cached(query)
            .ok()?
            .query_row(params![user.as_bytes(), id.as_bytes()], |row| row.get(0));
        found.optional().ok().flatten()
    }

    fn head(&mut self, stream: &str) -> Option<i64> {
        let id: Uuid = stream.split_once(':')?.1.parse().ok()?;
        let query = "SELECT head FROM stream WHERE id = ?1";
        self.db()?
            .prepare_cached(query)
            .ok()?
            .query_row(params![id.as_bytes()], |row| row.get(0))
            .optional()
            .ok()
            .flatten()
    }

    fn may_see(&mut self, room: &str, user: Uuid, rev: i64) -> bool {
        let Ok(room) = room.parse::<Uuid>() else { return false };
        let query = "SELECT COUNT(*) FROM stay WHERE room_id = ?1 AND user_id = ?2
                     AND (to_rev IS NULL OR to_rev >= ?3)";
        let Some(Ok(mut asked)) = self.db().map(|db| db.prepare_cached(query)) else { return false };
        let stays: rusqlite::Result<i64> =
            asked.query_row(params![room.as_bytes(), user.as_bytes(), rev], |row| row.get(0));
        stays.is_ok_and(|stays| stays > 0)
    }
}
