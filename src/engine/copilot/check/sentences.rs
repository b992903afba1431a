//! An answer as sentences, each with the snippets it names.
//!
//! A marker behind the full stop belongs to the sentence before it. A point in a number or behind an abbreviation ends
//! nothing, nor does one inside a quotation.

use std::sync::LazyLock;

use regex::Regex;

use super::words::WORDS;

/// One sentence, list item or table row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// As it is shown, markers included.
    pub text: String,
    /// Without markers, emphasis and the sign of a list.
    pub bare: String,
    /// Snippet numbers it names, in order, each once.
    pub cited: Vec<u32>,
    /// It stands in a list.
    pub item: bool,
    /// Counts up with every blank line or heading.
    pub block: usize,
}

/// `[S3]`, `[S1, S4]`, `[S1-S3]`, in any case.
static MARKER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)[\[【]\s*s\s?\d{1,3}(?:\s*(?:,|;|&|/|and|und|et|y|-|–)\s*s?\s?\d{1,3})*\s*[\]】]").ok()
});

/// The sign of a list item or a heading at the beginning of a line.
static SIGN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(?:(?:[-*•–+▪]|\(?\d{1,2}[.)]|\(?[a-z]\)|\|)\s+|#{1,6}\s+|>\s?)+").ok());

/// Cuts an answer that was made safe to show.
pub fn sentences(answer: &str) -> Vec<Sentence> {
    let mut all = Vec::new();
    let mut block = 0;
    let mut open = String::new();
    let mut open_item = false;
    let flush = |text: &mut String, item: bool, block: usize, all: &mut Vec<Sentence>| {
        for piece in cut(text) {
            all.extend(sentence(piece, item, block));
        }
        text.clear();
    };
    for line in answer.lines() {
        if line.trim().is_empty() {
            flush(&mut open, open_item, block, &mut all);
            block += usize::from(!open_item);
            continue;
        }
        let sign = SIGN.as_ref().and_then(|s| s.find(line)).map_or(0, |m| m.end());
        let heading = line.trim_start().starts_with('#');
        let table = line.trim_start().starts_with('|');
        let body = line.get(sign..).unwrap_or(line).trim();
        let goes_on = sign == 0 && !table && !open.is_empty() && wraps(&open, body);
        if goes_on {
            open.push(' ');
        } else {
            flush(&mut open, open_item, block, &mut all);
            open_item = sign > 0 && !heading;
            block += usize::from(heading);
        }
        open.push_str(body);
    }
    flush(&mut open, open_item, block, &mut all);
    attach(all)
}

/// A line that goes on in the next: it has not come to an end, and the next begins in the middle.
fn wraps(open: &str, next: &str) -> bool {
    !open.ends_with(['.', '!', '?', ':', ']']) && next.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
}

fn sentence(text: &str, item: bool, block: usize) -> Option<Sentence> {
    let text = text.trim();
    let bare = MARKER.as_ref().map_or(text.into(), |m| m.replace_all(text, " "));
    let bare: String = bare.chars().filter(|c| !matches!(c, '*' | '`')).collect();
    let bare = bare
        .replace("__", " ")
        .replace(" .", ".")
        .trim_matches(['|', ' '])
        .trim()
        .to_owned();
    (!text.is_empty()).then(|| Sentence {
        cited: cited(text),
        text: text.to_owned(),
        bare,
        item,
        block,
    })
}

/// A text without its markers.
pub fn without_markers(text: &str) -> String {
    MARKER
        .as_ref()
        .map_or_else(|| text.to_owned(), |m| m.replace_all(text, "").into_owned())
}

/// The snippet numbers a text names.
pub fn cited(text: &str) -> Vec<u32> {
    let mut all: Vec<u32> = Vec::new();
    for marker in MARKER.iter().flat_map(|m| m.find_iter(text)) {
        let mut number = String::new();
        let mut from = None;
        let mut range = false;
        for c in marker.as_str().chars().chain([' ']) {
            if let '0'..='9' = c {
                number.push(c);
                continue;
            }
            if let Ok(n) = number.parse::<u32>() {
                let first = from.filter(|f| range && *f < n && n - f < 20).map_or(n, |f: u32| f + 1);
                all.extend(first..=n);
                from = Some(n);
                range = false;
            }
            number.clear();
            range |= matches!(c, '-' | '–');
        }
    }
    let mut once = Vec::new();
    for n in all {
        if !once.contains(&n) {
            once.push(n);
        }
    }
    once
}

/// Where the sentences of one paragraph end.
fn cut(text: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let markers: Vec<_> = MARKER
        .iter()
        .flat_map(|m| m.find_iter(text))
        .map(|m| m.range())
        .collect();
    let quotes = quoted(text);
    let at = |i: usize| chars.get(i).map(|(_, c)| *c);
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut i = 0;
    while let Some((byte, c)) = chars.get(i).copied() {
        i += 1;
        let quote = quotes.iter().find(|q| q.contains(&byte));
        // The last point of a quotation may end the sentence around it.
        let last = |q: &std::ops::Range<usize>| {
            text.get(byte + c.len_utf8()..q.end)
                .is_some_and(|t| t.chars().count() <= 1)
        };
        if !matches!(c, '.' | '!' | '?' | '…') || quote.is_some_and(|q| !last(q)) {
            continue;
        }
        if c == '.'
            && (at(i).is_some_and(char::is_alphanumeric) || is_abbreviation(text.get(start..byte).unwrap_or_default()))
        {
            // "1.5", "z.B.", "e.g. this": unless a marker follows, which only stands behind a whole sentence.
            let rest = text.get(byte + 1..).unwrap_or_default().trim_start();
            let marked = markers.iter().any(|m| m.start == text.len() - rest.len());
            if !marked || at(i).is_some_and(char::is_alphanumeric) {
                continue;
            }
        }
        let mut end = i;
        while at(end).is_some_and(|c| matches!(c, '.' | '!' | '?' | '"' | '”' | '’' | '\'' | ')' | '»' | '*' | '_'))
        {
            end += 1;
        }
        // Markers behind the full stop come along.
        let mut after_marker = false;
        loop {
            let mut next = end;
            while at(next).is_some_and(char::is_whitespace) {
                next += 1;
            }
            let place = chars.get(next).map_or(text.len(), |(b, _)| *b);
            let Some(marker) = markers.iter().find(|m| m.start == place) else {
                break;
            };
            end = chars.iter().position(|(b, _)| *b >= marker.end).unwrap_or(chars.len());
            while at(end).is_some_and(|c| matches!(c, '.' | ',' | ';')) {
                end += 1;
            }
            after_marker = true;
        }
        let next = chars.iter().skip(end).map(|(_, c)| *c).find(|c| !c.is_whitespace());
        let spaced = at(end).is_none_or(char::is_whitespace);
        if spaced && (after_marker || next.is_none_or(|c| !c.is_lowercase())) {
            let byte = chars.get(end).map_or(text.len(), |(b, _)| *b);
            pieces.extend(text.get(start..byte));
            start = byte;
            i = end;
        }
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.trim().is_empty()));
    pieces
}

