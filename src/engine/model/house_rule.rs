//! QA rules a house writes for itself: which tickets, and whether they are blocked, warned or have to hold something.
//!
//! They are data in the store, beside the rules built in. What a condition looks at and how it compares is
//! [`crate::engine::qa`]'s affair; here is how people write it: `brand is DIS, ACM`, `budget.daily above 500`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// Most rules of one house, retired ones included.
pub const RULES_MAX: usize = 100;
/// Most conditions of one rule.
pub const CONDITIONS_MAX: usize = 6;
/// Most values of one condition.
pub const VALUES_MAX: usize = 20;

/// How a condition compares. Letters are compared without regard to case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Test {
    /// The field is one of the values; of a list, any entry is.
    Is,
    /// The field is none of the values.
    IsNot,
    /// The field's text holds one of the values.
    Contains,
    /// The field's text holds none of the values.
    Lacks,
    /// The field is there.
    IsSet,
    /// The field is not there.
    IsEmpty,
    /// The field's number is above the value.
    Above,
    /// The field's number is below the value.
    Below,
}

impl Test {
    /// Every test, in the order of lists.
    pub const ALL: [Self; 8] = [
        Self::Is,
        Self::IsNot,
        Self::Contains,
        Self::Lacks,
        Self::IsSet,
        Self::IsEmpty,
        Self::Above,
        Self::Below,
    ];

    /// The word people write.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is-not",
            Self::Contains => "contains",
            Self::Lacks => "lacks",
            Self::IsSet => "is-set",
            Self::IsEmpty => "is-empty",
            Self::Above => "above",
            Self::Below => "below",
        }
    }

    /// True when it takes no values.
    pub const fn stands_alone(self) -> bool {
        matches!(self, Self::IsSet | Self::IsEmpty)
    }

    /// True when it takes one number.
    pub const fn wants_number(self) -> bool {
        matches!(self, Self::Above | Self::Below)
    }
}

/// One thing that must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What is looked at: one of [`FIELDS`], or a path below `payload`.
    pub field: String,
    /// How.
    pub test: Test,
    /// Against what; empty where the test takes nothing.
    pub values: Vec<String>,
}

/// Fields a condition may look at besides paths below `payload`, and what they are.
pub const FIELDS: [(&str, &str); 19] = [
    ("brand", "the brand's code, former ones too"),
    ("brand.family", "yes or no: the brand is family-friendly"),
    ("market", "the market's code, former ones too"),
    ("market.country", "the market's countries"),
    ("market.region", "the market's region"),
    ("channel", "the channel's code, former ones too"),
    ("platform", "meta, tiktok, google_ads"),
    ("account", "the account's id"),
    (
        "objective",
        "the campaign's objective, whatever the platform calls the field",
    ),
    ("request", "CREATE, UPDATE_BUDGET, PAUSE, RESUME or ARCHIVE"),
    ("name", "the platform name"),
    ("notes", "the notes"),
    ("assignee", "the owner's login name"),
    ("priority", "LOW, NORMAL, HIGH or URGENT"),
    ("budget.daily", "a daily budget, main units of its currency"),
    ("budget.lifetime", "a lifetime budget, main units of its currency"),
    ("budget.currency", "the budget's currency"),
    ("flight.days", "days from the first to the last"),
    ("payload", "every text of the payload"),
];

/// In front of a path into the payload.
pub const PAYLOAD: &str = "payload.";

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.test.as_str())?;
        if !self.values.is_empty() {
            write!(f, " {}", self.values.join(", "))?;
        }
        Ok(())
    }
}

impl FromStr for Condition {
    type Err = String;

    /// `FIELD TEST VALUES`, commas between values.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.trim().splitn(3, char::is_whitespace);
        let field = parts.next().unwrap_or_default().to_owned();
        let word = parts.next().unwrap_or_default().trim();
        let Some(test) = Test::ALL.into_iter().find(|t| t.as_str() == word) else {
            let known = Test::ALL.map(Test::as_str).join(", ");
            return Err(format!(
                "\"{text}\" is no condition: write FIELD TEST VALUES, such as `brand is DIS, ACM`; tests are {known}"
            ));
        };
        let values = parts.next().unwrap_or_default();
        Ok(Self {
            field,
            test,
            values: split_values(values),
        })
    }
}

/// Values as people write them: commas between several.
pub fn split_values(text: &str) -> Vec<String> {
    let values = text.split(',').map(str::trim).filter(|v| !v.is_empty());
    values.map(str::to_owned).collect()
}

/// What a rule does with a ticket all its conditions hold for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It may not be deployed.
    Block,
    /// It is told; nothing is blocked.
    Warn,
    /// It may be deployed only if this holds too.
    Require(Condition),
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleText {
    /// Its name in findings and filters, after `house.`: small letters, digits, `_` and `.`.
    pub name: String,
    /// All of these hold. None = every ticket; only with [`Effect::Require`].
    pub when: Vec<Condition>,
    /// What happens then.
    pub then: Effect,
    /// What a finding says; empty = the rule in words.
    pub message: String,
    /// What a finding advises; empty = to change the ticket or ask an admin.
    pub remedy: String,
}

impl RuleText {
    /// The rule in words: `brand is DIS and platform is meta: blocked`.
    pub fn in_words(&self) -> String {
        let when: Vec<String> = self.when.iter().map(ToString::to_string).collect();
        let when = if when.is_empty() {
            "every ticket".to_owned()
        } else {
            when.join(" and ")
        };
        match &self.then {
            Effect::Block => format!("{when}: blocked"),
            Effect::Warn => format!("{when}: warned"),
            Effect::Require(condition) => format!("{when}: needs {condition}"),
        }
    }
}

/// A rule of the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseRule {
    /// What it says.
    pub text: RuleText,
    /// How often it was written, from 1: what a change must name.
    pub version: u64,
    /// Retired rules stay readable and judge nothing.
    pub retired: bool,
    /// Login name of who wrote it last.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// All rules of the house, in the order they were first written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseRules {
    /// The rules.
    pub rules: Vec<HouseRule>,
}

impl HouseRules {
    /// What is judged by.
    pub fn in_force(&self) -> impl Iterator<Item = &RuleText> {
        self.rules.iter().filter(|r| !r.retired).map(|r| &r.text)
    }

    /// A rule by name.
    pub fn find(&self, name: &str) -> Option<&HouseRule> {
        self.rules.iter().find(|r| r.text.name == name)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("brand is DIS, ACM")]
    #[case("payload.ad_set.bid_amount above 12.5")]
    #[case("notes is-empty")]
    #[case("payload contains free money, casino")]
    fn what_is_written_reads_back(#[case] text: &str) {
        let condition: Condition = text.parse().unwrap();
        assert_eq!(condition.to_string(), text);
    }

    #[rstest]
    #[case("brand")]
    #[case("brand equals DIS")]
    #[case("")]
    fn no_test_no_condition(#[case] text: &str) {
        assert!(
            text.parse::<Condition>()
                .unwrap_err()
                .contains("such as `brand is DIS, ACM`")
        );
    }
}
