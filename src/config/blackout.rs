//! `[blackouts.<window>]`: times in which nothing new is sent.

use std::{fmt, str::FromStr};

use jiff::{
    civil::{DateTime, Time, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use crate::engine::model::{
    blackout::{Blackout, Scope, Span},
    code::Code,
    platform::PlatformId,
    sanitise::excerpt,
};

macro_rules! text {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    };
}

/// A local time of day, or a local moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Edge {
    /// `22:00`.
    Daily(Time),
    /// `2026-12-24T18:00`.
    Once(DateTime),
}
text!(Edge);

impl FromStr for Edge {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let daily = text.parse().map(Self::Daily);
        let edge = if text.contains('T') {
            text.parse().map(Self::Once)
        } else {
            daily
        };
        edge.map_err(|_| {
            format!(
                "\"{}\" is neither a time of day such as \"22:00\" nor a moment such as \"2026-12-24T18:00\"",
                excerpt(text, 32)
            )
        })
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Daily(time) => time.fmt(f),
            Self::Once(moment) => moment.fmt(f),
        }
    }
}

/// An IANA zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);
text!(Zone);

impl FromStr for Zone {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = |_| format!("\"{}\" is not a time zone such as \"Europe/Berlin\"", excerpt(text, 32));
        TimeZone::get(text).map(Self).map_err(bad)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Weekday);
text!(Day);

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

impl FromStr for Day {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = DAYS.iter().find(|(word, _)| *word == text);
        found.map(|(_, day)| Self(*day)).ok_or_else(|| {
            format!(
                "\"{}\" is not a day; known: mon, tue, wed, thu, fri, sat, sun",
                excerpt(text, 16)
            )
        })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = DAYS.iter().find(|(_, day)| *day == self.0).map_or("", |(word, _)| word);
        f.write_str(word)
    }
}

/// `[blackouts.<window>]` as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlackoutSection {
    /// First moment, local.
    pub from: Edge,
    /// First moment after it, local.
    pub to: Edge,
    /// Whose local time.
    pub zone: Zone,
    /// Days it begins on.
    #[serde(default)]
    pub days: Vec<Day>,
    /// What it holds back.
    #[serde(default)]
    pub scope: Scope,
    /// Only this platform.
    pub platform: Option<PlatformId>,
    /// Only this market.
    pub market: Option<Code>,
    /// Only this brand.
    pub brand: Option<Code>,
}

impl BlackoutSection {
    /// The window; or which field is wrong, and why.
    pub fn window(self) -> Result<Blackout, (&'static str, &'static str)> {
        let span = match (self.from, self.to) {
            (Edge::Once(from), Edge::Once(to)) if to <= from => return Err(("to", "is not later than from")),
            (Edge::Once(_), Edge::Once(_)) if !self.days.is_empty() => {
                return Err(("days", "goes with times of day only"));
            }
            (Edge::Once(from), Edge::Once(to)) => Span::Once { from, to },
            (Edge::Daily(from), Edge::Daily(to)) => Span::Daily {
                from,
                to,
                days: self.days.iter().map(|d| d.0).collect(),
            },
            _ => return Err(("to", "must be of the same form as from")),
        };
        Ok(Blackout {
            platform: self.platform,
            market: self.market,
            brand: self.brand,
            zone: self.zone.0,
            span,
            scope: self.scope,
        })
    }
}
