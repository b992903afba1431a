//! Looking at the engine of a store without becoming it or changing anything.

use std::{
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::socket::{
    client::{ConnectError, RemoteClient},
    message::{Hello, Welcome},
    roster::Peer,
};
use crate::engine::{
    api::{EngineClient as _, Reply, Request, presence::Present as Somebody},
    clock::{Clock, Entropy},
    store::embedded::place::{Holder, Place, peek},
};

/// An engine that runs.
#[derive(Clone, Debug)]
pub struct Present {
    /// What it notes in the lock file.
    pub holder: Holder,
    /// Where it listens.
    pub socket: PathBuf,
    /// The user it runs as, by its socket.
    pub owner: Option<u32>,
    /// What it says.
    pub door: Door,
}

/// What an engine says to somebody who looks.
#[derive(Clone, Debug)]
pub enum Door {
    /// It lets us in.
    Open {
        /// How it introduced itself.
        welcome: Box<Welcome>,
        /// Who else is attached; `None` = its build does not say.
        peers: Option<Vec<Peer>>,
        /// Who is at which ticket; empty also when its build does not say.
        people: Vec<Somebody>,
    },
    /// It does not, in its words: another generation, too many connections, not your socket.
    Shut(String),
}

/// The engine of a store, if one runs.
pub async fn present(
    store: &Path,
    socket: Option<&Path>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Option<Present> {
    let holder = peek(&Place { dir: store.to_owned() });
    let path = socket.map(Path::to_owned).or_else(|| holder.socket.clone())?;
    let hello = Hello {
        read_only: true,
        ..Hello::new("cli")
    };
    let door = match RemoteClient::connect(&path, hello, None, clock, entropy).await {
        Ok((client, welcome, _)) => Door::Open {
            welcome: Box::new(welcome),
            peers: client.roster().await,
            people: match client.request(Request::People).await {
                Ok(Reply::People(people)) => people,
                _ => Vec::new(),
            },
        },
        Err(ConnectError::NoOne(_)) => return None,
        Err(error) => Door::Shut(error.to_string()),
    };
    let owner = std::fs::metadata(&path).ok().map(|meta| meta.uid());
    Some(Present {
        holder,
        socket: path,
        owner,
        door,
    })
}
