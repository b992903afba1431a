//! Errors in Meta's own shape: code, subcode, two texts for people, the field to blame, a trace id.

use serde_json::{Map, Value, json};

use crate::platforms::Method;

/// What an operation gives.
pub(super) type Outcome = Result<Value, GraphError>;

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GraphError {
    pub(super) status: u16,
    pub(super) code: i64,
    pub(super) subcode: Option<i64>,
    pub(super) message: String,
    pub(super) title: Option<&'static str>,
    pub(super) user_message: Option<String>,
    /// Dotted path of the parameter to blame.
    pub(super) blame: Option<String>,
    pub(super) transient: bool,
}

impl GraphError {
    fn new(status: u16, code: i64, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            subcode: None,
            message: message.into(),
            title: None,
            user_message: None,
            blame: None,
            transient: false,
        }
    }

    /// "Invalid parameter", with the reason where the real service has it: in the texts for people.
    pub(super) fn invalid(blame: &str, title: &'static str, user_message: &str) -> Self {
        Self {
            title: Some(title),
            user_message: Some(user_message.to_owned()),
            blame: Some(blame.to_owned()).filter(|b| !b.is_empty()),
            ..Self::new(400, 100, "Invalid parameter")
        }
    }

    pub(super) const fn sub(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    /// `(#100) ...` without texts for people.
    pub(super) fn plain(message: &str) -> Self {
        Self::new(400, 100, format!("(#100) {message}"))
    }

    pub(super) fn missing(name: &str) -> Self {
        Self {
            blame: Some(name.to_owned()),
            ..Self::plain(&format!("The parameter {name} is required"))
        }
    }

    pub(super) fn no_such_object(method: Method, id: &str) -> Self {
        let word = match method {
            Method::Get => "get",
            Method::Post => "post",
            Method::Delete => "delete",
        };
        Self::new(
            400,
            100,
            format!(
                "Unsupported {word} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
                     permissions, or does not support this operation. Please read the Graph API documentation at \
                     https://developers.facebook.com/docs/graph-api"
            ),
        )
        .sub(33)
    }

    pub(super) fn unknown_path(edge: &str) -> Self {
        Self::new(400, 2500, format!("Unknown path components: /{edge}"))
    }

    pub(super) fn too_much_data() -> Self {
        Self::new(
            500,
            1,
            "Please reduce the amount of data you're asking for, then retry your request",
        )
    }

    pub(super) fn rate_limited(code: i64, subcode: Option<i64>) -> Self {
        let message = match code {
            4 => "(#4) Application request limit reached".to_owned(),
            17 => "(#17) User request limit reached".to_owned(),
            613 => "(#613) Calls to this api have exceeded the rate limit.".to_owned(),
            _ => format!(
                "(#{code}) There have been too many calls to this ad-account. Wait a bit and try again. For more info, \
                 please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."
            ),
        };
        Self {
            subcode,
            title: Some("Ad Account Has Too Many API Calls"),
            user_message: Some(
                "There have been too many calls from this ad-account. Wait a bit and try again.".to_owned(),
            ),
            ..Self::new(400, code, message)
        }
    }

    pub(super) fn token_missing() -> Self {
        Self::new(401, 190, "Invalid OAuth access token - Cannot parse access token")
    }

    pub(super) fn token_expired() -> Self {
        Self::new(
            401,
            190,
            "Error validating access token: Session has expired. The current time is later than the time it was valid.",
        )
        .sub(463)
    }

    pub(super) fn token_revoked() -> Self {
        Self::new(
            401,
            190,
            "Error validating access token: The user has not authorized application 100000000000002.",
        )
        .sub(458)
    }

    pub(super) fn bad_version(version: Option<&str>) -> Self {
        let call = version.map_or_else(
            || "You are calling the Ads API without a version".to_owned(),
            |v| format!("You are calling a deprecated version of the Ads API ({v})"),
        );
        Self::new(
            400,
            2635,
            format!("(#2635) {call}. Please update to the latest version: v26.0."),
        )
    }

    /// What the service says with a bare status.
    pub(super) fn of_status(status: u16) -> Self {
        match status {
            429 => Self {
                status,
                ..Self::rate_limited(4, None)
            },
            500..=599 => Self {
                transient: true,
                ..Self::new(
                    status,
                    2,
                    "An unexpected error has occurred. Please retry your request later.",
                )
            },
            401 | 403 => Self::new(status, 200, "(#200) Permissions error"),
            _ => Self::new(status, 1, "An unknown error occurred"),
        }
    }

    /// An error of which only the numbers are known.
    pub(super) fn of_code(code: i64, subcode: Option<i64>, message: Option<&str>, field: Option<&str>) -> Self {
        Self {
            subcode,
            blame: field.map(str::to_owned),
            ..Self::new(400, code, message.unwrap_or("Invalid parameter"))
        }
    }

    pub(super) fn to_json(&self, trace: &str) -> Value {
        let mut error = Map::new();
        error.insert("message".into(), json!(self.message));
        let kind = if (self.code, self.subcode) == (100, Some(33)) {
            "GraphMethodException"
        } else {
            "OAuthException"
        };
        error.insert("type".into(), json!(kind));
        error.insert("code".into(), json!(self.code));
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".into(), json!(subcode));
        }
        error.insert("is_transient".into(), json!(self.transient));
        if let Some(title) = &self.title {
            error.insert("error_user_title".into(), json!(title));
        }
        if let Some(text) = &self.user_message {
            error.insert("error_user_msg".into(), json!(text));
        }
        if let Some(blame) = &self.blame {
            let path: Vec<&str> = blame.split('.').collect();
            error.insert("error_data".into(), json!({"blame_field_specs": [path]}));
        }
        error.insert("fbtrace_id".into(), json!(trace));
        json!({ "error": error })
    }
}
