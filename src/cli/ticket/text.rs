//! A ticket as people write it: in a TOML or JSON file, or with switches. Only its shape is judged here; what it says
//! is judged by the engine.

use std::{fmt, marker::PhantomData, path::Path};

use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

use crate::textfile::{FileProblem, Format, TextFile};

/// A ticket in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketText {
    /// Campaign by name, label, title or id.
    pub campaign: String,
    /// Channel code.
    pub channel: String,
    /// Account id; may be left out when the channel has one account.
    #[serde(default)]
    pub account: Option<String>,
    /// `CREATE` when left out.
    #[serde(default)]
    pub request: Option<String>,
    /// Number of the ticket whose objects change.
    #[serde(default)]
    pub target: Option<u32>,
    /// The budget.
    #[serde(default, deserialize_with = "named_fields")]
    pub budget: Option<BudgetText>,
    /// First and last day.
    #[serde(default, deserialize_with = "named_fields")]
    pub flight: Option<FlightText>,
    /// The platform's fields by object, laid over what the form would start with.
    #[serde(default)]
    pub payload: Map<String, Value>,
    /// Single payload fields as `path=value`; only from switches.
    #[serde(skip)]
    pub set: Vec<String>,
    /// Free words.
    #[serde(default)]
    pub notes: String,
    /// Who takes care.
    #[serde(default)]
    pub assignee: String,
    /// `NORMAL` when left out.
    #[serde(default)]
    pub priority: Option<String>,
}

/// A budget in words; in the account's currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetText {
    /// Per day.
    #[serde(default)]
    pub daily: Option<AmountText>,
    /// For the whole flight.
    #[serde(default)]
    pub lifetime: Option<AmountText>,
}

/// A flight in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlightText {
    /// First day.
    pub start: DayText,
    /// Last day.
    #[serde(default)]
    pub end: Option<DayText>,
}

/// An amount as text. Whole numbers are taken as they are; numbers with a point are refused, because a file's reader
/// has rounded them already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AmountText(pub String);

impl<'de> Deserialize<'de> for AmountText {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl de::Visitor<'_> for V {
            type Value = AmountText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount in quotes, such as \"100.00\"")
            }
            fn visit_str<E: de::Error>(self, s: &str) -> Result<AmountText, E> {
                Ok(AmountText(s.to_owned()))
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<AmountText, E> {
                Ok(AmountText(n.to_string()))
            }
            fn visit_u64<E: de::Error>(self, n: u64) -> Result<AmountText, E> {
                Ok(AmountText(n.to_string()))
            }
            fn visit_f64<E: de::Error>(self, _: f64) -> Result<AmountText, E> {
                Err(E::custom(
                    "an amount with decimals stands in quotes, such as \"100.50\", so that nothing rounds it",
                ))
            }
        }
        d.deserialize_any(V)
    }
}

/// A day as text; TOML's own dates are taken too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayText(pub String);

impl<'de> Deserialize<'de> for DayText {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> de::Visitor<'de> for V {
            type Value = DayText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date such as \"2026-12-01\"")
            }
            fn visit_str<E: de::Error>(self, s: &str) -> Result<DayText, E> {
                Ok(DayText(s.to_owned()))
            }
            // TOML hands a date over as a map with one private key.
            fn visit_map<M: de::MapAccess<'de>>(self, mut map: M) -> Result<DayText, M::Error> {
                match map.next_entry::<String, String>()? {
                    Some((key, day)) if key.starts_with("$__toml") => Ok(DayText(day)),
                    _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
                }
            }
        }
        d.deserialize_any(V)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManyTickets {
    ticket: Vec<Named<TicketText>>,
}

/// Fields with their names. A derived reader would also take a list and go by position: `budget = [100]` would be a
/// daily budget nobody wrote.
struct Named<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for V<T> {
            type Value = Named<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("fields with their names")
            }
            fn visit_map<M: de::MapAccess<'de>>(self, map: M) -> Result<Named<T>, M::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(Named)
            }
        }
        d.deserialize_map(V(PhantomData))
    }
}

fn named_fields<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<Named<T>>::deserialize(d)?.map(|named| named.0))
}

/// A ticket and where it stands in its file: `ticket[2]`, or nothing when the file is the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The ticket.
    pub text: TicketText,
    /// Where it stands.
    pub place: String,
}

/// Reads one ticket, or several under `[[ticket]]` (in JSON: under `"ticket"`, or a list).
pub fn read(path: &Path) -> Result<(TextFile, Vec<Written>), FileProblem> {
    let file = TextFile::read(path)?;
    let tickets = parse(&file)?;
    Ok((file, tickets))
}

/// Parses what [`read`] has read.
pub fn parse(file: &TextFile) -> Result<Vec<Written>, FileProblem> {
    let places = file.places();
    let (texts, prefix): (Vec<Named<TicketText>>, _) =
        if file.format() == Format::Json && file.text().trim_start().starts_with('[') {
            (file.parse()?, Some(""))
        } else if places.line_of("ticket").is_some() {
            (file.parse::<ManyTickets>()?.ticket, Some("ticket"))
        } else {
            (vec![file.parse()?], None)
        };
    if texts.is_empty() {
        return Err(file.problem_at(&"ticket".into(), "holds no ticket", "write at least one"));
    }
    Ok(texts
        .into_iter()
        .enumerate()
        .map(|(n, Named(mut text))| {
            text.payload = text.payload.into_iter().map(|(k, v)| (k, plain(v))).collect();
            Written {
                text,
                place: prefix.map(|p| format!("{p}[{n}]")).unwrap_or_default(),
            }
        })
        .collect())
}

