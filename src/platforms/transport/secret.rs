//! A token that cannot be printed by accident.

use std::fmt;

/// An access token. Has no `Display`, no serialisation, and its `Debug` says nothing; [`Secret::expose`] is the one
/// way to the text, so every use can be found by name.
#[derive(Clone)]
pub struct Secret(String);

/// Longer than any platform's token; a file or command that gives more gave something else.
const MAX_LEN: usize = 8 * 1024;

impl Secret {
    /// Takes the first line of what a source gave, without surrounding blanks. Refused when it cannot be a header
    /// value; the refusal never quotes it.
    pub fn from_source(text: &str) -> Result<Self, String> {
        let line = text.lines().next().unwrap_or_default().trim();
        if line.is_empty() {
            return Err("it gave no token (the first line is empty)".to_owned());
        }
        if line.len() > MAX_LEN {
            return Err(format!(
                "it gave {} bytes on one line, too long for a token",
                line.len()
            ));
        }
        if !line.bytes().all(|b| b.is_ascii_graphic()) {
            return Err("what it gave holds blanks or characters no token has".to_owned());
        }
        Ok(Self(line.to_owned()))
    }

    /// The text. For the wire only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `text` with every occurrence of the token replaced, for words that come from elsewhere.
    pub fn scrub(&self, text: &str) -> String {
        text.replace(&self.0, "[redacted]")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_one_clean_line_and_never_shows_itself() {
        let secret = Secret::from_source("  EAAB123  \nsecond line").unwrap();
        assert_eq!(secret.expose(), "EAAB123");
        assert_eq!(format!("{secret:?}"), "Secret(..)");
        assert_eq!(secret.scrub("bad token EAAB123!"), "bad token [redacted]!");
        for bad in ["", "\nx", "two words", "esc\u{1b}[0m", "é"] {
            let why = Secret::from_source(bad).unwrap_err();
            assert!(bad.trim().is_empty() || !why.contains(bad.trim()), "{why}");
        }
        assert!(Secret::from_source(&"x".repeat(9000)).is_err());
    }
}
