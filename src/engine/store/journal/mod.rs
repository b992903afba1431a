//! The journal: every commit, in order, for ever. The truth and the audit log in one.

pub mod record;
