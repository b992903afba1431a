//! A house of any size: one ticket's real life, from draft to live, written again and again under other ids.
//!
//! Why copies: the rows are exactly those the engine writes (content, ledger, claims, counters), and a million of them
//! take a minute instead of an hour.

use std::{path::Path, sync::Arc};

use omnitraffick::engine::{
    clock::{SystemClock, SystemEntropy},
    host::Place,
    model::{
        campaign::Campaign,
        deploy::Deploy,
        ids::{CampaignId, CommandId, DeployId, TicketId, TicketNo},
        json::Sha,
        ticket::{Status, Ticket},
        time::Timestamp,
    },
    store::{
        Commit, Key, Kind, NewEvent, Put, Row, Store,
        codec::{self, Stored},
        embedded::{EmbeddedStore, Options},
        journal::{self, disk::RealDisk, record::Record, replay, scan},
        schema::Owner,
    },
};
use uuid::Uuid;

use super::support::{World, clock, sandbox};

/// Tickets written at the same time.
pub const WRITERS: u32 = 128;

/// The commits of one ticket's life, and those before it.
pub struct Life {
    before: Vec<Record>,
    campaign: Record,
    ticket: Vec<Record>,
    id: TicketId,
    deploy: DeployId,
    no: TicketNo,
    name: String,
}

impl Life {
    /// Plays it once on a real engine over a simulated platform.
    pub fn play() -> Self {
        let dir = super::directory("life-");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let place = dir.path().join("store");
        let (id, view) = runtime.block_on(async {
            let world = World::over(sandbox(""), clock(), Place::Dir(place.clone()), 1).await;
            world.seed().await;
            let campaign = world.campaign(world.brand, "Moana Launch").await;
            let id = world.ticket(campaign).await;
            assert_eq!(world.qa(id).await, Status::ReadyForApi);
            world.deploy(id).await.unwrap();
            let view = world
                .until(id, |v| v.ticket.value.status == Status::TraffickedSuccess)
                .await;
            world.host.close().await.unwrap();
            (id, view)
        });
        let (_, segment) = journal::segments(&RealDisk, &place.join("journal")).unwrap().remove(0);
        let from = replay::before(&replay::header(&RealDisk, &segment).unwrap());
        let mut before = Vec::new();
        let mut ticket = Vec::new();
        let bytes = std::fs::read(&segment).unwrap();
        scan::walk(&bytes, from, &mut |scanned| {
            let about = scanned.record.applied.event.subject.ticket.is_some();
            if about { &mut ticket } else { &mut before }.push(scanned.record);
            Ok(())
        })
        .unwrap();
        let campaign = before
            .iter()
            .position(|r| r.applied.put.iter().any(|p| p.kind == Kind::Campaign));
        Self {
            campaign: before.remove(campaign.unwrap()),
            before,
            ticket,
            id,
            deploy: view.deploy.unwrap().id,
            no: view.ticket.value.no,
            name: view.ticket.value.name,
        }
    }

    /// Commits of one whole life.
    pub fn events(&self) -> u64 {
        self.ticket.len() as u64
    }

    /// Commits up to a passed QA.
    pub fn events_ready(&self) -> u64 {
        let ready = |r: &Record| r.applied.event.status == Some(Status::ReadyForApi);
        self.ticket.iter().position(ready).unwrap() as u64 + 1
    }

    /// Bytes of the record of [`Self::usual`].
    pub fn record_bytes(&self) -> usize {
        let commit = self.usual(0);
        let rows: Vec<Row> = commit
            .put
            .iter()
            .map(|p| Row {
                key: p.key.clone(),
                kind: p.kind,
                version: 1,
                columns: p.columns.clone(),
                body: p.body.clone(),
            })
            .collect();
        journal::record::encode(&commit, &rows, Sha::default(), 0)
            .unwrap()
            .len()
            + journal::frame::FRAME_HEAD
    }

    /// The commit most are like: the outcome of a step of the n-th ticket.
    pub fn usual(&self, n: u32) -> Commit {
        self.step(n, self.ticket.len() - 2, 1)
    }

