//! The documents this program comes with: platform policies with their sources, runbooks for what this program does,
//! and the guides of the demo's invented brands. Useful on the first day, replaced or joined by the house's own.

use super::source::{Document, Folder};
use crate::engine::model::json::Sha;

macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        /// Path below `assets/guidelines` and text.
        const FILES: &[(&str, &str)] = &[$((
            $path,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/guidelines/", $path)),
        )),+];
    };
}

files! {
    "brands/acme_outdoor.md",
    "brands/halcyon_travel.md",
    "brands/kitewave_toys.md",
    "brands/lumen_pictures.md",
    "brands/nova_drinks.md",
    "house/approvals.md",
    "house/personal_data.md",
    "platforms/google_ads/ads.md",
    "platforms/google_ads/budgets.md",
    "platforms/google_ads/campaign.md",
    "platforms/google_ads/limits.md",
    "platforms/meta/budgets.md",
    "platforms/meta/campaign.md",
    "platforms/meta/creative.md",
    "platforms/meta/limits.md",
    "platforms/meta/targeting.md",
    "platforms/tiktok/budgets.md",
    "platforms/tiktok/campaign.md",
    "platforms/tiktok/creative.md",
    "platforms/tiktok/limits.md",
    "platforms/tiktok/targeting.md",
    "runbooks/blocked_account.md",
    "runbooks/brand_safety.md",
    "runbooks/budget_findings.md",
    "runbooks/flight.md",
    "runbooks/geo_findings.md",
    "runbooks/going_live.md",
    "runbooks/landing_page.md",
    "runbooks/names.md",
    "runbooks/needs_operator.md",
    "runbooks/qa_failed.md",
    "runbooks/rate_limits.md",
    "runbooks/rejected.md",
    "runbooks/unknown_outcome.md",
}

/// The folder they are in.
pub fn folder() -> Folder {
    Folder {
        name: "starter".to_owned(),
        reviewed: true,
        ..Folder::default()
    }
}

/// The documents. `folder` = the position of [`folder`] in the list of folders.
pub fn documents(folder: usize) -> impl Iterator<Item = Document> {
    FILES.iter().map(move |(path, text)| Document {
        folder,
        path: (*path).to_owned(),
        name: format!("assets/guidelines/{path}"),
        text: (*text).to_owned(),
        hash: Sha::of(text.as_bytes()),
        paged: None,
    })
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::*;
    use crate::engine::copilot::shelf::Shelf;

    fn shelf() -> Shelf {
        let documents: Vec<_> = documents(0).collect();
        Shelf::build(&[folder()], &documents, Vec::new(), |_, _| true)
            .unwrap()
            .unwrap()
    }

    #[test]
    fn every_file_of_the_folder_is_in_the_program() {
        fn walk(dir: &Path, root: &Path, out: &mut BTreeSet<String>) {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, root, out);
                } else {
                    out.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/guidelines");
        let mut there = BTreeSet::new();
        walk(&root, &root, &mut there);
        let here: BTreeSet<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(here, there);
    }

    #[test]
    fn they_are_good_and_complete() {
        let shelf = shelf();
        assert_eq!(shelf.problems(), []);
        for source in shelf.sources() {
            assert!(source.quarantine.is_empty(), "{}: {:?}", source.id, source.quarantine);
            assert!(source.may_leave_host && !source.owner.is_empty(), "{}", source.id);
            assert!(source.period.from.is_some(), "{}", source.id);
            let is_policy = source.id.starts_with("starter/platforms/");
            assert_eq!(is_policy, !source.references.is_empty(), "{}: where from?", source.id);
        }
        assert!(shelf.sources().len() >= 20 && shelf.len() >= 100, "{shelf:?}");
    }
}
