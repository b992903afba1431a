//! Every command against every role, and the way of a ticket that somebody has to approve.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

#[path = "support/life.rs"]
mod life;

use life::{Life, engine, lines, usd};
use omnitraffick::engine::{
    decide::{
        command::{
            BrandPatch, CampaignPatch, ChannelPatch, Command, CommandKind, HoldScope, MarketPatch, NewProposal,
            Resolution, TicketPatch,
        },
        decide,
        testkit::{House, World, person},
        undo::Inverse,
    },
    model::{
        actor::{Actor, Role},
        approval::ApprovalRule,
        campaign::Campaign,
        deploy::{LookUpRead, Outcome, Why},
        event::{EventKind, Noun, Seq},
        exchange::{EndState, ExchangeRow, OpenExchange},
        governance::{Brand, Channel, Market},
        house_rule::{Effect, RuleText},
        ids::{BrandId, CampaignId, ChannelId, CommandId, DeployId, MarketId, QaRunId, TicketId},
        json::{CanonicalJson, Sha},
        platform::ExternalId,
        proposal::Origin,
        refusal::{Refusal, RefusalCode},
        ticket::{RequestType, Status},
        time::Timestamp,
        watch::Watchers,
    },
    store::schema::keys,
};
use rstest::rstest;
use uuid::Uuid;

fn question() -> ExchangeRow {
    ExchangeRow {
        ticket: None,
        standing: String::new(),
        question: "may I?".to_owned(),
        state: EndState::SnippetsOnly,
        why: String::new(),
        model: None,
        snippets: Vec::new(),
        withheld: 0,
        redacted: Vec::new(),
        day: "2026-11-20".to_owned(),
    }
}

