//! Decisions about the house's own QA rules.
//!
//! All rules are one row: a deploy relies on it with one read, so that no change of a rule slips between a verdict and
//! what it allows ([`crate::engine::qa::house::version`]).

use rust_decimal::Decimal;

use super::{
    call::{Call, not_found, nothing_to_change, same_version},
    changes::{Changes, subject},
    problems::Problems,
    text,
};
use crate::engine::{
    model::{
        code::Code,
        event::{EventKind, Noun},
        house_rule::{
            CONDITIONS_MAX, Condition, Effect, FIELDS, HouseRule, HouseRules, PAYLOAD, RULES_MAX, RuleText, Test,
            VALUES_MAX,
        },
        platform::PlatformId,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{Priority, RequestType},
    },
    store::{Commit, schema::keys},
};

/// Longest name of a rule.
const NAME_MAX: usize = 40;
/// Longest message or remedy.
const WORDS_MAX: usize = 300;
/// Longest value.
const VALUE_MAX: usize = 80;
/// Longest path.
const PATH_MAX: usize = 120;
/// All rules together, as JSON: a record of the journal has room for 64 KiB with everything around it.
const BYTES_MAX: usize = 40 * 1024;

/// Writes a rule, new or again. `version` = the one seen, 0 for a new rule. A retired rule is in force again.
pub fn put(call: &Call<'_>, new: &RuleText, version: u64) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let key = keys::house_rules();
    let mut all = tx.load::<HouseRules>(&key)?.map(|r| r.value).unwrap_or_default();
    let mut problems = check(new, |noun, code| !tx.is_free(&keys::code(noun, code)));
    let old = all.find(&new.name).cloned();
    match &old {
        None if version > 0 => return Err(not_found(Noun::Rule, &new.name)),
        None if all.rules.len() >= RULES_MAX => {
            let reason = format!("there are {RULES_MAX} rules already, retired ones included");
            problems.invalid("name", reason, "write a retired rule anew under its name");
        }
        Some(_) if version == 0 => {
            let reason = format!("there is a rule {} already", new.name);
            problems.duplicate("name", reason, "change that one, or take another name");
        }
        Some(old) => same_version(Noun::Rule, &new.name, version, old.version)?,
        None => {}
    }
    problems.check()?;
    if old.as_ref().is_some_and(|o| o.text == *new && !o.retired) {
        return Err(nothing_to_change(Noun::Rule, &new.name));
    }
    let rule = HouseRule {
        text: new.clone(),
        version: version.saturating_add(1),
        retired: false,
        by: call.actor.name.clone(),
        at: call.now,
    };
    match all.rules.iter_mut().find(|r| r.text.name == new.name) {
        Some(place) => *place = rule,
        None => all.rules.push(rule),
    }
    if serde_json::to_vec(&all).map_or(usize::MAX, |b| b.len()) > BYTES_MAX {
        let problem = Problem::whole(
            "all rules together are too long to be kept",
            "shorten messages and lists of values",
        );
        return Err(Refusal::new(RefusalCode::TooLarge, problem));
    }
    tx.save(&key, &all)?;
    let mut changes = Changes::new();
    let before = old.as_ref().map(|o| &o.text);
    changes.option(
        "rule",
        before.map(RuleText::in_words).as_ref(),
        Some(&new.in_words()),
        String::clone,
    );
    changes.option("message", before.map(|o| &o.message), Some(&new.message), String::clone);
    changes.option("remedy", before.map(|o| &o.remedy), Some(&new.remedy), String::clone);
    let (kind, word) = if old.is_some() {
        (EventKind::Updated, "changed")
    } else {
        (EventKind::Created, "written")
    };
    let sentence = format!(
        "rule {} {word}: {}; QA runs again before the next deploys",
        new.name,
        new.in_words()
    );
    Ok(call.finish(
        tx,
        changes.event(kind, subject(Noun::Rule, &new.name, &new.name), &sentence),
    ))
}

/// Takes a rule out of force.
pub fn retire(call: &Call<'_>, name: &str, version: u64) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let key = keys::house_rules();
    let mut all = tx.load::<HouseRules>(&key)?.map(|r| r.value).unwrap_or_default();
    let Some(rule) = all.rules.iter_mut().find(|r| r.text.name == name) else {
        return Err(not_found(Noun::Rule, name));
    };
    same_version(Noun::Rule, name, version, rule.version)?;
    if rule.retired {
        return Err(nothing_to_change(Noun::Rule, name));
    }
    rule.retired = true;
    rule.version = rule.version.saturating_add(1);
    rule.by.clone_from(&call.actor.name);
    rule.at = call.now;
    tx.save(&key, &all)?;
    let sentence = format!("rule {name} retired; QA runs again before the next deploys");
    let about = subject(Noun::Rule, name, name);
    Ok(call.finish(tx, Changes::new().event(EventKind::Retired, about, &sentence)))
}

