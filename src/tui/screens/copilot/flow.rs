//! Text that grows at its end, wrapped as it grows: what is finished is never wrapped again, so a long answer costs no
//! more per piece than a short one.

use crate::tui::ui::text::wrap;

/// A growing text in lines.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    width: usize,
    whole: String,
    done: Vec<String>,
    /// The last line, not finished.
    tail: String,
}

impl Flow {
    /// Everything that came.
    pub fn text(&self) -> &str {
        &self.whole
    }

    /// Another text.
    pub fn set(&mut self, text: &str) {
        let width = self.width;
        *self = Self {
            width,
            ..Self::default()
        };
        self.push(text);
    }

    /// More at the end.
    pub fn push(&mut self, text: &str) {
        self.whole.push_str(text);
        self.tail.push_str(text);
        if self.width == 0 {
            return;
        }
        let tail = std::mem::take(&mut self.tail);
        let (finished, open) = tail
            .rsplit_once('\n')
            .map_or((None, tail.as_str()), |(f, o)| (Some(f), o));
        if let Some(finished) = finished {
            for paragraph in finished.split('\n') {
                let mut lines = wrap(paragraph, self.width);
                if lines.is_empty() {
                    lines.push(String::new());
                }
                self.done.append(&mut lines);
            }
        }
        let mut lines = wrap(open, self.width);
        self.tail = lines.pop().unwrap_or_default();
        self.done.append(&mut lines);
        // Wrapping drops blanks at an end, and this is no end yet.
        if open.ends_with(' ') && !self.tail.is_empty() && !self.tail.ends_with(' ') {
            self.tail.push(' ');
        }
    }

    /// Lines are so wide from now on.
    pub fn fit(&mut self, width: usize) {
        if width != self.width {
            self.width = width;
            let whole = std::mem::take(&mut self.whole);
            self.set(&whole);
        }
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.done.len() + usize::from(!self.tail.is_empty())
    }

    /// True without a text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The lines, first to last.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let tail = Some(self.tail.as_str()).filter(|t| !t.is_empty());
        self.done.iter().map(String::as_str).chain(tail)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn growing_is_the_same_as_wrapping_at_once(
            words in proptest::collection::vec("[a-zé]{1,9}", 1..40),
            cuts in proptest::collection::vec(0_usize..6, 1..60),
            width in 4_usize..40,
        ) {
            let text = words.join(" ");
            let mut flow = Flow::default();
            flow.fit(width);
            let chars: Vec<char> = text.chars().collect();
            let mut at = 0;
            for cut in cuts {
                let end = (at + cut).min(chars.len());
                flow.push(&chars[at..end].iter().collect::<String>());
                at = end;
            }
            flow.push(&chars[at..].iter().collect::<String>());
            // A word longer than the line is cut where it was when it came.
            if words.iter().all(|w| w.chars().count() <= width) {
                let lines: Vec<_> = flow.lines().map(str::trim_end).collect();
                prop_assert_eq!(lines, wrap(&text, width));
            }
            prop_assert_eq!(flow.text(), text);
        }
    }

    #[test]
    fn empty_lines_stay() {
        let mut flow = Flow::default();
        flow.push("a\n\n");
        flow.fit(10);
        flow.push("b\nc");
        assert_eq!(flow.lines().collect::<Vec<_>>(), ["a", "", "b", "c"]);
    }
}
