//! What a question costs, in whole micro-units of the price's currency: no float, no rounding in our favour.

use serde::{Deserialize, Serialize};

use super::wire::Usage;
use crate::engine::model::money::Currency;

/// Micro-units: 1 000 000 are one main unit (one euro).
pub type Micros = u64;

/// What a million tokens cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Of which currency.
    pub currency: Currency,
    /// Micro-units for a million input tokens.
    pub input: Micros,
    /// Micro-units for a million input tokens read from the server's cache.
    pub cached: Micros,
    /// Micro-units for a million output tokens.
    pub output: Micros,
}

/// What may be spent, in the price's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// A question estimated above this is confirmed first.
    pub confirm_above: Option<Micros>,
    /// A person spends at most this a day.
    pub day_cap: Option<Micros>,
}

/// Tokens, and whether the server counted them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// The tokens.
    pub usage: Usage,
    /// True when the server gave no figure and this is our estimate; shown as such.
    pub estimated: bool,
}

impl Price {
    /// The cost of these tokens, rounded up to a whole micro-unit.
    pub fn of(&self, usage: Usage) -> Micros {
        let cached = usage.cached.min(usage.input);
        let parts = [
            (usage.input - cached, self.input),
            (cached, self.cached),
            (usage.output, self.output),
        ];
        let total: u128 = parts.iter().map(|(n, price)| u128::from(*n) * u128::from(*price)).sum();
        u64::try_from(total.div_ceil(1_000_000)).unwrap_or(u64::MAX)
    }
}

/// Whether a question may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Send it.
    Fine,
    /// Ask the person first: it may cost this much.
    Confirm {
        /// The estimate.
        cost: Micros,
    },
    /// Refuse: the day's cap would be passed.
    OverCap {
        /// Spent today.
        spent: Micros,
        /// The cap.
        cap: Micros,
    },
}

/// Judges an estimate. Without a price nothing can be judged, so nothing is held up.
pub fn allowance(
    price: Option<Price>,
    limits: Limits,
    estimate: Usage,
    spent_today: Micros,
    confirmed: bool,
) -> Allowance {
    let Some(cost) = price.map(|p| p.of(estimate)) else {
        return Allowance::Fine;
    };
    if let Some(cap) = limits.day_cap
        && spent_today.saturating_add(cost) > cap
    {
        return Allowance::OverCap {
            spent: spent_today,
            cap,
        };
    }
    match limits.confirm_above {
        Some(above) if cost > above && !confirmed => Allowance::Confirm { cost },
        _ => Allowance::Fine,
    }
}

/// Tokens guessed from characters, learning from what the server counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimator {
    /// Characters of 1000 tokens.
    chars: u64,
}

impl Default for Estimator {
    /// 3.5 characters a token: a little below what English text gives, so that an estimate is rather too high.
    fn default() -> Self {
        Self { chars: 3_500 }
    }
}

impl Estimator {
    /// Tokens of a text of this many characters, rounded up.
    pub const fn tokens(&self, chars: usize) -> u64 {
        (chars as u64).saturating_mul(1_000).div_ceil(self.chars)
    }

    /// Learns from a request of `chars` characters the server counted as `tokens`: half the old, half the new, kept
    /// between 1 and 8 characters a token so that one odd answer cannot spoil it.
    pub fn learn(&mut self, chars: usize, tokens: u64) {
        if tokens >= 50 {
            let seen = (chars as u64).saturating_mul(1_000) / tokens;
            self.chars = u64::midpoint(self.chars, seen).clamp(1_000, 8_000);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price() -> Price {
        Price {
            currency: Currency::USD,
            input: 2_500_000,
            cached: 1_250_000,
            output: 10_000_000,
        }
    }

    fn usage(input: u64, cached: u64, output: u64) -> Usage {
        Usage {
            input,
            cached,
            output,
            reasoning: 0,
        }
    }

    #[test]
    fn cost_is_exact_and_rounded_up() {
        assert_eq!(price().of(usage(1_000_000, 0, 0)), 2_500_000);
        assert_eq!(price().of(usage(1_000_000, 1_000_000, 0)), 1_250_000);
        assert_eq!(price().of(usage(812, 512, 64)), 750 + 640 + 640);
        assert_eq!(price().of(usage(1, 0, 0)), 3);
        assert_eq!(price().of(usage(u64::MAX, 0, u64::MAX)), u64::MAX);
    }

    #[rstest::rstest]
    #[case::small(100, 0, false, Allowance::Fine)]
    #[case::asks(1_000_000, 0, false, Allowance::Confirm { cost: 2_500_000 })]
    #[case::confirmed(1_000_000, 0, true, Allowance::Fine)]
    #[case::capped(1_000_000, 8_000_000, true, Allowance::OverCap { spent: 8_000_000, cap: 10_000_000 })]
    fn dear_questions_are_confirmed_and_the_days_cap_holds(
        #[case] input: u64,
        #[case] spent: Micros,
        #[case] confirmed: bool,
        #[case] expected: Allowance,
    ) {
        let limits = Limits {
            confirm_above: Some(1_000_000),
            day_cap: Some(10_000_000),
        };
        assert_eq!(
            allowance(Some(price()), limits, usage(input, 0, 0), spent, confirmed),
            expected
        );
        assert_eq!(
            allowance(None, limits, usage(input, 0, 0), spent, confirmed),
            Allowance::Fine
        );
    }

    #[test]
    fn the_estimate_follows_the_server_within_bounds() {
        let mut e = Estimator::default();
        assert_eq!(e.tokens(3_500), 1_000);
        for _ in 0..20 {
            e.learn(2_000, 1_000);
        }
        assert!((999..=1_001).contains(&e.tokens(2_000)), "{e:?}");
        e.learn(1_000_000, 60);
        assert!(e.tokens(8_000) >= 1_000);
        e.learn(10, 1);
    }
}
