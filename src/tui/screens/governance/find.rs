//! The filter of small lists that are at hand whole: words and `field:value`, `!` for not. Same grammar as the ticket
//! filter, judged here because the rows are here.

/// A filter that was parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Find {
    text: String,
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    not: bool,
    field: Option<String>,
    value: String,
}

impl Find {
    /// Parses; `fields` are the names before a colon that mean something here.
    pub fn parse(text: &str, fields: &[&str]) -> Result<Self, String> {
        let mut terms = Vec::new();
        for part in text.split_whitespace() {
            let (not, part) = part.strip_prefix('!').map_or((false, part), |rest| (true, rest));
            let (field, value) = match part.split_once(':') {
                Some((field, value)) => (Some(field.to_lowercase()), value.to_lowercase()),
                None => (None, part.to_lowercase()),
            };
            if let Some(field) = &field
                && !fields.contains(&field.as_str())
            {
                let known = if fields.is_empty() {
                    "only words are known here".to_owned()
                } else {
                    format!("known: {}", fields.join(", "))
                };
                return Err(format!("\"{field}\" is not a filter field; {known}"));
            }
            if value.is_empty() {
                return Err(format!("\"{part}\" needs a word after it"));
            }
            terms.push(Term { not, field, value });
        }
        Ok(Self {
            text: text.trim().to_owned(),
            terms,
        })
    }

    /// The text it was parsed from.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True when a row passes: `words` is all of its text, `fields` its values by name.
    pub fn fits(&self, words: &str, fields: &[(&str, &str)]) -> bool {
        let words = words.to_lowercase();
        self.terms.iter().all(|t| {
            let hit = t.field.as_ref().map_or_else(
                || words.contains(&t.value),
                |name| {
                    fields
                        .iter()
                        .any(|(f, v)| f == name && v.eq_ignore_ascii_case(&t.value))
                },
            );
            hit != t.not
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::everything("", true)]
    #[case::a_word("germ", true)]
    #[case::not("!germ", false)]
    #[case::field("market:de", true)]
    #[case::other_value("market:D", false)]
    #[case::both("market:de !brand:acm", false)]
    fn filters(#[case] text: &str, #[case] fits: bool) {
        let find = Find::parse(text, &["market", "brand"]).unwrap();
        assert_eq!(find.fits("DE Germany", &[("market", "DE"), ("brand", "ACM")]), fits);
    }

    #[rstest::rstest]
    #[case("owner:ana", "\"owner\" is not a filter field; known: market")]
    #[case("market:", "\"market:\" needs a word after it")]
    #[case("!", "\"\" needs a word after it")]
    fn typing_errors_are_said(#[case] text: &str, #[case] problem: &str) {
        assert_eq!(Find::parse(text, &["market"]).unwrap_err(), problem);
    }
}
