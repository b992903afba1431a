//! What a text states exactly: quantities with their units, sizes, ratios, dates, codes.
//!
//! Answer and snippet are read by the same reader, so that what is written differently and means the same is the same:
//! `1,200` and `1.200`, `thirty seconds` and `30 s`, `×` and `x`.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;
use rust_decimal::Decimal;

use super::{
    numerals::{Locale, NUMBER, NUMERAL},
    quantity::{quantity, spelled},
    words::{Unit, WORDS},
};

/// A date as far as it is written: day, month, year.
pub type DayMonthYear = (Option<u8>, Option<u8>, Option<u16>);

/// What a quantity counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counted {
    /// A known unit, and whether working days were meant.
    Unit(Unit),
    /// Things, by the beginning of their name.
    Things(String),
    /// Nothing is said.
    Nothing,
}

/// Which end of a limit a number is, where its words cannot mean anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// No less than this.
    Least,
    /// No more than this.
    Most,
    /// Nothing said, or it cannot be told.
    Open,
}

/// One exact statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// As it is written, for people.
    pub text: String,
    /// What it states.
    pub what: What,
    /// A small number written as a word.
    pub spelled: bool,
    /// It names a place (`rule 3`) or counts rules (`two conditions`).
    pub aside: bool,
}

/// The kinds of exact statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A number; more than one reading where locales differ.
    Quantity {
        /// Its readings.
        values: Vec<Decimal>,
        /// What it counts.
        counted: Counted,
        /// Which end of a limit.
        bound: Bound,
    },
    /// `1080x1350`.
    Size(Decimal, Decimal),
    /// `16:9`, `22:00`.
    Ratio(Decimal, Decimal),
    /// Day, month, year as far as given; more than one reading for `03/04/2026`.
    Date(Vec<DayMonthYear>),
    /// An identifier or address, folded.
    Code(String),
}

struct Patterns {
    address: Option<Regex>,
    iso: Option<Regex>,
    numeric: Option<Regex>,
    day_month: Option<Regex>,
    month_day: Option<Regex>,
    month_year: Option<Regex>,
    size: Option<Regex>,
    ratio: Option<Regex>,
    code: Option<Regex>,
    spelled: Option<Regex>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let re = |p: &str| Regex::new(p).ok();
    let mut months: Vec<&str> = WORDS.month.iter().flatten().map(String::as_str).collect();
    months.sort_by_key(|m| std::cmp::Reverse(m.len()));
    let month = months.join("|");
    let mut words: Vec<&str> = WORDS.number.keys().map(String::as_str).collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    let word = words.join("|");
    Patterns {
        address: re(r#"(?i)\bhttps?://[^\s)>\]"”]+"#),
        iso: re(r"\b(\d{4})-(\d{2})-(\d{2})\b"),
        numeric: re(r"\b(\d{1,2})([./])(\d{1,2})[./](\d{4}|\d{2})\b"),
        day_month: re(&format!(
            r"(?i)\b(\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?\s+(?:of\s+|de\s+)?({month})\b\.?(?:,?\s+(?:de\s+)?(\d{{4}}))?"
        )),
        month_day: re(&format!(
            r"(?i)\b({month})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?"
        )),
        month_year: re(&format!(r"(?i)\b({month})\b\.?,?\s+(?:de\s+)?(\d{{4}})\b")),
        size: re(&format!(
            r"(?i)\b({NUMBER})\s*(?:px|pixels?)?\s*(?:x|×|✕|\*|\bby\b|\bauf\b)\s*({NUMBER})"
        )),
        ratio: re(r"\b(\d+(?:[.,]\d+)?)(?::| : )(\d+(?:[.,]\d+)?)"),
        code: re(
            r"#[0-9A-Fa-f]{3,8}\b|\b(?:[A-Za-z]{1,4}[-.]?\d+[A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*|[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+|\d+(?:\.\d+){2,}|[A-Z]{2,}(?:-[A-Z0-9]+)*-\d+)",
        ),
        spelled: re(&format!(r"(?i)\b(?:{word})(?:[\s-]+(?:{word})|\s+and\s+(?:{word}))*\b")),
    }
});

