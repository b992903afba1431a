//! One seeded run: a store lives, the power goes, what is left is opened again; several times over.

mod harm;
mod ledger;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use fastrand::Rng;
use omnitraffick::engine::store::{
    LocalStore as _, Store as _,
    embedded::{EmbeddedStore, Healed, Opened, Options, place::Place},
    snapshot::keeper::{Pace, Work, tend},
    verify::verify,
};
use tempfile::TempDir;

use self::ledger::Ledger;
use crate::store_support::{
    clock, entropy,
    fault_disk::{Fault, FaultDisk},
    options,
};

/// How often something happened.
pub type Counts = BTreeMap<&'static str, u64>;

/// How long a run is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Cuts.
    pub cuts: usize,
    /// Rounds of commits between two cuts, at most.
    pub rounds: usize,
}

impl Size {
    pub const FULL: Self = Self { cuts: 4, rounds: 16 };
    pub const QUICK: Self = Self { cuts: 1, rounds: 10 };
}

/// What a run gave.
pub struct Done {
    pub counts: Counts,
    /// The first promise that was broken.
    pub broken: Option<String>,
}

struct Run {
    dir: TempDir,
    rng: Rng,
    ledger: Ledger,
    counts: Counts,
    /// An index as it once was.
    older_index: Option<TempDir>,
}

/// Segments of a few commits, so that a short run rotates.
fn on(disk: &FaultDisk, segment_bytes: u64) -> Options {
    Options {
        disk: Arc::new(disk.clone()),
        segment_bytes,
        ..options()
    }
}

fn open(dir: &Path, options: Options) -> Result<Opened, String> {
    EmbeddedStore::open(dir, options, clock(), entropy()).map_err(|e| e.to_string())
}

/// Lives through one seed.
pub fn run(seed: u64, size: Size) -> Done {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut run = Run {
        dir: TempDir::new().unwrap(),
        rng: Rng::with_seed(seed),
        ledger: Ledger::default(),
        counts: Counts::new(),
        older_index: None,
    };
    let lived = runtime.block_on(async {
        if run.rng.bool() {
            run.past().await.map_err(|e| format!("before the first cut: {e}"))?;
        }
        for cut in 1..=size.cuts {
            run.live(size.rounds).await.map_err(|e| format!("cut {cut}: {e}"))?;
            run.look().await.map_err(|e| format!("after cut {cut}: {e}"))?;
        }
        Ok::<_, String>(())
    });
    Done {
        counts: run.counts,
        broken: lived.err(),
    }
}

impl Run {
    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// The directory of the store, which is made by the store itself.
    fn store(&self) -> std::path::PathBuf {
        self.dir.path().join("data/store")
    }

    /// A calm life, and its index as it was left.
    async fn past(&mut self) -> Result<(), String> {
        let dir = self.store();
        let opened = open(&dir, options())?;
        for _ in 0..self.rng.usize(1..6) {
            self.ledger.commit_together(&opened.store, 2, &mut self.rng).await?;
        }
        drop(opened);
        self.older_index = harm::copy(&Place { dir }.index());
        Ok(())
    }

    /// A life that ends with the power.
    async fn live(&mut self, rounds: usize) -> Result<(), String> {
        let dir = self.store();
        // Opening takes some thirty calls, a group of commits two: most cuts meet one or the other.
        let reach = 30 + 3 * rounds as u64;
        let disk = FaultDisk::new(self.rng.u64(..reach), Fault::PowerOff);
        let segment_bytes = self.rng.u64(4..9) << 10;
        match open(&dir, on(&disk, segment_bytes)) {
            Ok(opened) => {
                self.count("lives");
                self.work(&opened.store, &disk, rounds).await?;
                disk.power_off();
                drop(opened);
            }
            Err(why) if !disk.is_off() => return Err(format!("it does not open: {why}")),
            Err(_) => self.count("cut while opening"),
        }
        disk.power_off();
        disk.cut(self.rng.u64(..));
        let index = Place { dir }.index();
        let harm = harm::harm(&index, self.older_index.as_ref().map(TempDir::path), &mut self.rng);
        self.count(harm);
        self.count("cuts");
        Ok(())
    }

    /// Commits, some together, with files and snapshots in between, until the power goes.
    async fn work(&mut self, store: &EmbeddedStore, disk: &FaultDisk, rounds: usize) -> Result<(), String> {
        let place = Place { dir: self.store() };
        let work = Work {
            disk: Arc::new(disk.clone()),
            place: place.clone(),
            store: store.id(),
            pace: Pace {
                segments: 1,
                records: 1,
            },
        };
        for _ in 0..rounds {
            if disk.is_off() {
                break;
            }
            let width = [1, 1, 3, 8][self.rng.usize(..4)];
            self.ledger.commit_together(store, width, &mut self.rng).await?;
            match self.rng.u8(..8) {
                0 => self.ledger.keep_a_file(&*store.assets(), &mut self.rng),
                1..=3 => match tend(&work, &|| true) {
                    Ok(Some(_)) => self.count("snapshots"),
                    Err(e) if !disk.is_off() => return Err(format!("no snapshot: {e}")),
                    _ => {}
                },
                4 => self.older_index = harm::copy(&place.index()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Everything acknowledged is there, nothing else is, and the store is whole and goes on.
    async fn look(&mut self) -> Result<(), String> {
        let dir = self.store();
        let opened = open(&dir, options()).map_err(|e| format!("it does not open: {e}"))?;
        if let Some(why) = opened.store.read_only() {
            return Err(format!("it is read-only: {why}"));
        }
        let Healed {
            tail_truncated,
            index_rebuilt,
            replayed,
            without_index,
            snapshots_skipped,
        } = opened.healed;
        if let Some(why) = without_index {
            return Err(format!("no index: {why}"));
        }
        // A snapshot becomes durable before it gets its name: a cut never leaves half of one under it.
        if !snapshots_skipped.is_empty() {
            return Err(format!("snapshots: {snapshots_skipped:?}"));
        }
        for (what, happened) in [
            ("tails cut", tail_truncated.is_some()),
            ("indexes built again", index_rebuilt.is_some()),
            ("replays", index_rebuilt.is_none() && replayed > 0),
        ] {
            *self.counts.entry(what).or_default() += u64::from(happened);
        }
        self.ledger.compare(&opened.store).await?;
        self.ledger.compare_files(&*opened.store.assets())?;
        self.ledger.commit_together(&opened.store, 1, &mut self.rng).await?;
        self.ledger.compare(&opened.store).await?;
        opened.store.close().map_err(|e| e.to_string())?;
        drop(opened.store);
        *self.counts.entry("acknowledged").or_default() += self.ledger.take_news();
        let problems = verify(&dir).problems;
        if problems.is_empty() {
            Ok(())
        } else {
            Err(format!("verify: {problems:?}"))
        }
    }
}
