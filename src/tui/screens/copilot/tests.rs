//! Key scripts at the copilot's screen: what a person types, what they must see, what must not go out.

use rstest::rstest;

use super::model::Phase;
use crate::{
    engine::{
        api::{
            ApiError, CommandKind, Request,
            asking::{
                AnswerSource, ContextShare, CopilotAnswer, EndState, Fate, Figures, Flag, Item, Judged, Mark,
                ModelText, News, Preview, Stage, WouldSend,
            },
            copilot::{GuidelineAnswer, Kind, Scope, SnippetView, TermShare, WhySnippet},
        },
        model::{event::Seq, ids::CommandId, json::Sha, sanitise::is_unsafe, ticket::Status},
    },
    tui::{
        screens::ScreenId,
        testkit::{Driver, World},
    },
};

fn snippet(n: u32, text: &str) -> SnippetView {
    SnippetView {
        id: format!("house/logo.md@1#{n}"),
        source: "house/logo.md".into(),
        title: "Brand guide".into(),
        kind: Kind::Brand,
        scope: Scope::default(),
        heading: vec!["Logo".into(), format!("Part {n}")],
        version: "1".into(),
        effective_from: None,
        line: u64::from(n),
        page: None,
        text: text.into(),
        hash: Sha::of(text.as_bytes()),
        marks: vec![(0, 4)],
        may_leave_host: n != 2,
        reviewed: false,
        also_in: vec![],
        disagrees: false,
        why: None,
    }
}

fn found() -> GuidelineAnswer {
    GuidelineAnswer {
        question: "how much space?".into(),
        hits: vec![
            snippet(1, "Keep 24 px free around the logo."),
            snippet(2, "Keep it blue."),
        ],
        in_scope: 2,
        ..GuidelineAnswer::default()
    }
}

fn preview(with_model: bool) -> Preview {
    let item = |n: u32, fate| Item {
        key: format!("house/logo.md@1#{n}"),
        title: format!("Brand guide › Logo › Part {n}"),
        text: "x".into(),
        is_snippet: true,
        fate,
    };
    Preview {
        items: vec![item(1, Fate::Goes), item(2, Fate::Stays)],
        sends: with_model.then(|| WouldSend {
            host: "models.example".into(),
            model: "house-large".into(),
            local: false,
            text: "You answer.\n[S1]\nKeep 24 px".into(),
            digest: Sha::of(b"as shown"),
            share: ContextShare {
                window: 8_000,
                answer: 800,
                question: 200,
                rules: 600,
                ..ContextShare::default()
            },
            redacted: vec![("email".into(), 1)],
            cost: Some(4_200),
            currency: Some("EUR".parse().unwrap()),
            confirm: false,
        }),
        why_not: if with_model {
            ""
        } else {
            "no language model is configured"
        }
        .into(),
    }
}

fn answer(state: EndState, text: &str) -> CopilotAnswer {
    let is_rule = state == EndState::Partial;
    CopilotAnswer {
        state,
        reason: if is_rule {
            "1 sentence is not borne out by its sources".into()
        } else {
            String::new()
        },
        found: found(),
        for_the_owner: (state == EndState::NoRuleFound).then(|| "Which rule holds? Question: how much space?".into()),
        answer: (!text.is_empty()).then(|| ModelText {
            model: "house-large".into(),
            host: "models.example".into(),
            text: text.into(),
            sentences: vec![Judged {
                text: text.into(),
                cited: vec![1],
                flags: if is_rule {
                    vec![Flag::NotFound("10 days".into())]
                } else {
                    vec![]
                },
            }],
        }),
        sources: (1..=2)
            .map(|n| AnswerSource {
                number: (n == 1).then_some(1),
                id: format!("house/logo.md@1#{n}"),
                title: format!("Brand guide › Logo › Part {n}"),
                cited: n == 1,
                left_host: n == 1,
            })
            .collect(),
        figures: (!text.is_empty()).then(|| Figures {
            model: "house-large".into(),
            input: 812,
            cached: 0,
            output: 64,
            estimated: false,
            cost: Some(2_700),
            today: 2_700,
            currency: Some("EUR".parse().unwrap()),
            first_token_ms: Some(412),
            total_ms: 1_930,
            share: preview(true).sends.unwrap().share,
        }),
        notes: vec!["1 snippets stayed here".into()],
        confirm: None,
        recorded: Some(Seq(48_061)),
    }
}

