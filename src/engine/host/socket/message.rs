//! What is said over the socket.
//!
//! Invariants
//! - A minor version only adds; unknown fields are ignored, an unknown request is answered with a refusal.
//! - The hello and what is answered to it can be read by every generation: fields are added there, never changed.
//! - The first message of a client is [`ToEngine::Hello`]; the first answer is a welcome or a refusal.

use serde::{Deserialize, Serialize};

use super::roster::Peer;
use crate::engine::{
    api::{ApiError, Reply, Request},
    model::{
        actor::Actor,
        asset::Asset,
        event::{Event, Seq},
        ids::StoreId,
        json::Sha,
    },
};

/// The protocol's generation: both ends must agree on it.
pub const MAJOR: u32 = 1;
/// What was added to the generation: 1 = files, and who is attached; 2 = who is at which ticket.
pub const MINOR: u32 = 2;

/// What a client says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToEngine {
    /// First of all.
    Hello(Hello),
    /// A question or an intention. `id` comes back with the answer.
    Request {
        /// Chosen by the client, never used twice on a connection.
        id: u64,
        /// What is asked.
        request: Box<Request>,
    },
    /// A part of a file (since 1.1). One file at a time on a connection.
    File {
        /// Chosen like a request's.
        id: u64,
        /// Which part.
        part: FilePart,
    },
    /// Who else is attached (since 1.1).
    Roster {
        /// Chosen like a request's.
        id: u64,
    },
    /// Send events from now on, beginning behind this one.
    Subscribe {
        /// The newest event the client has.
        after: Seq,
    },
}

/// A part of a file on its way to the engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilePart {
    /// It is announced.
    Begin {
        /// Its own name, for people.
        name: String,
        /// Its size.
        bytes: u64,
    },
    /// The next bytes, in base64; at most [`PIECE`](super::upload::PIECE) of them.
    Piece(String),
    /// That was all of it.
    End {
        /// Hash of the whole file.
        sha256: Sha,
    },
}

/// How a client introduces itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`MAJOR`] of the client.
    pub major: u32,
    /// [`MINOR`] of the client.
    pub minor: u32,
    /// Its build.
    pub build: String,
    /// `console` or `cli`: how the journal names the way in. What else it says is never believed.
    pub client: String,
    /// It promises not to change anything, and is held to it.
    #[serde(default)]
    pub read_only: bool,
    /// It would work off the queue if it were the engine. One that does not makes way for it.
    #[serde(default)]
    pub serves: bool,
    /// It comes to be the engine in place of this one: a hand-over or an upgrade. Heard from the engine's own user only.
    #[serde(default)]
    pub takes_over: bool,
}

impl Hello {
    /// This build's introduction.
    pub fn new(client: &str) -> Self {
        Self {
            major: MAJOR,
            minor: MINOR,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            client: client.to_owned(),
            read_only: false,
            serves: false,
            takes_over: false,
        }
    }
}

/// What the engine says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToClient {
    /// The hello was accepted.
    Welcome(Welcome),
    /// It was not; the connection ends. In words, with what to do.
    Refused(String),
    /// The answer to a request.
    Reply {
        /// The request's id.
        id: u64,
        /// What came of it.
        result: Box<Result<Reply, ApiError>>,
    },
    /// The answer to a part of a file.
    File {
        /// The part's id.
        id: u64,
        /// What was kept, after the last part.
        result: Box<Result<Option<Asset>, ApiError>>,
    },
    /// Who is attached besides the one who asks, the longest attached first.
    Roster {
        /// The question's id.
        id: u64,
        /// Everybody else.
        peers: Vec<Peer>,
    },
    /// Events without a gap: the first follows the last one sent.
    Events(Vec<Event>),
    /// So many events were missed that showing them makes no sense: everything must be asked anew. Events go on behind
    /// this number.
    Reset(Seq),
    /// A lane's live state changed.
    Lanes,
    /// The engine became read-only or came back.
    Health,
    /// The guidelines were read anew.
    Guidelines,
    /// Somebody came to a ticket or left one (since 1.2).
    People,
    /// The engine ends; another one may take over. In words.
    Goodbye(String),
}

/// How the engine introduces itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// [`MAJOR`] of the engine.
    pub major: u32,
    /// [`MINOR`] of the engine.
    pub minor: u32,
    /// Its build.
    pub build: String,
    /// The store.
    pub store: StoreId,
    /// The newest commit.
    pub head: Seq,
    /// Who the client is, as the kernel told.
    pub actor: Actor,
}

/// What a message that cannot be understood still says: whom to answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Unknown {
    request: OnlyId,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct OnlyId {
    id: u64,
}

impl Unknown {
    /// The request's id.
    pub(super) const fn id(&self) -> u64 {
        self.request.id
    }
}

/// Why a client of this generation cannot be served, if so.
pub fn refuse_generation(hello: &Hello, build: &str) -> Option<String> {
    (hello.major != MAJOR).then(|| {
        format!(
            "this program (build {}) speaks protocol {}.{}, the engine (build {build}) speaks {MAJOR}.{MINOR}; \
             `omnitraffick engine upgrade` with the newer build puts it in place",
            hello.build, hello.major, hello.minor
        )
    })
}