/// Everything wrong with a rule. `is_code` tells whether a noun has a code, former ones included.
pub fn check(rule: &RuleText, mut is_code: impl FnMut(Noun, &Code) -> bool) -> Problems {
    let mut problems = Problems::new();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
    let length = rule.name.len();
    if !(2..=NAME_MAX).contains(&length)
        || !rule.name.chars().all(fits)
        || !rule.name.starts_with(|c: char| c.is_ascii_lowercase())
    {
        let remedy = format!("2 to {NAME_MAX} of a-z, 0-9, _ and ., a letter first: promo.no_gambling");
        problems.invalid("name", format!("\"{}\" is no name of a rule", rule.name), remedy);
    }
    text::line(&mut problems, "message", &rule.message, 0, WORDS_MAX);
    text::line(&mut problems, "remedy", &rule.remedy, 0, WORDS_MAX);
    if rule.when.is_empty() && !matches!(rule.then, Effect::Require(_)) {
        let remedy = "give at least one condition; `hold` stops an account, a platform or everything";
        problems.invalid("when", "without a condition it would mean every ticket", remedy);
    }
    if rule.when.len() > CONDITIONS_MAX {
        problems.invalid(
            "when",
            format!("more than {CONDITIONS_MAX} conditions"),
            "make two rules of it",
        );
    }
    for (n, condition) in rule.when.iter().enumerate() {
        of_condition(&mut problems, &format!("when[{n}]"), condition, &mut is_code);
    }
    if let Effect::Require(condition) = &rule.then {
        of_condition(&mut problems, "then", condition, &mut is_code);
    }
    problems
}

fn of_condition(
    problems: &mut Problems,
    at: &str,
    condition: &Condition,
    is_code: &mut impl FnMut(Noun, &Code) -> bool,
) {
    let Condition { field, test, values } = condition;
    let is_path = field.strip_prefix(PAYLOAD).is_some_and(|path| {
        path.len() <= PATH_MAX && path.split('.').all(|key| !key.is_empty()) && !path.contains(char::is_whitespace)
    });
    if !is_path && !FIELDS.iter().any(|(name, _)| name == field) {
        let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        let remedy = format!(
            "known are {}, and paths such as payload.ad_set.daily_budget",
            known.join(", ")
        );
        problems.invalid(at, format!("\"{field}\" is no field"), remedy);
    }
    match values.len() {
        0 if !test.stands_alone() => {
            problems.invalid(at, format!("`{}` needs a value", test.as_str()), "give one or more");
        }
        n if n > 0 && test.stands_alone() => {
            problems.invalid(at, format!("`{}` takes no value", test.as_str()), "leave it out");
        }
        n if n > 1 && test.wants_number() => {
            problems.invalid(at, format!("`{}` takes one number", test.as_str()), "give one");
        }
        n if n > VALUES_MAX => problems.invalid(at, format!("more than {VALUES_MAX} values"), "make two rules of it"),
        _ => {}
    }
    for value in values {
        text::line(problems, at, value, 1, VALUE_MAX);
        if let Some(remedy) = unknown(field, *test, value, is_code) {
            problems.invalid(at, format!("\"{value}\" is no {field}"), remedy);
        }
    }
}

