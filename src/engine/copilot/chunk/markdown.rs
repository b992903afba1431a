//! Markdown: a piece is a section, or part of a long one, cut between blocks.
//!
//! The parser says where blocks begin and end; the text itself is taken from the source as written, so that what is
//! quoted is what stands in the file.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Chunk, WORDS_MAX, pieces, words};

/// What a section is made of, in order.
enum Block {
    /// Text of its own: a paragraph, a quote, a code block.
    Paragraph(Range<usize>),
    /// Text that is never split.
    Whole(Range<usize>),
    /// An item of a list; with the list's number.
    Item(Range<usize>, usize),
    /// A row of a table; with the table's head.
    Row(Range<usize>, Range<usize>),
}

impl Block {
    const fn range(&self) -> &Range<usize> {
        match self {
            Self::Paragraph(r) | Self::Whole(r) | Self::Item(r, _) | Self::Row(r, _) => r,
        }
    }

    /// True when both belong to one list or table and stand line below line.
    fn continues(&self, before: &Self) -> bool {
        match (before, self) {
            (Self::Item(_, a), Self::Item(_, b)) => a == b,
            (Self::Row(_, a), Self::Row(_, b)) => a == b,
            _ => false,
        }
    }
}

#[derive(Default)]
struct Section {
    heading: Vec<String>,
    blocks: Vec<Block>,
}

pub(super) fn chunks(text: &str) -> Vec<Chunk> {
    sections(text).iter().flat_map(|section| cut(text, section)).collect()
}

fn sections(text: &str) -> Vec<Section> {
    let mut out = vec![Section::default()];
    let mut path: Vec<(HeadingLevel, String)> = Vec::new();
    let mut depth = 0_usize;
    let mut lists = 0_usize;
    let mut in_heading: Option<(HeadingLevel, String)> = None;
    let mut head: Option<Range<usize>> = None;
    let mut in_list = false;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let Some(section) = out.last_mut() else { break };
        match event {
            Event::Start(tag) => {
                // Only what stands at the top of the document, of a list or of a table is a block.
                match (&tag, depth) {
                    (Tag::Heading { level, .. }, 0) => in_heading = Some((*level, String::new())),
                    (Tag::List(_), 0) => {
                        in_list = true;
                        lists += 1;
                    }
                    (Tag::Item, 1) if in_list => section.blocks.push(Block::Item(range, lists)),
                    (Tag::Table(_), 0) => head = None,
                    (Tag::TableHead, 1) => head = Some(range),
                    (Tag::TableRow, 1) => {
                        section.blocks.push(match &head {
                            Some(head) => Block::Row(range, head.clone()),
                            None => Block::Whole(range),
                        });
                    }
                    (Tag::Paragraph | Tag::BlockQuote(_), 0) => section.blocks.push(Block::Paragraph(range)),
                    (_, 0) => section.blocks.push(Block::Whole(range)),
                    _ => {}
                }
                depth += 1;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                match (tag, depth) {
                    (TagEnd::List(_), 0) => in_list = false,
                    // A table that has a head and nothing else.
                    (TagEnd::Table, 0) => {
                        if let Some(head) = head.take() {
                            let has_rows = matches!(section.blocks.last(), Some(Block::Row(_, of)) if *of == head);
                            if !has_rows {
                                section.blocks.push(Block::Whole(head));
                            }
                        }
                    }
                    (TagEnd::Heading(_), 0) => {
                        if let Some((level, title)) = in_heading.take() {
                            path.retain(|(above, _)| *above < level);
                            path.push((level, title.split_whitespace().collect::<Vec<_>>().join(" ")));
                            out.push(Section {
                                heading: path.iter().map(|(_, t)| t.clone()).collect(),
                                blocks: Vec::new(),
                            });
                        }
                    }
                    _ => {}
                }
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some((_, title)) = &mut in_heading {
                    title.push_str(&words);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, title)) = &mut in_heading {
                    title.push(' ');
                }
            }
            _ => {}
        }
    }
    out
}

/// Packs a section's blocks into pieces.
fn cut(text: &str, section: &Section) -> Vec<Chunk> {
    let mut out: Vec<Chunk> = Vec::new();
    let mut open = 0;
    let mut before: Option<&Block> = None;
    for block in &section.blocks {
        let whole = text.get(block.range().clone()).unwrap_or_default().trim_end();
        // A list item keeps the spaces in front of its continuation lines, not those in front of itself.
        let whole = whole.trim_start();
        let parts = match block {
            Block::Paragraph(_) => pieces(whole),
            _ => vec![whole],
        };
        for part in parts {
            let count = words(part);
            if count == 0 {
                continue;
            }
            let joins = before.is_some_and(|b| block.continues(b));
            match out.last_mut() {
                Some(last) if open > 0 && open + count <= WORDS_MAX => {
                    last.text.push_str(if joins { "\n" } else { "\n\n" });
                    if let (Block::Row(_, head), false) = (block, joins) {
                        last.text.push_str(&table_head(text, head));
                    }
                    last.text.push_str(part);
                    open += count;
                }
                _ => {
                    let mut piece = String::new();
                    if let Block::Row(_, head) = block {
                        piece = table_head(text, head);
                    }
                    piece.push_str(part);
                    out.push(Chunk {
                        heading: section.heading.clone(),
                        text: piece,
                        line: line_of(text, block.range().start),
                        page: None,
                    });
                    open = count;
                }
            }
            before = Some(block);
        }
    }
    out
}

