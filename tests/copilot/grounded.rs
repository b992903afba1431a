//! What an answer is worth: 50 supported and 50 unsupported answers, and the ends that decide without reading.

use omnitraffick::engine::copilot::{
    check::{Checked, EndState, Flag, Source, check},
    wire::{Finish, LlmError},
};
use rstest::rstest;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    snippets: Vec<String>,
    answer: String,
    state: EndState,
}

fn judge(snippets: &[String], answer: &str, end: &Result<Finish, LlmError>) -> Checked {
    let sources: Vec<_> = (1..)
        .zip(snippets)
        .map(|(number, text)| Source {
            number,
            text: text.clone(),
        })
        .collect();
    check(answer, &sources, "", end)
}

/// Each line: snippets, answer, expected state; half of them supported. Exact on our own corpora; the second was written
/// in other words and of other rules, after the check was.
#[rstest]
#[case::first(include_str!("groundedness.jsonl"), 100)]
#[case::second(include_str!("groundedness_second.jsonl"), 60)]
#[case::permissions(include_str!("groundedness_permissions.jsonl"), 16)]
#[case::sides(include_str!("groundedness_sides.jsonl"), 65)]
fn the_corpus(#[case] lines: &str, #[case] count: usize) {
    let cases: Vec<Case> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(cases.len(), count);
    let mut wrong = Vec::new();
    for case in &cases {
        let got = judge(&case.snippets, &case.answer, &Ok(Finish::Complete));
        if got.state != case.state {
            let flags: Vec<_> = got.flags().collect();
            wrong.push(format!(
                "{}\n    {:?}, expected {:?}: {flags:?}",
                case.answer, got.state, case.state
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

fn logo() -> Vec<String> {
    vec!["Logo\nKeep 20 px around the logo.".to_owned()]
}

const GOOD: &str = "Keep 20 px around the logo [S1].";

#[rstest]
#[case::plain("NO_RULE", EndState::NoRuleFound)]
#[case::in_a_sentence("NO_RULE: the snippets do not cover music.", EndState::NoRuleFound)]
#[case::advice("You may use any music you like.", EndState::NoRuleFound)]
#[case::empty("", EndState::NoRuleFound)]
#[case::forged("Music must be licensed [S99].", EndState::NoRuleFound)]
#[case::beside_a_rule("Keep 20 px around the logo [S1]. For music: NO_RULE", EndState::Partial)]
#[case::forged_beside_a_rule("Keep 20 px around the logo [S1]. Music is free [S99].", EndState::Partial)]
#[case::good(GOOD, EndState::Grounded)]
fn failure_never_becomes_advice(#[case] answer: &str, #[case] state: EndState) {
    assert_eq!(judge(&logo(), answer, &Ok(Finish::Complete)).state, state);
}

#[rstest]
#[case::cut(Ok(Finish::Truncated))]
#[case::filtered(Ok(Finish::Filtered))]
#[case::odd(Ok(Finish::Other("tool".into())))]
#[case::stopped(Err(LlmError::Cancelled { chars: 32 }))]
#[case::broken(Err(LlmError::Interrupted { chars: 32, why: "reset".into() }))]
fn an_answer_that_is_not_whole_is_partial_at_best(#[case] end: Result<Finish, LlmError>) {
    let got = judge(&logo(), GOOD, &end);
    assert_eq!(got.state, EndState::Partial);
    assert!(got.why.is_some_and(|w| !w.is_empty()));
    assert_eq!(judge(&logo(), "no idea", &end).state, EndState::NoRuleFound);
}

#[test]
fn every_answer_lists_its_sources() {
    let mut snippets = logo();
    snippets.push("Video\nAt most 30 s.".into());
    let got = judge(
        &snippets,
        "At most 30 s [S2]. Keep 20 px around the logo [S1][S2].",
        &Ok(Finish::Complete),
    );
    assert_eq!(
        (got.cited.as_slice(), got.state),
        ([2, 1].as_slice(), EndState::Grounded)
    );
    let forged = judge(&snippets, "At most 30 s [S2]. So says [S7].", &Ok(Finish::Complete));
    assert_eq!(forged.flags().collect::<Vec<_>>(), [&Flag::UnknownCitation(7)]);
}

#[test]
fn no_escape_survives_and_links_lie_open() {
    let got = judge(
        &logo(),
        "\u{1b}]52;c;ZXZpbA==\u{7}Keep 20 px around the logo [S1]. [More](https://evil.example/a)",
        &Ok(Finish::Complete),
    );
    assert!(
        !got.text.contains('\u{1b}') && got.text.contains("(https://evil.example/a)"),
        "{}",
        got.text
    );
}
