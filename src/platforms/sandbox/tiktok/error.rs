//! Errors in TikTok's own shape: a code and a message that may begin with a parameter's name.

use serde_json::Value;

/// What an operation gives: the data of its envelope.
pub(super) type Outcome = Result<Value, ApiError>;

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ApiError {
    /// HTTP status: 200 for everything TikTok's service itself says.
    pub(super) status: u16,
    pub(super) code: i64,
    pub(super) message: String,
    /// The gateway's own page instead of an envelope.
    pub(super) page: Option<String>,
}

impl ApiError {
    pub(super) fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            status: 200,
            code,
            message: message.into(),
            page: None,
        }
    }

    fn page(status: u16, text: &str) -> Self {
        Self {
            status,
            page: Some(text.to_owned()),
            ..Self::new(0, "")
        }
    }

    /// The catch-all, with the parameter in front.
    pub(super) fn field(field: &str, words: &str) -> Self {
        Self::new(40002, format!("{field}: {words}"))
    }

    pub(super) fn no_endpoint() -> Self {
        Self::page(404, "404 page not found")
    }

    pub(super) fn wrong_method() -> Self {
        Self::page(405, "405 method not allowed")
    }

    pub(super) fn no_permission(words: &str) -> Self {
        Self::new(40001, words)
    }

    pub(super) fn rate_limited(code: Option<i64>) -> Self {
        Self::new(code.unwrap_or(40100), "Too many requests. Please retry in some time.")
    }

    pub(super) fn token_missing() -> Self {
        Self::new(40104, "Access token is empty.")
    }

    pub(super) fn token_expired() -> Self {
        Self::new(40102, "Access token has expired.")
    }

    pub(super) fn token_wrong() -> Self {
        Self::new(40105, "Access token is incorrect or has been revoked.")
    }

    pub(super) fn duplicate() -> Self {
        Self::new(
            40050,
            "Duplicate request: a request with this request_id was processed already.",
        )
    }

    pub(super) fn bad_version(version: Option<&str>) -> Self {
        Self::new(
            40051,
            format!("The API version {} does not exist.", version.unwrap_or("(none)")),
        )
    }

    pub(super) fn unreadable(why: &str) -> Self {
        Self::new(40000, format!("Invalid request: {why}"))
    }

    /// An error a script asks for.
    pub(super) fn injected(status: Option<u16>, code: i64, message: Option<&str>, field: Option<&str>) -> Self {
        let message = message.unwrap_or("Something is not right.");
        let message = field.map_or_else(|| message.to_owned(), |f| format!("{f}: {message}"));
        Self {
            status: status.unwrap_or(200),
            ..Self::new(code, message)
        }
    }
}
