//! Meta's errors: reading one from an answer, and what its code means (`assets/platforms/meta/errors.toml`).

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::platforms::{WireResponse, common::tables, words};

/// What an error is, before asking what it means for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// May pass by itself; whether it was executed is not known.
    Transient,
    /// May be tried once more, then it is final.
    TransientOnce,
    /// Too many calls; not executed.
    RateLimited,
    /// The token expired.
    AuthExpired,
    /// The token was taken away; only a person can mend that.
    AuthRevoked,
    /// The token or app may not do this on this account.
    Permission,
    /// The account may not advertise.
    Account,
    /// The API version is no longer served.
    Version,
    /// Blocked for policy violations.
    Policy,
    /// It exists already.
    Duplicate,
    /// Wrong for good.
    Invalid,
}

/// One row of the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The code, or
    #[serde(default)]
    pub code: Option<i64>,
    /// first and last of a range of codes.
    #[serde(default)]
    pub codes: Option<[i64; 2]>,
    /// The subcode; `None` = any.
    #[serde(default)]
    pub subcode: Option<i64>,
    /// What it is.
    pub class: Class,
    /// Seconds to wait when no usage header names a time.
    #[serde(default)]
    pub wait: Option<u64>,
    /// The ticket's field to blame when Meta names none.
    #[serde(default)]
    pub field: Option<String>,
    /// Where the knowledge comes from: official, community, unconfirmed.
    pub confidence: String,
    /// What it means, for a person.
    pub words: String,
}

impl Row {
    fn covers(&self, code: i64) -> bool {
        self.code == Some(code) || self.codes.is_some_and(|[a, b]| (a..=b).contains(&code))
    }
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    tables::rows(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/meta/errors.toml"
    )))
});

/// Every row, in file order.
pub fn rows() -> &'static [Row] {
    &ROWS
}

/// The row for a code with exactly this subcode.
fn exact(code: i64, subcode: i64) -> Option<&'static Row> {
    rows().iter().find(|r| r.covers(code) && r.subcode == Some(subcode))
}

/// The row for a code alone; a row of its own before a range.
fn general(code: i64) -> Option<&'static Row> {
    let mut fits = rows().iter().filter(|r| r.subcode.is_none() && r.covers(code));
    let first = fits.next()?;
    Some(if first.code.is_some() {
        first
    } else {
        fits.find(|r| r.code.is_some()).unwrap_or(first)
    })
}

/// An error as Meta wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiError {
    /// `code`.
    pub code: Option<i64>,
    /// `error_subcode`.
    pub subcode: Option<i64>,
    /// `is_transient`.
    pub is_transient: bool,
    /// The best words it has, fit to keep.
    pub words: String,
    /// `blame_field_specs`: paths of the parameters to blame.
    pub blame: Vec<Vec<String>>,
    /// `fbtrace_id`.
    pub trace: Option<String>,
}

impl ApiError {
    /// Reads the error of an answer's JSON; `None` when it holds none.
    pub fn of(body: &Value) -> Option<Self> {
        let error = match body.get("error")? {
            Value::Null => return None,
            error => error,
        };
        let whole = |key: &str| match error.get(key) {
            Some(Value::Number(n)) => n.as_i64(),
            Some(Value::String(s)) => s.parse().ok(),
            _ => None,
        };
        let text = |key: &str| error.get(key).and_then(Value::as_str).filter(|t| !t.trim().is_empty());
        let message = text("message").or_else(|| error.as_str());
        // "Invalid parameter" says nothing; title and user message say what is wrong.
        let said = match (text("error_user_title"), text("error_user_msg")) {
            (Some(title), Some(msg)) => format!("{title}: {msg}"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => message.unwrap_or("Meta gave no reason").to_owned(),
        };
        Some(Self {
            code: whole("code"),
            subcode: whole("error_subcode").filter(|s| *s != 0),
            is_transient: error.get("is_transient") == Some(&Value::Bool(true)),
            words: words::kept(&said),
            blame: blame(error),
            trace: text("fbtrace_id").map(words::kept),
        })
    }

    /// `100/1885621`.
    pub fn code_text(&self) -> Option<String> {
        let code = self.code?;
        Some(self.subcode.map_or_else(|| code.to_string(), |s| format!("{code}/{s}")))
    }

    /// What it is, and the row that says so. In this order: the row with code and subcode, `is_transient`, the row with
    /// the code alone, HTTP 429, HTTP 5xx, otherwise invalid.
    ///
    /// One exception: a rate limit stays one even when Meta adds that it is transient. It was not executed, and calling
    /// on would prolong the block.
    pub fn class(&self, http: u16) -> (Class, Option<&'static Row>) {
        if let (Some(code), Some(subcode)) = (self.code, self.subcode)
            && let Some(row) = exact(code, subcode)
        {
            return (row.class, Some(row));
        }
        let row = self.code.and_then(general);
        if self.is_transient && row.is_none_or(|r| r.class != Class::RateLimited) {
            return (Class::Transient, row);
        }
        row.map_or_else(|| (by_status(http), None), |row| (row.class, Some(row)))
    }
}

/// What an HTTP status says when nothing better is known.
pub const fn by_status(http: u16) -> Class {
    match http {
        429 => Class::RateLimited,
        408 | 500..=599 => Class::Transient,
        _ => Class::Invalid,
    }
}

/// `error_data` may be an object, JSON text of one, or absent.
fn blame(error: &Value) -> Vec<Vec<String>> {
    let data = match error.get("error_data") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(other) => other.clone(),
        None => Value::Null,
    };
    let part = |v: &Value| match v {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    };
    data.get("blame_field_specs")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|path| match path {
            Value::Array(parts) => Some(parts.iter().filter_map(part).collect::<Vec<_>>()),
            other => part(other).map(|p| vec![p]),
        })
        .filter(|path| !path.is_empty())
        .collect()
}

