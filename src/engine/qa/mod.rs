//! stub
#![allow(missing_docs, clippy::all, clippy::pedantic, reason = "temporary")]
use crate::engine::model::{
    catalogue::Catalogue,
    json::Sha,
    refusal::Problem,
    ticket::{Finding, Ticket},
    time::Day,
    *,
};
pub struct RuleSet;
impl RuleSet {
    pub fn version(&self) -> Sha {
        Sha::default()
    }
}
pub struct Facts<'a> {
    pub campaign: &'a campaign::Campaign,
    pub brand: &'a governance::Brand,
    pub market: &'a governance::Market,
    pub channel: &'a governance::Channel,
    pub catalogue: &'a Catalogue,
    pub platform_problems: &'a [Problem],
    pub policy: &'a crate::engine::policy::Policy,
    pub today: Day,
}
pub fn run(_: &Ticket, _: &Facts<'_>, _: &RuleSet) -> Vec<Finding> {
    vec![]
}
pub fn rules_in_force() -> &'static RuleSet {
    &RuleSet
}
