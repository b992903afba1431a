//! The files a payload carries, held against what the platform takes and what the store has.

use serde_json::Value;

use super::Hit;
use crate::engine::model::{
    asset::{Asset, FileLimits},
    catalogue::{Catalogue, get_path},
    json::Sha,
    path::FieldPath,
    sanitise::excerpt,
};

/// Files of a type, size or dimensions the platform does not take.
pub(super) fn unfit(catalogue: &Catalogue, payload: &Value) -> Vec<Hit> {
    let hits = given(catalogue, payload).flat_map(|(at, asset, limits)| {
        let wrong = limits.map(|l| l.unfit(&asset)).unwrap_or_default();
        wrong
            .into_iter()
            .map(move |(why, fix)| Hit::at(at.clone()).with("why", why).with("fix", fix))
    });
    hits.collect()
}

/// Files the store no longer has.
pub(super) fn lost(catalogue: &Catalogue, payload: &Value, lost: &[Sha]) -> Vec<Hit> {
    given(catalogue, payload)
        .filter(|(_, asset, _)| lost.contains(&asset.sha256))
        .map(|(at, asset, _)| {
            Hit::at(at)
                .with("name", excerpt(&asset.name, 60))
                .with("hash", asset.sha256.short())
        })
        .collect()
}

/// Every file field that holds an asset, with its path and limits.
fn given<'c>(
    catalogue: &'c Catalogue,
    payload: &'c Value,
) -> impl Iterator<Item = (FieldPath, Asset, Option<&'c FileLimits>)> {
    catalogue.objects.iter().flat_map(move |object| {
        object.fields.iter().filter_map(move |field| {
            let path = format!("{}.{}", object.section, field.path);
            let asset = Asset::of_value(get_path(payload, &path)?)?;
            Some((FieldPath::new("payload").field(&path), asset, field.file.as_ref()))
        })
    })
}
