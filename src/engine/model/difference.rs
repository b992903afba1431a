//! One thing an object on a platform has different from what was asked for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A difference, as a sentence and as the thing it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What differs, in the platform's word: `status`, `daily_budget`. Empty where the sentence is about the whole.
    pub what: String,
    /// One sentence: `status is ACTIVE, asked was PAUSED`.
    pub words: String,
}

impl Difference {
    /// A value that is another one than asked; `None` = there is none.
    pub fn of(what: &str, have: Option<&str>, want: Option<&str>) -> Self {
        let show = |v: Option<&str>| v.unwrap_or("nothing").to_owned();
        Self {
            what: what.to_owned(),
            words: format!("{what} is {}, asked was {}", show(have), show(want)),
        }
    }

    /// A difference that is no single value's.
    pub fn whole(words: impl Into<String>) -> Self {
        Self {
            what: String::new(),
            words: words.into(),
        }
    }

    /// True when it is about whether the object delivers.
    pub fn is_status(&self) -> bool {
        matches!(self.what.as_str(), "status" | "operation_status")
    }

    /// True when it is about how much the object spends.
    pub fn is_budget(&self) -> bool {
        matches!(self.what.as_str(), "budget" | "daily_budget" | "lifetime_budget")
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl PartialEq<str> for Difference {
    fn eq(&self, words: &str) -> bool {
        self.words == words
    }
}

impl PartialEq<&str> for Difference {
    fn eq(&self, words: &&str) -> bool {
        self.words == *words
    }
}

impl PartialEq<String> for Difference {
    fn eq(&self, words: &String) -> bool {
        self.words == *words
    }
}
