//! `copilot`: a question, and what the house's guidelines say to it.

use clap::{Args, Subcommand, ValueEnum};

use super::{
    call::{Call, ask},
    failure::Failure,
    guidelines::{Place, render},
    output::Table,
};
use crate::engine::{
    api::{
        CommandKind, Request,
        asking::{CopilotAnswer, CopilotAsk, EndState, Figures, Flag, ModelText, News},
        copilot::GuidelineSearch,
    },
    model::{event::Seq, json::Sha},
};

/// What can be done with the copilot.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Ask what the guidelines say; it answers from them or says that no rule was found
    Ask(Ask),
    /// Say whether an answer was of use, for whoever keeps the guidelines
    Judge {
        /// Its number in the journal, as the answer says
        exchange: u64,
        /// What it was
        #[arg(value_enum)]
        verdict: Verdict,
    },
}

/// What people make of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Verdict {
    /// It helped
    Useful,
    /// It was wrong
    Wrong,
}

/// How an answer must end, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Required {
    /// Every rule is cited and every figure was found
    Grounded,
    /// Something is flagged, or the answer is not whole
    Partial,
    /// Snippets, without a model's words
    SnippetsOnly,
    /// No rule covers it
    NoRuleFound,
}

impl From<Required> for EndState {
    fn from(word: Required) -> Self {
        match word {
            Required::Grounded => Self::Grounded,
            Required::Partial => Self::Partial,
            Required::SnippetsOnly => Self::SnippetsOnly,
            Required::NoRuleFound => Self::NoRuleFound,
        }
    }
}

/// A question.
#[derive(Debug, Args)]
pub struct Ask {
    /// The question; `@brand:ACM @platform:meta` inside it say where it stands
    #[arg(required = true, value_name = "TEXT")]
    pub text: Vec<String>,
    /// The ticket it stands in: its brand, platform, market and objective, its findings
    #[arg(long, value_name = "TICKET")]
    pub ticket: Option<String>,
    /// Where to stand; stronger than the ticket
    #[command(flatten)]
    pub standing: Place,
    /// Snippets only, no language model
    #[arg(long)]
    pub snippets: bool,
    /// Exit with 1 unless the answer ends so, or better
    #[arg(long, value_enum, ignore_case = true, value_name = "STATE")]
    pub require: Option<Required>,
    /// Show what would be sent to the model, and send nothing
    #[arg(long)]
    pub preview: bool,
    /// Send to the model what a preview with this hash showed, and nothing else
    #[arg(long, value_name = "SHA256", conflicts_with = "snippets")]
    pub seen: Option<Sha>,
    /// Say why each snippet is there: ranks, and the terms with their shares
    #[arg(long)]
    pub explain: bool,
}

impl Verb {
    /// True when the answer needs nothing that is in the store.
    pub const fn needs_no_store(&self, has_model: bool) -> bool {
        match self {
            Self::Ask(ask) => ask.ticket.is_none() && (ask.snippets || !has_model),
            Self::Judge { .. } => false,
        }
    }

    /// True for a verb that ends by itself when it is told to stop: what had come of an answer is kept.
    pub const fn ends_itself(&self) -> bool {
        matches!(self, Self::Ask(_))
    }
}

/// Carries it out.
pub async fn run(call: &mut Call, verb: Verb) -> Result<u8, Failure> {
    match verb {
        Verb::Ask(args) => question(call, args).await,
        Verb::Judge { exchange, verdict } => {
            let kind = CommandKind::CopilotJudge {
                exchange: Seq(exchange),
                useful: verdict == Verdict::Useful,
            };
            call.act_and_tell(kind).await.map(|()| 0)
        }
    }
}

async fn question(call: &mut Call, args: Ask) -> Result<u8, Failure> {
    let ticket = match &args.ticket {
        Some(selector) => Some(call.ticket(selector).await?.ticket.value.no),
        None => None,
    };
    let mut request = Box::new(CopilotAsk {
        id: call.client.command_id(),
        search: GuidelineSearch {
            text: args.text.join(" "),
            standing: args.standing.into(),
            ticket,
            limit: 0,
            explain: args.explain,
            fresh: true,
        },
        snippets_only: args.snippets,
        without: Vec::new(),
        with: Vec::new(),
        history: Vec::new(),
        confirmed: call.switches.yes,
        seen: None,
    });
    if args.preview || call.switches.dry_run {
        return preview(call, request).await.map(|()| 0);
    }
    if !args.snippets {
        agree(call, &mut request, args.seen).await?;
    }
    let answer = ask!(call, Request::AskCopilot(request), CopilotNews)?;
    let answer = to_the_end(call, *answer).await?;
    let mut table = Table::bare();
    whole(&mut table, &answer);
    call.out.one("copilot_answer", &answer, &table);
    let required = args.require.map(EndState::from);
    Ok(u8::from(required.is_some_and(|r| answer.state > r)))
}

