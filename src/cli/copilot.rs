//! `copilot`: a question, and what the house's guidelines say to it.

use clap::{Args, Subcommand};

use super::{
    call::{Call, ask},
    failure::Failure,
    guidelines::{Place, render},
    output::Table,
};
use crate::engine::api::{
    Request,
    copilot::{CopilotAsk, GuidelineSearch},
};

/// What can be done with the copilot.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Ask what the guidelines say; it answers from them or says that no rule was found
    Ask(Ask),
}

/// A question.
#[derive(Debug, Args)]
pub struct Ask {
    /// The question; `@brand:ACM @platform:meta` inside it say where it stands
    #[arg(required = true, value_name = "TEXT")]
    pub text: Vec<String>,
    /// The ticket it stands in: its brand, platform, market and objective
    #[arg(long, value_name = "TICKET")]
    pub ticket: Option<String>,
    /// Where to stand; stronger than the ticket
    #[command(flatten)]
    pub standing: Place,
    /// Snippets only, no language model
    #[arg(long)]
    pub snippets: bool,
    /// Say why each snippet is there: ranks, and the terms with their shares
    #[arg(long)]
    pub explain: bool,
}

impl Verb {
    /// True when the answer needs nothing that is in the store.
    pub const fn needs_no_store(&self) -> bool {
        let Self::Ask(ask) = self;
        ask.ticket.is_none()
    }
}

/// Carries it out.
pub async fn run(call: &mut Call, verb: Verb) -> Result<(), Failure> {
    let Verb::Ask(args) = verb;
    let ticket = match &args.ticket {
        Some(selector) => Some(call.ticket(selector).await?.ticket.value.no),
        None => None,
    };
    let request = CopilotAsk {
        search: GuidelineSearch {
            text: args.text.join(" "),
            standing: args.standing.into(),
            ticket,
            limit: 0,
            explain: args.explain,
            fresh: true,
        },
        snippets_only: args.snippets,
    };
    let answer = ask!(call, Request::AskCopilot(Box::new(request)), CopilotAnswer)?;
    let mut table = Table::bare();
    table.row([format!("{}: {}", answer.state.as_str(), answer.reason)]);
    table.row([""]);
    render(&mut table, &answer.found);
    if let Some(question) = &answer.for_the_owner {
        table.row([format!("ask the policy owner: {question}")]);
    }
    call.out.one("copilot_answer", &*answer, &table);
    Ok(())
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
            words.starts_with("SNIPPETS_ONLY: snippets were asked for\n\n[1] "),
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
