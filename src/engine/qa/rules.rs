//! Rules as data: what QA checks, how bad it is and what it says. The code knows kinds of checks, the data knows the
//! house's rules.
//!
//! Why data: a trafficker wants to read, an admin to change what blocks a deploy, without a new build. Every run
//! records the version of the rules it judged by, and a deploy asks for the rules in force.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::engine::model::{
    json::{CanonicalJson, Sha},
    platform::PlatformId,
    ticket::{RequestType, Severity},
};

/// What a rule looks at. Each kind offers its own placeholders to the rule's words ([`Check::words`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Check {
    /// The name parses back to exactly its campaign's codes and the ticket's channel.
    NameParses,
    /// No text or id of the payload is on a list.
    BlockedTerms {
        /// The list's id.
        list: String,
        /// Only for family-friendly brands.
        family_only: bool,
    },
    /// Everything targeted by id also carries its name: a bare id cannot be judged by words.
    Unnamed {
        /// Keys of the lists meant: `interests`.
        keys: Vec<String>,
        /// Only for family-friendly brands.
        family_only: bool,
    },
    /// A budget is there.
    BudgetPresent,
    /// The budget is above zero.
    BudgetPositive,
    /// The budget is in the account's currency.
    BudgetCurrency,
    /// The budget is within the limit of one ticket.
    BudgetLimit {
        /// Highest daily budget in whole main units; the policy's where absent.
        #[serde(default)]
        daily: Option<u64>,
        /// Highest lifetime budget in whole main units; the policy's where absent.
        #[serde(default)]
        lifetime: Option<u64>,
    },
    /// The daily budget is within the market's cap, where that is in the same currency.
    MarketCap,
    /// First and last day are there.
    FlightPresent,
    /// The last day is not before the first.
    FlightOrder,
    /// A lifetime budget has a last day to be spent by.
    FlightEnd,
    /// The first day is not past.
    FlightStart,
    /// Every field the platform needs is there.
    FieldsPresent,
    /// Every field is one the platform knows.
    FieldsKnown,
    /// Every value has its field's shape.
    FieldsShape,
    /// Every choice is one the platform offers.
    FieldsChoice,
    /// Every number, length and count is within its field's bounds.
    FieldsBounds,
    /// Every file is of a type, size and dimensions its field takes.
    FilesFit,
    /// Every file is in the store, whole.
    FilesKept,
    /// Targeting names at least one country.
    GeoPresent,
    /// Every country is an ISO code in upper case.
    GeoCountry,
    /// Every country belongs to the campaign's market.
    GeoMarket,
    /// Every city or region says which country it is in.
    GeoPlaced,
    /// The platform's own checks find nothing.
    Platform,
    /// A change request carries only what it sends.
    Unused,
    /// Always finds something: for a rule set that cannot be read, or a house that wants everything stopped.
    Closed,
}

impl Check {
    /// Placeholders its rule's words may use besides `{field}`.
    pub const fn words(&self) -> &'static [&'static str] {
        match self {
            Self::NameParses => &["name", "why", "fix"],
            Self::BlockedTerms { .. } => &["list", "term", "text", "brand"],
            Self::BudgetPresent | Self::FlightPresent | Self::Unused => &["request"],
            Self::BudgetPositive => &["budget"],
            Self::BudgetCurrency => &["budget", "currency", "account"],
            Self::BudgetLimit { .. } => &["budget", "limit", "kind"],
            Self::MarketCap => &["budget", "limit", "market"],
            Self::FlightOrder | Self::FlightEnd | Self::FlightStart => &["start", "end", "today"],
            Self::FieldsPresent => &["title", "because", "help"],
            Self::FieldsKnown => &["name", "hint"],
            Self::FieldsShape => &["title", "value", "shape"],
            Self::FieldsChoice => &["title", "value", "choices"],
            Self::FieldsBounds => &["title", "value", "bound"],
            Self::Unnamed { .. } => &["id", "brand"],
            Self::GeoPlaced => &["value"],
            Self::GeoPresent => &["market", "countries"],
            Self::GeoCountry => &["value", "hint"],
            Self::GeoMarket => &["value", "market", "countries"],
            Self::Platform | Self::FilesFit => &["why", "fix"],
            Self::FilesKept => &["name", "hash"],
            Self::Closed => &[],
        }
    }
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name in findings and filters, `budget.limit`.
    pub id: String,
    /// Whether it blocks.
    pub severity: Severity,
    /// What it looks at.
    pub check: Check,
    /// What is wrong, with the check's placeholders in braces.
    pub message: String,
    /// What to do, likewise.
    pub remedy: String,
    /// Only on these platforms; empty = on all.
    #[serde(default)]
    pub platforms: Vec<PlatformId>,
    /// Only for these requests; empty = for all.
    #[serde(default)]
    pub requests: Vec<RequestType>,
}

