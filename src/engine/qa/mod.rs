//! Pre-flight QA: what a ticket would get wrong on its platform or in the house, before anything is sent.
//!
//! Why before every deploy: a platform finds one error per attempt, hours later and in its own words; some errors it
//! never finds (a wrong market, alcohol on a family brand).
//!
//! Invariants
//! - Pure: the same ticket, facts and rules give the same findings in the same order.
//! - Everything at once, each finding with rule, severity, field, message and remedy.
//! - Rules are data ([`rules`]); a rule set that cannot be read lets nothing pass.

pub mod rules;

pub use rules::{RuleSet, rules_in_force};
