//! What an answer holds: JSON, Google's own error, or something else entirely.
//!
//! An error is a google.rpc.Status whose `details` may hold a GoogleAdsFailure (several errors), an ErrorInfo (the front
//! door refused), a BadRequest, or nothing. It stands under `error`, in a list of one for queries, or under
//! `partialFailureError` of a 200. Nothing is assumed: `@type` decides how a detail is read.

use std::time::Duration;

use serde_json::Value;

use super::errors::{Class, Row, by_status, row};
use crate::platforms::{WireResponse, words};

/// One element of an error's path: `mutate_operations[1]`.
pub type PathElement = (String, Option<usize>);

/// One error of a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// `campaignError.DUPLICATE_CAMPAIGN_NAME`, `errorInfo.SERVICE_DISABLED`.
    pub code: String,
    /// Google's message, fit to keep.
    pub words: String,
    /// What provoked it, fit to keep.
    pub trigger: Option<String>,
    /// Where in the request, in snake case.
    pub path: Vec<PathElement>,
    /// Wait at least so long.
    pub retry_delay: Option<Duration>,
    /// The least daily budget in micros, if it says.
    pub minimum_micros: Option<u64>,
}

/// An error as Google wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiError {
    /// The google.rpc code: `INVALID_ARGUMENT`.
    pub status: String,
    /// The Status's own message, fit to keep.
    pub message: String,
    /// The errors inside, in Google's order.
    pub faults: Vec<Fault>,
    /// `requestId` of the failure.
    pub request_id: Option<String>,
}

/// What an error is, and the fault that decides it.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'e> {
    /// The class.
    pub class: Class,
    /// The table's row, if one decided.
    pub row: Option<&'static Row>,
    /// The fault that decided.
    pub fault: Option<&'e Fault>,
}

/// What a body holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// JSON without an error.
    Json(Value),
    /// Google's own error.
    Error(Box<ApiError>),
    /// Something else: a proxy, a page, half an answer.
    Text(String),
}

/// Reads a body.
pub fn read_body(response: &WireResponse) -> Read {
    let Ok(body) = serde_json::from_slice::<Value>(&response.body) else {
        return Read::Text(words::kept(&String::from_utf8_lossy(&response.body)));
    };
    // A streamed query's error is a list of one.
    let carrier = body.get(0).unwrap_or(&body);
    let error = carrier.get("error").or_else(|| carrier.get("partialFailureError"));
    match error.filter(|e| !e.is_null()) {
        Some(error) => Read::Error(Box::new(ApiError::of(error))),
        None if body.is_object() => Read::Json(body),
        None => Read::Text(words::kept(&body.to_string())),
    }
}

impl ApiError {
    fn of(error: &Value) -> Self {
        let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_str).map(words::kept);
        let mut out = Self {
            status: text(error, "status").unwrap_or_else(|| rpc_name(error.get("code")).to_owned()),
            message: text(error, "message").unwrap_or_default(),
            ..Self::default()
        };
        for detail in error.get("details").and_then(Value::as_array).into_iter().flatten() {
            let kind = detail.get("@type").and_then(Value::as_str).unwrap_or_default();
            match kind.rsplit('.').next() {
                Some("GoogleAdsFailure") => {
                    let list = detail.get("errors").and_then(Value::as_array);
                    out.faults.extend(list.into_iter().flatten().map(Fault::of));
                    out.request_id = text(detail, "requestId").or(out.request_id);
                }
                Some("ErrorInfo") => out.faults.extend(text(detail, "reason").map(|reason| Fault {
                    code: format!("errorInfo.{reason}"),
                    words: out.message.clone(),
                    ..Fault::default()
                })),
                Some("BadRequest") => {
                    let list = detail.get("fieldViolations").and_then(Value::as_array);
                    out.faults.extend(list.into_iter().flatten().map(|v| Fault {
                        code: "badRequest.FIELD_VIOLATION".to_owned(),
                        words: text(v, "description").unwrap_or_default(),
                        trigger: text(v, "field"),
                        ..Fault::default()
                    }));
                }
                _ => {}
            }
        }
        out
    }

    /// What it is: of several faults the gravest decides. A fault of no row is judged by the status, and that failing by
    /// HTTP.
    pub fn judge(&self, http: u16) -> Judgement<'_> {
        let general = row(&format!("status.{}", self.status));
        let unlisted = general.map_or_else(|| by_status(http), |r| r.class);
        self.faults
            .iter()
            .map(|fault| {
                let row = row(&fault.code);
                Judgement {
                    // Documented codes without a row are refusals; a code newer than the table may be anything, and the
                    // status says what.
                    class: row.map_or(unlisted, |r| r.class),
                    row,
                    fault: Some(fault),
                }
            })
            // The first of equals: Google names the cause before its consequences.
            .rev()
            .max_by_key(|j| (j.class.gravity(), j.row.is_none_or(|r| !r.is_consequence())))
            .unwrap_or(Judgement {
                class: unlisted,
                row: general,
                fault: None,
            })
    }

    /// The code of the deciding fault, or of the status.
    pub fn code_text(&self) -> Option<String> {
        match self.judge(400).fault {
            Some(fault) => Some(fault.code.clone()),
            None => (!self.status.is_empty()).then(|| format!("status.{}", self.status)),
        }
    }

    /// Everything Google says, at most three faults.
    pub fn words(&self) -> String {
        let mut said: Vec<String> = self
            .faults
            .iter()
            .take(3)
            .map(Fault::say)
            .filter(|s| !s.is_empty())
            .collect();
        if let Some(more) = self.faults.len().checked_sub(3).filter(|n| *n > 0) {
            said.push(format!("and {more} more"));
        }
        if said.is_empty() {
            said.push(match (self.message.as_str(), self.status.as_str()) {
                ("", "") => "Google gave no reason".to_owned(),
                ("", status) => status.to_owned(),
                (message, _) => message.to_owned(),
            });
        }
        words::kept(&said.join("; "))
    }

    /// How long Google says to wait.
    pub fn retry_delay(&self) -> Option<Duration> {
        self.faults.iter().filter_map(|f| f.retry_delay).max()
    }
}

