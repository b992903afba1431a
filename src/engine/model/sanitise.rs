//! Text from outside, made safe to show.
//!
//! A ticket, a platform's error or a model's answer can carry escape sequences that move a cursor, set a clipboard or
//! lie about the reading direction. Everything shown or logged passes here first; [`Shown`] is the proof.

use std::{borrow::Cow, fmt};

/// True for characters that must never reach a terminal: C0 and C1 controls, DEL, bidirectional controls, zero-width
/// and other invisible format characters.
pub const fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// One line of text that holds no unsafe character. Widgets take this, so nothing unsanitised can be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shown(String);

impl Shown {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes the text out.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Makes one line safe to show: tabs and newlines become a space, other unsafe characters a visible `�`-like mark
/// (`^[` style for C0, `\u{..}` otherwise), and the result is in NFC so that its width is what the terminal draws.
pub fn sanitise(text: &str) -> Shown {
    use std::fmt::Write as _;
    use unicode_normalization::UnicodeNormalization as _;
    let clean: Cow<'_, str> = if text.chars().any(is_unsafe) {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\n' | '\t' | '\r' => out.push(' '),
                c if (c as u32) < 0x20 => {
                    out.push('^');
                    out.push(char::from_u32(c as u32 + 0x40).unwrap_or('?'));
                }
                c if is_unsafe(c) => {
                    let _ = write!(out, "<{:02X}>", c as u32);
                }
                c => out.push(c),
            }
        }
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    };
    Shown(clean.nfc().collect())
}

/// The first `max` characters of `text`, sanitised, with `…` when something was cut. For quoting bad input in a message.
pub fn excerpt(text: &str, max: usize) -> String {
    let mut cut: String = text.chars().take(max).collect();
    let shortened = cut.len() < text.len();
    cut = sanitise(&cut).into_string();
    if shortened {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_become_visible_marks() {
        assert_eq!(sanitise("a\u{1b}]52;c;x\u{7}b").as_str(), "a^[]52;c;x^Gb");
        assert_eq!(sanitise("x\u{202e}y\u{9b}2J").as_str(), "x<202E>y<9B>2J");
        assert_eq!(sanitise("one\ntwo\tthree").as_str(), "one two three");
    }

    #[test]
    fn an_excerpt_is_cut_by_characters_not_bytes() {
        assert_eq!(excerpt("ééééé", 3), "ééé…");
        assert_eq!(excerpt("abc", 3), "abc");
    }
}
