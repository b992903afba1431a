//! Queries: taken apart, and held against the specification.

use super::{Field, SPEC, SpecFault, camel, check::FaultKind, field_at};

/// One condition of a WHERE clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `campaign.name`.
    pub field: String,
    /// `=`, `!=`, `LIKE`, `IN`, ...
    pub operator: String,
    /// The literal, unquoted.
    pub value: String,
}

/// A query taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The selected fields.
    pub select: Vec<String>,
    /// The resource.
    pub from: String,
    /// All of these must hold; there is no OR.
    pub conditions: Vec<Condition>,
}

/// One word of a query; literals keep a mark that they were quoted.
#[derive(Clone, Debug, PartialEq)]
enum Word {
    Plain(String),
    Literal(String),
}

/// Words, literals and commas. A raw line break inside a literal is an error, as Google says.
fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            ',' => out.push(Word::Plain(",".to_owned())),
            quote @ ('\'' | '"') => {
                let mut literal = String::new();
                loop {
                    match chars.next() {
                        None => return Err("UNBALANCED_QUOTE: a literal does not end".to_owned()),
                        Some('\n' | '\r') => return Err("PROHIBITED_NEWLINE_IN_STRING".to_owned()),
                        Some('\\') => literal.push(match chars.next() {
                            Some('n') => '\n',
                            Some('r') => '\r',
                            Some('t') => '\t',
                            Some(c @ ('\\' | '\'' | '"')) => c,
                            _ => return Err("BAD_ESCAPE_SEQUENCE".to_owned()),
                        }),
                        Some(c) if c == quote => break,
                        Some(c) => literal.push(c),
                    }
                }
                out.push(Word::Literal(literal));
            }
            '=' | '!' | '<' | '>' => {
                let mut operator = c.to_string();
                operator.extend(chars.next_if_eq(&'='));
                out.push(Word::Plain(operator));
            }
            c => {
                let mut word = c.to_string();
                while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || "._".contains(*c)) {
                    word.push(c);
                }
                out.push(Word::Plain(word));
            }
        }
    }
    Ok(out)
}

/// Takes a query apart; the reason is for people.
pub fn parse_query(text: &str) -> Result<Query, String> {
    let words = words(text)?;
    let mut words = words.into_iter().peekable();
    let keyword = |want: &str, got: Option<Word>| match got {
        Some(Word::Plain(w)) if w == want => Ok(()),
        other => Err(format!("expected {want}, found {other:?}")),
    };
    keyword("SELECT", words.next())?;
    let mut select = Vec::new();
    loop {
        match words.next() {
            Some(Word::Plain(field)) if field.contains('.') => select.push(field),
            other => return Err(format!("expected a field, found {other:?}")),
        }
        match words.next() {
            Some(Word::Plain(w)) if w == "," => {}
            other => {
                keyword("FROM", other)?;
                break;
            }
        }
    }
    let from = match words.next() {
        Some(Word::Plain(from)) => from,
        other => return Err(format!("expected a resource, found {other:?}")),
    };
    let mut conditions = Vec::new();
    let mut before = "WHERE";
    while let Some(word) = words.next() {
        keyword(before, Some(word))?;
        before = "AND";
        let (Some(Word::Plain(field)), Some(Word::Plain(operator)), Some(value)) =
            (words.next(), words.next(), words.next())
        else {
            return Err("a condition is not field, operator, value".to_owned());
        };
        let value = match value {
            Word::Plain(v) | Word::Literal(v) => v,
        };
        conditions.push(Condition { field, operator, value });
    }
    Ok(Query {
        select,
        from,
        conditions,
    })
}

/// Where a field stands in a row: `campaign_budget.amount_micros` at `/campaignBudget/amountMicros`.
pub fn row_path(field: &str) -> String {
    let parts: Vec<String> = field.split('.').map(camel).collect();
    format!("/{}", parts.join("/"))
}

/// The specification's field; `None` for one it does not know.
fn known(field: &str) -> Option<&'static Field> {
    let (resource, path) = field.split_once('.')?;
    let message = SPEC.gaql.resources.get(resource)?;
    let path: Vec<String> = path.split('.').map(camel).collect();
    field_at(message, &path.join("."))
}

/// Every fault of a query.
pub(super) fn check_query(text: &str) -> Vec<SpecFault> {
    let fault = |kind, words: String| SpecFault::at(kind, "query", words);
    let query = match parse_query(text) {
        Ok(query) => query,
        Err(why) => return vec![fault(FaultKind::BadQuery, why)],
    };
    let mut faults = Vec::new();
    let Some(joined) = SPEC.gaql.joins.get(&query.from) else {
        return vec![fault(
            FaultKind::UnknownField,
            format!("there is no resource {}", query.from),
        )];
    };
    let used = query.select.iter().chain(query.conditions.iter().map(|c| &c.field));
    for field in used {
        let resource = field.split('.').next().unwrap_or_default();
        match known(field) {
            None => faults.push(fault(FaultKind::UnknownField, format!("there is no field {field}"))),
            Some(f) if super::fields(&f.ty).is_some() => {
                faults.push(fault(FaultKind::UnknownField, format!("{field} is no single field")));
            }
            Some(_) if !joined.iter().any(|j| j == resource) => faults.push(fault(
                FaultKind::UnknownField,
                format!("{field} cannot be selected from {}", query.from),
            )),
            Some(_) => {}
        }
    }
    for condition in &query.conditions {
        if !["=", "!=", "<", ">", "<=", ">=", "LIKE"].contains(&condition.operator.as_str()) {
            faults.push(fault(
                FaultKind::BadQuery,
                format!("there is no operator {}", condition.operator),
            ));
        }
        let words = known(&condition.field)
            .and_then(|f| f.enumeration.as_deref())
            .and_then(super::enum_values);
        if words.is_some_and(|w| !w.contains(&condition.value)) {
            faults.push(fault(
                FaultKind::WrongValue,
                format!("{} is no value of {}", condition.value, condition.field),
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_query_is_taken_apart() {
        let query = parse_query(
            r"SELECT campaign.id, campaign.name FROM campaign WHERE campaign.name = 'it\'s' AND campaign.status != 'REMOVED'",
        )
        .unwrap();
        assert_eq!(query.select, ["campaign.id", "campaign.name"]);
        assert_eq!(query.conditions[0].value, "it's");
        assert_eq!(query.conditions[1].operator, "!=");
        assert_eq!(
            row_path("campaign_budget.amount_micros"),
            "/campaignBudget/amountMicros"
        );
    }

    #[rstest]
    #[case("SELECT campaign.id FROM campaign", 0)]
    #[case("SELECT campaign.colour FROM campaign", 1)]
    #[case("SELECT campaign.network_settings FROM campaign", 1)]
    #[case("SELECT ad_group.id FROM campaign", 1)]
    #[case("SELECT campaign.id FROM planets", 1)]
    #[case("SELECT campaign.id FROM campaign WHERE campaign.status = 'GONE'", 1)]
    #[case(
        "SELECT campaign.id FROM campaign WHERE campaign.name = 'a' OR campaign.name = 'b'",
        1
    )]
    #[case("SELECT campaign.id FROM campaign WHERE campaign.name = 'a\nb'", 1)]
    #[case("SELECT campaign.id FROM campaign WHERE campaign.name = 'a", 1)]
    #[case("SELECT FROM campaign", 1)]
    fn faults_are_found(#[case] text: &str, #[case] faults: usize) {
        assert_eq!(check_query(text).len(), faults, "{:?}", check_query(text));
    }
}
