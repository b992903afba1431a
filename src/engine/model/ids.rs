//! Identifiers: UUID version 7 per noun, so ids sort by the time they were minted and journal and lists agree.
//!
//! Minted at the edges ([`crate::engine::clock::Entropy`]), never in `decide`: a command carries the ids it needs.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID minted at an edge.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    };
}

id!(
    /// A market, for example the United States.
    MarketId
);
id!(
    /// A brand, for example one film studio's family label.
    BrandId
);
id!(
    /// A channel: one ad platform as this house uses it, with its accounts.
    ChannelId
);
id!(
    /// A campaign: what the planner promised for one brand in one market and year.
    CampaignId
);
id!(
    /// A ticket: one request to change something on one platform account.
    TicketId
);
id!(
    /// A deploy: one run of a ticket against its platform, with its ledger of steps.
    DeployId
);
id!(
    /// One intention of one person. Made once when the intention is formed and reused on every resend, so a repeat is
    /// the same commit.
    CommandId
);
id!(
    /// One store on disk. Part of the socket's path and of every journal segment's header.
    StoreId
);
id!(
    /// One claim of a deploy by one executor.
    LeaseId
);
id!(
    /// One QA run of one ticket.
    QaRunId
);

/// The short number people say aloud: "ticket 1042". Unique in a store, never reused, starts at 1001.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketNo(pub u32);

impl TicketNo {
    /// The first number of a fresh store: four digits from the start, so that columns do not shift.
    pub const FIRST: Self = Self(1001);
}

impl fmt::Display for TicketNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for TicketNo {
    type Err = std::num::ParseIntError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.trim().trim_start_matches('#').parse().map(Self)
    }
}
