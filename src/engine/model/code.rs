//! Governed codes and the words of a campaign name.
//!
//! A code is what a taxonomy name is made of: `DIS`, `US`, `US_EN`, `META`. The grammar is narrow on purpose: what is
//! in a name must survive every platform, every URL and every spreadsheet.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::sanitise::excerpt;

/// Longest code, in characters.
pub const CODE_MAX: usize = 16;
/// Longest label (the planner's own words in a campaign name), in characters.
pub const LABEL_MAX: usize = 60;

/// Checks the grammar of a code: 2 to 16 characters, `A-Z 0-9 _`, starts with a letter, no underscore at an end, no two
/// underscores in a row.
fn check_code(text: &str) -> Result<(), String> {
    let shown = excerpt(text, 24);
    if text.len() < 2 || text.len() > CODE_MAX {
        return Err(format!("\"{shown}\" must have 2 to {CODE_MAX} characters"));
    }
    if !text
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    {
        return Err(format!("\"{shown}\" may hold only A-Z, 0-9 and _"));
    }
    if !text.as_bytes().first().is_some_and(u8::is_ascii_uppercase) {
        return Err(format!("\"{shown}\" must start with a letter"));
    }
    if text.ends_with('_') || text.contains("__") {
        return Err(format!("\"{shown}\" must not end in _ or hold two _ in a row"));
    }
    if text == "MULTI" {
        // The replaced system put MULTI where a channel code belonged; nobody could tell the campaigns apart.
        return Err("MULTI is a placeholder, not a code; every ticket names one channel".to_owned());
    }
    Ok(())
}

/// A governed code of a market, brand or channel: upper case, `US_EN`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Code(String);

impl Code {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Code {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        check_code(s).map(|()| Self(s.to_owned()))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

/// The planner's own words in a campaign name: letters and digits only, `MoanaLaunch`, 1 to 60 characters.
///
/// Made by [`Label::from_words`] from free text, or parsed strictly. ASCII only: it ends up in names, UTM tags and
/// spreadsheets on systems that disagree about everything else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Label(String);

impl Label {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Turns free words into a label: accents are folded (`é` to `e`), every run of other characters ends a word, and
    /// each word starts with a capital. `"Moana launch!"` becomes `MoanaLaunch`.
    ///
    /// Refused when nothing is left or the result is longer than [`LABEL_MAX`].
    pub fn from_words(words: &str) -> Result<Self, String> {
        use unicode_normalization::UnicodeNormalization as _;
        let mut out = String::with_capacity(words.len().min(LABEL_MAX));
        let mut boundary = true;
        for c in words
            .nfkd()
            .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        {
            if c.is_ascii_alphanumeric() {
                if boundary {
                    out.extend(c.to_uppercase());
                } else {
                    out.push(c);
                }
                boundary = false;
            } else if c != '\'' && c != '’' {
                boundary = true;
            }
            if out.len() > LABEL_MAX {
                return Err(format!(
                    "the name is longer than {LABEL_MAX} letters and digits; shorten it"
                ));
            }
        }
        out.parse()
    }
}

impl FromStr for Label {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        if s.is_empty() {
            return Err("the name needs at least one letter or digit (A-Z, a-z, 0-9)".to_owned());
        }
        if s.len() > LABEL_MAX {
            return Err(format!("\"{}\" is longer than {LABEL_MAX} characters", excerpt(s, 24)));
        }
        if !s.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(format!("\"{}\" may hold only A-Z, a-z and 0-9", excerpt(s, 24)));
        }
        Ok(Self(s.to_owned()))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}
