//! Whether a snippet says what a sentence cites it for.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::{
    claims::{Bound, Claim, Counted, DayMonthYear, What, claims, fold_code},
    quantity::stem,
    sentences::quoted,
    words::{WORDS, has_beginning, has_phrase},
};

/// A snippet, read once.
#[derive(Debug)]
pub struct Ground {
    claims: Vec<Claim>,
    /// Small letters, one space, quotation marks and dashes made one.
    folded: String,
    codes: String,
    stems: HashSet<String>,
    stops: HashSet<String>,
    sentences: Vec<(HashSet<String>, String)>,
}

impl Ground {
    /// Reads a snippet: heading, dates and text.
    pub fn read(text: &str) -> Self {
        let mut all = claims(text);
        // The parts of a size and of a date are numbers one can speak of.
        let bare = |value| Claim {
            text: String::new(),
            what: What::Quantity {
                values: vec![value],
                counted: Counted::Nothing,
                bound: Bound::Open,
            },
            spelled: false,
            aside: false,
        };
        let mut parts = Vec::new();
        for claim in &all {
            match &claim.what {
                What::Size(a, b) => parts.extend([*a, *b].map(|value| {
                    let mut part = bare(value);
                    if let (What::Quantity { counted, .. }, Some(px)) = (&mut part.what, WORDS.unit("px")) {
                        *counted = Counted::Unit(px);
                    }
                    part
                })),
                What::Date(readings) => {
                    for (day, _, year) in readings {
                        parts.extend(day.map(|d| bare(d.into())));
                        parts.extend(year.map(|y| bare(y.into())));
                    }
                }
                _ => {}
            }
        }
        all.extend(parts);
        let folded = fold(text);
        let sentences = super::sentences::sentences(text)
            .into_iter()
            .map(|s| (stems(&fold(&s.bare)), fold(&s.bare)))
            .collect();
        Self {
            claims: all,
            codes: fold_code(text),
            stems: stems(&folded),
            stops: stops(&folded),
            sentences,
            folded,
        }
    }

    /// True when the text states the same.
    pub fn says(&self, claim: &Claim) -> bool {
        match &claim.what {
            What::Quantity { values, counted, bound } => self.says_quantity(values, counted, *bound),
            What::Size(a, b) => {
                let same = |c: &Claim| matches!(&c.what, What::Size(x, y) if x == a && y == b);
                // Width and height one after the other, not as a size.
                let any_size = self.claims.iter().any(|c| matches!(c.what, What::Size(..)));
                let alone = |v| self.says_quantity(&[v], &Counted::Nothing, Bound::Open);
                self.claims.iter().any(same) || (!any_size && alone(*a) && alone(*b))
            }
            What::Ratio(a, b) => self
                .claims
                .iter()
                .any(|c| matches!(&c.what, What::Ratio(x, y) if x == a && y == b)),
            What::Date(readings) => self.claims.iter().any(|c| match &c.what {
                What::Date(known) => readings.iter().any(|r| known.iter().any(|k| covers(*k, *r))),
                _ => false,
            }),
            What::Code(code) => self.codes.match_indices(code.as_str()).any(|(at, _)| {
                let after = self.codes.get(at + code.len()..).and_then(|t| t.chars().next());
                !(code.ends_with(|c: char| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit()))
            }),
        }
    }

