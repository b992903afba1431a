//! The story of one ticket: refused for brand safety, explained, mended with the model's help, live.

use std::sync::Arc;

use omnitraffick::engine::{
    api::{
        ApiError, CommandKind, Reply, Request,
        asking::{CopilotAnswer, CopilotAsk, EndState},
        copilot::GuidelineSearch,
        proposal::{AskModel, HealAsk, Healing},
    },
    clock::{Clock, SystemEntropy},
    copilot::{exchange::Exchange, source::Folder, wire::ModelKind},
    host::{CopilotWays, Host, Place},
    model::{
        event::{Event, EventKind, Seq},
        ids::TicketId,
        proposal::{Origin, Standing},
        ticket::Status,
    },
};
use serde_json::json;

use super::{
    asking::says,
    faults::{KEY, client, patience, server},
    model_server::{Answer, ModelServer},
    support::{World, clock, options, sandbox},
};

pub const RULE: &str = "# Brand safety\n\n## Alcohol on family brands\n\nTexts of family brands name no alcohol: no \
     beer, no wine, no spirits. Take such words out; do not paraphrase them.\n";
pub const MESSAGE: &str = "/payload/creative/object_story_spec/link_data/message";

/// An agency with a house rule about alcohol and a model server that says what it is told.
pub struct Desk {
    pub world: World,
    pub server: ModelServer,
    guidelines: tempfile::TempDir,
}

impl Desk {
    pub async fn new(kind: ModelKind, answers: Vec<Answer>) -> Self {
        let guidelines = tempfile::tempdir().unwrap();
        std::fs::write(guidelines.path().join("safety.md"), RULE).unwrap();
        let (server, url) = server(answers).await;
        let model = Exchange::new(client(&url, kind, patience()), Arc::new(SystemEntropy::seeded(5)));
        let (sandbox, clock): (_, Arc<dyn Clock>) = (sandbox(""), clock());
        let mut options = options(&sandbox, &clock, &clock, Place::Memory, 1);
        options.guidelines = vec![Folder {
            name: "house".into(),
            path: Some(guidelines.path().to_owned()),
            may_leave_host: Some(true),
            ..Folder::default()
        }];
        options.copilot = Arc::new(CopilotWays {
            model: Some(model),
            ..CopilotWays::default()
        });
        let world = World::of(Host::open(options).await.unwrap(), sandbox, clock);
        world.seed().await;
        Self {
            world,
            server,
            guidelines,
        }
    }

    /// A ticket of the family brand that says this.
    pub async fn ticket_saying(&self, message: &str) -> TicketId {
        self.ticket_for(message, "120.00").await
    }

    /// The same with another daily budget.
    pub async fn ticket_for(&self, message: &str, budget: &str) -> TicketId {
        let campaign = self.world.campaign(self.world.family, "Summer drinks").await;
        let mut payload = self.world.payload().await;
        payload["creative"]["object_story_spec"]["link_data"]["message"] = json!(message);
        self.world.ticket_with(campaign, budget, &payload).await
    }

    async fn ask(&self, ticket: TicketId, text: &str) -> CopilotAnswer {
        let no = self.world.view(ticket).await.ticket.value.no;
        let ask = CopilotAsk {
            id: self.world.client.command_id(),
            search: GuidelineSearch {
                text: text.into(),
                ticket: Some(no),
                fresh: true,
                ..GuidelineSearch::default()
            },
            snippets_only: false,
            without: vec![],
            with: vec![],
            history: vec![],
            confirmed: false,
            seen: None,
        };
        let mut request = Request::AskCopilot(Box::new(ask));
        loop {
            let Reply::CopilotNews(news) = self.world.client.request(request).await.unwrap() else {
                panic!("no news")
            };
            if let Some(answer) = news.over {
                return *answer;
            }
            request = Request::FollowCopilot {
                ask: news.ask,
                after: news.mark,
            };
        }
    }

    /// Looks for a fix; `agreed` = the model may be asked, and is sent what was shown.
    pub async fn heal(&self, ticket: TicketId, agreed: bool) -> Healing {
        let offer = self.healing(ticket, None).await.unwrap();
        let Some(sends) = offer.would_send.as_ref().filter(|_| agreed) else {
            return offer;
        };
        let word = AskModel {
            id: self.world.client.command_id(),
            confirmed: true,
            seen: sends.digest,
        };
        self.healing(ticket, Some(word)).await.unwrap()
    }

    /// One request for a fix.
    pub async fn healing(&self, ticket: TicketId, model: Option<AskModel>) -> Result<Healing, ApiError> {
        let request = Request::Heal(HealAsk { ticket, model });
        match self.world.client.request(request).await? {
            Reply::Healing(healing) => Ok(*healing),
            other => panic!("{other:?}"),
        }
    }

    /// The house changes its mind about the rule.
    pub fn rewrites(&self, rule: &str) {
        std::fs::write(self.guidelines.path().join("safety.md"), rule).unwrap();
    }

