//! Who hears of what happens to a ticket.
//!
//! The rule: whoever wrote a ticket and whoever takes care of it hear of it, until they say they do not want to; anybody
//! else hears of it once they say so. What somebody said counts until they say otherwise, whoever takes care by then.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What people said about hearing of a ticket, by login name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watchers {
    /// Want to.
    pub on: BTreeSet<String>,
    /// Do not want to, although they wrote it or take care of it.
    pub off: BTreeSet<String>,
}

impl Watchers {
    /// Most people whose word is kept for one ticket: the row stays small.
    pub const MOST: usize = 64;

    /// Takes somebody's word.
    pub fn say(&mut self, name: &str, watches: bool) {
        let (to, from) = if watches {
            (&mut self.on, &mut self.off)
        } else {
            (&mut self.off, &mut self.on)
        };
        from.remove(name);
        to.insert(name.to_owned());
    }

    /// How many have said something.
    pub fn len(&self) -> usize {
        self.on.len() + self.off.len()
    }

    /// True when nobody has.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Who hears of a ticket with this author and this owner, by name.
    pub fn of(&self, author: &str, owner: &str) -> Vec<String> {
        let by_rule = [author, owner]
            .into_iter()
            .filter(|n| !n.is_empty() && !self.off.contains(*n));
        let all: BTreeSet<&str> = by_rule.chain(self.on.iter().map(String::as_str)).collect();
        all.into_iter().map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn author_and_owner_hear_of_it_until_they_say_otherwise() {
        let mut watchers = Watchers::default();
        assert_eq!(watchers.of("ana", ""), ["ana"]);
        assert_eq!(watchers.of("ana", "ben"), ["ana", "ben"]);
        watchers.say("ana", false);
        watchers.say("cleo", true);
        assert_eq!(watchers.of("ana", "ben"), ["ben", "cleo"]);
        watchers.say("ana", true);
        watchers.say("cleo", false);
        assert_eq!(watchers.of("ana", "ben"), ["ana", "ben"]);
        assert_eq!(watchers.len(), 2, "the last word of each");
    }
}
