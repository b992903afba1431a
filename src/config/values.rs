//! Values a file may hold that need more than a type: durations with units, exact amounts, log levels.

use std::{fmt, time::Duration};

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use tracing::Level;

use crate::engine::model::sanitise::excerpt;

/// A duration as people write it: `45s`, `500ms`, `3m`, `24h`, `1d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

const UNITS: [(&str, u64); 5] = [
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];

impl Span {
    /// Parses a whole number and a unit. At least 1 ms, at most 365 days.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bad = || {
            format!(
                "\"{}\" is not a duration; write a whole number and ms, s, m, h or d, such as \"45s\"",
                excerpt(text, 24)
            )
        };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at_checked(digits).ok_or_else(bad)?;
        let (_, millis) = UNITS.iter().find(|(u, _)| *u == unit).ok_or_else(bad)?;
        let number: u64 = number.parse().map_err(|_| bad())?;
        let total = number.checked_mul(*millis).ok_or_else(bad)?;
        if total == 0 || total > 365 * 86_400_000 {
            return Err(format!("\"{}\" must be from 1ms to 365d", excerpt(text, 24)));
        }
        Ok(Self(Duration::from_millis(total)))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        let fits = |unit: &&(&str, u64)| millis.is_multiple_of(u128::from(unit.1));
        match UNITS.iter().rev().find(fits) {
            Some((unit, size)) => write!(f, "{}{unit}", millis / u128::from(*size)),
            None => write!(f, "{millis}ms"),
        }
    }
}

/// Makes a type that is text in files from a parser and a hint for what is not text.
macro_rules! text_value {
    ($name:ident, $expecting:literal, $parse:expr) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct V;
                impl de::Visitor<'_> for V {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }
                    fn visit_str<E: de::Error>(self, s: &str) -> Result<$name, E> {
                        $parse(s).map_err(E::custom)
                    }
                    fn visit_i64<E: de::Error>(self, _: i64) -> Result<$name, E> {
                        Err(E::custom($expecting))
                    }
                    fn visit_u64<E: de::Error>(self, _: u64) -> Result<$name, E> {
                        Err(E::custom($expecting))
                    }
                    fn visit_f64<E: de::Error>(self, _: f64) -> Result<$name, E> {
                        Err(E::custom($expecting))
                    }
                }
                d.deserialize_any(V)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
    };
}

text_value!(
    Span,
    "a duration needs its unit and stands in quotes, such as \"45s\"",
    Span::parse
);

/// An exact positive amount: text, because a float would round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount(pub Decimal);

impl Amount {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse::<Decimal>()
            .ok()
            .filter(|d| d.is_sign_positive() && !d.is_zero())
            .map(Self)
            .ok_or_else(|| {
                format!(
                    "\"{}\" is not an amount above zero such as \"1000.00\"",
                    excerpt(text, 24)
                )
            })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(
    Amount,
    "write the amount as text in quotes, such as \"1000.00\"",
    Amount::parse
);

/// A model's temperature, from 0 to 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Temperature(pub Decimal);

impl Temperature {
    fn parse(text: &str) -> Result<Self, String> {
        let fits = |d: &Decimal| d.is_sign_positive() && *d <= Decimal::TWO;
        let bad = || format!("\"{}\" is not a temperature from \"0\" to \"2\"", excerpt(text, 24));
        text.parse::<Decimal>().ok().filter(fits).map(Self).ok_or_else(bad)
    }
}

impl fmt::Display for Temperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(
    Temperature,
    "write the temperature as text in quotes, such as \"0.2\"",
    Temperature::parse
);

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLevel(pub Level);

impl LogLevel {
    /// Parses `error`, `warn`, `info`, `debug` or `trace`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let level = match text {
            "error" => Level::ERROR,
            "warn" => Level::WARN,
            "info" => Level::INFO,
            "debug" => Level::DEBUG,
            "trace" => Level::TRACE,
            _ => {
                return Err(format!(
                    "\"{}\" is not a level; known: error, warn, info, debug, trace",
                    excerpt(text, 24)
                ));
            }
        };
        Ok(Self(level))
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.as_str().to_ascii_lowercase())
    }
}

text_value!(
    LogLevel,
    "one of error, warn, info, debug, trace in quotes",
    LogLevel::parse
);

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("45s", 45_000, "45s")]
    #[case("500ms", 500, "500ms")]
    #[case("90s", 90_000, "90s")]
    #[case("180s", 180_000, "3m")]
    #[case("24h", 86_400_000, "1d")]
    fn durations_are_read_and_shown_in_their_largest_unit(
        #[case] text: &str,
        #[case] millis: u64,
        #[case] shown: &str,
    ) {
        let span = Span::parse(text).unwrap();
        assert_eq!(span.0, Duration::from_millis(millis));
        assert_eq!(span.to_string(), shown);
    }

    #[rstest]
    #[case("")]
    #[case("s")]
    #[case("0s")]
    #[case("-5s")]
    #[case("1.5s")]
    #[case("366d")]
    #[case("99999999999999999999s")]
    #[case("5é")]
    fn other_durations_are_refused(#[case] text: &str) {
        assert!(Span::parse(text).is_err());
    }
}
