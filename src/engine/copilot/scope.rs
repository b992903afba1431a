//! For what a document holds, and where a question stands.
//!
//! Invariants
//! - A dimension a document says nothing about holds for everything there.
//! - A dimension a question says nothing about shuts nothing out.
//! - Values are compared in one spelling: brands, markets and objectives in upper case, platforms as this program
//!   writes them; `-` is `_`.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::engine::model::{platform::PlatformId, sanitise::excerpt};

/// Longest value, in characters.
const VALUE_MAX: usize = 40;

/// One way in which documents are meant for some questions only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Brand code.
    Brand,
    /// Platform.
    Platform,
    /// Market code.
    Market,
    /// The campaign's objective in the platform's word.
    Objective,
}

impl Dimension {
    /// Every dimension, in declaration order.
    pub const ALL: [Self; 4] = [Self::Brand, Self::Platform, Self::Market, Self::Objective];

    /// The word in front matter, configuration and questions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Brand => "brand",
            Self::Platform => "platform",
            Self::Market => "market",
            Self::Objective => "objective",
        }
    }

    /// Brings a value into the one spelling, or says what is wrong with it.
    pub fn value(self, text: &str) -> Result<String, String> {
        let text = text.trim();
        if self == Self::Platform {
            let word = text.replace('-', "_");
            return PlatformId::from_str(&word).map(|p| p.as_str().to_owned());
        }
        let fits = !text.is_empty()
            && text.len() <= VALUE_MAX
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if !fits {
            return Err(format!(
                "\"{}\" is not a {self}: 1 to {VALUE_MAX} letters, digits, _ or -",
                excerpt(text, 24)
            ));
        }
        Ok(text.replace('-', "_").to_ascii_uppercase())
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// For what a document holds: a set per dimension, empty = for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// Brand codes.
    pub brand: BTreeSet<String>,
    /// Platforms.
    pub platform: BTreeSet<String>,
    /// Market codes.
    pub market: BTreeSet<String>,
    /// Objectives.
    pub objective: BTreeSet<String>,
}

impl Scope {
    /// The values of one dimension.
    pub const fn of(&self, dimension: Dimension) -> &BTreeSet<String> {
        match dimension {
            Dimension::Brand => &self.brand,
            Dimension::Platform => &self.platform,
            Dimension::Market => &self.market,
            Dimension::Objective => &self.objective,
        }
    }

    /// The values of one dimension, to be changed.
    pub const fn of_mut(&mut self, dimension: Dimension) -> &mut BTreeSet<String> {
        match dimension {
            Dimension::Brand => &mut self.brand,
            Dimension::Platform => &mut self.platform,
            Dimension::Market => &mut self.market,
            Dimension::Objective => &mut self.objective,
        }
    }

    /// True when a document with this scope may speak to a question that stands there.
    pub fn holds_for(&self, standing: &Standing) -> bool {
        Dimension::ALL.into_iter().all(|d| {
            let set = self.of(d);
            standing.of(d).is_none_or(|value| set.is_empty() || set.contains(value))
        })
    }

    /// True when there can be a question both scopes hold for.
    pub fn meets(&self, other: &Self) -> bool {
        Dimension::ALL.into_iter().all(|d| {
            let (a, b) = (self.of(d), other.of(d));
            a.is_empty() || b.is_empty() || !a.is_disjoint(b)
        })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> = Dimension::ALL
            .into_iter()
            .filter(|d| !self.of(*d).is_empty())
            .map(|d| {
                let values: Vec<_> = self.of(d).iter().map(String::as_str).collect();
                format!("{d}:{}", values.join(","))
            })
            .collect();
        f.pad(&if parts.is_empty() {
            "all".to_owned()
        } else {
            parts.join(" ")
        })
    }
}

/// Where a question stands: at most one value per dimension, `None` = not said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Standing {
    /// Brand code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Market code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub market: Option<String>,
    /// Objective.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objective: Option<String>,
}

impl Standing {
    /// The value of one dimension.
    pub fn of(&self, dimension: Dimension) -> Option<&String> {
        match dimension {
            Dimension::Brand => self.brand.as_ref(),
            Dimension::Platform => self.platform.as_ref(),
            Dimension::Market => self.market.as_ref(),
            Dimension::Objective => self.objective.as_ref(),
        }
    }

    /// Sets one dimension.
    pub fn set(&mut self, dimension: Dimension, value: String) {
        *match dimension {
            Dimension::Brand => &mut self.brand,
            Dimension::Platform => &mut self.platform,
            Dimension::Market => &mut self.market,
            Dimension::Objective => &mut self.objective,
        } = Some(value);
    }

    /// True when nothing is said.
    pub fn is_anywhere(&self) -> bool {
        Dimension::ALL.into_iter().all(|d| self.of(d).is_none())
    }

