//! A canned engine and a driver: type keys at a model, see the screen as text. No time passes but what a test says.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use ratatui::{Terminal, backend::TestBackend, buffer::Buffer, layout::Size};
use tokio::sync::broadcast;
use uuid::Uuid;

use super::{
    TuiOptions,
    app::{
        Effect, Model, Msg, Stamp,
        effect::{SlotId, TimerId},
        msg::{Ids, Left, Millis},
        update::update,
    },
    command::Key,
    log_feed::Level,
    theme::{Depth, ThemeName},
    ui::chrome,
};
use crate::engine::{
    api::{
        Answer, ApiError, BoardColumn, CampaignRow, CommandKind, DeployRows, Done, EngineClient, Governance, Impact,
        Notice, Overview, Reply, Request, Seen, TakenIn, TicketRows, TicketView, VerifyReport, WhyLine,
        card::{Card, DeployCard, DeployGlance},
    },
    model::{
        actor::{Actor, Role},
        deploy::{StepState, Why},
        event::{Event, EventKind, FieldChange, Noun, Seq, Subject},
        ids::{CampaignId, ChannelId, CommandId, DeployId, StoreId, TicketId, TicketNo},
        json::CanonicalJson,
        money::{Budget, BudgetKind, Money},
        platform::PlatformId,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{Priority, RequestType, Status, Ticket},
        time::{Flight, Timestamp},
    },
};

/// 14:32:05 on a winter day.
pub fn noon() -> Timestamp {
    Timestamp::parse("2026-11-20T14:32:05Z").unwrap()
}

pub fn id(n: u32) -> TicketId {
    TicketId::new(Uuid::from_u128(u128::from(n)))
}

pub fn actor(name: &str, role: Role) -> Actor {
    Actor {
        uid: Some(1000),
        name: name.to_owned(),
        role,
        client: "console".to_owned(),
    }
}

/// A card with plausible contents for its status.
pub fn card(no: u32, status: Status, name: &str) -> Card {
    let mut parts = name.split('_');
    let brand = parts.next().unwrap_or_default().to_owned();
    let market = parts.next().unwrap_or_default().to_owned();
    let now = noon();
    let minutes = |m: u32| now.minus(Duration::from_secs(u64::from(m) * 60));
    let glance = |why, state, tries| DeployGlance {
        id: DeployId::new(Uuid::from_u128(u128::from(no))),
        step: 2,
        steps: 5,
        word: "ad set".to_owned(),
        state,
        tries,
        why,
    };
    let deploy = match status {
        Status::Deploying if no.is_multiple_of(3) => {
            let at = now.plus(Duration::from_secs(41));
            Some(glance(
                Why::RateLimited {
                    at,
                    source: "meta".into(),
                },
                StepState::Planned,
                1,
            ))
        }
        Status::Deploying => Some(glance(Why::Running { step: "ad_set".into() }, StepState::Intent, 0)),
        Status::TraffickedSuccess => Some(glance(Why::Finished, StepState::Confirmed, 0)),
        _ => None,
    };
    let failed = status == Status::QaFailed;
    Card {
        id: id(no),
        no: TicketNo(no),
        version: 7,
        status,
        request: RequestType::Create,
        name: name.to_owned(),
        campaign: CampaignId::new(Uuid::from_u128(1)),
        brand,
        market,
        channel: "META".to_owned(),
        platform: PlatformId::Meta,
        account: "act_2044".parse().unwrap(),
        budget: Some(Budget {
            kind: BudgetKind::Daily,
            money: Money::parse(&format!("{}.00", no % 17 * 100), "EUR".parse().unwrap()).unwrap(),
        }),
        flight: Some(Flight {
            start: "2026-12-01".parse().unwrap(),
            end: Some("2026-12-24".parse().unwrap()),
        }),
        priority: Priority::Normal,
        assignee: ["ana", "ben", "", "chi"][no as usize % 4].to_owned(),
        errors: if failed { 2 } else { 0 },
        warnings: u32::from(failed || status == Status::ReadyForApi && no.is_multiple_of(2)),
        rules: if failed {
            vec!["budget.cap".into(), "utm.required".into()]
        } else {
            vec![]
        },
        failure: (status == Status::Failed).then(|| "budget too low: minimum is EUR 5.00".to_owned()),
        proposed: false,
        deploy,
        objects: if status == Status::TraffickedSuccess { 5 } else { 0 },
        approvals: crate::engine::model::approval::Standing::default(),
        updated_by: "ana".to_owned(),
        updated_at: minutes(no % 50),
    }
}