/// An answer's body.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// An error, whatever the status.
    Error(ApiError),
    /// JSON without an error.
    Json(Value),
    /// Not JSON: Meta's front door says "Service temporarily unavailable" in plain text, with 200 at times.
    Text(String),
}

/// Reads an answer's body: the body decides, not the status.
pub fn read_body(response: &WireResponse) -> Read {
    match serde_json::from_slice::<Value>(&response.body) {
        Ok(body) => match ApiError::of(&body) {
            Some(error) => Read::Error(error),
            None => Read::Json(body),
        },
        Err(_) => Read::Text(words::kept(&String::from_utf8_lossy(&response.body))),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_table_loads_and_no_row_hides_another() {
        assert_eq!(rows().len(), 79);
        for (i, row) in rows().iter().enumerate() {
            assert!(
                row.code.is_some() != row.codes.is_some(),
                "row {i} names no code, or two"
            );
            let twin = |r: &&Row| r.code == row.code && r.codes == row.codes && r.subcode == row.subcode;
            assert_eq!(
                rows().iter().filter(twin).count(),
                1,
                "{:?}/{:?} stands twice",
                row.code,
                row.subcode
            );
            assert!(["official", "community", "unconfirmed"].contains(&row.confidence.as_str()));
            assert!(row.wait.is_none() || row.class == Class::RateLimited);
            if let Some(field) = row.field.as_deref().and_then(|f| f.strip_prefix("payload.")) {
                let catalogue = super::super::catalogue::catalogue();
                let object = field.split('.').next().unwrap_or_default();
                let known = catalogue.section(object).is_some_and(|o| {
                    o.fields
                        .iter()
                        .any(|f| format!("{object}.{}", f.path).starts_with(field))
                });
                assert!(known, "{field} is no field of the form");
            }
        }
    }

    #[rstest]
    #[case::exact_row(json!({"code": 1, "error_subcode": 99}), 500, Class::Invalid)]
    #[case::exact_before_transient(json!({"code": 100, "error_subcode": 1_885_621, "is_transient": true}), 400, Class::Invalid)]
    #[case::transient_before_code(json!({"code": 100, "is_transient": true}), 400, Class::Transient)]
    #[case::a_rate_limit_stays_one(json!({"code": 4, "is_transient": true}), 400, Class::RateLimited)]
    #[case::unknown_subcode_falls_to_code(json!({"code": 190, "error_subcode": 12345}), 400, Class::AuthExpired)]
    #[case::zero_subcode_is_none(json!({"code": 190, "error_subcode": 0}), 400, Class::AuthExpired)]
    #[case::range(json!({"code": 273}), 400, Class::Permission)]
    #[case::negative(json!({"code": -2, "error_subcode": 2_490_547}), 400, Class::Transient)]
    #[case::text_code(json!({"code": "190"}), 400, Class::AuthExpired)]
    #[case::unknown_429(json!({"code": 99999}), 429, Class::RateLimited)]
    #[case::unknown_5xx(json!({"code": 99999}), 503, Class::Transient)]
    #[case::unknown_200(json!({"code": 99999}), 200, Class::Invalid)]
    #[case::no_code(json!({"message": "x"}), 400, Class::Invalid)]
    fn decision_order(#[case] error: Value, #[case] http: u16, #[case] want: Class) {
        let error = ApiError::of(&json!({ "error": error })).unwrap();
        assert_eq!(error.class(http).0, want);
    }

    #[rstest]
    #[case::object(json!({"blame_field_specs": [["daily_budget"], ["targeting", "geo_locations"]]}))]
    #[case::text(json!(r#"{"blame_field_specs":[["daily_budget"],["targeting","geo_locations"]]}"#))]
    fn blame_comes_as_an_object_or_as_text(#[case] data: Value) {
        let error = ApiError::of(&json!({"error": {"code": 100, "error_data": data}})).unwrap();
        assert_eq!(error.blame, [vec!["daily_budget"], vec!["targeting", "geo_locations"]]);
    }

    #[rstest]
    #[case(json!({"message": "Invalid parameter", "error_user_title": "T", "error_user_msg": "M"}), "T: M")]
    #[case(json!({"message": "Invalid parameter", "error_user_msg": "M"}), "M")]
    #[case(json!({"message": "Unsupported post request"}), "Unsupported post request")]
    #[case(json!({}), "Meta gave no reason")]
    fn the_best_words_are_kept(#[case] error: Value, #[case] want: &str) {
        assert_eq!(ApiError::of(&json!({ "error": error })).unwrap().words, want);
    }
}
