//! Untyped JSON in a form the store can keep and a hash can trust.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, IgnoredAny},
};
use sha2::{Digest as _, Sha256};

/// SHA-256, 32 bytes; lower-case hex in JSON and on screen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sha(pub [u8; 32]);

impl Sha {
    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The first 12 hex digits, for people.
    pub fn short(&self) -> String {
        self.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha({})", self.short())
    }
}

impl std::str::FromStr for Sha {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let bad = || "a SHA-256 hash has 64 hex digits".to_owned();
        if s.len() != 64 || !s.is_ascii() {
            return Err(bad());
        }
        let mut out = [0_u8; 32];
        for (byte, at) in out.iter_mut().zip((0..64).step_by(2)) {
            *byte = s
                .get(at..at + 2)
                .and_then(|h| u8::from_str_radix(h, 16).ok())
                .ok_or_else(bad)?;
        }
        Ok(Self(out))
    }
}

impl Serialize for Sha {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            s.collect_str(self)
        } else {
            self.0.serialize(s)
        }
    }
}

impl<'de> Deserialize<'de> for Sha {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if d.is_human_readable() {
            String::deserialize(d)?.parse().map_err(D::Error::custom)
        } else {
            <[u8; 32]>::deserialize(d).map(Self)
        }
    }
}

/// A JSON value kept as canonical text: object keys sorted, no spaces. Equal values have equal bytes, so a hash of it
/// means something, and bincode stores it as a string (an untyped value could be written but not read back).
///
/// In a human-readable format it appears as the JSON value itself.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CanonicalJson(String);

impl CanonicalJson {
    /// Canonical form of a value. `serde_json`'s map is sorted (its `preserve_order` feature is off), so writing it
    /// compactly is canonical.
    pub fn new(value: &serde_json::Value) -> Self {
        Self(value.to_string())
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value. Canonical text always parses; `Null` stands in should that ever fail.
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_str(&self.0).unwrap_or(serde_json::Value::Null)
    }

    /// SHA-256 of the canonical text.
    pub fn hash(&self) -> Sha {
        Sha::of(self.0.as_bytes())
    }
}

impl Default for CanonicalJson {
    fn default() -> Self {
        Self("{}".to_owned())
    }
}

impl fmt::Debug for CanonicalJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for CanonicalJson {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            self.value().serialize(s)
        } else {
            s.serialize_str(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for CanonicalJson {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if d.is_human_readable() {
            serde_json::Value::deserialize(d).map(|v| Self::new(&v))
        } else {
            // Stored text was canonical when it was written and lies under a checksum: that it is JSON is all there is
            // to ask, and asking costs no allocation (a start reads every payload of the house).
            let text = String::deserialize(d)?;
            serde_json::from_str::<IgnoredAny>(&text).map_err(D::Error::custom)?;
            Ok(Self(text))
        }
    }
}
