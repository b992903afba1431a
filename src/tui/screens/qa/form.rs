//! The rule builder: IF, AND, THEN as rows of a form. A rule is put together here and judged by the engine's dry run,
//! which refuses what is wrong at its row.

use super::{model::Wish, paths, trial};
use crate::{
    engine::api::rules::house_rule::{
        CONDITIONS_MAX, Condition, Effect as Then, FIELDS, HouseRule, PAYLOAD, RuleText, Test, split_values,
    },
    tui::{
        app::{Effect, Model},
        form::{Choice, Field, FieldKind, Form},
        overlay::{FormFor, FormOverlay, Overlay},
    },
};

/// The choice that unfolds the field for a path.
const PATH: &str = "path";
/// The field a path is typed into, where there is no list to choose it from.
const FREE: &str = "free";
/// Longest line of values.
const LINE_MAX: usize = 1000;

/// Opens the builder, on a rule or empty.
pub fn open(model: &mut Model, rule: Option<&HouseRule>) -> Vec<Effect> {
    let effects = paths::ask(model);
    let known = model.screens.qa.paths.choices();
    let text = rule.map(|r| &r.text);
    let name = text.map_or("", |t| t.name.as_str());
    let mut fields = vec![
        Field::text("name", "Name", 40, name)
            .locked(rule.is_some())
            .help("Small letters, digits, _ and . as in promo.no_gambling. Findings call it house.promo.no_gambling."),
    ];
    for n in 0..CONDITIONS_MAX {
        let word = if n == 0 { "IF" } else { "AND" };
        let now = text.and_then(|t| t.when.get(n));
        fields.extend(condition(&format!("when[{n}]"), word, now, &known));
    }
    let outcomes = vec![
        Choice::new("block", "block", "the ticket may not be deployed"),
        Choice::new("warn", "warn", "QA tells, nothing is blocked"),
        Choice::new(
            "require",
            "require",
            "the ticket may be deployed only if this holds too",
        ),
    ];
    let (chosen, required) = match text.map(|t| &t.then) {
        Some(Then::Warn) => ("warn", None),
        Some(Then::Require(condition)) => ("require", Some(condition)),
        Some(Then::Block) | None => ("block", None),
    };
    fields.push(
        Field::choice("then", "THEN", outcomes, Some(chosen)).help("What happens to a ticket all of it holds for."),
    );
    fields.extend(condition("then", "IT NEEDS", required, &known));
    let said = text.map_or("", |t| t.message.as_str());
    let advice = text.map_or("", |t| t.remedy.as_str());
    fields.push(Field::text("message", "Message", 300, said).help("What a finding says; empty: the rule in words."));
    fields.push(Field::text("remedy", "Remedy", 300, advice).help("What a finding advises."));
    let title = text.map_or_else(|| "New rule".to_owned(), |t| format!("Rule {}", t.name));
    let mut form = Form::new(&title, "Try it on all open tickets, then ask", fields);
    fold(&mut form);
    let version = rule.map_or(0, |r| r.version);
    let name = name.to_owned();
    model.open(Overlay::Form(Box::new(FormOverlay::new(
        form,
        FormFor::Rule { name, version },
    ))));
    effects
}

/// The paths are here: they are chosen now, not typed. What was typed before stays, as a row of its own.
pub fn paths_known(model: &mut Model) {
    let known = model.screens.qa.paths.choices();
    let Some(Overlay::Form(overlay)) = model.overlays.last_mut() else {
        return;
    };
    if !matches!(overlay.purpose, FormFor::Rule { .. }) || known.is_empty() {
        return;
    }
    for key in keys() {
        let free = format!("{key}.{FREE}");
        let typed = overlay.form.value(&free);
        let path = format!("{key}.path");
        let chosen = Some(overlay.form.value(&path))
            .filter(|p| !p.is_empty())
            .unwrap_or(typed);
        if let Some(Field {
            kind: FieldKind::Choice(combo),
            ..
        }) = overlay.form.field_mut(&path)
        {
            combo.set_options(with_own(&known, &chosen));
            combo.chosen = Some(chosen.clone()).filter(|c| !c.is_empty());
        }
        if let Some(field) = overlay.form.field_mut(&free) {
            field.set("");
        }
        // What the form began with has moved, and was not changed by anybody.
        if let Some(start) = overlay.keeping.start.get_mut(&free).map(std::mem::take)
            && !start.is_empty()
        {
            overlay.keeping.start.insert(path, start);
        }
    }
    fold(&mut overlay.form);
    model.touch();
}

/// Rows of paths, with one that no platform's list has, if the rule looks there already.
fn with_own(known: &[Choice], own: &str) -> Vec<Choice> {
    let mut rows = known.to_vec();
    if !known.is_empty() && !own.is_empty() && known.iter().all(|c| c.key != own) {
        rows.push(Choice::new(own, own, "in no platform's field list"));
    }
    rows
}

fn keys() -> impl Iterator<Item = String> {
    let when = (0..CONDITIONS_MAX).map(|n| format!("when[{n}]"));
    when.chain(std::iter::once("then".to_owned()))
}

