//! Secrets whose value we know, found however they are broken up.
//!
//! All texts are read as one row of characters without blanks and in small letters. Wherever [`GRAM`] characters in a
//! row stand in a secret in the same order, those characters go: so a secret split over lines, over two texts, or with
//! its case changed is found, and so is a large part of one.

use std::{collections::HashSet, ops::Range};

/// So many characters of a secret in a row give it away.
pub const GRAM: usize = 8;

/// The parts of each text that belong to a secret.
pub fn find(texts: &[&str], secrets: &[&str]) -> Vec<Vec<Range<usize>>> {
    let fold = |c: char| c.to_lowercase().next().unwrap_or(c);
    let mut grams: HashSet<Vec<char>> = HashSet::new();
    let mut short: Vec<Vec<char>> = Vec::new();
    for secret in secrets {
        let folded: Vec<char> = secret.chars().filter(|c| !c.is_whitespace()).map(fold).collect();
        if folded.len() >= GRAM {
            grams.extend(folded.windows(GRAM).map(<[char]>::to_vec));
        } else if folded.len() >= 4 {
            // Shorter ones would take half the language with them.
            short.push(folded);
        }
    }
    let mut found = vec![Vec::new(); texts.len()];
    if grams.is_empty() && short.is_empty() {
        return found;
    }
    // Every character with where it stands: text, start, end.
    let row: Vec<(char, usize, Range<usize>)> = texts
        .iter()
        .enumerate()
        .flat_map(|(n, text)| text.char_indices().map(move |(at, c)| (c, n, at..at + c.len_utf8())))
        .filter(|(c, ..)| !c.is_whitespace() && !crate::engine::model::sanitise::is_unsafe(*c))
        .map(|(c, n, range)| (fold(c), n, range))
        .collect();
    let mut hit = vec![false; row.len()];
    let mut mark = |length: usize, matches: &dyn Fn(&[char]) -> bool| {
        let letters: Vec<char> = row.iter().map(|(c, ..)| *c).collect();
        for (at, window) in letters.windows(length).enumerate() {
            if matches(window) {
                hit.iter_mut().skip(at).take(length).for_each(|h| *h = true);
            }
        }
    };
    if !grams.is_empty() {
        mark(GRAM, &|window| grams.contains(window));
    }
    for secret in &short {
        mark(secret.len(), &|window| window == secret.as_slice());
    }
    let mut last: Option<(usize, usize)> = None;
    for (at, (_, n, range)) in row.iter().enumerate().filter(|(at, _)| hit.get(*at) == Some(&true)) {
        let Some(ranges) = found.get_mut(*n) else {
            continue;
        };
        match (last, ranges.last_mut()) {
            // What stands between two neighbours is blanks: they go too.
            (Some((text, before)), Some(open)) if text == *n && before + 1 == at => open.end = range.end,
            _ => ranges.push(range.clone()),
        }
        last = Some((*n, at));
    }
    found
}
