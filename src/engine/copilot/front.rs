//! What a document says of itself: TOML between two `+++` lines at its start.
//!
//! ```text
//! +++
//! title = "Logo use"
//! kind = "brand"              # brand | platform_policy | runbook
//! brand = "ACM"               # one value or a list; left out = for all
//! market = ["DE", "FR"]
//! version = "3"
//! effective_from = 2026-01-01
//! may_leave_host = true       # left out = no
//! sources = ["https://…"]
//! +++
//! ```
//!
//! TOML and not YAML, because everything else people write for this program is TOML and gets the same complaints: file,
//! line, field, what is known instead.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::scope::{Dimension, Scope};
use crate::{
    engine::model::{path::FieldPath, time::Day},
    textfile::{FileProblem, TextFile},
};

/// What sort of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A brand's own rules.
    Brand,
    /// What a platform allows.
    PlatformPolicy,
    /// How the house does something.
    Runbook,
}

impl Kind {
    /// The word in files and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Brand => "brand",
            Self::PlatformPolicy => "platform_policy",
            Self::Runbook => "runbook",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// The statements of one document. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Front {
    /// Its title.
    pub title: Option<String>,
    /// Its sort.
    pub kind: Option<Kind>,
    /// Brand codes.
    #[serde(deserialize_with = "brand")]
    pub brand: Vec<String>,
    /// Platforms.
    #[serde(deserialize_with = "platform")]
    pub platform: Vec<String>,
    /// Market codes.
    #[serde(deserialize_with = "market")]
    pub market: Vec<String>,
    /// Objectives.
    #[serde(deserialize_with = "objective")]
    pub objective: Vec<String>,
    /// Which edition this is, in the owner's own counting.
    #[serde(deserialize_with = "text_or_number")]
    pub version: Option<String>,
    /// First day it holds.
    #[serde(deserialize_with = "day")]
    pub effective_from: Option<Day>,
    /// Last day it holds.
    #[serde(deserialize_with = "day")]
    pub effective_to: Option<Day>,
    /// Two letters, ISO 639-1.
    #[serde(deserialize_with = "language")]
    pub language: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Whether it may be sent to a language model on another host.
    pub may_leave_host: Option<bool>,
    /// Where its facts come from.
    pub sources: Vec<String>,
}

impl Front {
    /// Its scope.
    pub fn scope(&self) -> Scope {
        let set = |values: &[String]| values.iter().cloned().collect();
        Scope {
            brand: set(&self.brand),
            platform: set(&self.platform),
            market: set(&self.market),
            objective: set(&self.objective),
        }
    }
}

/// Splits a document into what it says of itself and the rest. Gives the rest with the number of lines before it.
pub fn read<'t>(name: &str, text: &'t str) -> Result<(Front, &'t str, usize), FileProblem> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let second = text.lines().nth(1).unwrap_or_default();
    if first.trim_end() == "---" && second.contains(':') {
        return Err(problem(
            name,
            1,
            "begins with YAML",
            "write its statements as TOML between two +++ lines",
        ));
    }
    if first.trim_end() != "+++" {
        return Ok((Front::default(), text, 0));
    }
    let mut end = first.len();
    let mut count = 1;
    for line in lines {
        count += 1;
        if line.trim_end() == "+++" {
            let front = text.get(first.len()..end).unwrap_or_default();
            let body = text.get(end + line.len()..).unwrap_or_default();
            return Ok((parse(name, front)?, body, count));
        }
        end += line.len();
    }
    Err(problem(
        name,
        1,
        "the statements at its start have no end",
        "write a line +++ after them",
    ))
}

fn parse(name: &str, front: &str) -> Result<Front, FileProblem> {
    // The empty line stands where the opening `+++` is, so that lines are counted as in the file.
    beside(name, format!("\n{front}"))
}

/// What a file of its own says of the document beside it.
pub fn beside(name: &str, text: String) -> Result<Front, FileProblem> {
    if text.trim().is_empty() {
        return Ok(Front::default());
    }
    let file = TextFile::from_bytes(name, text.into_bytes())?;
    let front: Front = file.parse()?;
    if let (Some(from), Some(to)) = (front.effective_from, front.effective_to)
        && to < from
    {
        return Err(file.problem_at(
            &FieldPath::new("effective_to"),
            format!("{to} is before effective_from {from}"),
            "a document holds from its first day to its last",
        ));
    }
    Ok(front)
}

fn problem(file: &str, line: usize, reason: &str, remedy: &str) -> FileProblem {
    FileProblem {
        file: file.to_owned(),
        line: Some(line),
        field: None,
        reason: reason.to_owned(),
        remedy: remedy.to_owned(),
    }
}

/// One value or a list of them, each in the dimension's spelling. The configuration reads its scopes with this too.
pub fn values<'de, D: Deserializer<'de>>(dimension: Dimension, d: D) -> Result<Vec<String>, D::Error> {
    let one = |value: &toml::Value| match value {
        toml::Value::String(text) => dimension.value(text).map_err(D::Error::custom),
        other => Err(D::Error::custom(format!(
            "a {dimension} is text, not {}",
            other.type_str()
        ))),
    };
    match toml::Value::deserialize(d)? {
        toml::Value::Array(all) => all.iter().map(one).collect(),
        value => one(&value).map(|v| vec![v]),
    }
}

