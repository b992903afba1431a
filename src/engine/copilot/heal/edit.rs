//! A change of one place of the content, and the patch operation it becomes.

use serde_json::{Value, json};

/// A change of one place, named by its dotted path from the content's root: `payload.ad.text`.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Sets it, making objects on the way.
    Set(String, Value),
    /// Takes it away.
    Remove(String),
}

impl Edit {
    /// The operation of an RFC 6902 patch, for this content.
    pub fn operation(&self, content: &Value) -> Value {
        match self {
            Self::Remove(path) => json!({"op": "remove", "path": pointer(path)}),
            Self::Set(path, value) => {
                if content.pointer(&pointer(path)).is_some() {
                    return json!({"op": "replace", "path": pointer(path), "value": value});
                }
                // A patch makes one level: the rest goes into the value.
                let (mut at, mut value) = (path.as_str(), value.clone());
                while let Some((above, key)) = at.rsplit_once('.') {
                    if content.pointer(&pointer(above)).is_some() {
                        break;
                    }
                    value = json!({ key: value });
                    at = above;
                }
                json!({"op": "add", "path": pointer(at), "value": value})
            }
        }
    }
}

/// `payload.ad.text` as `/payload/ad/text`.
fn pointer(path: &str) -> String {
    let parts = path.split('.').map(|part| part.replace('~', "~0").replace('/', "~1"));
    parts.fold(String::new(), |at, part| at + "/" + &part)
}
