//! What identifies a person: e-mail, phone, card, bank account, IP address. Numbers are checked by their own rules, so
//! that budgets, sizes and ids stay.

use std::{net::IpAddr, ops::Range, sync::LazyLock};

use regex::Regex;

use super::Kind;

struct Patterns {
    email: Option<Regex>,
    phone: Vec<Regex>,
    digits: Option<Regex>,
    iban: Option<Regex>,
    v4: Option<Regex>,
    v6: Option<Regex>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let one = |p: &str| Regex::new(p).ok();
    Patterns {
        email: one(r"(?i)[a-z0-9._%+'-]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}"),
        phone: [
            r"\+[1-9](?:[ ()./-]{0,2}[0-9]){7,14}",                        // international
            r"\b00[1-9](?:[ ()./-]{0,2}[0-9]){7,14}",                      // international, dialled
            r"\(0?[0-9]{2,5}\)[ ./-]?[0-9](?:[ ./-]?[0-9]){5,9}",          // (030) 1234567, (555) 123-4567
            r"\b0[1-9][0-9]{1,4}[ /-][ ]?[0-9]{2,}(?:[ /-]?[0-9]{2,})*\b", // 030 1234567, 0171/2345678
            r"\b[2-9][0-9]{2}[.-][2-9][0-9]{2}[.-][0-9]{4}\b",             // 555-234-4567
        ]
        .iter()
        .filter_map(|p| Regex::new(p).ok())
        .collect(),
        digits: one(r"\b[0-9](?:[ -]?[0-9]){12,18}\b"),
        iban: one(r"\b[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]){11,30}\b"),
        v4: one(r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b"),
        v6: one(r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}"),
    }
});

/// Where in a match the value is, if it is one.
type Holds<'a> = dyn Fn(&str, Range<usize>) -> Option<Range<usize>> + 'a;

/// Adds what is found in `text`.
pub fn find(text: &str, found: &mut Vec<(Range<usize>, Kind)>) {
    let p = &*PATTERNS;
    let mut each = |pattern: Option<&Regex>, kind: Kind, holds: &Holds<'_>| {
        for m in pattern.into_iter().flat_map(|r| r.find_iter(text)) {
            found.extend(holds(m.as_str(), m.range()).map(|range| (range, kind)));
        }
    };
    each(p.email.as_ref(), Kind::Email, &|_, range| Some(range));
    each(p.digits.as_ref(), Kind::Card, &|number, range| {
        is_card(number).then_some(range)
    });
    each(p.iban.as_ref(), Kind::Iban, &|text, range| {
        iban(text).map(|n| range.start..range.start + n)
    });
    // A version with four parts has no fifth and no letters around; an address neither.
    let alone = |range: &Range<usize>| {
        let after = text.get(range.end..).unwrap_or_default();
        let before = text.get(..range.start).unwrap_or_default();
        let goes_on = after.starts_with('.') && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        !goes_on && !before.ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == ':')
    };
    each(p.v4.as_ref(), Kind::Ip, &|ip, range| {
        (ip.parse::<IpAddr>().is_ok() && alone(&range)).then_some(range)
    });
    each(p.v6.as_ref(), Kind::Ip, &|ip, range| {
        (ip.len() > 4 && ip.parse::<IpAddr>().is_ok() && alone(&range)).then_some(range)
    });
    for phone in &p.phone {
        each(Some(phone), Kind::Phone, &|number, range| {
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            ((8..=15).contains(&digits) && !inside_a_word(text, &range)).then_some(range)
        });
    }
}

/// Part of an id or of a name: `act_0301234567`.
fn inside_a_word(text: &str, range: &Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    text.get(..range.start).is_some_and(|t| t.ends_with(joins))
        || text.get(range.end..).is_some_and(|t| t.starts_with(joins))
}

/// Beginning and length of a brand, and the check digit (Luhn). Ids of platforms have other beginnings or lengths.
fn is_card(number: &str) -> bool {
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let start = digits.iter().take(4).fold(0, |n, d| n * 10 + d);
    let brand = match digits.len() {
        13 | 19 => start / 1000 == 4,
        14 => start / 100 == 36 || start / 100 == 38 || (3000..=3059).contains(&start),
        15 => start / 100 == 34 || start / 100 == 37,
        16 => {
            start / 1000 == 4
                || (5100..=5599).contains(&start)
                || (2221..=2720).contains(&start)
                || start == 6011
                || start / 100 == 65
                || (3528..=3589).contains(&start)
        }
        _ => false,
    };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| if i % 2 == 0 { *d } else { (d * 2) / 10 + (d * 2) % 10 })
        .sum();
    brand && sum.is_multiple_of(10)
}

/// Bytes of the bank account number at the beginning of `text`: the longest part whose check (mod 97) holds.
fn iban(text: &str) -> Option<usize> {
    let ends: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| *c != ' ')
        .map(|(at, c)| at + c.len_utf8())
        .collect();
    ends.iter().skip(14).take(20).rev().copied().find(|end| {
        let plain: Vec<char> = text
            .get(..*end)
            .unwrap_or_default()
            .chars()
            .filter(|c| *c != ' ')
            .collect();
        let turned = plain.iter().skip(4).chain(plain.iter().take(4));
        let rest = turned.filter_map(|c| c.to_digit(36)).fold(0_u64, |rest, d| {
            let step = if d < 10 { 10 } else { 100 };
            (rest * step + u64::from(d)) % 97
        });
        rest == 1
    })
}
