//! What a clause does with its subject: forbids, allows, asks for, lets go, or only says.
//!
//! A permission is the expensive mistake: a snippet that forbids a thing shares nearly every word with the sentence that
//! allows it. So answer and snippet are cut into clauses, each with its stance and the words it is about, and a rule of
//! the answer needs a clause of a snippet that takes the same side about the same things.

use std::collections::BTreeSet;

use super::{
    support::{fold, is_kin, stems},
    words::{WORDS, has_beginning, has_phrase},
};

/// Which side a clause takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stance {
    /// It must not be.
    Forbids,
    /// It may be; `true` = in words that mean nothing else ("allowed", not "may").
    Allows(bool),
    /// It must be.
    Asks,
    /// It need not be.
    Waives,
    /// It is.
    Says,
}

/// A clause: its side, and what it is about.
#[derive(Clone, Debug)]
pub struct Clause {
    text: String,
    /// Its side.
    pub stance: Stance,
    /// Beginnings of the words that are neither the stance's nor empty.
    about: BTreeSet<String>,
    /// It holds under a condition, its own or its sentence's.
    conditional: bool,
}

/// The clauses of a sentence, folded already.
pub fn clauses(sentence: &str) -> Vec<Clause> {
    let conditional = has_phrase(sentence, &WORDS.condition);
    let mut out = Vec::new();
    for part in sentence.split([';', ':']) {
        cut(part, conditional, &mut out);
    }
    out
}

/// Cut where another stance begins: "may be moved but must not be turned", never "logo and name".
fn cut(part: &str, conditional: bool, out: &mut Vec<Clause>) {
    for joint in [
        " but ",
        ", while ",
        " whereas ",
        ", and ",
        " and ",
        " aber ",
        " und ",
        ", ",
    ] {
        for (at, _) in part.match_indices(joint) {
            let (Some(left), Some(right)) = (part.get(..at), part.get(at + joint.len()..)) else {
                continue;
            };
            if stance(left) != Stance::Says && stance(right) != Stance::Says {
                cut(left, conditional, out);
                cut(right, conditional, out);
                return;
            }
        }
    }
    if !part.trim().is_empty() {
        out.push(Clause {
            stance: stance(part),
            about: about(part),
            text: part.trim().to_owned(),
            conditional,
        });
    }
}

/// Words as they are compared: small, without marks.
fn tokens(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty())
        .collect()
}

fn stance(text: &str) -> Stance {
    let trimmed = text.trim();
    // "No more than three", "may be up to 30 MB": a limit, and its figure is checked as one.
    let is_limit = has_phrase(text, &WORDS.most) || has_phrase(text, &WORDS.least);
    if !is_limit && WORDS.refusing.iter().any(|w| trimmed.starts_with(&format!("{w} "))) && !denied(text, &WORDS.oblige)
    {
        return Stance::Forbids;
    }
    // "Need not", "no approval is needed": before "not" is taken for a prohibition.
    if has_phrase(text, &WORDS.waive) || denied(text, &WORDS.oblige) {
        return Stance::Waives;
    }
    if has_phrase(text, &WORDS.forbid) || denied(text, &WORDS.permit) || denied_after(text, &WORDS.modal) {
        return Stance::Forbids;
    }
    if has_phrase(text, &WORDS.permit) {
        return Stance::Allows(true);
    }
    if has_phrase(text, &WORDS.oblige) {
        return Stance::Asks;
    }
    if has_phrase(text, &WORDS.modal) && !is_limit {
        return Stance::Allows(false);
    }
    Stance::Says
}

/// One of the words stands behind a "not" or a "no", at most three words before it.
fn denied(text: &str, words: &[String]) -> bool {
    let all = tokens(text);
    all.iter().enumerate().any(|(at, word)| {
        let before = all.get(at.saturating_sub(3)..at).unwrap_or_default();
        // "Must not" forbids; it does not let go.
        words.iter().any(|w| w == word)
            && before
                .iter()
                .any(|b| WORDS.denial.iter().any(|d| d == b) || b.ends_with("n't"))
    })
}

/// "Darf sich nicht", "may in no case": a denial behind the word, at most three words after it.
fn denied_after(text: &str, words: &[String]) -> bool {
    let all = tokens(text);
    all.iter().enumerate().any(|(at, word)| {
        let mut after = all.iter().skip(at + 1).take(3);
        words.iter().any(|w| w == word) && after.any(|a| WORDS.denial.iter().any(|d| d == a))
    })
}

fn about(text: &str) -> BTreeSet<String> {
    let is_of = |list: &[String], w: &str| list.iter().flat_map(|p| p.split(' ')).any(|p| p == w);
    let lists = [&WORDS.forbid, &WORDS.permit, &WORDS.oblige, &WORDS.waive];
    let lists = [
        lists.as_slice(),
        &[&WORDS.modal, &WORDS.light, &WORDS.everything, &WORDS.quantifier],
    ]
    .concat();
    let own = |w: &&str| !lists.iter().any(|l| is_of(l, w)) && !has_beginning(w, &WORDS.stance);
    let words: Vec<&str> = tokens(text).into_iter().filter(own).collect();
    stems(&words.join(" ")).into_iter().collect()
}

/// How many of the words `of` stand in `within`, in any form.
fn shared<'a>(of: &BTreeSet<String>, within: impl IntoIterator<Item = &'a String> + Clone) -> usize {
    let known = |w: &&String| within.clone().into_iter().any(|k| is_kin(w, k));
    of.iter().filter(known).count()
}

