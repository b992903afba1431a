//! What happens to each ticket of the demo, and where it must end.

use serde::Deserialize;

use crate::engine::model::ticket::Status;

/// The part a ticket plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Story {
    /// Stays a draft.
    Draft,
    /// Passes QA and waits for somebody to deploy it.
    Ready,
    /// Called off as a draft.
    Cancelled,
    /// Went live before the demo opens.
    Past,
    /// Goes live without trouble.
    Live,
    /// The account hits its rate limit half-way.
    Throttled,
    /// The platform's answer is lost after it created the object.
    LostAnswer,
    /// The object comes into being after its caller was cut off.
    Late,
    /// 500 although the object was made.
    ServerError,
    /// The answer breaks off half-way.
    CutAnswer,
    /// The connection ends before anything happens.
    Unreachable,
    /// The platform makes two of one and loses the answer: a person must choose.
    TwoFound,
    /// The platform refuses the ad set.
    Refused,
    /// The platform refuses the creative.
    RefusedImage,
    /// A budget above the house's limit.
    OverBudget,
    /// An adult interest on a family brand.
    AdultInterest,
    /// An alcohol interest on a family brand.
    AlcoholInterest,
    /// No country to advertise in.
    NoGeo,
    /// A country outside the campaign's market.
    WrongMarket,
    /// No landing page.
    NoLink,
}

/// The status a ticket must end in, and whether a person must be asked on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The status.
    pub status: Status,
    /// It waits for an answer only a person can give.
    pub asks: bool,
}

impl Story {
    /// Where it ends.
    pub const fn end(self) -> End {
        let (status, asks) = match self {
            Self::Draft => (Status::Draft, false),
            Self::Ready => (Status::ReadyForApi, false),
            Self::Cancelled => (Status::Cancelled, false),
            Self::Past
            | Self::Live
            | Self::Throttled
            | Self::LostAnswer
            | Self::Late
            | Self::ServerError
            | Self::CutAnswer
            | Self::Unreachable => (Status::TraffickedSuccess, false),
            Self::TwoFound => (Status::Deploying, true),
            Self::Refused | Self::RefusedImage => (Status::Failed, false),
            Self::OverBudget
            | Self::AdultInterest
            | Self::AlcoholInterest
            | Self::NoGeo
            | Self::WrongMarket
            | Self::NoLink => (Status::QaFailed, false),
        };
        End { status, asks }
    }

    /// True when QA is asked.
    pub const fn sees_qa(self) -> bool {
        !matches!(self, Self::Draft | Self::Cancelled)
    }

    /// True when it is deployed.
    pub const fn deploys(self) -> bool {
        matches!(
            self.end().status,
            Status::TraffickedSuccess | Status::Deploying | Status::Failed
        )
    }

    /// What it shows, for the closing table.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Draft => "left as a draft",
            Self::Ready => "passed QA, waits for somebody",
            Self::Cancelled => "called off",
            Self::Past => "live before the demo opened",
            Self::Live => "goes live",
            Self::Throttled => "rate limited, waits, goes on",
            Self::LostAnswer => "answer lost, found by name, adopted",
            Self::Late => "created after the connection died, adopted",
            Self::ServerError => "500 after creating, found by name",
            Self::CutAnswer => "answer cut off, found by name",
            Self::Unreachable => "never arrived, proved absent, sent again",
            Self::TwoFound => "two objects found: a person must choose",
            Self::Refused => "refused by the platform (ad set)",
            Self::RefusedImage => "refused by the platform (creative)",
            Self::OverBudget => "QA: over the budget limit",
            Self::AdultInterest => "QA: adult interest on a family brand",
            Self::AlcoholInterest => "QA: alcohol interest on a family brand",
            Self::NoGeo => "QA: no country",
            Self::WrongMarket => "QA: country outside the market",
            Self::NoLink => "QA: no landing page",
        }
    }
}
