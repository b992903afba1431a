//! Finding blocked words in free text: without regard to case, accents and invisible characters, on word boundaries.
//!
//! Why not a plain search: "engine" is no "gin", while "Ｃａｓｉｎｏ", "cásino" and "Online-Casino" are all casinos.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::rules::TermList;
use crate::engine::model::sanitise::is_unsafe;

/// A list made ready for searching.
pub(super) struct Terms<'l> {
    terms: Vec<(&'l str, Phrase)>,
    except: Vec<Phrase>,
}

/// Words in a row.
type Phrase = Vec<Word>;

struct Word {
    text: String,
    /// Matches every ending.
    open: bool,
}

impl Word {
    fn fits(&self, token: &str) -> bool {
        if self.open {
            token.starts_with(&self.text)
        } else {
            token == self.text
        }
    }
}

impl<'l> Terms<'l> {
    /// Reads a list's terms and exceptions.
    pub(super) fn of(list: &'l TermList) -> Self {
        Self {
            terms: list.terms.iter().map(|t| (t.as_str(), phrase(t))).collect(),
            except: list.except.iter().map(|t| phrase(t)).collect(),
        }
    }

    /// Every term of the list in a text, in the list's order.
    pub(super) fn found_in(&self, text: &str) -> Vec<&'l str> {
        let plain = tokens(text, false);
        let camel = tokens(text, true);
        let is_in = |phrase: &Phrase, tokens: &[String]| {
            let harmless: Vec<_> = self.except.iter().flat_map(|e| spans(e, tokens)).collect();
            spans(phrase, tokens)
                .into_iter()
                .any(|(from, to)| !harmless.iter().any(|(a, b)| *a <= from && to <= *b))
        };
        self.terms
            .iter()
            .filter(|(_, phrase)| is_in(phrase, &plain) || (camel != plain && is_in(phrase, &camel)))
            .map(|(term, _)| *term)
            .collect()
    }
}

fn phrase(term: &str) -> Phrase {
    term.split_whitespace()
        .flat_map(|word| {
            let open = word.ends_with('*');
            let parts = tokens(word, false);
            let last = parts.len().saturating_sub(1);
            parts.into_iter().enumerate().map(move |(n, text)| Word {
                text,
                open: open && n == last,
            })
        })
        .collect()
}

/// Where a phrase stands among tokens, as ranges.
fn spans(phrase: &Phrase, tokens: &[String]) -> Vec<(usize, usize)> {
    if phrase.is_empty() {
        return Vec::new();
    }
    tokens
        .windows(phrase.len())
        .enumerate()
        .filter(|(_, window)| window.iter().zip(phrase).all(|(token, word)| word.fits(token)))
        .map(|(at, _)| (at, at + phrase.len()))
        .collect()
}

/// The words of a text, folded: compatibility forms and accents gone, lower case, invisible characters dropped.
/// `camel` also ends a word where a small letter meets a capital.
fn tokens(text: &str, camel: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut after_small = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            if camel && after_small && c.is_uppercase() && !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            after_small = c.is_lowercase();
            word.extend(c.to_lowercase());
        } else if c.is_whitespace() || !is_unsafe(c) {
            after_small = false;
            if !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn list() -> TermList {
        TermList {
            id: "test".to_owned(),
            title: "test".to_owned(),
            terms: ["beer", "casino*", "slot machine*", "gin", "e cig*"]
                .map(str::to_owned)
                .to_vec(),
            except: ["root beer", "gin rummy"].map(str::to_owned).to_vec(),
            ids: Vec::new(),
        }
    }

    #[rstest]
    #[case("Beer", &["beer"])]
    #[case("a BEER, please", &["beer"])]
    #[case("beers", &[])]
    #[case("engine imagine ginger", &[])]
    #[case("gin", &["gin"])]
    #[case("Casinos of the world", &["casino*"])]
    #[case("OnlineCasinoGames", &["casino*"])]
    #[case("https://casino-royal.example/x", &["casino*"])]
    #[case("free_casino_chips", &["casino*"])]
    #[case("Ｃａｓｉｎｏ", &["casino*"])]
    #[case("cás\u{301}ino", &["casino*"])]
    #[case("ca\u{200b}sino", &["casino*"])]
    #[case("slot\nmachines", &["slot machine*"])]
    #[case("slot the machine", &[])]
    #[case("root beer", &[])]
    #[case("root beer and beer", &["beer"])]
    #[case("gin rummy with beer", &["beer"])]
    #[case("E-Cigs!", &["e cig*"])]
    #[case("", &[])]
    fn words_are_found_and_look_alikes_are_not(#[case] text: &str, #[case] found: &[&str]) {
        assert_eq!(Terms::of(&list()).found_in(text), found);
    }
}