/// What of a rule no clause of its snippets bears out. `plain` = without a figure: those are checked as figures, and here
/// for a contradiction alone. `spoken` is every word of the snippets; `qualified` = another sentence of the answer gives
/// conditions out of the same snippets.
pub fn unfounded(
    sentence: &str,
    plain: bool,
    grounds: &[&Clause],
    spoken: &BTreeSet<String>,
    qualified: bool,
) -> Option<String> {
    clauses(sentence)
        .iter()
        .find_map(|clause| judge(clause, plain, grounds, spoken, qualified))
}

fn judge(
    clause: &Clause,
    plain: bool,
    grounds: &[&Clause],
    spoken: &BTreeSet<String>,
    qualified: bool,
) -> Option<String> {
    let all = clause.about.len();
    let half = all.div_ceil(2);
    let best = |fits: &dyn Fn(&Clause) -> bool| {
        let fitting = grounds.iter().filter(|g| fits(g));
        fitting.map(|g| shared(&clause.about, &g.about)).max()
    };
    let word = match clause.stance {
        Stance::Forbids => "forbidden",
        Stance::Allows(_) => "allowed",
        Stance::Asks => "required",
        Stance::Waives => "not required",
        Stance::Says => return None,
    };
    // The other side is taken by a clause that is nearer than any on this side.
    let opposes = |g: &Clause| match clause.stance {
        Stance::Forbids => matches!(g.stance, Stance::Allows(_) | Stance::Asks) && !g.conditional,
        Stance::Allows(_) => g.stance == Stance::Forbids,
        Stance::Asks => matches!(g.stance, Stance::Forbids | Stance::Waives),
        Stance::Waives => g.stance == Stance::Asks,
        Stance::Says => false,
    };
    let against = best(&opposes).unwrap_or(0);
    let beside = best(&|g| !opposes(g)).unwrap_or(0);
    if !clause.conditional && all > 0 && against >= half && against > beside {
        return Some(word.to_owned());
    }
    if let Stance::Allows(_) | Stance::Waives = clause.stance
        && let Some(wide) = too_wide(&clause.text, grounds)
    {
        return Some(wide);
    }
    if !plain {
        return None;
    }
    let supports = |g: &Clause| match clause.stance {
        Stance::Forbids => g.stance == Stance::Forbids || has_beginning(&g.text, &WORDS.negative),
        Stance::Allows(true) => {
            matches!(g.stance, Stance::Allows(_) | Stance::Waives)
                || (g.stance == Stance::Says && has_beginning(&g.text, &WORDS.permissive))
        }
        Stance::Allows(false) => g.stance != Stance::Forbids,
        Stance::Asks => matches!(g.stance, Stance::Asks | Stance::Says | Stance::Forbids) || g.conditional,
        Stance::Waives => matches!(g.stance, Stance::Waives | Stance::Allows(_)),
        Stance::Says => true,
    };
    let unsaid = all - shared(&clause.about, spoken);
    let room = match clause.stance {
        // What nobody spoke of is not allowed by anybody.
        Stance::Allows(_) | Stance::Waives => all / 4,
        _ => all / 2,
    };
    // Wherever two clauses of a snippet share the subject, the one that supports has it in its own words or in the next.
    let near = all.div_ceil(3);
    if best(&supports).is_none_or(|n| n < near) || unsaid > room {
        return Some(word.to_owned());
    }
    let narrowed = matches!(clause.stance, Stance::Allows(true)) && !clause.conditional && !qualified && {
        let own: Vec<_> = grounds.iter().filter(|g| supports(g)).collect();
        let top = own.iter().map(|g| shared(&clause.about, &g.about)).max().unwrap_or(0);
        let mut nearest = own.iter().filter(|g| shared(&clause.about, &g.about) == top);
        nearest.all(|g| has_phrase(&g.text, &WORDS.narrow))
    };
    narrowed.then(|| "allowed without its condition".to_owned())
}

/// A word that takes in everything, which no snippet uses so.
fn too_wide(text: &str, grounds: &[&Clause]) -> Option<String> {
    let one = std::slice::from_ref;
    let said = |list: &[String]| {
        grounds
            .iter()
            .any(|g| g.stance != Stance::Forbids && has_phrase(&g.text, list))
    };
    let whole = WORDS
        .everything
        .iter()
        .find(|w| has_phrase(text, one(w)) && !said(one(w)));
    let each = || {
        let word = WORDS.quantifier.iter().find(|w| has_phrase(text, one(w)));
        word.filter(|_| !said(&WORDS.quantifier))
    };
    whole.or_else(each).cloned()
}

/// True for a sentence that narrows what another one allows.
pub fn qualifies(sentence: &str) -> bool {
    let folded = fold(sentence);
    let takes_a_side = |c: &Clause| matches!(c.stance, Stance::Forbids | Stance::Asks);
    has_phrase(&folded, &WORDS.condition) || clauses(&folded).iter().any(takes_a_side)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("alcohol ads must not target minors", &[Stance::Forbids])]
    #[case("the logo may be moved but must not be turned", &[Stance::Allows(false), Stance::Forbids])]
    #[case("pinning is allowed", &[Stance::Allows(true)])]
    #[case("no ads are allowed", &[Stance::Forbids])]
    #[case("it isn't always permitted", &[Stance::Forbids])]
    #[case("no approval is needed", &[Stance::Waives])]
    #[case("a licence is not required", &[Stance::Waives])]
    #[case("sound is required", &[Stance::Asks])]
    #[case("do not stretch it", &[Stance::Forbids])]
    #[case("the logo and the name are blue", &[Stance::Says])]
    fn a_clause_takes_one_side(#[case] text: &str, #[case] expected: &[Stance]) {
        let got: Vec<_> = clauses(text).iter().map(|c| c.stance).collect();
        assert_eq!(got, expected);
    }
}