/// Dates inside a TOML payload become text.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries = map.iter();
            if let (Some((key, Value::String(date))), None) = (entries.next(), entries.next())
                && key.starts_with("$__toml")
            {
                return Value::String(date.clone());
            }
            Value::Object(map.into_iter().map(|(k, v)| (k, plain(v))).collect())
        }
        Value::Array(items) => items.into_iter().map(plain).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn parsed(name: &str, text: &str) -> Result<Vec<Written>, String> {
        let file = TextFile::from_bytes(name, text.as_bytes().to_vec()).map_err(|e| e.to_string())?;
        parse(&file).map_err(|e| e.to_string())
    }

    const HEAD: &str = "campaign = \"c\"\nchannel = \"META\"\n";

    #[rstest]
    #[case::unknown_field("buget.daily = 1", "t.toml:3: buget: unknown field `buget`, expected one of")]
    #[case::unknown_inner(
        "[budget]\ndayly = \"1\"",
        "t.toml:4: budget.dayly: unknown field `dayly`, expected `daily` or"
    )]
    #[case::wrong_type("target = \"x\"", "t.toml:3: target: invalid type: string \"x\", expected u32")]
    #[case::negative_target("target = -1", "t.toml:3: target: invalid value: integer `-1`, expected u32")]
    #[case::float(
        "budget.daily = 10.1",
        "t.toml:3: budget.daily: an amount with decimals stands in quotes"
    )]
    #[case::day_31("flight.start = 2026-02-31", "t.toml:3: ")]
    #[case::day_number(
        "flight.start = 20261201",
        "t.toml:3: flight.start: invalid type: integer `20261201`, expected a date"
    )]
    #[case::end_only("[flight]\nend = \"2026-12-01\"", "t.toml:3: flight: missing field `start`")]
    #[case::budget_list(
        "budget = [1]",
        "t.toml:3: budget: invalid type: sequence, expected fields with their names"
    )]
    #[case::payload_list("payload = [1]", "t.toml:3: payload: invalid type: sequence, expected a map")]
    #[case::control("notes = \"a\u{1b}b\"", "t.toml:3: ")]
    #[case::twice("channel = \"X\"", "t.toml:3: duplicate key")]
    #[case::cut("notes = \"", "t.toml:3: ")]
    fn bad_toml_is_refused(#[case] line: &str, #[case] expected: &str) {
        let words = parsed("t.toml", &format!("{HEAD}{line}\n")).unwrap_err();
        assert!(words.starts_with(expected), "{words}");
        assert!(!words.contains('\u{1b}'));
    }

    #[rstest]
    #[case::empty("", "t.json: is empty")]
    #[case::nothing("[]", "t.json: ticket: holds no ticket")]
    #[case::number("7", "t.json:1: invalid type: integer `7`, expected fields with their names")]
    #[case::missing("{}", "t.json:1: missing field `campaign`")]
    #[case::unknown(
        "[{\"campaign\":\"c\",\n\"chanel\":\"META\"}]",
        "t.json:2: [0].chanel: unknown field `chanel`"
    )]
    #[case::many(
        "{\"ticket\":[\n{\"campaign\":\"c\",\"channel\":5}]}",
        "t.json:2: ticket[0].channel: invalid type: integer `5`"
    )]
    #[case::float(
        "{\"campaign\":\"c\",\"channel\":\"M\",\n\"budget\":{\"daily\":1.5}}",
        "t.json:2: budget.daily: an amount with"
    )]
    #[case::cut("{\"campaign\":\"c\",\n", "t.json:2: ")]
    #[case::deep_nesting(&"[".repeat(200), "t.json:1: ")]
    fn bad_json_is_refused(#[case] text: &str, #[case] expected: &str) {
        let words = parsed("t.json", text).unwrap_err();
        assert!(words.starts_with(expected), "{words}");
    }

    #[test]
    fn one_or_many_in_both_forms() {
        let one = parsed(
            "t.toml",
            &format!("{HEAD}flight.start = 2026-12-01\n[payload.ad_set]\nwhen = 2026-12-01\n"),
        );
        let one = one.unwrap();
        assert_eq!(one[0].place, "");
        assert_eq!(
            one[0].text.flight.as_ref().map(|f| f.start.0.as_str()),
            Some("2026-12-01")
        );
        assert_eq!(one[0].text.payload["ad_set"], serde_json::json!({"when": "2026-12-01"}));
        let many = parsed("t.toml", &format!("[[ticket]]\n{HEAD}[[ticket]]\n{HEAD}")).unwrap();
        assert_eq!(many[1].place, "ticket[1]");
        let json = r#"[{"campaign":"c","channel":"META","budget":{"daily":100}}]"#;
        let list = parsed("t.json", json).unwrap();
        assert_eq!(list[0].place, "[0]");
        assert_eq!(
            list[0].text.budget.as_ref().and_then(|b| b.daily.clone()),
            Some(AmountText("100".into()))
        );
    }

    #[rstest]
    #[case(include_str!("../../../assets/examples/ticket.toml"))]
    #[case(include_str!("../../../assets/examples/tickets.toml"))]
    fn the_examples_are_good(#[case] text: &str) {
        assert!(!parsed("example.toml", text).unwrap().is_empty());
    }
}
