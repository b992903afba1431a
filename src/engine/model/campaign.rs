//! A campaign: brand, market, year and the planner's own words. What a platform name is made of, minus the channel.

use serde::{Deserialize, Serialize};

use super::{
    code::Label,
    ids::{BrandId, CampaignId, MarketId},
    money::Money,
    time::{Flight, Timestamp},
};

/// What was promised for one brand in one market and year.
///
/// Brand, market, year and label are fixed once a ticket exists: the names on the platforms are made of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Identity.
    pub id: CampaignId,
    /// Whose.
    pub brand: BrandId,
    /// Where.
    pub market: MarketId,
    /// Four digits, the year in the name.
    pub year: u16,
    /// The planner's own words as they stand in the name: `MoanaLaunch`. Unique per brand, market and year.
    pub label: Label,
    /// The words as the planner wrote them: `Moana launch`.
    pub title: String,
    /// What may be spent in all, if promised. Tickets are shown against it.
    pub budget: Option<Money>,
    /// Planned first and last day, if known. New tickets start from it.
    pub flight: Option<Flight>,
    /// Retired campaigns take no new tickets.
    pub retired: bool,
    /// When it was made.
    pub created_at: Timestamp,
}
