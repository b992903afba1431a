//! The nouns of the house: market, brand, channel, campaign, ticket, deploy, and the values they are made of.
//!
//! Why here: every other room speaks of these, so they know nobody. They hold their own small truths (a code has a
//! grammar, money has a currency) and no behaviour beyond that.
//!
//! Invariants
//! - No IO, no clock, no randomness: ids and times arrive as arguments.
//! - Every id, code and amount is a newtype made only by parsing, so a wrong one cannot be passed on.
//! - Everything stored here is safe for bincode: no maps with random order, no floats, no untyped JSON values
//!   (see [`json::CanonicalJson`]), no `skip_serializing_if`, no internally tagged enums.

pub mod account_report;
pub mod actor;
pub mod approval;
pub mod asset;
pub mod blackout;
pub mod campaign;
pub mod catalogue;
pub mod code;
pub mod country;
pub mod deploy;
pub mod difference;
pub mod event;
pub mod exchange;
pub mod governance;
pub mod house_rule;
pub mod ids;
pub mod json;
pub mod money;
pub mod path;
pub mod platform;
pub mod proposal;
pub mod rate;
pub mod refusal;
pub mod roles;
pub mod sanitise;
pub mod ticket;
pub mod time;
pub mod watch;
