//! The naming grammar: `[Brand]_[Market]_[Channel]_[Year]_[Label]`, for example `DIS_US_META_2026_MoanaLaunch`.
//!
//! Why a grammar and not a split on underscores: codes may hold underscores themselves (`US_EN` next to `US`), so a
//! name only means something against the codes the house has registered. A name with two readings is refused with both
//! readings named, never guessed.
//!
//! Invariants
//! - Whatever [`build`] makes, [`parse`] reads back to the same codes, or says that it is ambiguous.
//! - Former codes (aliases) still parse: renaming a market makes no old name a stranger.
//! - Names are made by the engine and never edited.

use std::{collections::BTreeMap, fmt};

use super::model::{
    code::{Code, Label},
    governance::{Brand, Channel, Market},
    ids::{BrandId, ChannelId, MarketId},
    sanitise::excerpt,
};

/// Years a campaign may name.
pub const YEARS: std::ops::RangeInclusive<u16> = 2000..=2100;
/// No name of ours is longer: three codes, a year, a label and their underscores.
const NAME_MAX: usize = 3 * super::model::code::CODE_MAX + 4 + super::model::code::LABEL_MAX + 4;
/// Stands for a part nobody has chosen yet.
const UNKNOWN: &str = "???";

/// The name of a ticket's objects.
pub fn build(brand: &Code, market: &Code, channel: &Code, year: u16, label: &Label) -> String {
    format!("{brand}_{market}_{channel}_{year:04}_{label}")
}

/// The name of a campaign, which has no channel of its own: `DIS_US_2026_MoanaLaunch`. For people; never sent.
pub fn campaign_name(brand: &Code, market: &Code, year: u16, label: &Label) -> String {
    format!("{brand}_{market}_{year:04}_{label}")
}

/// The name as far as it is known, `???` for the rest: what a form shows while it is being filled in.
pub fn preview(
    brand: Option<&Code>,
    market: Option<&Code>,
    channel: Option<&Code>,
    year: Option<u16>,
    label: Option<&Label>,
) -> String {
    let code = |c: Option<&Code>| c.map_or(UNKNOWN, Code::as_str).to_owned();
    let year = year.map_or_else(|| UNKNOWN.to_owned(), |y| format!("{y:04}"));
    let label = label.map_or(UNKNOWN, Label::as_str);
    format!("{}_{}_{}_{year}_{label}", code(brand), code(market), code(channel))
}

/// Every registered code with what it stands for, former codes included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// Brands by code.
    pub brands: BTreeMap<Code, BrandId>,
    /// Markets by code.
    pub markets: BTreeMap<Code, MarketId>,
    /// Channels by code.
    pub channels: BTreeMap<Code, ChannelId>,
}

impl Codes {
    /// Collects the codes and aliases of everything governed. Retired values too: old names must still parse.
    pub fn of<'a>(
        brands: impl IntoIterator<Item = &'a Brand>,
        markets: impl IntoIterator<Item = &'a Market>,
        channels: impl IntoIterator<Item = &'a Channel>,
    ) -> Self {
        let mut codes = Self::default();
        for b in brands {
            let all = std::iter::once(&b.code).chain(&b.aliases);
            codes.brands.extend(all.map(|c| (c.clone(), b.id)));
        }
        for m in markets {
            let all = std::iter::once(&m.code).chain(&m.aliases);
            codes.markets.extend(all.map(|c| (c.clone(), m.id)));
        }
        for c in channels {
            let all = std::iter::once(&c.code).chain(&c.aliases);
            codes.channels.extend(all.map(|code| (code.clone(), c.id)));
        }
        codes
    }
}

/// One part of a parsed name: the code as written, perhaps a former one, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<I> {
    /// As written in the name.
    pub code: Code,
    /// What it stands for.
    pub id: I,
}

/// A name taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Whose.
    pub brand: Part<BrandId>,
    /// Where.
    pub market: Part<MarketId>,
    /// On which channel.
    pub channel: Part<ChannelId>,
    /// The year.
    pub year: u16,
    /// The planner's own words.
    pub label: Label,
}

impl Parts {
    /// The name again.
    pub fn name(&self) -> String {
        build(
            &self.brand.code,
            &self.market.code,
            &self.channel.code,
            self.year,
            &self.label,
        )
    }

    /// The reading in words: `brand DIS, market US_EN, channel META`.
    fn reading(&self) -> String {
        format!(
            "brand {}, market {}, channel {}",
            self.brand.code, self.market.code, self.channel.code
        )
    }
}

/// What a name must say: the campaign it belongs to and the channel it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected<'a> {
    /// The campaign's brand.
    pub brand: BrandId,
    /// The campaign's market.
    pub market: MarketId,
    /// The ticket's channel.
    pub channel: ChannelId,
    /// The campaign's year.
    pub year: u16,
    /// The campaign's label.
    pub label: &'a Label,
}

/// Why a text is not a name of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    /// It does not have the form at all.
    Shape {
        /// What is wrong.
        why: String,
    },
    /// A part is no registered code.
    Unknown {
        /// `brand`, `market` or `channel`.
        part: &'static str,
        /// The text where that code was expected.
        text: String,
    },
    /// More than one reading.
    Ambiguous {
        /// Every reading, in words.
        readings: Vec<String>,
    },
    /// It parses, but says something else than it must.
    Differs {
        /// Which part.
        part: &'static str,
        /// What the name says there.
        says: String,
    },
}

