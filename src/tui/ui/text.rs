//! Words that may be drawn, and cutting them by what they occupy on screen.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::{
    engine::model::sanitise::{Shown, sanitise},
    tui::theme::Role,
};

/// Text a pen takes: house text written in this program, or outside text that was sanitised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// Written here.
    House(&'static str),
    /// From outside, made safe.
    Outside(Shown),
}

impl Words {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::House(s) => s,
            Self::Outside(s) => s.as_str(),
        }
    }

    /// Columns it occupies.
    pub fn width(&self) -> usize {
        self.as_str().width()
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::House("")
    }
}

impl From<&'static str> for Words {
    fn from(s: &'static str) -> Self {
        Self::House(s)
    }
}

impl From<Shown> for Words {
    fn from(s: Shown) -> Self {
        Self::Outside(s)
    }
}

impl From<&Shown> for Words {
    fn from(s: &Shown) -> Self {
        Self::Outside(s.clone())
    }
}

impl From<String> for Words {
    /// Text put together at run time may hold anything, so it is always sanitised.
    fn from(s: String) -> Self {
        Self::Outside(sanitise(&s))
    }
}

impl From<&String> for Words {
    fn from(s: &String) -> Self {
        Self::Outside(sanitise(s))
    }
}

/// A line of words with roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    bits: Vec<(Role, Words)>,
}

impl Line {
    /// An empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// A line of one piece.
    pub fn of(role: Role, words: impl Into<Words>) -> Self {
        Self::new().add(role, words)
    }

    /// With one more piece.
    #[must_use]
    pub fn add(mut self, role: Role, words: impl Into<Words>) -> Self {
        self.push(role, words);
        self
    }

    /// With another line's pieces.
    #[must_use]
    pub fn add_line(mut self, other: Self) -> Self {
        self.append(other);
        self
    }

    /// Adds a piece.
    pub fn push(&mut self, role: Role, words: impl Into<Words>) {
        let words = words.into();
        if !words.as_str().is_empty() {
            self.bits.push((role, words));
        }
    }

    /// Adds another line's pieces.
    pub fn append(&mut self, other: Self) {
        self.bits.extend(other.bits);
    }

    /// Columns it occupies.
    pub fn width(&self) -> usize {
        self.bits.iter().map(|(_, w)| w.width()).sum()
    }

    /// True without any text.
    pub fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }

    /// Its text without roles.
    pub fn text(&self) -> String {
        self.bits.iter().map(|(_, w)| w.as_str()).collect()
    }

    /// Its pieces.
    pub fn bits(&self) -> &[(Role, Words)] {
        &self.bits
    }
}

/// The longest start of `text` that fits `width` columns, whole graphemes only.
pub fn head(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > width {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// The longest end of `text` that fits `width` columns.
pub fn tail(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > width {
            return text.get(at + grapheme.len()..).unwrap_or_default();
        }
    }
    text
}

/// Cut at the end, with a mark where something is missing.
pub fn cut(text: &str, width: usize, mark: &str) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(mark.width());
    let kept = head(text, room);
    let mut out = kept.to_owned();
    if mark.width() <= width {
        out.push_str(mark);
    }
    out
}

/// Stands where a part of a name was left out.
const GAP: &str = "..";

/// A governed name cut in its middle: brand, market and words are what people look for, channel and year go first
/// (`ACM_DE..SpringSale`). Where even that is too long the head goes and the words stay (`..SpringSale`).
pub fn cut_name(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    if width <= GAP.len() {
        return tail(text, width).to_owned();
    }
    // After the market.
    let head_end = text.match_indices('_').nth(1).map_or(0, |(at, _)| at);
    let (head, rest) = text.split_at(head_end);
    let room = width.saturating_sub(head.width() + GAP.len());
    // The longest end that begins with a whole part.
    let end = rest
        .match_indices('_')
        .filter_map(|(at, _)| rest.get(at + 1..))
        .find(|end| !head.is_empty() && end.width() <= room);
    end.map_or_else(
        || format!("{GAP}{}", tail(text, width - GAP.len())),
        |end| format!("{head}{GAP}{end}"),
    )
}

