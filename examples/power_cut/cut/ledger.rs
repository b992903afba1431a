//! What the store was asked and what it promised, kept outside of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::poll_fn,
    task::Poll,
};

use fastrand::Rng;
use omnitraffick::engine::{
    model::{event::Seq, json::Sha},
    store::{Commit, Fut, Kind, Scan, Store, StoreError, assets::Assets},
};

use crate::store_support::{START, Words as _, commit};

/// Rows there are at most.
const KEYS: u64 = 12;

/// One commit as it was asked for.
struct Asked {
    key: String,
    /// `None` = the row goes.
    body: Option<Vec<u8>>,
}

impl Asked {
    fn commit(&self, n: u128) -> Commit {
        match &self.body {
            Some(body) => commit(n).put(&self.key, Kind::Ticket, body),
            None => commit(n).del(&self.key),
        }
    }
}

/// See the module.
#[derive(Default)]
pub struct Ledger {
    asked: BTreeMap<u128, Asked>,
    acked: BTreeMap<u128, Seq>,
    /// Answered with "nothing was done".
    refused: BTreeSet<u128>,
    /// Files that were kept.
    files: Vec<Sha>,
    counted: usize,
}

fn number(summary: &str) -> Option<u128> {
    summary.strip_prefix("command ")?.parse().ok()
}

/// Waits for all of them; they are begun in their order, before the first is answered.
async fn together<T>(mut waiting: Vec<Fut<'_, T>>) -> Vec<Result<T, StoreError>> {
    let mut answers: Vec<_> = waiting.iter().map(|_| None).collect();
    poll_fn(|cx| {
        for (answer, fut) in answers.iter_mut().zip(&mut waiting) {
            if answer.is_none()
                && let Poll::Ready(done) = fut.as_mut().poll(cx)
            {
                *answer = Some(done);
            }
        }
        if answers.iter().all(Option::is_some) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    answers.into_iter().flatten().collect()
}

impl Ledger {
    /// Sends so many commits at once and notes the answers.
    pub async fn commit_together(&mut self, store: &impl Store, width: usize, rng: &mut Rng) -> Result<(), String> {
        let mut numbers = Vec::new();
        let mut group = Vec::new();
        for _ in 0..width {
            let n = self.asked.len() as u128 + 1;
            let asked = Asked {
                key: format!("ticket/{}", rng.u64(..KEYS)),
                body: (rng.u8(..6) > 0).then(|| vec![rng.u8(..); [20, 700, 4096, 9000][rng.usize(..4)]]),
            };
            numbers.push(n);
            group.push(store.commit(asked.commit(n)));
            self.asked.insert(n, asked);
        }
        for (n, answer) in numbers.into_iter().zip(together(group).await) {
            match answer {
                Ok(done) => {
                    self.acked.insert(n, done.seq);
                }
                Err(StoreError::DiskFull(_)) => {
                    self.refused.insert(n);
                }
                Err(StoreError::ReadOnly(_)) => {}
                Err(e) => return Err(format!("commit {n}: {e}")),
            }
        }
        Ok(())
    }

    /// Gives the store a file.
    pub fn keep_a_file(&mut self, assets: &dyn Assets, rng: &mut Rng) {
        let mut picture = b"\xFF\xD8\xFF\xE0".to_vec();
        let len = rng.usize(..20_000);
        picture.extend(std::iter::repeat_with(|| rng.u8(..)).take(len));
        if let Ok(asset) = assets.put("a.jpg", &mut picture.as_slice(), START) {
            self.files.push(asset.sha256);
        }
    }

    /// Every file that was kept is there with its content.
    pub fn compare_files(&self, assets: &dyn Assets) -> Result<(), String> {
        let open = |sha| assets.open(sha).map(drop).map_err(|e| format!("file {sha}: {e}"));
        self.files.iter().try_for_each(open)
    }

    /// Acknowledgements since the last call.
    pub fn take_news(&mut self) -> u64 {
        let news = self.acked.len() - std::mem::replace(&mut self.counted, self.acked.len());
        news as u64
    }

    /// Holds the store against what was asked and promised.
    pub async fn compare(&self, store: &impl Store) -> Result<(), String> {
        let events = store.events(Seq(0), usize::MAX).await.map_err(|e| e.to_string())?;
        let (mut rows, mut there) = (BTreeMap::new(), BTreeMap::new());
        for (event, seq) in events.iter().zip(1..) {
            if event.seq.0 != seq {
                return Err(format!("event {} in the place of {seq}", event.seq));
            }
            let asked = number(&event.summary).and_then(|n| Some((n, self.asked.get(&n)?)));
            let Some((n, asked)) = asked else {
                return Err(format!("event {seq} was never asked for: {}", event.summary));
            };
            if self.refused.contains(&n) || there.insert(n, event.seq).is_some() {
                return Err(format!("commit {n} was refused or is there twice"));
            }
            match &asked.body {
                Some(body) => rows.insert(asked.key.clone(), body.clone()),
                None => rows.remove(&asked.key),
            };
        }
        if let Some((n, seq)) = self.acked.iter().find(|(n, seq)| there.get(*n) != Some(*seq)) {
            let now = there.get(n);
            return Err(format!("commit {n} was acknowledged as {seq} and is at {now:?} now"));
        }
        let scan = Scan {
            limit: usize::MAX,
            ..Scan::default()
        };
        let page = store.scan(scan).await.map_err(|e| e.to_string())?;
        let found: BTreeMap<_, _> = page
            .rows
            .into_iter()
            .map(|r| (r.key.as_str().to_owned(), r.body.to_vec()))
            .collect();
        if found == rows {
            Ok(())
        } else {
            let names = |rows: &BTreeMap<String, Vec<u8>>| {
                let short = |(k, v): (&String, &Vec<u8>)| format!("{k}:{}x{:?}", v.len(), v.first());
                rows.iter().map(short).collect::<Vec<_>>().join(" ")
            };
            Err(format!("rows are {} and should be {}", names(&found), names(&rows)))
        }
    }
}
