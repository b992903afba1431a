//! TikTok's answers: reading the envelope, and what its code means (`assets/platforms/tiktok/errors.toml`).

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::platforms::{WireResponse, common::tables, words};

/// What an error is, before asking what it means for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Some of several objects were done; we never send several.
    Partial,
    /// May pass by itself; whether it was executed is not known.
    Transient,
    /// Too many calls; rejected before execution.
    RateLimited,
    /// A ceiling of the account; a person must make room.
    Quota,
    /// The token expired; it is read again once.
    AuthExpired,
    /// Token or app are not good; only a person can mend that.
    Auth,
    /// The token or app may not do this on this account.
    Permission,
    /// The account is not there, or not ours.
    Account,
    /// TikTok is still working on a file; rejected before execution.
    Processing,
    /// It exists already, or the same request was sent before.
    Duplicate,
    /// Wrong for good.
    Invalid,
}

/// One row of the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The code.
    pub code: i64,
    /// What it is.
    pub class: Class,
    /// The ticket's field to blame when the message names none.
    #[serde(default)]
    pub field: Option<String>,
    /// What it means, for a person.
    pub words: String,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    tables::rows(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/tiktok/errors.toml"
    )))
});

/// Every row, in file order.
pub fn rows() -> &'static [Row] {
    &ROWS
}

/// The row of a code.
pub fn row(code: i64) -> Option<&'static Row> {
    rows().iter().find(|r| r.code == code)
}

/// What a code is. `None` = nobody told us, and its range says nothing either.
pub fn class(code: i64) -> Option<Class> {
    row(code).map(|r| r.class).or(match code {
        40_000..=49_999 => Some(Class::Invalid),
        50_000..=69_999 => Some(Class::Transient),
        _ => None,
    })
}

/// TikTok's answer, success or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// 0 = done.
    pub code: i64,
    /// Its words, fit to keep.
    pub message: String,
    /// TikTok's own id of the request, for its support.
    pub request_id: Option<String>,
    /// What was asked for.
    pub data: Value,
}

/// An answer's body.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// TikTok's own.
    Envelope(Envelope),
    /// Something else: a gateway's page, or nothing.
    Text(String),
}

/// Reads an answer's body: the body decides, not the status.
pub fn read_body(response: &WireResponse) -> Read {
    let read = serde_json::from_slice::<Value>(&response.body).ok().and_then(|body| {
        let code = match body.get("code")? {
            Value::Number(n) => n.as_i64()?,
            Value::String(s) => s.parse().ok()?,
            _ => return None,
        };
        let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|t| !t.trim().is_empty());
        let log_id = response.headers.get("x-tt-logid").map(String::as_str);
        Some(Envelope {
            code,
            message: words::kept(text("message").unwrap_or("TikTok gave no reason")),
            request_id: text("request_id").or(log_id).map(words::kept),
            data: body.get("data").cloned().unwrap_or_default(),
        })
    });
    read.map_or_else(
        || Read::Text(words::kept(&String::from_utf8_lossy(&response.body))),
        Read::Envelope,
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::platforms::tiktok::{
        catalogue::catalogue,
        testing::{answer, text},
    };

    #[test]
    fn every_documented_code_has_one_row_and_no_other_code_has() {
        let official: Value = serde_json::from_str(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/assets/specs/tiktok/error_codes.json"
        )))
        .unwrap();
        let documented: Vec<i64> = official["codes"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|c| c["code"].as_i64())
            .filter(|c| *c != 0)
            .collect();
        let ours: Vec<i64> = rows().iter().map(|r| r.code).collect();
        assert_eq!(documented.len(), 72);
        assert_eq!(ours, documented);
        for row in rows() {
            assert!(!row.words.is_empty());
            if let Some(field) = &row.field {
                let path = field.strip_prefix("payload.").unwrap();
                assert!(catalogue().field(path).is_some(), "{field} is no field of the form");
            }
        }
    }

    #[rstest]
    #[case(40002, Some(Class::Invalid))]
    #[case(40007, Some(Class::Invalid))]
    #[case(40065, Some(Class::Invalid))]
    #[case(40300, Some(Class::Account))]
    #[case(40050, Some(Class::Duplicate))]
    #[case(40100, Some(Class::RateLimited))]
    #[case(40700, Some(Class::Transient))]
    #[case(40999, Some(Class::Invalid))]
    #[case(51999, Some(Class::Transient))]
    #[case(60002, Some(Class::Transient))]
    #[case(20002, None)]
    #[case(-1, None)]
    #[case(70_000, None)]
    fn unknown_codes_are_judged_by_their_range(#[case] code: i64, #[case] want: Option<Class>) {
        assert_eq!(class(code), want);
    }

    #[test]
    fn the_envelope_is_read_whatever_the_status() {
        let read = |exchange: &crate::platforms::Exchange| read_body(exchange.as_ref().unwrap());
        let body =
            json!({"code": 40105, "message": "Access token is incorrect", "request_id": "20261120X", "data": {}});
        for status in [200, 401, 500] {
            let Read::Envelope(envelope) = read(&answer(status, &body)) else {
                panic!()
            };
            assert_eq!(
                (envelope.code, envelope.request_id.as_deref()),
                (40105, Some("20261120X"))
            );
        }
        let Read::Envelope(bare) = read(&answer(200, &json!({"code": "0"}))) else {
            panic!()
        };
        assert_eq!(
            (bare.code, bare.message.as_str(), bare.request_id),
            (0, "TikTok gave no reason", None)
        );
        for no_envelope in [json!([1]), json!({"error": 1}), json!({"code": "x"}), json!(0)] {
            assert!(
                matches!(read(&answer(200, &no_envelope)), Read::Text(_)),
                "{no_envelope}"
            );
        }
        assert_eq!(
            read(&text(502, "<html>\u{1b}[2J")),
            Read::Text("<html>^[[2J".to_owned())
        );
    }
}
