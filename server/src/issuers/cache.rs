//! What is known of an issuer's keys, and when to ask anew. Pure: times are passed in.

use super::jwks::{ForeignKey, KeySet};
use tripchat_protocol::Millis;

/// Keys are good for so long without a question.
const FRESH: Millis = 5 * 60_000;
/// And for so long after it, while the issuer does not answer.
const STALE: Millis = 60 * 60_000;
/// Questions are so far apart, whatever they are asked for.
const APART: Millis = 30_000;

/// The keys of an issuer, and when they were asked for.
#[derive(Default)]
pub struct Cache {
    keys: Option<(KeySet, Millis)>,
    asked_at: Option<Millis>,
}

/// What is to be done for a key.
pub enum Look {
    /// Here it is.
    Key(Box<ForeignKey>),
    /// Ask the issuer.
    Ask,
    /// The issuer has no such key.
    Unknown,
    /// The issuer did not answer, and what is known is too old.
    Unavailable,
}

impl Cache {
    /// What is to be done for the key `kid` at `now`.
    pub fn look(&self, kid: &str, now: Millis) -> Look {
        // A clock that has gone back says nothing: then it is asked.
        let younger_than = |span: Millis, since: Millis| (0..span).contains(&(now - since));
        let may_ask = self.asked_at.is_none_or(|at| !younger_than(APART, at));
        let Some((keys, since)) = &self.keys else {
            return if may_ask { Look::Ask } else { Look::Unavailable };
        };
        match keys.get(kid) {
            Some(key) if younger_than(FRESH, *since) => Look::Key(Box::new(key.clone())),
            _ if may_ask => Look::Ask,
            _ if !younger_than(FRESH + STALE, *since) => Look::Unavailable,
            Some(key) => Look::Key(Box::new(key.clone())),
            None => Look::Unknown,
        }
    }

    /// The issuer is asked.
    pub fn asking(&mut self, now: Millis) {
        self.asked_at = Some(now);
    }

    /// The issuer has answered.
    pub fn answered(&mut self, keys: KeySet, now: Millis) {
        self.keys = Some((keys, now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{Algorithm, DecodingKey};

    const NOW: Millis = 1_800_000_000_000;
    const SECOND: Millis = 1_000;
    const MINUTE: Millis = 60_000;

    fn set(names: &[&str]) -> KeySet {
        let key = ForeignKey { algorithm: Algorithm::EdDSA, key: DecodingKey::from_ed_der(&[7; 32]) };
        names.iter().map(|name| ((*name).to_owned(), key.clone())).collect()
    }

    fn asked(cache: &mut Cache, now: Millis, answer: Option<&[&str]>) {
        cache.asking(now);
        if let Some(names) = answer {
            cache.answered(set(names), now);
        }
    }

    fn word(cache: &Cache, kid: &str, now: Millis) -> &'static str {
        match cache.look(kid, now) {
            Look::Key(_) => "key",
            Look::Ask => "ask",
            Look::Unknown => "unknown",
            Look::Unavailable => "unavailable",
        }
    }

    #[test]
    fn a_key_is_good_for_five_minutes_and_then_asked_for() {
        let mut cache = Cache::default();
        assert_eq!(word(&cache, "a", NOW), "ask");
        asked(&mut cache, NOW, Some(&["a"]));
        assert_eq!(word(&cache, "a", NOW), "key");
        assert_eq!(word(&cache, "a", NOW + 5 * MINUTE - 1), "key");
        assert_eq!(word(&cache, "a", NOW + 5 * MINUTE), "ask");
        // What the issuer has taken back is gone with the next answer.
        asked(&mut cache, NOW + 5 * MINUTE, Some(&["b"]));
        assert_eq!(word(&cache, "a", NOW + 5 * MINUTE), "unknown");
        assert_eq!(word(&cache, "b", NOW + 5 * MINUTE), "key");
    }

    #[test]
    fn an_unknown_key_is_asked_for_once_in_thirty_seconds() {
        let mut cache = Cache::default();
        asked(&mut cache, NOW, Some(&["a"]));
        assert_eq!(word(&cache, "new", NOW + 30 * SECOND - 1), "unknown");
        assert_eq!(word(&cache, "new", NOW + 30 * SECOND), "ask");
        asked(&mut cache, NOW + 30 * SECOND, Some(&["a", "new"]));
        assert_eq!(word(&cache, "new", NOW + 30 * SECOND), "key");
        let questions = (0..10_000).filter(|number| {
            let now = NOW + 30 * SECOND + number * 6;
            let asks = word(&cache, &format!("random-{number}"), now) == "ask";
            if asks {
                asked(&mut cache, now, Some(&["a", "new"]));
            }
            asks
        });
        assert!(questions.count() <= 2, "in a minute");
    }

    #[test]
    fn an_issuer_that_does_not_answer_is_believed_for_an_hour_and_asked_now_and_then() {
        let mut cache = Cache::default();
        asked(&mut cache, NOW, Some(&["a"]));
        let mut now = NOW + 5 * MINUTE;
        while now < NOW + 65 * MINUTE {
            assert_eq!(word(&cache, "a", now), "ask");
            asked(&mut cache, now, None);
            assert_eq!(word(&cache, "a", now), "key");
            assert_eq!(word(&cache, "random", now), "unknown");
            now += 30 * SECOND;
        }
        asked(&mut cache, now, None);
        assert_eq!(word(&cache, "a", now), "unavailable");
        assert_eq!(word(&cache, "a", now + 30 * SECOND), "ask");
    }

    #[test]
    fn an_issuer_that_never_answered_is_asked_every_thirty_seconds() {
        let mut cache = Cache::default();
        asked(&mut cache, NOW, None);
        assert_eq!(word(&cache, "a", NOW), "unavailable");
        assert_eq!(word(&cache, "a", NOW + 30 * SECOND), "ask");
        // A clock that has gone back holds nobody up.
        assert_eq!(word(&cache, "a", NOW - MINUTE), "ask");
    }
}
