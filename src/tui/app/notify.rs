//! What a person who looks elsewhere is called for. Pure: which events are worth it, and in which words.
//!
//! Calls are gathered for a moment: forty tickets that go live together ring once.

use std::collections::BTreeSet;

use super::{
    effect::{Effect, TimerId},
    model::Model,
};
use crate::engine::{
    api::news::{Item, What},
    model::{
        event::{Event, EventKind},
        sanitise::excerpt,
    },
};

/// How long calls are gathered.
const GATHER_MS: u64 = 500;
/// Longest text of one call.
const LENGTH: usize = 160;
/// Tickets named in a call for several.
const NAMED: usize = 6;

/// How a person is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// Not at all.
    #[default]
    Off,
    /// The terminal's bell.
    Bell,
    /// OSC 9: a message.
    Osc9,
    /// OSC 777: a message with a title.
    Osc777,
}

/// What a person may be called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Occasion {
    /// A ticket is live.
    Live,
    /// A deploy failed.
    Failed,
    /// The executor asks a person.
    NeedsOperator,
    /// Somebody gave this person a ticket.
    Assigned,
    /// Somebody wrote `@login` in a comment.
    Mention,
    /// There is news of a ticket this person watches.
    Watched,
}

impl Occasion {
    const fn word(self) -> &'static str {
        match self {
            Self::Live => "is live",
            Self::Failed => "failed",
            Self::NeedsOperator => "needs an answer",
            Self::Assigned => "is yours now",
            Self::Mention => "mentions you",
            Self::Watched => "has news",
        }
    }
}

/// How and for what this person wants to be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// How.
    pub way: Way,
    /// For what.
    pub on: BTreeSet<Occasion>,
    /// The terminal is reached through tmux, which passes on only what is wrapped for it.
    pub in_tmux: bool,
}

/// A call that waits for its moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    occasion: Occasion,
    about: String,
    words: String,
}

/// An event came: calls when it is wished.
pub fn on_event(model: &mut Model, event: &Event) -> Vec<Effect> {
    let wishes = &model.session.options.notify;
    if wishes.way == Way::Off {
        return Vec::new();
    }
    let Some(occasion) = occasion(event, model.session.me()).filter(|o| wishes.on.contains(o)) else {
        return Vec::new();
    };
    let about = event.subject.ticket.map(|no| no.to_string());
    let call = Call {
        occasion,
        about: about.unwrap_or_else(|| event.subject.label.clone()),
        words: event.summary.clone(),
    };
    gather(model, call)
}

/// News of a ticket this person watches: calls when it is wished, unless its event called for itself.
pub fn on_news(model: &mut Model, item: &Item) -> Vec<Effect> {
    let wishes = &model.session.options.notify;
    if wishes.way == Way::Off || !wishes.on.contains(&Occasion::Watched) {
        return Vec::new();
    }
    let of_itself = match item.what {
        What::Live => Some(Occasion::Live),
        What::Failed => Some(Occasion::Failed),
        What::NeedsYou => Some(Occasion::NeedsOperator),
        What::Assigned if item.mine => Some(Occasion::Assigned),
        What::Commented if mentions(&item.words, model.session.me()) => Some(Occasion::Mention),
        What::Commented | What::Assigned | What::Approved | What::Declined => None,
    };
    if of_itself.is_some_and(|o| wishes.on.contains(&o)) {
        return Vec::new();
    }
    let call = Call {
        occasion: Occasion::Watched,
        about: item.no.to_string(),
        words: item.words.clone(),
    };
    gather(model, call)
}

fn gather(model: &mut Model, call: Call) -> Vec<Effect> {
    if !model.calls.contains(&call) {
        model.calls.push(call);
    }
    model.arm(TimerId::Notify, GATHER_MS)
}

/// The moment is over: one call for everything that was gathered.
pub fn send(model: &mut Model) -> Vec<Effect> {
    let calls = std::mem::take(&mut model.calls);
    text(&calls).map(Effect::Notify).into_iter().collect()
}

