//! How often something may be called: so many tokens, all of them back after so long.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use super::sanitise::excerpt;

/// An allowance that refills evenly: `9000/5m` is a burst of 9000 and 30 a second in the long run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate {
    /// Most that can be spent at once; at least 1.
    pub tokens: u32,
    /// An empty allowance is full again after this; 1 ms to a day.
    pub per: Duration,
}

impl Rate {
    /// `tokens` at once, all of them back after `millis`.
    pub const fn new(tokens: u32, millis: u64) -> Self {
        Self {
            tokens,
            per: Duration::from_millis(millis),
        }
    }
}

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
const DAY: u64 = 24 * 3_600_000;

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || {
            format!(
                "\"{}\" is not a rate; write calls and a time of at most a day, such as \"600/1m\" or \"2/250ms\"",
                excerpt(text, 24)
            )
        };
        let (tokens, per) = text.split_once('/').ok_or_else(bad)?;
        let tokens: u32 = tokens.trim().parse().map_err(|_| bad())?;
        let per = per.trim();
        let digits = per.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = per.split_at_checked(digits).ok_or_else(bad)?;
        let (_, millis) = UNITS.iter().find(|(u, _)| *u == unit).ok_or_else(bad)?;
        let number: u64 = number.parse().map_err(|_| bad())?;
        let millis = number.checked_mul(*millis).ok_or_else(bad)?;
        if tokens == 0 || millis == 0 || millis > DAY {
            return Err(bad());
        }
        Ok(Self::new(tokens, millis))
    }
}

impl TryFrom<String> for Rate {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.to_string()
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = u64::try_from(self.per.as_millis()).unwrap_or(u64::MAX);
        let (unit, size) = UNITS
            .iter()
            .rev()
            .find(|(_, size)| millis.is_multiple_of(*size))
            .unwrap_or(&("ms", 1));
        write!(f, "{}/{}{unit}", self.tokens, millis / size)
    }
}

/// What a platform lets an application do, as its fact sheet says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowance {
    /// Of one account; `None` = not published, or not counted.
    pub account: Option<Rate>,
    /// Of the application over all accounts.
    pub app: Option<Rate>,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("9000/5m", Some((9000, 300_000)))]
    #[case("2/250ms", Some((2, 250)))]
    #[case(" 10 / 1s", Some((10, 1000)))]
    #[case("1/24h", Some((1, DAY)))]
    #[case("0/1s", None)]
    #[case("5/0s", None)]
    #[case("5/25h", None)]
    #[case("5 per second", None)]
    #[case("5/s", None)]
    #[case("/1s", None)]
    #[case("5/1é", None)]
    fn rates_are_read(#[case] text: &str, #[case] want: Option<(u32, u64)>) {
        let got: Result<Rate, _> = text.parse();
        assert_eq!(got.clone().ok(), want.map(|(t, m)| Rate::new(t, m)), "{got:?}");
        if let Ok(rate) = got {
            assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }
}
