//! `rule`: QA rules of the house, written as people say them: `--when "brand is DIS" --require "budget.daily below 500"`.

use clap::{Args, Subcommand};

use super::{
    call::{Call, ask},
    failure::Failure,
    gather::Gather,
    governed,
    output::Table,
};
use crate::engine::{
    api::{
        CommandKind, Request,
        rules::{
            RulesView, Trial,
            house_rule::{Effect, HouseRule, RuleText},
        },
    },
    model::{
        refusal::{Problem, RefusalCode},
        ticket::Severity,
    },
};

/// What can be done with rules.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List the house's rules, and with --all those built in
    List {
        /// Also the rules every build brings along
        #[arg(long)]
        all: bool,
    },
    /// Write a rule: tickets that passed QA have to pass again
    Add(Write),
    /// Show which open tickets a rule would find something in; nothing is saved
    DryRun(Write),
    /// Take a rule out of force; `add --replace` brings it back
    Retire {
        /// Its name
        name: String,
    },
}

/// A rule. Of one that is there already, nothing but the name has to be given to try it.
#[derive(Debug, Args)]
pub struct Write {
    /// Its name, such as promo.no_gambling; findings call it house.promo.no_gambling
    pub name: String,
    /// A condition, such as "brand is DIS, ACM" or "payload contains casino"; repeat it, all have to hold
    #[arg(long, value_name = "FIELD TEST VALUES")]
    pub when: Vec<String>,
    /// Block the deploy (as if nothing else is said)
    #[arg(long, group = "then")]
    pub block: bool,
    /// Only warn
    #[arg(long, group = "then")]
    pub warn: bool,
    /// Block the deploy unless this holds too
    #[arg(long, group = "then", value_name = "FIELD TEST VALUES")]
    pub require: Option<String>,
    /// What a finding says; the rule in words where absent
    #[arg(long, default_value = "", hide_default_value = true)]
    pub message: String,
    /// What a finding advises
    #[arg(long, default_value = "", hide_default_value = true)]
    pub remedy: String,
    /// Write the rule of this name anew, or bring it back
    #[arg(long)]
    pub replace: bool,
}

/// Carries out a verb.
pub async fn run(call: &mut Call, verb: Verb) -> Result<(), Failure> {
    match verb {
        Verb::List { all } => list(call, all).await,
        Verb::Add(args) => {
            let view = rules(call).await?;
            let rule = read(&args, &view)?;
            let there = view.house.find(&rule.name);
            if there.is_some() && !args.replace {
                return Err(Failure::refused(
                    RefusalCode::Duplicate,
                    Problem::at(
                        "name",
                        format!("there is a rule {} already", rule.name),
                        "--replace writes it anew; `rule dry-run` shows first what it would hit",
                    ),
                ));
            }
            let version = there.map_or(0, |r| r.version);
            let rule = Box::new(rule);
            call.act_and_tell(CommandKind::RulePut { rule, version }).await
        }
        Verb::DryRun(args) => {
            let rule = read(&args, &rules(call).await?)?;
            let trial: Trial = *ask!(call, Request::TryRule(Box::new(rule)), Trial)?;
            show_trial(call, &trial);
            Ok(())
        }
        Verb::Retire { name } => {
            let view = rules(call).await?;
            let version = view.house.find(&name).map_or(0, |r| r.version);
            let what = format!("retire the rule {name}");
            let next = vec!["tickets that passed QA have to pass again before they are deployed".to_owned()];
            call.confirm(&what, &next).await?;
            call.act_and_tell(CommandKind::RuleRetire { name, version }).await
        }
    }
}

async fn rules(call: &Call) -> Result<RulesView, Failure> {
    Ok(*ask!(call, Request::Rules, Rules)?)
}

/// The rule that was written; the saved one where nothing but its name was.
fn read(args: &Write, view: &RulesView) -> Result<RuleText, Failure> {
    let silent = args.when.is_empty() && !args.block && !args.warn && args.require.is_none();
    if let Some(saved) = view.house.find(&args.name).filter(|_| silent) {
        return Ok(saved.text.clone());
    }
    let mut g = Gather::default();
    let mut when = Vec::new();
    for (n, text) in args.when.iter().enumerate() {
        when.extend(g.parse(&format!("when[{n}]"), text));
    }
    let then = match &args.require {
        Some(text) => g.parse("then", text).map(Effect::Require),
        None if args.warn => Some(Effect::Warn),
        None => Some(Effect::Block),
    };
    match then {
        Some(then) if g.is_clean() => Ok(RuleText {
            name: args.name.clone(),
            when,
            then,
            message: args.message.clone(),
            remedy: args.remedy.clone(),
        }),
        _ => Err(g.failure()),
    }
}

async fn list(call: &mut Call, all: bool) -> Result<(), Failure> {
    let view = rules(call).await?;
    let mut table = Table::new(
        ["name", "what it says", "state", "version", "by"],
        "no rules of the house yet: write one with `rule add`; `rule list --all` shows those built in",
    );
    for rule in &view.house.rules {
        table.row([
            rule.text.name.clone(),
            rule.text.in_words(),
            state(rule).to_owned(),
            rule.version.to_string(),
            rule.by.clone(),
        ]);
    }
    if all {
        for rule in &view.built_in {
            let severity = match rule.severity {
                Severity::Error => "blocks",
                Severity::Warning => "warns",
            };
            table.row([
                rule.id.clone(),
                rule.message.clone(),
                format!("built in, {severity}"),
                String::new(),
                String::new(),
            ]);
        }
        call.out.one("rules", &view, &table);
        return Ok(());
    }
    call.out.many(
        "rules",
        &view.house.rules,
        governed::count(view.house.rules.len()),
        &table,
    );
    Ok(())
}

const fn state(rule: &HouseRule) -> &'static str {
    if rule.retired { "retired" } else { "in force" }
}

fn show_trial(call: &mut Call, trial: &Trial) {
    let mut table = Table::new(
        ["no", "status", "field", "finding", "name"],
        "no open ticket would be found",
    );
    for hit in &trial.hits {
        table.row([
            hit.no.to_string(),
            hit.status.to_string(),
            hit.finding.field.to_string(),
            hit.finding.message.clone(),
            hit.name.clone(),
        ]);
    }
    call.out.one("trial", trial, &table);
    let (judged, hit, ready) = (trial.judged, trial.hit, trial.ready);
    call.out.say(&format!(
        "{judged} open tickets looked at: {hit} found, {ready} of them ready or deploying"
    ));
}