    pub async fn events(&self, kind: EventKind) -> Vec<Event> {
        let request = Request::Events {
            after: Seq(0),
            limit: 1000,
        };
        let Reply::Events(mut events) = self.world.client.request(request).await.unwrap() else {
            panic!("no events")
        };
        events.retain(|e| e.kind == kind);
        events
    }
}

/// What a model answers that takes the beer out.
pub fn fix(message: &str, rationale: &str) -> String {
    json!({
        "patch": [{"op": "replace", "path": MESSAGE, "value": message}],
        "rationale": rationale,
        "confidence": "high",
    })
    .to_string()
}

#[tokio::test]
async fn from_a_brand_safety_finding_to_a_live_ad() {
    let fixed = fix(
        "Cold drinks for the whole family",
        "Texts of family brands name no alcohol, so the beer is taken out [S1].",
    );
    let desk = Desk::new(
        ModelKind::OpenaiChat,
        vec![
            says("Texts of family brands name no alcohol: no beer [S1]."),
            says(&fixed),
        ],
    )
    .await;

    // A ticket of a family brand speaks of beer, and QA refuses it.
    let ticket = desk.ticket_saying("Cold beer for the whole family").await;
    assert_eq!(desk.world.qa(ticket).await, Status::QaFailed);
    let found = desk.world.view(ticket).await.ticket.value.qa.unwrap().findings;
    assert_eq!(found[0].rule, "brand_safety.alcohol");

    // Why? The rule is cited, from the house's own guide: what failed the ticket is looked for beside the question.
    let why = desk.ask(ticket, "why?").await;
    assert_eq!(why.state, EndState::Grounded, "{why:?}");
    assert!(why.sources[0].cited && why.sources[0].id.starts_with("house/safety.md"));

    // A fix? No rule of the table knows one, so a model can be asked: what it would be sent is shown, and nothing went.
    let offer = desk.heal(ticket, false).await;
    assert!(offer.proposal.is_none(), "{offer:?}");
    let sends = offer.would_send.expect("a model can be asked");
    assert!(
        sends.text.contains(MESSAGE) && sends.text.contains("Take"),
        "{}",
        sends.text
    );
    assert_eq!(desk.server.received().len(), 1);

    // Yes, ask it. The diff has one line, its reason cites the rule, and QA would pass.
    let view = desk.heal(ticket, true).await.proposal.expect("the model knows a fix");
    assert_eq!(view.standing, Standing::Open);
    assert!(matches!(&view.proposal.origin, Origin::Model { model, confidence, .. }
        if model == "M" && confidence == "high"));
    let change = &view.changes[0];
    assert_eq!(
        (view.changes.len(), change.from.as_deref(), change.to.as_deref()),
        (
            1,
            Some("Cold beer for the whole family"),
            Some("Cold drinks for the whole family")
        )
    );
    assert_eq!(view.proposal.cites[0], "qa brand_safety.alcohol");
    assert!(
        view.proposal.cites[1].starts_with("house/safety.md"),
        "{:?}",
        view.proposal.cites
    );
    assert!(view.qa_after.is_empty() && !view.qa_before.is_empty());
    assert_eq!(desk.world.view(ticket).await.ticket.value.status, Status::QaFailed);

    // Applied by a person, as an edit of theirs; QA passes; it is deployed; it is live.
    let n = view.proposal.no.n;
    desk.world
        .act(CommandKind::ProposalApply { id: ticket, n })
        .await
        .unwrap();
    assert_eq!(desk.world.view(ticket).await.ticket.value.status, Status::Draft);
    // What it changed is told by the proposal itself now.
    let Reply::Proposal(done) = desk
        .world
        .client
        .request(Request::Proposal(view.proposal.no))
        .await
        .unwrap()
    else {
        panic!("no proposal")
    };
    assert_eq!((done.standing, &done.changes), (Standing::Applied, &view.changes));
    assert_eq!(desk.world.qa(ticket).await, Status::ReadyForApi);
    desk.world.deploy(ticket).await.unwrap();
    let end = desk.world.wait(ticket, |s| s != Status::Deploying).await;
    assert_eq!(end, Status::TraffickedSuccess);

    // The journal tells it: two questions, one proposal by the model for a person, one edit with its origin.
    assert_eq!(desk.events(EventKind::CopilotExchange).await.len(), 2);
    let made = desk.events(EventKind::ProposalMade).await;
    assert!(
        made[0].summary.contains("proposed by model M for ana"),
        "{}",
        made[0].summary
    );
    let edited = desk.events(EventKind::TicketEdited).await;
    assert!(edited[0].summary.contains("applied by ana"), "{}", edited[0].summary);
    let words = serde_json::to_string(&desk.events(EventKind::CopilotExchange).await).unwrap();
    assert!(!words.contains(KEY));
}