impl Fault {
    fn of(error: &Value) -> Self {
        let code = error.get("errorCode").and_then(Value::as_object);
        let code = code.and_then(|c| c.iter().next());
        let text = |at: &str| error.pointer(at).and_then(Value::as_str).map(words::kept);
        let trigger = error
            .get("trigger")
            .and_then(Value::as_object)
            .and_then(|t| t.values().next());
        let path = error.pointer("/location/fieldPathElements").and_then(Value::as_array);
        Self {
            code: code.map_or_else(String::new, |(member, value)| {
                words::kept(&format!("{member}.{}", value.as_str().unwrap_or("UNKNOWN")))
            }),
            words: text("/message").unwrap_or_default(),
            trigger: trigger.map(|t| words::kept(&t.as_str().map_or_else(|| t.to_string(), str::to_owned))),
            path: path.into_iter().flatten().filter_map(element).collect(),
            retry_delay: text("/details/quotaErrorDetails/retryDelay").and_then(|d| duration(&d)),
            minimum_micros: whole(error.pointer("/details/budgetPerDayMinimumErrorDetails/minimumBudgetAmountMicros")),
        }
    }

    /// `message ("trigger") at mutate_operations[1].campaign_operation.create.name`.
    fn say(&self) -> String {
        let mut said = self.words.clone();
        if said.is_empty() {
            said.clone_from(&self.code);
        }
        if let Some(trigger) = self.trigger.as_deref().filter(|t| !t.is_empty()) {
            said = format!("{said} (\"{trigger}\")");
        }
        if !self.path.is_empty() {
            let parts: Vec<String> = self
                .path
                .iter()
                .map(|(name, index)| index.map_or_else(|| name.clone(), |n| format!("{name}[{n}]")))
                .collect();
            said = format!("{said} at {}", words::kept(&parts.join(".")));
        }
        said
    }
}

fn element(value: &Value) -> Option<PathElement> {
    let name = value.get("fieldName").and_then(Value::as_str)?;
    let index = whole(value.get("index")).and_then(|n| usize::try_from(n).ok());
    Some((name.to_owned(), index))
}

/// A whole number; 64-bit ones come as text.
pub fn whole(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(n) => n.as_u64(),
        Value::String(s) => s.parse().ok(),
        _ => None,
    }
}

