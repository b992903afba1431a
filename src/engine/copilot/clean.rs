//! What is taken off a document before anybody reads it: characters and passages a person who looks at it cannot see.
//!
//! Invariant: the line breaks stay, so a line of the clean text is the same line of the file.

use unicode_normalization::UnicodeNormalization as _;

use crate::engine::model::sanitise::is_unsafe;

/// A text as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// In NFC, with LF line ends and without anything invisible.
    pub text: String,
    /// How many invisible runs were removed: control characters, zero-width and bidirectional marks, HTML comments.
    pub hidden: u32,
    /// True when Unicode tag characters were among them: they have no use in a text but to hide one.
    pub tagged: bool,
}

/// Cleans a text. With `markup`, HTML comments go too, because a rendered page does not show them.
pub fn clean(text: &str, markup: bool) -> Cleaned {
    let mut hidden = 0;
    let mut tagged = false;
    let mut out = String::with_capacity(text.len());
    let mut in_run = false;
    let text = text.replace("\r\n", "\n");
    for c in text.chars() {
        match c {
            '\n' | '\t' => {
                out.push(c);
                in_run = false;
            }
            '\r' | '\u{2028}' | '\u{2029}' => {
                out.push('\n');
                in_run = false;
            }
            // How a character is drawn, after the character itself: common in emoji, hides nothing.
            '\u{fe0e}' | '\u{fe0f}' => {}
            c if is_unsafe(c) => {
                tagged |= ('\u{e0000}'..='\u{e007f}').contains(&c);
                hidden += u32::from(!in_run);
                in_run = true;
            }
            c => {
                out.push(c);
                in_run = false;
            }
        }
    }
    let mut text: String = out.nfc().collect();
    if markup {
        let (shown, comments) = without_comments(&text);
        text = shown;
        hidden += comments;
    }
    Cleaned { text, hidden, tagged }
}

/// Takes `<!-- .. -->` out and leaves its line breaks. One that is never closed hides the rest, as a browser does.
fn without_comments(text: &str) -> (String, u32) {
    let mut out = String::with_capacity(text.len());
    let mut count = 0;
    let mut rest = text;
    while let Some((before, inner)) = rest.split_once("<!--") {
        out.push_str(before);
        let (comment, after) = inner.split_once("-->").unwrap_or((inner, ""));
        out.extend(comment.chars().filter(|c| *c == '\n'));
        count += 1;
        rest = after;
    }
    out.push_str(rest);
    (out, count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("a rule\nanother", "a rule\nanother", 0)]
    #[case::zero_width("no\u{200b}\u{200b} lo\u{200d}go", "no logo", 2)]
    #[case::bidi("x\u{202e}y", "xy", 1)]
    #[case::escape("a\u{1b}]52;c;x\u{7}b", "a]52;c;xb", 2)]
    #[case::line_ends("a\r\nb\rc\u{2028}d", "a\nb\nc\nd", 0)]
    #[case::emoji("\u{2764}\u{fe0f} ok", "\u{2764} ok", 0)]
    #[case::comment("a <!-- ignore\nthis --> b", "a \n b", 1)]
    #[case::open_comment("a\n<!-- b\nc", "a\n\n", 1)]
    #[case::composed("cafe\u{301}", "caf\u{e9}", 0)]
    fn what_cannot_be_seen_goes(#[case] text: &str, #[case] clean_text: &str, #[case] hidden: u32) {
        let cleaned = clean(text, true);
        assert_eq!((cleaned.text.as_str(), cleaned.hidden), (clean_text, hidden));
    }

    #[test]
    fn tag_characters_are_told_apart() {
        assert!(clean("a\u{e0069}\u{e0067}", false).tagged);
        assert!(!clean("a\u{200b}", false).tagged);
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left_and_lines_stay(text in "\\PC{0,40}(\n[ -~\u{200b}\u{1b}]{0,20}){0,4}") {
            let cleaned = clean(&text, false);
            prop_assert!(cleaned.text.chars().all(|c| matches!(c, '\n' | '\t') || !is_unsafe(c)));
            let breaks = |t: &str| t.chars().filter(|c| matches!(c, '\n' | '\u{2028}' | '\u{2029}')).count();
            prop_assert_eq!(breaks(&cleaned.text), breaks(&text));
        }
    }
}
