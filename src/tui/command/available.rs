//! When a command is possible, and why not otherwise. Pure; the engine decides again, with the same words at best.

use super::table::Reason;
use crate::{
    engine::{
        api::card::{Card, DeployCard},
        model::{
            actor::Role,
            deploy::{StepState, Why},
            ticket::Status,
        },
    },
    tui::{
        app::model::Model,
        screens::{
            self, ScreenId,
            board::view::word,
            copilot::model::{Copilot, Phase},
            governance::model::RowId,
        },
    },
};

/// Always.
pub fn always(_: &Model) -> Result<(), Reason> {
    Ok(())
}

fn card(model: &Model) -> Result<&Card, Reason> {
    screens::selected_card(model).ok_or_else(|| "no ticket is selected".to_owned())
}

fn expect(model: &Model, allowed: &[Status], can: &str) -> Result<(), Reason> {
    let card = card(model)?;
    if allowed.contains(&card.status) {
        return Ok(());
    }
    let words: Vec<_> = allowed.iter().map(|s| word(*s)).collect();
    Err(format!(
        "{} is {}; only {} tickets can be {can}",
        card.no,
        word(card.status),
        words.join(" or ")
    ))
}

/// A ticket is selected.
pub fn ticket(model: &Model) -> Result<(), Reason> {
    card(model).map(|_| ())
}

/// Tickets are marked.
pub fn marked(model: &Model) -> Result<(), Reason> {
    if model.marks.is_empty() {
        return Err("nothing is marked; Space marks".to_owned());
    }
    Ok(())
}

/// The ticket table is shown.
pub fn ticket_table(model: &Model) -> Result<(), Reason> {
    if model.screen == ScreenId::Tickets {
        Ok(())
    } else {
        Err("a view is of the ticket table: 2 shows it".to_owned())
    }
}

/// A form was not handed in.
pub fn drafts(model: &Model) -> Result<(), Reason> {
    if !model.drafts.left.is_empty() {
        return Ok(());
    }
    Err("there are no drafts: every form was handed in or dropped".to_owned())
}

/// Something was done to many tickets.
pub fn reported(model: &Model) -> Result<(), Reason> {
    if model.bulk.last.is_some() {
        return Ok(());
    }
    Err("nothing was done to many tickets yet".to_owned())
}

/// A row is selected.
pub fn row_selected(model: &Model) -> Result<(), Reason> {
    if screens::row_text(model).is_some() {
        Ok(())
    } else {
        Err("no row is selected".to_owned())
    }
}

/// The screen has a filter.
pub fn filterable(model: &Model) -> Result<(), Reason> {
    if screens::filter_text(model).is_some() {
        Ok(())
    } else {
        Err("nothing to filter here".to_owned())
    }
}

/// QA may run.
pub fn qa(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::Draft, Status::QaFailed], "checked")
}

/// The ticket may be deployed.
pub fn ready(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::ReadyForApi], "deployed (t runs QA)")?;
    let card = card(model)?;
    if card.waits_for_approval() {
        let (given, needed) = (card.approvals.given, card.approvals.needed);
        return Err(format!("{} waits for approval: it has {given} of {needed}", card.no));
    }
    Ok(())
}

/// The ticket waits for an approver, and this person is one.
pub fn approve(model: &Model) -> Result<(), Reason> {
    decline(model)?;
    let card = card(model)?;
    if card.waits_for_approval() {
        return Ok(());
    }
    Err(match card.approvals.needed {
        0 => format!("no rule asks for approval of {}", card.no),
        n => format!("{} has all {n} approvals", card.no),
    })
}

/// The ticket may be sent back, and this person may do that.
pub fn decline(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::ReadyForApi], "approved or declined")?;
    least(model, Role::Approver)
}

/// Somebody with this role or a higher one.
fn least(model: &Model, needed: Role) -> Result<(), Reason> {
    match model.session.overview.get() {
        Some(facts) if facts.actor.role < needed => {
            Err(format!("asks for the role {needed}; yours is {}", facts.actor.role))
        }
        _ => Ok(()),
    }
}

/// Something may be changed from here at all.
pub fn changes(model: &Model) -> Result<(), Reason> {
    model.session.read_only().map_or(Ok(()), Err)
}

/// The form on top has a payload that may be written as text.
pub fn payload_text(model: &Model) -> Result<(), Reason> {
    crate::tui::payload::update::possible(model)
}

/// The deploy may be taken up again.
pub fn retry(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::Failed, Status::Deploying], "retried")
}

/// The ticket may be called off.
pub fn cancel(model: &Model) -> Result<(), Reason> {
    let card = card(model)?;
    if card.status == Status::Cancelled {
        return Err(format!("{} is cancelled already", card.no));
    }
    if card.status == Status::TraffickedSuccess {
        return Err(format!(
            "{} is live; write a pause or archive ticket for it instead",
            card.no
        ));
    }
    Ok(())
}

