//! Those who are attached, stay away, come back, or come by the thousand.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use omnitraffick::engine::{
    api::Notice,
    clock::{SystemClock, SystemEntropy},
    host::{
        socket::{
            client::RemoteClient,
            frame::encode,
            message::{Hello, ToEngine},
            path::{Audience, bind},
            server::Server,
        },
        who::Who,
    },
    model::{
        event::Seq,
        roles::{Directory, Login, Roles},
    },
    service::Engine,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
    sync::broadcast::{Receiver, error::RecvError},
    task::JoinSet,
    time::timeout,
};

/// No event for so long: it will not come.
const PATIENCE: Duration = Duration::from_secs(10);

struct NoDirectory;

impl Directory for NoDirectory {
    fn by_uid(&self, _: u32) -> Option<Login> {
        None
    }

    fn by_name(&self, _: &str) -> Option<Login> {
        None
    }
}

/// Where the engine listens.
#[derive(Clone)]
pub struct Door {
    path: PathBuf,
    _open: Arc<(Server, tempfile::TempDir)>,
}

impl Door {
    pub fn open(engine: &Arc<Engine>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("engine.sock");
        let who = Who::new(
            rustix::process::geteuid().as_raw(),
            Box::new(NoDirectory),
            Roles::default(),
        );
        let listener = bind(&path, &Audience::Owner).unwrap();
        let server = Server::start(Arc::clone(engine), listener, path.clone(), who, "fan_out".into()).unwrap();
        Self {
            path,
            _open: Arc::new((server, dir)),
        }
    }

    async fn attach(&self, after: Option<Seq>) -> (RemoteClient, Seq, Receiver<Notice>) {
        let (hello, entropy) = (Hello::new("console"), Arc::new(SystemEntropy::from_os()));
        let joined = RemoteClient::connect(&self.path, hello, after, Arc::new(SystemClock), entropy).await;
        let (client, welcome, heard) = joined.unwrap();
        (client, welcome.head, heard)
    }
}

/// What one console heard.
#[derive(Default)]
pub struct Heard {
    pub events: Vec<(Seq, Instant)>,
    pub broken: Option<String>,
}

/// The next event, which must be the one behind `last`.
async fn next(heard: &mut Receiver<Notice>, last: &mut Seq) -> Result<Instant, String> {
    loop {
        match timeout(PATIENCE, heard.recv()).await {
            Ok(Ok(Notice::Event(event))) => {
                if event.seq.0 != last.0 + 1 {
                    return Err(format!("{} was heard after {last}", event.seq));
                }
                *last = event.seq;
                return Ok(Instant::now());
            }
            Ok(Ok(Notice::Lost) | Err(RecvError::Lagged(_))) => return Err(format!("events behind {last} were lost")),
            Ok(Ok(_)) => {}
            Ok(Err(RecvError::Closed)) => return Err("the engine has gone".to_owned()),
            Err(_) => return Err(format!("nothing was heard for {} s behind {last}", PATIENCE.as_secs())),
        }
    }
}

/// Consoles that listen, and one that has stopped.
pub struct Crowd {
    listening: JoinSet<Heard>,
    until: tokio::sync::watch::Sender<Seq>,
    _stopped: UnixStream,
}

impl Crowd {
    pub async fn attach(door: &Door, consoles: usize) -> Self {
        let mut stopped = UnixStream::connect(&door.path).await.unwrap();
        for message in [
            ToEngine::Hello(Hello::new("console")),
            ToEngine::Subscribe { after: Seq(0) },
        ] {
            stopped.write_all(&encode(&message).unwrap()).await.unwrap();
        }
        let (until, end) = tokio::sync::watch::channel(Seq(u64::MAX));
        let mut listening = JoinSet::new();
        for _ in 1..consoles {
            let (client, mut last, mut heard) = door.attach(None).await;
            let mut end = end.clone();
            listening.spawn(async move {
                let _client = client;
                let mut all = Heard::default();
                while last < *end.borrow_and_update() {
                    tokio::select! {
                        at = next(&mut heard, &mut last) => match at {
                            Ok(at) => all.events.push((last, at)),
                            Err(why) => {
                                all.broken = Some(why);
                                break;
                            }
                        },
                        _ = end.changed() => {}
                    }
                }
                all
            });
        }
        Self {
            listening,
            until,
            _stopped: stopped,
        }
    }

    /// Everybody leaves once they have heard of this commit.
    pub async fn leave_after(self, last: Seq) -> Vec<Heard> {
        self.until.send_replace(last);
        self.listening.join_all().await
    }
}

/// How somebody who keeps leaving fared.
#[derive(Default)]
pub struct CameBack {
    pub times: u64,
    pub events: u64,
    pub broken: Vec<String>,
}

/// Leaves and comes back so many times, in the middle of what is told.
pub async fn come_and_go(door: Door, times: u64) -> CameBack {
    let mut back = CameBack::default();
    let (mut client, mut last, mut heard) = door.attach(None).await;
    for n in 0..times {
        for _ in 0..=n % 7 {
            match next(&mut heard, &mut last).await {
                Ok(_) => back.events += 1,
                Err(why) => {
                    back.broken.push(format!("after {n} returns: {why}"));
                    return back;
                }
            }
        }
        drop(client);
        (client, _, heard) = door.attach(Some(last)).await;
        back.times += 1;
    }
    back
}

/// What became of a crowd.
pub struct Flooded {
    pub came: u64,
    /// There was no room.
    pub turned_away: u64,
    /// They got in and did not introduce themselves.
    pub late: u64,
}

/// So many connections at once, none of which introduces itself or leaves.
pub async fn flood(door: &Door, connections: u64) -> Flooded {
    let mut held = Vec::new();
    for _ in 0..connections {
        match UnixStream::connect(&door.path).await {
            Ok(stream) => held.push(stream),
            // Out of descriptors: what came is what is counted.
            Err(_) => break,
        }
    }
    let came = held.len() as u64;
    let (mut turned_away, mut late) = (0, 0);
    for stream in &mut held {
        let mut bytes = Vec::with_capacity(512);
        let _ = timeout(PATIENCE, stream.read_buf(&mut bytes)).await;
        let words = String::from_utf8_lossy(&bytes);
        turned_away += u64::from(words.contains("too many connections"));
        late += u64::from(words.contains("in time"));
    }
    Flooded {
        came,
        turned_away,
        late,
    }
}
