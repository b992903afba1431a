//! A key as people say it. Characters are matched, not keys: `?` is `?` on any keyboard layout.

use std::fmt;

/// A key press. Alt chords do not exist: a terminal sends Esc and a key in one read for them, so they are decoded so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A printable character, blank included.
    Char(char),
    /// Ctrl with a lower-case letter or a sign.
    Ctrl(char),
    /// Enter.
    Enter,
    /// Esc.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow.
    Up,
    /// Arrow.
    Down,
    /// Arrow.
    Left,
    /// Arrow.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key.
    F(u8),
}

const NAMED: &[(Key, &str)] = &[
    (Key::Char(' '), "Space"),
    (Key::Enter, "Enter"),
    (Key::Esc, "Esc"),
    (Key::Tab, "Tab"),
    (Key::BackTab, "Shift-Tab"),
    (Key::Backspace, "Backspace"),
    (Key::Delete, "Del"),
    (Key::Up, "Up"),
    (Key::Down, "Down"),
    (Key::Left, "Left"),
    (Key::Right, "Right"),
    (Key::Home, "Home"),
    (Key::End, "End"),
    (Key::PageUp, "PgUp"),
    (Key::PageDown, "PgDn"),
];

impl Key {
    /// From its name: `j`, `Ctrl-s`, `PgDn`, `F1`.
    pub fn parse(name: &str) -> Option<Self> {
        if let Some((key, _)) = NAMED.iter().find(|(_, n)| *n == name) {
            return Some(*key);
        }
        let mut chars = name.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return Some(Self::Char(c));
        }
        if let Some(rest) = name.strip_prefix("Ctrl-") {
            let mut chars = rest.chars();
            return match (chars.next(), chars.next()) {
                (Some(c), None) => Some(Self::Ctrl(c)),
                _ => None,
            };
        }
        name.strip_prefix('F').and_then(|n| n.parse().ok()).map(Self::F)
    }

    /// A chord from its names with blanks between: `g b`.
    pub fn parse_chord(text: &str) -> Option<Vec<Self>> {
        text.split(' ').map(Self::parse).collect()
    }

    /// True for keys that only ever move: no command with danger may sit on them.
    pub const fn moves(self) -> bool {
        matches!(
            self,
            Self::Up
                | Self::Down
                | Self::Left
                | Self::Right
                | Self::Home
                | Self::End
                | Self::PageUp
                | Self::PageDown
                | Self::Tab
                | Self::BackTab
                | Self::Enter
                | Self::Char('h' | 'j' | 'k' | 'l')
                | Self::Ctrl(_)
        )
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, name)) = NAMED.iter().find(|(k, _)| k == self) {
            return f.pad(name);
        }
        match self {
            Self::Char(c) => write!(f, "{c}"),
            Self::Ctrl(c) => write!(f, "Ctrl-{c}"),
            Self::F(n) => write!(f, "F{n}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for name in [
            "j",
            "Space",
            "Ctrl-s",
            "F1",
            "F12",
            "PgDn",
            "Shift-Tab",
            "?",
            "G",
            "-",
            "F",
        ] {
            let key = Key::parse(name).unwrap();
            assert_eq!(key.to_string(), name);
        }
        assert_eq!(Key::parse_chord("g b"), Some(vec![Key::Char('g'), Key::Char('b')]));
        assert_eq!(Key::parse("Hyper-x"), None);
    }
}
