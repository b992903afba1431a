//! The copilot: which house rules apply to a question, and answers from them, cited and checked, or none.
//!
//! Why here: whoever traffics a campaign asks "may this run there?" while standing in a ticket. The answer is in the
//! house's own documents, so this room turns documents into snippets, filters them by where the question stands, ranks
//! them and says why; and, where a model is configured, has it put into words from them alone.
//!
//! Finding:
//! - [`scope`]: for what a document holds, and where a question stands.
//! - [`clean`], [`lint`]: what is taken off a text before anybody reads it, and what makes it suspicious.
//! - [`front`], [`source`]: a document's own statements, put together with its folder's.
//! - [`chunk`]: documents into snippets. [`index`]: ranking. [`shelf`]: everything that was read, ready to be asked.
//! - [`pipeline`]: from a question to ranked snippets. [`starter`]: the documents this program comes with.
//!
//! Answering:
//! - [`prompt`], [`redact`], [`facts`]: what is sent, and what must not be. [`settings`], [`cost`]: to whom, and for how much.
//! - [`wire`]: bytes to and from a model server. [`transport`]: the door they leave by. [`client`]: retries and time.
//! - [`heal`]: fixes that need no model. [`propose`]: the gate every proposed change passes.
//! - [`purpose`]: what a model is asked to do. [`suggest`]: from what it wrote to a patch that passed the gate.
//! - [`check`]: how far an answer is borne out by what was sent. [`exchange`]: one question from end to end.
//!
//! Invariants
//! - It has no tools and no authority: nothing it says changes state.
//! - No IO but through [`transport`], no clock, no randomness: texts and the present day arrive as arguments. The same
//!   documents and the same question give the same snippets in the same order.
//! - Everything but our template and the typed question is untrusted and fenced; what leaves the host passed [`redact`].
//! - A document that looks like an attack on a reader is not indexed until a person has released exactly this content.
//! - An answer is believed as far as [`check`] found its words in the snippets, and shown as such.

pub mod check;
pub mod chunk;
pub mod clean;
pub mod client;
pub mod cost;
pub mod exchange;
pub mod facts;
pub mod front;
pub mod heal;
pub mod index;
pub mod lint;
pub mod pipeline;
pub mod prompt;
pub mod propose;
pub mod purpose;
pub mod redact;
pub mod scope;
pub mod settings;
pub mod shelf;
pub mod source;
pub mod starter;
pub mod suggest;
pub mod transport;
pub mod wire;
