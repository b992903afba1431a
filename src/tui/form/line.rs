//! One line of text being edited.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::{
    engine::model::sanitise::is_unsafe,
    tui::{command::Cmd, ui::text},
};

/// A line of text with a cursor. Edits are by grapheme; nothing unsafe gets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineEdit {
    text: String,
    /// Byte position, always at a grapheme's border.
    cursor: usize,
    limit: usize,
}

impl Default for LineEdit {
    fn default() -> Self {
        Self::new(500)
    }
}

impl LineEdit {
    /// An empty line of at most `limit` characters.
    pub const fn new(limit: usize) -> Self {
        Self {
            text: String::new(),
            cursor: 0,
            limit,
        }
    }

    /// With a text, cursor at its end.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.set(text);
        self
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Another text, cursor at its end.
    pub fn set(&mut self, text: &str) {
        self.text.clear();
        self.cursor = 0;
        self.insert(text);
    }

    /// Inserts at the cursor: lines are joined with blanks, unsafe characters dropped, the limit kept. Returns false
    /// when something did not fit.
    pub fn insert(&mut self, text: &str) -> bool {
        let (before, after) = self.text.split_at(self.cursor);
        let clean: String = text
            .chars()
            .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
            .filter(|c| !is_unsafe(*c))
            .collect();
        let room = self.limit.saturating_sub(self.text.chars().count());
        let fitting: String = clean.chars().take(room).collect();
        let fits = fitting.len() == clean.len();
        // Composition can join the first inserted character with the last one before it.
        let head: String = format!("{before}{fitting}").nfc().collect();
        let cursor = head.len();
        self.text = format!("{head}{after}");
        self.cursor = cursor;
        fits
    }

    /// Carries out an editing command. Returns true when the text changed.
    pub fn run(&mut self, cmd: Cmd) -> bool {
        let before = self.text.len();
        match cmd {
            Cmd::FieldLeft => self.cursor = self.left(),
            Cmd::FieldRight => self.cursor = self.right(),
            Cmd::FieldHome => self.cursor = 0,
            Cmd::FieldEnd => self.cursor = self.text.len(),
            Cmd::FieldBackspace => self.cut(self.left(), self.cursor),
            Cmd::FieldDelete => self.cut(self.cursor, self.right()),
            Cmd::FieldWordBack => self.cut(self.word_start(), self.cursor),
            Cmd::FieldKillStart => self.cut(0, self.cursor),
            Cmd::FieldKillEnd => self.text.truncate(self.cursor),
            _ => {}
        }
        self.text.len() != before
    }

    /// The part to show in `width` columns and the cursor's column in it.
    pub fn window(&self, width: usize) -> (&str, usize) {
        let (before, _) = self.text.split_at(self.cursor);
        let shown_before = text::tail(before, width.saturating_sub(1));
        let start = before.len() - shown_before.len();
        let visible = text::head(self.text.get(start..).unwrap_or_default(), width);
        (visible, crate::tui::ui::pen::width(shown_before))
    }

    fn left(&self) -> usize {
        let (before, _) = self.text.split_at(self.cursor);
        before.grapheme_indices(true).next_back().map_or(0, |(i, _)| i)
    }

    fn right(&self) -> usize {
        let (_, after) = self.text.split_at(self.cursor);
        self.cursor + after.graphemes(true).next().map_or(0, str::len)
    }

    fn word_start(&self) -> usize {
        let (before, _) = self.text.split_at(self.cursor);
        let trimmed = before.trim_end();
        trimmed
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(i, c)| i + c.len_utf8())
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editing_as_in_a_shell() {
        let mut line = LineEdit::new(50).with("status:draft market:DE");
        line.run(Cmd::FieldWordBack);
        assert_eq!(line.text(), "status:draft ");
        line.run(Cmd::FieldHome);
        line.insert("x ");
        assert_eq!(line.text(), "x status:draft ");
        line.run(Cmd::FieldKillEnd);
        assert_eq!(line.text(), "x ");
    }

    #[test]
    fn graphemes_go_as_a_whole_and_unsafe_characters_never_come_in() {
        let mut line = LineEdit::new(50).with("e\u{301}👩‍🚀");
        line.run(Cmd::FieldBackspace);
        assert!(!line.text().contains('\u{1b}'));
        let mut line = LineEdit::new(50);
        line.insert("a\u{1b}[31m\nb");
        assert_eq!(line.text(), "a[31m b");
    }

    #[test]
    fn the_limit_is_kept_and_said() {
        let mut line = LineEdit::new(3);
        assert!(!line.insert("abcdef"));
        assert_eq!(line.text(), "abc");
    }

    #[test]
    fn a_long_line_shows_the_part_with_the_cursor() {
        let mut line = LineEdit::new(50).with("abcdefghij");
        assert_eq!(line.window(5), ("ghij", 4));
        line.run(Cmd::FieldHome);
        assert_eq!(line.window(5), ("abcde", 0));
    }

    proptest::proptest! {
        #[test]
        fn no_edit_panics(words in proptest::collection::vec("\\PC{0,6}", 0..20), picks in proptest::collection::vec(0_usize..9, 0..40)) {
            let cmds = [Cmd::FieldLeft, Cmd::FieldRight, Cmd::FieldHome, Cmd::FieldEnd, Cmd::FieldBackspace,
                        Cmd::FieldDelete, Cmd::FieldWordBack, Cmd::FieldKillStart, Cmd::FieldKillEnd];
            let mut line = LineEdit::new(40);
            for (i, pick) in picks.iter().enumerate() {
                if let Some(w) = words.get(i) { line.insert(w); }
                line.run(cmds[*pick]);
                line.window(7);
            }
        }
    }
}
