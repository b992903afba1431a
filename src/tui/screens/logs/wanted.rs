//! Which lines are shown: `level:warn target:store timed out`. Pure.

use crate::{
    engine::model::sanitise::excerpt,
    tui::log_feed::{Level, LogLine},
};

/// A parsed filter; an empty one lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    level: Option<Level>,
    target: Option<String>,
    words: String,
}

impl Wanted {
    /// Parses; a level nobody knows is refused by name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut wanted = Self::default();
        let mut words = Vec::new();
        for part in text.split_whitespace() {
            match part.split_once(':') {
                Some(("level", word)) => {
                    let known = Level::ALL.into_iter().find(|l| l.as_str().eq_ignore_ascii_case(word));
                    let Some(level) = known else {
                        let all = Level::ALL.map(|l| l.as_str().to_lowercase()).join(", ");
                        return Err(format!("\"{}\" is not a level; known: {all}", excerpt(word, 24)));
                    };
                    wanted.level = Some(level);
                }
                Some(("target", word)) if !word.is_empty() => wanted.target = Some(word.to_lowercase()),
                Some(("target", _)) => return Err("target: needs a part of the program, such as deploy".to_owned()),
                _ => words.push(part.to_lowercase()),
            }
        }
        wanted.words = words.join(" ");
        Ok(wanted)
    }

    /// True when the line is shown.
    pub fn matches(&self, line: &LogLine) -> bool {
        let target = line.target.to_lowercase();
        self.level.is_none_or(|l| line.level >= l)
            && self.target.as_ref().is_none_or(|t| target.contains(t))
            && (self.words.is_empty() || line.text.to_lowercase().contains(&self.words) || target.contains(&self.words))
    }

    /// The quietest level asked for.
    pub const fn level(&self) -> Option<Level> {
        self.level
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::time::Timestamp;

    fn line(level: Level, target: &str, text: &str) -> LogLine {
        LogLine {
            n: 1,
            at: Timestamp::default(),
            level,
            target: target.to_owned(),
            text: text.to_owned(),
        }
    }

    #[rstest::rstest]
    #[case("", true)]
    #[case("level:warn", true)]
    #[case("level:ERROR", false)]
    #[case("target:store", true)]
    #[case("target:deploy", false)]
    #[case("target:store sync took", true)]
    #[case("level:info target:store lost", false)]
    #[case("traffick::store", true)]
    fn it_lets_through_what_it_says(#[case] text: &str, #[case] expected: bool) {
        let line = line(Level::Warn, "omnitraffick::store", "Sync took 812 ms");
        assert_eq!(Wanted::parse(text).unwrap().matches(&line), expected);
    }

    #[rstest::rstest]
    #[case("level:loud", "is not a level; known: trace")]
    #[case("target:", "needs a part of the program")]
    fn typing_errors_are_said(#[case] text: &str, #[case] words: &str) {
        assert!(Wanted::parse(text).unwrap_err().contains(words));
    }
}