    /// What stands before the first ticket: governance and one of many campaigns.
    fn first(&self) -> impl Iterator<Item = Commit> + '_ {
        self.before
            .iter()
            .enumerate()
            .map(|(n, r)| commit(r, number(7, n as u64), <[Row]>::to_vec))
    }

    fn campaign(&self, n: u32) -> Commit {
        commit(&self.campaign, number(8, n.into()), |put| {
            put.iter()
                .map(|row| match row.kind {
                    Kind::Campaign => {
                        let mut c: Campaign = codec::decode(&row.body).unwrap();
                        c.id = CampaignId::new(number(3, n.into()));
                        c.label = format!("Campaign{n}").parse().unwrap();
                        with(row, &format!("campaign/{}", c.id), &c)
                    }
                    _ => row.clone(),
                })
                .collect()
        })
    }

    /// One commit of the n-th ticket.
    fn step(&self, n: u32, at: usize, campaigns: u32) -> Commit {
        let record = &self.ticket[at];
        let command = number(9, u64::from(n) * 64 + at as u64);
        commit(record, command, |put| {
            put.iter().map(|row| self.row(row, n, campaigns)).collect()
        })
    }

    fn row(&self, row: &Row, n: u32, campaigns: u32) -> Row {
        let id = TicketId::new(number(1, n.into()));
        let deploy = DeployId::new(number(2, n.into()));
        let no = TicketNo(1000 + n);
        let campaign = CampaignId::new(number(3, u64::from(n % campaigns)));
        let name = format!("{}{n}", self.name);
        let key = row.key.as_str();
        let key = key
            .replace(&self.id.to_string(), &id.to_string())
            .replace(&self.deploy.to_string(), &deploy.to_string())
            .replace(&format!("claim/no/{}", self.no), &format!("claim/no/{no}"))
            .replace(&self.name.to_lowercase(), &name.to_lowercase());
        match row.kind {
            Kind::Ticket => {
                let mut t: Ticket = codec::decode(&row.body).unwrap();
                (t.id, t.no, t.campaign) = (id, no, campaign);
                t.deploy = t.deploy.map(|_| deploy);
                t.name = name;
                with(row, &key, &t)
            }
            Kind::Deploy => {
                let mut d: Deploy = codec::decode(&row.body).unwrap();
                (d.id, d.ticket, d.no) = (deploy, id, no);
                d.finished_at = d
                    .finished_at
                    .map(|at| at.plus(std::time::Duration::from_millis(n.into())));
                for step in &mut d.steps {
                    step.name = step.name.replace(&self.name, &name);
                }
                d.job.name = name;
                with(row, &key, &d)
            }
            Kind::Claim => with(row, &key, &Owner { id: id.to_string() }),
            _ => row.clone(),
        }
    }
}

/// A fixed id of a family.
fn number(family: u64, n: u64) -> Uuid {
    Uuid::from_u64_pair(0x0190_0000_0000_7000 | family << 56, 0x8000_0000_0000_0000 | n)
}

fn with<T: Stored>(row: &Row, key: &str, value: &T) -> Row {
    Row {
        key: Key::new(key),
        kind: row.kind,
        version: row.version,
        columns: value.columns(),
        body: codec::encode(value).unwrap(),
    }
}

fn commit(record: &Record, command: Uuid, rows: impl FnOnce(&[Row]) -> Vec<Row>) -> Commit {
    let event = &record.applied.event;
    let put = rows(&record.applied.put).into_iter().map(|r| Put {
        key: r.key,
        kind: r.kind,
        columns: r.columns,
        body: r.body,
    });
    Commit {
        command: CommandId::new(command),
        command_hash: Sha::of(command.as_bytes()),
        actor: event.actor.clone(),
        at: now(),
        epoch: record.epoch,
        expect: Vec::new(),
        lease: None,
        put: put.collect(),
        del: record.applied.del.clone(),
        event: NewEvent {
            kind: event.kind,
            also: event.also.clone(),
            subject: event.subject.clone(),
            status: event.status,
            summary: event.summary.clone(),
            changes: event.changes.clone(),
        },
    }
}

fn now() -> Timestamp {
    use omnitraffick::engine::clock::Clock as _;
    SystemClock.now()
}

/// Opens a store as the program does.
pub fn open(dir: &Path) -> EmbeddedStore {
    let entropy = Arc::new(SystemEntropy::from_os());
    EmbeddedStore::open(dir, Options::default(), Arc::new(SystemClock), entropy)
        .unwrap()
        .store
}

/// Writes a house: `tickets` tickets, so many of them live that there are `events` commits, give or take a life.
pub fn write<S: Store + 'static>(life: &Arc<Life>, store: &Arc<S>, tickets: u32, events: u64) {
    let (whole, ready) = (life.events(), life.events_ready());
    let live = events.saturating_sub(u64::from(tickets) * ready) / (whole - ready);
    let live = u32::try_from(live).unwrap().min(tickets);
    let campaigns = (tickets / 100).max(1);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        for first in life.first() {
            store.commit(first).await.unwrap();
        }
        for n in 0..campaigns {
            store.commit(life.campaign(n)).await.unwrap();
        }
        let writers = (0..WRITERS).map(|w| {
            let (life, store) = (Arc::clone(life), Arc::clone(store));
            tokio::spawn(async move {
                for n in (w..tickets).step_by(WRITERS as usize) {
                    // Live ones lie between the others, as they would.
                    let is_live = u64::from(n) * u64::from(live) / u64::from(tickets)
                        != (u64::from(n) + 1) * u64::from(live) / u64::from(tickets);
                    let until = if is_live { whole } else { ready };
                    for at in 0..usize::try_from(until).unwrap() {
                        store.commit(life.step(n, at, campaigns)).await.unwrap();
                    }
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
    });
}
