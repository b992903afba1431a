//! What screens and overlays draw with: a pen, words that are safe to show, geometry, lists that follow ids.
//!
//! Invariants
//! - Only [`text::Words`] can be drawn, and those are house text or sanitised ([`crate::engine::model::sanitise::Shown`]).
//! - Geometry is pure and shared by update (page sizes) and view, so scrolling never differs from what is drawn.
//! - Any size from 0x0 draws without a panic.

pub mod chrome;
pub mod layout;
pub mod pen;
pub mod select;
pub mod table;
pub mod text;
pub mod when;

/// A number of columns or rows as the terminal counts them; larger ones saturate.
pub fn cells(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// `48112` as `48,112`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
