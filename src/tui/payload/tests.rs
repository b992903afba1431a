//! The payload as text: reading half of it, what is offered, and what becomes of what was typed.

use rstest::rstest;
use serde_json::{Value, json};

use super::{
    json::{Part, line_of, parse, read},
    offers,
};
use crate::{
    engine::{
        api::{CommandKind, Request},
        model::{
            catalogue::Catalogue,
            ticket::{Finding, Severity},
        },
    },
    tui::{
        TuiOptions,
        app::Msg,
        overlay::Overlay,
        testkit::{Driver, World},
        theme::Depth,
    },
};

fn catalogue() -> Catalogue {
    let file = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/platforms/meta/catalogue.toml"
    ));
    toml::from_str(file).unwrap()
}

/// Lines, and the cursor where `|` stands.
fn at(text: &str) -> (Vec<String>, (usize, usize)) {
    let mut cursor = (0, 0);
    let lines = text
        .lines()
        .enumerate()
        .map(|(n, line)| {
            if let Some((before, _)) = line.split_once('|') {
                cursor = (n, before.chars().count());
            }
            line.replacen('|', "", 1)
        })
        .collect();
    (lines, cursor)
}

#[rstest]
#[case::empty("{|}", "", Part::Name, "")]
#[case::name_begun("{\"ad_|\"}", "", Part::Name, "ad_")]
#[case::name_open("{\"ad_|", "", Part::Name, "ad_")]
#[case::inside("{\"ad_set\": {\"tar|\": 1}}", "ad_set", Part::Name, "tar")]
#[case::next_name("{\"ad_set\": {\"a\": 1, |}}", "ad_set", Part::Name, "")]
#[case::value("{\"ad_set\": {\"age\": |}}", "ad_set.age", Part::Value, "")]
#[case::value_begun("{\"ad_set\": {\"age\": \"2|1\"}}", "ad_set.age", Part::Value, "2")]
#[case::bare_value("{\"ad_set\": {\"on\": tr|}}", "ad_set.on", Part::Value, "tr")]
#[case::list("{\"a\": {\"b\": [\"x\", |]}}", "a.b", Part::Value, "")]
#[case::colon("{\"a\"| }", "a", Part::Nothing, "")]
#[case::comma("{\"a\": 1 |", "a", Part::Nothing, "")]
#[case::escaped("{\"a\": \"\\\"x|\"}", "a", Part::Value, "\\\"x")]
#[case::second_line("{\n  \"ad_set\": {\n    \"n|\n  }\n}", "ad_set", Part::Name, "n")]
fn the_cursors_place_is_known_while_half_of_it_is_missing(
    #[case] text: &str,
    #[case] path: &str,
    #[case] part: Part,
    #[case] word: &str,
) {
    let (lines, cursor) = at(text);
    let spot = read(&lines, Some(cursor)).spot.unwrap();
    assert_eq!(
        (spot.path.join("."), spot.part, spot.word.as_str()),
        (path.to_owned(), part, word)
    );
}

#[test]
fn a_finding_stands_at_its_line() {
    let value = json!({"ad_set": {"targeting": {"interests": [{"id": "6"}, {"id": "7"}], "age_min": 12}}});
    let text = serde_json::to_string_pretty(&value).unwrap();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let places = read(&lines, None).places;
    let line = |path: &str| lines[line_of(&places, path)].trim().to_owned();
    assert_eq!(line("payload.ad_set.targeting.age_min"), "\"age_min\": 12,");
    assert_eq!(line("payload.ad_set.targeting.interests[1].id"), "\"id\": \"7\"");
    assert_eq!(line("payload.ad_set.targeting.missing"), "\"targeting\": {");
    assert_eq!(line("payload.creative.body"), "{");
}

#[rstest]
#[case("{\n \"a\": 1,\n}", 2)]
#[case("{\"a\": tru}", 0)]
#[case("[1]", 0)]
fn what_cannot_be_read_is_told_with_its_line(#[case] text: &str, #[case] line: usize) {
    assert_eq!(parse(text).unwrap_err().0, line);
}

fn titles(text: &str) -> Vec<String> {
    let (lines, cursor) = at(text);
    let read = read(&lines, Some(cursor));
    let rows = offers::at(&catalogue(), &read.spot.unwrap(), &read.places);
    rows.into_iter().map(|o| o.title).collect()
}

