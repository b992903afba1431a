//! An answer made safe: no escape sequence, no control character, no hidden direction, and links that show where they
//! lead.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

use crate::engine::model::sanitise::is_unsafe;

/// A CSI, OSC, DCS or other escape sequence with all it carries: its text would be left as rubbish otherwise.
static ESCAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:\x1b\[|\x{9b})[0-?]*[ -/]*[@-~]",
        r"|(?:\x1b[\]PX^_]|[\x{9d}\x{90}\x{98}\x{9e}\x{9f}])[^\x07\x1b\x{9c}]*(?:\x07|\x1b\\|\x{9c})?",
        r"|\x1b[ -/]*[0-~]"
    ))
    .ok()
});

/// A link or an image in Markdown.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"!?\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)").ok());

/// Text with its lines, safe to show and to copy. Links become their words with the address behind.
pub fn safe_text(text: &str) -> String {
    let plain = ESCAPE.as_ref().map_or_else(|| text.into(), |e| e.replace_all(text, ""));
    let shown = LINK
        .as_ref()
        .map_or_else(|| plain.clone(), |l| l.replace_all(&plain, "$1 ($2)"));
    let normal = shown
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n")
        .replace('\t', " ");
    normal.chars().filter(|c| *c == '\n' || !is_unsafe(*c)).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::clipboard("a\u{1b}]52;c;ZXZpbA==\u{7}b", "ab")]
    #[case::colour("\u{1b}[31mred\u{1b}[0m", "red")]
    #[case::eight_bit("x\u{9b}2Jy\u{9d}0;t\u{9c}z", "xyz")]
    #[case::unfinished("x\u{1b}]52;c;ZX", "x")]
    #[case::bidi("a\u{202e}b\u{200b}c", "abc")]
    #[case::tags("a\u{e0041}b", "ab")]
    #[case::link(
        "see [the rules](https://evil.example/x \"t\") [S1]",
        "see the rules (https://evil.example/x) [S1]"
    )]
    #[case::lines("a\r\nb\rc\td", "a\nb\nc d")]
    fn nothing_commands_the_terminal(#[case] text: &str, #[case] safe: &str) {
        assert_eq!(safe_text(text), safe);
    }
}
