//! The log: the same lines as the file, the last ten thousand of them.

pub mod model;
pub mod update;
pub mod view;
pub mod wanted;
