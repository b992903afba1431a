//! What a form does with commands and letters, without a screen.

use super::{
    field::{Choice, Field},
    model::{Form, FormEvent},
};
use crate::{
    engine::model::{
        refusal::{Problem, Refusal},
        sanitise::sanitise,
        time::Day,
    },
    tui::command::Cmd,
};

fn form() -> Form {
    Form::new(
        "New market",
        "Create",
        vec![
            Field::note("", "Codes are stable."),
            Field::text("code", "Code", 16, ""),
            Field::choice(
                "region",
                "Region",
                vec![Choice::new("E", "EMEA", ""), Choice::new("A", "AMER", "")],
                None,
            ),
            Field::flag("live", "Live", false),
            Field::date("from", "From", None),
        ],
    )
}

fn today() -> Day {
    "2026-11-20".parse().unwrap()
}

#[test]
fn a_form_is_filled_without_a_mouse() {
    let mut f = form();
    assert_eq!(f.focused().unwrap().key, "code");
    assert_eq!(f.insert("DE"), FormEvent::Changed("code".into()));
    f.run(Cmd::FormNext, today());
    assert_eq!(f.insert("am"), FormEvent::None);
    assert_eq!(f.run(Cmd::FormNext, today()), FormEvent::Changed("region".into()));
    assert_eq!(f.run(Cmd::FormToggle, today()), FormEvent::Changed("live".into()));
    f.run(Cmd::FormNext, today());
    f.insert("+1d");
    f.run(Cmd::FormNext, today());
    assert!(f.focused().is_none(), "the submit row");
    assert_eq!(f.run(Cmd::FormEnter, today()), FormEvent::Submit);
    let values: Vec<_> = ["code", "region", "live", "from"].map(|k| f.value(k)).into();
    assert_eq!(values, ["DE", "A", "yes", "2026-11-21"]);
}

#[test]
fn a_wrong_date_keeps_the_form_and_takes_the_focus() {
    let mut f = form();
    f.focus_on("from");
    f.insert("soon");
    assert_eq!(f.run(Cmd::FormSubmit, today()), FormEvent::None);
    assert_eq!(f.focused().unwrap().key, "from");
    assert!(f.focused().unwrap().problem.is_some());
}

#[test]
fn a_refusal_lands_on_its_fields_and_the_rest_above_submit() {
    let mut f = form();
    f.refuse(&Refusal::invalid(vec![
        Problem::whole("no room", ""),
        Problem::at("region.name", "unknown", "choose one"),
    ]));
    assert_eq!(f.focused().unwrap().key, "region");
    assert_eq!(f.problem_count(), 2);
}

#[test]
fn esc_closes_the_list_before_the_form() {
    let mut f = form();
    f.focus_on("region");
    f.run(Cmd::FormOptionDown, today());
    assert_eq!(f.run(Cmd::FormCancel, today()), FormEvent::None);
    f.insert("x");
    f.run(Cmd::FormNext, today());
    f.run(Cmd::FormBack, today());
    assert_eq!(
        f.run(Cmd::FormCancel, today()),
        FormEvent::None,
        "letters that fit nothing are dropped first"
    );
    assert_eq!(f.problem_count(), 0);
    assert_eq!(f.run(Cmd::FormCancel, today()), FormEvent::Cancel);
}

#[test]
fn walking_through_a_form_changes_nothing() {
    let mut f = form();
    let before: Vec<_> = f.fields.iter().map(Field::value).collect();
    for cmd in [
        Cmd::FormDown,
        Cmd::FormNext,
        Cmd::FormUp,
        Cmd::FormBack,
        Cmd::FormEnter,
        Cmd::FormSectionNext,
    ] {
        for _ in 0..8 {
            f.run(cmd, today());
            if f.focused().is_none() {
                f.run(Cmd::FormUp, today());
            }
        }
    }
    f.focus_on("region");
    f.insert(" ");
    f.run(Cmd::FormNext, today());
    assert_eq!(f.fields.iter().map(Field::value).collect::<Vec<_>>(), before);
    assert!(!f.touched);
}

