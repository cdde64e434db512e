//! A client that costs next to nothing: frames are made once and read by their first bytes.

use crate::world::{EPOCH, Person, Room, text};
use crate::ws::{Input, push_frame};
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tripchat_runtime::Sources;
use uuid::Uuid;

/// Generations only rise, whoever connects.
static GENERATION: AtomicU64 = AtomicU64::new(1);

/// A socket after its hello.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    input: Input,
    /// What goes out with the next [`Client::exchange`].
    pub out: Vec<u8>,
}

/// What a server said, as far as anybody here listens.
#[derive(Debug, PartialEq)]
pub enum Said<'a> {
    /// Everything that was missed has been told.
    Synced,
    /// An operation is durable: its id.
    Ok(&'a [u8]),
    /// A live change: its rev, and the frame.
    Change(i64, &'a [u8]),
    /// A page of changes.
    Changes(&'a [u8]),
    /// A refusal.
    Refused(&'a [u8]),
    /// Anything else.
    Other,
}

/// A page of changes, as far as it is checked.
#[derive(Debug, Deserialize)]
pub struct Page<'a> {
    /// The stream.
    pub stream: &'a str,
    /// After this rev.
    pub from: i64,
    /// Up to this one.
    pub upto: i64,
    /// The changes.
    #[serde(borrow)]
    pub objects: Vec<PageChange<'a>>,
    /// A stretch that was left out.
    pub hole: Option<(i64, i64)>,
}

/// One of a [`Page`].
#[derive(Debug, Deserialize)]
pub struct PageChange<'a> {
    /// Its number.
    pub rev: i64,
    /// What changed.
    #[serde(borrow)]
    pub object: &'a RawValue,
}

impl Client {
    /// Connects as `person`, who has their room up to `rev`; the hello is said and not answered yet.
    pub async fn connect(address: SocketAddr, person: &Person, room: &Room, rev: i64) -> Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let authorization = if person.token.is_empty() {
            String::new()
        } else {
            format!("authorization: Bearer {}\r\n", person.token)
        };
        let request = format!(
            "GET /api/v1/ws HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{authorization}\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut input = Input::default();
        let head = loop {
            ensure!(input.fill(&mut stream).await?, "it hung up before the upgrade");
            if let Some(head) = input.http_head() {
                break head;
            }
        };
        ensure!(head.starts_with("HTTP/1.1 101"), "the upgrade was refused: {head}");
        let mut client = Self { stream, input, out: Vec::new() };
        let (id, generation) = (room.id, GENERATION.fetch_add(1, Ordering::Relaxed));
        // As many marks as people came in.
        let marks = room.begun - 1;
        let hello = format!(
            r#"{{"type":"hello","versions":[1],"device":"{}","generation":{generation},"app":"bench","inbox":[{EPOCH},1],"rooms":{{"{id}":[{EPOCH},{rev},{marks}]}}}}"#,
            person.session
        );
        push_frame(&mut client.out, true, hello.as_bytes());
        client.flush().await?;
        Ok(client)
    }

    /// As [`Client::connect`]; returns when everything was told.
    pub async fn synced(address: SocketAddr, person: &Person, room: &Room, rev: i64) -> Result<Self> {
        let mut client = Self::connect(address, person, room, rev).await?;
        loop {
            client.fill().await?;
            while let Some(said) = client.next()? {
                match said {
                    Said::Synced => return Ok(client),
                    Said::Refused(frame) => bail!("refused: {}", String::from_utf8_lossy(frame)),
                    _ => {}
                }
            }
        }
    }

    /// Writes what goes out and waits for what comes in.
    pub async fn exchange(&mut self) -> Result<()> {
        self.flush().await?;
        self.fill().await
    }

    /// Writes what goes out.
    pub async fn flush(&mut self) -> Result<()> {
        if !self.out.is_empty() {
            self.stream.write_all(&self.out).await?;
            self.out.clear();
        }
        Ok(())
    }

    /// Waits for what comes in. Cancel safe.
    pub async fn fill(&mut self) -> Result<()> {
        ensure!(self.input.fill(&mut self.stream).await?, "the server hung up");
        Ok(())
    }

    /// The next thing that came in; a ping is answered with what goes out next.
    pub fn next(&mut self) -> Result<Option<Said<'_>>> {
        let Some(frame) = self.input.frame()? else { return Ok(None) };
        let frame = self.input.at(frame);
        let said = read(frame).with_context(|| String::from_utf8_lossy(frame).into_owned())?;
        if said == Said::Other && frame.starts_with(br#"{"type":"ping""#) {
            push_frame(&mut self.out, true, br#"{"type":"pong"}"#);
        }
        Ok(Some(said))
    }
}

fn read(frame: &[u8]) -> Option<Said<'_>> {
    let kind = frame.strip_prefix(br#"{"type":""#)?;
    Some(if kind.starts_with(b"change\"") {
        // Behind the type and the stream, which are always as long.
        Said::Change(number_after(frame.get(60..)?, b"\"rev\":")?, frame)
    } else if let Some(rest) = kind.strip_prefix(br#"ok","id":""#) {
        Said::Ok(rest.get(..36)?)
    } else if kind.starts_with(b"changes\"") {
        Said::Changes(frame)
    } else if kind.starts_with(b"synced\"") {
        Said::Synced
    } else if kind.starts_with(b"error\"") {
        Said::Refused(frame)
    } else {
        Said::Other
    })
}

fn number_after(bytes: &[u8], name: &[u8]) -> Option<i64> {
    let at = bytes.windows(name.len()).position(|it| it == name)? + name.len();
    let digits = bytes[at..].iter().take_while(|it| it.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// The messages of one writer: made, on their way, acknowledged.
#[derive(Debug)]
pub struct Writer {
    frame: Vec<u8>,
    id_at: usize,
    number_at: usize,
    sources: Sources,
    writer: usize,
    made: u64,
    /// On their way, in their order: the frames' ids, numbers and times.
    pub pending: VecDeque<(Uuid, u64, Instant)>,
    /// How many were acknowledged.
    pub acked: u64,
}

impl Writer {
    /// Somebody who writes into `room`; `writer` is their number.
    pub fn new(writer: usize, room: &Room) -> Self {
        let json = format!(
            r#"{{"type":"send","id":"{}","room":"{}","body":{{"kind":"TEXT","text":"{}"}},"written_at":1800000000000}}"#,
            Uuid::nil(),
            room.id,
            text(writer, 0)
        );
        let mut frame = Vec::new();
        push_frame(&mut frame, true, json.as_bytes());
        let find =
            |what: &[u8]| frame.windows(what.len()).position(|it| it == what).unwrap_or(0) + what.len();
        let (id_at, number_at) = (find(b"\"id\":\""), find(b"\"text\":\"s") + 7);
        let sources = Sources::system();
        Self { frame, id_at, number_at, sources, writer, made: 0, pending: VecDeque::new(), acked: 0 }
    }

    /// A new message.
    pub fn push(&mut self, out: &mut Vec<u8>) {
        self.made += 1;
        let millis = u64::try_from(self.sources.now()).unwrap_or(0);
        let mut tail = [0; 10];
        tail[..2].copy_from_slice(&(self.writer as u16).to_be_bytes());
        tail[2..].copy_from_slice(&self.made.to_be_bytes());
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid();
        self.write(id, self.made, out);
        self.pending.push_back((id, self.made, Instant::now()));
    }

    /// What was not acknowledged, once more, with the same ids.
    pub fn repeat(&mut self, out: &mut Vec<u8>) {
        for (id, number, _) in self.pending.clone() {
            self.write(id, number, out);
        }
    }

    fn write(&mut self, id: Uuid, number: u64, out: &mut Vec<u8>) {
        id.hyphenated().encode_lower(&mut self.frame[self.id_at..self.id_at + 36]);
        let mut rest = number;
        for digit in self.frame[self.number_at..self.number_at + 9].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        out.extend_from_slice(&self.frame);
    }

    /// The oldest was acknowledged; when it was written. Answers come in the order of the operations.
    pub fn ack(&mut self, id: &[u8]) -> Result<Instant> {
        let (expected, _, at) = self.pending.pop_front().context("nothing was on its way")?;
        ensure!(expected.to_string().as_bytes() == id, "the answers are out of order");
        self.acked += 1;
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_known_by_their_first_bytes() {
        let change = format!(
            r#"{{"type":"change","stream":"room:{}","epoch":7,"rev":412,"object":null}}"#,
            Uuid::nil()
        );
        assert_eq!(read(change.as_bytes()), Some(Said::Change(412, change.as_bytes())));
        let ok = format!(r#"{{"type":"ok","id":"{}","rev":3}}"#, Uuid::nil());
        assert_eq!(read(ok.as_bytes()), Some(Said::Ok(Uuid::nil().to_string().as_bytes())));
        assert_eq!(read(br#"{"type":"synced"}"#), Some(Said::Synced));
        assert_eq!(read(br#"{"type":"presence","people":{}}"#), Some(Said::Other));
        assert_eq!(read(b"hello"), None);
    }

    #[test]
    fn a_repeat_is_the_same_message_byte_by_byte() {
        let room = Room { id: Uuid::from_u128(9), begun: 5, head: 5 };
        let mut writer = Writer::new(3, &room);
        let (mut first, mut again) = (Vec::new(), Vec::new());
        writer.push(&mut first);
        writer.push(&mut first);
        writer.repeat(&mut again);
        assert_eq!(first, again);
        assert!(String::from_utf8_lossy(&again).contains("s00003 n000000002 "));
    }
}