/// What the canned engine holds.
#[derive(Debug)]
pub struct World {
    pub cards: Vec<Card>,
    pub events: Vec<Event>,
    pub environment: String,
    pub role: Role,
    pub troubles: Vec<String>,
    pub down: Option<String>,
    pub refuse: Option<Refusal>,
    /// What is answered to commands about a ticket instead of doing them.
    pub errors: Vec<(TicketId, ApiError)>,
    pub governance: Governance,
    pub deploys: DeployRows,
    pub views: Vec<TicketView>,
    pub impact: Impact,
    pub rules: crate::engine::api::rules::RulesView,
    pub trial: crate::engine::api::rules::Trial,
    pub reports: Vec<crate::engine::api::AccountReport>,
    pub done: Vec<CommandKind>,
    pub command_ids: Vec<CommandId>,
    pub asked: Vec<Request>,
    pub guidelines: crate::engine::api::copilot::GuidelineAnswer,
    pub preview: Option<crate::engine::api::asking::Preview>,
    pub healing: Option<crate::engine::api::proposal::Healing>,
}

impl Default for World {
    fn default() -> Self {
        let labels = [
            "SpringSale",
            "SpringKids",
            "SummerSale",
            "FallDrop",
            "EasterDrop",
            "WinterWool",
            "NightRun",
        ];
        let statuses = [
            (Status::Draft, 9),
            (Status::QaTesting, 2),
            (Status::QaFailed, 6),
            (Status::ReadyForApi, 5),
            (Status::Deploying, 4),
            (Status::TraffickedSuccess, 12),
            (Status::Failed, 2),
        ];
        let mut cards = Vec::new();
        let mut no = 1001;
        for (status, count) in statuses {
            for n in 0..count {
                let brand = ["ACM", "NOV", "DIS"][n % 3];
                let market = ["DE", "US", "FR", "GB"][n % 4];
                cards.push(card(
                    no,
                    status,
                    &format!("{brand}_{market}_META_2026_{}", labels[n % 7]),
                ));
                no += 1;
            }
        }
        let events = (1..=60).rev().map(event).collect();
        Self {
            cards,
            events,
            environment: "prod".to_owned(),
            role: Role::Trafficker,
            troubles: vec![],
            down: None,
            refuse: None,
            errors: vec![],
            governance: Governance::default(),
            deploys: DeployRows::default(),
            views: vec![],
            impact: Impact::default(),
            rules: crate::engine::api::rules::RulesView::default(),
            trial: crate::engine::api::rules::Trial::default(),
            reports: vec![],
            done: vec![],
            command_ids: vec![],
            asked: vec![],
            guidelines: crate::engine::api::copilot::GuidelineAnswer::default(),
            preview: None,
            healing: None,
        }
    }
}

/// An event with plausible contents.
pub fn event(seq: u64) -> Event {
    let no = 1001 + u32::try_from(seq % 20).unwrap();
    let engine = seq.is_multiple_of(3);
    let kind = if engine {
        EventKind::StepConfirmed
    } else {
        EventKind::TicketEdited
    };
    Event {
        seq: Seq(48_000 + seq),
        at: noon().minus(Duration::from_secs((60 - seq.min(60)) * 300)),
        actor: if engine {
            Actor::engine("executor")
        } else {
            actor("ana", Role::Trafficker)
        },
        command: CommandId::new(Uuid::from_u128(u128::from(seq))),
        kind,
        also: vec![],
        subject: Subject {
            noun: Noun::Ticket,
            id: id(no).to_string(),
            label: no.to_string(),
            ticket: Some(TicketNo(no)),
        },
        status: None,
        summary: if engine {
            format!("{no} ad set exists as 12021{seq:04}")
        } else {
            format!("{no} budget.daily changed")
        },
        changes: if engine {
            vec![]
        } else {
            vec![FieldChange {
                field: "budget.daily".into(),
                from: Some("EUR 900.00".into()),
                to: Some("EUR 1,200.00".into()),
            }]
        },
    }
}