    /// What `self` says, and where it is silent, what `other` says.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let mut out = self.clone();
        for d in Dimension::ALL {
            if let (None, Some(value)) = (self.of(d), other.of(d)) {
                out.set(d, value.clone());
            }
        }
        out
    }

    /// Brings every value into the one spelling; the first that does not fit is named with its dimension.
    pub fn checked(&self) -> Result<Self, (Dimension, String)> {
        let mut out = Self::default();
        for d in Dimension::ALL {
            if let Some(value) = self.of(d) {
                out.set(d, d.value(value).map_err(|reason| (d, reason))?);
            }
        }
        Ok(out)
    }

    /// Takes `@brand:ACM @platform:meta @market:US @objective:...` out of a question. What is left is the question.
    /// A value that does not fit stays in the text: it is words then.
    pub fn taken_from(question: &str) -> (Self, String) {
        let mut standing = Self::default();
        let mut words = Vec::new();
        for word in question.split_whitespace() {
            let said = word.strip_prefix('@').and_then(|w| w.split_once(':'));
            let found = said.and_then(|(name, value)| {
                let d = Dimension::ALL
                    .into_iter()
                    .find(|d| d.as_str().eq_ignore_ascii_case(name))?;
                Some((d, d.value(value.trim_end_matches([',', '.', ';', '?'])).ok()?))
            });
            match found {
                Some((d, value)) => standing.set(d, value),
                None => words.push(word),
            }
        }
        (standing, words.join(" "))
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> = Dimension::ALL
            .into_iter()
            .filter_map(|d| Some(format!("{d}:{}", self.of(d)?)))
            .collect();
        f.pad(&if parts.is_empty() {
            "anywhere".to_owned()
        } else {
            parts.join(" ")
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::{option, prelude::*};
    use rstest::rstest;

    use super::*;

    fn scope(brand: &[&str], platform: &[&str]) -> Scope {
        Scope {
            brand: brand.iter().map(|s| (*s).to_owned()).collect(),
            platform: platform.iter().map(|s| (*s).to_owned()).collect(),
            ..Scope::default()
        }
    }

    fn standing(text: &str) -> Standing {
        Standing::taken_from(text).0
    }

    #[rstest]
    #[case::for_all(scope(&[], &[]), "@brand:ACM @platform:meta", true)]
    #[case::in_both(scope(&["ACM"], &["meta"]), "@brand:ACM @platform:meta", true)]
    #[case::other_brand(scope(&["NOV"], &["meta"]), "@brand:ACM @platform:meta", false)]
    #[case::other_platform(scope(&["ACM"], &["tiktok"]), "@brand:ACM @platform:meta", false)]
    #[case::not_said(scope(&["ACM"], &["tiktok"]), "@brand:ACM", true)]
    #[case::one_of_two(scope(&["ACM", "NOV"], &[]), "@brand:nov", true)]
    fn a_scope_holds(#[case] scope: Scope, #[case] at: &str, #[case] holds: bool) {
        assert_eq!(scope.holds_for(&standing(at)), holds);
    }

    #[rstest]
    #[case(
        "may this run? @brand:acm @platform:google-ads, please",
        "brand:ACM platform:google_ads",
        "may this run? please"
    )]
    #[case("mail me @home", "anywhere", "mail me @home")]
    #[case("@platform:myspace video", "anywhere", "@platform:myspace video")]
    #[case("@market:US_ES", "market:US_ES", "")]
    fn a_question_says_where_it_stands(#[case] question: &str, #[case] at: &str, #[case] left: &str) {
        let (standing, rest) = Standing::taken_from(question);
        assert_eq!((standing.to_string().as_str(), rest.as_str()), (at, left));
    }

    fn any_scope() -> impl Strategy<Value = Scope> {
        let set = || proptest::collection::btree_set("[AB]", 0..3);
        (set(), set(), set(), set()).prop_map(|(brand, platform, market, objective)| Scope {
            brand,
            platform,
            market,
            objective,
        })
    }

    fn any_standing() -> impl Strategy<Value = Standing> {
        let value = || option::of("[AB]");
        (value(), value(), value(), value()).prop_map(|(brand, platform, market, objective)| Standing {
            brand,
            platform,
            market,
            objective,
        })
    }

    proptest! {
        /// Saying more never lets more documents in.
        #[test]
        fn a_narrower_question_finds_no_more(s in any_scope(), a in any_standing(), b in any_standing()) {
            if s.holds_for(&a.or(&b)) {
                prop_assert!(s.holds_for(&a));
            }
        }

        #[test]
        fn scopes_that_hold_for_one_question_meet(s in any_scope(), t in any_scope(), at in any_standing()) {
            let full = at.or(&Standing {
                brand: Some("A".into()), platform: Some("A".into()), market: Some("A".into()), objective: Some("A".into()),
            });
            if s.holds_for(&full) && t.holds_for(&full) {
                prop_assert!(s.meets(&t) && t.meets(&s));
            }
        }

        #[test]
        fn no_scope_holds_for_everything(at in any_standing()) {
            prop_assert!(Scope::default().holds_for(&at));
        }
    }
}
