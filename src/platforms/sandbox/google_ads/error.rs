//! Errors in Google's own shape: a google.rpc.Status, most of the time with a GoogleAdsFailure inside.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::platforms::google_ads::spec::{FaultKind, PathPart, SpecFault, snake};

/// What an operation gives.
pub(super) type Outcome = Result<Value, AdsError>;

/// One error of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) member: String,
    pub(super) value: String,
    pub(super) message: String,
    pub(super) trigger: Option<String>,
    pub(super) path: Vec<PathPart>,
    /// Inside `details`.
    pub(super) details: Option<(&'static str, Value)>,
}

impl Fault {
    pub(super) fn new(member: &str, value: &str, message: &str) -> Self {
        Self {
            member: member.to_owned(),
            value: value.to_owned(),
            message: message.to_owned(),
            trigger: None,
            path: Vec::new(),
            details: None,
        }
    }

    /// The same at `name`, `list[3].text`, ...; what stands before it is added by whoever knows the operation.
    pub(super) fn at(mut self, path: &str) -> Self {
        let part = |part: &str| match part.split_once('[') {
            Some((name, n)) => PathPart {
                name: name.to_owned(),
                index: n.trim_end_matches(']').parse().ok(),
            },
            None => PathPart {
                name: part.to_owned(),
                index: None,
            },
        };
        self.path = path.split('.').map(part).collect();
        self
    }

    pub(super) fn trigger(mut self, text: &str) -> Self {
        self.trigger = Some(text.to_owned());
        self
    }

    fn to_json(&self) -> Value {
        let mut code = Map::new();
        code.insert(self.member.clone(), json!(self.value));
        let mut out = json!({"errorCode": code, "message": self.message});
        let Some(fields) = out.as_object_mut() else { return out };
        if let Some(trigger) = &self.trigger {
            fields.insert("trigger".to_owned(), json!({ "stringValue": trigger }));
        }
        if !self.path.is_empty() {
            let elements: Vec<Value> = self
                .path
                .iter()
                .map(|p| match p.index {
                    Some(n) => json!({"fieldName": snake(&p.name), "index": n}),
                    None => json!({ "fieldName": snake(&p.name) }),
                })
                .collect();
            fields.insert("location".to_owned(), json!({ "fieldPathElements": elements }));
        }
        if let Some((name, details)) = &self.details {
            let mut one = Map::new();
            one.insert((*name).to_owned(), details.clone());
            fields.insert("details".to_owned(), Value::Object(one));
        }
        out
    }
}

/// What stands in the Status' details.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Details {
    None,
    Failure(Vec<Fault>),
    BadRequest { field: String, description: String },
}

/// One answer that refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AdsError {
    pub(super) http: u16,
    status: &'static str,
    message: String,
    details: Details,
}

const INVALID: &str = "Request contains an invalid argument.";

impl AdsError {
    /// The failure of a request that Google understood and refused.
    pub(super) fn of_faults(faults: Vec<Fault>) -> Self {
        Self {
            http: 400,
            status: "INVALID_ARGUMENT",
            message: INVALID.to_owned(),
            details: Details::Failure(faults),
        }
    }

    pub(super) fn denied(member: &str, value: &str, words: &str) -> Self {
        Self {
            http: 403,
            status: "PERMISSION_DENIED",
            message: "The caller does not have permission".to_owned(),
            details: Details::Failure(vec![Fault::new(member, value, words)]),
        }
    }

    pub(super) fn unauthenticated(value: &str, words: &str) -> Self {
        Self {
            http: 401,
            status: "UNAUTHENTICATED",
            message: "Request had invalid authentication credentials.".to_owned(),
            details: Details::Failure(vec![Fault::new("authenticationError", value, words)]),
        }
    }

    pub(super) fn rate_limited(wait: Option<Duration>) -> Self {
        let words = "Too many requests. Retry later.";
        let mut fault = Fault::new("quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", words);
        if let Some(wait) = wait {
            let details = json!({
                "rateScope": "ACCOUNT",
                "rateName": "Number of requests per account",
                "retryDelay": format!("{}s", wait.as_secs().max(1)),
            });
            fault.details = Some(("quotaErrorDetails", details));
        }
        Self {
            http: 429,
            status: "RESOURCE_EXHAUSTED",
            message: "Resource has been exhausted (e.g. check quota).".to_owned(),
            details: Details::Failure(vec![fault]),
        }
    }

    /// The JSON itself is refused, before anybody who knows ads has seen it.
    pub(super) fn bad_json(field: &str, description: &str) -> Self {
        Self {
            http: 400,
            status: "INVALID_ARGUMENT",
            message: format!("Invalid JSON payload received. {description}"),
            details: Details::BadRequest {
                field: field.to_owned(),
                description: description.to_owned(),
            },
        }
    }

