//! A ride on a bad road: connections break, answers and hints are lost, the app is killed, all at points that a
//! seed chooses. In the end everything written is there once, in the order of writing, on both sides.

use super::connection::{Connection, message, room_stream};
use super::stage::{Stage, me, room};
use serde_json::json;
use tripchat_protocol::frame::Send;
use tripchat_protocol::{Body, ClientFrame, Cursor, MessageId};
use tripchat_runtime::{FixedClock, SeededRandom, Sources};

/// What is written in one ride.
const MESSAGES: usize = 10;
/// The rev before the first message.
const BEFORE: i64 = 3;

/// The server's side: what it has stored, and what chance does to its frames.
struct Server {
    chance: Sources,
    stored: Vec<(MessageId, String)>,
}

enum Fate {
    Goes,
    Breaks,
    Killed,
}

impl Server {
    fn store(&mut self, send: &Send) -> i64 {
        let Body::Text { text } = &send.body else { panic!("only texts are written here") };
        let known = self.stored.iter().position(|(id, _)| *id == send.id);
        let place = known.unwrap_or_else(|| {
            self.stored.push((send.id, text.clone()));
            self.stored.len() - 1
        });
        BEFORE + 1 + i64::try_from(place).unwrap()
    }

    fn object(&self, seq: i64) -> serde_json::Value {
        let (id, text) = &self.stored[usize::try_from(seq - BEFORE - 1).unwrap()];
        message(id.0, me().0, seq, text)
    }

    fn head(&self) -> i64 {
        BEFORE + i64::try_from(self.stored.len()).unwrap()
    }

    async fn page(&self, connection: &mut Connection, since: Option<Cursor>) {
        let from = since.map_or(0, |cursor| cursor.1.0);
        assert!((BEFORE..=self.head()).contains(&from), "a cursor beyond what was ever sent");
        let objects: Vec<_> = (from + 1..=self.head()).map(|seq| (seq, self.object(seq))).collect();
        connection.page(&room_stream(), from, &objects).await;
    }

    async fn welcome(&self, connection: &mut Connection) {
        let hello = connection.welcome().await;
        let since = hello.rooms.get(&room()).map(|known| Cursor(known.0, known.1));
        self.page(connection, since).await;
        connection.say(json!({"type": "synced"})).await;
    }

    async fn head_is_told(&self, connection: &mut Connection) {
        let head =
            json!({"room": room(), "epoch": 7, "head": self.head(), "marks": 0, "unread": 0, "newest": null});
        connection.say(json!({"type": "heads", "rooms": [head]})).await;
    }

    async fn take(&mut self, connection: &mut Connection, send: &Send) -> Fate {
        let what = self.chance.below(9);
        match what {
            0 => return Fate::Breaks,
            1 => {
                connection.refuse(send.id, "STORAGE_FULL", "later").await;
                return Fate::Goes;
            }
            2 => return Fate::Killed,
            _ => {}
        }
        let seq = self.store(send);
        match what {
            3 => return Fate::Breaks,
            4 => return Fate::Killed,
            5 => connection.accept_message(send.id, seq).await,
            6 => {
                connection.change(seq, self.object(seq)).await;
                connection.accept_message(send.id, seq).await;
                connection.change(seq, self.object(seq)).await;
            }
            7 => connection.change(seq, self.object(seq)).await,
            _ => {
                connection.accept_message(send.id, seq).await;
                connection.change(seq, self.object(seq)).await;
            }
        }
        Fate::Goes
    }
}

async fn ride(seed: u64) {
    let (mut stage, mut connection) = Stage::online().await;
    let chance = Sources::new(FixedClock::at(0), SeededRandom::new(seed));
    let mut server = Server { chance, stored: Vec::new() };
    let mut written = Vec::new();
    while server.stored.len() < MESSAGES {
        while written.len() < MESSAGES
            && (written.len() == server.stored.len() || server.chance.below(2) == 0)
        {
            let text = format!("m{}", written.len());
            written.push((stage.client.send(room(), text.clone()).await.unwrap(), text));
        }
        let fate = match connection.try_hear().await {
            Some(ClientFrame::Send(send)) => server.take(&mut connection, &send).await,
            Some(ClientFrame::CatchUp(asked)) => {
                server.page(&mut connection, asked.since).await;
                Fate::Goes
            }
            Some(_) => Fate::Goes,
            None => Fate::Breaks,
        };
        match fate {
            Fate::Goes => continue,
            Fate::Breaks => {}
            Fate::Killed => stage.kill(),
        }
        connection = stage.connection().await;
        server.welcome(&mut connection).await;
    }
    assert_eq!(server.stored, written, "seed {seed}");
    finish(&mut stage, connection, &server).await;
}

/// From here on nothing breaks, and everything becomes whole.
async fn finish(stage: &mut Stage, mut connection: Connection, server: &Server) {
    let wanted: Vec<String> = server.stored.iter().map(|(_, text)| format!("{text} Sent")).collect();
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    server.head_is_told(&mut connection).await;
    loop {
        let heard = tokio::select! {
            biased;
            heard = connection.try_hear() => heard,
            () = stage.shows(&wanted) => return,
        };
        match heard {
            Some(ClientFrame::Send(send)) => {
                let place = server.stored.iter().position(|(id, _)| *id == send.id).unwrap();
                connection.accept_message(send.id, BEFORE + 1 + i64::try_from(place).unwrap()).await;
            }
            Some(ClientFrame::CatchUp(asked)) => server.page(&mut connection, asked.since).await,
            Some(_) => {}
            None => {
                connection = stage.connection().await;
                server.welcome(&mut connection).await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn on_a_bad_road_nothing_is_lost_doubled_or_overtaken() {
    for seed in 0..12 {
        ride(seed).await;
    }
}
