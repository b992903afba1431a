//! What Google's error codes mean (`assets/platforms/google_ads/errors.toml`).

use std::sync::LazyLock;

use serde::Deserialize;

use crate::platforms::common::tables;

/// What an error is, before asking what it means for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// May pass by itself; whether it was executed is not known.
    Transient,
    /// Lost a race against another writer; not executed.
    Concurrent,
    /// Too many calls; not executed.
    RateLimited,
    /// A quota of the day is used up; not executed.
    Quota,
    /// The token expired.
    AuthExpired,
    /// The login, its token or the project cannot be used; only a person can mend that.
    AuthRevoked,
    /// The login may not reach or change this account.
    Permission,
    /// The account may not advertise, or must be mended first.
    Account,
    /// The API version is no longer served.
    Version,
    /// The content breaks a policy.
    Policy,
    /// It exists already.
    Duplicate,
    /// This operation is not permitted on this object.
    Denied,
    /// A limit of the account or of one request.
    Limit,
    /// The object was removed.
    Removed,
    /// There is no such object.
    NotFound,
    /// Wrong for good.
    Invalid,
}

impl Class {
    /// Which of several errors in one answer decides: the highest. What stops the account goes before what stops the
    /// ticket; that something exists already goes before what else is wrong with making it again.
    pub const fn gravity(self) -> u8 {
        match self {
            Self::Version => 15,
            Self::AuthRevoked => 14,
            Self::AuthExpired => 13,
            Self::Permission => 12,
            Self::Account => 11,
            Self::Quota => 10,
            Self::RateLimited => 9,
            Self::Duplicate => 8,
            Self::Removed => 7,
            Self::NotFound => 6,
            Self::Policy => 5,
            Self::Limit => 4,
            Self::Denied => 3,
            Self::Invalid => 2,
            Self::Concurrent => 1,
            Self::Transient => 0,
        }
    }
}

/// One row of the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// `campaignError.DUPLICATE_CAMPAIGN_NAME`.
    pub code: String,
    /// What it is.
    pub class: Class,
    /// The ticket's field to blame when Google names none.
    #[serde(default)]
    pub field: Option<String>,
    /// What it means, for a person.
    pub words: String,
}

impl Row {
    /// True for an error that only says that another operation of the request failed.
    pub fn is_consequence(&self) -> bool {
        self.code == "newResourceCreationError.TEMP_ID_RESOURCE_HAD_ERRORS"
    }
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    tables::rows(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/google_ads/errors.toml"
    )))
});

/// Every row, in file order.
pub fn rows() -> &'static [Row] {
    &ROWS
}

/// The row of a code.
pub fn row(code: &str) -> Option<&'static Row> {
    rows().iter().find(|r| r.code == code)
}

/// What an HTTP status says when nothing better is known.
pub const fn by_status(http: u16) -> Class {
    match http {
        429 => Class::RateLimited,
        401 => Class::AuthExpired,
        408 | 500..=599 => Class::Transient,
        _ => Class::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::platforms::google_ads::spec;

    #[test]
    fn it_loads_and_no_code_stands_twice() {
        assert!(!rows().is_empty());
        let codes: BTreeSet<_> = rows().iter().map(|r| &r.code).collect();
        assert_eq!(codes.len(), rows().len());
        assert!(rows().iter().all(|r| !r.words.is_empty()));
    }

    /// What the classification says a code is, in our words; `None` for what is none of a campaign's business.
    fn ours(code: &str, class: &str) -> Option<Class> {
        let member = code.split('.').next().unwrap_or_default();
        let denied = [
            "operationAccessDeniedError",
            "resourceAccessDeniedError",
            "notAllowlistedError",
        ];
        Some(match (class, code) {
            // Passes by waiting a day, or not for weeks: a person must know.
            (_, "quotaError.PAYMENTS_PROFILE_ACTIVATION_RATE_LIMIT_EXCEEDED") => Class::Account,
            // The token is read anew on every call, so one more try is the refresh.
            (_, "authenticationError.OAUTH_TOKEN_EXPIRED" | "authenticationError.OAUTH_TOKEN_INVALID") => {
                Class::AuthExpired
            }
            ("rate_limited", _) => Class::RateLimited,
            ("quota_daily_stop", _) => Class::Quota,
            ("transient" | "transient_ambiguous_for_writes", _) => Class::Transient,
            ("concurrent_modification", _) => Class::Concurrent,
            ("auth", _) => Class::AuthRevoked,
            // About one object, not about the account.
            ("permission", _) if denied.contains(&member) => Class::Denied,
            ("permission", _) => Class::Permission,
            ("account_state", _) => Class::Account,
            ("duplicate", _) => Class::Duplicate,
            ("policy", _) => Class::Policy,
            ("limit_reached", _) => Class::Limit,
            ("version", _) => Class::Version,
            ("not_found", _) => Class::NotFound,
            ("client_bug", _) => Class::Invalid,
            _ => return None,
        })
    }

    /// Every code anybody classified has a row, and the row agrees.
    #[test]
    fn the_classification_is_complete() {
        let text = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/assets/specs/google_ads/error_classification.json"
        ));
        let all: serde_json::Value = serde_json::from_str(text).unwrap();
        let classes = all["classes"].as_object().unwrap();
        let mut compared = 0;
        for (code, class) in classes {
            // Conversions and labels are not sent.
            if code.starts_with("conversion") || code.starts_with("label") {
                continue;
            }
            let want = ours(code, class.as_str().unwrap());
            assert_eq!(row(code).map(|r| r.class), want, "{code}");
            compared += 1;
        }
        assert!(compared > 95, "only {compared}");
    }

    #[test]
    fn every_code_of_a_row_is_one_google_documents() {
        for row in rows() {
            let (member, value) = row.code.split_once('.').unwrap();
            if !matches!(member, "errorInfo" | "status") {
                assert!(spec::is_error_code(member, value), "{}", row.code);
            }
        }
    }

    /// Areas in which a code without a row would be a wrong guess: it says something about the account or the call.
    #[test]
    fn the_areas_that_are_no_refusals_of_a_field_are_complete() {
        for member in [
            "quotaError",
            "internalError",
            "authenticationError",
            "authorizationError",
            "headerError",
            "resourceCountLimitExceededError",
            "policyViolationError",
        ] {
            for value in spec::error_values(member) {
                assert!(row(&format!("{member}.{value}")).is_some(), "{member}.{value}");
            }
        }
    }

    #[test]
    fn every_named_status_has_a_row() {
        for status in [
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED",
        ] {
            assert!(row(&format!("status.{status}")).is_some(), "{status}");
        }
    }
}