/// Padded with blanks on the right to `width` columns; longer text is cut.
pub fn left(text: &str, width: usize, mark: &str) -> String {
    let mut out = cut(text, width, mark);
    let missing = width.saturating_sub(out.width());
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// Padded with blanks on the left to `width` columns; longer text is cut.
pub fn right(text: &str, width: usize, mark: &str) -> String {
    let cut = cut(text, width, mark);
    let missing = width.saturating_sub(cut.width());
    let mut out = " ".repeat(missing);
    out.push_str(&cut);
    out
}

/// Breaks text into lines of at most `width` columns, at blanks where there are any. A paragraph's indent is kept on
/// every line it is broken into.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let words = paragraph.trim_start_matches(' ');
        // An indent never takes more than half of the room.
        let indent = " ".repeat((paragraph.len() - words.len()).min(width / 2));
        let room = width.saturating_sub(indent.len()).max(1);
        lines.extend(
            wrap_words(words, room)
                .into_iter()
                .map(|line| format!("{indent}{line}")),
        );
    }
    lines
}

/// Text whose author broke its lines, as paragraphs: what was broken for another width would be broken twice. Lines that
/// begin something of their own (a list, a heading, a table, an indent) stay lines.
pub fn unbroken(text: &str) -> String {
    let own = |line: &str| {
        let start = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with([' ', '\t', '-', '*', '#', '>', '|', '+', '`'])
            || (start.len() < line.len() && start.starts_with(['.', ')']))
    };
    let mut out = String::new();
    let mut before = "";
    for line in text.lines() {
        let goes_on = !before.is_empty() && !line.is_empty() && !own(line) && !before.starts_with(['#', '|', '`']);
        if !out.is_empty() {
            out.push(if goes_on { ' ' } else { '\n' });
        }
        out.push_str(line);
        before = line;
    }
    out
}

fn wrap_words(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let mut word = word;
        let gap = usize::from(!line.is_empty());
        if line.width() + gap + word.width() > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        while word.width() > width {
            let part = head(word, width);
            // A grapheme wider than the whole line is dropped rather than looped on.
            if part.is_empty() {
                break;
            }
            lines.push(part.to_owned());
            word = word.get(part.len()..).unwrap_or_default();
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::fits("Acme", 4, "Acme")]
    #[case::cut("Acme Outdoor", 6, "Acme …")]
    #[case::wide_characters_are_not_halved("日本語", 4, "日…")]
    #[case::combining_stays_together("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…")]
    #[case::nothing_fits("Acme", 0, "")]
    fn cutting_by_columns(#[case] text: &str, #[case] width: usize, #[case] expected: &str) {
        assert_eq!(cut(text, width, "…"), expected);
    }

    #[rstest::rstest]
    #[case("one line\nand its end\n\nnext", "one line and its end\n\nnext")]
    #[case("# Title\ntext\n- a\n- b\nends b", "# Title\ntext\n- a\n- b ends b")]
    #[case("1. first\n2. second", "1. first\n2. second")]
    #[case("| a | b |\n| c | d |", "| a | b |\n| c | d |")]
    #[case("18 or older\nin DE", "18 or older in DE")]
    fn lines_an_author_broke_are_paragraphs_again(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(unbroken(text), expected);
    }

    #[test]
    fn names_are_cut_at_the_head() {
        let name = "ACM_DE_META_2026_SpringSale";
        assert_eq!(cut_name(name, 27), name);
        assert_eq!(cut_name(name, 26), "ACM_DE..2026_SpringSale");
        assert_eq!(cut_name(name, 20), "ACM_DE..SpringSale");
        assert_eq!(cut_name(name, 12), "..SpringSale");
        assert_eq!(cut_name("short", 12), "short");
        assert_eq!(cut_name("abc", 1), "c");
    }

    #[test]
    fn wrapping_breaks_at_blanks_and_inside_long_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("a\nb", 9), ["a", "b"]);
        assert_eq!(wrap("  one two", 6), ["  one", "  two"]);
        assert_eq!(wrap("        deep", 4), ["  de", "  ep"]);
    }

    proptest::proptest! {
        #[test]
        fn no_cut_is_wider_than_asked(text in "\\PC{0,40}", width in 0_usize..30) {
            let text = sanitise(&text).into_string();
            proptest::prop_assert!(cut(&text, width, "…").width() <= width);
            proptest::prop_assert!(cut_name(&text, width).width() <= width);
        }
    }
}
