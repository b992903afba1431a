//! A transport without a network: every call is answered with a fresh id after a fixed time.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use omnitraffick::{
    engine::model::platform::{AccountId, PlatformId},
    platforms::{
        WireRequest, WireResponse,
        transport::{ExchangeFuture, Transport},
    },
};

/// What an answer's body looks like.
#[derive(Clone, Copy)]
pub enum Answers {
    /// The bare id, for the platform that means nothing.
    Bare,
    /// `{"id": "...", "success": true}`, as Meta says it.
    Meta,
}

/// See the module.
pub struct Wire {
    latency: Duration,
    answers: Answers,
    calls: AtomicU64,
    open: AtomicU64,
    /// Most calls open at once.
    peak: AtomicU64,
    /// Time spent in calls, microseconds.
    busy: AtomicU64,
    /// When the first byte of each call came, while somebody measures that.
    pub arrivals: Mutex<Vec<Instant>>,
}

impl Wire {
    /// Answers after `latency`.
    pub fn new(latency: Duration, answers: Answers) -> Self {
        Self {
            latency,
            answers,
            calls: AtomicU64::new(0),
            open: AtomicU64::new(0),
            peak: AtomicU64::new(0),
            busy: AtomicU64::new(0),
            arrivals: Mutex::default(),
        }
    }

    /// Calls so far.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Most calls that were ever open at once.
    pub fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }

    /// Mean time of a call, in milliseconds: what the timer made of the latency asked for.
    pub fn mean_ms(&self) -> f64 {
        let busy = Duration::from_micros(self.busy.load(Ordering::Relaxed));
        busy.as_secs_f64() * 1e3 / self.calls().max(1) as f64
    }

    async fn answer(&self) -> WireResponse {
        let start = Instant::now();
        let n = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        self.peak
            .fetch_max(self.open.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        self.open.fetch_sub(1, Ordering::Relaxed);
        let spent = u64::try_from(start.elapsed().as_micros()).unwrap();
        self.busy.fetch_add(spent, Ordering::Relaxed);
        let id = 120_000_000_000_u64 + n;
        let body = match self.answers {
            Answers::Bare => id.to_string(),
            Answers::Meta => format!(r#"{{"id":"{id}","success":true}}"#),
        };
        WireResponse {
            status: 200,
            headers: BTreeMap::new(),
            body: body.into_bytes(),
        }
    }
}

impl Transport for Wire {
    fn send<'a>(
        &'a self,
        _platform: PlatformId,
        _account: &'a AccountId,
        _request: &'a WireRequest,
    ) -> ExchangeFuture<'a> {
        Box::pin(async move {
            self.arrivals.lock().unwrap().push(Instant::now());
            Ok(self.answer().await)
        })
    }
}