/// The three rows of a condition: what, how, against what.
fn condition(key: &str, word: &str, now: Option<&Condition>, known: &[Choice]) -> Vec<Field> {
    let mut options: Vec<Choice> = FIELDS
        .iter()
        .map(|(name, help)| Choice::new(*name, name, help))
        .collect();
    options.push(Choice::new(PATH, "one field of the payload", "by its path"));
    let path = now.map(|c| c.field.as_str()).filter(|f| f.starts_with(PAYLOAD));
    let field = now.map(|c| if path.is_some() { PATH } else { c.field.as_str() });
    let rows = with_own(known, path.unwrap_or_default());
    // Typed only where no field list is here to choose from.
    let typed = path.filter(|_| known.is_empty()).unwrap_or_default();
    let tests = Test::ALL.map(|t| Choice::new(t.as_str(), t.as_str(), "")).to_vec();
    let values = now.map(|c| c.values.join(", ")).unwrap_or_default();
    vec![
        Field::choice(&format!("{key}.field"), word, options, field)
            .help("What is looked at. Backspace takes the condition away."),
        Field::choice(&format!("{key}.path"), "  path", rows, path)
            .help("Type to find a field of any platform by its path or name."),
        Field::text(&format!("{key}.{FREE}"), "  path", 120, typed)
            .help("As findings and the payload name it: payload.ad_set.daily_budget"),
        Field::choice(&format!("{key}.test"), "  how", tests, now.map(|c| c.test.as_str())),
        Field::text(&format!("{key}.value"), "  values", LINE_MAX, &values)
            .help("Commas between several; one of them is enough."),
    ]
}

/// Shows the rows that mean something now: one free condition, a path where one is wanted, what is required.
fn fold(form: &mut Form) {
    let mut free = true;
    let mut keys: Vec<(String, bool)> = Vec::new();
    for n in 0..CONDITIONS_MAX {
        let key = format!("when[{n}]");
        keys.push((key.clone(), free));
        free &= !form.value(&format!("{key}.field")).is_empty();
    }
    keys.push(("then".to_owned(), form.value("then") == "require"));
    for (key, shown) in keys {
        let field = form.value(&format!("{key}.field"));
        let listed = has_rows(form, &format!("{key}.path"));
        let alone = test(&form.value(&format!("{key}.test"))).is_some_and(Test::stands_alone);
        let rows = [
            ("field", shown),
            ("path", shown && field == PATH && listed),
            (FREE, shown && field == PATH && !listed),
            ("test", shown && !field.is_empty()),
            ("value", shown && !field.is_empty() && !alone),
        ];
        for (part, shown) in rows {
            if let Some(field) = form.field_mut(&format!("{key}.{part}")) {
                field.hidden = !shown;
            }
        }
    }
}

fn has_rows(form: &Form, key: &str) -> bool {
    matches!(form.field(key).map(|f| &f.kind), Some(FieldKind::Choice(c)) if !c.options.is_empty())
}

fn test(word: &str) -> Option<Test> {
    Test::ALL.into_iter().find(|t| t.as_str() == word)
}

/// A field changed: rows that hang on it unfold.
pub fn changed(model: &mut Model) {
    if let Some(Overlay::Form(overlay)) = model.overlays.last_mut() {
        fold(&mut overlay.form);
    }
}

/// The rule in a form; `None` where a row is not complete, which is said there.
fn read(form: &mut Form) -> Option<RuleText> {
    let mut when = Vec::new();
    let mut whole = true;
    for n in 0..CONDITIONS_MAX {
        match read_condition(form, &format!("when[{n}]")) {
            Ok(condition) => when.extend(condition),
            Err(()) => whole = false,
        }
    }
    let then = match form.value("then").as_str() {
        "warn" => Then::Warn,
        "require" => match read_condition(form, "then") {
            Ok(Some(condition)) => Then::Require(condition),
            Ok(None) => {
                whole = false;
                refuse(form, "then.field", "choose what is needed");
                Then::Block
            }
            Err(()) => {
                whole = false;
                Then::Block
            }
        },
        _ => Then::Block,
    };
    whole.then(|| RuleText {
        name: form.value("name"),
        when,
        then,
        message: form.value("message"),
        remedy: form.value("remedy"),
    })
}

fn read_condition(form: &mut Form, key: &str) -> Result<Option<Condition>, ()> {
    let chosen = form.value(&format!("{key}.field"));
    if chosen.is_empty() {
        return Ok(None);
    }
    let field = if chosen == PATH {
        let chosen = form.value(&format!("{key}.path"));
        let path = if chosen.is_empty() {
            form.value(&format!("{key}.{FREE}"))
        } else {
            chosen
        };
        if path.is_empty() {
            let part = if has_rows(form, &format!("{key}.path")) {
                "path"
            } else {
                FREE
            };
            refuse(form, &format!("{key}.{part}"), "choose which field of the payload");
            return Err(());
        }
        path
    } else {
        chosen
    };
    let Some(test) = test(&form.value(&format!("{key}.test"))) else {
        refuse(form, &format!("{key}.test"), "choose how it compares");
        return Err(());
    };
    let values = if test.stands_alone() {
        Vec::new()
    } else {
        split_values(&form.value(&format!("{key}.value")))
    };
    Ok(Some(Condition { field, test, values }))
}

fn refuse(form: &mut Form, key: &str, words: &str) {
    if let Some(field) = form.field_mut(key) {
        field.problem = Some(crate::engine::model::sanitise::sanitise(words));
    }
}

/// The form is handed in: first the dry run, then the question, then it is saved.
pub fn submitted(model: &mut Model, version: u64) -> Vec<Effect> {
    let Some(Overlay::Form(overlay)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    let Some(text) = read(&mut overlay.form) else {
        overlay.form.focus_problem();
        return Vec::new();
    };
    overlay.form.busy = true;
    trial::ask(model, Wish::Save(text, version))
}
