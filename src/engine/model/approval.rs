//! Agreement of people before something is deployed: what was given, and which rules ask for it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    actor::Actor,
    code::Code,
    governance::{Brand, Market},
    json::Sha,
    money::{Budget, BudgetKind},
    platform::PlatformId,
    ticket::RequestType,
    time::Timestamp,
};

/// Somebody agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Hash of the content that was judged: it holds for nothing else.
    pub payload_hash: Sha,
    /// What was added; may be empty.
    pub reason: String,
}

/// Somebody refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why, for the author.
    pub reason: String,
}

/// What approvers said about a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who agreed, the earliest first. An edit of the content empties it.
    pub approvals: Vec<Approval>,
    /// The last refusal, until somebody agrees.
    pub declined: Option<Declined>,
}

impl Review {
    /// How many agreed to exactly this content.
    pub fn given(&self, payload_hash: Sha) -> u32 {
        let count = self.approvals.iter().filter(|a| a.payload_hash == payload_hash);
        u32::try_from(count.count()).unwrap_or(u32::MAX)
    }
}

/// How far a ticket's approvals are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Standing {
    /// Approvals of the present content.
    pub given: u32,
    /// Approvals the rules ask for.
    pub needed: u32,
}

impl Standing {
    /// Approvals that are missing.
    pub const fn missing(self) -> u32 {
        self.needed.saturating_sub(self.given)
    }
}

/// Which tickets need approval, and by how many. An empty list fits everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalRule {
    /// What the house calls it.
    pub name: String,
    /// How many people have to agree: 1 or 2.
    pub approvals: u32,
    /// Only these brands, by code or former code.
    pub brands: Vec<Code>,
    /// Only these markets, by code or former code.
    pub markets: Vec<Code>,
    /// Only these platforms.
    pub platforms: Vec<PlatformId>,
    /// Only these request types. PAUSE never needs approval: anybody may stop spend.
    pub requests: Vec<RequestType>,
    /// Only daily budgets above this, main units of the account's currency.
    pub daily_above: Option<Decimal>,
    /// Only lifetime budgets above this, main units of the account's currency. With `daily_above`, either is enough.
    pub lifetime_above: Option<Decimal>,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What the ticket asks.
    pub request: RequestType,
    /// Where.
    pub platform: PlatformId,
    /// For how much.
    pub budget: Option<Budget>,
    /// For which brand.
    pub brand: &'a Brand,
    /// In which market.
    pub market: &'a Market,
}

impl ApprovalRule {
    /// True when the rule speaks about this.
    pub fn fits(&self, asked: &Asked<'_>) -> bool {
        // A rename must not take a brand or market out of its rule.
        let named = |codes: &[Code], code: &Code, former: &[Code]| {
            codes.is_empty() || codes.iter().any(|c| c == code || former.contains(c))
        };
        asked.request != RequestType::Pause
            && named(&self.brands, &asked.brand.code, &asked.brand.aliases)
            && named(&self.markets, &asked.market.code, &asked.market.aliases)
            && (self.platforms.is_empty() || self.platforms.contains(&asked.platform))
            && (self.requests.is_empty() || self.requests.contains(&asked.request))
            && self.fits_budget(asked.budget)
    }

    fn fits_budget(&self, budget: Option<Budget>) -> bool {
        if self.daily_above.is_none() && self.lifetime_above.is_none() {
            return true;
        }
        let limit = |kind| match kind {
            BudgetKind::Daily => self.daily_above,
            BudgetKind::Lifetime => self.lifetime_above,
        };
        budget.is_some_and(|b| limit(b.kind).is_some_and(|limit| b.money.amount() > limit))
    }
}

/// How many approvals the rules ask for: the strictest rule that fits decides.
pub fn needed(rules: &[ApprovalRule], asked: &Asked<'_>) -> u32 {
    let fitting = rules.iter().filter(|r| r.fits(asked));
    fitting.map(|r| r.approvals).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{decide::testkit::House, store::schema::keys};

    /// A rule in force for brand DIS (once called OLD), market US, Meta, asked for a CREATE of 500 USD a day.
    fn asked(rule: &ApprovalRule, request: RequestType) -> u32 {
        let house = House::new().unwrap();
        let (_, mut brand): (u64, Brand) = house.world.get(&keys::brand(house.brand)).unwrap();
        let (_, market): (u64, Market) = house.world.get(&keys::market(house.market)).unwrap();
        brand.aliases.push("OLD".parse().unwrap());
        let money = crate::engine::model::money::Money::parse("500", "USD".parse().unwrap()).unwrap();
        let asked = Asked {
            request,
            platform: PlatformId::Meta,
            budget: Some(Budget {
                kind: BudgetKind::Daily,
                money,
            }),
            brand: &brand,
            market: &market,
        };
        needed(&[rule.clone(), ApprovalRule::default()], &asked)
    }

    fn rule(change: impl FnOnce(&mut ApprovalRule)) -> ApprovalRule {
        let mut rule = ApprovalRule {
            approvals: 2,
            ..ApprovalRule::default()
        };
        change(&mut rule);
        rule
    }

    #[rstest::rstest]
    #[case::everything(rule(|_| {}), 2)]
    #[case::brand(rule(|r| r.brands = vec!["DIS".parse().unwrap()]), 2)]
    #[case::former_brand(rule(|r| r.brands = vec!["OLD".parse().unwrap()]), 2)]
    #[case::other_brand(rule(|r| r.brands = vec!["ACM".parse().unwrap()]), 0)]
    #[case::other_market(rule(|r| r.markets = vec!["DE".parse().unwrap()]), 0)]
    #[case::other_platform(rule(|r| r.platforms = vec![PlatformId::Tiktok]), 0)]
    #[case::other_request(rule(|r| r.requests = vec![RequestType::Archive]), 0)]
    #[case::above(rule(|r| r.daily_above = Some(Decimal::from(499))), 2)]
    #[case::at_the_limit(rule(|r| r.daily_above = Some(Decimal::from(500))), 0)]
    #[case::other_kind(rule(|r| r.lifetime_above = Some(Decimal::ONE)), 0)]
    #[case::either_kind(rule(|r| { r.lifetime_above = Some(Decimal::ONE); r.daily_above = Some(Decimal::ONE); }), 2)]
    fn the_strictest_rule_that_fits_decides(#[case] rule: ApprovalRule, #[case] expected: u32) {
        assert_eq!(asked(&rule, RequestType::Create), expected);
        assert_eq!(asked(&rule, RequestType::Pause), 0, "anybody may stop spend");
    }
}