/// Every command with the least role that may give it; `None` = only the engine.
#[allow(clippy::too_many_lines, reason = "one line or two per command")]
fn table() -> Vec<(CommandKind, Option<Role>)> {
    use CommandKind as C;
    use Role::{Admin, Approver, Trafficker, Viewer};
    let mut house = House::new().unwrap();
    let world = &house.world;
    let market: Market = world.get(&keys::market(house.market)).unwrap().1;
    let brand: Brand = world.get(&keys::brand(house.brand)).unwrap().1;
    let channel: Channel = world.get(&keys::channel(house.channel)).unwrap().1;
    let campaign: Campaign = world.get(&keys::campaign(house.campaign)).unwrap().1;
    let new = house.new_ticket();
    let raw = Uuid::from_u128(9);
    let (id, deploy, run) = (TicketId::new(raw), DeployId::new(raw), QaRunId::new(raw));
    let step = || "campaign".to_owned();
    let outcome = || Outcome::done(Timestamp::default());
    let read = || LookUpRead {
        at: Timestamp::default(),
        found: Some(0),
        note: String::new(),
        ids: Vec::new(),
    };
    let answer = |resolution| C::DeployResolve {
        id,
        step: step(),
        resolution,
        reason: String::new(),
        evidence: None,
    };
    let adopt = |force| Resolution::Adopt {
        id: ExternalId("1".into()),
        force,
    };
    let text = String::new;
    let (m, b, c, g) = (
        MarketId::new(raw),
        BrandId::new(raw),
        ChannelId::new(raw),
        CampaignId::new(raw),
    );
    let version = 1;
    vec![
        (C::MarketCreate(market), Some(Admin)),
        (
            C::MarketUpdate {
                id: m,
                version,
                patch: MarketPatch::default(),
            },
            Some(Admin),
        ),
        (C::MarketDelete { id: m, version }, Some(Admin)),
        (C::BrandCreate(brand), Some(Admin)),
        (
            C::BrandUpdate {
                id: b,
                version,
                patch: BrandPatch::default(),
            },
            Some(Admin),
        ),
        (C::BrandDelete { id: b, version }, Some(Admin)),
        (C::ChannelCreate(channel), Some(Admin)),
        (
            C::ChannelUpdate {
                id: c,
                version,
                patch: ChannelPatch::default(),
            },
            Some(Admin),
        ),
        (C::ChannelDelete { id: c, version }, Some(Admin)),
        (
            C::StoreRestored {
                taken_at: Timestamp::default(),
            },
            Some(Admin),
        ),
        (C::StoreSettle { reason: text() }, Some(Admin)),
        (
            C::TicketApprove {
                id,
                payload_hash: Sha::default(),
                reason: text(),
            },
            Some(Approver),
        ),
        (
            C::TicketDecline {
                id,
                payload_hash: Sha::default(),
                reason: text(),
            },
            Some(Approver),
        ),
        (answer(Resolution::NoneExists), Some(Approver)),
        (answer(adopt(true)), Some(Approver)),
        (answer(adopt(false)), Some(Trafficker)),
        (answer(Resolution::Proceed), Some(Trafficker)),
        (answer(Resolution::Abandon), Some(Trafficker)),
        (C::CampaignCreate(campaign), Some(Trafficker)),
        (
            C::CampaignUpdate {
                id: g,
                version,
                patch: CampaignPatch::default(),
            },
            Some(Trafficker),
        ),
        (C::CampaignDelete { id: g, version }, Some(Trafficker)),
        (C::TicketCreate(new), Some(Trafficker)),
        (
            C::TicketEdit {
                id,
                version,
                patch: TicketPatch::default(),
            },
            Some(Trafficker),
        ),
        (C::TicketDelete { id, version }, Some(Trafficker)),
        (
            C::TicketClone {
                id,
                new_id: id,
                campaign: None,
            },
            Some(Trafficker),
        ),
        (C::TicketSubmitQa { id, run }, Some(Trafficker)),
        (C::TicketWithdraw { id }, Some(Trafficker)),
        (C::TicketComment { id, text: text() }, Some(Trafficker)),
        (C::CopilotRecord(Box::new(question())), Some(Viewer)),
        (
            C::CopilotOpen(Box::new(OpenExchange {
                id: CommandId::new(raw),
                by: text(),
                row: question(),
            })),
            Some(Viewer),
        ),
        (
            C::CopilotJudge {
                exchange: Seq(1),
                useful: true,
            },
            Some(Viewer),
        ),
        (
            C::ProposalMake(Box::new(NewProposal {
                ticket: id,
                payload_hash: Sha::default(),
                patch: CanonicalJson::default(),
                reasons: text(),
                cites: Vec::new(),
                origin: Origin::Rule { name: text() },
                mends: Vec::new(),
                asked_by: text(),
            })),
            None,
        ),
        (C::ProposalApply { id, n: 1 }, Some(Trafficker)),
        (
            C::ProposalDecline {
                id,
                n: 1,
                reason: text(),
            },
            Some(Trafficker),
        ),
        (
            C::TicketDeploy {
                id,
                deploy,
                not_before: None,
            },
            Some(Trafficker),
        ),
        (C::TicketRetry { id }, Some(Trafficker)),
        (
            C::TicketCancel {
                id,
                leftovers: None,
                reason: text(),
            },
            Some(Trafficker),
        ),
        (C::TicketWatch { id, watch: true }, Some(Trafficker)),
        (C::DeployPause { id }, Some(Trafficker)),
        (C::DeployResume { id }, Some(Trafficker)),
        (C::DeployRecall { id }, Some(Trafficker)),
        (
            C::HoldPlace {
                scope: HoldScope::Everything,
                reason: text(),
            },
            Some(Trafficker),
        ),
        (
            C::HoldRelease {
                scope: HoldScope::Everything,
            },
            Some(Trafficker),
        ),
        (
            C::RulePut {
                rule: Box::new(RuleText {
                    name: text(),
                    when: Vec::new(),
                    then: Effect::Block,
                    message: text(),
                    remedy: text(),
                }),
                version,
            },
            Some(Admin),
        ),
        (C::RuleRetire { name: text(), version }, Some(Admin)),
        (
            C::QaResult {
                id,
                run,
                payload_hash: Sha::default(),
                basis: Sha::default(),
                findings: Vec::new(),
            },
            None,
        ),
        (
            C::EngineStart {
                build: text(),
                tail_truncated: None,
                index_rebuilt: None,
            },
            None,
        ),
        (
            C::StepIntend {
                deploy,
                step: step(),
                attempt: 1,
                request_hash: Sha::default(),
            },
            None,
        ),
        (
            C::StepOutcome {
                deploy,
                step: step(),
                attempt: 1,
                outcome: outcome(),
                made: Vec::new(),
                jitter: 0,
            },
            None,
        ),
        (
            C::StepRead {
                deploy,
                step: step(),
                read: read(),
                adopt: None,
                made: Vec::new(),
                mismatch: None,
            },
            None,
        ),
        (C::DeployRecover { deploy }, None),
        (
            C::DeployWait {
                deploy,
                why: Why::Blackout {
                    until: Timestamp::default(),
                },
            },
            None,
        ),
        (
            C::StepLate {
                deploy,
                step: step(),
                attempt: 1,
                outcome: outcome(),
            },
            None,
        ),
        (C::StepForgotten { deploy, step: step() }, None),
        (
            C::Undo {
                of: Seq(1),
                version: 0,
                inverse: Some(Box::new(Inverse {
                    kind: C::TicketWithdraw { id },
                    again: None,
                })),
            },
            Some(Trafficker),
        ),
    ]
}

