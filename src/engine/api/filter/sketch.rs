//! What can be known of a card without looking at it: a few bytes that lie beside each other for all cards, so that a
//! filter over all of them reads little memory. Most rows are ruled out by it; the rest are looked at.
//!
//! Never wrong, only unsure: a word's pairs of letters and a field's value each set bits that other ones may set too.

use super::{Field, Filter, Test, fold, same};
use crate::engine::{
    api::card::Card,
    model::{
        platform::PlatformId,
        ticket::{Priority, RequestType, Status},
    },
};

/// What is known of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketch {
    bits: Bits,
    status: Status,
    platform: PlatformId,
    request: RequestType,
    priority: Priority,
}

/// Pairs of letters, and values of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Bits {
    pairs: [u64; 2],
    fields: u64,
}

/// What a sketch says about a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The card does not pass.
    No,
    /// It passes.
    Yes,
    /// The card has to be looked at.
    Look,
}

impl Sketch {
    /// Of a card.
    pub fn of(card: &Card) -> Self {
        let mut bits = Bits::default();
        let no = card.no.to_string();
        for text in [card.name.as_str(), &card.assignee, &no] {
            bits.add_pairs(text);
        }
        if let Some(failure) = &card.failure {
            bits.add_pairs(failure);
        }
        let fields = [
            (Field::Market, &*card.market),
            (Field::Brand, &card.brand),
            (Field::Channel, &card.channel),
            (Field::Account, card.account.as_str()),
            (Field::Owner, &card.assignee),
            (Field::By, &card.updated_by),
            (Field::Author, &card.author),
        ];
        let watching = card.watchers.iter().map(|name| (Field::Watching, &**name));
        // A rule of the house may be asked for without its first word.
        let rules = card.rules.iter().flat_map(|rule| {
            let short = rule.strip_prefix("house.");
            [Some(&**rule), short]
                .into_iter()
                .flatten()
                .map(|rule| (Field::Rule, rule))
        });
        for (field, value) in fields.into_iter().chain(watching).chain(rules) {
            bits.fields |= bit_of(field, &fold(value));
        }
        Self {
            bits,
            status: card.status,
            platform: card.platform,
            request: card.request,
            priority: card.priority,
        }
    }
}

impl Bits {
    /// What a card must have for a test to hold.
    pub(super) fn of(test: &Test) -> Self {
        let mut bits = Self::default();
        match test {
            Test::Word(word) => bits.add_pairs(word),
            Test::Field(field, value) => bits.fields = bit_of(*field, value),
            Test::Status(_) | Test::Step(_) => {}
        }
        bits
    }

    fn add_pairs(&mut self, text: &str) {
        let mut add = |bytes: &[u8]| {
            for pair in bytes.windows(2) {
                if let [a, b] = *pair {
                    let spread = u32::from(a.to_ascii_lowercase()) * 0x9E5 + u32::from(b.to_ascii_lowercase()) * 0x35;
                    let at = (spread ^ (spread >> 7)) % 128;
                    let [low, high] = &mut self.pairs;
                    *(if at < 64 { low } else { high }) |= 1 << (at % 64);
                }
            }
        };
        if text.is_ascii() {
            add(text.as_bytes());
        } else {
            add(text.to_lowercase().as_bytes());
        }
    }

    const fn has_pairs(self, other: Self) -> bool {
        let ([a, b], [x, y]) = (self.pairs, other.pairs);
        a & x == x && b & y == y
    }
}

/// The bit of a field's folded value.
fn bit_of(field: Field, folded: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64 ^ field as u64;
    let hash = folded.bytes().fold(start, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    1 << ((hash ^ (hash >> 32)) % 64)
}

impl Filter {
    /// What a sketch says about this filter.
    pub fn glance(&self, sketch: &Sketch) -> Verdict {
        let mut verdict = Verdict::Yes;
        for term in &self.terms {
            match term.test.glance(sketch, term.bits) {
                Some(holds) if holds == term.not => return Verdict::No,
                Some(_) => {}
                None => verdict = Verdict::Look,
            }
        }
        verdict
    }
}

impl Test {
    /// Whether it holds, where the sketch knows.
    fn glance(&self, sketch: &Sketch, bits: Bits) -> Option<bool> {
        match self {
            Self::Word(_) => (!sketch.bits.has_pairs(bits)).then_some(false),
            Self::Status(status) => Some(sketch.status == *status),
            Self::Step(_) => None,
            Self::Field(field, value) => match field {
                Field::Platform => Some(same(sketch.platform.as_str(), value)),
                Field::Request => Some(same(sketch.request.as_str(), value)),
                Field::Priority => Some(same(sketch.priority.as_str(), value)),
                Field::Market
                | Field::Brand
                | Field::Channel
                | Field::Account
                | Field::Owner
                | Field::By
                | Field::Author
                | Field::Watching
                | Field::Rule => (sketch.bits.fields & bits.fields == 0).then_some(false),
                Field::Status | Field::Campaign | Field::State | Field::No | Field::Needs => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sketch_stays_small() {
        assert!(size_of::<Sketch>() <= 32);
    }

    #[rstest::rstest]
    #[case("ACM_DE_META_2026_SpringSale", "springs", true)]
    #[case("GRÖSSE der Straße", "grösse", true)]
    #[case("ACM_DE_META_2026_SpringSale", "", true)]
    #[case("ACM_DE_META_2026_SpringSale", "a", true)]
    #[case("ACM_DE_META_2026_SpringSale", "winterwonder", false)]
    fn pairs_of_a_word_are_among_those_of_a_text_that_holds_it(
        #[case] text: &str,
        #[case] word: &str,
        #[case] may: bool,
    ) {
        let (mut all, mut some) = (Bits::default(), Bits::default());
        all.add_pairs(text);
        some.add_pairs(word);
        assert_eq!(all.has_pairs(some), may);
    }
}