/// The canned engine.
pub struct FakeClient {
    pub world: Mutex<World>,
    notices: broadcast::Sender<Notice>,
}

impl FakeClient {
    pub fn new(world: World) -> Self {
        Self {
            world: Mutex::new(world),
            notices: broadcast::channel(16).0,
        }
    }

    pub fn notify(&self, notice: Notice) {
        let _ = self.notices.send(notice);
    }

    pub fn answer(&self, request: Request) -> Result<Reply, ApiError> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.asked.push(request.clone());
        if let Some(why) = &world.down {
            return Err(ApiError::Unavailable(why.clone()));
        }
        Ok(match request {
            Request::Do(command) => {
                if let Some(refusal) = world.refuse.take() {
                    return Err(refusal.into());
                }
                let about = serde_json::to_string(&command.kind).unwrap();
                if let Some(at) = world.errors.iter().position(|(id, _)| about.contains(&id.to_string())) {
                    world.command_ids.push(command.id);
                    return Err(world.errors.remove(at).1);
                }
                govern(&mut world.governance, &command.kind);
                world.done.push(command.kind);
                world.command_ids.push(command.id);
                Reply::Done(Done {
                    seq: Seq(48_061),
                    repeated: false,
                    event: None,
                })
            }
            Request::Overview => Reply::Overview(Box::new(Overview {
                store: StoreId::new(Uuid::from_u128(7)),
                place: "/var/lib/omnitraffick".to_owned(),
                environment: world.environment.clone(),
                sandbox: world.environment != "prod",
                actor: actor("ana", world.role),
                head: Seq(48_060),
                epoch: 31,
                read_only: None,
                tickets: Status::ALL
                    .iter()
                    .map(|s| (*s, world.cards.iter().filter(|c| c.status == *s).count() as u64))
                    .collect(),
                troubles: world.troubles.clone(),
                platforms: vec![PlatformId::Meta],
                link: None,
            })),
            Request::Board { filter, per_column } => {
                let column = |status: &Status| {
                    let all: Vec<_> = world
                        .cards
                        .iter()
                        .filter(|c| c.status == *status && filter.matches(c))
                        .collect();
                    BoardColumn {
                        status: *status,
                        count: all.len() as u64,
                        cards: all.into_iter().take(per_column as usize).cloned().collect(),
                    }
                };
                Reply::Board(Status::ALL.iter().map(column).collect())
            }
            Request::Tickets(window) => {
                let mut all: Vec<_> = world
                    .cards
                    .iter()
                    .filter(|c| window.filter.matches(c))
                    .cloned()
                    .collect();
                if window.reverse {
                    all.reverse();
                }
                let at = window
                    .anchor
                    .and_then(|a| all.iter().position(|c| c.id == a))
                    .unwrap_or(0);
                let first = at.saturating_sub(window.before as usize);
                let last = (at + window.after as usize).min(all.len());
                Reply::Tickets(TicketRows {
                    rows: all[first..last].to_vec(),
                    first: first as u64,
                    matching: all.len() as u64,
                    total: world.cards.len() as u64,
                    at: Seq(48_060),
                })
            }
            Request::Audit(ask) => {
                let fits = |e: &&Event| {
                    ask.before.is_none_or(|b| e.seq < b)
                        && ask.actor.as_ref().is_none_or(|a| *a == e.actor.name)
                        && ask.ticket.is_none_or(|t| e.subject.ticket == Some(t))
                        && ask.since.is_none_or(|t| e.at >= t)
                        && ask.until.is_none_or(|t| e.at < t)
                };
                Reply::Events(
                    world
                        .events
                        .iter()
                        .filter(fits)
                        .take(ask.limit as usize)
                        .cloned()
                        .collect(),
                )
            }
            Request::Rules => Reply::Rules(Box::new(world.rules.clone())),
            Request::TryRule(_) => Reply::Trial(Box::new(world.trial.clone())),
            Request::Governance => Reply::Governance(Box::new(world.governance.clone())),
            Request::CheckChannel { .. } => Reply::Accounts(world.reports.clone()),
            Request::Impact(_) => Reply::Impact(Box::new(world.impact.clone())),
            Request::Deploys { filter, finished, .. } => {
                let mut rows = world.deploys.clone();
                rows.rows.retain(|r| finished || r.status == Status::Deploying);
                let owner = |r: &DeployCard| card(r.no.0, r.status, &r.name);
                rows.rows.retain(|r| filter.is_empty() || filter.matches(&owner(r)));
                rows.matching = rows.rows.len() as u64;
                Reply::Deploys(rows)
            }
            Request::Ticket(id) if world.views.iter().any(|v| v.card.id == id) => {
                let view = world.views.iter().find(|v| v.card.id == id).cloned();
                Reply::Ticket(Box::new(view.unwrap()))
            }
            Request::TicketByNo(no) if world.cards.iter().any(|c| c.no == no) => {
                let card = world.cards.iter().find(|c| c.no == no).unwrap();
                Reply::Ticket(Box::new(ticket_view(card)))
            }
            Request::Ticket(id) => {
                let Some(card) = world.cards.iter().find(|c| c.id == id) else {
                    let problem = Problem::whole("there is no such ticket", "r refreshes");
                    return Err(Refusal::new(RefusalCode::NotFound, problem).into());
                };
                Reply::Ticket(Box::new(ticket_view(card)))
            }
            Request::SearchGuidelines(_) => Reply::GuidelineAnswer(Box::new(world.guidelines.clone())),
            Request::PreviewCopilot(_) if world.preview.is_some() => {
                Reply::CopilotPreview(Box::new(world.preview.clone().unwrap()))
            }
            Request::Catalogue(_) => Reply::Catalogue(Box::new(
                toml::from_str(include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/assets/platforms/meta/catalogue.toml"
                )))
                .unwrap(),
            )),
            Request::Proposals(_) if world.healing.is_some() => Reply::Proposals(vec![]),
            Request::Heal(_) if world.healing.is_some() => Reply::Healing(Box::new(world.healing.clone().unwrap())),
            Request::Verify => Reply::Verify(VerifyReport {
                records: 48_060,
                head: Seq(48_060),
                ..VerifyReport::default()
            }),
            other => {
                return Err(ApiError::Internal(format!(
                    "the canned engine has no answer to {other:?}"
                )));
            }
        })
    }
}

