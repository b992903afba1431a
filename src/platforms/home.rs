//! Where each platform lives when the configuration does not say.

use crate::engine::model::platform::PlatformId;

/// Address and API version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// Without version.
    pub base_url: &'static str,
    /// The version this build was checked against.
    pub version: &'static str,
}

/// The home of a platform; `None` for those this build cannot deploy to.
pub const fn home(platform: PlatformId) -> Option<Home> {
    match platform {
        PlatformId::Meta => Some(Home {
            base_url: "https://graph.facebook.com",
            version: "v25.0",
        }),
        PlatformId::Tiktok => Some(Home {
            base_url: "https://business-api.tiktok.com/open_api",
            version: "v1.3",
        }),
        PlatformId::GoogleAds => None,
    }
}