/// `30s`, `1.5s`.
fn duration(text: &str) -> Option<Duration> {
    let seconds: f64 = text.strip_suffix('s')?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// The name of a google.rpc code, for a Status that gives the number alone (those inside a 200 do).
fn rpc_name(code: Option<&Value>) -> &'static str {
    match whole(code) {
        Some(1) => "CANCELLED",
        Some(3) => "INVALID_ARGUMENT",
        Some(4) => "DEADLINE_EXCEEDED",
        Some(5) => "NOT_FOUND",
        Some(6) => "ALREADY_EXISTS",
        Some(7) => "PERMISSION_DENIED",
        Some(8) => "RESOURCE_EXHAUSTED",
        Some(9) => "FAILED_PRECONDITION",
        Some(10) => "ABORTED",
        Some(11) => "OUT_OF_RANGE",
        Some(12) => "UNIMPLEMENTED",
        Some(13) => "INTERNAL",
        Some(14) => "UNAVAILABLE",
        Some(15) => "DATA_LOSS",
        Some(16) => "UNAUTHENTICATED",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platforms::google_ads::testing::answer;

    fn error(body: &Value) -> ApiError {
        match read_body(&answer(400, body).unwrap()) {
            Read::Error(error) => *error,
            other => panic!("{other:?}"),
        }
    }

    fn failure(errors: &Value) -> Value {
        json!({"error": {"code": 400, "message": "Request contains an invalid argument.", "status": "INVALID_ARGUMENT",
            "details": [{"@type": "type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure",
                "errors": errors, "requestId": "AbC"}]}})
    }

    #[test]
    fn a_failure_is_read_whole() {
        let error = error(&failure(&json!([{
            "errorCode": {"campaignError": "DUPLICATE_CAMPAIGN_NAME"}, "message": "Taken.",
            "trigger": {"stringValue": "ACME"},
            "location": {"fieldPathElements": [{"fieldName": "mutate_operations", "index": 1},
                {"fieldName": "campaign_operation"}, {"fieldName": "create"}, {"fieldName": "name"}]},
        }])));
        assert_eq!(
            error.code_text().as_deref(),
            Some("campaignError.DUPLICATE_CAMPAIGN_NAME")
        );
        assert_eq!(error.request_id.as_deref(), Some("AbC"));
        assert_eq!(
            error.words(),
            "Taken. (\"ACME\") at mutate_operations[1].campaign_operation.create.name"
        );
    }

    #[test]
    fn a_querys_error_is_a_list_and_a_200_can_hold_one() {
        let listed = json!([failure(
            &json!([{"errorCode": {"queryError": "BAD_FIELD_NAME"}, "message": "No."}])
        )]);
        assert_eq!(error(&listed).words(), "No.");
        let partial = json!({"mutateOperationResponses": [{}], "partialFailureError": {"code": 3, "message": "m", "details": []}});
        assert_eq!(error(&partial).status, "INVALID_ARGUMENT");
        assert_eq!(error(&partial).words(), "m");
    }

    #[test]
    fn other_details_are_read_by_their_type() {
        let front = json!({"error": {"code": 403, "message": "Not enabled.", "status": "PERMISSION_DENIED", "details": [
            {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED", "domain": "googleapis.com"}]}});
        let error_ = error(&front);
        assert_eq!(error_.code_text().as_deref(), Some("errorInfo.SERVICE_DISABLED"));
        assert_eq!(error_.judge(403).class, Class::AuthRevoked);
        let json_name = json!({"error": {"code": 400, "message": "Invalid JSON payload", "status": "INVALID_ARGUMENT", "details": [
            {"@type": "type.googleapis.com/google.rpc.BadRequest",
             "fieldViolations": [{"field": "mutate_operations[0]", "description": "Unknown name \"startDate\""}]}]}});
        assert!(error(&json_name).words().contains("startDate"));
        assert_eq!(error(&json_name).judge(400).class, Class::Invalid);
    }

    #[test]
    fn the_gravest_of_several_decides_and_all_are_told() {
        let error = error(&failure(&json!([
            {"errorCode": {"newResourceCreationError": "TEMP_ID_RESOURCE_HAD_ERRORS"}, "message": "a"},
            {"errorCode": {"stringLengthError": "TOO_LONG"}, "message": "b"},
            {"errorCode": {"authorizationError": "CUSTOMER_NOT_ENABLED"}, "message": "c"},
            {"errorCode": {"rangeError": "TOO_LOW"}, "message": "d"},
        ])));
        assert_eq!(error.judge(400).class, Class::Account);
        assert_eq!(error.words(), "a; b; c; and 1 more");
    }

    #[test]
    fn a_consequence_does_not_hide_its_cause() {
        let error = error(&failure(&json!([
            {"errorCode": {"newResourceCreationError": "TEMP_ID_RESOURCE_HAD_ERRORS"}, "message": "a"},
            {"errorCode": {"rangeError": "TOO_LOW"}, "message": "b"},
        ])));
        assert_eq!(error.code_text().as_deref(), Some("rangeError.TOO_LOW"));
    }

    #[test]
    fn a_code_newer_than_the_table_is_judged_by_the_status() {
        let with = |status: &str| {
            let mut body = failure(&json!([{"errorCode": {"quotaError": "BRAND_NEW"}, "message": "m"}]));
            body["error"]["status"] = json!(status);
            error(&body).judge(400).class
        };
        assert_eq!(with("RESOURCE_EXHAUSTED"), Class::RateLimited);
        assert_eq!(with("INTERNAL"), Class::Transient);
        assert_eq!(with("INVALID_ARGUMENT"), Class::Invalid);
        assert_eq!(with("NEVER_HEARD_OF"), Class::Invalid);
    }

    #[test]
    fn waits_and_minimums_come_out_of_the_details() {
        let error = error(&failure(&json!([
            {"errorCode": {"quotaError": "RESOURCE_TEMPORARILY_EXHAUSTED"}, "message": "m",
             "details": {"quotaErrorDetails": {"rateScope": "ACCOUNT", "rateName": "x", "retryDelay": "30s"}}},
            {"errorCode": {"campaignBudgetError": "BUDGET_BELOW_PER_DAY_MINIMUM"}, "message": "m",
             "details": {"budgetPerDayMinimumErrorDetails": {"minimumBudgetAmountMicros": "5000000"}}},
        ])));
        assert_eq!(error.retry_delay(), Some(Duration::from_secs(30)));
        assert_eq!(error.faults[1].minimum_micros, Some(5_000_000));
    }

    #[test]
    fn what_is_no_json_object_is_text() {
        for body in ["<html>", "{\"a\"", "[1]", "7"] {
            let response = WireResponse {
                status: 200,
                headers: std::collections::BTreeMap::new(),
                body: body.as_bytes().to_vec(),
            };
            assert!(matches!(read_body(&response), Read::Text(_)), "{body}");
        }
    }
}