/// Every command is decided by every role: what the role may not give is refused as such, before anything else is
/// looked at, and nothing else is.
#[test]
fn every_command_needs_its_role() {
    let command = |kind: &CommandKind| Command {
        id: CommandId::new(Uuid::from_u128(7)),
        kind: kind.clone(),
    };
    for (kind, least) in table() {
        for role in Role::ALL {
            let refusal = decide(
                &World::default(),
                &command(&kind),
                &person("kim", role),
                Timestamp::default(),
            )
            .err();
            let barred = refusal.as_ref().is_some_and(|r| r.code == RefusalCode::NotAllowed);
            assert_eq!(barred, least.is_none_or(|least| role < least), "{role} {kind:?}");
            if let Some(refusal) = refusal.filter(|_| barred) {
                let problem = &refusal.problems[0];
                assert!(
                    problem.reason.starts_with("kim ") && problem.reason.contains("may not"),
                    "{refusal}"
                );
                assert!(!problem.remedy.is_empty());
            }
        }
        let by_engine = decide(&World::default(), &command(&kind), &engine(), Timestamp::default()).err();
        assert!(by_engine.is_none_or(|r| r.code != RefusalCode::NotAllowed), "{kind:?}");
    }
}

/// The table above would prove little if a command were missing from it.
#[test]
fn the_table_knows_every_command() {
    let source = include_str!("../src/engine/decide/command.rs");
    let body = source
        .split("pub enum CommandKind {")
        .nth(1)
        .unwrap()
        .split("\n}\n")
        .next()
        .unwrap();
    let variant = |l: &str| {
        let name: String = l
            .strip_prefix("    ")?
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        name.starts_with(|c: char| c.is_ascii_uppercase()).then_some(name)
    };
    let declared: std::collections::BTreeSet<String> = body.lines().filter_map(variant).collect();
    let known = table().into_iter().map(|(kind, _)| {
        let words = format!("{kind:?}");
        words.chars().take_while(char::is_ascii_alphanumeric).collect()
    });
    assert_eq!(known.collect::<std::collections::BTreeSet<String>>(), declared);
    assert!(declared.len() > 40);
}

fn somebody(name: &str, uid: u32, role: Role) -> Actor {
    Actor {
        uid: Some(uid),
        ..person(name, role)
    }
}

fn kim() -> Actor {
    somebody("kim", 1001, Role::Approver)
}

