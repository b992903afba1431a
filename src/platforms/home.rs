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

impl Home {
    /// The path of its address, `/open_api`; empty for most.
    pub fn path(&self) -> &'static str {
        let host = self.base_url.split_once("://").map_or(self.base_url, |(_, rest)| rest);
        host.find('/').and_then(|at| host.get(at..)).unwrap_or_default()
    }
}

/// The home of a platform; `None` for those this build cannot deploy to.
pub const fn home(platform: PlatformId) -> Option<Home> {
    match platform {
        PlatformId::Meta => Some(Home {
            base_url: "https://graph.facebook.com",
            version: "v25.0",
        }),
        PlatformId::GoogleAds => Some(Home {
            base_url: "https://googleads.googleapis.com",
            version: "v25",
        }),
        PlatformId::Tiktok => Some(Home {
            base_url: "https://business-api.tiktok.com/open_api",
            version: "v1.3",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_what_follows_the_host() {
        assert_eq!(home(PlatformId::Tiktok).map(|h| h.path()), Some("/open_api"));
        assert_eq!(home(PlatformId::GoogleAds).map(|h| h.path()), Some(""));
    }
}
