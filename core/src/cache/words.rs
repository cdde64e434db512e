//! Texts as they are compared: what a person means by "the same word", whatever the keyboard.
//!
//! Every character is decomposed (NFKD), loses its marks and its case; `ё` is `е`, `É` is `e`, `ß` is `ss`. A word is
//! a run of letters and digits. Signs and emoji part words and are not found.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// A word, and where it stands in the text it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its characters as they are compared, each with where the character that it came from begins and ends, in
    /// UTF-16 code units.
    characters: Vec<(char, u32, u32)>,
}

impl Word {
    /// As it is compared.
    pub fn text(&self) -> String {
        self.characters.iter().map(|(c, ..)| c).collect()
    }

    /// Where it stands from its beginning on, as far as `prefix` reaches; none if it begins otherwise.
    pub fn begins(&self, prefix: &str) -> Option<(u32, u32)> {
        let mut here = self.characters.iter();
        let mut last = None;
        for wanted in prefix.chars() {
            last = Some(here.next().filter(|(c, ..)| *c == wanted)?);
        }
        let (_, _, end) = last?;
        // A mark that follows belongs to the character before it, which ends where the next one begins.
        let (_, begin, _) = self.characters.first()?;
        Some((*begin, *end))
    }
}

/// The words of a text, in their order.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word: Vec<(char, u32, u32)> = Vec::new();
    let mut at = 0;
    for c in text.chars() {
        let end = at + u32::from(c.len_utf16() == 2) + 1;
        let plain = plain(c);
        if plain.is_empty() && is_combining_mark(c) {
            // It belongs to the letter before it.
            if let Some((.., letter_end)) = word.last_mut() {
                *letter_end = end;
            }
        } else if plain.iter().any(|c| !c.is_alphanumeric()) || plain.is_empty() {
            close(&mut word, &mut words);
        } else {
            word.extend(plain.into_iter().map(|plain| (plain, at, end)));
        }
        at = end;
    }
    close(&mut word, &mut words);
    words
}

/// The words of a text parted by spaces, as the index holds them.
pub fn joined(text: &str) -> String {
    words(text).iter().map(Word::text).collect::<Vec<_>>().join(" ")
}

fn close(word: &mut Vec<(char, u32, u32)>, words: &mut Vec<Word>) {
    if !word.is_empty() {
        words.push(Word { characters: std::mem::take(word) });
    }
}

/// A character without marks and case. Upper case first: it unites what lower case keeps apart (`ς` and `σ`, `ß` and
/// `ss`).
fn plain(c: char) -> Vec<char> {
    let mut bare = Vec::new();
    decompose_compatible(c, |part| {
        if !is_combining_mark(part) {
            bare.push(part);
        }
    });
    bare.into_iter().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_case_and_forms_make_no_difference() {
        for (one, other) in [
            ("Ёлка", "елка"),
            ("Élan", "elan"),
            ("E\u{301}lan", "elan"),
            ("ΣΊΣΥΦΟΣ", "σισυφος"),
            ("Straße", "STRASSE"),
            ("ﬁn", "fin"),
            ("İstanbul", "istanbul"),
            ("Қорғас", "қорғас"),
            ("２０", "20"),
        ] {
            assert_eq!(joined(one), joined(other), "{one}");
        }
        assert_eq!(joined(" -- Приёмная, 🚌 B7K-42M!"), "приемная b7k 42m");
        assert_eq!(joined("?!* \" 🚌"), "");
    }

    #[test]
    fn a_place_is_counted_as_the_screen_counts() {
        let found = words("🚌 Приё\u{301}мная");
        assert_eq!(found[0].begins("прие"), Some((3, 8)), "with the mark that belongs to the letter");
        assert_eq!(found[0].begins("приемная"), Some((3, 12)));
        assert_eq!(found[0].begins("приемнаяя"), None);
        assert_eq!(found[0].begins("мная"), None);
        assert_eq!(words("Straße")[0].begins("stras"), Some((0, 5)));
    }

    proptest! {
        #[test]
        fn any_text_has_words_within_it(text in any::<String>()) {
            let length = u32::try_from(text.encode_utf16().count()).unwrap();
            for word in words(&text) {
                let (from, to) = word.begins(&word.text()).unwrap();
                prop_assert!(from < to && to <= length);
                prop_assert!(word.text().chars().all(char::is_alphanumeric));
            }
        }
    }
}
