//! What a new password has to be: of a length, not one that everybody tries first, and not made of what is known about
//! its person. Any characters are taken (OWASP ASVS 5.0, 6.2.1 to 6.2.12).

use crate::error::{Error, Result};
use tripchat_protocol::ErrorCode;
use tripchat_protocol::limits::PASSWORD_CHARS;

/// What attackers try first.
const COMMON: &str = include_str!("common.txt");
/// Shorter words say nothing about anybody.
const WORD_CHARS: usize = 3;

/// What others know or can guess of a person.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// In lower case.
    pub email: &'a str,
    /// The name that they show.
    pub name: &'a str,
}

/// Whether `password` may be taken; `field` names it in the refusal.
///
/// # Errors
/// `INVALID_INPUT` for its length, `PASSWORD_TOO_COMMON` with `common` or `personal`.
pub fn check(password: &str, known: Known<'_>, field: &'static str) -> Result<()> {
    let (shortest, longest) = PASSWORD_CHARS;
    if !(shortest..=longest).contains(&password.chars().count()) {
        return Err(Error::invalid(field));
    }
    let lowered = password.to_lowercase();
    if COMMON.lines().any(|line| line == lowered && !line.starts_with("# ")) {
        return Err(Error::refused(ErrorCode::PasswordTooCommon, "common"));
    }
    let rest = known.words().iter().fold(lowered.clone(), |rest, word| rest.replace(word, ""));
    if rest != lowered && rest.chars().count() < shortest {
        return Err(Error::refused(ErrorCode::PasswordTooCommon, "personal"));
    }
    Ok(())
}

impl Known<'_> {
    /// The whole before its parts: what is taken away first leaves nothing of itself.
    fn words(self) -> Vec<String> {
        let name = self.name.to_lowercase();
        let mut words = vec![self.email.to_owned(), name.clone(), "tripchat".into()];
        words.extend(self.email.split('@').map(Into::into));
        for whole in [self.email, &name] {
            words.extend(whole.split(|c: char| !c.is_alphanumeric()).map(Into::into));
        }
        words.retain(|word| word.chars().count() >= WORD_CHARS);
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Known<'static> =
        Known { email: "a.sarsenova@mail.example.org", name: "Айгерім Sarsenova" };

    fn refusal(password: &str) -> Option<(ErrorCode, Option<&'static str>)> {
        check(password, KNOWN, "password").err().map(|error| (error.code(), error.details()))
    }

    #[test]
    fn the_list_is_as_long_as_promised_and_in_lower_case() {
        let words: Vec<&str> = COMMON.lines().filter(|line| !line.starts_with("# ")).collect();
        assert_eq!(words.len(), 3_000);
        for word in words {
            assert!(word.chars().count() >= 8 && word.to_lowercase() == word, "{word}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_and_any_are_taken() {
        for good in ["ә🐴ü x\u{0}\"'", "correct horse battery", "    e    ", &"ә".repeat(128)] {
            assert_eq!(refusal(good), None, "{good}");
        }
        for bad in ["", "ә🐴üxyz1", &"ә".repeat(129)] {
            assert_eq!(refusal(bad), Some((ErrorCode::InvalidInput, Some("password"))), "{bad}");
        }
    }

    #[test]
    fn what_everybody_tries_first_is_refused_in_any_case() {
        for bad in ["password", "PassWord", "12345678", "Qwertyuiop", "iloveyou", "greyhoun"] {
            assert_eq!(refusal(bad), Some((ErrorCode::PasswordTooCommon, Some("common"))), "{bad}");
        }
    }

    #[test]
    fn what_is_known_of_the_person_is_no_password() {
        for bad in [
            "a.sarsenova@mail.example.org",
            "A.Sarsenova",
            "Sarsenova",
            "sarsenova1990",
            "Айгерім-1990",
            "айгерім sarsenova",
            "TripChat",
            "tripchat2026!",
            "example.org",
            "Tripchat-Sarsenova-7",
        ] {
            assert_eq!(refusal(bad), Some((ErrorCode::PasswordTooCommon, Some("personal"))), "{bad}");
        }
        // With enough beside it, a known word does no harm.
        assert_eq!(refusal("sarsenova rides at dawn"), None);
    }

    #[test]
    fn short_parts_of_an_address_are_no_words_but_the_whole_is() {
        let known = Known { email: "ab.cd.ef@ij.kl", name: "Al" };
        assert!(check("ab.cd.ef@ij.kl", known, "password").is_err());
        assert!(check("ab.cd.ef", known, "password").is_err());
        assert!(check("al is always late", known, "password").is_ok());
    }
}
