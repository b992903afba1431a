//! What only TikTok refuses. Codes and their meaning: `assets/platforms/tiktok/errors.toml`.

use serde_json::{Value, json};

use super::{
    Case, Edit, Fix,
    text::{each_text, length},
};
use crate::engine::model::catalogue::FieldType;

/// 13 to 17 in the United States limits the rest of the targeting (40065): without them the rest may stay.
pub fn minors_out(case: &Case<'_>) -> Option<Fix> {
    const AGES: &str = "payload.ad_group.age_groups";
    if !case.is(&["40065"]) {
        return None;
    }
    let ages = case.at(AGES)?.as_array()?;
    let kept: Vec<&Value> = ages.iter().filter(|a| a.as_str() != Some("AGE_13_17")).collect();
    // An empty list means everybody.
    if kept.is_empty() || kept.len() == ages.len() {
        return None;
    }
    let because = "TikTok does not take this targeting together with 13 to 17 in the United States";
    Some(Fix::one(Edit::Set(AGES.to_owned(), json!(kept)), because))
}

/// Emoji in an ad's text, which TikTok does not take (the field's help in the catalogue says so).
pub fn no_emoji(case: &Case<'_>) -> Option<Fix> {
    let (spec, path, value) = case.blamed()?;
    if spec.ty != FieldType::Text || !matches!(spec.path.as_str(), "ad_text" | "display_name") {
        return None;
    }
    let without = |text: &str| {
        let kept: String = text.chars().filter(|c| !is_emoji(*c)).collect();
        kept.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let text = value?.as_str()?;
    if !text.chars().any(is_emoji) {
        return None;
    }
    let clean = each_text(value?, &without).filter(|v| v.as_str().is_some_and(|t| length(t) > 0))?;
    Some(Fix::one(
        Edit::Set(path, clean),
        format!("{} has emoji, which TikTok does not take", spec.title),
    ))
}

/// Pictographs, their joiners and their colours; no letters, digits or punctuation.
const fn is_emoji(c: char) -> bool {
    matches!(c as u32, 0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0xFE0F | 0x200D | 0x20E3)
}