#[rstest::rstest]
#[case::opened_and_moved(&[Cmd::FormOptionDown, Cmd::FormDown, Cmd::FormNext], "A")]
#[case::opened_and_entered(&[Cmd::FormOptionDown, Cmd::FormEnter], "E")]
#[case::only_opened(&[Cmd::FormOptionDown, Cmd::FormNext], "")]
fn a_row_is_taken_on_purpose(#[case] cmds: &[Cmd], #[case] taken: &str) {
    let mut f = form();
    f.focus_on("region");
    for cmd in cmds {
        f.run(*cmd, today());
    }
    assert_eq!(
        (f.value("region").as_str(), f.focused().unwrap().key.as_str()),
        (taken, "live")
    );
}

#[test]
fn letters_that_fit_no_row_stay_and_say_so() {
    let mut f = form();
    f.focus_on("region");
    f.insert("mars");
    f.run(Cmd::FormEnter, today());
    let field = f.focused().unwrap();
    assert_eq!(field.key, "region", "Enter stays");
    assert!(
        field
            .problem
            .as_ref()
            .unwrap()
            .as_str()
            .contains("\"mars\" fits no row")
    );
    f.run(Cmd::FormNext, today());
    assert_eq!(f.focused().unwrap().key, "live", "Tab goes on");
    assert_eq!(f.run(Cmd::FormSubmit, today()), FormEvent::None);
    assert_eq!(f.focused().unwrap().key, "region");
    for _ in 0..4 {
        f.run(Cmd::FieldBackspace, today());
    }
    assert_eq!(f.problem_count(), 0);
    f.run(Cmd::FormDown, today());
    assert_eq!(
        f.focused().unwrap().key,
        "live",
        "no letters, no list: arrows walk again"
    );
    f.focus_on("region");
    f.insert("mars");
    f.run(Cmd::FormUp, today());
    assert_eq!(f.focused().unwrap().key, "code", "a list without rows holds nobody");
}

#[test]
fn handing_in_takes_what_was_typed_and_tells_its_owner_first() {
    let mut f = form();
    f.focus_on("region");
    f.insert("am");
    assert_eq!(
        f.run(Cmd::FormSubmit, today()),
        FormEvent::ChangedThenSubmit("region".into())
    );
    assert_eq!(f.value("region"), "A");
    assert_eq!(f.run(Cmd::FormSubmit, today()), FormEvent::Submit);
}

#[test]
fn sections_and_marks_are_jumped_to() {
    let mut f = form();
    f.fields.insert(3, Field::heading("more", "MORE"));
    f.run(Cmd::FormSectionNext, today());
    assert_eq!(f.focused().unwrap().key, "live");
    f.run(Cmd::FormSectionBack, today());
    assert_eq!(f.focused().unwrap().key, "code");
    f.field_mut("from").unwrap().remark = sanitise("too early");
    f.field_mut("region").unwrap().remark = sanitise("unknown");
    for expected in ["region", "from", "region"] {
        f.run(Cmd::FormMarkNext, today());
        assert_eq!(f.focused().unwrap().key, expected);
    }
    f.run(Cmd::FormMarkBack, today());
    assert_eq!(f.focused().unwrap().key, "from");
}

#[test]
fn an_amount_may_be_typed_with_the_code_the_field_shows() {
    use crate::engine::model::money::Currency;
    let currency: Currency = "USD".parse().unwrap();
    let amount = |typed: &str| {
        let mut field = Field::money("budget", "Budget", Some(currency), None);
        field.set(typed);
        field.money_value().map(|m| m.map(|m| m.to_string()))
    };
    for typed in ["300", "USD 300", "usd 300.00", "USD300", " USD  300 "] {
        assert_eq!(amount(typed), Ok(Some("USD 300.00".to_owned())), "{typed}");
    }
    assert!(
        amount("EUR 300").is_err() && amount("USD").is_err(),
        "another currency is no amount of this one"
    );
}