fn brand<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    values(Dimension::Brand, d)
}

fn platform<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    values(Dimension::Platform, d)
}

fn market<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    values(Dimension::Market, d)
}

fn objective<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    values(Dimension::Objective, d)
}

fn text_or_number<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    match toml::Value::deserialize(d)? {
        toml::Value::String(text) => Ok(Some(text)),
        toml::Value::Integer(n) => Ok(Some(n.to_string())),
        other => Err(D::Error::custom(format!(
            "a version is text, such as \"2026-11\", not {}",
            other.type_str()
        ))),
    }
}

/// A day, as TOML writes it or as text.
fn day<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Day>, D::Error> {
    let text = match toml::Value::deserialize(d)? {
        toml::Value::String(text) => text,
        toml::Value::Datetime(day) => day.to_string(),
        other => {
            return Err(D::Error::custom(format!(
                "a day is written 2026-12-01, not as {}",
                other.type_str()
            )));
        }
    };
    text.parse().map(Some).map_err(D::Error::custom)
}

fn language<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(d)?.to_ascii_lowercase();
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase()) {
        Ok(Some(text))
    } else {
        Err(D::Error::custom("a language has two letters, such as \"en\""))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn everything_can_be_said() {
        let text = "+++\ntitle = \"Logo\"\nkind = \"brand\"\nbrand = \"acm\"\nmarket = [\"de\", \"us-es\"]\n\
                    platform = \"google-ads\"\nversion = 3\neffective_from = 2026-01-01\neffective_to = \"2026-12-31\"\n\
                    language = \"DE\"\nowner = \"brand desk\"\nmay_leave_host = true\nsources = [\"x\"]\n+++\n# Body\n";
        let (front, body, before) = read("a.md", text).unwrap();
        assert_eq!((body, before), ("# Body\n", 14));
        assert_eq!(
            front.scope().to_string(),
            "brand:ACM platform:google_ads market:DE,US_ES"
        );
        assert_eq!(
            (front.version.as_deref(), front.language.as_deref()),
            (Some("3"), Some("de"))
        );
        assert_eq!(front.effective_from.unwrap().to_string(), "2026-01-01");
        assert_eq!(front.effective_to.unwrap().to_string(), "2026-12-31");
    }

    #[rstest]
    #[case::none("# Body\n", "# Body\n", 0)]
    #[case::empty("+++\n+++\nBody", "Body", 2)]
    #[case::rule_later("Body\n+++\n", "Body\n+++\n", 0)]
    #[case::thematic_break("---\n\nBody", "---\n\nBody", 0)]
    fn nothing_needs_to_be_said(#[case] text: &str, #[case] body: &str, #[case] before: usize) {
        assert_eq!(read("a.md", text).unwrap(), (Front::default(), body, before));
    }

    #[rstest]
    #[case::unknown(
        "+++\ntitle = \"x\"\nbrnad = \"ACM\"\n+++\n",
        "a.md:3: brnad: unknown field `brnad`, expected one of `title`"
    )]
    #[case::kind(
        "+++\nkind = \"policy\"\n+++\n",
        "a.md:2: kind: unknown variant `policy`, expected one of `brand`"
    )]
    #[case::platform(
        "+++\n\nplatform = \"myspace\"\n+++\n",
        "a.md:3: platform: \"myspace\" is not a platform; known: meta"
    )]
    #[case::platforms(
        "+++\nplatform = [\"meta\", \"x\"]\n+++\n",
        "a.md:2: platform: \"x\" is not a platform"
    )]
    #[case::brand("+++\nbrand = \"a b\"\n+++\n", "a.md:2: brand: \"a b\" is not a brand")]
    #[case::day(
        "+++\neffective_from = \"2026-02-30\"\n+++\n",
        "a.md:2: effective_from: \"2026-02-30\" is not a date"
    )]
    #[case::order(
        "+++\neffective_from = 2026-02-01\neffective_to = 2026-01-01\n+++\n",
        "a.md:3: effective_to: 2026-01-01 is before effective_from 2026-02-01"
    )]
    #[case::language("+++\nlanguage = \"english\"\n+++\n", "a.md:2: language: a language has two letters")]
    #[case::leave(
        "+++\nmay_leave_host = \"yes\"\n+++\n",
        "a.md:2: may_leave_host: invalid type: string \"yes\", expected a boolean"
    )]
    #[case::open("+++\ntitle = \"x\"\n", "a.md:1: the statements at its start have no end")]
    #[case::yaml("---\ntitle: x\n---\n", "a.md:1: begins with YAML")]
    fn a_mistake_is_named_with_its_line(#[case] text: &str, #[case] expected: &str) {
        let words = read("a.md", text).unwrap_err().to_string();
        assert!(words.starts_with(expected), "{words}");
    }
}
