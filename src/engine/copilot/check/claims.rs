//! What a text states exactly: quantities with their units, sizes, ratios, dates, codes.
//!
//! Answer and snippet are read by the same reader, so that what is written differently and means the same is the same:
//! `1,200` and `1.200`, `thirty seconds` and `30 s`, `×` and `x`.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;
use rust_decimal::Decimal;

use super::words::{Unit, WORDS, has_phrase};

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
    Date(Vec<(Option<u8>, Option<u8>, Option<u16>)>),
    /// An identifier or address, folded.
    Code(String),
}

const NUMBER: &str = r"(?:\d{1,3}(?:[ \x{a0}\x{202f}\x{2009}'’]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)";

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
    number: Option<Regex>,
    spelled: Option<Regex>,
    locale: Option<Regex>,
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
        ratio: re(r"\b(\d+(?:[.,]\d+)?)\s?:\s?(\d+(?:[.,]\d+)?)"),
        code: re(
            r"\b(?:[A-Za-z]{1,4}[-.]?\d+[A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*|[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+|\d+(?:\.\d+){2,}|[A-Z]{2,}(?:-[A-Z0-9]+)*-\d+)",
        ),
        number: re(NUMBER),
        spelled: re(&format!(r"(?i)\b(?:{word})(?:(?:[\s-]+(?:and\s+)?)(?:{word}))*\b")),
        locale: re(r"\d([.,])(\d+)"),
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
        // A word with an underscore and no digit is a field's name, not a figure.
        if code.bytes().any(|b| b.is_ascii_digit()) {
            put(range.clone(), What::Code(fold_code(code)));
        }
    }
    let numbers: Vec<Range<usize>> = p
        .number
        .iter()
        .flat_map(|n| n.find_iter(&rest.text))
        .map(|m| m.range())
        .collect();
    for range in numbers {
        found.extend(quantity(&rest.text, range.clone(), locale).map(|c| (range.start, c)));
    }
    for m in p.spelled.iter().flat_map(|s| s.find_iter(&rest.text)) {
        found.extend(spelled(&rest.text, m.range()).map(|c| (m.start(), c)));
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, claim)| claim).collect()
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
        found.iter().for_each(|r| self.blank(r));
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
        found.iter().for_each(|(range, ..)| self.blank(range));
        found
    }

    fn dates(&mut self, p: &Patterns) -> Vec<(Range<usize>, Vec<(Option<u8>, Option<u8>, Option<u16>)>)> {
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
            here.iter().for_each(|(range, _)| self.blank(range));
            found.extend(here);
        }
        found
    }
}

/// How a text writes its numbers, as far as it shows.
#[derive(Clone, Copy, Debug, Default)]
struct Locale {
    point_is_decimal: bool,
    comma_is_decimal: bool,
}

impl Locale {
    fn of(text: &str) -> Self {
        let mut locale = Self::default();
        for number in PATTERNS.number.iter().flat_map(|n| n.find_iter(text)) {
            let seps: Vec<_> = PATTERNS
                .locale
                .iter()
                .flat_map(|l| l.captures_iter(number.as_str()))
                .collect();
            let [one] = seps.as_slice() else { continue };
            if one.get(2).is_some_and(|digits| digits.len() != 3) {
                match one.get(1).map(|s| s.as_str()) {
                    Some(".") => locale.point_is_decimal = true,
                    _ => locale.comma_is_decimal = true,
                }
            }
        }
        locale
    }

