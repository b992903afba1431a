//! Colour tables people write: a theme built in, with other colours for some roles.
//!
//! ```toml
//! base = "light"        # what is not said below; house where absent
//! text = "#2b2b2b"      # text and ground belong together: both or none
//! ground = "#fdf6e3"
//! accent = 94           # an index of the 256 colours from 16 up, or #rrggbb
//! ```

use ratatui::style::Color;
use serde::Deserialize;

use super::{
    contrast::{READABLE, Rgb, ratio},
    depth::{Depth, cube, indexed},
    roles::Tint,
    tables::{self, ThemeName},
};

/// A colour as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Ink(u8, u8, u8);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Index(i64),
    Text(String),
}

impl TryFrom<Written> for Ink {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Index(n) => match u8::try_from(n) {
                Ok(index @ 16..) => {
                    let (r, g, b) = cube(index);
                    Ok(Self(r, g, b))
                }
                _ => Err(format!(
                    "{n} is no colour of its own: write 16 to 255 (lower ones are the terminal's), or #rrggbb"
                )),
            },
            Written::Text(text) => {
                let hex = text.strip_prefix('#').filter(|h| h.len() == 6 && h.is_ascii());
                let rgb = hex.and_then(|h| u32::from_str_radix(h, 16).ok());
                let [_, r, g, b] = rgb
                    .ok_or_else(|| format!("\"{text}\" is no colour: write #rrggbb, or 16 to 255"))?
                    .to_be_bytes();
                Ok(Self(r, g, b))
            }
        }
    }
}

impl Ink {
    const fn rgb(self) -> Rgb {
        (self.0, self.1, self.2)
    }

    /// The colour at a depth: the nearest of the 256 where there are no more.
    pub(super) fn at(self, depth: Depth) -> Color {
        if depth == Depth::True {
            return Color::Rgb(self.0, self.1, self.2);
        }
        let far = |index: u8| {
            let (r, g, b) = cube(index);
            let part = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
            part(r, self.0) + part(g, self.1) + part(b, self.2)
        };
        indexed((16..=255).min_by_key(|i| far(*i)).unwrap_or(16))
    }
}

/// Two colours that are too alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weak {
    /// The words' colour, as the file calls it.
    pub of: &'static str,
    /// What it stands on.
    pub on: &'static str,
    /// Their contrast.
    pub ratio: f64,
}

/// A theme file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Own {
    base: Option<ThemeName>,
    text: Option<Ink>,
    ground: Option<Ink>,
    accent: Option<Ink>,
    muted: Option<Ink>,
    info: Option<Ink>,
    ready: Option<Ink>,
    busy: Option<Ink>,
    ok: Option<Ink>,
    warn: Option<Ink>,
    error: Option<Ink>,
}

impl Own {
    /// The theme it starts from.
    pub fn base(&self) -> ThemeName {
        self.base.unwrap_or_default()
    }

    /// What is wrong with it as a whole.
    pub fn problem(&self) -> Option<&'static str> {
        (self.text.is_some() != self.ground.is_some()).then_some("text and ground belong together: give both or none")
    }

    /// Colours that can hardly be read on the ground they stand on: its own, else the one its base paints.
    pub fn weak(&self) -> Vec<Weak> {
        let own = self.grounds().map(|(text, ground)| (text.rgb(), ground.rgb()));
        let base = || tables::ground(self.base()).map(|(text, ground)| (cube(text), cube(ground)));
        let Some((text, ground)) = own.or_else(base) else {
            // Nobody knows what it stands on.
            return Vec::new();
        };
        let tint = |tint| match self.ink(tint) {
            Some(ink) => Some(ink.rgb()),
            // The base's colours were chosen for its own ground.
            None => own.and_then(|_| tables::index(self.base(), tint)).map(cube),
        };
        let tints = Tint::NAMED.into_iter().filter_map(|(t, word)| Some((word, tint(t)?)));
        std::iter::once(("text", text))
            .chain(tints)
            .map(|(of, colour)| Weak {
                of,
                on: "ground",
                ratio: ratio(colour, ground),
            })
            .filter(|pair| pair.ratio < READABLE)
            .collect()
    }

    /// Text and ground, if it has its own.
    pub(super) fn grounds(&self) -> Option<(Ink, Ink)> {
        self.text.zip(self.ground)
    }

    /// Its own colour for a tint.
    pub(super) const fn ink(&self, tint: Tint) -> Option<Ink> {
        match tint {
            Tint::Plain => None,
            Tint::Accent => self.accent,
            Tint::Muted => self.muted,
            Tint::Info => self.info,
            Tint::Ready => self.ready,
            Tint::Busy => self.busy,
            Tint::Ok => self.ok,
            Tint::Warn => self.warn,
            Tint::Error => self.error,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::textfile::TextFile;

    fn read(text: &str) -> Result<Own, String> {
        let file = TextFile::from_bytes("mine.toml", text.as_bytes().to_vec()).unwrap();
        file.parse().map_err(|e| e.to_string())
    }

    #[test]
    fn a_colour_is_shown_as_well_as_the_terminal_can() {
        let own = read("base = \"light\"\naccent = \"#5f5f87\"\nmuted = 240").unwrap();
        assert_eq!(own.base(), ThemeName::Light);
        let accent = own.ink(Tint::Accent).unwrap();
        assert_eq!(accent.at(Depth::True), Color::Rgb(0x5f, 0x5f, 0x87));
        assert_eq!(accent.at(Depth::Indexed), Color::Indexed(60), "the cube has this one");
        assert_eq!(own.ink(Tint::Muted).unwrap().at(Depth::Indexed), Color::Indexed(240));
        assert_eq!(own.ink(Tint::Error), None, "what is not said is the base's");
    }

    #[rstest]
    #[case::no_colour("accent = 94\nwarn = \"gold\"", "mine.toml:2", "no colour")]
    #[case::users_own("accent = 3", "mine.toml:1", "16 to 255")]
    #[case::no_role("acent = 94", "mine.toml:1", "acent")]
    #[case::no_base("base = \"dark\"", "mine.toml:1", "dark")]
    fn what_is_wrong_is_named_with_its_line(#[case] text: &str, #[case] place: &str, #[case] words: &str) {
        let said = read(text).unwrap_err();
        assert!(said.starts_with(place) && said.contains(words), "{said}");
    }

    #[test]
    fn what_can_hardly_be_read_is_named_with_its_contrast() {
        assert!(
            read("accent = 178").unwrap().weak().is_empty(),
            "the house's own on the house's ground"
        );
        let weak = read("accent = \"#1c1c1c\"").unwrap().weak();
        assert_eq!(weak.len(), 1);
        assert!(
            (weak[0].of, weak[0].on) == ("accent", "ground") && weak[0].ratio < 1.2,
            "{weak:?}"
        );
        // On a ground of its own the base's colours count as well.
        let weak = read("text = 235\nground = 231").unwrap().weak();
        assert!(
            weak.iter().any(|w| w.of == "ok") && !weak.iter().any(|w| w.of == "text"),
            "{weak:?}"
        );
        assert!(
            read("base = \"middle\"\naccent = 16").unwrap().weak().is_empty(),
            "nobody knows its ground"
        );
    }

    #[test]
    fn a_text_without_its_ground_is_half_a_theme() {
        assert!(read("text = 235").unwrap().problem().is_some());
        assert!(read("text = 235\nground = 231").unwrap().problem().is_none());
    }
}