/// What an event is to somebody. What they did themselves is nothing to call them for.
fn occasion(event: &Event, me: &str) -> Option<Occasion> {
    if !me.is_empty() && event.actor.name == me && !event.actor.is_engine() {
        return None;
    }
    let is = |kind| event.kind == kind || event.also.contains(&kind);
    if is(EventKind::Trafficked) {
        Some(Occasion::Live)
    } else if is(EventKind::DeployFailed) {
        Some(Occasion::Failed)
    } else if is(EventKind::OperatorNeeded) {
        Some(Occasion::NeedsOperator)
    } else if is(EventKind::Commented) && mentions(&event.summary, me) {
        Some(Occasion::Mention)
    } else {
        let given = |c: &crate::engine::model::event::FieldChange| {
            c.field.as_str() == "assignee" && !me.is_empty() && c.to.as_deref() == Some(me)
        };
        event.changes.iter().any(given).then_some(Occasion::Assigned)
    }
}

/// True when `@login` stands in a text as a word of its own.
fn mentions(text: &str, login: &str) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let hits = text.match_indices('@').filter_map(|(at, _)| {
        let rest = text.get(at + 1..)?.strip_prefix(login)?;
        let before = text.get(..at)?.chars().next_back();
        Some((before, rest))
    });
    let mut hits = hits.filter(|(before, rest)| {
        // A full stop after the name ends a sentence, not a name.
        let mut after = rest.chars();
        let goes_on = match after.next() {
            Some('.') => after.next().is_some_and(in_word),
            Some(c) => in_word(c),
            None => false,
        };
        !before.is_some_and(in_word) && !goes_on
    });
    !login.is_empty() && hits.next().is_some()
}

/// One line for one or several calls; nothing in it steers a terminal.
fn text(calls: &[Call]) -> Option<String> {
    let words = match calls {
        [] => return None,
        [one] => format!("{} {}: {}", one.about, one.occasion.word(), one.words),
        several => {
            let mut kinds: Vec<Occasion> = several.iter().map(|c| c.occasion).collect();
            kinds.sort_unstable();
            kinds.dedup();
            let of = |kind: &Occasion| {
                let about: BTreeSet<&str> = several
                    .iter()
                    .filter(|c| c.occasion == *kind)
                    .map(|c| c.about.as_str())
                    .collect();
                let named: Vec<&str> = about.iter().copied().take(NAMED).collect();
                let more = about.len().saturating_sub(NAMED);
                let more = if more > 0 {
                    format!(" and {more} more")
                } else {
                    String::new()
                };
                format!("{} {}{more}", kind.word(), named.join(", "))
            };
            kinds.iter().map(of).collect::<Vec<_>>().join("; ")
        }
    };
    Some(excerpt(&words, LENGTH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("@ana please look", true)]
    #[case("please look, @ana.", true)]
    #[case("(@ana)", true)]
    #[case("ana please look", false)]
    #[case("@anais please look", false)]
    #[case("@ana.berg please look", false)]
    #[case("mail@ana.example", false)]
    #[case("x@ana", false)]
    fn a_mention_is_a_word_of_its_own(#[case] text: &str, #[case] is: bool) {
        assert_eq!(mentions(text, "ana"), is);
    }

    #[test]
    fn nobody_is_mentioned_before_the_login_is_known() {
        assert!(!mentions("@ look", ""));
    }

    fn call(occasion: Occasion, about: &str, words: &str) -> Call {
        Call {
            occasion,
            about: about.to_owned(),
            words: words.to_owned(),
        }
    }

    #[test]
    fn several_calls_are_one_line_and_nothing_steers_the_terminal() {
        assert_eq!(text(&[]), None);
        let one = text(&[call(Occasion::Failed, "1042", "said \x1b]0;owned\x07 no")]).unwrap();
        assert!(
            one.starts_with("1042 failed: said ") && !one.contains(char::is_control),
            "{one}"
        );
        let mut calls: Vec<Call> = (0..8).map(|n| call(Occasion::Live, &format!("104{n}"), "")).collect();
        calls.push(call(Occasion::Failed, "1050", ""));
        let words = text(&calls).unwrap();
        assert_eq!(
            words,
            "is live 1040, 1041, 1042, 1043, 1044, 1045 and 2 more; failed 1050"
        );
    }
}
