//! How things look: roles are turned into styles here and nowhere else.
//!
//! Why one room: status must read the same in every screen, survive mono, colour blindness and copy-paste, and cost few
//! bytes over SSH.
//!
//! Invariants
//! - No colour is named outside this folder (a source scan holds it).
//! - A status is always glyph + word + colour; gold means "where you are and what you can press", never a status.
//! - The background stays the terminal's own unless the theme is painted.

pub mod contrast;
pub mod depth;
pub mod glyphs;
pub mod own;
pub mod roles;
mod tables;

pub use depth::Depth;
pub use glyphs::Glyphs;
pub use own::Own;
pub use roles::Role;
pub use tables::ThemeName;

use ratatui::style::{Modifier, Style};

/// A theme ready to use: a table at a colour depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    name: ThemeName,
    depth: Depth,
    painted: bool,
    own: Option<Own>,
    /// Marks for states and borders.
    pub glyphs: Glyphs,
}

impl Theme {
    /// A theme. `painted` fills the background: locally that looks calmer, over SSH it costs half as many bytes again.
    pub const fn new(name: ThemeName, depth: Depth, painted: bool, ascii: bool) -> Self {
        Self {
            name: if matches!(depth, Depth::Mono) {
                ThemeName::Mono
            } else {
                name
            },
            depth,
            // High contrast promises its contrast only on its own background.
            painted: (painted || matches!(name, ThemeName::HighContrast)) && !matches!(depth, Depth::Mono),
            own: None,
            glyphs: Glyphs::new(ascii),
        }
    }

    /// With a person's own colours over it.
    #[must_use]
    pub const fn with(self, own: Option<Own>) -> Self {
        Self { own, ..self }
    }

    /// The table in use.
    pub const fn name(&self) -> ThemeName {
        self.name
    }

    /// The same terminal with another table.
    #[must_use]
    pub const fn renamed(self, name: ThemeName) -> Self {
        Self {
            name: if matches!(self.depth, Depth::Mono) {
                ThemeName::Mono
            } else {
                name
            },
            own: None,
            ..self
        }
    }

    /// What the whole screen starts with.
    pub fn base(&self) -> Style {
        if let Some((text, ground)) = self
            .own
            .filter(|_| self.depth >= Depth::Indexed)
            .and_then(|o| o.grounds())
        {
            return Style::new().fg(text.at(self.depth)).bg(ground.at(self.depth));
        }
        match (self.painted, tables::ground(self.name)) {
            (true, Some((text, ground))) => Style::new()
                .fg(depth::colour(text, self.depth))
                .bg(depth::colour(ground, self.depth)),
            _ => Style::new(),
        }
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        let style = self.tint(role.tint());
        let style = if role.is_bold() {
            style.add_modifier(Modifier::BOLD)
        } else {
            style
        };
        if role.is_reversed() {
            style.add_modifier(Modifier::REVERSED)
        } else {
            style
        }
    }

    /// The bar over the selected row: reversed, over one foreground, so that the row does not look ragged.
    pub fn selection(&self) -> Style {
        Style::reset().patch(self.base()).add_modifier(Modifier::REVERSED)
    }

    /// The same row while another pane has the focus.
    pub fn selection_away(&self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// A row that just turned out well, for a moment. Without colours it is bold and nothing more.
    pub fn pulse(&self) -> Style {
        self.style(Role::Ok).add_modifier(Modifier::BOLD)
    }

    /// Old rows while new ones load.
    pub fn dimmed(&self) -> Style {
        self.style(Role::Muted)
    }

    fn tint(self, tint: roles::Tint) -> Style {
        use roles::Tint;
        match self.depth {
            Depth::Mono => match tint {
                Tint::Accent | Tint::Warn => Style::new().add_modifier(Modifier::BOLD),
                Tint::Error => Style::new().add_modifier(Modifier::REVERSED),
                _ => Style::new(),
            },
            Depth::Ansi16 => {
                let (index, bold) = tables::ansi(tint);
                let style = index.map_or_else(Style::new, |i| Style::new().fg(depth::indexed(i)));
                if bold {
                    style.add_modifier(Modifier::BOLD)
                } else {
                    style
                }
            }
            depth => {
                if let Some(ink) = self.own.and_then(|o| o.ink(tint)) {
                    return Style::new().fg(ink.at(depth));
                }
                tables::index(self.name, tint).map_or_else(Style::new, |i| Style::new().fg(depth::colour(i, depth)))
            }
        }
    }
}
