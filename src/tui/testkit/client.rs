//! The canned engine: answers from its world, remembers what was asked and done.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use tokio::sync::broadcast;
use uuid::Uuid;

use crate::engine::{
    api::{
        Answer, ApiError, BoardColumn, CampaignRow, CommandKind, Counted, Done, EngineClient, Governance, Notice,
        Overview, Reply, Request, Seen, TakenIn, TicketRows, TicketView, VerifyReport, WhyLine,
        card::{Card, DeployCard},
        findings::{FindingGroup, FindingLine, FindingRows, FindingsAsk, Found, GroupBy},
    },
    model::{
        actor::Role,
        event::{Event, Seq},
        ids::{ChannelId, StoreId},
        json::CanonicalJson,
        platform::PlatformId,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{Finding, Severity, Status, Ticket},
        time::Timestamp,
    },
};

use super::{actor, card, noon, world::World};

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
            Request::DoCounted { command, counted } => {
                if *counted != Counted::of(&world.impact) {
                    let moved = Problem::whole("what it touches moved meanwhile", "ask again");
                    return Err(Refusal::new(RefusalCode::Stale, moved).into());
                }
                drop(world);
                return self.answer(Request::Do(command));
            }
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
                read_only: world.stopped.clone(),
                tickets: Status::ALL
                    .iter()
                    .map(|s| (*s, world.cards.iter().filter(|c| c.status == *s).count() as u64))
                    .collect(),
                troubles: world.troubles.clone(),
                platforms: vec![PlatformId::Meta],
                link: None,
                short: world.short.clone(),
                disk_failed: false,
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
            Request::Undo(_) => {
                let none = Problem::whole("there is no change of yours that could be taken back", "");
                Reply::Undo(Box::new(
                    world.undo.clone().ok_or(Refusal::new(RefusalCode::NotFound, none))?,
                ))
            }
            Request::Judge(_) => Reply::Judged(world.judged.clone()),
            Request::News { .. } => Reply::News(Box::new(world.news.clone())),
            Request::Here(_) | Request::People => Reply::People(world.people.clone()),
            Request::Rules => Reply::Rules(Box::new(world.rules.clone())),
            Request::Findings(ask) => Reply::Findings(Box::new(findings(&world.cards, &ask))),
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

/// What the canned engine finds: every rule of a card names a field after itself.
fn findings(cards: &[Card], ask: &FindingsAsk) -> FindingRows {
    let failed: Vec<&Card> = cards
        .iter()
        .filter(|c| !c.rules.is_empty() && c.status.is_open() && ask.filter.matches(c))
        .collect();
    let mut groups: BTreeMap<String, Vec<(&Card, &std::sync::Arc<str>)>> = BTreeMap::new();
    for card in &failed {
        for rule in &card.rules {
            let key = match ask.by {
                GroupBy::Rule => rule.to_string(),
                GroupBy::Ticket => card.no.to_string(),
            };
            groups.entry(key).or_default().push((card, rule));
        }
    }
    let mut lines = Vec::new();
    for (key, inner) in groups {
        let open = ask.open.contains(&key);
        lines.push(FindingLine::Group(Box::new(FindingGroup {
            key: key.clone(),
            card: inner
                .first()
                .filter(|_| ask.by == GroupBy::Ticket)
                .map(|(c, _)| (*c).clone()),
            count: inner.len() as u64,
            open,
        })));
        for (card, rule) in inner.into_iter().filter(|_| open) {
            lines.push(FindingLine::Found(Box::new(Found {
                group: key.clone(),
                card: card.clone(),
                finding: Finding {
                    rule: rule.to_string(),
                    severity: Severity::Error,
                    field: if &**rule == "budget.cap" {
                        "budget.amount"
                    } else {
                        "creative.url_tags"
                    }
                    .into(),
                    message: format!("{rule} is not kept by {}", card.no),
                    remedy: "mend it".to_owned(),
                },
                more: 0,
            })));
        }
    }
    let anchor = ask
        .anchor
        .as_ref()
        .and_then(|a| lines.iter().position(|l| l.key() == *a))
        .unwrap_or(0);
    let first = anchor.saturating_sub(ask.before as usize);
    let last = (anchor + ask.after as usize).min(lines.len());
    FindingRows {
        matching: lines.len() as u64,
        lines: lines[first..last].to_vec(),
        first: first as u64,
        findings: failed.iter().map(|c| u64::from(c.errors + c.warnings)).sum(),
        tickets: failed.len() as u64,
        clean: cards
            .iter()
            .filter(|c| c.status.is_open() && c.rules.is_empty())
            .count() as u64,
        rules: "0a1b2c3d4e5f".to_owned(),
        at: Seq(48_060),
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
                assignee: card.assignee.to_string(),
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
            text: "QA found 2 errors.".to_owned(),
            person: Some("whoever takes care of it".to_owned()),
            remedy: Some("fix the findings, then t runs QA".to_owned()),
            ..WhyLine::default()
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