/// A deploy runs that may be stopped or let go on.
pub fn hold(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::Deploying], "paused or resumed")
}

/// True when the ticket's deploy is paused now.
pub fn is_paused(card: &Card) -> bool {
    card.deploy
        .as_ref()
        .is_some_and(|d| matches!(d.why, Why::Paused { .. }))
}

/// The ticket may go back to draft.
pub fn withdraw(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::QaTesting, Status::ReadyForApi], "taken back to draft")
}

/// The ticket may be copied: what is over, or a name that will be another.
pub fn copy(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::TraffickedSuccess, Status::Cancelled], "copied")
}

/// The ticket may be removed.
pub fn delete(model: &Model) -> Result<(), Reason> {
    let card = card(model)?;
    if card.deploy.is_some() || card.objects > 0 {
        return Err(format!("{} had a deploy and stays on record; X cancels it", card.no));
    }
    Ok(())
}

fn on(model: &Model, screen: ScreenId) -> Result<(), Reason> {
    if model.screen == screen {
        return Ok(());
    }
    let go = screen.command().record();
    Err(format!(
        "works on the {} screen ({})",
        go.title.to_lowercase(),
        model.keymap.key(go.cmd)
    ))
}

/// The campaigns are shown.
pub fn campaigns(model: &Model) -> Result<(), Reason> {
    on(model, ScreenId::Campaigns)
}

/// A campaign is selected.
pub fn campaign(model: &Model) -> Result<(), Reason> {
    campaigns(model)?;
    row_selected(model)
}

/// A governed value is selected.
pub fn governed(model: &Model) -> Result<(), Reason> {
    on(model, ScreenId::Governance)?;
    row_selected(model)
}

/// A QA rule is selected.
pub fn rule(model: &Model) -> Result<(), Reason> {
    on(model, ScreenId::Qa)?;
    let selected = model.screens.qa.selected();
    selected.map(|_| ()).ok_or_else(|| "no rule is selected".to_owned())
}

/// A finding or a group of them is under the cursor.
pub fn finding_line(model: &Model) -> Result<(), Reason> {
    on(model, ScreenId::Qa)?;
    let selected = model.screens.qa.findings.selected();
    selected.map(|_| ()).ok_or_else(|| "no finding is selected".to_owned())
}

/// QA rules may be written by this person.
pub fn rules(model: &Model) -> Result<(), Reason> {
    on(model, ScreenId::Qa)?;
    least(model, Role::Admin)
}

/// A rule of the house is selected.
pub fn rule_written(model: &Model) -> Result<(), Reason> {
    rule(model)?;
    let built_in = || "it is built in; only rules of the house are changed or tried here".to_owned();
    model.screens.qa.house_rule().map(|_| ()).ok_or_else(built_in)
}

/// The selected rule may be changed by this person.
pub fn house_rule(model: &Model) -> Result<(), Reason> {
    rules(model)?;
    rule_written(model)
}

/// Governed values may be changed by this person.
pub fn govern(model: &Model) -> Result<(), Reason> {
    on(model, ScreenId::Governance)?;
    least(model, Role::Admin)
}

/// The selected value may be changed by this person.
pub fn govern_row(model: &Model) -> Result<(), Reason> {
    govern(model)?;
    row_selected(model)
}

/// A channel or an account is selected.
pub fn checkable(model: &Model) -> Result<(), Reason> {
    governed(model)?;
    match model.screens.selected_governed().map(|row| row.id) {
        Some(RowId::Channel(_) | RowId::Account(..)) => Ok(()),
        _ => Err("only channels and accounts are known to a platform; l goes to their lists".to_owned()),
    }
}

/// The platform may be asked about the ticket.
pub fn validate(model: &Model) -> Result<(), Reason> {
    let allowed = [Status::Draft, Status::QaFailed, Status::ReadyForApi, Status::Failed];
    expect(model, &allowed, "validated")
}

/// The ticket was refused by QA or by its platform.
pub fn heals(model: &Model) -> Result<(), Reason> {
    expect(model, &[Status::QaFailed, Status::Failed], "mended: nothing refused it")
}

/// A proposal is open.
pub fn proposed(model: &Model) -> Result<(), Reason> {
    match crate::tui::screens::detail::proposal::open(&model.screens.detail) {
        Some(_) => Ok(()),
        None => Err("there is no open proposal; f f looks for one".to_owned()),
    }
}

/// What a ticket would send is known.
pub fn planned(model: &Model) -> Result<(), Reason> {
    if model.screens.detail.plan.get().is_some_and(|p| !p.is_empty()) {
        return Ok(());
    }
    Err("open the payload tab first: it shows what would be sent".to_owned())
}

