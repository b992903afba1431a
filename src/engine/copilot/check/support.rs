//! Whether a snippet says what a sentence cites it for.

use std::collections::{BTreeSet, HashSet};

use rust_decimal::Decimal;

use super::{
    claims::{Bound, Claim, Counted, DayMonthYear, What, claims, fold_code},
    quantity::stem,
    sentences::quoted,
    stance::{Clause, clauses, unfounded},
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
    /// The language most of its small words are of.
    language: Option<&'static str>,
    clauses: Vec<Clause>,
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
        let clauses = super::sentences::sentences(text)
            .into_iter()
            .flat_map(|s| clauses(&fold(&s.bare)))
            .collect();
        Self {
            claims: all,
            codes: fold_code(text),
            stems: stems(&folded),
            language: language(&folded),
            clauses,
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
/// `qualified` = another sentence of the answer gives conditions out of the same snippets.
pub fn unsupported(sentence: &str, grounds: &[&Ground], context: &Ground, qualified: bool) -> Vec<String> {
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
    missing.extend(against(&folded, figures(sentence).is_empty(), grounds, qualified));
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
fn against(folded: &str, plain: bool, grounds: &[&Ground], qualified: bool) -> Option<String> {
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
    // Words of two languages cannot be compared.
    let own = language(folded);
    if grounds
        .iter()
        .any(|g| own.is_some() && g.language.is_some() && own != g.language)
    {
        return None;
    }
    if plain && words.len() >= 4 && grounds.iter().all(|g| words.is_disjoint(&g.stems)) {
        return Some("the whole sentence".to_owned());
    }
    let clauses: Vec<&Clause> = grounds.iter().flat_map(|g| &g.clauses).collect();
    let spoken: BTreeSet<String> = grounds.iter().flat_map(|g| &g.stems).cloned().collect();
    unfounded(folded, plain, &clauses, &spoken, qualified)
}

/// Two forms of one word, as far as four letters tell; a shorter one begins the longer.
pub fn is_kin(a: &str, b: &str) -> bool {
    let beginning = |w: &str| w.chars().take(4).collect::<String>();
    let (a, b) = (beginning(a), beginning(b));
    a == b || (a.chars().count() == 3 && b.starts_with(&a)) || (b.chars().count() == 3 && a.starts_with(&b))
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
pub fn stems(folded: &str) -> HashSet<String> {
    let words = folded.split(|c: char| !c.is_alphanumeric() && c != '\'');
    let content = |w: &&str| {
        w.chars().count() > 2 && !w.bytes().any(|b| b.is_ascii_digit()) && !WORDS.stop.iter().any(|s| s == w)
    };
    words.filter(content).map(stem).collect()
}

/// The language of a text, as far as its small words tell.
fn language(folded: &str) -> Option<&'static str> {
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).collect();
    let hits = |small: &[String]| words.iter().filter(|w| small.iter().any(|s| s == *w)).count();
    let all = WORDS.language.iter().map(|(name, small)| (hits(small), name.as_str()));
    all.filter(|(n, _)| *n > 0).max().map(|(_, name)| name)
}
