//! What Google's error codes mean (`assets/platforms/google_ads/errors.toml`).

use std::sync::LazyLock;

use serde::Deserialize;

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rows: Vec<Row>,
}

fn load() -> Result<Vec<Row>, toml::de::Error> {
    let table: Table = toml::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/google_ads/errors.toml"
    )))?;
    Ok(table.rows)
}

/// The file is part of the program and a test loads it; were it broken, every error would be judged by its status.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| load().unwrap_or_default());

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
        assert!(load().is_ok());
        let codes: BTreeSet<_> = rows().iter().map(|r| &r.code).collect();
        assert_eq!(codes.len(), rows().len());
        assert!(rows().iter().all(|r| !r.words.is_empty()));
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