fn news(text: &str, over: Option<CopilotAnswer>) -> News {
    News {
        ask: CommandId::new(uuid::Uuid::from_u128(1)),
        mark: Mark { changes: 1, bytes: 1 },
        stage: if over.is_some() { Stage::Over } else { Stage::Streaming },
        text: text.into(),
        found: None,
        over: over.map(Box::new),
    }
}

fn world(with_model: bool) -> World {
    World {
        guidelines: found(),
        preview: Some(preview(with_model)),
        ..World::default()
    }
}

fn asked(d: &Driver, is: impl Fn(&Request) -> bool) -> usize {
    d.client.world.lock().unwrap().asked.iter().filter(|r| is(r)).count()
}

fn starts(r: &Request) -> bool {
    matches!(r, Request::AskCopilot(_))
}

/// The first question sent: snippets only, and what was seen.
fn sent(d: &Driver) -> (bool, Option<Sha>) {
    let world = d.client.world.lock().unwrap();
    let sent = world.asked.iter().find_map(|r| match r {
        Request::AskCopilot(ask) => Some((ask.snippets_only, ask.seen)),
        _ => None,
    });
    sent.unwrap()
}

#[rstest]
#[case::wide(120, 36)]
#[case::small(80, 24)]
fn a_question_is_reviewed_sent_and_answered(#[case] width: u16, #[case] height: u16) {
    let mut d = Driver::new(world(true), width, height);
    d.keys("7 i \"space?\" Enter");
    assert!(d.sees("READY TO SEND") && d.sees("«Keep» 24 px"), "{}", d.screen());
    assert_eq!(asked(&d, starts), 0, "nothing goes out before a person says so");
    insta::assert_snapshot!(format!("review_{width}"), d.screen());
    d.keys("Enter");
    assert_eq!(asked(&d, starts), 1);
    assert_eq!(sent(&d), (false, Some(Sha::of(b"as shown"))));
    assert!(d.sees("preparing"), "{}", d.screen());
    d.tell(Ok(news("Keep 24 px free ", None)));
    d.tell(Ok(news("around the logo [S1].", None)));
    assert!(d.sees("unchecked until it is whole:"), "{}", d.screen());
    assert!(d.sees("Keep 24 px free around the logo [S1]."));
    d.tell(Ok(news(
        "",
        Some(answer(EndState::Grounded, "Keep 24 px free around the logo [S1].")),
    )));
    assert!(!d.sees("unchecked until it is whole:"));
    insta::assert_snapshot!(format!("grounded_{width}"), d.screen());
    d.keys("Tab Enter");
    assert!(
        d.sees("«Keep» 24 px free") && d.sees("may leave this host"),
        "{}",
        d.screen()
    );
    d.keys("Esc y y");
    assert!(
        d.copied[0].contains("GROUNDED") && d.copied[0].contains("[S1] Brand guide"),
        "{:?}",
        d.copied
    );
    d.keys("+");
    let done = std::mem::take(&mut d.client.world.lock().unwrap().done);
    assert_eq!(
        done,
        [CommandKind::CopilotJudge {
            exchange: Seq(48_061),
            useful: true
        }]
    );
}

