//! Words as they are compared: what a person means by "the same place", whatever the keyboard.
//!
//! Neither engine does it: their `lower` and `LIKE` know no Cyrillic, or go by the machine's locale. Every character
//! is decomposed (NFKD), loses its marks and its case, as in the client's search: `Ё` is `е`, `Й` is `и`, `É` is `e`.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// The words of a text, in their order: runs of letters and digits.
pub(super) fn folded(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for c in text.chars() {
        decompose_compatible(c, |part| match part {
            // Upper case first: it unites what lower case keeps apart.
            _ if part.is_alphanumeric() => plain.extend(part.to_uppercase().flat_map(char::to_lowercase)),
            _ if is_combining_mark(part) => {}
            _ => plain.push(' '),
        });
    }
    plain.split_whitespace().map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_case_and_forms_make_no_difference() {
        for (one, other) in [
            ("Ёлкино", "елкино"),
            ("São Paulo", "SAO PAULO"),
            ("Sa\u{303}o Paulo", "sao paulo"),
            ("ҚОРҒАС", "қорғас"),
            ("Өскемен", "өскемен"),
            ("Нарынқол", "НАРЫНҚОЛ"),
            ("İstanbul", "istanbul"),
            ("Straße", "STRASSE"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
        assert_eq!(folded(" Алматы-1,  Сайран (вокзал) 🚌"), ["алматы", "1", "саиран", "вокзал"]);
        assert_eq!(folded("%_\\ '"), Vec::<String>::new());
        // Letters of their own are no marked ones.
        assert_ne!(folded("Қордай"), folded("Кордай"));
    }

    proptest! {
        #[test]
        fn words_are_letters_and_digits_and_stay_what_they_are(text in any::<String>()) {
            for word in folded(&text) {
                prop_assert!(!word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || is_combining_mark(c)));
            }
            let once = folded(&text).join(" ");
            prop_assert_eq!(folded(&once).join(" "), once);
        }
    }
}
