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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;

    fn map<I>(codes: &[&str], id: impl Fn(Uuid) -> I) -> BTreeMap<Code, I> {
        let id = |n: usize| id(Uuid::from_u128(n as u128 + 1));
        codes
            .iter()
            .enumerate()
            .map(|(n, c)| (c.parse().unwrap(), id(n)))
            .collect()
    }

    fn codes(brands: &[&str], markets: &[&str], channels: &[&str]) -> Codes {
        Codes {
            brands: map(brands, BrandId::new),
            markets: map(markets, MarketId::new),
            channels: map(channels, ChannelId::new),
        }
    }

    fn house() -> Codes {
        codes(&["DIS", "NOVA"], &["US", "US_EN", "DE"], &["META", "TT"])
    }

    #[test]
    fn the_example_reads_back() {
        let parts = parse("DIS_US_META_2026_MoanaLaunch", &house()).unwrap();
        assert_eq!(parts.name(), "DIS_US_META_2026_MoanaLaunch");
        assert_eq!((parts.year, parts.label.as_str()), (2026, "MoanaLaunch"));
        let parts = parse("DIS_US_EN_META_2026_2027", &house()).unwrap();
        assert_eq!(parts.market.code.as_str(), "US_EN");
        assert_eq!(parts.label.as_str(), "2027");
    }

    #[rstest]
    #[case("", "\"\" has too few parts")]
    #[case(
        "DIS_US_META_2026_",
        "the last part of the name: the name needs at least one letter or digit (A-Z, a-z, 0-9)"
    )]
    #[case(
        "DIS_US_META_26_Moana",
        "\"26\" in \"DIS_US_META_26_Moana\" is not a year from 2000 to 2100"
    )]
    #[case(
        "DIS_US_META_1999_Moana",
        "\"1999\" in \"DIS_US_META_1999_Moana\" is not a year from 2000 to 2100"
    )]
    #[case("DIS_US_2026_Moana", "\"DIS_US\" holds fewer than three codes")]
    #[case("XX_US_META_2026_Moana", "no registered brand code in \"XX_US_META\"")]
    #[case("DIS_FR_META_2026_Moana", "no registered market code in \"FR_META\"")]
    #[case("DIS_US_EN_SNAP_2026_Moana", "no registered channel code in \"EN_SNAP\"")]
    #[case("dis_us_meta_2026_Moana", "no registered brand code in \"dis_us_meta\"")]
    #[case("DIS__US_META_2026_Moana", "no registered market code in \"_US_META\"")]
    fn what_is_no_name_says_why(#[case] text: &str, #[case] says: &str) {
        assert_eq!(parse(text, &house()).unwrap_err().to_string(), says);
    }

    #[test]
    fn two_readings_are_named_not_guessed() {
        let codes = codes(&["DIS", "DIS_US"], &["US", "EN", "US_EN"], &["META"]);
        let err = parse("DIS_US_EN_META_2026_Moana", &codes).unwrap_err();
        assert_eq!(
            err.to_string(),
            "the name has 2 readings: brand DIS, market US_EN, channel META; or brand DIS_US, market EN, channel META"
        );
    }

    #[test]
    fn a_name_of_another_campaign_differs() {
        let codes = house();
        let label: Label = "MoanaLaunch".parse().unwrap();
        let expected = Expected {
            brand: codes.brands[&"DIS".parse::<Code>().unwrap()],
            market: codes.markets[&"US".parse::<Code>().unwrap()],
            channel: codes.channels[&"META".parse::<Code>().unwrap()],
            year: 2026,
            label: &label,
        };
        assert!(check("DIS_US_META_2026_MoanaLaunch", &codes, expected).is_ok());
        for (name, part) in [
            ("NOVA_US_META_2026_MoanaLaunch", "brand"),
            ("DIS_DE_META_2026_MoanaLaunch", "market"),
            ("DIS_US_TT_2026_MoanaLaunch", "channel"),
            ("DIS_US_META_2027_MoanaLaunch", "year"),
            ("DIS_US_META_2026_Moanalaunch", "label"),
        ] {
            let err = check(name, &codes, expected).unwrap_err();
            assert!(
                matches!(err, NameError::Differs { part: p, .. } if p == part),
                "{name}: {err}"
            );
        }
    }

    #[test]
    fn a_preview_shows_what_is_missing() {
        let code: Code = "DIS".parse().unwrap();
        assert_eq!(
            preview(Some(&code), None, None, Some(2026), None),
            "DIS_???_???_2026_???"
        );
    }

    fn any_code() -> impl Strategy<Value = String> {
        proptest::collection::vec(proptest::sample::select(vec!["AA", "BB", "A1"]), 1..4).prop_map(|s| s.join("_"))
    }

    fn any_set() -> impl Strategy<Value = std::collections::BTreeSet<String>> {
        proptest::collection::btree_set(any_code(), 1..6)
    }

    proptest! {
        /// Against every triple of registered codes: one way to build the text = it parses to exactly that; several =
        /// refused with as many readings.
        #[test]
        fn what_is_built_reads_back_or_is_called_ambiguous(
            b in any_set(), m in any_set(), c in any_set(),
            pick in any::<(prop::sample::Index, prop::sample::Index, prop::sample::Index)>(),
            year in 2000_u16..=2100, label in "[A-Za-z0-9]{1,12}",
        ) {
            let sets: Vec<Vec<&str>> = [&b, &m, &c].iter().map(|s| s.iter().map(String::as_str).collect()).collect();
            let codes = codes(&sets[0], &sets[1], &sets[2]);
            let of = |set: &[&str], i: &prop::sample::Index| -> Code { i.get(set).parse().unwrap() };
            let label: Label = label.parse().unwrap();
            let (brand, market, channel) = (of(&sets[0], &pick.0), of(&sets[1], &pick.1), of(&sets[2], &pick.2));
            let text = build(&brand, &market, &channel, year, &label);
            let mut ways = 0;
            for b in &sets[0] {
                for m in &sets[1] {
                    ways += sets[2].iter().filter(|c| format!("{b}_{m}_{c}_{year}_{label}") == text).count();
                }
            }
            match parse(&text, &codes) {
                Ok(parts) => {
                    prop_assert_eq!(ways, 1);
                    prop_assert_eq!(parts.name(), text);
                    prop_assert_eq!((parts.brand.code, parts.market.code, parts.channel.code), (brand, market, channel));
                }
                Err(NameError::Ambiguous { readings }) => prop_assert_eq!(readings.len(), ways),
                Err(other) => prop_assert!(false, "{}", other),
            }
        }

        /// Nothing typed or pasted makes it panic.
        #[test]
        fn any_text_gets_an_answer(text in "\\PC{0,80}") {
            let _ = parse(&text, &house());
            let _ = candidates(&text);
        }
    }
}
