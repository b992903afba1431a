//! The colour tables. Indices of the 256-colour cube from 16 up, because users redefine 0 to 15.

use super::roles::Tint;

/// A colour table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeName {
    /// Dark, calm, gold. For a dark or painted background.
    #[default]
    House,
    /// Gold in middle tones that read on black and on white: for a background nobody told us about.
    Middle,
    /// For a light background.
    Light,
    /// White on black, painted.
    HighContrast,
    /// No colours: bold and reverse only.
    Mono,
}

impl ThemeName {
    /// Every table.
    pub const ALL: [Self; 5] = [Self::House, Self::Middle, Self::Light, Self::HighContrast, Self::Mono];

    /// The word in options and commands.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::House => "house",
            Self::Middle => "middle",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::Mono => "mono",
        }
    }

    /// From the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == word.trim())
    }
}

/// Text and ground of a painted theme.
pub(super) const fn ground(theme: ThemeName) -> Option<(u8, u8)> {
    match theme {
        ThemeName::House => Some((252, 233)),
        ThemeName::Light => Some((235, 231)),
        ThemeName::HighContrast => Some((231, 16)),
        ThemeName::Middle | ThemeName::Mono => None,
    }
}

/// The 256-colour index of a tint.
pub(super) const fn index(theme: ThemeName, tint: Tint) -> Option<u8> {
    // accent, muted, info, ready, busy, ok, warn, error
    let row: [u8; 8] = match theme {
        ThemeName::House => [178, 246, 75, 80, 141, 114, 208, 203],
        ThemeName::Middle => [136, 244, 32, 30, 134, 28, 166, 167],
        ThemeName::Light => [94, 240, 25, 23, 54, 22, 130, 124],
        ThemeName::HighContrast => [220, 253, 117, 123, 183, 120, 214, 217],
        ThemeName::Mono => return None,
    };
    let [accent, muted, info, ready, busy, ok, warn, error] = row;
    Some(match tint {
        Tint::Plain => return None,
        Tint::Accent => accent,
        Tint::Muted => muted,
        Tint::Info => info,
        Tint::Ready => ready,
        Tint::Busy => busy,
        Tint::Ok => ok,
        Tint::Warn => warn,
        Tint::Error => error,
    })
}

/// The 16-colour index of a tint, and whether it is bold. User-defined colours carry no promise: glyph and word do.
pub(super) const fn ansi(tint: Tint) -> (Option<u8>, bool) {
    match tint {
        Tint::Plain | Tint::Muted => (None, false),
        Tint::Accent => (None, true),
        Tint::Info => (Some(6), false),
        Tint::Ready => (Some(6), true),
        Tint::Busy => (Some(5), false),
        Tint::Ok => (Some(2), false),
        Tint::Warn => (Some(3), true),
        Tint::Error => (Some(1), true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::{contrast::ratio, depth::cube};

    fn contrast(a: u8, b: u8) -> f64 {
        ratio(cube(a), cube(b))
    }

    #[rstest::rstest]
    #[case::house_on_its_ground(ThemeName::House, 233, 6.0)]
    #[case::middle_on_black(ThemeName::Middle, 234, 3.2)]
    #[case::middle_on_white(ThemeName::Middle, 231, 3.2)]
    #[case::light_on_white(ThemeName::Light, 231, 4.5)]
    #[case::high_contrast(ThemeName::HighContrast, 16, 11.0)]
    fn every_tint_can_be_read(#[case] theme: ThemeName, #[case] ground: u8, #[case] least: f64) {
        for (tint, _) in Tint::NAMED {
            let index = index(theme, tint).unwrap();
            let found = contrast(index, ground);
            assert!(found >= least, "{theme:?} {tint:?} ({index}) on {ground}: {found:.2}");
        }
    }
}
