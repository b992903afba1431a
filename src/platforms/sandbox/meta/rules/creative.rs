//! What a creative and an ad must say.

use serde_json::Value;

use super::{Check, first_status, is_open, name};
use crate::platforms::sandbox::meta::{account::Account, call::Call, error::GraphError, object::Object};

/// Judges a new creative.
pub(in super::super) fn creative(call: &Call<'_>, account: &Account) -> Check {
    name(call)?;
    let story = call.json("object_story_spec");
    let has_content = story.is_some()
        || [
            "object_story_id",
            "asset_feed_spec",
            "source_instagram_media_id",
            "product_set_id",
        ]
        .into_iter()
        .any(|f| call.text(f).is_some());
    if !has_content {
        return Err(GraphError::invalid(
            "object_story_spec",
            "Creative Is Empty",
            "A creative needs object_story_spec, object_story_id or asset_feed_spec.",
        ));
    }
    let Some(story) = story else {
        return Ok(());
    };
    if story.get("page_id").is_none() {
        return Err(GraphError::invalid(
            "object_story_spec.page_id",
            "Page Required",
            "The creative needs the page it is shown for.",
        ));
    }
    if let Some(link) = story.get("link_data") {
        let url = link.get("link").and_then(Value::as_str).unwrap_or_default();
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err(GraphError::invalid(
                "object_story_spec.link_data.link",
                "Invalid Link",
                "The link must be a web address that begins with https://.",
            ));
        }
    }
    if let Some(video) = story.get("video_data")
        && video.get("image_hash").is_none()
        && video.get("image_url").is_none()
    {
        return Err(GraphError::invalid(
            "object_story_spec.video_data.image_hash",
            "Thumbnail Required",
            "A video needs image_hash or image_url.",
        ));
    }
    let mut hashes = Vec::new();
    collect_hashes(&story, "object_story_spec", &mut hashes);
    hashes
        .into_iter()
        .find(|(_, hash)| !account.has_image(hash))
        .map_or(Ok(()), |(path, hash)| {
            Err(GraphError::invalid(
                &path,
                "Image Not Found",
                &format!("The image {hash} is not in the library of this ad account."),
            ))
        })
}

/// Every `image_hash` in a story with its path.
fn collect_hashes(value: &Value, path: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let path = format!("{path}.{key}");
                match inner.as_str() {
                    Some(hash) if key == "image_hash" => out.push((path, hash.to_owned())),
                    _ => collect_hashes(inner, &path, out),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|v| collect_hashes(v, path, out)),
        _ => {}
    }
}

/// Judges a new ad; `siblings` are the ads its ad set already holds.
pub(in super::super) fn ad(call: &Call<'_>, ad_set: &Object, siblings: usize) -> Check {
    name(call)?;
    first_status(call)?;
    is_open(ad_set, "adset_id")?;
    if call.text("bid_amount").is_some() {
        return Err(GraphError::invalid(
            "bid_amount",
            "Bid Not Allowed",
            "A bid can be set on the ad set only.",
        ));
    }
    if siblings >= 50 {
        return Err(GraphError::invalid(
            "adset_id",
            "Too Many Ads",
            "An ad set can hold at most 50 ads that are not archived.",
        ));
    }
    Ok(())
}