/// Reads every exact statement of a text.
pub fn claims(text: &str) -> Vec<Claim> {
    let text = fold_phrases(text);
    let mut rest = Rest { text: text.clone() };
    let mut found: Vec<(usize, Claim)> = Vec::new();
    let p = &*PATTERNS;
    let locale = Locale::of(&text);
    let mut put = |range: Range<usize>, what: What| {
        let claim = Claim {
            text: text.get(range.clone()).unwrap_or_default().trim().to_owned(),
            what,
            spelled: false,
            aside: false,
        };
        found.push((range.start, claim));
    };
    for range in rest.take(p.address.as_ref()) {
        let code = text
            .get(range.clone())
            .unwrap_or_default()
            .trim_end_matches(['.', ',', ';']);
        put(range.clone(), What::Code(fold_code(code)));
    }
    for (range, parts) in rest.dates(p) {
        put(range, What::Date(parts));
    }
    for (range, a, b) in rest.pairs(p.size.as_ref(), locale) {
        put(range, What::Size(a, b));
    }
    for (range, a, b) in rest.pairs(p.ratio.as_ref(), locale) {
        put(range, What::Ratio(a, b));
    }
    for range in rest.take(p.code.as_ref()) {
        let code = text.get(range.clone()).unwrap_or_default();
        // A word with an underscore and no digit is a field's name, not a figure; `S1` is a snippet spoken of.
        let exact = code.starts_with('#') || code.bytes().any(|b| b.is_ascii_digit());
        let spoken = code
            .strip_prefix('S')
            .is_some_and(|n| n.len() < 3 && n.bytes().all(|b| b.is_ascii_digit()));
        if exact && !spoken {
            put(range.clone(), What::Code(fold_code(code)));
        }
    }
    let numbers: Vec<Range<usize>> = NUMERAL
        .iter()
        .flat_map(|n| n.find_iter(&rest.text))
        .map(|m| m.range())
        .collect();
    for range in numbers {
        found.extend(quantity(&rest.text, range.clone(), locale).map(|c| (range.start, c)));
    }
    for m in p.spelled.iter().flat_map(|s| s.find_iter(&rest.text)) {
        for range in apart(m.as_str(), m.start()) {
            found.extend(spelled(&rest.text, range.clone()).map(|c| (range.start, c)));
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, claim)| claim).collect()
}

/// `two hundred and fifty` is one number, `six and thirty` are two.
fn apart(words: &str, start: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, and) in words.match_indices(" and ") {
        let hundreds = words
            .get(from..at)
            .is_some_and(|w| w.to_lowercase().ends_with("hundred"));
        if !hundreds {
            parts.push(start + from..start + at);
            from = at + and.len();
        }
    }
    parts.push(start + from..start + words.len());
    parts
}

/// Phrases that are one unit, written as one word.
fn fold_phrases(text: &str) -> String {
    static PHRASES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        [
            (
                r"(?i)\bper\s+cent\b|\bpour\s+cent\b|\bpor\s+ciento\b|\bper\s+cento\b",
                "percent",
            ),
            (
                r"(?i)\bframes?\s+(?:per|a|/)\s*second\b|\bbilder\s+pro\s+sekunde\b",
                "fps",
            ),
            (r"(?i)\bmegabits?\s+per\s+second\b", "mbps"),
            (r"(?i)\bkilobits?\s+per\s+second\b", "kbps"),
            (r"(?i)\b(?:business|working)\s+days?\b", "workdays"),
            (r"(?i)\bdots\s+per\s+inch\b", "dpi"),
            (r"½", " 0.5"),
            (r"¼", " 0.25"),
            (r"¾", " 0.75"),
        ]
        .into_iter()
        .filter_map(|(p, with)| Some((Regex::new(p).ok()?, with)))
        .collect()
    });
    PHRASES
        .iter()
        .fold(text.to_owned(), |t, (p, with)| p.replace_all(&t, *with).into_owned())
}

