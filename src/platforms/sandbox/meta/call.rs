//! One request, taken apart: path segments and parameters, wherever they travelled.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::GraphError;
use crate::{
    engine::model::{asset::Asset, platform::AccountId},
    platforms::{Body, Part, WireRequest},
};

/// A request as the rules read it.
#[derive(Clone, Debug)]
pub(super) struct Call<'a> {
    pub(super) request: &'a WireRequest,
    /// Who calls; goes into paging links as the real service puts it there.
    pub(super) token: &'a str,
    params: BTreeMap<String, String>,
}

impl<'a> Call<'a> {
    pub(super) fn new(request: &'a WireRequest, token: &'a str) -> Self {
        let mut params: BTreeMap<String, String> = request.query.iter().cloned().collect();
        match &request.body {
            Body::Empty => {}
            Body::Form(pairs) => params.extend(pairs.iter().cloned()),
            Body::Multipart(parts) => {
                params.extend(Part::texts(parts).map(|(k, v)| (k.to_owned(), v.to_owned())));
            }
            Body::Json(json) => {
                if let Value::Object(map) = json.value() {
                    params.extend(map.into_iter().map(|(k, v)| match v {
                        Value::String(text) => (k, text),
                        other => (k, other.to_string()),
                    }));
                }
            }
        }
        Self { request, token, params }
    }

    pub(super) fn segments(&self) -> impl Iterator<Item = &'a str> {
        self.request.path.split('/').filter(|s| !s.is_empty())
    }

    pub(super) fn segment(&self, n: usize) -> Option<&'a str> {
        self.segments().nth(n)
    }

    /// The account the path begins with.
    pub(super) fn account_segment(&self) -> Option<AccountId> {
        self.segment(0)
            .filter(|s| super::is_account_id(s))
            .and_then(|s| s.parse().ok())
    }

    /// Every parameter, in the order of its name.
    pub(super) fn params(&self) -> impl Iterator<Item = (&str, &str)> {
        self.params.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// A parameter's text; `None` when absent or empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(String::as_str).filter(|t| !t.is_empty())
    }

    /// The file that came along, with its name.
    pub(super) fn file(&self) -> Option<(&'a str, &'a Asset)> {
        match &self.request.body {
            Body::Multipart(parts) => Part::files(parts).next().map(|(_, name, asset)| (name, asset)),
            _ => None,
        }
    }

    /// A parameter that must be there.
    pub(super) fn need(&self, name: &str) -> Result<&str, GraphError> {
        self.text(name).ok_or_else(|| GraphError::missing(name))
    }

    /// A whole number, zero or more; the specification check has seen to its form.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.text(name).and_then(|t| t.parse().ok())
    }

    /// Yes or no.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.text(name).map(|t| matches!(t, "true" | "1"))
    }

    /// Parsed JSON text.
    pub(super) fn json(&self, name: &str) -> Option<Value> {
        self.text(name).and_then(|t| serde_json::from_str(t).ok())
    }

    /// A list of words, `["A","B"]`.
    pub(super) fn words(&self, name: &str) -> Vec<String> {
        match self.json(name) {
            Some(Value::Array(items)) => items
                .into_iter()
                .filter_map(|v| v.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Checked but not carried out.
    pub(super) fn validate_only(&self) -> bool {
        self.words("execution_options").iter().any(|o| o == "validate_only")
    }
}
