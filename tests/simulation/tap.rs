//! Hears what passes the server's end of a connection: HTTP heads and the text frames of WebSockets (RFC 6455,
//! section 5.2), as they stand on the wire.

/// Something that was said.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// The head of an HTTP request or answer, at the beginning of a connection.
    Head(String),
    /// A text frame.
    Text(String),
    /// A close frame, with its code.
    Close(Option<u16>),
}

/// One direction of a connection.
#[derive(Debug, Default)]
pub struct Tap {
    bytes: Vec<u8>,
    after: After,
}

/// What follows the head.
#[derive(Debug, Default, PartialEq, Eq)]
enum After {
    /// It has not come yet.
    #[default]
    Nothing,
    /// A body, which nobody listens to.
    Body,
    /// Frames.
    Frames,
}

impl Tap {
    /// Takes `bytes`; gives what was said with them.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<Heard> {
        self.bytes.extend_from_slice(bytes);
        let mut heard = Vec::new();
        while let Some(said) = self.next() {
            heard.extend(said);
        }
        heard
    }

    fn next(&mut self) -> Option<Option<Heard>> {
        if self.after == After::Body {
            self.bytes.clear();
            return None;
        }
        if self.after == After::Nothing {
            let end = self.bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
            let head: Vec<u8> = self.bytes.drain(..end).collect();
            let head = String::from_utf8_lossy(&head).into_owned();
            let upgrades = head.to_ascii_lowercase().contains("upgrade: websocket");
            self.after = if upgrades { After::Frames } else { After::Body };
            return Some(Some(Heard::Head(head)));
        }
        let (first, second) = (*self.bytes.first()?, *self.bytes.get(1)?);
        let (length, mut at) = match second & 0x7F {
            126 => (u16::from_be_bytes(self.bytes.get(2..4)?.try_into().ok()?).into(), 4),
            127 => (u64::from_be_bytes(self.bytes.get(2..10)?.try_into().ok()?), 10),
            short => (short.into(), 2),
        };
        let mask: Option<[u8; 4]> = if second & 0x80 == 0 {
            None
        } else {
            at += 4;
            Some(self.bytes.get(at - 4..at)?.try_into().ok()?)
        };
        let end = at + usize::try_from(length).ok()?;
        let mut payload = self.bytes.get(at..end)?.to_vec();
        self.bytes.drain(..end);
        if let Some(mask) = mask {
            payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
        }
        Some(match first & 0x0F {
            1 => Some(Heard::Text(String::from_utf8_lossy(&payload).into_owned())),
            8 => Some(Heard::Close(payload.first_chunk().map(|code| u16::from_be_bytes(*code)))),
            _ => None,
        })
    }
}