fn lee() -> Actor {
    somebody("lee", 1002, Role::Approver)
}

/// A ticket of tom's (uid 1000) that passed QA, where so many have to agree to budgets above 50 a day.
fn ready(needs: u32) -> Life {
    let mut life = Life::at(Status::ReadyForApi);
    life.house.world.policy.approvals.rules = vec![ApprovalRule {
        name: "large".to_owned(),
        approvals: needs,
        daily_above: Some(50.into()),
        ..ApprovalRule::default()
    }];
    life
}

fn approve(life: &mut Life, actor: &Actor) -> Result<(), Refusal> {
    let kind = CommandKind::TicketApprove {
        id: life.id,
        payload_hash: life.ticket().payload_hash(),
        reason: "as agreed".to_owned(),
    };
    life.house.world.run(actor, kind).map(drop)
}

fn deploy(life: &mut Life) -> Result<(), Refusal> {
    let kind = CommandKind::TicketDeploy {
        id: life.id,
        deploy: DeployId::new(life.house.world.mint()),
        not_before: None,
    };
    life.run(kind)
}

fn code(result: Result<(), Refusal>) -> RefusalCode {
    result.unwrap_err().code
}

#[test]
fn two_have_to_agree_before_it_is_deployed() {
    let mut life = ready(2);
    let refusal = deploy(&mut life).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::ApprovalRequired);
    assert_eq!(
        lines(&refusal),
        ["ticket 1001 needs 2 approvals and has 0 (have an approver approve it: `omnitraffick ticket approve 1001`)"]
    );
    approve(&mut life, &kim()).unwrap();
    assert_eq!(code(deploy(&mut life)), RefusalCode::ApprovalRequired);
    assert_eq!(
        code(approve(&mut life, &kim())),
        RefusalCode::SelfApproval,
        "nobody approves twice"
    );
    approve(&mut life, &lee()).unwrap();
    let event = &life.house.world.commits.last().unwrap().event;
    assert_eq!(event.kind, EventKind::Approved);
    assert_eq!(event.subject.noun, Noun::Ticket);
    assert_eq!(event.summary, "ticket 1001 approved, 2 of 2: as agreed");
    let third = somebody("max", 1003, Role::Admin);
    assert_eq!(
        code(approve(&mut life, &third)),
        RefusalCode::WrongState,
        "it has what it needs"
    );
    deploy(&mut life).unwrap();
}

#[rstest]
#[case::author(somebody("tom", 1000, Role::Admin))]
#[case::same_login_other_uid(somebody("tom", 7, Role::Admin))]
#[case::same_uid_other_name(somebody("tom-adm", 1000, Role::Admin))]
fn nobody_approves_their_own(#[case] me: Actor) {
    let mut life = ready(1);
    assert_eq!(code(approve(&mut life, &me)), RefusalCode::SelfApproval);
    life.house.world.policy.approvals.single_operator = true;
    approve(&mut life, &me).unwrap();
    let summary = &life.house.world.commits.last().unwrap().event.summary;
    assert!(summary.contains("by its own author: single operator"), "{summary}");
}

#[test]
fn whoever_changed_it_last_does_not_approve_it() {
    let mut life = ready(1);
    let edit = edit(&life, "200");
    life.house.world.run(&lee(), edit).unwrap();
    life.submit();
    life.pass_qa();
    assert_eq!(code(approve(&mut life, &lee())), RefusalCode::SelfApproval);
    approve(&mut life, &kim()).unwrap();
}

fn edit(life: &Life, daily: &str) -> CommandKind {
    CommandKind::TicketEdit {
        id: life.id,
        version: life.version(),
        patch: TicketPatch {
            budget: Some(Some(usd(daily))),
            ..TicketPatch::default()
        },
    }
}

