//! stub
#![allow(missing_docs)]
pub fn verify(_: &std::path::Path)->Result<crate::engine::api::VerifyReport, super::StoreError>{Ok(Default::default())}
