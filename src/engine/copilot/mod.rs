//! The copilot: which house rules apply to a question, and what follows from them.
//!
//! Why here: whoever traffics a campaign asks "may this run there?" while standing in a ticket. The answer is in the
//! house's own documents, so this room turns documents into snippets, filters them by where the question stands, ranks
//! them and says why. It has no authority: nothing here changes anything.
//!
//! - [`scope`]: for what a document holds, and where a question stands.
//! - [`clean`], [`lint`]: what is taken off a text before anybody reads it, and what makes it suspicious.
//! - [`front`], [`source`]: a document's own statements, put together with its folder's.
//! - [`chunk`]: documents into snippets.
//! - [`index`]: ranking.
//! - [`shelf`]: everything that was read, ready to be asked.
//! - [`pipeline`]: from a question to ranked snippets.
//! - [`starter`]: the documents this program comes with.
//!
//! Invariants
//! - No IO, no clock, no randomness: texts and the present day arrive as arguments.
//! - The same documents and the same question give the same snippets in the same order.
//! - A document that looks like an attack on a reader is not indexed until a person has released exactly this content.

pub mod chunk;
pub mod clean;
pub mod front;
pub mod index;
pub mod lint;
pub mod pipeline;
pub mod scope;
pub mod shelf;
pub mod source;
pub mod starter;