impl NameError {
    /// What a person can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Shape { .. } => "a name has the form BRAND_MARKET_CHANNEL_YEAR_Label",
            Self::Unknown { .. } => "register the code first, or use one that is registered",
            Self::Ambiguous { .. } => "give one of these codes another spelling, so that the name has one reading",
            Self::Differs { .. } => "the name belongs to another campaign or channel: write a new ticket there",
        }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape { why } => f.write_str(why),
            Self::Unknown { part, text } => write!(f, "no registered {part} code in \"{text}\""),
            Self::Ambiguous { readings } => {
                write!(
                    f,
                    "the name has {} readings: {}",
                    readings.len(),
                    readings.join("; or ")
                )
            }
            Self::Differs { part, says } => write!(f, "the name says {part} {says}, its ticket says otherwise"),
        }
    }
}

impl std::error::Error for NameError {}

/// Takes a name apart against the registered codes.
pub fn parse(text: &str, codes: &Codes) -> Result<Parts, NameError> {
    let (head, year, label) = ends(text)?;
    let mut found: Vec<Parts> = Vec::new();
    for (b, m, c) in splits(head) {
        let brand = resolve(&codes.brands, b);
        let market = resolve(&codes.markets, m);
        let channel = resolve(&codes.channels, c);
        if let (Some(brand), Some(market), Some(channel)) = (brand, market, channel) {
            found.push(Parts {
                brand,
                market,
                channel,
                year,
                label: label.clone(),
            });
        }
    }
    match found.len() {
        0 => Err(unknown(head, codes)),
        1 => found.pop().ok_or_else(|| unknown(head, codes)),
        _ => Err(NameError::Ambiguous {
            readings: found.iter().map(Parts::reading).collect(),
        }),
    }
}

/// Checks that a name parses and says exactly what it must.
pub fn check(text: &str, codes: &Codes, expected: Expected<'_>) -> Result<Parts, NameError> {
    let parts = parse(text, codes)?;
    let differs = |part, says: &dyn fmt::Display| NameError::Differs {
        part,
        says: says.to_string(),
    };
    if parts.brand.id != expected.brand {
        return Err(differs("brand", &parts.brand.code));
    }
    if parts.market.id != expected.market {
        return Err(differs("market", &parts.market.code));
    }
    if parts.channel.id != expected.channel {
        return Err(differs("channel", &parts.channel.code));
    }
    if parts.year != expected.year {
        return Err(differs("year", &parts.year));
    }
    if &parts.label != expected.label {
        return Err(differs("label", &parts.label));
    }
    Ok(parts)
}

/// Every way to cut the codes of a name into brand, market and channel by grammar alone. Whoever has only a store of
/// claimed codes looks these up and parses against what it found.
pub fn candidates(text: &str) -> Vec<(Code, Code, Code)> {
    let Ok((head, _, _)) = ends(text) else {
        return Vec::new();
    };
    splits(head)
        .filter_map(|(b, m, c)| Some((b.parse().ok()?, m.parse().ok()?, c.parse().ok()?)))
        .collect()
}

/// Cuts year and label off the end: neither holds an underscore, so the end of a name has one reading only.
fn ends(text: &str) -> Result<(&str, u16, Label), NameError> {
    let shown = excerpt(text, 60);
    let shape = |why: String| NameError::Shape { why };
    if text.len() > NAME_MAX {
        return Err(shape(format!(
            "\"{shown}\" is longer than any name of ours ({NAME_MAX})"
        )));
    }
    let mut from_end = text.rsplitn(3, '_');
    let (Some(label), Some(year), Some(head)) = (from_end.next(), from_end.next(), from_end.next()) else {
        return Err(shape(format!("\"{shown}\" has too few parts")));
    };
    let label = label
        .parse()
        .map_err(|e| shape(format!("the last part of the name: {e}")))?;
    let year = Some(year)
        .filter(|y| y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|y| y.parse::<u16>().ok())
        .filter(|y| YEARS.contains(y))
        .ok_or_else(|| {
            let (from, to) = (YEARS.start(), YEARS.end());
            shape(format!(
                "\"{}\" in \"{shown}\" is not a year from {from} to {to}",
                excerpt(year, 12)
            ))
        })?;
    Ok((head, year, label))
}

/// Every way to cut a text at two of its underscores.
fn splits(head: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    head.match_indices('_').flat_map(move |(i, _)| {
        let (first, rest) = (head.get(..i).unwrap_or(""), head.get(i + 1..).unwrap_or(""));
        rest.match_indices('_')
            .map(move |(j, _)| (first, rest.get(..j).unwrap_or(""), rest.get(j + 1..).unwrap_or("")))
    })
}

fn resolve<I: Copy>(codes: &BTreeMap<Code, I>, text: &str) -> Option<Part<I>> {
    let code: Code = text.parse().ok()?;
    let id = *codes.get(&code)?;
    Some(Part { code, id })
}

/// Says which part has no code: the first from the left that cannot be explained by any reading.
fn unknown(head: &str, codes: &Codes) -> NameError {
    let shown = |text: &str| excerpt(text, 60);
    if head.matches('_').count() < 2 {
        return NameError::Shape {
            why: format!("\"{}\" holds fewer than three codes", shown(head)),
        };
    }
    let branded: Vec<_> = splits(head)
        .filter(|(b, ..)| resolve(&codes.brands, b).is_some())
        .collect();
    let Some((_, market, channel)) = branded.first() else {
        return NameError::Unknown {
            part: "brand",
            text: shown(head),
        };
    };
    let placed = branded.iter().find(|(_, m, _)| resolve(&codes.markets, m).is_some());
    match placed {
        None => NameError::Unknown {
            part: "market",
            text: shown(&format!("{market}_{channel}")),
        },
        Some((.., channel)) => NameError::Unknown {
            part: "channel",
            text: shown(channel),
        },
    }
}