/// What the canned engine makes of a new governed value.
fn govern(g: &mut Governance, kind: &CommandKind) {
    fn seen<T: Clone>(value: &T) -> Seen<T> {
        Seen {
            version: 1,
            value: value.clone(),
        }
    }
    match kind {
        CommandKind::MarketCreate(m) => g.markets.push(seen(m)),
        CommandKind::BrandCreate(b) => g.brands.push(seen(b)),
        CommandKind::ChannelCreate(c) => g.channels.push(seen(c)),
        CommandKind::CampaignCreate(c) => {
            let brand = g.brands.iter().find(|b| b.value.id == c.brand).unwrap();
            let market = g.markets.iter().find(|m| m.value.id == c.market).unwrap();
            g.campaigns.push(CampaignRow {
                brand: brand.value.code.to_string(),
                market: market.value.code.to_string(),
                name: format!("{}_{}_{}_{}", brand.value.code, market.value.code, c.year, c.label),
                tickets: vec![],
                campaign: seen(c),
            });
        }
        _ => {}
    }
}

pub fn ticket_view(card: &Card) -> TicketView {
    let by = actor("ana", Role::Trafficker);
    TicketView {
        ticket: Seen {
            version: card.version,
            value: Ticket {
                id: card.id,
                no: card.no,
                campaign: card.campaign,
                channel: ChannelId::new(Uuid::from_u128(3)),
                platform: card.platform,
                account: card.account.clone(),
                name: card.name.clone(),
                request: card.request,
                target: None,
                status: card.status,
                priority: card.priority,
                budget: card.budget,
                flight: None,
                payload: CanonicalJson::default(),
                notes: String::new(),
                assignee: card.assignee.clone(),
                created_by: by.clone(),
                created_at: card.updated_at,
                updated_by: by,
                updated_at: card.updated_at,
                qa: None,
                deploy: None,
                created: vec![],
                live_budget: None,
                failure: None,
                cloned_from: None,
                review: crate::engine::model::approval::Review::default(),
            },
        },
        card: card.clone(),
        deploy: None,
        why: Some(WhyLine {
            why: None,
            text: "QA found 2 errors.".to_owned(),
            next_at: None,
            person: Some("whoever takes care of it".to_owned()),
            remedy: Some("fix the findings, then t runs QA".to_owned()),
        }),
    }
}

