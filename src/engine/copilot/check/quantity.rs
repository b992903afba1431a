//! A number with what it counts and which end of a limit it is.

use std::ops::Range;

use rust_decimal::Decimal;

use super::{
    claims::{Bound, Claim, Counted, What},
    numerals::{Locale, NUMERAL},
    words::{WORDS, has_phrase},
};

/// The number at `range`; `None` for a list's own.
pub fn quantity(text: &str, range: Range<usize>, locale: Locale) -> Option<Claim> {
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
        for value in &mut values {
            *value = value.saturating_mul(Decimal::from(*times));
        }
        end += used;
        tail = after.get(used..)?;
    } else if word == "m" && !after.starts_with([' ', '\u{a0}', '-']) && before.ends_with(['$', '€', '£']) {
        for value in &mut values {
            *value = value.saturating_mul(Decimal::from(1_000_000));
        }
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
pub fn spelled(text: &str, range: Range<usize>) -> Option<Claim> {
    let words = text.get(range.clone())?.to_lowercase();
    let mut part = 0_u64;
    for word in words
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter(|w| !w.is_empty() && *w != "and")
    {
        part = match WORDS.number.get(word).copied()? {
            100 => part.max(1) * 100,
            n if n < 10 && part.is_multiple_of(10) && part % 100 != 10 => part + n,
            n if part.is_multiple_of(100) => part + n,
            // Two numbers in a row, not one.
            n => n,
        };
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
        let number = NUMERAL.as_ref().and_then(|n| n.find(next)).filter(|m| m.start() == 0);
        if let Some(number) = number.filter(|_| !word.is_empty() || after.trim_start().starts_with(['-', '–', '—']))
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