/// An identifier without what people write differently in it.
pub fn fold_code(code: &str) -> String {
    code.chars()
        .filter(|c| !matches!(c, '-' | '_' | '.' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The text that is left to read; what was read becomes blanks, so that places stay.
struct Rest {
    text: String,
}

impl Rest {
    fn blank(&mut self, range: &Range<usize>) {
        let blanks = " ".repeat(range.len());
        if self.text.is_char_boundary(range.start) && self.text.is_char_boundary(range.end) {
            self.text.replace_range(range.clone(), &blanks);
        }
    }

    fn take(&mut self, pattern: Option<&Regex>) -> Vec<Range<usize>> {
        let found: Vec<_> = pattern
            .into_iter()
            .flat_map(|p| p.find_iter(&self.text))
            .map(|m| m.range())
            .collect();
        // `30s` and `24h` look like codes and are numbers with units.
        let found: Vec<_> = found.into_iter().filter(|r| !self.is_measure(r)).collect();
        for range in &found {
            self.blank(range);
        }
        found
    }

    fn is_measure(&self, range: &Range<usize>) -> bool {
        let code = self.text.get(range.clone()).unwrap_or_default().to_lowercase();
        let word: String = code.chars().take_while(|c| c.is_alphabetic()).collect();
        // A price, `EUR50`, and a hyphen between words and a number, `under-18`.
        WORDS
            .unit(&word)
            .is_some_and(|u| u.factor == Decimal::ONE && word.len() == 3)
            && code.len() > 3
    }

    fn pairs(&mut self, pattern: Option<&Regex>, locale: Locale) -> Vec<(Range<usize>, Decimal, Decimal)> {
        let mut found = Vec::new();
        for c in pattern.into_iter().flat_map(|p| p.captures_iter(&self.text)) {
            let number = |i: usize| c.get(i).and_then(|m| locale.read(m.as_str()).into_iter().next());
            if let (Some(all), Some(a), Some(b)) = (c.get(0), number(1), number(2)) {
                found.push((all.range(), a, b));
            }
        }
        for (range, ..) in &found {
            self.blank(range);
        }
        found
    }

    fn dates(&mut self, p: &Patterns) -> Vec<(Range<usize>, Vec<DayMonthYear>)> {
        let mut found: Vec<(Range<usize>, Vec<_>)> = Vec::new();
        // Which groups are day, month, year; 0 = none.
        let forms = [
            (&p.iso, [3, 2, 1]),
            (&p.numeric, [1, 3, 4]),
            (&p.day_month, [1, 2, 3]),
            (&p.month_day, [2, 1, 3]),
            (&p.month_year, [0, 1, 2]),
        ];
        for (pattern, [day, month, year]) in forms {
            let mut here = Vec::new();
            for c in pattern.iter().flat_map(|r| r.captures_iter(&self.text)) {
                let group = |i: usize| (i > 0).then(|| c.get(i)).flatten().map(|m| m.as_str().to_lowercase());
                // "people under 30 may": the verb, not the month.
                if c.get(month).is_some_and(|m| m.as_str() == "may") {
                    continue;
                }
                let small = |i: usize| group(i).and_then(|t| t.parse::<u8>().ok());
                let (d, m) = (
                    small(day),
                    group(month).and_then(|t| t.parse().ok().or_else(|| WORDS.month(&t))),
                );
                let y = group(year)
                    .and_then(|t| t.parse::<u16>().ok())
                    .map(|y| if y < 100 { y + 2000 } else { y });
                let mut readings = vec![(d, m, y)];
                // `03/04/2026` is read either way.
                if c.get(2).is_some_and(|sep| sep.as_str() == "/") {
                    readings.push((m, d, y));
                }
                readings.retain(|(d, m, _)| {
                    d.is_none_or(|d| (1..=31).contains(&d)) && m.is_some_and(|m| (1..=12).contains(&m))
                });
                if let Some(all) = c.get(0).filter(|_| !readings.is_empty()) {
                    here.push((all.range(), readings));
                }
            }
            for (range, _) in &here {
                self.blank(range);
            }
            found.extend(here);
        }
        found
    }
}
