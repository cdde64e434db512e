//! Whether one member of a room sees everything once and in order, over all their connections.

use crate::client::{Client, Page, Said};
use crate::target::Target;
use crate::world::mark;
use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// What a member has seen.
#[derive(Debug, Default)]
pub struct Track {
    /// Everything up to this change.
    pub rev: i64,
    /// Messages seen.
    pub seen: u64,
    /// Changes that will never come: something later came instead.
    pub lost: i64,
    /// Changes that came again.
    pub doubled: u64,
    /// Messages that came after a later one of the same writer.
    pub turned: u64,
    last: BTreeMap<usize, u64>,
}

impl Track {
    /// Somebody who has everything up to `rev`.
    pub fn from(rev: i64) -> Self {
        Self { rev, ..Self::default() }
    }

    /// Takes in what came; whether the catch-up is over.
    pub fn hear(&mut self, client: &mut Client) -> Result<bool> {
        let mut synced = false;
        while let Some(said) = client.next()? {
            match said {
                Said::Change(rev, frame) => self.see(rev, frame),
                Said::Changes(frame) => {
                    let page: Page<'_> = serde_json::from_slice(frame)?;
                    if page.stream.starts_with("room:") {
                        self.turn(&page)?;
                    }
                }
                Said::Synced => synced = true,
                Said::Refused(frame) => bail!("refused: {}", String::from_utf8_lossy(frame)),
                Said::Ok(_) | Said::Other => {}
            }
        }
        Ok(synced)
    }

    fn turn(&mut self, page: &Page<'_>) -> Result<()> {
        if page.hole.is_some() {
            bail!("away for so long that the catch-up was limited: this workload is not meant for that");
        }
        self.lost += (page.from - self.rev).max(0);
        self.rev = self.rev.max(page.from);
        page.objects.iter().for_each(|change| self.see(change.rev, change.object.get().as_bytes()));
        self.lost += page.upto - self.rev;
        self.rev = page.upto;
        Ok(())
    }

    fn see(&mut self, rev: i64, json: &[u8]) {
        if rev <= self.rev {
            self.doubled += 1;
            return;
        }
        self.lost += rev - self.rev - 1;
        self.rev = rev;
        let Some((writer, number)) = mark(json) else { return };
        self.seen += 1;
        let last = self.last.entry(writer).or_default();
        if number <= *last {
            self.turned += 1;
        }
        *last = number;
    }
}

/// Connects `place` of the world and reads until all that was missed is there.
pub async fn come_back(target: &Target, place: usize, track: &mut Track) -> Result<Client> {
    let world = &target.world;
    let mut client =
        Client::connect(target.address, &world.people[place], world.room_of(place), track.rev).await?;
    loop {
        client.fill().await?;
        if track.hear(&mut client)? {
            return Ok(client);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::text;

    fn see(track: &mut Track, rev: i64, writer: usize, number: u64) {
        track.see(rev, format!(r#"{{"text":"{}"}}"#, text(writer, number)).as_bytes());
    }

    #[test]
    fn a_gap_a_repeat_and_a_turned_pair_are_noticed() {
        let mut track = Track::from(4);
        see(&mut track, 5, 1, 1);
        see(&mut track, 6, 2, 1);
        see(&mut track, 6, 2, 1);
        see(&mut track, 8, 1, 3);
        see(&mut track, 9, 1, 2);
        assert_eq!((track.rev, track.seen, track.lost, track.doubled, track.turned), (9, 4, 1, 1, 1));
    }

    #[test]
    fn a_page_that_leaves_something_out_is_noticed() {
        let mut track = Track::from(4);
        let page = r#"{"stream":"room:x","from":5,"upto":9,"objects":[{"rev":6,"object":{}},{"rev":8,"object":{}}]}"#;
        track.turn(&serde_json::from_str(page).unwrap()).unwrap();
        assert_eq!((track.rev, track.lost), (9, 3));
    }
}
