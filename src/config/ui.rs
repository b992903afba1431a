//! How the console looks: what the file says, else what the terminal is known to do.

use serde::{Deserialize, Serialize};

use super::environment::Environment;

/// `[ui]` as written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UiSection {
    /// Name of a theme.
    pub theme: Option<String>,
    /// How many colours.
    pub color: Option<Color>,
    /// Only ASCII glyphs.
    pub ascii: Option<bool>,
}

/// How many colours to use, as a person says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    /// As many as the terminal is known to have.
    #[default]
    Auto,
    /// None.
    Never,
    /// 16.
    #[serde(rename = "16")]
    Ansi16,
    /// 256.
    #[serde(rename = "256")]
    Ansi256,
    /// 24 bits.
    Truecolor,
}

/// How many colours to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None.
    Mono,
    /// 16.
    Ansi16,
    /// 256.
    Ansi256,
    /// 24 bits.
    Truecolor,
}

impl Depth {
    /// The word the file uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mono => "never",
            Self::Ansi16 => "16",
            Self::Ansi256 => "256",
            Self::Truecolor => "truecolor",
        }
    }
}

/// The console's looks, decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ui {
    /// Name of a theme; the console knows which there are.
    pub theme: String,
    /// How many colours.
    pub depth: Depth,
    /// Only ASCII glyphs.
    pub ascii: bool,
    /// The terminal is at the other end of an SSH connection.
    pub over_ssh: bool,
}

impl Ui {
    /// Decides. A file that names a colour depth is stronger than `NO_COLOR`: it was written for this program.
    pub fn new(section: &UiSection, environment: &Environment) -> Self {
        let depth = match section.color.unwrap_or_default() {
            Color::Never => Depth::Mono,
            Color::Ansi16 => Depth::Ansi16,
            Color::Ansi256 => Depth::Ansi256,
            Color::Truecolor => Depth::Truecolor,
            Color::Auto => depth_of(environment),
        };
        Self {
            theme: section
                .theme
                .clone()
                .unwrap_or_else(|| theme_of(environment).to_owned()),
            depth,
            ascii: section.ascii.unwrap_or_else(|| !speaks_utf8(environment)),
            over_ssh: environment.var("SSH_CONNECTION").is_some(),
        }
    }
}

/// Terminals that say which of the 16 colours their ground is (`15;0`, the ground last) decide between dark and light.
fn theme_of(environment: &Environment) -> &'static str {
    let said = environment.var("COLORFGBG").unwrap_or_default();
    let ground = said.rsplit(';').next().and_then(|n| n.trim().parse::<u8>().ok());
    if matches!(ground, Some(7 | 9..=15)) {
        "light"
    } else {
        "house"
    }
}

fn depth_of(environment: &Environment) -> Depth {
    let term = environment.var("TERM").unwrap_or("dumb");
    if environment.var("NO_COLOR").is_some() || term == "dumb" {
        return Depth::Mono;
    }
    let says_true = matches!(environment.var("COLORTERM"), Some("truecolor" | "24bit")) || term.ends_with("-direct");
    // Over SSH 256 colours are enough and a quarter cheaper.
    if says_true && environment.var("SSH_CONNECTION").is_none() {
        Depth::Truecolor
    } else if says_true || term.contains("256color") {
        Depth::Ansi256
    } else {
        Depth::Ansi16
    }
}

/// The first locale variable that is set decides, as the C library does it.
fn speaks_utf8(environment: &Environment) -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| environment.var(name))
        .is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::truecolor([("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "C.UTF-8")], Depth::Truecolor, false)]
    #[case::ssh_stays_at_256([("TERM", "xterm"), ("COLORTERM", "truecolor"), ("SSH_CONNECTION", "a b")], Depth::Ansi256, true)]
    #[case::plain([("TERM", "xterm-256color"), ("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], Depth::Ansi256, true)]
    #[case::old([("TERM", "xterm"), ("LANG", "de_DE.utf8"), ("X", "")], Depth::Ansi16, false)]
    #[case::no_color([("TERM", "xterm-256color"), ("NO_COLOR", "1"), ("X", "")], Depth::Mono, true)]
    #[case::empty_no_color([("TERM", "xterm"), ("NO_COLOR", ""), ("X", "")], Depth::Ansi16, true)]
    #[case::dumb([("TERM", "dumb"), ("COLORTERM", "truecolor"), ("X", "")], Depth::Mono, true)]
    fn the_terminal_decides_when_the_file_does_not(
        #[case] vars: [(&str, &str); 3],
        #[case] depth: Depth,
        #[case] ascii: bool,
    ) {
        let ui = Ui::new(&UiSection::default(), &Environment::for_test(vars, "/h"));
        assert_eq!((ui.depth, ui.ascii), (depth, ascii));
    }

    #[rstest]
    #[case::nothing("", "house")]
    #[case::dark("15;0", "house")]
    #[case::light("0;15", "light")]
    #[case::grey("0;default;7", "light")]
    #[case::dark_grey("0;8", "house")]
    #[case::no_number("0;default", "house")]
    fn a_light_ground_wants_the_light_theme(#[case] said: &str, #[case] expected: &str) {
        let environment = Environment::for_test([("COLORFGBG", said)], "/h");
        assert_eq!(Ui::new(&UiSection::default(), &environment).theme, expected);
        let named = UiSection {
            theme: Some("mono".to_owned()),
            ..UiSection::default()
        };
        assert_eq!(Ui::new(&named, &environment).theme, "mono", "the file is stronger");
    }
}