#[test]
fn names_and_words_of_the_platform_are_offered() {
    assert_eq!(titles("{|}"), ["campaign", "ad_set", "creative", "ad"]);
    assert_eq!(titles("{\"campaign\": {}, \"ad|\"}"), ["ad_set", "ad"]);
    let inside = titles("{\"ad_set\": {\"targeting\": {\"age|\"}}}");
    assert!(inside.starts_with(&["age_min".to_owned()]), "{inside:?}");
    let rest = titles("{\"ad_set\": {\"targeting\": {\"age_min\": 21, \"age|\"}}}");
    assert!(!rest.contains(&"age_min".to_owned()), "{rest:?}");
    let words = titles("{\"campaign\": {\"objective\": \"OUTCOME_T|\"}}");
    assert_eq!(words, ["OUTCOME_TRAFFIC"]);
    assert!(titles("{\"campaign\": {\"unknown\": \"|\"}}").is_empty());
}

fn options(color: Depth) -> TuiOptions {
    TuiOptions {
        color,
        state: Some("kept by the test".into()),
        ..TuiOptions::default()
    }
}

/// The form of ticket 1001 with its payload as text beside it.
fn opened(width: u16, height: u16, color: Depth) -> Driver {
    let finding = Finding {
        rule: "field.bounds".to_owned(),
        severity: Severity::Error,
        field: "payload.ad_set".into(),
        message: "age 12 is less than 13".to_owned(),
        remedy: "write 13 or more".to_owned(),
    };
    let world = World {
        judged: vec![finding],
        ..World::default()
    };
    let mut d = Driver::with(world, width, height, options(color));
    d.keys("2 Enter e F6");
    assert!(d.sees("Payload, JSON"), "{}", d.screen());
    d
}

fn text(d: &Driver) -> String {
    match d.model.overlays.last() {
        Some(Overlay::Payload(editor)) => editor.text(),
        other => panic!("{other:?}"),
    }
}

fn replace(d: &mut Driver, with: &str) {
    match d.model.overlays.last_mut() {
        Some(Overlay::Payload(editor)) => editor.set(""),
        other => panic!("{other:?}"),
    }
    d.send(Msg::Paste(with.to_owned()));
}

fn saved(d: &Driver) -> Option<Value> {
    let world = d.client.world.lock().unwrap();
    world.done.iter().rev().find_map(|k| match k {
        CommandKind::TicketEdit { patch, .. } => patch
            .payload
            .as_ref()
            .map(crate::engine::model::json::CanonicalJson::value),
        _ => None,
    })
}

#[test]
fn text_goes_into_the_form_and_what_no_field_stands_for_goes_through() {
    let mut d = opened(120, 36, Depth::Indexed);
    replace(
        &mut d,
        "{\"campaign\": {\"objective\": \"OUTCOME_SALES\"},\n \"ad_set\": {\"own\": {\"deep\": [1, 2]}}}",
    );
    d.keys("Ctrl-s");
    assert!(d.sees("taken over into the form"), "{}", d.screen());
    let form = d.model.overlays.iter().find_map(|o| match o {
        Overlay::Form(f) => Some(&f.form),
        _ => None,
    });
    assert_eq!(form.unwrap().value("payload.campaign.objective"), "OUTCOME_SALES");
    d.keys("Ctrl-s");
    let payload = saved(&d).unwrap_or_else(|| panic!("{}", d.screen()));
    assert_eq!(payload["campaign"]["objective"], "OUTCOME_SALES");
    assert_eq!(payload["ad_set"]["own"], json!({"deep": [1, 2]}));
}

#[test]
fn text_that_cannot_be_read_stays_and_the_form_waits_for_it() {
    let mut d = opened(120, 36, Depth::Indexed);
    let broken = "{\n  \"campaign\": {\n    \"objective\": \"OUTCOME_SALES\",\n  }\n}";
    replace(&mut d, broken);
    d.keys("Ctrl-s");
    assert!(d.sees("not taken over: line 4"), "{}", d.screen());
    assert_eq!(text(&d), broken);
    d.keys("Esc");
    assert!(d.sees("kept as it was typed"), "{}", d.screen());
    d.keys("Ctrl-s");
    assert!(d.sees("typed and not taken over"), "{}", d.screen());
    assert_eq!(saved(&d), None);
    d.pass(1000);
    assert!(
        d.drafts.values().any(|t| t.contains("OUTCOME_SALES")),
        "the draft has it: {:?}",
        d.drafts
    );
    d.keys("F6");
    assert_eq!(text(&d), broken);
}