impl EngineClient for FakeClient {
    fn request(&self, request: Request) -> Answer<'_> {
        let answer = self.answer(request);
        Box::pin(std::future::ready(answer))
    }

    fn keep_file(&self, _: String, _: std::fs::File) -> TakenIn<'_> {
        Box::pin(std::future::ready(Err(ApiError::Unavailable("no store".to_owned()))))
    }

    fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    fn new_uuid(&self) -> Uuid {
        Uuid::from_u128(0x0198_f300_0000_7000_8000_0000_0000_0001)
    }

    fn now(&self) -> Timestamp {
        noon()
    }
}

/// The file of an editor.
pub const EDITED: &str = "edit.txt";

/// A model over the canned engine: effects are carried out at once, timers when the test lets time pass.
pub struct Driver {
    pub model: Model,
    pub client: FakeClient,
    pub copied: Vec<String>,
    pub saved: Vec<String>,
    pub drafts: BTreeMap<Uuid, String>,
    /// What a person's editor makes of a text.
    pub editor: fn(String) -> Result<String, String>,
    /// True while the editor stays open: what it leaves waits in `edited`.
    pub editing: bool,
    pub edited: Option<Msg>,
    /// Files of editors that may go.
    pub dropped: Vec<PathBuf>,
    pub quit: Option<super::Exit>,
    /// How often the engine was to be handed over.
    pub handed_over: usize,
    /// What the person was called for.
    pub called: Vec<String>,
    /// How often the console was to sleep.
    pub suspended: usize,
    /// A question to the copilot the engine has not answered yet.
    pub open: Option<u64>,
    timers: BTreeMap<TimerId, u64>,
    mono: u64,
    seed: u128,
}

impl Driver {
    pub fn new(world: World, width: u16, height: u16) -> Self {
        Self::with(
            world,
            width,
            height,
            TuiOptions {
                theme: ThemeName::House,
                color: Depth::Indexed,
                ..TuiOptions::default()
            },
        )
    }

    pub fn with(world: World, width: u16, height: u16, options: TuiOptions) -> Self {
        let mut driver = Self::before_start(world, width, height, options);
        driver.send(Msg::Start);
        driver
    }

    /// A console that has handled no message yet.
    pub fn before_start(world: World, width: u16, height: u16, options: TuiOptions) -> Self {
        for (i, level) in [Level::Info, Level::Warn, Level::Debug, Level::Error]
            .into_iter()
            .enumerate()
        {
            let text = format!("line {i}: rate limited by meta, wait 60 s");
            options
                .log_feed
                .push(noon(), level, "omnitraffick::engine::deploy", text);
        }
        Self {
            model: Model::new(options, Size::new(width, height)),
            client: FakeClient::new(world),
            copied: vec![],
            saved: vec![],
            drafts: BTreeMap::new(),
            editor: Ok,
            editing: false,
            edited: None,
            dropped: Vec::new(),
            quit: None,
            handed_over: 0,
            called: Vec::new(),
            suspended: 0,
            open: None,
            timers: BTreeMap::new(),
            mono: 1000,
            seed: 0x0198_f300_0000_7000_8000_0000_0000_0000,
        }
    }

    pub fn send(&mut self, msg: Msg) {
        self.seed += 0x1_0000;
        let stamp = Stamp {
            now: noon().plus(Duration::from_millis(self.mono - 1000)),
            mono: Millis(self.mono),
            ids: Ids::new(Uuid::from_u128(self.seed)),
        };
        for effect in update(&mut self.model, stamp, msg) {
            self.effect(effect);
        }
    }