/// The head row of a table with the line that makes it one.
fn table_head(text: &str, head: &Range<usize>) -> String {
    let row = text.get(head.clone()).unwrap_or_default().trim();
    let columns = row.trim_matches('|').split('|').count();
    format!("{row}\n|{}\n", "---|".repeat(columns))
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn show(text: &str) -> String {
        let parts: Vec<_> = chunks(text)
            .iter()
            .map(|c| format!("[{}:{}] {}", c.line, c.heading.join(" › "), c.text))
            .collect();
        parts.join("\n====\n")
    }

    fn long(word: &str, n: usize) -> String {
        vec![word; n].join(" ")
    }

    #[test]
    fn a_section_is_a_piece_with_its_headings() {
        insta::assert_snapshot!(show(
            "Before.\n\n# Logo\n\nOne *rule*.\n\n## Clear `space`\n\nTwo.\nStill two.\n\n- a\n- b\n\n### Social\n\nThree.\n\n## Colour\n\n\n# Empty\n"
        ));
    }

    #[test]
    fn a_table_row_keeps_its_head() {
        let rows: Vec<_> = (0..4).map(|n| format!("| r{n} | {} |", long("x", 100))).collect();
        let text = format!("# T\n\n| size | rule |\n|---|---|\n{}\n", rows.join("\n"));
        let found = chunks(&text);
        assert_eq!(found.len(), 2);
        for chunk in &found {
            assert!(
                chunk.text.starts_with("| size | rule |\n|---|---|\n| r"),
                "{}",
                chunk.text
            );
        }
    }

    #[rstest]
    #[case::numbered(format!("1. {}\n2. {}\n", long("a", 300), long("b", 10)), &[300, 10])]
    #[case::nested(format!("- {}\n  - {}\n- c\n", long("a", 150), long("b", 150)), &[300, 1])]
    #[case::packed(format!("- {}\n- {}\n- {}\n", long("a", 100), long("b", 100), long("c", 100)), &[200, 100])]
    #[case::paragraphs(format!("{}\n\n{}\n", long("a", 150), long("b", 150)), &[150, 150])]
    #[case::giant(format!("{}\n", long("a", 700)), &[220, 220, 260])]
    #[case::code(format!("```\n{}\n```\n", long("a", 500)), &[500])]
    fn pieces_end_between_rules(#[case] text: String, #[case] sizes: &[usize]) {
        let of = |c: &Chunk| {
            c.text
                .split_whitespace()
                .filter(|w| w.chars().all(char::is_alphabetic))
                .count()
        };
        assert_eq!(chunks(&text).iter().map(of).collect::<Vec<_>>(), sizes);
    }

    #[test]
    fn a_long_paragraph_ends_at_a_sentence() {
        let text = format!("{} End. {}", long("a", 150), long("b", 400));
        let found = chunks(&text);
        assert!(found[0].text.ends_with("End."), "{}", found[0].text);
    }

    proptest! {
        /// Whatever the markup, every letter run of the text is in a heading or in a piece.
        #[test]
        fn no_word_is_lost(blocks in proptest::collection::vec((0_u8..6, 1_usize..120), 1..12)) {
            let mut n = 0;
            let mut text = String::new();
            let mut all = Vec::new();
            for (kind, count) in blocks {
                let words: Vec<String> = (0..count).map(|i| format!("w{}", n + i)).collect();
                n += count;
                all.extend(words.iter().cloned());
                let words = words.join(" ");
                let block = match kind {
                    0 => format!("# {words}\n\n"),
                    1 => format!("- {words}\n"),
                    2 => format!("1. {words}\n\n"),
                    3 => format!("> {words}\n\n"),
                    4 => format!("| h |\n|---|\n| {words} |\n\n"),
                    _ => format!("{words}\n\n"),
                };
                text.push_str(&block);
            }
            let found = chunks(&text);
            let mut kept: std::collections::BTreeSet<&str> = found.iter()
                .flat_map(|c| c.text.split_whitespace().chain(c.heading.iter().flat_map(|h| h.split_whitespace())))
                .collect();
            // A heading with nothing below it is in no piece.
            for line in text.lines().filter(|l| l.starts_with("# ")) {
                kept.extend(line.split_whitespace());
            }
            for word in &all {
                prop_assert!(kept.contains(word.as_str()), "{} is lost in {:?}", word, text);
            }
        }
    }
}