#[test]
fn what_is_typed_is_offered_taken_judged_and_taken_back() {
    let mut d = opened(120, 36, Depth::Indexed);
    replace(&mut d, "{}");
    d.keys("Left \"camp\"");
    // Without its quote it is no name yet, and is offered all the same.
    assert!(d.sees("Tab takes it"), "{}", d.screen());
    d.keys("Tab");
    assert_eq!(text(&d), "{\"campaign\": {}}");
    d.keys("\"obj\" Tab \"OUTCOME_S\" Tab");
    assert_eq!(text(&d), "{\"campaign\": {\"objective\": \"OUTCOME_SALES\"}}");
    d.pass(400);
    let asked = {
        let world = d.client.world.lock().unwrap();
        world.asked.iter().rev().find_map(|r| match r {
            Request::Judge(ask) => Some(ask.payload.value()),
            _ => None,
        })
    };
    assert_eq!(asked, Some(json!({"campaign": {"objective": "OUTCOME_SALES"}})));
    assert!(d.sees("1 to fix") && d.sees("age 12 is less than 13"), "{}", d.screen());
    d.keys("F9");
    assert_ne!(text(&d), "{\"campaign\": {\"objective\": \"OUTCOME_SALES\"}}");
    d.keys("Ctrl-r");
    assert_eq!(text(&d), "{\"campaign\": {\"objective\": \"OUTCOME_SALES\"}}");
}

#[test]
fn a_name_before_another_gets_its_comma_and_its_line() {
    let mut d = opened(120, 36, Depth::Indexed);
    replace(&mut d, "{\n  \"campaign\": {}\n}");
    d.keys("Up Home \"ad_s\" Tab");
    assert_eq!(
        text(&d),
        "{\n  \"ad_set\": {},\n  \"campaign\": {}\n}",
        "{}",
        d.screen()
    );
    d.keys("Enter");
    assert!(
        text(&d).starts_with("{\n  \"ad_set\": {\n"),
        "the cursor is inside: {}",
        text(&d)
    );
}

#[test]
fn enter_goes_in_as_far_as_the_brackets() {
    let mut d = opened(120, 36, Depth::Indexed);
    replace(&mut d, "{\"a\": {}}");
    d.keys("Left Left Enter \"x\"");
    assert_eq!(text(&d), "{\"a\": {\n  x\n}}");
}

#[test]
fn on_a_narrow_screen_the_form_is_a_key_away() {
    let mut d = opened(80, 24, Depth::Indexed);
    assert!(!d.sees("Save )"), "{}", d.screen());
    d.keys("Tab");
    assert!(!d.sees("Payload, JSON"), "{}", d.screen());
    d.keys("Tab");
    assert!(d.sees("Payload, JSON"), "{}", d.screen());
}

#[test]
fn a_persons_own_editor_has_the_whole_text() {
    let mut d = opened(120, 36, Depth::Indexed);
    d.model.session.options.editor = Some(crate::tui::Editor {
        command: vec!["ed".to_owned()],
        dir: "/nowhere".into(),
    });
    d.editor = |text| Ok(text.replace('{', "{ "));
    d.keys("F4");
    assert!(text(&d).starts_with("{ "), "{}", d.screen());
    assert_eq!(d.dropped.len(), 1);
}

#[test]
fn what_others_change_beside_a_text_follows() {
    use crate::tui::screens::compose::payload::merged;
    let base = json!({"a": {"x": 1, "y": 1}, "own": {"k": 1}});
    let theirs = json!({"a": {"x": 1, "y": 2}, "own": {"k": 2}});
    let mine = json!({"a": {"x": 9, "y": 1}, "own": {"k": 1}});
    assert_eq!(
        merged(Some(&base), Some(&theirs), Some(&mine)),
        Some(json!({"a": {"x": 9, "y": 2}, "own": {"k": 2}}))
    );
}

#[rstest]
#[case(80, 24, Depth::Indexed, "80x24")]
#[case(120, 36, Depth::Indexed, "120x36")]
#[case(200, 50, Depth::Indexed, "200x50")]
#[case(120, 36, Depth::Mono, "mono")]
fn it_looks_like_this(#[case] width: u16, #[case] height: u16, #[case] color: Depth, #[case] name: &str) {
    let mut d = opened(width, height, color);
    replace(
        &mut d,
        "{\n  \"campaign\": {\n    \"objective\": \"OUTCOME_TRAFFIC\"\n  },\n  \"ad_set\": {\n    \"targeting\": {\n      \"age_min\": 12\n    }\n  }\n}",
    );
    d.keys("Up Up Up Up End Enter Ctrl-n Ctrl-n Ctrl-n");
    d.pass(400);
    insta::assert_snapshot!(format!("payload_{name}"), d.screen());
}