/// Also an edit that is taken back: what lies between the approval and the deploy is not what was looked at.
#[test]
fn an_edit_takes_approvals_away() {
    let mut life = ready(1);
    approve(&mut life, &kim()).unwrap();
    let notes = CommandKind::TicketEdit {
        id: life.id,
        version: life.version(),
        patch: TicketPatch {
            notes: Some("call me".to_owned()),
            assignee: Some("tom".to_owned()),
            ..TicketPatch::default()
        },
    };
    life.run(notes).unwrap();
    assert_eq!(life.ticket().review.approvals.len(), 1, "notes and owner void nothing");
    for daily in ["200", "100"] {
        let edit = edit(&life, daily);
        life.run(edit).unwrap();
    }
    let voided = life.house.world.commits.iter().flat_map(|c| &c.event.changes);
    assert_eq!(
        voided
            .filter(|c| c.field.as_str() == "approvals" && c.to.as_deref() == Some("0"))
            .count(),
        1
    );
    life.submit();
    life.pass_qa();
    assert_eq!(code(deploy(&mut life)), RefusalCode::ApprovalRequired);
}

#[test]
fn what_changed_since_it_was_looked_at_is_not_approved() {
    let mut life = ready(1);
    let seen = life.ticket().payload_hash();
    let edit = edit(&life, "200");
    life.run(edit).unwrap();
    life.submit();
    life.pass_qa();
    for kind in [
        CommandKind::TicketApprove {
            id: life.id,
            payload_hash: seen,
            reason: String::new(),
        },
        CommandKind::TicketDecline {
            id: life.id,
            payload_hash: seen,
            reason: "no".to_owned(),
        },
    ] {
        assert_eq!(life.house.world.run(&kim(), kind).unwrap_err().code, RefusalCode::Stale);
    }
}

#[test]
fn a_refusal_goes_back_to_the_author_with_its_reason() {
    let mut life = ready(2);
    approve(&mut life, &kim()).unwrap();
    let decline = |life: &Life, reason: &str| CommandKind::TicketDecline {
        id: life.id,
        payload_hash: life.ticket().payload_hash(),
        reason: reason.to_owned(),
    };
    let silent = decline(&life, "");
    assert_eq!(
        life.house.world.run(&lee(), silent).unwrap_err().code,
        RefusalCode::Invalid
    );
    let said = decline(&life, "twice what was planned");
    life.house.world.run(&lee(), said).unwrap();
    let ticket = life.ticket();
    assert_eq!((ticket.status, ticket.review.approvals.len()), (Status::Draft, 0));
    assert_eq!(ticket.review.declined.unwrap().reason, "twice what was planned");
    life.submit();
    life.pass_qa();
    approve(&mut life, &kim()).unwrap();
    assert!(life.ticket().review.declined.is_none(), "agreed after all");
}

/// The rules in force count, not those at the time of the approval; and a failed deploy goes on only under them.
#[test]
fn rules_that_came_later_count() {
    let mut life = ready(1);
    approve(&mut life, &kim()).unwrap();
    life.house.world.policy.approvals.rules[0].approvals = 2;
    assert_eq!(code(deploy(&mut life)), RefusalCode::ApprovalRequired);
    approve(&mut life, &lee()).unwrap();
    deploy(&mut life).unwrap();

    let mut life = Life::at(Status::Failed);
    life.house.world.policy.approvals.rules = ready(1).house.world.policy.approvals.rules;
    let retry = CommandKind::TicketRetry { id: life.id };
    assert_eq!(code(life.run(retry)), RefusalCode::ApprovalRequired);
}

#[test]
fn below_the_limit_and_for_other_requests_nobody_has_to_agree() {
    let mut life = ready(1);
    life.house.world.policy.approvals.rules[0].daily_above = Some(100.into());
    assert_eq!(code(approve(&mut life, &kim())), RefusalCode::WrongState);
    deploy(&mut life).unwrap();
    let mut life = ready(1);
    life.house.world.policy.approvals.rules[0].requests = vec![RequestType::Archive];
    deploy(&mut life).unwrap();
}

