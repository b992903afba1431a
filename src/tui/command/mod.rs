//! The one command table and everything read from it: keys, footer, which-key, palette, help, docs.
//!
//! Invariants
//! - A key or a command exists in [`table`] or nowhere.
//! - Nothing that moves can harm: movement keys carry no danger (a test holds it).
//! - A disabled command is shown with its reason, never hidden.

pub mod available;
pub mod ctx;
pub mod docs;
pub mod finder;
pub mod key;
pub mod keymap;
pub mod rebind;
pub mod table;

pub use ctx::Ctx;
pub use key::Key;
pub use keymap::Keymap;
pub use rebind::{KeyWishes, Wish};
pub use table::{Cmd, Command, Danger};
