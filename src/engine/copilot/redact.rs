//! What must not leave the host is replaced by a typed, stable name before anything is sent.
//!
//! Order: secrets we know, secrets by their shape, long random tokens, then what identifies a person. The same value
//! gets the same name throughout one request, so that the model can still tell two addresses apart.
//!
//! Invariants
//! - Pure: the same texts and secrets give the same result.
//! - Any [`GRAM`] characters in a row of a known secret are found, in any case, over line breaks and over the border of
//!   two texts.
//! - The value of a secret is kept nowhere; values that identify people are kept for display only.

mod known;
mod personal;
mod shapes;

use std::{collections::BTreeMap, ops::Range};

pub use known::GRAM;

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A secret of this installation.
    Secret,
    /// Something shaped like a key, a token or a password.
    Key,
    /// A long random token.
    Token,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A payment card number that checks out.
    Card,
    /// A bank account number that checks out.
    Iban,
    /// An IP address.
    Ip,
}

impl Kind {
    /// The word in the name that replaces it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Secret => "SECRET",
            Self::Key => "KEY",
            Self::Token => "TOKEN",
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::Card => "CARD",
            Self::Iban => "IBAN",
            Self::Ip => "IP",
        }
    }

    /// True for what opens a door: found in [`super::settings::OnSecret::Block`], nothing is sent.
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::Key | Self::Token)
    }
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// In which of the texts, counted from 0.
    pub text: usize,
    /// On which line of it, counted from 1.
    pub line: usize,
}

/// Texts that may leave, and what was taken out of them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Redacted {
    /// The texts in the order they were given.
    pub texts: Vec<String>,
    /// What was found, in order.
    pub findings: Vec<Finding>,
    /// Name to value, for display; secrets are not in it.
    names: BTreeMap<String, String>,
}

impl std::fmt::Debug for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redacted")
            .field("texts", &self.texts)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl Redacted {
    /// Secrets that were found; where each stands.
    pub fn secrets(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.kind.is_secret())
    }

    /// How many of each kind, for the audit row.
    pub fn counts(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry(finding.kind).or_default() += 1;
        }
        counts
    }

    /// Puts the values back where an answer repeats their names. For display on this host only.
    pub fn restore(&self, answer: &str) -> String {
        // Longest name first: `<IP_12>` is not `<IP_1>` with something behind it, but order costs nothing.
        self.names
            .iter()
            .rev()
            .fold(answer.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

/// Redacts texts that are sent together. `secrets` are the exact values this installation knows.
pub fn redact(texts: &[&str], secrets: &[&str]) -> Redacted {
    let known = known::find(texts, secrets);
    let mut out = Redacted::default();
    let mut names = Names::new(texts);
    for (number, (text, known)) in texts.iter().zip(known).enumerate() {
        let mut found: Vec<(Range<usize>, Kind)> = known.into_iter().map(|range| (range, Kind::Secret)).collect();
        shapes::find(text, &mut found);
        personal::find(text, &mut found);
        found = merge(found);
        let mut clean = String::with_capacity(text.len());
        let mut at = 0;
        for (range, kind) in found {
            let (before, value) = (text.get(at..range.start), text.get(range.clone()));
            let (Some(before), Some(value)) = (before, value) else {
                continue;
            };
            clean.push_str(before);
            clean.push_str(&names.of(kind, value));
            let line = 1 + text.get(..range.start).map_or(0, |t| t.matches('\n').count());
            out.findings.push(Finding {
                kind,
                text: number,
                line,
            });
            at = range.end;
        }
        clean.push_str(text.get(at..).unwrap_or_default());
        out.texts.push(clean);
    }
    out.names = names.kept;
    out
}

/// Findings in order without overlaps. What overlaps becomes one of the stronger kind: nothing of either may stay.
fn merge(mut found: Vec<(Range<usize>, Kind)>) -> Vec<(Range<usize>, Kind)> {
    found.retain(|(range, _)| !range.is_empty());
    found.sort_by_key(|(range, kind)| (range.start, *kind));
    let mut merged: Vec<(Range<usize>, Kind)> = Vec::new();
    for (range, kind) in found {
        match merged.last_mut() {
            Some((last, named)) if range.start < last.end => {
                // A secret stays one; of two personal numbers the longer knows better what it is.
                let secret = named.is_secret() || kind.is_secret();
                *named = match secret {
                    true => kind.min(*named),
                    false if range.len() > last.len() => kind,
                    false => *named,
                };
                last.end = last.end.max(range.end);
            }
            _ => merged.push((range, kind)),
        }
    }
    merged
}

/// Names given so far.
struct Names {
    /// By kind and value.
    given: BTreeMap<(Kind, String), String>,
    last: BTreeMap<Kind, usize>,
    kept: BTreeMap<String, String>,
    taken: String,
}

impl Names {
    fn new(texts: &[&str]) -> Self {
        Self {
            given: BTreeMap::new(),
            last: BTreeMap::new(),
            kept: BTreeMap::new(),
            taken: texts.concat(),
        }
    }

    fn of(&mut self, kind: Kind, value: &str) -> String {
        let key = (kind, value.to_lowercase());
        if let Some(name) = self.given.get(&key) {
            return name.clone();
        }
        let last = self.last.entry(kind).or_default();
        let name = loop {
            *last += 1;
            let name = format!("<{}_{last}>", kind.word());
            // A text that already holds the name would be restored to somebody's address.
            if !self.taken.contains(&name) {
                break name;
            }
        };
        if !kind.is_secret() {
            self.kept.insert(name.clone(), value.to_owned());
        }
        self.given.insert(key, name.clone());
        name
    }
}
