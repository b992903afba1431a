//! Store and wire as one engine sees them: behind its gate, with delays, and on the wire with a life of their own for
//! requests whose sender died.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use fastrand::Rng;
use omnitraffick::{
    engine::{
        model::{
            event::{Event, Seq},
            ids::CommandId,
            json::Sha,
            platform::{AccountId, PlatformId},
            time::Timestamp,
        },
        store::{
            Claim, Commit, Committed, Fut, Head, Key, Lease, LocalStore, Observer, Page, Row, Scan, Store, StoreError,
            Wanted, assets::Assets, memory::MemoryStore,
        },
    },
    platforms::{
        Lost, WireRequest,
        sandbox::memory::MemoryTransport,
        transport::{ExchangeFuture, Transport},
    },
};
use tokio::{
    sync::{oneshot, watch},
    time::{Instant, sleep, timeout_at},
};

use super::gate::{Deed, Gate, Point};

/// One call's time limit, as the real client has it.
const CALL: Duration = Duration::from_secs(30);

/// Who follows the head, one channel each, told in the order in which they came: of several receivers of one channel
/// tokio wakes a random one first.
#[derive(Default)]
pub struct Heads(Mutex<Vec<watch::Sender<Head>>>);

impl Heads {
    fn follow(&self, head: Head) -> watch::Receiver<Head> {
        let (tell, hear) = watch::channel(head);
        self.0.lock().unwrap().push(tell);
        hear
    }

    fn tell(&self, head: Head) {
        let mut all = self.0.lock().unwrap();
        all.retain(|one| one.receiver_count() > 0);
        for one in all.iter() {
            one.send_replace(head);
        }
    }
}

/// The store behind a gate.
pub struct GatedStore {
    pub inner: Arc<MemoryStore>,
    pub gate: Arc<Gate>,
    pub rng: Mutex<Rng>,
    /// One commit in so many is refused as busy; 0 = none.
    pub busy_one_in: u32,
    /// Shared by all engines of a run.
    pub heads: Arc<Heads>,
}

impl GatedStore {
    /// Most commits take no time at all, some a few milliseconds.
    fn draw(&self) -> (bool, Duration) {
        let mut rng = self.rng.lock().unwrap();
        let busy = self.busy_one_in > 0 && rng.u32(..self.busy_one_in) == 0;
        let wait = if rng.u8(..4) == 0 { rng.u64(1..8) } else { 0 };
        (busy, Duration::from_millis(wait))
    }
}

impl Store for GatedStore {
    fn commit(&self, commit: Commit) -> Fut<'_, Committed> {
        Box::pin(async move {
            let deed = Deed::of(commit.event.kind);
            self.gate.pass(Point::Decided(deed)).await;
            let (busy, wait) = self.draw();
            if !wait.is_zero() {
                sleep(wait).await;
                self.gate.alive().await;
            }
            if busy {
                return Err(StoreError::Busy);
            }
            let done = self.inner.commit(commit).await;
            self.heads.tell(*self.inner.watch().borrow());
            self.gate.pass(Point::Durable(deed)).await;
            done
        })
    }

    fn known(&self, command: CommandId, hash: Sha) -> Fut<'_, Option<Committed>> {
        Box::pin(async move {
            self.gate.alive().await;
            self.inner.known(command, hash).await
        })
    }

    fn get<'a>(&'a self, key: &'a Key) -> Fut<'a, Option<Row>> {
        Box::pin(async move {
            self.gate.alive().await;
            self.inner.get(key).await
        })
    }

    fn scan(&self, scan: Scan) -> Fut<'_, Page> {
        Box::pin(async move {
            self.gate.alive().await;
            self.inner.scan(scan).await
        })
    }

    fn claim(&self, claim: Claim) -> Fut<'_, Vec<Lease>> {
        Box::pin(async move {
            self.gate.pass(Point::Claim).await;
            self.inner.claim(claim).await
        })
    }

    fn renew<'a>(&'a self, lease: &'a Lease, until: Timestamp) -> Fut<'a, Lease> {
        Box::pin(async move {
            self.gate.pass(Point::Renew).await;
            self.inner.renew(lease, until).await
        })
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> Fut<'a, ()> {
        Box::pin(async move {
            self.gate.alive().await;
            self.inner.release(lease).await
        })
    }

    fn events(&self, after: Seq, limit: usize) -> Fut<'_, Vec<Event>> {
        Box::pin(async move {
            self.gate.alive().await;
            self.inner.events(after, limit).await
        })
    }

    fn written<'a>(&'a self, key: &'a Key, up_to: Seq) -> Fut<'a, Option<(Seq, Row)>> {
        Box::pin(async move {
            self.gate.alive().await;
            self.inner.written(key, up_to).await
        })
    }

    fn watch(&self) -> watch::Receiver<Head> {
        self.heads.follow(*self.inner.watch().borrow())
    }

    fn read_only(&self) -> Option<String> {
        self.inner.read_only()
    }

    fn short(&self) -> Option<String> {
        self.inner.short()
    }
}

impl LocalStore for GatedStore {
    fn attach(
        &self,
        wanted: &Wanted,
        observer: Arc<dyn Observer>,
        load: &mut dyn FnMut(Row),
    ) -> Result<Head, StoreError> {
        self.inner.attach(wanted, observer, load)
    }

    fn epoch(&self) -> u64 {
        self.inner.epoch()
    }

    fn assets(&self) -> Arc<dyn Assets> {
        self.inner.assets()
    }

    fn close(&self) -> Result<(), StoreError> {
        self.inner.close()
    }
}

/// The wire behind a gate. What has left goes on without its sender.
pub struct GatedTransport {
    pub inner: Arc<MemoryTransport>,
    pub gate: Arc<Gate>,
    pub rng: Mutex<Rng>,
}

impl GatedTransport {
    /// How long a request is on its way: mostly milliseconds, now and then seconds.
    fn on_the_way(&self) -> Duration {
        let mut rng = self.rng.lock().unwrap();
        Duration::from_millis(match rng.u8(..20) {
            0 => rng.u64(1_000..5_000),
            1..=5 => rng.u64(50..500),
            _ => rng.u64(1..50),
        })
    }
}

impl Transport for GatedTransport {
    fn send<'a>(
        &'a self,
        platform: PlatformId,
        account: &'a AccountId,
        request: &'a WireRequest,
    ) -> ExchangeFuture<'a> {
        Box::pin(async move {
            let in_doubt = || Lost::InDoubt {
                why: "no complete answer in time".to_owned(),
            };
            let end = Instant::now() + CALL;
            self.gate.pass(Point::Connected).await;
            if Instant::now() >= end {
                // The client's own limit ends a call before another byte of it leaves.
                return Err(in_doubt());
            }
            let (tell, hear) = oneshot::channel();
            let (inner, way) = (Arc::clone(&self.inner), self.on_the_way());
            let (account, request) = (account.clone(), request.clone());
            tokio::spawn(async move {
                sleep(way).await;
                // Nobody may be left to hear it.
                let _ = tell.send(inner.send(platform, &account, &request).await);
            });
            self.gate.pass(Point::Sent).await;
            let answer = timeout_at(end, hear).await;
            self.gate.pass(Point::Answered).await;
            match answer {
                Ok(Ok(exchange)) => exchange,
                Ok(Err(_)) | Err(_) => Err(in_doubt()),
            }
        })
    }
}
