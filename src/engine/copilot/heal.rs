//! Fixes that need no model: from what is wrong to a patch, by a table.
//!
//! Why a table: most refusals have one answer, the same every time, and a rule that gives it is free, instant, tested
//! and never imaginative. What it proposes passes the same gate as everything else ([`super::propose`]) and is applied
//! by a person.
//!
//! Invariants
//! - Pure: the same case gives the same fix.
//! - A rule is sure or silent: where two answers are possible it gives none.
//! - Platforms' own rules go first; what the field catalogue alone can tell comes after them.

mod edit;
mod google_ads;
mod lists;
mod meta;
mod schedule;
mod shape;
mod text;
mod tiktok;
mod words;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub use self::edit::Edit;
use super::propose::allow::plain;
use crate::engine::model::{
    catalogue::{Catalogue, FieldSpec, ObjectSpec, get_path},
    path::FieldPath,
    platform::PlatformId,
    proposal::{Ailment, Content},
    time::Day,
};

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The platform.
    pub platform: PlatformId,
    /// Its fields.
    pub catalogue: &'a Catalogue,
    /// The content as it is.
    pub content: &'a Content,
    /// What is wrong with it.
    pub ailment: &'a Ailment,
    /// The present day at the account.
    pub today: Day,
}

impl<'a> Case<'a> {
    /// The described field that is blamed.
    fn field(&self) -> Option<(&'a ObjectSpec, &'a FieldSpec)> {
        let field = plain(self.ailment.field.as_ref()?);
        let below = field.strip_prefix("payload.")?;
        // A blame may go deeper than the catalogue: the field above it is meant.
        let mut at = below;
        loop {
            if let Some(found) = self.catalogue.field(at) {
                return Some(found);
            }
            at = at.rsplit_once('.')?.0;
        }
    }

    /// What stands at a dotted path of the content.
    fn at(&self, path: &str) -> Option<&'a Value> {
        get_path(self.content.value(), path)
    }

    /// The blamed field with its path in the content and what stands there.
    fn blamed(&self) -> Option<(&'a FieldSpec, String, Option<&'a Value>)> {
        let (object, spec) = self.field()?;
        let path = format!("payload.{}.{}", object.section, spec.path);
        let value = self.at(&path);
        Some((spec, path, value))
    }

    /// The item of a list that is blamed: the 2 of `interests[2]`.
    fn item(&self) -> Option<usize> {
        let field = self.ailment.field.as_ref().map(FieldPath::as_str)?;
        let (_, rest) = field.split_once('[')?;
        rest.split_once(']')?.0.parse().ok()
    }

    /// True for one of these codes.
    fn is(&self, codes: &[&str]) -> bool {
        codes.contains(&self.ailment.code.as_str())
    }
}

/// A change with its reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What to change.
    pub edits: Vec<Edit>,
    /// Why, one sentence for people.
    pub because: String,
}

impl Fix {
    fn one(edit: Edit, because: impl Into<String>) -> Self {
        Self {
            edits: vec![edit],
            because: because.into(),
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its stable name, in proposals and the journal.
    pub name: &'static str,
    /// The platform it is for; `None` = any.
    pub platform: Option<PlatformId>,
    /// The fix, where it knows one.
    pub fix: fn(&Case<'_>) -> Option<Fix>,
}

const fn rule(name: &'static str, platform: Option<PlatformId>, fix: fn(&Case<'_>) -> Option<Fix>) -> Rule {
    Rule { name, platform, fix }
}

/// The table, in the order it is read.
pub const RULES: &[Rule] = &[
    rule("meta.sharing_off", Some(PlatformId::Meta), meta::sharing_off),
    rule(
        "meta.attribution_default",
        Some(PlatformId::Meta),
        meta::attribution_default,
    ),
    rule("meta.placement_gone", Some(PlatformId::Meta), meta::placement_gone),
    rule("meta.interest_gone", Some(PlatformId::Meta), meta::interest_gone),
    rule("tiktok.minors_out", Some(PlatformId::Tiktok), tiktok::minors_out),
    rule("tiktok.no_emoji", Some(PlatformId::Tiktok), tiktok::no_emoji),
    rule("google_ads.network", Some(PlatformId::GoogleAds), google_ads::network),
    rule(
        "google_ads.line_too_long",
        Some(PlatformId::GoogleAds),
        google_ads::line_too_long,
    ),
    rule(
        "google_ads.path2_alone",
        Some(PlatformId::GoogleAds),
        google_ads::path2_alone,
    ),
    rule("start_in_the_past", None, schedule::start_in_the_past),
    rule("stray_spaces", None, text::stray_spaces),
    rule("word_misspelt", None, words::word_misspelt),
    rule("wrong_type", None, shape::wrong_type),
    rule("address_without_scheme", None, text::address_without_scheme),
    rule("text_over_limit", None, text::text_over_limit),
    rule("number_out_of_range", None, shape::number_out_of_range),
    rule("said_twice", None, lists::said_twice),
    rule("list_too_long", None, lists::list_too_long),
    rule("usual_value_missing", None, shape::usual_value_missing),
];

/// The first rule that knows a fix.
pub fn heal(case: &Case<'_>) -> Option<(&'static Rule, Fix)> {
    RULES
        .iter()
        .filter(|r| r.platform.is_none_or(|p| p == case.platform))
        .find_map(|r| Some((r, (r.fix)(case)?)))
}
