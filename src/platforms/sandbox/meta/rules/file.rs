//! What an uploaded file must be.

use super::Check;
use crate::{
    engine::model::asset::{Asset, MediaType},
    platforms::sandbox::meta::error::GraphError,
};

/// Largest image, in bytes: Ads Guide, image ads.
const IMAGE_MAX: u64 = 30_000_000;
/// Largest video in one request, in bytes. Meta names no number; above some size it answers 413.
const VIDEO_MAX: u64 = 1_000_000_000;

/// Judges a new image.
pub(in super::super) fn image(asset: &Asset) -> Check {
    if !asset.media.is_image() {
        return Err(refused("Invalid Image Format", "The file is not a picture."));
    }
    if asset.bytes > IMAGE_MAX {
        return Err(refused("Image Too Large", "The picture is larger than 30 MB."));
    }
    Ok(())
}

/// Judges a new video.
pub(in super::super) fn video(asset: &Asset) -> Check {
    if !matches!(
        asset.media,
        MediaType::Mp4 | MediaType::Quicktime | MediaType::Mpeg | MediaType::Avi
    ) {
        return Err(refused("Invalid Video Format", "The file is not a video."));
    }
    if asset.bytes > VIDEO_MAX {
        return Err(GraphError::of_status(413));
    }
    Ok(())
}

fn refused(title: &'static str, words: &str) -> GraphError {
    GraphError::invalid("", title, words)
}
