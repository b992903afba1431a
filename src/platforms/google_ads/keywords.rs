//! Keywords in the notation people know from Google Ads: `shoes` matches broadly, `"trail shoes"` the phrase,
//! `[trail shoes]` exactly.

use serde_json::{Value, json};

/// Longest keyword, in characters.
const MAX_CHARS: usize = 80;
/// Most words.
const MAX_WORDS: usize = 10;

/// A keyword as Google wants it: `{"text": .., "matchType": ..}`, or why it is none.
pub fn parse(written: &str) -> Result<Value, String> {
    let written = written.trim();
    let inside = |open: char, close: char| written.strip_prefix(open).and_then(|t| t.strip_suffix(close));
    let (text, match_type) = if let Some(text) = inside('[', ']') {
        (text, "EXACT")
    } else if let Some(text) = inside('"', '"') {
        (text, "PHRASE")
    } else {
        (written, "BROAD")
    };
    let text = text.trim();
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    if text.contains(['"', '[', ']']) {
        return Err("has a quote or bracket that does not stand around the whole keyword".to_owned());
    }
    let (chars, words) = (text.chars().count(), text.split_whitespace().count());
    if chars > MAX_CHARS {
        return Err(format!("has {chars} characters; Google takes {MAX_CHARS}"));
    }
    if words > MAX_WORDS {
        return Err(format!("has {words} words; Google takes {MAX_WORDS}"));
    }
    Ok(json!({"text": text, "matchType": match_type}))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("shoes", "shoes", "BROAD")]
    #[case("  \"trail shoes\" ", "trail shoes", "PHRASE")]
    #[case("[trail shoes]", "trail shoes", "EXACT")]
    #[case("[ büro ]", "büro", "EXACT")]
    fn notation(#[case] written: &str, #[case] text: &str, #[case] match_type: &str) {
        assert_eq!(parse(written), Ok(json!({"text": text, "matchType": match_type})));
    }

    #[rstest]
    #[case("")]
    #[case("[]")]
    #[case("\"\"")]
    #[case("[open")]
    #[case("a \"b\" c")]
    #[case("a b c d e f g h i j k")]
    fn what_is_none(#[case] written: &str) {
        assert!(parse(written).is_err());
    }

    #[test]
    fn long_ones_are_refused_by_characters() {
        assert!(parse(&"ü".repeat(80)).is_ok());
        assert!(parse(&"ü".repeat(81)).is_err());
    }
}
