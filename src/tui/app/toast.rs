//! What the console has to say: one line over the footer, and a list of everything said.
//!
//! Success goes by itself after three seconds; warnings and errors stay until Esc, because errors that vanish before
//! they are read are a classic complaint.

use std::collections::VecDeque;

use super::msg::Millis;
use crate::engine::{
    api::ApiError,
    model::{
        sanitise::{Shown, sanitise},
        time::Timestamp,
    },
};
use crate::tui::screens::ScreenId;

/// Messages kept.
const KEPT: usize = 200;
/// How long a success stays.
pub const SUCCESS_MS: u64 = 3000;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// It worked.
    Good,
    /// News.
    Note,
    /// Look at it.
    Warn,
    /// It did not work.
    Bad,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// How bad.
    pub tone: Tone,
    /// When.
    pub at: Timestamp,
    /// What happened and why, one line.
    pub words: Shown,
    /// What to do.
    pub remedy: Shown,
    until: Option<Millis>,
    place: Option<(ScreenId, usize)>,
}

/// The present message and the older ones.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    current: Option<Toast>,
    /// Bad news nobody read yet, while good news stands in its place for a moment.
    unread: Option<Toast>,
    log: VecDeque<Toast>,
}

impl Toasts {
    /// Says something.
    pub fn say(&mut self, tone: Tone, words: &str, remedy: &str, now: Timestamp, mono: Millis) {
        let toast = Toast {
            tone,
            at: now,
            words: sanitise(words),
            remedy: sanitise(remedy),
            place: None,
            until: (tone <= Tone::Note).then(|| mono.plus(SUCCESS_MS)),
        };
        if self.log.len() >= KEPT {
            self.log.pop_front();
        }
        self.log.push_back(toast.clone());
        // What a key did is said even while bad news waits to be read; that comes back when the word is over.
        let before = self.current.replace(toast);
        if tone >= Tone::Warn {
            self.unread = None;
        } else if let Some(bad) = before.filter(|c| c.tone >= Tone::Warn) {
            self.unread = Some(bad);
        }
    }

    /// The present message.
    pub const fn current(&self) -> Option<&Toast> {
        self.current.as_ref()
    }

    /// When the present message goes by itself.
    pub fn until(&self) -> Option<Millis> {
        self.current.as_ref().and_then(|t| t.until)
    }

    /// Takes the present message away if its time is over.
    pub fn expire(&mut self, mono: Millis) {
        if self.until().is_some_and(|u| u <= mono) {
            self.current = self.unread.take();
        }
    }

    /// News is about a place: it goes when its overlay closes or its screen is left. Returns true when it went.
    pub fn settle(&mut self, screen: ScreenId, overlays: usize) -> bool {
        let Some(toast) = self.current.as_mut().filter(|t| t.tone == Tone::Note) else {
            return false;
        };
        let (said_on, over) = *toast.place.get_or_insert((screen, overlays));
        let left = said_on != screen || overlays < over;
        if left {
            self.current = self.unread.take();
        }
        left
    }

    /// Takes the present message away. Returns true if there was one that stayed.
    pub fn dismiss(&mut self) -> bool {
        let stayed = self.unread.take().is_some() || self.current.as_ref().is_some_and(|c| c.until.is_none());
        self.current = None;
        stayed
    }

    /// Everything said, newest first.
    pub fn log(&self) -> impl Iterator<Item = &Toast> {
        self.log.iter().rev()
    }
}

/// An error as reason and remedy.
pub fn explain(error: &ApiError) -> (String, String) {
    match error {
        ApiError::Refused(refusal) => {
            let reasons: Vec<String> = refusal
                .problems
                .iter()
                .map(|p| {
                    p.field
                        .as_ref()
                        .map_or_else(|| p.reason.clone(), |f| format!("{f}: {}", p.reason))
                })
                .collect();
            let mut remedies: Vec<&str> = refusal
                .problems
                .iter()
                .map(|p| p.remedy.as_str())
                .filter(|r| !r.is_empty())
                .collect();
            remedies.dedup();
            (reasons.join("; "), remedies.join("; "))
        }
        ApiError::Unavailable(why) => (why.clone(), "reads stay; r tries again".to_owned()),
        ApiError::Internal(_) => (error.to_string(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_stays_where_it_was_said() {
        let mut toasts = Toasts::default();
        let say = |t: &mut Toasts, tone| t.say(tone, "x", "", Timestamp::default(), Millis(0));
        say(&mut toasts, Tone::Note);
        assert!(!toasts.settle(ScreenId::Board, 1) && !toasts.settle(ScreenId::Board, 1));
        assert!(toasts.settle(ScreenId::Board, 0), "its overlay closed");
        say(&mut toasts, Tone::Note);
        toasts.settle(ScreenId::Board, 0);
        assert!(toasts.settle(ScreenId::Logs, 0), "its screen was left");
        say(&mut toasts, Tone::Bad);
        toasts.settle(ScreenId::Board, 1);
        assert!(!toasts.settle(ScreenId::Logs, 0), "errors stay until they are read");
    }

    #[test]
    fn success_goes_and_errors_stay() {
        let mut toasts = Toasts::default();
        let say = |t: &mut Toasts, tone, at| t.say(tone, "x", "", Timestamp::default(), Millis(at));
        say(&mut toasts, Tone::Good, 0);
        toasts.expire(Millis(SUCCESS_MS));
        assert!(toasts.current().is_none());
        say(&mut toasts, Tone::Bad, 0);
        say(&mut toasts, Tone::Good, 1);
        say(&mut toasts, Tone::Note, 2);
        assert_eq!(
            toasts.current().map(|t| t.tone),
            Some(Tone::Note),
            "what a key did is said"
        );
        toasts.expire(Millis(1_000_000));
        assert_eq!(
            toasts.current().map(|t| t.tone),
            Some(Tone::Bad),
            "and bad news comes back"
        );
        toasts.expire(Millis(2_000_000));
        say(&mut toasts, Tone::Good, 2_000_000);
        assert!(toasts.dismiss(), "Esc reads both");
        assert!(toasts.current().is_none());
        assert_eq!(toasts.log().count(), 5);
    }
}
