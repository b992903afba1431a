//! The mouse, when somebody wants it: wheel and click, and nothing that moves. Without it the terminal selects text.

/// Buttons and wheel, in the form that has no largest column. Not "any motion": that would flood a slow line.
const TAKE: &[u8] = b"\x1b[?1000h\x1b[?1006h";
/// The terminal has it again.
pub const GIVE_BACK: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// What somebody did with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// A notch of the wheel, towards the start.
    WheelUp,
    /// A notch of the wheel, towards the end.
    WheelDown,
    /// The left button went down.
    Click,
}

/// The bytes that take the mouse, or give it back.
pub fn bytes(take: bool) -> Vec<u8> {
    if take { TAKE } else { GIVE_BACK }.to_vec()
}