    fn effect(&mut self, effect: Effect) {
        match effect {
            Effect::Ask {
                slot: SlotId::CopilotNews,
                generation,
                request,
            } => {
                self.client.world.lock().unwrap().asked.push(request);
                self.open = Some(generation);
            }
            Effect::Ask {
                slot: SlotId::CopilotStop,
                request,
                ..
            } => self.client.world.lock().unwrap().asked.push(request),
            Effect::Ask {
                slot,
                generation,
                request,
            } => {
                let result = Box::new(self.client.answer(request));
                self.send(Msg::Reply {
                    slot,
                    generation,
                    result,
                });
            }
            Effect::Commit {
                command,
                origin,
                label,
                done,
            } => {
                let result = Box::new(self.client.answer(Request::Do(command)));
                self.send(Msg::Committed {
                    origin,
                    label,
                    done,
                    result,
                });
            }
            Effect::Timer { timer, after } => {
                let ms = u64::try_from(after.as_millis()).unwrap();
                self.timers.insert(timer, self.mono + ms);
            }
            Effect::ReadLogs { after } => {
                let lines = self.model.session.options.log_feed.after(after);
                self.send(Msg::Logs(lines));
            }
            Effect::Copy(text) => {
                self.copied.push(text);
                self.send(Msg::Copied(Ok("in a test".to_owned())));
            }
            Effect::Save(text) => self.saved.push(text),
            Effect::Edit { id, text, .. } => {
                let outcome = (self.editor)(text).map(|text| Left {
                    text,
                    path: EDITED.into(),
                });
                if self.editing {
                    self.edited = Some(Msg::Edited { id, outcome });
                } else {
                    self.send(Msg::Edited { id, outcome });
                }
            }
            Effect::DropEdited(path) => self.dropped.push(path),
            Effect::KeepDraft { id, text } => {
                self.drafts.insert(id, text);
            }
            Effect::DropDraft(id) => {
                self.drafts.remove(&id);
            }
            Effect::Quit(exit) => self.quit = Some(exit),
            Effect::HandOver => self.handed_over += 1,
            Effect::Suspend => self.suspended += 1,
            Effect::Notify(text) => self.called.push(text),
            Effect::Forget(_) | Effect::Repaint | Effect::Mouse(_) => {}
        }
    }

    /// The copilot's next news.
    pub fn tell(&mut self, news: Result<crate::engine::api::asking::News, ApiError>) {
        let generation = self.open.take().expect("nobody waits for the copilot");
        self.send(Msg::Reply {
            slot: SlotId::CopilotNews,
            generation,
            result: Box::new(news.map(|n| Reply::CopilotNews(Box::new(n)))),
        });
    }

    /// Lets time pass; timers run out in their order.
    pub fn pass(&mut self, ms: u64) {
        let end = self.mono + ms;
        while let Some((timer, at)) = self.timers.iter().min_by_key(|(_, at)| **at).map(|(t, at)| (*t, *at)) {
            if at > end {
                break;
            }
            self.timers.remove(&timer);
            self.mono = self.mono.max(at);
            self.send(Msg::Timer(timer));
        }
        self.mono = end;
    }

    /// Types keys by name with blanks between, slowly enough for every dialog: `2 / "status:draft" Enter`. Words in
    /// quotes are typed character by character.
    pub fn keys(&mut self, script: &str) -> &mut Self {
        for part in script.split(' ') {
            if let Some(text) = part.strip_prefix('"').and_then(|p| p.strip_suffix('"')) {
                for c in text.chars() {
                    self.pass(80);
                    self.key(Key::Char(c));
                }
            } else {
                self.pass(300);
                self.key(Key::parse(part).unwrap_or_else(|| panic!("no key {part}")));
            }
        }
        self
    }

    pub fn key(&mut self, key: Key) {
        let read = Millis(self.mono);
        self.send(Msg::Key { key, read });
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.send(Msg::Resize(Size::new(width, height)));
    }

    pub fn buffer(&self) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(self.model.size.width, self.model.size.height)).unwrap();
        terminal.draw(|frame| chrome::draw(&self.model, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut row = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                if skip == 0 {
                    row.push_str(symbol);
                    skip = super::ui::pen::width(symbol).saturating_sub(1);
                } else {
                    skip -= 1;
                }
            }
            out.push_str(row.trim_end());
            out.push('\n');
        }
        out
    }

    pub fn sees(&self, words: &str) -> bool {
        self.screen().contains(words)
    }
}
