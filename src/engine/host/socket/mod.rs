//! One engine for every console of a host: the same requests and replies over a Unix socket.
//!
//! - [`frame`]: where a message ends. Pure.
//! - [`message`]: what is said. Plain data.
//! - [`path`]: where the socket is, and whether that is a safe place.
//! - [`server`]: takes connections in. [`session`]: one of them. [`outbox`]: what waits to be written to it; [`parts`]: events in
//!   messages that are short enough.
//! - [`upload`]: files in pieces. [`roster`]: who is connected.
//! - [`client`]: the other end.
//!
//! Why no heartbeat: both ends are on one machine, so the kernel says at once when the other is gone. A peer that is
//! stopped but alive shows as a write that makes no progress, and that is timed.
//!
//! Invariants
//! - Who is asking comes from the kernel (`SO_PEERCRED`), never from a message.
//! - A commit never waits for a connection: what a slow one missed is read again from the journal.
//! - Every buffer of a connection has a bound; what passes it is refused or waits in the kernel.

pub mod client;
pub mod frame;
pub mod message;
mod outbox;
mod parts;
pub mod path;
pub mod roster;
pub mod server;
mod session;
pub mod upload;
