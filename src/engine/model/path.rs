//! Where in a ticket something is: `budget.daily`, `payload.ad_set.targeting.geo_locations`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A dotted path to a field, list items by number in brackets: `payload.ad_set.targeting.flexible_spec[0].interests[2]`.
/// The form puts its cursor there, QA findings and platform errors point there.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldPath(pub String);

impl FieldPath {
    /// A path from text.
    pub fn new(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    /// The path one field deeper.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        if self.0.is_empty() {
            Self(name.to_owned())
        } else {
            Self(format!("{}.{name}", self.0))
        }
    }

    /// The path of the n-th list item (from 0).
    #[must_use]
    pub fn item(&self, n: usize) -> Self {
        Self(format!("{}[{n}]", self.0))
    }

    /// The path a JSON pointer (RFC 6901) names; numbers are places in lists.
    pub fn of_pointer(pointer: &str) -> Self {
        pointer
            .split('/')
            .skip(1)
            .fold(Self::default(), |at, part| match part.parse() {
                Ok(n) => at.item(n),
                Err(_) => at.field(&part.replace("~1", "/").replace("~0", "~")),
            })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&str> for FieldPath {
    fn from(s: &str) -> Self {
        Self(s.to_owned())
    }
}
