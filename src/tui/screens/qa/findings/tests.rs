//! Findings in groups, over the canned engine.

use crate::{
    engine::api::{CommandKind, Request, findings::GroupBy},
    tui::{
        screens::ScreenId,
        testkit::{Driver, World},
    },
};

fn at(script: &str) -> Driver {
    let mut d = Driver::new(World::default(), 120, 36);
    d.keys(script);
    d
}

#[test]
fn the_first_group_is_open_and_the_others_open_and_close() {
    let mut d = at("5");
    assert!(
        d.sees("Findings 18 in 6 tickets") && d.sees("by rule"),
        "{}",
        d.screen()
    );
    assert!(d.sees("[-] budget.cap") && d.sees("[+] utm.required"), "{}", d.screen());
    d.keys("Enter");
    assert!(d.sees("[+] budget.cap"), "{}", d.screen());
    d.keys("j Enter");
    assert!(
        d.sees("[-] utm.required") && d.sees("creative.url_tags"),
        "{}",
        d.screen()
    );
}

#[test]
fn findings_look_like_this() {
    let mut d = at("5 j j");
    insta::assert_snapshot!("findings", d.screen());
    d.resize(80, 24);
    insta::assert_snapshot!("findings_80x24", d.screen());
    d.keys("s");
    insta::assert_snapshot!("findings_by_ticket_80x24", d.screen());
}

#[test]
fn enter_opens_the_ticket_at_the_field() {
    let mut d = at("5 n Enter");
    assert_eq!(d.model.screen, ScreenId::Detail);
    assert!(d.sees("Edit 1012") && d.sees("›Budget"), "{}", d.screen());
    d.keys("Esc Esc");
    assert_eq!(d.model.screen, ScreenId::Qa, "and back leads to the findings");
}

#[test]
fn n_walks_from_finding_to_finding_past_headings() {
    let mut d = at("5");
    d.keys("n n n n n n");
    assert!(
        d.model
            .screens
            .qa
            .findings
            .found()
            .is_some_and(|f| f.finding.rule == "budget.cap")
    );
    d.keys("n");
    let found = d.model.screens.qa.findings.found().unwrap();
    assert_eq!(
        (found.finding.rule.as_str(), found.card.no.0),
        ("utm.required", 1012),
        "one key is one finding, also into a closed group"
    );
    d.keys("N");
    let found = d.model.screens.qa.findings.found().unwrap();
    assert_eq!((found.finding.rule.as_str(), found.card.no.0), ("budget.cap", 1017));
}

#[test]
fn turned_around_the_cursor_stays_on_its_finding() {
    let d = at("5 n n s");
    let findings = &d.model.screens.qa.findings;
    assert_eq!(findings.by, GroupBy::Ticket);
    let found = findings.found().unwrap();
    assert_eq!(
        (found.group.as_str(), found.finding.rule.as_str()),
        ("1013", "budget.cap")
    );
}

#[test]
fn f_looks_for_a_fix_of_one_finding() {
    let d = at("5 n f");
    assert_eq!(d.model.screen, ScreenId::Detail);
    let world = d.client.world.lock().unwrap();
    assert!(
        world.asked.iter().any(|r| matches!(r, Request::Heal(_))),
        "{:?}",
        world.asked.last()
    );
}

#[test]
fn marks_of_findings_are_what_verbs_mean() {
    let mut d = at("5 n Space Space t");
    assert!(d.sees("Run QA on 2 tickets?"), "{}", d.screen());
    d.keys("y");
    let world = d.client.world.lock().unwrap();
    assert!(
        world
            .done
            .iter()
            .all(|k| matches!(k, CommandKind::TicketSubmitQa { .. }))
    );
    assert_eq!(world.done.len(), 2);
}

#[test]
fn a_clean_house_says_how_much_was_looked_at() {
    let mut world = World::default();
    world.cards.retain(|c| c.rules.is_empty());
    let mut d = Driver::new(world, 120, 36);
    d.keys("5");
    assert!(d.sees("clean, 22 tickets, 14:32, rules 0a1b2c3d4e5f"), "{}", d.screen());
}

#[test]
fn a_filter_narrows_them_and_esc_clears_it() {
    let mut d = at("5 / \"no:1012\" Enter");
    assert!(d.sees("in 1 ticket ") && d.sees("no:1012"), "{}", d.screen());
    d.keys("Esc");
    assert!(d.sees("in 6 tickets"), "{}", d.screen());
}

#[test]
fn into_a_closed_group_waits_for_it_and_follows_nobody_who_went_elsewhere() {
    let mut d = at("5 Enter");
    d.slow = true;
    d.keys("n");
    assert!(d.model.screens.qa.findings.found().is_none(), "it is not here yet");
    d.arrive();
    assert!(d.model.screens.qa.findings.found().is_some(), "{}", d.screen());
    d.keys("s s");
    let mut d = at("5 Enter");
    d.slow = true;
    d.keys("n k");
    d.arrive();
    assert!(d.model.screens.qa.findings.found().is_none(), "{}", d.screen());
}

#[test]
fn a_heading_says_what_its_group_is_about() {
    let mut d = at("5");
    assert!(
        d.sees("Found in 6 tickets.") && d.sees("Enter closes it"),
        "{}",
        d.screen()
    );
    d.keys("s k");
    assert!(
        d.sees("2 rules find something.") && d.sees("a finding looks for its fix."),
        "{}",
        d.screen()
    );
}
