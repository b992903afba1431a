//! The QA screen: rules in a list, one built from rows, tried before it is saved.

use crate::{
    engine::{
        api::{
            CommandKind,
            rules::{
                BuiltIn, RulesView, Trial, TrialHit,
                house_rule::{Condition, Effect, HouseRule, HouseRules, RuleText},
            },
        },
        model::{
            actor::Role,
            ids::TicketNo,
            ticket::{Finding, Severity, Status},
        },
    },
    tui::{
        TuiOptions,
        app::draft::{self, Draft},
        screens::ScreenId,
        testkit::{Driver, World, noon},
    },
};

fn text(name: &str) -> RuleText {
    RuleText {
        name: name.to_owned(),
        when: vec!["brand is ACM".parse().unwrap(), "platform is meta".parse().unwrap()],
        then: Effect::Require("budget.daily below 500".parse::<Condition>().unwrap()),
        message: "small tests only".to_owned(),
        remedy: String::new(),
    }
}

fn world(role: Role) -> World {
    let rule = HouseRule {
        text: text("promo.small"),
        version: 3,
        retired: false,
        by: "ben".to_owned(),
        at: noon(),
    };
    let built_in = BuiltIn {
        id: "flight.start".to_owned(),
        severity: Severity::Warning,
        message: "it starts {start}, which is past".to_owned(),
        remedy: "choose a later day".to_owned(),
    };
    let hit = TrialHit {
        no: TicketNo(1004),
        name: "ACM_DE_META_2026_FallDrop".to_owned(),
        status: Status::ReadyForApi,
        finding: Finding {
            rule: "house.promo.small".to_owned(),
            severity: Severity::Error,
            field: "budget.amount".into(),
            message: "small tests only".to_owned(),
            remedy: "lower it".to_owned(),
        },
    };
    World {
        role,
        rules: RulesView {
            house: HouseRules { rules: vec![rule] },
            built_in: vec![built_in],
            version: "0a1b2c3d4e5f".to_owned(),
        },
        trial: Trial {
            judged: 28,
            hit: 1,
            ready: 1,
            hits: vec![hit],
            ..Trial::default()
        },
        ..World::default()
    }
}

#[test]
fn the_screen_lists_rules_and_tries_one() {
    let mut d = Driver::new(world(Role::Admin), 120, 36);
    d.keys("5 Tab t");
    assert!(d.sees("Tried on 28 open tickets: 1 found"), "{}", d.screen());
    insta::assert_snapshot!("qa", d.screen());
    d.resize(80, 24);
    insta::assert_snapshot!("qa_80x24", d.screen());
}

#[test]
fn a_rule_is_tried_before_it_is_saved_and_saved_with_the_version_seen() {
    let mut d = Driver::new(world(Role::Admin), 120, 36);
    d.keys("5 Tab e");
    insta::assert_snapshot!("qa_builder", d.screen());
    d.keys("Ctrl-s");
    assert!(
        d.sees("Put the rule promo.small in force?") && d.sees("1004 ACM_DE"),
        "{}",
        d.screen()
    );
    insta::assert_snapshot!("qa_question", d.screen());
    assert!(
        d.client.world.lock().unwrap().done.is_empty(),
        "nothing is saved without a yes"
    );
    // A question ignores keys typed before it could be read.
    d.pass(500);
    d.keys("\"promo.small\" Enter");
    let world = d.client.world.lock().unwrap();
    let expected = CommandKind::RulePut {
        rule: Box::new(text("promo.small")),
        version: 3,
    };
    assert_eq!(world.done, [expected]);
}

