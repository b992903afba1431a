//! The socket between real ends.
