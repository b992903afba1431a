//! Which platform a path belongs to, in which version, and what is left of it.
//!
//! One server plays all platforms, so the path alone must tell: `/open_api/` is TikTok's, `/vNN/customers` and
//! `/vNN/...googleAds...` are Google Ads', everything else is Meta's.

use crate::engine::model::platform::PlatformId;

/// The oldest Marketing API version Meta still serves.
const OLDEST_META: u32 = 25;
/// The oldest version Google Ads still serves.
const OLDEST_GOOGLE: u32 = 23;
/// The one version TikTok serves.
const TIKTOK: &str = "v1.3";

/// A path taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Route<'a> {
    /// Whose it is.
    pub(super) platform: PlatformId,
    /// Its version, if it has one.
    pub(super) version: Option<&'a str>,
    /// What follows the version.
    pub(super) path: &'a str,
}

impl<'a> Route<'a> {
    pub(super) fn of(path: &'a str) -> Self {
        let (platform, versioned) = match path.strip_prefix("/open_api") {
            Some(rest) if rest.starts_with('/') => (PlatformId::Tiktok, rest),
            _ if is_google(path) => (PlatformId::GoogleAds, path),
            _ => (PlatformId::Meta, path),
        };
        let (first, after) = first_segment(versioned);
        let (version, path) = if numbers(first).is_some() {
            (Some(first), after)
        } else {
            (None, versioned)
        };
        Self {
            platform,
            version,
            path,
        }
    }

    /// Whether the platform still answers this version.
    pub(super) fn is_served(&self) -> bool {
        self.version.is_some_and(|version| match self.platform {
            PlatformId::Meta => numbers(version).is_some_and(|(major, minor)| major >= OLDEST_META && minor.is_some()),
            PlatformId::Tiktok => version == TIKTOK,
            PlatformId::GoogleAds => numbers(version).is_some_and(|(major, _)| major >= OLDEST_GOOGLE),
        })
    }
}

fn is_google(path: &str) -> bool {
    let (version, rest) = first_segment(path);
    let whole = numbers(version).is_some_and(|(_, minor)| minor.is_none());
    whole && (rest.starts_with("/customers") || rest.contains("googleAds"))
}

/// `/a/b/c` as `a` and `/b/c`.
fn first_segment(path: &str) -> (&str, &str) {
    let rest = path.strip_prefix('/').unwrap_or(path);
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}

/// 25 and 0 of `v25.0`, 25 of `v25`.
fn numbers(text: &str) -> Option<(u32, Option<u32>)> {
    let text = text.strip_prefix('v')?;
    match text.split_once('.') {
        Some((major, minor)) => Some((major.parse().ok()?, Some(minor.parse().ok()?))),
        None => Some((text.parse().ok()?, None)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/v25.0/act_1/ads", PlatformId::Meta, Some("v25.0"), "/act_1/ads", true)]
    #[case("/v25.0", PlatformId::Meta, Some("v25.0"), "", true)]
    #[case("/v24.0/act_1/ads", PlatformId::Meta, Some("v24.0"), "/act_1/ads", false)]
    #[case("/act_1/ads", PlatformId::Meta, None, "/act_1/ads", false)]
    #[case("/v25/act_1", PlatformId::Meta, Some("v25"), "/act_1", false)]
    #[case("/open_apix/v1.3/ad", PlatformId::Meta, None, "/open_apix/v1.3/ad", false)]
    #[case("/open_api/v1.3/ad/get/", PlatformId::Tiktok, Some("v1.3"), "/ad/get/", true)]
    #[case("/open_api/v1.2/ad/get/", PlatformId::Tiktok, Some("v1.2"), "/ad/get/", false)]
    #[case("/open_api/ad/get/", PlatformId::Tiktok, None, "/ad/get/", false)]
    #[case(
        "/v25/customers/1/campaigns:mutate",
        PlatformId::GoogleAds,
        Some("v25"),
        "/customers/1/campaigns:mutate",
        true
    )]
    #[case(
        "/v25/customers:listAccessibleCustomers",
        PlatformId::GoogleAds,
        Some("v25"),
        "/customers:listAccessibleCustomers",
        true
    )]
    #[case(
        "/v25/googleAdsFields:search",
        PlatformId::GoogleAds,
        Some("v25"),
        "/googleAdsFields:search",
        true
    )]
    #[case(
        "/v22/customers/1/googleAds:mutate",
        PlatformId::GoogleAds,
        Some("v22"),
        "/customers/1/googleAds:mutate",
        false
    )]
    fn the_path_tells_whose_it_is(
        #[case] path: &str,
        #[case] platform: PlatformId,
        #[case] version: Option<&str>,
        #[case] rest: &str,
        #[case] served: bool,
    ) {
        let route = Route::of(path);
        assert_eq!((route.platform, route.version, route.path), (platform, version, rest));
        assert_eq!(route.is_served(), served);
    }
}