impl Rule {
    /// True when it applies to a request on a platform.
    pub fn applies(&self, platform: PlatformId, request: RequestType) -> bool {
        (self.platforms.is_empty() || self.platforms.contains(&platform))
            && (self.requests.is_empty() || self.requests.contains(&request))
    }
}

/// Words and ids that must not appear, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermList {
    /// What rules call it.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Words or phrases, matched without regard to case and accents on word boundaries. A `*` at the end of a word
    /// matches every ending.
    pub terms: Vec<String>,
    /// Phrases in which a term is harmless: `ginger beer`.
    #[serde(default)]
    pub except: Vec<String>,
    /// Ids of blocked interests by platform.
    #[serde(default)]
    pub ids: Vec<PlatformIds>,
}

/// Blocked ids of one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformIds {
    /// The platform.
    pub platform: PlatformId,
    /// The ids, as the platform writes them.
    pub ids: Vec<String>,
}

/// Every rule of the house, in the order findings are shown, and the lists they use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// What people call it.
    pub title: String,
    /// The rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
    /// Keys of a payload below which blocked words are welcome, because they exclude: `exclusions`. A `*` at the end
    /// matches every ending.
    #[serde(default)]
    pub excluding: Vec<String>,
    /// Keys of a payload below which a country says where an ad is shown: `geo_locations`. Likewise with `*`.
    #[serde(default)]
    pub placing: Vec<String>,
    /// Keys whose entries stand for many countries at once: `country_groups`. Likewise with `*`.
    #[serde(default)]
    pub grouping: Vec<String>,
    /// The lists.
    #[serde(default, rename = "list")]
    pub lists: Vec<TermList>,
}

impl RuleSet {
    /// Reads a rule set from TOML and checks it. The error says everything that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        let set: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        let problems = set.problems();
        if problems.is_empty() {
            Ok(set)
        } else {
            Err(problems.join("; "))
        }
    }

    /// Everything wrong with the set itself: repeated ids, unknown lists, placeholders no check fills.
    pub fn problems(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.rules.is_empty() {
            out.push("a rule set without rules would let everything pass".to_owned());
        }
        for (n, rule) in self.rules.iter().enumerate() {
            if self.rules.iter().take(n).any(|r| r.id == rule.id) {
                out.push(format!("rule {} is there twice", rule.id));
            }
            for (what, text) in [("message", &rule.message), ("remedy", &rule.remedy)] {
                if text.trim().is_empty() {
                    out.push(format!("rule {} has no {what}", rule.id));
                }
                for word in placeholders(text) {
                    if word != "field" && !rule.check.words().contains(&word) {
                        out.push(format!(
                            "rule {}: its {what} uses {{{word}}}, which its check does not fill",
                            rule.id
                        ));
                    }
                }
            }
            if let Check::BlockedTerms { list, .. } = &rule.check
                && self.list(list).is_none()
            {
                out.push(format!("rule {} uses the list {list}, which is not there", rule.id));
            }
        }
        for (n, list) in self.lists.iter().enumerate() {
            if self.lists.iter().take(n).any(|l| l.id == list.id) {
                out.push(format!("list {} is there twice", list.id));
            }
        }
        out
    }

    /// A list by id.
    pub fn list(&self, id: &str) -> Option<&TermList> {
        self.lists.iter().find(|l| l.id == id)
    }

    /// Hash over everything in the set: what a QA run and a deploy compare.
    pub fn version(&self) -> Sha {
        serde_json::to_value(self).map_or_else(|_| Sha::default(), |v| CanonicalJson::new(&v).hash())
    }

    /// A set that lets nothing pass: what stands in when the real one cannot be read.
    pub(super) fn closed(why: &str) -> Self {
        let why = why.replace(['{', '}'], "");
        Self {
            title: "unreadable rules".to_owned(),
            rules: vec![Rule {
                id: "rules.unreadable".to_owned(),
                severity: Severity::Error,
                check: Check::Closed,
                message: format!("the QA rules cannot be read: {why}"),
                remedy: "install a build whose rules are whole".to_owned(),
                platforms: Vec::new(),
                requests: Vec::new(),
            }],
            excluding: Vec::new(),
            placing: Vec::new(),
            grouping: Vec::new(),
            lists: Vec::new(),
        }
    }
}

/// The names in braces of a template.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(word, _)| word))
}

/// The rules in force: today the house's own, built in.
pub fn rules_in_force() -> &'static RuleSet {
    static HOUSE: LazyLock<RuleSet> = LazyLock::new(|| {
        let text = concat!(
            include_str!("../../../assets/qa/rules.toml"),
            "\n",
            include_str!("../../../assets/qa/brand_safety.toml")
        );
        RuleSet::from_toml(text).unwrap_or_else(|why| RuleSet::closed(&why))
    });
    &HOUSE
}

/// [`RuleSet::version`] of the rules in force, worked out once: every start of a deploy asks.
pub fn version_in_force() -> Sha {
    static VERSION: LazyLock<Sha> = LazyLock::new(|| rules_in_force().version());
    *VERSION
}