#[test]
fn without_a_model_the_snippets_are_the_answer() {
    let mut d = Driver::new(world(false), 120, 36);
    d.keys("7 i \"space\" Enter");
    assert_eq!(asked(&d, starts), 1);
    assert_eq!(sent(&d), (true, None), "what was never shown is never sent");
    assert!(
        d.sees("«Keep» 24 px"),
        "snippets are there before the engine has said anything"
    );
    let mut only = answer(EndState::SnippetsOnly, "");
    only.reason = "no language model is configured".into();
    d.tell(Ok(news("", Some(only))));
    insta::assert_snapshot!("snippets_only", d.screen());
}

#[test]
fn what_is_taken_out_does_not_go() {
    let mut d = Driver::new(world(true), 120, 36);
    d.keys("7 i \"space\" Enter Tab Space p");
    assert!(
        d.sees("What will be sent") && d.sees("Taken out: 1 email."),
        "{}",
        d.screen()
    );
    d.keys("Esc Tab Enter");
    let world = d.client.world.lock().unwrap();
    let sent = world.asked.iter().find_map(|r| match r {
        Request::AskCopilot(ask) => Some(ask.without.clone()),
        _ => None,
    });
    assert_eq!(sent.unwrap(), ["house/logo.md@1#1"]);
}

#[rstest]
#[case("Esc")]
#[case("Ctrl-c")]
#[case("x")]
fn stopping_is_seen_at_once_and_keeps_the_words(#[case] key: &str) {
    let mut d = Driver::new(world(true), 120, 36);
    d.keys("7 i \"space\" Enter Enter");
    d.tell(Ok(news("Keep 24 px", None)));
    d.keys(key);
    assert!(d.sees("STOPPING") && d.sees("Keep 24 px"), "{}", d.screen());
    assert_eq!(asked(&d, |r| matches!(r, Request::StopCopilot(_))), 1);
    d.tell(Ok(news("", Some(answer(EndState::Partial, "Keep 24 px")))));
    assert!(
        d.sees("PARTIAL") && d.sees("! \"10 days\" is not in its source"),
        "{}",
        d.screen()
    );
    d.keys("Esc");
    assert_eq!(d.model.screen, ScreenId::Board, "a second one leaves");
}

#[test]
fn words_that_are_no_rules_stay_folded() {
    let mut d = Driver::new(world(true), 120, 36);
    d.keys("7 i \"space\" Enter Enter");
    d.tell(Ok(news("Do as you like.", None)));
    d.tell(Ok(news("", Some(answer(EndState::NoRuleFound, "Do as you like.")))));
    assert!(
        d.sees("NO_RULE_FOUND") && d.sees("Ask the policy owner") && !d.sees("Do as you like"),
        "{}",
        d.screen()
    );
    d.keys(".");
    assert!(d.sees("not house rules") && d.sees("Do as you like."));
    d.keys("y o");
    assert!(d.copied[0].starts_with("Which rule holds?"));
}

#[test]
fn a_ticket_brings_its_question() {
    let mut d = Driver::new(world(true), 120, 36);
    d.keys("2 / \"status:qa-failed\" Enter i");
    assert!(
        d.sees("Why does QA say budget.cap, and what is allowed?"),
        "{}",
        d.screen()
    );
    d.keys("Esc i");
    assert!(d.sees("Why does QA say budget.cap"), "the draft is kept");
    d.keys("Enter");
    let world = d.client.world.lock().unwrap();
    let no = world.cards.iter().find(|c| c.status == Status::QaFailed).unwrap().no;
    let search = world.asked.iter().find_map(|r| match r {
        Request::SearchGuidelines(s) => Some(s.ticket),
        _ => None,
    });
    assert_eq!(search.unwrap(), Some(no));
}

#[test]
fn a_lost_engine_loses_no_word() {
    let mut d = Driver::new(world(true), 120, 36);
    d.keys("7 i \"space\" Enter Enter");
    d.tell(Ok(news("Keep 24 px", None)));
    d.tell(Err(ApiError::Unavailable("the engine has gone".into())));
    assert!(d.sees("Keep 24 px") && d.sees("you  space"), "{}", d.screen());
    assert_eq!(d.model.screens.copilot.phase, Phase::Nothing);
    d.keys("e");
    assert!(d.sees("Ask") && d.sees("space"));
}