fn deploy_card(model: &Model) -> Result<&DeployCard, Reason> {
    on(model, ScreenId::Deploys)?;
    model
        .screens
        .deploys
        .selected()
        .ok_or_else(|| "no deploy is selected; Tab goes between queue and accounts".to_owned())
}

/// A deploy is selected.
pub fn deploy(model: &Model) -> Result<(), Reason> {
    deploy_card(model).map(|_| ())
}

/// The executor asks a person about the selected deploy.
pub fn deploy_asks(model: &Model) -> Result<(), Reason> {
    if model.screen == ScreenId::Detail {
        let card = card(model)?;
        let asks = |d: &crate::engine::api::card::DeployGlance| d.state == StepState::NeedsOperator;
        if card.status == Status::Deploying && card.deploy.as_deref().is_some_and(asks) {
            return Ok(());
        }
        return Err(format!("{} does not wait for an answer", card.no));
    }
    let card = deploy_card(model)?;
    if card.status == Status::Deploying && card.glance.state == StepState::NeedsOperator {
        Ok(())
    } else {
        Err(format!("{} does not wait for an answer", card.no))
    }
}

/// An account is selected, or a deploy that may be paused or resumed.
pub fn deploy_hold(model: &Model) -> Result<(), Reason> {
    on(model, ScreenId::Deploys)?;
    if model.screens.deploys.selected_lane().is_some() {
        return Ok(());
    }
    deploy_in(model, &[Status::Deploying], "paused or resumed")
}

/// The selected deploy waits for its turn or will.
pub fn deploy_priority(model: &Model) -> Result<(), Reason> {
    deploy_in(model, &[Status::Deploying], "put before others")
}

/// The selected deploy waits or has failed.
pub fn deploy_retry(model: &Model) -> Result<(), Reason> {
    deploy_in(model, &[Status::Deploying, Status::Failed], "retried")
}

/// The selected deploy may be called off.
pub fn deploy_cancel(model: &Model) -> Result<(), Reason> {
    deploy_in(model, &[Status::Deploying, Status::Failed], "cancelled here")
}

fn deploy_in(model: &Model, allowed: &[Status], can: &str) -> Result<(), Reason> {
    let card = deploy_card(model)?;
    if allowed.contains(&card.status) {
        return Ok(());
    }
    Err(format!("{} is {} and cannot be {can}", card.no, word(card.status)))
}

fn copilot(model: &Model, is: impl Fn(&Copilot) -> bool, why: &str) -> Result<(), Reason> {
    on(model, ScreenId::Copilot)?;
    if is(&model.screens.copilot) {
        return Ok(());
    }
    Err(why.to_owned())
}

/// A question waits to be sent.
pub fn copilot_review(model: &Model) -> Result<(), Reason> {
    let waits = |c: &Copilot| c.phase == Phase::Review;
    copilot(model, waits, "no question waits to be sent; i writes one")
}

/// It is known what a question would send.
pub fn copilot_looked(model: &Model) -> Result<(), Reason> {
    copilot(model, |c| c.look.get().is_some(), "there is no question; i writes one")
}

/// A source is selected.
pub fn copilot_source(model: &Model) -> Result<(), Reason> {
    copilot(model, |c| c.pick.id().is_some(), "there is no source")
}

/// An answer is on its way.
pub fn copilot_under_way(model: &Model) -> Result<(), Reason> {
    copilot(model, Copilot::is_under_way, "nothing is on its way")
}

/// A question was asked.
pub fn copilot_asked(model: &Model) -> Result<(), Reason> {
    let asked = |c: &Copilot| c.ask.is_some() && !c.is_under_way();
    copilot(model, asked, "no question was asked, or it is being answered")
}

/// A model answered.
pub fn copilot_answered(model: &Model) -> Result<(), Reason> {
    let answered = |c: &Copilot| c.answer.as_ref().is_some_and(|a| a.answer.is_some());
    copilot(model, answered, "there is no answer of a model")
}

/// No rule was found.
pub fn copilot_no_rule(model: &Model) -> Result<(), Reason> {
    let none = |c: &Copilot| c.answer.as_ref().is_some_and(|a| a.for_the_owner.is_some());
    copilot(model, none, "there is no question for an owner")
}

/// Questions stand in a ticket.
pub fn copilot_ticket(model: &Model) -> Result<(), Reason> {
    copilot(model, |c| c.ticket.is_some(), "no ticket goes along")
}

/// The answer has a number in the journal.
pub fn copilot_recorded(model: &Model) -> Result<(), Reason> {
    let recorded = |c: &Copilot| c.answer.as_ref().is_some_and(|a| a.recorded.is_some());
    copilot(model, recorded, "there is no recorded answer")
}