fn is_abbreviation(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '"'))
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let single = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    single || WORDS.abbreviation.contains(&word)
}

/// Byte ranges between quotation marks, marks included.
pub fn quoted(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, c) in text.char_indices() {
        match open {
            Some((start, close)) if c == close || (close == '“' && c == '”') => {
                if at - start <= 400 {
                    found.push(start..at + c.len_utf8());
                }
                open = None;
            }
            Some((start, _)) if at - start > 400 => open = None,
            Some(_) => {}
            None => {
                open = match c {
                    '"' => Some('"'),
                    '“' => Some('”'),
                    '„' => Some('“'),
                    '«' => Some('»'),
                    '‘' => Some('’'),
                    _ => None,
                }
                .map(|close| (at, close));
            }
        }
    }
    found
}

/// What names no snippet itself but leans on a neighbour that does: items under a cited lead-in, and a bare yes or no
/// before the sentence that gives its ground.
fn attach(mut all: Vec<Sentence>) -> Vec<Sentence> {
    let mut lead: Vec<u32> = Vec::new();
    let mut verdict: Option<usize> = None;
    for at in 0..all.len() {
        let Some((bare, cited, item, block)) = all.get(at).map(|s| (s.bare.clone(), s.cited.clone(), s.item, s.block))
        else {
            break;
        };
        if let Some(before) = verdict.take()
            && let Some(earlier) = all.get_mut(before).filter(|e| e.block == block)
        {
            earlier.cited.clone_from(&cited);
        }
        if item && cited.is_empty() {
            if let Some(s) = all.get_mut(at) {
                s.cited.clone_from(&lead);
            }
        } else if !item {
            lead = if bare.ends_with(':') { cited.clone() } else { Vec::new() };
        }
        let first = bare
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let few = bare.split_whitespace().count() <= 8 && !bare.chars().any(|c| c.is_ascii_digit());
        if cited.is_empty() && few && WORDS.verdict.contains(&first) {
            verdict = Some(at);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::markers("A is x. [S1] B is y [S2]. C.", &["A is x. [S1]|1", "B is y [S2].|2", "C.|"])]
    #[case::forms("A [S1, S4]. B [S1][S2]. C [s1-s3]!", &["A [S1, S4].|1,4", "B [S1][S2].|1,2", "C [s1-s3]!|1,2,3"])]
    #[case::numbers("Use 1.5 s at most [S1]. Max. 30 s, e.g. Stories [S2].", &["Use 1.5 s at most [S1].|1", "Max. 30 s, e.g. Stories [S2].|2"])]
    #[case::quote("It says \"Do not crop. Do not turn.\" [S1] Fine.", &["It says \"Do not crop. Do not turn.\" [S1]|1", "Fine.|"])]
    #[case::list("Rules [S2]:\n- at least 20 px\n- never crop [S3]\n\nEnd.", &["Rules [S2]:|2", "at least 20 px|2", "never crop [S3]|3", "End.|"])]
    #[case::verdict("Yes, that is allowed. Ads may run at night [S4].", &["Yes, that is allowed.|4", "Ads may run at night [S4].|4"])]
    #[case::wrapped("The logo keeps\nits space [S1].", &["The logo keeps its space [S1].|1"])]
    fn an_answer_is_cut_where_a_reader_would(#[case] answer: &str, #[case] expected: &[&str]) {
        let got: Vec<_> = sentences(answer)
            .iter()
            .map(|s| {
                format!(
                    "{}|{}",
                    s.text,
                    s.cited.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
                )
            })
            .collect();
        assert_eq!(got, expected);
    }
}