#[test]
fn earlier_questions_come_back_into_the_line() {
    let mut d = Driver::new(world(false), 120, 36);
    d.keys("7 i \"first\" Enter");
    d.tell(Ok(news("", Some(answer(EndState::SnippetsOnly, "")))));
    d.keys("i \"second\" Enter");
    d.tell(Ok(news("", Some(answer(EndState::SnippetsOnly, "")))));
    let line = |d: &Driver| match d.model.overlays.last() {
        Some(crate::tui::overlay::Overlay::Prompt(p)) => p.line.text().to_owned(),
        other => panic!("{other:?}"),
    };
    d.keys("i \"dr\" Up");
    assert_eq!(line(&d), "second");
    d.keys("Up");
    assert_eq!(line(&d), "first");
    d.keys("Down Down");
    assert_eq!(line(&d), "dr");
}

/// Every frame is made of cells; none may carry a command to the terminal.
#[test]
fn no_model_commands_the_terminal() {
    let attacks = [
        "a\u{1b}]52;c;ZXZpbA==\u{7}b",
        "\u{1b}[2J\u{1b}[H",
        "\u{9b}31m",
        "x\u{202e}y",
        "\r\u{1b}[Kfake $ ",
        "\u{1b}P1$r\u{1b}\\",
    ];
    for attack in attacks {
        let mut d = Driver::new(world(true), 100, 30);
        d.keys("7 i \"space\" Enter Enter");
        for c in attack.chars() {
            d.tell(Ok(news(&c.to_string(), None)));
            assert!(d.screen().chars().all(|c| c == '\n' || !is_unsafe(c)), "{attack:?}");
        }
        d.tell(Ok(news("", Some(answer(EndState::Partial, attack)))));
        assert!(d.screen().chars().all(|c| c == '\n' || !is_unsafe(c)), "{attack:?}");
    }
}

#[test]
fn the_window_of_a_source_says_where_it_stands_and_why_it_is_there() {
    let mut world = world(false);
    let mut hit = snippet(1, "Keep 24 px free around the logo.");
    hit.page = Some(11);
    hit.why = Some(WhySnippet {
        words_rank: Some(1),
        letters_rank: None,
        words: vec![TermShare {
            term: "keep".into(),
            at: "text".into(),
            percent: 80.0,
        }],
        letters: vec![],
    });
    world.guidelines = GuidelineAnswer {
        hits: vec![hit],
        ..found()
    };
    let mut d = Driver::new(world, 120, 36);
    d.keys("7 i \"space\" Enter");
    let explained = |r: &Request| matches!(r, Request::SearchGuidelines(s) if s.explain);
    assert_eq!(asked(&d, explained), 1);
    assert!(d.sees("Logo › Part 1 › p. 11"), "{}", d.screen());
    let mut only = answer(EndState::SnippetsOnly, "");
    only.found.clone_from(&d.client.world.lock().unwrap().guidelines);
    d.tell(Ok(news("", Some(only))));
    d.keys("Tab Enter");
    assert!(
        d.sees("p. 11 line 1") && d.sees("rank 1 by words: keep 80% in text"),
        "{}",
        d.screen()
    );
}

#[test]
fn a_question_about_a_ticket_leads_back_to_it() {
    let mut d = Driver::new(world(false), 120, 36);
    d.keys("2 Enter");
    assert_eq!(d.model.screen, ScreenId::Detail, "{}", d.screen());
    d.keys("i \"space\" Enter");
    d.tell(Ok(news("", Some(answer(EndState::SnippetsOnly, "")))));
    assert_eq!(d.model.screen, ScreenId::Copilot);
    d.keys("Esc");
    assert_eq!(d.model.screen, ScreenId::Detail, "f f looks for a fix there");
    d.keys("7 Esc");
    assert_eq!(d.model.screen, ScreenId::Board, "a visit for itself leads to the board");
}
