//! Documents into snippets: pieces small enough to be read at a glance and whole enough to be right.
//!
//! Invariants
//! - No overlap, nothing lost: every word of the text is in exactly one piece (a table's head row in each of its).
//! - A list item, a table row and a code block are never split: half a rule is another rule.
//! - A piece never crosses a heading.

mod markdown;
mod plain;

/// Most words of a piece, unless one block alone has more.
pub const WORDS_MAX: usize = 220;
/// Fewest words of a piece of plain text, unless the text ends.
const WORDS_MIN: usize = 80;
/// A paragraph with more words than this is split at sentences: no rule is that long.
const PARAGRAPH_MAX: usize = 2 * WORDS_MAX;

/// One piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The headings above it, outermost first.
    pub heading: Vec<String>,
    /// Its text, as written.
    pub text: String,
    /// Its first line in the text, from 1; on its page, where there are pages.
    pub line: usize,
    /// The page it stands on, from 1; `None` when the text has none.
    pub page: Option<u32>,
}

/// Cuts a text into pieces, in reading order.
pub fn chunks(text: &str, is_markdown: bool) -> Vec<Chunk> {
    if is_markdown {
        markdown::chunks(text)
    } else {
        plain::chunks(text)
    }
}

/// Cuts a text in pages into pieces, none of them over the end of a page. `starts` = the first line of each page, from 0.
pub fn of_pages(text: &str, starts: &[usize]) -> Vec<Chunk> {
    let lines: Vec<&str> = text.lines().collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let pages = (1..).zip(starts.iter().zip(ends));
    pages
        .flat_map(|(number, (from, to))| {
            let page = lines.get(*from..to).unwrap_or_default().join("\n");
            let mut chunks = plain::chunks(&page);
            for chunk in &mut chunks {
                chunk.page = Some(number);
            }
            chunks
        })
        .collect()
}

/// The page a line stands on and its line there, both from 1, for a line of the whole text, from 1.
pub fn page_of(starts: &[usize], line: usize) -> Option<(u32, usize)> {
    let before = starts.partition_point(|start| *start < line);
    let start = starts.get(before.checked_sub(1)?)?;
    Some((u32::try_from(before).unwrap_or(u32::MAX), line - start))
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Splits a paragraph that is too long behind sentences, and where a sentence is too long too, between words.
fn pieces(paragraph: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = paragraph;
    while words(rest) > PARAGRAPH_MAX {
        let mut seen = 0;
        let mut in_word = false;
        let (mut sentence, mut word) = (None, rest.len());
        for (at, c) in rest.char_indices() {
            if c.is_whitespace() {
                if in_word {
                    seen += 1;
                    word = at;
                    if rest.get(..at).is_some_and(|t| t.ends_with(['.', '!', '?', '。'])) {
                        sentence = Some(at);
                    }
                }
                in_word = false;
                if seen >= WORDS_MAX {
                    break;
                }
            } else {
                in_word = true;
            }
        }
        let (piece, after) = rest.split_at(sentence.unwrap_or(word));
        out.push(piece.trim());
        rest = after.trim_start();
    }
    out.push(rest);
    out
}