    /// The readings of a number, likeliest first.
    fn read(self, number: &str) -> Vec<Decimal> {
        let plain: String = number
            .chars()
            .filter(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
            .collect();
        let parse = |t: String| t.parse::<Decimal>().ok().map(|d| d.normalize());
        let seps: Vec<(usize, char)> = plain.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
        let without = |keep: Option<usize>| -> String {
            let at = |(i, c): (usize, char)| match c {
                '.' | ',' if Some(i) == keep => Some('.'),
                '.' | ',' => None,
                c => Some(c),
            };
            plain.char_indices().filter_map(at).collect()
        };
        let Some((last, sep)) = seps.last().copied() else {
            return parse(plain).into_iter().collect();
        };
        let fraction = plain.len() - last - 1;
        let same = seps.iter().all(|(_, c)| *c == sep);
        if !same {
            return parse(without(Some(last))).into_iter().collect();
        }
        if seps.len() > 1 {
            return parse(without(None)).into_iter().collect();
        }
        let shown = if sep == '.' {
            self.point_is_decimal
        } else {
            self.comma_is_decimal
        };
        let zero = plain.starts_with("0.") || plain.starts_with("0,");
        if fraction != 3 || last > 3 || zero {
            parse(without(Some(last))).into_iter().collect()
        } else if shown {
            [parse(without(None)), parse(without(Some(last)))]
                .into_iter()
                .flatten()
                .collect()
        } else {
            parse(without(None)).into_iter().collect()
        }
    }
}

fn quantity(text: &str, range: Range<usize>, locale: Locale) -> Option<Claim> {
    let before = text.get(..range.start)?;
    let after = text.get(range.end..)?;
    // A list's own number: `1.` at the beginning of a line.
    let line = before.rsplit('\n').next().unwrap_or(before);
    let starts_item = line.trim_matches([' ', '#', '(', '*']).is_empty() && after.starts_with(['.', ')']);
    if starts_item && after.get(1..).is_some_and(|a| a.starts_with(' ')) {
        return None;
    }
    let mut values = locale.read(text.get(range.clone())?);
    let (word, used) = next_word(after);
    let mut end = range.end;
    let mut tail = after;
    if let Some(times) = WORDS
        .times
        .get(&word)
        .filter(|_| word != "mil" && (word != "k" || !after.starts_with(' ')))
    {
        values
            .iter_mut()
            .for_each(|v| *v = v.saturating_mul(Decimal::from(*times)));
        end += used;
        tail = after.get(used..)?;
    } else if word == "m" && !after.starts_with([' ', '\u{a0}', '-']) && before.ends_with(['$', '€', '£']) {
        values
            .iter_mut()
            .for_each(|v| *v = v.saturating_mul(Decimal::from(1_000_000)));
    }
    let money = before
        .trim_end()
        .chars()
        .next_back()
        .map(String::from)
        .and_then(|c| WORDS.unit(&c).filter(|_| "$€£¥".contains(&c)));
    let code = before
        .trim_end()
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    let code = (code.len() == 3 && code.chars().all(char::is_uppercase))
        .then(|| WORDS.unit(&code.to_lowercase()))
        .flatten();
    let (counted, used) = match money.or(code) {
        Some(unit) => (Counted::Unit(unit), 0),
        None => counted(tail, 0),
    };
    let shown_end = (end + used).min(text.len());
    Some(Claim {
        text: text.get(range.start..shown_end)?.trim().to_owned(),
        aside: is_aside(before, &counted, after),
        what: What::Quantity {
            values,
            bound: bound(before, text.get(shown_end..).unwrap_or_default()),
            counted,
        },
        spelled: false,
    })
}

/// A number in words. `one` counts only before a unit: elsewhere it is a pronoun.
fn spelled(text: &str, range: Range<usize>) -> Option<Claim> {
    let words = text.get(range.clone())?.to_lowercase();
    let mut total = 0_u64;
    let mut part = 0_u64;
    for word in words
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter(|w| *w != "and")
    {
        match WORDS.number.get(word).copied()? {
            100 => part = part.max(1) * 100,
            n if n < 10 && part % 10 == 0 && part % 100 != 10 => part += n,
            n if part.is_multiple_of(100) => part += n,
            // Two numbers in a row, not one.
            n => {
                total = 0;
                part = n;
            }
        }
        total = total.max(part);
    }
    let before = text.get(..range.start)?;
    let after = text.get(range.end..)?;
    let mut value = Decimal::from(part);
    let (word, used) = next_word(after);
    let mut skip = 0;
    if let Some(times) = WORDS.times.get(&word).filter(|_| word != "k") {
        value = value.saturating_mul(Decimal::from(*times));
        skip = used;
    }
    let (counted, used) = counted(after.get(skip..)?, 0);
    let is_unit = matches!(counted, Counted::Unit(_));
    if part == 1 && !is_unit {
        return None;
    }
    let end = (range.end + skip + used).min(text.len());
    Some(Claim {
        text: text.get(range.start..end)?.trim().to_owned(),
        aside: is_aside(before, &counted, after),
        what: What::Quantity {
            values: vec![value],
            bound: bound(before, text.get(end..).unwrap_or_default()),
            counted,
        },
        spelled: true,
    })
}

/// The word right behind a number, in small letters, and how many bytes it takes with what stands before it.
fn next_word(after: &str) -> (String, usize) {
    let start = after.len()
        - after
            .trim_start_matches([' ', '\u{a0}', '\u{202f}', '-', '\u{2011}'])
            .len();
    let rest = after.get(start..).unwrap_or_default();
    if let Some(sign) = rest.chars().next().filter(|c| "%€$£¥″".contains(*c)) {
        return (sign.to_string(), start + sign.len_utf8());
    }
    let length = rest
        .find(|c: char| !c.is_alphabetic() && c != '/')
        .unwrap_or(rest.len());
    let word = rest.get(..length).unwrap_or_default();
    let word = if WORDS.unit(&word.to_lowercase()).is_some() {
        word
    } else {
        word.split('/').next().unwrap_or(word)
    };
    (word.to_lowercase(), start + word.len())
}

/// What a number counts: the unit behind it, the unit after one adjective, or the unit of the other end of a range.
fn counted(after: &str, depth: usize) -> (Counted, usize) {
    let after = after.strip_prefix('+').unwrap_or(after);
    let (word, used) = next_word(after);
    if let Some(unit) = WORDS.unit(&word) {
        return (Counted::Unit(unit), used);
    }
    let rest = after.get(used..).unwrap_or_default();
    let joins = [
        "to", "bis", "and", "und", "or", "oder", "et", "ou", "à", "y", "a", "–", "—", "",
    ];
    if depth == 0 && joins.contains(&word.as_str()) {
        let next = rest.trim_start_matches([' ', '-', '–', '—', '\u{a0}', ',']);
        let number = PATTERNS
            .number
            .as_ref()
            .and_then(|n| n.find(next))
            .filter(|m| m.start() == 0);
        if let Some(number) = number.filter(|_| !word.is_empty() || rest.trim_start().starts_with(['-', '–', '—']))
        {
            let (unit, _) = counted(next.get(number.end()..).unwrap_or_default(), 1);
            if matches!(unit, Counted::Unit(_)) {
                return (unit, 0);
            }
        }
    }
    if word.is_empty() || WORDS.stop.contains(&word) {
        return (Counted::Nothing, 0);
    }
    let (second, more) = next_word(rest);
    if let Some(unit) = WORDS
        .unit(&second)
        .filter(|_| second.chars().count() > 1 && rest.starts_with(' '))
    {
        return (Counted::Unit(unit), used + more);
    }
    (Counted::Things(stem(&word)), used)
}

/// The beginning of a word: what stays when it is put into the plural.
pub fn stem(word: &str) -> String {
    word.chars().take(5).collect()
}

fn is_aside(before: &str, counted: &Counted, after: &str) -> bool {
    let last = before
        .trim_end_matches([' ', '#', '.', '('])
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    let word = next_word(after).0;
    let counts_rules = matches!(counted, Counted::Things(_)) && WORDS.meta.contains(&word);
    counts_rules || WORDS.place.contains(&last.to_lowercase())
}

/// The end of a limit, from the few words before and behind.
fn bound(before: &str, after: &str) -> Bound {
    let clause = before
        .rsplit(['.', ';', ',', '\n', ':', '(', '|'])
        .next()
        .unwrap_or(before);
    let words: Vec<&str> = clause.split_whitespace().collect();
    let near = words
        .iter()
        .rev()
        .take(4)
        .rev()
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    // Another number in between took the words for itself.
    let near = near
        .rsplit(|c: char| c.is_ascii_digit())
        .next()
        .unwrap_or_default()
        .to_owned();
    let behind: Vec<&str> = after
        .split([',', ';', '\n', '(', '|'])
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .take(2)
        .collect();
    let behind = behind.join(" ").to_lowercase();
    let behind = behind.trim_end_matches('.');
    let ends = |list: &[String]| {
        has_phrase(&near, list) || list.iter().any(|p| p == behind || behind.starts_with(&format!("{p} ")))
    };
    let symbol = |list: &[String]| {
        list.iter()
            .any(|p| !p.contains(char::is_alphabetic) && near.ends_with(p.as_str()))
    };
    let (least, most) = (
        ends(&WORDS.least) || symbol(&WORDS.least),
        ends(&WORDS.most) || symbol(&WORDS.most),
    );
    match (least, most) {
        (true, false) => Bound::Least,
        (false, true) => Bound::Most,
        _ => Bound::Open,
    }
}
