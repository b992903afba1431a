//! Names of platforms, accounts and what lives on them, as the engine knows them. What a platform does is in
//! [`crate::platforms`].

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::sanitise::excerpt;

/// A platform this build can speak to. New ones go last: the store keeps the position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformId {
    /// Meta Marketing API.
    Meta,
    /// TikTok API for Business.
    Tiktok,
    /// Google Ads API.
    GoogleAds,
}

impl PlatformId {
    /// Every platform, in declaration order.
    pub const ALL: [Self; 3] = [Self::Meta, Self::Tiktok, Self::GoogleAds];

    /// The word used in configuration, filters and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Tiktok => "tiktok",
            Self::GoogleAds => "google_ads",
        }
    }
}

impl fmt::Display for PlatformId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for PlatformId {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|p| p.as_str().eq_ignore_ascii_case(s))
            .ok_or_else(|| {
                format!(
                    "\"{}\" is not a platform; known: meta, tiktok, google_ads",
                    excerpt(s, 24)
                )
            })
    }
}

/// An account's id in the platform's own form: 1 to 64 characters of `A-Z a-z 0-9 _ -`. Each platform checks its own
/// form on top (`act_` and digits on Meta).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AccountId(Arc<str>);

impl AccountId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountId {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let fits = !s.is_empty() && s.len() <= 64 && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
        if fits {
            Ok(Self(s.into()))
        } else {
            Err(format!(
                "\"{}\" is not an account id (letters, digits, _ and -, at most 64)",
                excerpt(s, 24)
            ))
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

/// An object's id on a platform: always text, because the numbers pass 2^53.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExternalId(pub String);

impl ExternalId {
    /// Stands for the id a step has not got yet, where a plan is only shown: `<campaign id>`. No platform's id looks so.
    pub fn placeholder(step: &str) -> Self {
        Self(format!("<{step} id>"))
    }

    /// True for what [`Self::placeholder`] makes.
    pub fn is_placeholder(&self) -> bool {
        self.0.starts_with('<')
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What kind of object a step makes or changes. Platforms use their own words for it on screen
/// ([`crate::platforms::Platform::object_word`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// The topmost object.
    Campaign,
    /// Ad set, ad group.
    AdSet,
    /// An uploaded image or video.
    Asset,
    /// A creative, where the platform has one of its own.
    Creative,
    /// The ad.
    Ad,
    /// A whole tree created by one atomic call.
    Tree,
}

impl ObjectKind {
    /// The word in JSON, and in text where no platform is known.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::AdSet => "ad_set",
            Self::Asset => "asset",
            Self::Creative => "creative",
            Self::Ad => "ad",
            Self::Tree => "tree",
        }
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
