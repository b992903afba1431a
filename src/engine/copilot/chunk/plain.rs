//! Plain text: paragraphs, merged until there is something to read.

use super::{Chunk, WORDS_MAX, WORDS_MIN, pieces, words};

pub(super) fn chunks(text: &str) -> Vec<Chunk> {
    let mut out: Vec<Chunk> = Vec::new();
    let mut open = 0;
    for (line, paragraph) in paragraphs(text) {
        for piece in pieces(&paragraph) {
            let count = words(piece);
            match out.last_mut() {
                Some(last) if open > 0 && open < WORDS_MIN && open + count <= WORDS_MAX => {
                    last.text.push_str("\n\n");
                    last.text.push_str(piece);
                    open += count;
                }
                _ => {
                    open = count;
                    out.push(Chunk {
                        heading: Vec::new(),
                        text: piece.to_owned(),
                        line,
                        page: None,
                    });
                }
            }
        }
    }
    out
}

/// Runs of lines that are not empty, with the line each begins on.
fn paragraphs(text: &str) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            is_open = false;
            continue;
        }
        match out.last_mut() {
            Some((_, last)) if is_open => {
                last.push('\n');
                last.push_str(line.trim_end());
            }
            _ => out.push((at + 1, line.trim_end().to_owned())),
        }
        is_open = true;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(counts: &[usize]) -> String {
        let paragraphs: Vec<_> = counts.iter().map(|n| vec!["word"; *n].join(" ")).collect();
        paragraphs.join("\n\n")
    }

    fn sizes(counts: &[usize]) -> Vec<(usize, usize)> {
        chunks(&text(counts)).iter().map(|c| (c.line, words(&c.text))).collect()
    }

    #[test]
    fn paragraphs_are_merged_to_something_to_read() {
        assert_eq!(sizes(&[10, 20, 60, 30]), [(1, 90), (7, 30)]);
        assert_eq!(sizes(&[70, 200]), [(1, 70), (3, 200)]);
        assert_eq!(sizes(&[300]), [(1, 300)]);
        assert_eq!(sizes(&[500]), [(1, 220), (1, 280)]);
        assert_eq!(sizes(&[]), []);
    }

    proptest! {
        #[test]
        fn no_word_is_lost(counts in proptest::collection::vec(1_usize..600, 0..8)) {
            let all: usize = chunks(&text(&counts)).iter().map(|c| words(&c.text)).sum();
            prop_assert_eq!(all, counts.iter().sum::<usize>());
        }
    }
}