/// Has the person agree to what would leave this host; the question carries the hash of exactly that. Without a yes it
/// is answered with snippets.
async fn agree(call: &mut Call, request: &mut CopilotAsk, seen: Option<Sha>) -> Result<(), Failure> {
    let preview = ask!(call, Request::PreviewCopilot(Box::new(request.clone())), CopilotPreview)?;
    let Some(sends) = &preview.sends else {
        // Nothing was shown, so nothing may go, whatever becomes possible in the meantime.
        request.seen = Some(Sha::of(b""));
        return Ok(());
    };
    let agreed = if seen.is_some() || call.switches.yes || sends.local {
        true
    } else if call.person.is_there() {
        call.out.say(&format!("to {}:", sends.words()));
        for line in sends.text.lines() {
            call.out.say(line);
        }
        call.out
            .say("Send this? Type y and Enter, anything else answers with snippets only.");
        let yes = call.person.says_yes().await;
        request.confirmed |= yes;
        yes
    } else {
        call.out.say(&format!(
            "nothing was sent to {} at {}: add --yes, or look with --preview and add --seen with its hash",
            sends.model, sends.host
        ));
        false
    };
    request.seen = Some(seen.unwrap_or(sends.digest));
    request.snippets_only = !agreed;
    Ok(())
}

/// Waits until the answer is over. A signal stops it once; what had come is told.
async fn to_the_end(call: &Call, first: News) -> Result<CopilotAnswer, Failure> {
    let mut news = first;
    let mut is_stopping = false;
    loop {
        if let Some(answer) = news.over {
            return Ok(*answer);
        }
        let request = Request::FollowCopilot {
            ask: news.ask,
            after: news.mark,
        };
        let follow = async { ask!(call, request, CopilotNews) };
        news = if is_stopping {
            *follow.await?
        } else {
            tokio::select! {
                news = follow => *news?,
                _ = call.stop.wait() => {
                    is_stopping = true;
                    *ask!(call, Request::StopCopilot(news.ask), CopilotNews)?
                }
            }
        };
    }
}

async fn preview(call: &mut Call, request: Box<CopilotAsk>) -> Result<(), Failure> {
    let preview = ask!(call, Request::PreviewCopilot(request), CopilotPreview)?;
    let mut table = Table::bare();
    match &preview.sends {
        None => table.row([format!("nothing would be sent: {}", preview.why_not)]),
        Some(sends) => {
            table.row([format!(
                "to {} at {}, {}% of its context:",
                sends.model,
                sends.host,
                sends.share.percent()
            )]);
            table.row([format!("its hash, for --seen: {}", sends.digest)]);
            table.row([""]);
            for line in sends.text.lines() {
                table.row([line]);
            }
        }
    }
    call.out.one("copilot_preview", &*preview, &table);
    Ok(())
}

/// An answer for people: the state first, the words, their sources, the snippets.
fn whole(table: &mut Table, answer: &CopilotAnswer) {
    let reason = if answer.reason.is_empty() {
        "every rule is cited, every figure was found where it is cited"
    } else {
        answer.reason.as_str()
    };
    table.row([format!("{}: {reason}", answer.state.as_str())]);
    table.row([""]);
    if let Some(text) = &answer.answer {
        words(table, text, answer.state);
    }
    if answer.confirm.is_some() {
        table.row(["add --yes to send it all the same"]);
    }
    let numbered: Vec<_> = answer.sources.iter().filter(|s| s.number.is_some()).collect();
    if !numbered.is_empty() {
        for source in numbered {
            let cited = if source.cited { "cited" } else { "not cited" };
            let left = if source.left_host {
                "left this host"
            } else {
                "stayed here"
            };
            let number = source.number.unwrap_or_default();
            table.row([format!("[S{number}] {} ({}; {cited}, {left})", source.title, source.id)]);
        }
        table.row([""]);
    }
    for note in &answer.notes {
        table.row([note]);
    }
    if let Some(figures) = &answer.figures {
        table.row([took(figures)]);
    }
    if answer.answer.is_none() {
        render(table, &answer.found);
    }
    if let Some(question) = &answer.for_the_owner {
        table.row([format!("ask the policy owner: {question}")]);
    }
    if let Some(seq) = answer.recorded {
        table.row([format!(
            "recorded as {seq}; `copilot judge {seq} useful` or `wrong` says what it was worth"
        )]);
    }
}

