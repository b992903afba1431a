//! Rules as data: read, refused, closed; names and what a platform says itself.

use rstest::rstest;

use super::*;

#[test]
fn the_built_in_rules_are_whole() {
    let set = rules_in_force();
    assert_eq!(set.problems(), Vec::<String>::new());
    assert_eq!(set.title, "House rules");
    assert!(set.rules.iter().all(|r| r.check != Check::Closed));
    let used: Vec<_> = set
        .rules
        .iter()
        .filter_map(|r| match &r.check {
            Check::BlockedTerms { list, .. } => Some(list.as_str()),
            _ => None,
        })
        .collect();
    let there: Vec<_> = set.lists.iter().map(|l| l.id.as_str()).collect();
    assert_eq!(used, there, "a list no rule uses is a rule somebody thinks they have");
}

#[test]
fn a_rule_set_survives_json_and_bincode_and_a_change_is_a_new_version() {
    let set = rules_in_force();
    let json = serde_json::to_string(set).unwrap();
    assert_eq!(&serde_json::from_str::<RuleSet>(&json).unwrap(), set);
    let bytes = crate::engine::store::codec::to_payload(set).unwrap();
    let back: RuleSet = crate::engine::store::codec::from_payload(&bytes).unwrap();
    assert_eq!(back.version(), set.version());
    let mut other = set.clone();
    other.lists[0].terms.push("one more".to_owned());
    assert_ne!(other.version(), set.version());
}

#[rstest]
#[case("title = \"x\"\nrule = []", "would let everything pass")]
#[case(
    "title = \"x\"\n[[rule]]\nid = \"a\"\nseverity = \"error\"\ncheck = \"budget_present\"\nmessage = \"{nope}\"\nremedy = \"r\"",
    "uses {nope}"
)]
#[case(
    "title = \"x\"\n[[rule]]\nid = \"a\"\nseverity = \"error\"\ncheck = { blocked_terms = { list = \"l\", family_only = true } }\nmessage = \"m\"\nremedy = \"r\"",
    "the list l, which is not there"
)]
#[case("title = \"x\"\n[[rule]]\nid = \"a\"\nseverity = \"fatal\"", "fatal")]
fn a_faulty_rule_set_is_refused(#[case] text: &str, #[case] says: &str) {
    let err = RuleSet::from_toml(text).unwrap_err();
    assert!(err.contains(says), "{err}");
}

#[test]
fn rules_that_cannot_be_read_let_nothing_pass() {
    let findings = Case::clean().findings_by(&RuleSet::closed("line 3: {odd}"));
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].severity, Severity::Error);
    assert_eq!(findings[0].message, "the QA rules cannot be read: line 3: odd");
}

#[test]
fn a_platforms_own_problems_become_findings() {
    let mut case = Case::clean();
    case.problems = vec![
        Problem::at("budget", "below the platform's minimum", "raise it"),
        Problem::whole("the account {is} odd", ""),
    ];
    assert_eq!(
        case.lines(),
        [
            "platform.check budget: below the platform's minimum (raise it)",
            "platform.check : the account {is} odd ()"
        ]
    );
}

#[test]
fn a_name_must_be_its_campaigns() {
    let mut case = Case::clean();
    case.campaign.label = "Other".parse().unwrap();
    assert_eq!(
        case.lines(),
        [
            "taxonomy.name name: the name DIS_US_META_2026_MoanaLaunch is not valid: the name says label MoanaLaunch, its ticket says otherwise (the name belongs to another campaign or channel: write a new ticket there)"
        ]
    );
    let mut case = Case::clean();
    case.brand.aliases = vec![std::mem::replace(&mut case.brand.code, "DISTANT".parse().unwrap())];
    case.codes = Codes::of([&case.brand], [&case.market], [&case.channel]);
    assert_eq!(case.lines(), Vec::<String>::new(), "a former code still parses");
}
