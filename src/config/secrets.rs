//! Where a token can be read. The token itself never stands in the configuration: files get copied, mailed and
//! committed.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, Serialize, de};

/// Where to read one account's or one platform's token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenSource {
    /// An environment variable of this process.
    Env(String),
    /// A file that only its owner may read; its first line.
    File(PathBuf),
    /// A program and its arguments; the first line it prints.
    Command(Vec<String>),
}

const HOW: &str = "a token is never written here; say where it is: {env = \"NAME\"}, {file = \"PATH\"} or \
                   {command = [\"PROGRAM\", \"ARGUMENT\"]}";

impl TokenSource {
    /// The same with a relative file meant from `base`.
    #[must_use]
    pub fn from_base(self, base: &Path) -> Self {
        match self {
            Self::File(path) => Self::File(base.join(path)),
            other => other,
        }
    }
}

impl fmt::Display for TokenSource {
    /// For people. A command's arguments may carry secrets of their own and are only counted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "environment variable {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Command(words) => write!(
                f,
                "command {} with {} arguments",
                words.first().map_or("", String::as_str),
                words.len().saturating_sub(1)
            ),
        }
    }
}

/// By hand, because the derived reader would quote a token that somebody wrote in the wrong place.
impl<'de> Deserialize<'de> for TokenSource {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> de::Visitor<'de> for V {
            type Value = TokenSource;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(HOW)
            }
            fn visit_str<E: de::Error>(self, _: &str) -> Result<TokenSource, E> {
                Err(E::custom(HOW))
            }
            fn visit_map<M: de::MapAccess<'de>>(self, mut map: M) -> Result<TokenSource, M::Error> {
                let how = || de::Error::custom(HOW);
                let key: String = map.next_key()?.ok_or_else(how)?;
                let source = match key.as_str() {
                    "env" => {
                        let name: String = map.next_value()?;
                        // Lower case too: some secret stores inject their own spelling. A token is longer than a name.
                        let fits = !name.is_empty()
                            && name.len() <= 64
                            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                        fits.then_some(TokenSource::Env(name)).ok_or_else(|| {
                            de::Error::custom("env takes the name of a variable (letters, digits and _), not a token")
                        })?
                    }
                    "file" => TokenSource::File(map.next_value()?),
                    "command" => {
                        let words: Vec<String> = map.next_value()?;
                        if words.first().is_none_or(String::is_empty) {
                            return Err(de::Error::custom("command needs at least the program"));
                        }
                        TokenSource::Command(words)
                    }
                    _ => return Err(how()),
                };
                match map.next_key::<String>()? {
                    None => Ok(source),
                    Some(_) => Err(de::Error::custom("a token has one source, not several")),
                }
            }
        }
        d.deserialize_any(V)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_counted_not_shown() {
        let source = TokenSource::Command(vec!["vault".into(), "-token=hvs.abc".into()]);
        assert_eq!(source.to_string(), "command vault with 1 arguments");
    }
}