    /// The number stands here with a unit that fits, and not as the other end of a limit.
    fn says_quantity(&self, values: &[Decimal], counted: &Counted, bound: Bound) -> bool {
        // Where the snippet counts these very things, another thing's number is no ground.
        let counts = matches!(counted, Counted::Things(_)) && self.counts(counted);
        self.claims.iter().any(|claim| {
            let What::Quantity {
                values: known,
                counted: of,
                bound: end,
            } = &claim.what
            else {
                return false;
            };
            let same = known.iter().any(|k| values.contains(k));
            let fits = match (counted, of) {
                (Counted::Unit(a), Counted::Unit(b)) => {
                    let base = |list: &[Decimal], factor: Decimal| -> Vec<_> {
                        list.iter()
                            .filter_map(|v| v.checked_mul(factor))
                            .map(|v| v.normalize())
                            .collect()
                    };
                    let ours = base(values, a.factor);
                    a.of == b.of && base(known, b.factor).iter().any(|k| ours.contains(k))
                }
                // The unit stands elsewhere: in the head of a table, before the number.
                (Counted::Unit(a), Counted::Nothing) => same && self.names_unit(a.of),
                (Counted::Unit(_), Counted::Things(_)) => false,
                (Counted::Things(a), Counted::Things(b)) => same && (a == b || !counts),
                (Counted::Things(_), Counted::Unit(_)) => same && !counts,
                _ => same,
            };
            let opposite = matches!((bound, end), (Bound::Least, Bound::Most) | (Bound::Most, Bound::Least));
            fits && !opposite
        })
    }

    /// The snippet gives a number of these things.
    fn counts(&self, things: &Counted) -> bool {
        self.claims
            .iter()
            .any(|c| matches!(&c.what, What::Quantity { counted, .. } if counted == things))
    }

    fn names_unit(&self, of: usize) -> bool {
        self.folded
            .split(|c: char| !c.is_alphanumeric() && c != '%')
            .any(|w| WORDS.unit(w).is_some_and(|u| u.of == of))
    }

    fn quotes(&self, phrase: &str) -> bool {
        let mut from = 0;
        phrase
            .split("...")
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .all(|part| {
                let found = self.folded.get(from..).and_then(|rest| rest.find(part));
                from += found.unwrap_or(0) + part.len();
                found.is_some()
            })
    }
}

/// True when a known date says all that is claimed.
fn covers(known: DayMonthYear, claimed: DayMonthYear) -> bool {
    fn part<T: PartialEq + Copy>(known: Option<T>, claimed: Option<T>) -> bool {
        claimed.is_none() || claimed == known
    }
    part(known.0, claimed.0) && part(known.1, claimed.1) && part(known.2, claimed.2)
}

/// What a cited sentence says that none of its snippets does. `context` is the question and the ticket: a quotation
/// from there is no rule.
pub fn unsupported(sentence: &str, grounds: &[&Ground], context: &Ground) -> Vec<String> {
    let mut missing = Vec::new();
    for claim in claims(sentence) {
        if !claim.aside && !grounds.iter().any(|g| g.says(&claim)) {
            missing.push(claim.text);
        }
    }
    for range in quoted(sentence) {
        let quote = sentence.get(range).unwrap_or_default();
        let phrase = fold(quote);
        let phrase = phrase.trim_matches(|c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ' '));
        if !phrase.is_empty() && !grounds.iter().any(|g| g.quotes(phrase)) && !context.quotes(phrase) {
            missing.push(quote.to_owned());
        }
    }
    let folded = fold(sentence);
    missing.extend(against(&folded, figures(sentence).is_empty(), grounds));
    missing
}

/// The figures of a sentence that could be a rule's: not those that name a place, nor small counts in words.
pub fn figures(sentence: &str) -> Vec<Claim> {
    let measured = |c: &Claim| {
        matches!(
            &c.what,
            What::Quantity {
                counted: Counted::Unit(_),
                ..
            }
        )
    };
    claims(sentence)
        .into_iter()
        .filter(|c| !c.aside && (!c.spelled || measured(c)))
        .collect()
}

