//! Payloads nobody would write: QA answers, within bounds, and draws nothing.

use serde_json::{Value, json};

use super::*;

#[test]
fn what_qa_says_fits_into_a_row_and_says_what_it_left_out() {
    let mut case = Case::clean();
    let tags: Vec<String> = (0..500).map(|n| format!("beer number {n}")).collect();
    case.set("ad_set.tags", json!(tags));
    let findings = case.findings();
    let last = findings.last().unwrap();
    assert_eq!(last.rule, "qa.more");
    assert_eq!(last.severity, Severity::Error);
    assert_eq!(last.message, format!("and {} more findings", 501 - findings.len()));
    let bytes = serde_json::to_string(&findings).unwrap().len();
    assert!(bytes < 2 * BYTES_MAX, "{bytes}");
}

#[test]
fn nothing_from_a_payload_reaches_a_terminal_raw() {
    let mut case = Case::clean();
    case.set("creative.\u{1b}[2J", json!("x\u{1b}]0;beer\u{7}"));
    let text = case.lines().join("\n");
    assert!(
        !text.is_empty() && !text.contains('\u{1b}') && !text.contains('\u{7}'),
        "{text:?}"
    );
}

proptest::proptest! {
    /// Whatever is in a payload, QA answers, and answers the same twice.
    #[test]
    fn any_payload_gets_an_answer(payload in any_json()) {
        let mut case = Case::clean();
        case.ticket.payload = CanonicalJson::new(&payload);
        proptest::prop_assert_eq!(case.findings(), case.findings());
    }
}

fn any_json() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("Beer")),
    ];
    let key = proptest::sample::select(vec![
        "campaign",
        "ad_set",
        "creative",
        "targeting",
        "geo_locations",
        "countries",
        "interests",
        "objective",
        "id",
        "name",
        "a.b",
        "exclusions",
    ]);
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}
