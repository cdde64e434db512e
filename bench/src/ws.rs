//! WebSocket frames (RFC 6455) with as little work as the format allows: both ends of the load must cost less than what
//! is measured.

use anyhow::{Result, bail};
use std::ops::Range;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Bytes that one read may bring.
const READ: usize = 16 * 1024;

/// What came from a socket and was not read yet.
#[derive(Debug, Default)]
pub struct Input {
    bytes: Vec<u8>,
    from: usize,
}

impl Input {
    /// Waits for more; false at the end of the stream.
    pub async fn fill(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<bool> {
        if self.from == self.bytes.len() {
            self.bytes.clear();
        } else {
            self.bytes.drain(..self.from);
        }
        self.from = 0;
        self.bytes.reserve(READ);
        Ok(stream.read_buf(&mut self.bytes).await? > 0)
    }

    /// Where the payload of the next whole frame stands, unmasked; nothing if it has not come yet. Frames are texts: a
    /// close is the end.
    pub fn frame(&mut self) -> Result<Option<Range<usize>>> {
        let rest = &self.bytes[self.from..];
        let [first, second, ..] = *rest else { return Ok(None) };
        let (length, mut head) = match (second & 127, rest) {
            (126, [_, _, a, b, ..]) => (usize::from(u16::from_be_bytes([*a, *b])), 4),
            (127, [_, _, _, _, _, _, a, b, c, d, ..]) => (u32::from_be_bytes([*a, *b, *c, *d]) as usize, 10),
            (126 | 127, _) => return Ok(None),
            (short, _) => (usize::from(short), 2),
        };
        let masked = second & 128 != 0;
        let key =
            if masked { rest.get(head..head + 4).map(|key| [key[0], key[1], key[2], key[3]]) } else { None };
        head += if masked { 4 } else { 0 };
        if rest.len() < head + length {
            return Ok(None);
        }
        let payload = self.from + head..self.from + head + length;
        self.from = payload.end;
        if let Some(key) = key.filter(|key| *key != [0; 4]) {
            for (byte, mask) in self.bytes[payload.clone()].iter_mut().zip(key.iter().cycle()) {
                *byte ^= mask;
            }
        }
        match first & 15 {
            1 => Ok(Some(payload)),
            8 => bail!("the socket was closed: {:?}", String::from_utf8_lossy(&self.bytes[payload])),
            code => bail!("a frame of an unexpected kind: {code}"),
        }
    }

    /// The bytes there.
    pub fn at(&self, range: Range<usize>) -> &[u8] {
        &self.bytes[range]
    }

    /// The head of an HTTP message, once it is whole.
    pub fn http_head(&mut self) -> Option<String> {
        let rest = &self.bytes[self.from..];
        let end = rest.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        self.from += end;
        Some(head)
    }

    /// The next `length` bytes, once they are there.
    pub fn body(&mut self, length: usize) -> Option<Range<usize>> {
        let body = self.from..self.from + length;
        (self.bytes.len() >= body.end).then(|| {
            self.from = body.end;
            body
        })
    }
}

/// Adds a text frame to `out`. A client has to mask; with a key of zeros that changes nothing.
pub fn push_frame(out: &mut Vec<u8>, masked: bool, payload: &[u8]) {
    let mask = if masked { 128 } else { 0 };
    out.push(0x81);
    match payload.len() {
        short @ 0..126 => out.push(mask | short as u8),
        middle @ 126..65_536 => {
            out.push(mask | 126);
            out.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            out.push(mask | 127);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    if masked {
        out.extend_from_slice(&[0; 4]);
    }
    out.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn frames_of_every_length_come_back_whole_and_in_order() {
        for masked in [false, true] {
            let mut bytes = Vec::new();
            let lengths = [0, 1, 125, 126, 300, 65_535, 65_536, 200_000];
            for length in lengths {
                push_frame(&mut bytes, masked, &vec![b'x'; length]);
            }
            let (mut input, mut stream, mut found) = (Input::default(), &bytes[..], Vec::new());
            while input.fill(&mut stream).await.unwrap() {
                while let Some(frame) = input.frame().unwrap() {
                    found.push(frame.len());
                }
            }
            assert_eq!(found, lengths);
        }
    }

    #[tokio::test]
    async fn what_was_masked_is_unmasked() {
        let mut bytes = vec![0x81, 0x80 | 3, 1, 2, 3, 4];
        bytes.extend([b'a' ^ 1, b'b' ^ 2, b'c' ^ 3]);
        let mut input = Input::default();
        assert!(input.fill(&mut &bytes[..]).await.unwrap());
        let frame = input.frame().unwrap().unwrap();
        assert_eq!(input.at(frame), b"abc");
    }
}