/// A prohibition nobody made, a permission of what is forbidden, or a citation that has nothing to do with the sentence.
fn against(folded: &str, plain: bool, grounds: &[&Ground]) -> Option<String> {
    // "Must not exceed 30 s" is a limit and was checked as one.
    let forbids = plain && has_phrase(folded, &WORDS.forbid);
    if forbids && !grounds.iter().any(|g| has_beginning(&g.folded, &WORDS.negative)) {
        let word = WORDS
            .forbid
            .iter()
            .find(|w| has_phrase(folded, std::slice::from_ref(w)));
        return word.cloned();
    }
    let words = stems(folded);
    let same_language = |g: &Ground| stops(folded).intersection(&g.stops).next().is_some();
    if plain && words.len() >= 4 && grounds.iter().all(|g| same_language(g) && words.is_disjoint(&g.stems)) {
        return Some("the whole sentence".to_owned());
    }
    let permits = has_phrase(folded, &WORDS.permit);
    if plain && permits {
        // "Everything is allowed": a permission is as wide as the snippet's, and no wider.
        let one = std::slice::from_ref;
        let wide = WORDS.everything.iter().find(|w| has_phrase(folded, one(w)));
        let unsaid = |w: &&String| !grounds.iter().any(|g| has_phrase(&g.folded, one(w)));
        if let Some(word) = wide.filter(unsaid) {
            return Some(word.clone());
        }
        // A permission nobody gave, or one of something the snippet does not speak of.
        let gives = |g: &Ground| has_beginning(&g.folded, &WORDS.permissive);
        let about = |g: &Ground| {
            let mut own = words.iter().filter(|w| !has_beginning(w, &WORDS.permissive)).peekable();
            own.peek().is_none() || own.any(|w| g.stems.iter().any(|s| is_kin(w, s)))
        };
        if grounds.iter().all(|g| same_language(g) && !(gives(g) && about(g))) {
            return Some("allowed".to_owned());
        }
    }
    let unconditional = |text: &str| !has_phrase(text, &WORDS.condition);
    if !(forbids || permits) || !unconditional(folded) {
        return None;
    }
    // The sentence of the snippets that speaks of the same.
    let nearest = grounds
        .iter()
        .flat_map(|g| &g.sentences)
        .max_by_key(|(stems, _)| stems.intersection(&words).count());
    let (same, text) = nearest.map(|(stems, text)| (stems.intersection(&words).count(), text))?;
    let theirs = (has_phrase(text, &WORDS.forbid), has_phrase(text, &WORDS.permit));
    let opposite = (forbids && !permits && theirs == (false, true)) || (permits && !forbids && theirs.0 && !theirs.1);
    (same * 2 >= words.len() && opposite && unconditional(text))
        .then(|| if forbids { "forbidden" } else { "allowed" }.to_owned())
}

/// Two forms of one word, as far as four letters tell.
fn is_kin(a: &str, b: &str) -> bool {
    let beginning = |w: &str| w.chars().take(4).collect::<String>();
    beginning(a) == beginning(b)
}

/// Text in which only the words count: small letters, one space, one kind of mark for each purpose.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = match c {
            '“' | '”' | '„' | '"' | '«' | '»' | '*' | '`' => continue,
            '‘' | '’' | '‛' | '′' => '\'',
            '–' | '—' | '−' | '\u{2010}' | '\u{2011}' => '-',
            '×' | '✕' => 'x',
            '…' => {
                out.push_str("...");
                continue;
            }
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if c != ' ' || !out.ends_with(' ') {
            out.extend(c.to_lowercase());
        }
    }
    out.trim().to_owned()
}

/// The beginnings of the words that carry content.
fn stems(folded: &str) -> HashSet<String> {
    let words = folded.split(|c: char| !c.is_alphanumeric() && c != '\'');
    let content = |w: &&str| {
        w.chars().count() > 2 && !w.bytes().any(|b| b.is_ascii_digit()) && !WORDS.stop.iter().any(|s| s == w)
    };
    words.filter(content).map(stem).collect()
}

fn stops(folded: &str) -> HashSet<String> {
    let words = folded.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|w| w.len() > 1 && WORDS.stop.iter().any(|s| s == w))
        .map(str::to_owned)
        .collect()
}
