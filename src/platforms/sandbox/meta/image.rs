//! The image library of an account. Uploading the same bytes again gives the same hash: the one idempotent create.

use serde_json::{Value, json};

use super::{
    MetaWorld,
    account::Account,
    call::Call,
    error::{GraphError, Outcome},
    object::select,
    rules,
};
use crate::{
    engine::model::{
        json::Sha,
        platform::{AccountId, ObjectKind},
        time::Timestamp,
    },
    platforms::Method,
};

/// One image; its hash is its key.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) name: String,
    pub(super) created: Timestamp,
}

impl Image {
    /// An image that was always there.
    pub(super) fn named(hash: &str) -> Self {
        Self {
            name: format!("{hash}.jpg"),
            created: Timestamp::default(),
        }
    }
}

/// 32 lower-case hex digits.
fn is_hash(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The account in an image id, `1:9fdb...`.
pub(super) fn account_in(id: &str) -> Option<String> {
    id.split_once(':').map(|(account, _)| format!("act_{account}"))
}

impl Account {
    /// True when the library has, or is taken to have, this image.
    pub(super) fn has_image(&self, hash: &str) -> bool {
        self.images.contains_key(hash) || (self.any_image && is_hash(hash))
    }

    fn image_view(&self, hash: &str, fields: Option<&str>) -> Option<Value> {
        if !self.has_image(hash) {
            return None;
        }
        let image = self.images.get(hash).cloned().unwrap_or_else(|| Image::named(hash));
        let all = json!({
            "id": format!("{}:{hash}", self.digits()),
            "account_id": self.digits(),
            "hash": hash,
            "name": image.name,
            "status": "ACTIVE",
            "created_time": self.write_time(image.created),
            "updated_time": self.write_time(image.created),
            "url": url(hash),
        });
        all.as_object().map(|map| select(map, fields))
    }
}

fn url(hash: &str) -> String {
    format!("https://images.sandbox.example/{hash}.jpg")
}

impl MetaWorld {
    pub(super) fn upload_image(&mut self, call: &Call<'_>, id: &AccountId, now: Timestamp) -> Outcome {
        let (hash, key) = if let Some(copy) = call.json("copy_from") {
            rules::against_spec(call.request, None)?;
            let hash = copy.get("hash").and_then(Value::as_str).unwrap_or_default().to_owned();
            let source = copy
                .get("source_account_id")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let known = format!("act_{}", source.trim_start_matches("act_"))
                .parse::<AccountId>()
                .ok()
                .and_then(|a| self.accounts.get(&a))
                .is_some_and(|a| a.has_image(&hash));
            if !known {
                return Err(GraphError::invalid(
                    "copy_from",
                    "Image Not Found",
                    "The image to copy is not in that account.",
                ));
            }
            (hash.clone(), hash)
        } else if let Some((file_name, asset)) = call.file() {
            rules::against_spec(call.request, None)?;
            rules::image(asset)?;
            // Derived from the content, as Meta's is.
            (asset.md5.clone(), file_name.to_owned())
        } else {
            rules::against_spec(call.request, None)?;
            let text: String = call.need("bytes")?.split_whitespace().collect();
            let base64 = text
                .trim_end_matches('=')
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+/-_".contains(&b));
            if !base64 {
                return Err(GraphError::invalid(
                    "bytes",
                    "Invalid Image",
                    "bytes must be base64 text.",
                ));
            }
            let hash: String = Sha::of(text.as_bytes()).to_string().chars().take(32).collect();
            (hash, "bytes".to_owned())
        };
        let new = self.accounts.get_mut(id).is_some_and(|account| {
            let name = call
                .file()
                .map_or_else(|| format!("{hash}.jpg"), |(name, _)| name.to_owned());
            account
                .images
                .insert(hash.clone(), Image { name, created: now })
                .is_none()
        });
        if new {
            self.count(id, ObjectKind::Asset, &hash);
        }
        Ok(json!({"images": { key.clone(): {"hash": hash, "url": url(&hash), "name": key} }}))
    }

    pub(super) fn list_images(&self, call: &Call<'_>, id: &AccountId, now: Timestamp) -> Outcome {
        rules::against_spec(call.request, None)?;
        let Some(account) = self.accounts.get(id) else {
            return Ok(json!({"data": []}));
        };
        let asked = call.words("hashes");
        let name = call.text("name");
        let lag = std::time::Duration::from_secs(self.config.listing_lag_seconds);
        let hashes: Vec<String> = if asked.is_empty() {
            account
                .images
                .iter()
                .filter(|(_, image)| image.created.plus(lag) <= now)
                .map(|(hash, _)| hash.clone())
                .collect()
        } else {
            asked
        };
        let data: Vec<Value> = hashes
            .iter()
            .filter(|hash| name.is_none_or(|n| account.images.get(*hash).is_some_and(|i| i.name == n)))
            .filter_map(|hash| account.image_view(hash, call.text("fields")))
            .collect();
        Ok(json!({ "data": data }))
    }

    pub(super) fn read_image(&self, call: &Call<'_>, method: Method, id: &str) -> Outcome {
        let missing = || GraphError::no_such_object(method, id);
        if method != Method::Get {
            return Err(missing());
        }
        let account = account_in(id).and_then(|a| a.parse::<AccountId>().ok());
        let hash = id.split_once(':').map_or("", |(_, hash)| hash);
        account
            .and_then(|a| self.accounts.get(&a))
            .and_then(|a| a.image_view(hash, call.text("fields")))
            .ok_or_else(missing)
    }
}