/// What to do about a value that can never be met: a typing mistake must not make a rule that judges nothing.
fn unknown(field: &str, test: Test, value: &str, is_code: &mut impl FnMut(Noun, &Code) -> bool) -> Option<String> {
    if test.wants_number() {
        return value
            .parse::<Decimal>()
            .err()
            .map(|_| "give a number: 500 or 12.50".to_owned());
    }
    if !matches!(test, Test::Is | Test::IsNot) {
        return None;
    }
    let mut coded = |noun: Noun| {
        let known = value
            .to_uppercase()
            .parse::<Code>()
            .is_ok_and(|code| is_code(noun, &code));
        (!known).then(|| format!("`{noun} list` shows the codes"))
    };
    let worded = |known: Vec<&str>| {
        let fits = known.iter().any(|k| k.eq_ignore_ascii_case(value));
        (!fits).then(|| format!("one of {}", known.join(", ")))
    };
    match field {
        "brand" => coded(Noun::Brand),
        "market" => coded(Noun::Market),
        "channel" => coded(Noun::Channel),
        "platform" => worded(PlatformId::ALL.iter().map(|p| p.as_str()).collect()),
        "request" => worded(RequestType::ALL.iter().map(|r| r.as_str()).collect()),
        "priority" => worded(Priority::ALL.iter().map(|p| p.as_str()).collect()),
        "brand.family" => worded(vec!["yes", "no"]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::engine::decide::{
        command::CommandKind,
        testkit::{House, admin, trafficker},
    };

    fn rule(name: &str, when: &[&str], then: Effect) -> RuleText {
        RuleText {
            name: name.to_owned(),
            when: when.iter().map(|c| c.parse().unwrap()).collect(),
            then,
            message: String::new(),
            remedy: String::new(),
        }
    }

    fn put(house: &mut House, rule: RuleText, version: u64) -> Result<Commit, Refusal> {
        let rule = Box::new(rule);
        house.world.run(&admin(), CommandKind::RulePut { rule, version })
    }

    #[rstest]
    #[case::name("No", &["brand is DIS"], "name: ")]
    #[case::every_ticket("a.b", &[], "when: without a condition")]
    #[case::brand("a.b", &["brand is DSI"], "when[0]: \"DSI\" is no brand")]
    #[case::platform("a.b", &["brand is DIS", "platform is mtea"], "when[1]: \"mtea\" is no platform")]
    #[case::field("a.b", &["colour is red"], "when[0]: \"colour\" is no field")]
    #[case::path("a.b", &["payload..x is red"], "when[0]: \"payload..x\" is no field")]
    #[case::value("a.b", &["brand is"], "when[0]: `is` needs a value")]
    #[case::no_value("a.b", &["notes is-set x"], "when[0]: `is-set` takes no value")]
    #[case::number("a.b", &["budget.daily above much"], "when[0]: \"much\" is no budget.daily")]
    #[case::one_number("a.b", &["budget.daily above 1, 2"], "when[0]: `above` takes one number")]
    fn what_can_never_work_is_refused_at_its_row(#[case] name: &str, #[case] when: &[&str], #[case] expected: &str) {
        let mut house = House::new().unwrap();
        let refusal = put(&mut house, rule(name, when, Effect::Block), 0).unwrap_err();
        let said: Vec<String> = refusal
            .problems
            .iter()
            .map(|p| format!("{}: {}", p.field.clone().unwrap_or_default(), p.reason))
            .collect();
        assert!(said.iter().any(|s| s.starts_with(expected)), "{said:?}");
    }

    #[test]
    fn a_rule_has_versions_and_comes_back() {
        let mut house = House::new().unwrap();
        let text = rule("a.b", &["brand is DIS"], Effect::Block);
        put(&mut house, text.clone(), 0).unwrap();
        assert_eq!(
            put(&mut house, text.clone(), 0).unwrap_err().code,
            RefusalCode::Duplicate
        );
        assert_eq!(put(&mut house, text.clone(), 7).unwrap_err().code, RefusalCode::Stale);
        assert_eq!(
            put(&mut house, text.clone(), 1).unwrap_err().code,
            RefusalCode::Invalid,
            "nothing would change"
        );
        put(&mut house, rule("a.b", &["brand is DIS"], Effect::Warn), 1).unwrap();
        let retire = |version| CommandKind::RuleRetire {
            name: "a.b".to_owned(),
            version,
        };
        assert_eq!(
            house.world.run(&admin(), retire(1)).unwrap_err().code,
            RefusalCode::Stale
        );
        house.world.run(&admin(), retire(2)).unwrap();
        let (_, all): (u64, HouseRules) = house.world.get(&keys::house_rules()).unwrap();
        assert_eq!(all.in_force().count(), 0);
        put(&mut house, text, 3).unwrap();
        let (_, all): (u64, HouseRules) = house.world.get(&keys::house_rules()).unwrap();
        assert_eq!((all.in_force().count(), all.rules[0].version), (1, 4));
    }

    #[test]
    fn a_change_of_the_rules_voids_what_passed_and_a_retired_one_gives_it_back() {
        let mut house = House::new().unwrap();
        let new = house.new_ticket();
        let id = new.id;
        house.world.run(&trafficker(), CommandKind::TicketCreate(new)).unwrap();
        let basis = |house: &House| house.world.basis(&house.world.ticket(id).unwrap().1);
        let before = basis(&house);
        put(&mut house, rule("a.b", &["brand is DIS"], Effect::Warn), 0).unwrap();
        assert_ne!(basis(&house), before);
        let name = "a.b".to_owned();
        house
            .world
            .run(&admin(), CommandKind::RuleRetire { name, version: 1 })
            .unwrap();
        assert_eq!(basis(&house), before, "nothing of the house is in force again");
    }
}