fn words(table: &mut Table, text: &ModelText, state: EndState) {
    if state == EndState::NoRuleFound {
        table.row(["not house rules, the model's own words:"]);
    }
    for line in text.text.lines() {
        table.row([line]);
    }
    table.row([""]);
    for sentence in text.sentences.iter().filter(|s| !s.flags.is_empty()) {
        let wrong: Vec<_> = sentence.flags.iter().map(Flag::to_string).collect();
        table.row([format!("! {}: {}", wrong.join(", "), sentence.text)]);
    }
}

fn took(f: &Figures) -> String {
    let estimated = if f.estimated { ", estimated" } else { "" };
    let cost = f.cost_words();
    let first = f.first_token_ms.map_or_else(|| "-".to_owned(), |ms| format!("{ms} ms"));
    format!(
        "{}: first token {first}, {} ms in all; {} tokens in ({} cached), {} out{estimated}; {cost}; {}% of its context",
        f.model,
        f.total_ms,
        f.input,
        f.cached,
        f.output,
        f.share.percent()
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::cli::testing::Bench;

    const QUESTION: &str = "may we target cocktail bars?";

    #[tokio::test]
    async fn no_model_still_answers_with_snippets() {
        let b = Bench::new(true).await;
        let line = ["--json", "copilot", "ask", QUESTION, "--brand", "LUM"];
        let answer = b.run(&line).await.json();
        assert_eq!(answer["kind"], "copilot_answer");
        assert_eq!(answer["data"]["state"], "SNIPPETS_ONLY");
        assert_eq!(answer["data"]["reason"], "no language model is configured");
        let hits = answer["data"]["found"]["hits"].as_array().unwrap();
        assert!(!hits.is_empty() && hits.len() <= 8, "{answer}");
        for hit in hits {
            let scope = &hit["scope"]["brand"];
            assert!(
                scope == &serde_json::json!([]) || scope == &serde_json::json!(["LUM"]),
                "{hit}"
            );
        }
        let words = b.run(&["copilot", "ask", QUESTION, "--snippets"]).await.good();
        assert!(
            words.starts_with("SNIPPETS_ONLY: no language model is configured\n\n"),
            "{words}"
        );
        assert!(words.contains("«target"), "{words}");
    }

    /// What a person sees, whole.
    #[tokio::test]
    async fn an_answer_on_paper() {
        let b = Bench::new(true).await;
        let line = [
            "copilot",
            "ask",
            "smallest daily budget",
            "--platform",
            "tiktok",
            "--explain",
        ];
        let words = b.run(&line).await.good();
        let first: Vec<_> = words.lines().take(16).collect();
        insta::assert_snapshot!(first.join("\n"));
    }

    #[tokio::test]
    async fn failure_never_becomes_advice() {
        let b = Bench::new(true).await;
        let nothing = b.run(&["--json", "copilot", "ask", "щюжъя"]).await.json();
        assert_eq!(nothing["data"]["state"], "NO_RULE_FOUND");
        assert_eq!(nothing["data"]["found"]["hits"], Value::Array(Vec::new()));
        assert!(
            nothing["data"]["for_the_owner"].as_str().unwrap().ends_with("щюжъя"),
            "{nothing}"
        );
        let strange = b.run(&["copilot", "ask", "x", "--platform", "myspace"]).await;
        assert_eq!(strange.code, 3);
        assert!(
            strange.talk.contains("platform: \"myspace\" is not a platform"),
            "{}",
            strange.talk
        );
        assert_eq!(b.run(&["copilot", "ask", "x", "--ticket", "4711"]).await.code, 3);
    }

    #[tokio::test]
    async fn a_ticket_says_where_the_question_stands() {
        let b = Bench::governed().await;
        let ticket = [
            "ticket",
            "create",
            "--campaign",
            "MoanaLaunch",
            "--channel",
            "META",
            "--account",
            "act_1001",
            "--set",
            "campaign.objective=OUTCOME_SALES",
        ];
        b.run(&ticket).await.good();
        let line = ["--json", "copilot", "ask", "budget @market:DE", "--ticket", "1001"];
        let answer = b.run(&line).await.json();
        assert_eq!(
            answer["data"]["found"]["standing"],
            serde_json::json!({"brand": "DIS", "platform": "meta", "market": "DE", "objective": "OUTCOME_SALES"})
        );
        assert_eq!(answer["data"]["found"]["question"], "budget");
    }

    /// A ticket fails on brand safety; the question about it brings what QA found, finds the rule, and is recorded.
    #[tokio::test]
    async fn a_failed_ticket_is_asked_about() {
        let b = Bench::governed().await;
        let poker = r#"ad_set.targeting.flexible_spec=[{"interests":[{"id":"2","name":"Online poker"}]}]"#;
        let create = [
            "ticket",
            "create",
            "--campaign",
            "MoanaLaunch",
            "--channel",
            "META",
            "--account",
            "act_1001",
            "--set",
            poker,
        ];
        b.run(&create).await.good();
        b.run(&["ticket", "qa", "1001", "--wait"]).await;
        let why = "why does QA say brand_safety.gambling?";
        let ask = ["--json", "copilot", "ask", why, "--ticket", "1001"];
        let preview = b.run(&[&ask[..], &["--preview"]].concat()).await.json();
        let items = preview["data"]["items"].as_array().unwrap();
        let finding = |i: &&Value| i["text"].as_str().unwrap().contains("error brand_safety.gambling");
        assert!(items.iter().any(|i| finding(&i)), "{preview}");
        assert_eq!(preview["data"]["why_not"], "no language model is configured");
        let answer = b.run(&ask).await.json();
        let hits = answer["data"]["found"]["hits"].as_array().unwrap();
        let rule = "starter/runbooks/brand_safety.md";
        assert!(hits.iter().take(3).any(|h| h["source"] == rule), "{answer}");
        let trail = b.run(&["--json", "audit", "--ticket", "1001"]).await.json();
        let rows = trail["data"].as_array().unwrap().iter();
        let rows: Vec<_> = rows.filter(|e| e["kind"] == "copilot.exchange").collect();
        assert_eq!(rows.len(), 1, "a preview is no question: {trail}");
        assert_eq!(rows[0]["seq"], answer["data"]["recorded"]);
        let seq = rows[0]["seq"].to_string();
        b.run(&["copilot", "judge", &seq, "useful"]).await.good();
        let grounded = b.run(&[&ask[..], &["--require", "grounded"]].concat()).await;
        assert_eq!(grounded.code, 1, "{}", grounded.out);
    }

    #[tokio::test]
    async fn every_answer_lists_its_sources() {
        let b = Bench::new(true).await;
        let answer = b.run(&["--json", "copilot", "ask", "logo"]).await.json();
        let list = b.run(&["--json", "guidelines", "list"]).await.json();
        let known: Vec<&Value> = list["data"].as_array().unwrap().iter().map(|s| &s["id"]).collect();
        assert_eq!(list["total"], known.len());
        for hit in answer["data"]["found"]["hits"].as_array().unwrap() {
            assert!(known.contains(&&hit["source"]), "{hit}");
            assert!(
                hit["id"].as_str().unwrap().starts_with(hit["source"].as_str().unwrap()),
                "{hit}"
            );
            assert_eq!(hit["hash"].as_str().unwrap().len(), 64);
        }
    }

    /// Questions of the first day, each with the document that must be among its first three.
    #[rstest::rstest]
    #[case(
        "why is alcohol not allowed for a toy brand @brand:KIT",
        "starter/brands/kitewave_toys.md"
    )]
    #[case(
        "brand_safety.adult finding, what now? @brand:LUM @platform:meta",
        "starter/runbooks/brand_safety.md"
    )]
    #[case(
        "how long may a tiktok ad text be @platform:tiktok",
        "starter/platforms/tiktok/creative.md"
    )]
    #[case("error 4834011 @platform:meta", "starter/platforms/meta/campaign.md")]
    #[case(
        "a deploy found two objects of one name, which is ours",
        "starter/runbooks/needs_operator.md"
    )]
    #[case("UK not accepted as country", "starter/runbooks/geo_findings.md")]
    #[case("legal drinking age japan @brand:NOV", "starter/brands/nova_drinks.md")]
    #[case(
        "headlines of a responsive search ad @platform:google_ads",
        "starter/platforms/google_ads/ads.md"
    )]
    #[case("token expired", "starter/runbooks/blocked_account.md")]
    #[case(
        "can I change the budget every ten minutes @platform:meta",
        "starter/platforms/meta/budgets.md"
    )]
    #[tokio::test]
    async fn the_starter_set_is_useful_on_the_first_day(#[case] question: &str, #[case] source: &str) {
        let b = Bench::new(true).await;
        let answer = b.run(&["--json", "guidelines", "search", question]).await.json();
        let hits = answer["data"]["hits"].as_array().unwrap();
        assert!(
            hits.iter().take(3).any(|h| h["source"] == source),
            "{:#?}",
            hits.iter().map(|h| &h["id"]).collect::<Vec<_>>()
        );
    }
}
