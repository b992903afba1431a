//! Which platforms this build can speak to.

use std::{collections::BTreeMap, sync::Arc};

use super::{Platform, google_ads::GoogleAds, meta::Meta, tiktok::Tiktok};
use crate::engine::model::platform::PlatformId;

/// Every platform, by id. One that is not here can be governed and planned for, not deployed to.
pub fn registry() -> BTreeMap<PlatformId, Arc<dyn Platform>> {
    let all: [Arc<dyn Platform>; 3] = [Arc::new(Meta), Arc::new(Tiktok), Arc::new(GoogleAds)];
    all.into_iter().map(|p| (p.id(), p)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_is_found_by_its_own_id() {
        let registry = registry();
        assert!(registry.contains_key(&PlatformId::Meta));
        assert!(registry.contains_key(&PlatformId::Tiktok));
        assert!(registry.contains_key(&PlatformId::GoogleAds));
        assert!(registry.iter().all(|(id, p)| p.id() == *id));
    }
}
