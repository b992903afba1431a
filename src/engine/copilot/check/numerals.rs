//! Numbers as people write them, in three locales: `1,200.50`, `1.200,50`, `1 200`.

use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

/// A number with its separators, as part of a pattern.
pub const NUMBER: &str = r"(?:\d{1,3}(?:[ \x{a0}\x{202f}\x{2009}'’]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*)";

/// A number.
pub static NUMERAL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(NUMBER).ok());

/// A separator in it and the digits behind.
static SEPARATOR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d([.,])(\d+)").ok());

/// How a text writes its numbers, as far as it shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Locale {
    point_is_decimal: bool,
    comma_is_decimal: bool,
}

impl Locale {
    /// Reads it off the numbers that can only be read one way.
    pub fn of(text: &str) -> Self {
        let mut locale = Self::default();
        for number in NUMERAL.iter().flat_map(|n| n.find_iter(text)) {
            let seps: Vec<_> = SEPARATOR
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
    pub fn read(self, number: &str) -> Vec<Decimal> {
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
