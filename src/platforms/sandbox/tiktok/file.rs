//! The library of an account: images and videos. File names are unique in it; every video that gets in is a new one, and
//! is in transcoding for a while.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{
    Call, TiktokWorld,
    error::{ApiError, Outcome},
    rules,
};
use crate::{
    engine::model::{
        asset::{Asset, MediaType},
        platform::{AccountId, ObjectKind},
        time::Timestamp,
    },
    platforms::{Body, Method, Part, tiktok::time},
};

/// Largest image, in bytes, and most pixels it may have.
const IMAGE_MAX: u64 = 50_000_000;
const PIXELS_MAX: u64 = 3_686_400;
/// Largest video, in bytes.
const VIDEO_MAX: u64 = 500_000_000;

/// One file of a library.
#[derive(Clone, Debug)]
pub(super) struct Material {
    account: AccountId,
    name: String,
    asset: Asset,
    created: Timestamp,
}

impl TiktokWorld {
    pub(super) fn route_file(&mut self, call: &Call<'_>, family: &str, verb: &str) -> Outcome {
        let image = family == "image";
        match (call.request.method, verb) {
            (Method::Post, "upload") => {
                rules::account_is_open(self.account(call)?)?;
                self.upload(call, image)
            }
            (Method::Get, "search") => self.search(call, image),
            _ => Err(ApiError::no_endpoint()),
        }
    }

    fn upload(&mut self, call: &Call<'_>, image: bool) -> Outcome {
        let Body::Multipart(parts) = &call.request.body else {
            return Err(ApiError::new(40905, "File missing."));
        };
        let Some((_, _, asset)) = Part::files(parts).next() else {
            return Err(ApiError::new(40905, "File missing."));
        };
        fits(asset, image)?;
        let signature = call.text(if image { "image_signature" } else { "video_signature" });
        if signature != Some(asset.md5.as_str()) {
            return Err(ApiError::new(40900, "The file signature is different."));
        }
        let name = call.text("file_name").unwrap_or_default();
        if name.chars().count() > 100 {
            return Err(ApiError::field("file_name", "Length must be between 1 and 100."));
        }
        if self
            .materials
            .values()
            .any(|m| m.account == call.account && m.name == name)
        {
            return Err(ApiError::new(40911, "Duplicated material name."));
        }
        let id = if image {
            format!("ad-site-i18n-sg/{}", self.next_id())
        } else {
            format!("v10033g50000{}", self.next_id())
        };
        let material = Material {
            account: call.account.clone(),
            name: name.to_owned(),
            asset: asset.clone(),
            created: call.now,
        };
        self.count(&call.account, ObjectKind::Asset, name);
        let shown = Value::Object(view(&id, &material));
        self.materials.insert(id, material);
        // An image answers as an object, a video as a list.
        Ok(if image { shown } else { json!([shown]) })
    }

    fn search(&self, call: &Call<'_>, image: bool) -> Outcome {
        let filter: Value = call
            .query("filtering")
            .map_or(Ok(Value::Null), serde_json::from_str)
            .map_err(|_| ApiError::field("filtering", "Not valid JSON."))?;
        let number = |name: &str, otherwise: u64| call.query(name).and_then(|t| t.parse().ok()).unwrap_or(otherwise);
        let (page, size) = (number("page", 1).max(1), number("page_size", 20).clamp(1, 1000));
        let lag = Duration::from_secs(self.config.listing_lag_seconds);
        let among = |name: &str, id: &str| {
            let ids = filter.get(name).and_then(Value::as_array);
            ids.is_none_or(|ids| ids.iter().any(|v| v.as_str() == Some(id)))
        };
        let side = |name: &str, have: Option<u32>| {
            let want = filter.get(name).and_then(Value::as_u64);
            want.is_none_or(|w| have.map(u64::from) == Some(w))
        };
        let named = filter.get("video_name").and_then(Value::as_str).map(str::to_lowercase);
        let found: Vec<Value> = self
            .materials
            .iter()
            .rev()
            .filter(|(id, m)| {
                m.account == call.account
                    && m.asset.media.is_image() == image
                    && m.created.plus(lag) <= call.now
                    && among("image_ids", id)
                    && among("video_ids", id)
                    && side("width", m.asset.width)
                    && side("height", m.asset.height)
                    && named.as_ref().is_none_or(|n| m.name.to_lowercase().contains(n))
            })
            .map(|(id, m)| Value::Object(view(id, m)))
            .collect();
        let total = found.len() as u64;
        let skip = usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX);
        let take = usize::try_from(size).unwrap_or(usize::MAX);
        let list: Vec<Value> = found.into_iter().skip(skip).take(take).collect();
        Ok(json!({
            "list": list,
            "page_info": {"page": page, "page_size": size, "total_number": total, "total_page": total.div_ceil(size)},
        }))
    }

    /// True when an account has a material; `Err` while a video is in transcoding.
    pub(super) fn has_material(&self, call: &Call<'_>, id: &str) -> Result<bool, ApiError> {
        let Some(material) = self.materials.get(id).filter(|m| m.account == call.account) else {
            return Ok(false);
        };
        let takes = Duration::from_secs(self.config.video_processing_seconds);
        if !material.asset.media.is_image() && material.created.plus(takes) > call.now {
            return Err(ApiError::new(40901, "The video is still transcoding."));
        }
        Ok(true)
    }
}

fn fits(asset: &Asset, image: bool) -> Result<(), ApiError> {
    let types: &[MediaType] = if image {
        &[MediaType::Jpeg, MediaType::Png]
    } else {
        &[MediaType::Mp4, MediaType::Quicktime, MediaType::Mpeg, MediaType::Avi]
    };
    if !types.contains(&asset.media) {
        return Err(ApiError::new(
            if image { 40904 } else { 40908 },
            "The file type is not supported.",
        ));
    }
    let most = if image { IMAGE_MAX } else { VIDEO_MAX };
    if asset.bytes > most || asset.pixels().is_some_and(|p| p > PIXELS_MAX) {
        return Err(ApiError::new(40907, "The file is too large."));
    }
    Ok(())
}

fn view(id: &str, material: &Material) -> Map<String, Value> {
    let asset = &material.asset;
    let id_field = if asset.media.is_image() { "image_id" } else { "video_id" };
    let fields = [
        (id_field, json!(id)),
        ("material_id", json!(id)),
        ("file_name", json!(material.name)),
        ("signature", json!(asset.md5)),
        ("size", json!(asset.bytes)),
        ("width", json!(asset.width)),
        ("height", json!(asset.height)),
        ("create_time", json!(time::write(material.created))),
    ];
    fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
}