#[test]
fn a_comment_is_in_the_journal_and_in_nobodys_way() {
    let mut life = ready(1);
    let before = life.version();
    let say = |text: &str| CommandKind::TicketComment {
        id: life.id,
        text: text.to_owned(),
    };
    let (good, empty, long) = (say("who owns {fields}?"), say(" "), say(&"x".repeat(501)));
    life.run(good).unwrap();
    let event = life.house.world.commits.last().unwrap().event.clone();
    assert_eq!(
        (event.kind, event.summary.as_str()),
        (EventKind::Commented, "who owns {fields}?")
    );
    assert_eq!(event.subject.ticket, Some(life.ticket().no));
    assert_eq!(life.version(), before);
    assert_eq!(code(life.run(empty)), RefusalCode::Invalid);
    assert_eq!(code(life.run(long)), RefusalCode::Invalid);
}

/// Who placed a hold, who wants it released, and whether they may.
#[rstest]
#[case(Role::Trafficker, Role::Trafficker, true)]
#[case(Role::Trafficker, Role::Approver, true)]
#[case(Role::Approver, Role::Trafficker, false)]
#[case(Role::Approver, Role::Approver, true)]
#[case(Role::Approver, Role::Admin, true)]
#[case(Role::Admin, Role::Trafficker, false)]
#[case(Role::Admin, Role::Approver, true)]
fn a_hold_of_an_approver_is_released_by_one(#[case] placed: Role, #[case] released: Role, #[case] may: bool) {
    let mut life = ready(1);
    let scope = HoldScope::Everything;
    let place = CommandKind::HoldPlace {
        scope: scope.clone(),
        reason: "budget talks".to_owned(),
    };
    life.house.world.run(&person("ana", placed), place).unwrap();
    let answer = life
        .house
        .world
        .run(&person("ben", released), CommandKind::HoldRelease { scope });
    match answer {
        Ok(_) => assert!(may),
        Err(refusal) => {
            assert!(!may, "{refusal}");
            assert_eq!(refusal.code, RefusalCode::NotAllowed);
            let words = refusal.to_string();
            assert!(
                words.contains(&format!("paused by ana as {placed}: budget talks")),
                "{words}"
            );
            assert!(words.contains("ask an approver"), "{words}");
        }
    }
}

/// By rule and by word; only one's own; in the journal and on nobody's way.
#[test]
fn watching_is_a_word_of_ones_own() {
    let mut life = ready(1);
    let (before, author) = (life.version(), life.ticket().created_by);
    let id = life.id;
    let say = |watch| CommandKind::TicketWatch { id, watch };
    let other = person("cleo", Role::Trafficker);
    assert_eq!(
        code(life.house.world.run(&author, say(true)).map(drop)),
        RefusalCode::WrongState,
        "the author does already"
    );
    assert_eq!(
        code(life.house.world.run(&other, say(false)).map(drop)),
        RefusalCode::WrongState
    );
    life.house.world.run(&author, say(false)).unwrap();
    life.house.world.run(&other, say(true)).unwrap();
    let events: Vec<_> = life
        .house
        .world
        .commits
        .iter()
        .rev()
        .take(2)
        .map(|c| c.event.kind)
        .collect();
    assert_eq!(events, [EventKind::Watched, EventKind::Unwatched]);
    assert_eq!(life.version(), before);
    let row: Watchers = life.house.world.get(&keys::watch(id)).unwrap().1;
    assert_eq!(row.of(&author.name, ""), ["cleo"]);
    // Refused: a row does not grow with the number of people in the house.
    for n in 0..Watchers::MOST - 2 {
        life.house
            .world
            .run(&person(&format!("p{n}"), Role::Trafficker), say(true))
            .unwrap();
    }
    assert_eq!(
        code(
            life.house
                .world
                .run(&person("late", Role::Trafficker), say(true))
                .map(drop)
        ),
        RefusalCode::TooLarge
    );
}
