//! Files in and out of the store. Everything here blocks on the disk, so it runs on threads of its own.

use std::fs::File;

use super::Engine;
use crate::engine::{
    api::ApiError,
    model::{
        asset::{Asset, assets_in},
        json::{CanonicalJson, Sha},
        refusal::{Problem, Refusal, RefusalCode},
    },
    store::{assets::AssetError, journal::disk::is_full},
};

impl Engine {
    /// Takes an open file in and says what it is. It is durable when this returns.
    pub async fn keep_file(&self, name: String, mut file: File) -> Result<Asset, ApiError> {
        if let Some(why) = self.store.read_only() {
            return Err(super::refuse(crate::engine::store::StoreError::ReadOnly(why)));
        }
        let (assets, now) = (std::sync::Arc::clone(&self.assets), self.clock.now());
        let put = tokio::task::spawn_blocking(move || assets.put(&name, &mut file, now)).await;
        put.map_err(|e| ApiError::Internal(e.to_string()))?.map_err(refuse)
    }

    /// The files of a payload that the store cannot hand out whole. Reads every one of them.
    pub(super) async fn lost_files(&self, payload: &CanonicalJson) -> Result<Vec<Sha>, ApiError> {
        let files = assets_in(&payload.value());
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let assets = std::sync::Arc::clone(&self.assets);
        let check = move || {
            let mut lost = Vec::new();
            for file in files {
                match assets.open(&file.sha256) {
                    Ok(_) => {}
                    Err(AssetError::Missing(_)) => lost.push(file.sha256),
                    Err(error @ (AssetError::Damaged { .. } | AssetError::Io { .. } | AssetError::NotMedia)) => {
                        tracing::error!(%error, "a file of a ticket cannot be used");
                        lost.push(file.sha256);
                    }
                }
            }
            lost
        };
        tokio::task::spawn_blocking(check)
            .await
            .map_err(|e| ApiError::Internal(e.to_string()))
    }
}

pub(super) fn refuse(error: AssetError) -> ApiError {
    let no = |code, remedy: &str| ApiError::from(Refusal::new(code, Problem::whole(error.to_string(), remedy)));
    match &error {
        AssetError::NotMedia => no(RefusalCode::Invalid, "give a file of a type the platform takes"),
        AssetError::Io { source, .. } if is_full(source) => no(RefusalCode::DiskFull, "free some space"),
        AssetError::Missing(_) | AssetError::Damaged { .. } | AssetError::Io { .. } => {
            ApiError::Unavailable(error.to_string())
        }
    }
}