    /// What the front door says with a bare status.
    pub(super) fn of_http(http: u16) -> Self {
        let (status, message) = match http {
            401 => ("UNAUTHENTICATED", "Request had invalid authentication credentials."),
            403 => ("PERMISSION_DENIED", "The caller does not have permission"),
            404 => ("NOT_FOUND", "Requested entity was not found."),
            409 => ("ABORTED", "The operation was aborted."),
            429 => return Self::rate_limited(None),
            503 => ("UNAVAILABLE", "The service is currently unavailable."),
            504 => ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
            500..=599 => ("INTERNAL", "Internal error encountered."),
            _ => ("INVALID_ARGUMENT", INVALID),
        };
        Self {
            http,
            status,
            message: message.to_owned(),
            details: Details::None,
        }
    }

    /// An error a script asks for: `campaignError.DUPLICATE_CAMPAIGN_NAME`, or one that says nothing but "wrong".
    pub(super) fn injected(
        http: Option<u16>,
        reason: Option<&str>,
        message: Option<&str>,
        field: Option<&str>,
        transient: bool,
    ) -> Self {
        let fallback = if transient {
            "internalError.TRANSIENT_ERROR"
        } else {
            "fieldError.INVALID_VALUE"
        };
        let (member, value) = reason
            .and_then(|r| r.split_once('.'))
            .or_else(|| fallback.split_once('.'))
            .unwrap_or_default();
        let mut fault = Fault::new(member, value, message.unwrap_or(INVALID));
        if let Some(field) = field {
            fault = fault.at(field);
        }
        let http = http.unwrap_or(if transient { 503 } else { 400 });
        let status = match http {
            400 => "INVALID_ARGUMENT",
            other => Self::of_http(other).status,
        };
        Self {
            http,
            status,
            ..Self::of_faults(vec![fault])
        }
    }

    /// The refusal of a request that is not as the specification says; `None` when there is no fault.
    pub(super) fn against_spec(faults: &[SpecFault]) -> Option<Self> {
        let first = faults.first()?;
        // The front end reads the JSON and knows names, types and words; the rest is refused further in.
        let json_fault = |f: &&SpecFault| {
            matches!(
                f.kind,
                FaultKind::UnknownField | FaultKind::WrongType | FaultKind::WrongValue | FaultKind::TwoOfOne
            ) && !is_query(f)
        };
        if first.kind == FaultKind::NoSuchOperation {
            return Some(Self::of_http(404));
        }
        if let Some(fault) = faults.iter().find(json_fault) {
            return Some(Self::bad_json(&dotted(&fault.path), &fault.words));
        }
        let one = |f: &SpecFault| Fault {
            path: f.path.clone(),
            ..match f.kind {
                FaultKind::Immutable => Fault::new("fieldError", "IMMUTABLE_FIELD", &f.words),
                FaultKind::OutputOnly => Fault::new("fieldError", "VALUE_MUST_BE_UNSET", &f.words),
                FaultKind::BadMask => {
                    let known = ["FIELD_NOT_FOUND", "FIELD_HAS_SUBFIELDS"];
                    let value = known.into_iter().find(|v| f.words.starts_with(v));
                    Fault::new("fieldMaskError", value.unwrap_or("FIELD_MASK_MISSING"), &f.words)
                }
                FaultKind::BadQuery => Fault::new("queryError", "UNEXPECTED_INPUT", &f.words),
                FaultKind::UnknownField => Fault::new("queryError", "UNRECOGNIZED_FIELD", &f.words),
                FaultKind::WrongValue => Fault::new("queryError", "BAD_ENUM_CONSTANT", &f.words),
                _ => Fault::new("fieldError", "REQUIRED", &f.words),
            }
        };
        Some(Self::of_faults(faults.iter().map(one).collect()))
    }

    pub(super) fn to_json(&self, request_id: &str) -> Value {
        let details = match &self.details {
            Details::None => None,
            Details::Failure(faults) => Some(json!({
                "@type": "type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure",
                "errors": faults.iter().map(Fault::to_json).collect::<Vec<_>>(),
                "requestId": request_id,
            })),
            Details::BadRequest { field, description } => Some(json!({
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [{"field": field, "description": description}],
            })),
        };
        let mut error = json!({"code": self.http, "message": self.message, "status": self.status});
        if let (Some(details), Some(fields)) = (details, error.as_object_mut()) {
            fields.insert("details".to_owned(), json!([details]));
        }
        json!({ "error": error })
    }
}

fn is_query(fault: &SpecFault) -> bool {
    fault.path.first().is_some_and(|p| p.name == "query")
}

fn dotted(path: &[PathPart]) -> String {
    let part = |p: &PathPart| {
        let name = snake(&p.name);
        p.index.map_or_else(|| name.clone(), |n| format!("{name}[{n}]"))
    };
    path.iter().map(part).collect::<Vec<_>>().join(".")
}
