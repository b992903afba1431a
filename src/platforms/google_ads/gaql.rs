//! Queries in Google's query language.
//!
//! Invariants
//! - A literal is quoted so that no text from a ticket can end it: backslash first, then the quote, then control
//!   characters as escapes (a raw line break is an error there).
//! - `=` compares case and all. `LIKE` does not and has wildcards, which are taken literally in brackets.

use serde_json::json;

use crate::{
    engine::model::{json::CanonicalJson, platform::AccountId},
    platforms::{Body, WireRequest, google_ads::account::customer_id},
};

/// A text as a literal of a query.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// A text as a literal for `LIKE` that matches itself only, in either case.
pub fn literally(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' | '_' | '[' | ']' => pattern.extend(['[', c, ']']),
            c => pattern.push(c),
        }
    }
    quoted(&pattern)
}

/// The request that asks a query. `page` is the token of a further page.
pub fn search(account: &AccountId, query: &str, page: Option<&str>) -> WireRequest {
    let mut body = json!({ "query": query });
    if let (Some(page), Some(fields)) = (page, body.as_object_mut()) {
        fields.insert("pageToken".to_owned(), json!(page));
    }
    WireRequest::post(
        format!("/customers/{}/googleAds:search", customer_id(account)),
        Body::Json(CanonicalJson::new(&body)),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("plain", "'plain'")]
    #[case("it's", r"'it\'s'")]
    #[case(r"a\", r"'a\\'")]
    #[case(r"\' OR", r"'\\\' OR'")]
    #[case("a\nb", r"'a\nb'")]
    fn quoting(#[case] text: &str, #[case] want: &str) {
        assert_eq!(quoted(text), want);
    }

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(literally("50%_[a]"), "'50[%][_][[]a[]]'");
    }

    /// Reads a literal as the grammar says; the whole text must be the literal.
    fn unquoted(literal: &str) -> Option<String> {
        let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
        let mut out = String::new();
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            match c {
                '\'' | '\n' | '\r' => return None,
                '\\' => out.push(match chars.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    c @ ('\\' | '\'' | '"') => c,
                    _ => return None,
                }),
                c => out.push(c),
            }
        }
        Some(out)
    }

    proptest! {
        #[test]
        fn no_text_ends_its_literal(text in any::<String>()) {
            prop_assert_eq!(unquoted(&quoted(&text)), Some(text));
        }
    }
}
