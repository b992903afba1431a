//! The words the check knows, from `assets/copilot/words.toml`.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use rust_decimal::Decimal;
use serde::Deserialize;

/// What one unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// `time`, `data`, `EUR`; the index of the dimension's name.
    pub of: usize,
    /// How many base units one is.
    pub factor: Decimal,
}

/// All words by what they do. Lists of phrases hold words joined by one space.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Words {
    pub rule: Vec<String>,
    pub imperative: Vec<String>,
    pub speaker: Vec<String>,
    pub forbid: Vec<String>,
    pub negative: Vec<String>,
    pub permit: Vec<String>,
    pub modal: Vec<String>,
    pub oblige: Vec<String>,
    pub waive: Vec<String>,
    pub refusing: Vec<String>,
    pub denial: Vec<String>,
    pub stance: Vec<String>,
    pub narrow: Vec<String>,
    pub light: Vec<String>,
    pub quantifier: Vec<String>,
    pub permissive: Vec<String>,
    pub everything: Vec<String>,
    pub condition: Vec<String>,
    pub source: Vec<String>,
    pub silent: Vec<String>,
    pub verdict: Vec<String>,
    pub meta: Vec<String>,
    pub place: Vec<String>,
    pub least: Vec<String>,
    pub most: Vec<String>,
    pub stop: Vec<String>,
    pub abbreviation: Vec<String>,
    pub month: Vec<Vec<String>>,
    pub language: BTreeMap<String, Vec<String>>,
    pub times: HashMap<String, u64>,
    pub number: HashMap<String, u64>,
    unit: Vec<UnitRow>,
    #[serde(skip)]
    units: HashMap<String, Unit>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitRow {
    of: String,
    factor: Decimal,
    names: Vec<String>,
}

/// The words; a test holds that the file is read.
pub static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words: Words = toml::from_str(include_str!("../../../../assets/copilot/words.toml")).unwrap_or_default();
    let mut dimensions: Vec<&str> = Vec::new();
    let mut units = HashMap::new();
    for row in &words.unit {
        let of = dimensions.iter().position(|d| *d == row.of).unwrap_or_else(|| {
            dimensions.push(&row.of);
            dimensions.len() - 1
        });
        for name in &row.names {
            let factor = row.factor;
            units.insert(name.clone(), Unit { of, factor });
        }
    }
    words.units = units;
    words
});

impl Words {
    /// The unit a word names, in small letters.
    pub fn unit(&self, word: &str) -> Option<Unit> {
        self.units.get(word).copied()
    }

    /// The number of the month a word names, from 1.
    pub fn month(&self, word: &str) -> Option<u8> {
        let at = self.month.iter().position(|names| names.iter().any(|n| n == word))?;
        u8::try_from(at + 1).ok()
    }
}

/// True when one of the phrases stands in `text` (words in small letters, one space between) as whole words.
pub fn has_phrase(text: &str, phrases: &[String]) -> bool {
    phrases.iter().any(|phrase| {
        text.match_indices(phrase.as_str()).any(|(at, _)| {
            let before = text.get(..at).is_some_and(|t| t.ends_with(char::is_alphanumeric));
            let after = text
                .get(at + phrase.len()..)
                .is_some_and(|t| t.starts_with(char::is_alphanumeric));
            !before && !after
        })
    })
}

/// True when a word of `text` begins with one of the beginnings.
pub fn has_beginning(text: &str, beginnings: &[String]) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'');
    words.filter(|w| !w.is_empty()).any(|w| {
        beginnings.iter().any(|b| {
            if b.len() <= 4 {
                w == b || (b == "n't" && w.ends_with("n't"))
            } else {
                w.starts_with(b.as_str())
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() {
        assert!(WORDS.rule.len() > 50);
        assert_eq!(WORDS.month.len(), 12);
        assert_eq!(WORDS.unit("seconds"), WORDS.unit("sek"));
        assert_ne!(WORDS.unit("mb").map(|u| u.factor), WORDS.unit("gb").map(|u| u.factor));
        assert!(has_phrase("it must not run", &WORDS.rule) && !has_phrase("mustard", &WORDS.rule));
    }
}