/// A draft was begun on the message as it was; then somebody else changed it.
#[test]
fn a_draft_of_a_rule_overwrites_another_persons_change_only_after_it_was_said() {
    let console = |message: &str| {
        let options = TuiOptions {
            state: Some("kept by the test".into()),
            ..TuiOptions::default()
        };
        let mut world = world(Role::Admin);
        message.clone_into(&mut world.rules.house.rules[0].text.message);
        Driver::with(world, 120, 36, options)
    };
    let mut before = console("small tests only");
    before.keys("5 Tab e Ctrl-f \"message\" Enter \"!\"");
    before.pass(1000);
    let mut d = console("theirs");
    let left = before.drafts.values().map(|text| Draft::parse(text).unwrap()).collect();
    draft::found(&mut d.model, left);
    d.keys("5 Tab e Enter");
    assert!(d.sees("small tests only!"), "{}", d.screen());
    d.keys("Ctrl-s");
    assert!(d.sees("now theirs, changed elsewhere"), "{}", d.screen());
    assert!(!d.sees("in force?"), "{}", d.screen());
    d.keys("Ctrl-s");
    assert!(d.sees("in force?"), "{}", d.screen());
}

#[test]
fn rows_unfold_as_they_are_needed() {
    let mut d = Driver::new(world(Role::Admin), 120, 36);
    d.keys("5 a \"new.rule\" Tab");
    assert!(!d.sees("AND"), "one condition at first: {}", d.screen());
    d.keys("\"brand\" Enter");
    assert!(d.sees("AND") && d.sees("how"), "{}", d.screen());
    d.keys("Ctrl-s");
    assert!(d.sees("choose how it compares"), "{}", d.screen());
}

#[test]
fn only_an_admin_writes_rules() {
    let mut d = Driver::new(world(Role::Trafficker), 120, 36);
    d.keys("5 a");
    assert!(
        d.model.overlays.is_empty() && d.sees("asks for the role admin"),
        "{}",
        d.screen()
    );
}

#[test]
fn a_rule_leads_to_its_findings() {
    let mut d = Driver::new(world(Role::Trafficker), 120, 36);
    d.keys("5 Tab Enter");
    assert_eq!(d.model.screen, ScreenId::Tickets);
    assert!(d.sees("rule:house.promo.small"), "{}", d.screen());
}

#[test]
fn the_cursor_goes_to_the_row_that_has_just_unfolded() {
    let mut d = Driver::new(world(Role::Admin), 120, 36);
    d.keys("5 a \"new.rule\" Enter \"brand\" Enter");
    let focused = |d: &Driver| match d.model.overlays.last() {
        Some(crate::tui::overlay::Overlay::Form(f)) => f.form.focused().map(|f| f.key.clone()).unwrap_or_default(),
        _ => String::new(),
    };
    assert_eq!(focused(&d), "when[0].test", "{}", d.screen());
    d.keys("\"is\" Enter");
    assert_eq!(focused(&d), "when[0].value", "{}", d.screen());
    d.keys("\"ACM\" Enter");
    assert_eq!(focused(&d), "when[1].field", "{}", d.screen());
}

#[test]
fn a_path_of_the_payload_is_chosen_from_the_field_lists() {
    let mut d = Driver::new(world(Role::Admin), 120, 36);
    d.keys("5 a \"new.rule\" Enter \"one_field\"");
    d.keys("Ctrl-u \"field\" Enter");
    assert!(d.sees("  path"), "{}", d.screen());
    d.keys("\"age_min\"");
    assert!(
        d.sees("payload.ad_set.targeting.age_min") && d.sees("meta: "),
        "{}",
        d.screen()
    );
    insta::assert_snapshot!("qa_paths", d.screen());
    d.keys("Enter \"below\" Enter \"18\" Ctrl-s");
    let world = d.client.world.lock().unwrap();
    let tried = world
        .asked
        .iter()
        .any(|r| format!("{r:?}").contains("payload.ad_set.targeting.age_min"));
    drop(world);
    assert!(tried || d.sees("in force?"), "{}", d.screen());
    assert!(
        d.sees("payload.ad_set.targeting.age_min below 18") || d.sees("in force?"),
        "{}",
        d.screen()
    );
}

#[test]
fn without_a_field_list_a_path_is_typed() {
    let mut d = Driver::new(world(Role::Admin), 120, 36);
    d.model.session.overview.get_mut().unwrap().platforms.clear();
    d.keys("5 a \"new.rule\" Enter \"field\" Enter \"payload.own.path\" Enter \"is-set\" Ctrl-s");
    assert!(d.sees("in force?"), "{}", d.screen());
}
