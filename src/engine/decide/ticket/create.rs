//! Writing a ticket, and copying one.

use super::{
    super::{
        call::{Call, not_found},
        campaign::{usable_brand, usable_market},
        changes::{Changes, ticket_subject},
        command::NewTicket,
        problems::Problems,
        text,
        tx::Tx,
    },
    load, payload, table, target,
};
use crate::engine::{
    model::{
        approval::Review,
        campaign::Campaign,
        event::{EventKind, Noun},
        governance::{Brand, Channel, Market},
        ids::{CampaignId, TicketId, TicketNo},
        platform::AccountId,
        refusal::{Problem, Refusal, RefusalCode},
        ticket::{RequestType, Status, Ticket},
    },
    store::{
        Commit, NewEvent,
        schema::{Counter, keys},
    },
    taxonomy::{self, Codes},
};

/// Writes a ticket.
pub fn create(call: &Call<'_>, new: &NewTicket) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let ticket = compose(call, &mut tx, new, None)?;
    let event = born(
        &ticket,
        EventKind::TicketCreated,
        &format!("ticket {} written: {}", ticket.no, ticket.name),
    );
    Ok(call.finish(tx, event))
}

/// Copies a ticket into a new draft, perhaps into another campaign.
pub fn copy(call: &Call<'_>, id: TicketId, new_id: TicketId, campaign: Option<CampaignId>) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let origin = load(&mut tx, id)?.value;
    table::require(&origin, table::Act::Clone)?;
    let new = NewTicket {
        id: new_id,
        campaign: campaign.unwrap_or(origin.campaign),
        channel: origin.channel,
        account: Some(origin.account.clone()),
        request: origin.request,
        target: origin.target.as_ref().map(|t| t.no),
        budget: origin.budget,
        flight: origin.flight,
        payload: origin.payload.clone(),
        notes: origin.notes.clone(),
        assignee: origin.assignee.clone(),
        priority: origin.priority,
    };
    let ticket = compose(call, &mut tx, &new, Some(origin.no))?;
    let sentence = format!("ticket {} cloned into {}: {}", origin.no, ticket.no, ticket.name);
    let event = born(&ticket, EventKind::TicketCloned, &sentence);
    Ok(call.finish(tx, event))
}

fn born(ticket: &Ticket, kind: EventKind, sentence: &str) -> NewEvent {
    NewEvent {
        status: Some(Status::Draft),
        ..Changes::new().event(kind, ticket_subject(ticket.id, ticket.no), sentence)
    }
}

/// Checks everything about a new ticket and writes its rows: the draft, its number, its name, and what it refers to.
fn compose(
    call: &Call<'_>,
    tx: &mut Tx<'_>,
    new: &NewTicket,
    cloned_from: Option<TicketNo>,
) -> Result<Ticket, Refusal> {
    let mut problems = Problems::new();
    if !tx.is_free(&keys::ticket(new.id)) {
        problems.push(
            RefusalCode::Duplicate,
            Problem::whole("this ticket exists already", "look at the list again"),
        );
    }
    text::lines(&mut problems, "notes", &new.notes, text::NOTES_MAX);
    text::line(&mut problems, "assignee", &new.assignee, 0, text::LOGIN_MAX);
    payload::check(&mut problems, &new.payload);

    let Some(place) = place(tx, &mut problems, new)? else {
        problems.check()?;
        return Err(not_found(Noun::Campaign, new.campaign));
    };
    let flight = match new.request {
        RequestType::Create => new.flight.or(place.campaign.flight),
        _ => new.flight,
    };
    text::flight(&mut problems, flight);

    let (name, target) = if new.request == RequestType::Create {
        if new.target.is_some() {
            problems.invalid(
                "target",
                "a CREATE ticket changes nothing that exists",
                "leave the target out",
            );
        }
        let name = fresh_name(tx, &mut problems, &place)?;
        (name, None)
    } else {
        let of = target::find(tx, &mut problems, new)?;
        let name = of.as_ref().map_or_else(String::new, |t| t.name.clone());
        (name, of.and_then(|t| target::aim(&mut problems, new.request, &t)))
    };
    if new.request == RequestType::Create {
        name_is_free(tx, &mut problems, &place, &name)?;
    }
    let no = next_no(tx)?;
    problems.check()?;

    let ticket = Ticket {
        id: new.id,
        no,
        campaign: new.campaign,
        channel: new.channel,
        platform: place.channel.platform,
        account: place.account.clone(),
        name,
        request: new.request,
        target,
        status: Status::Draft,
        priority: new.priority,
        budget: new.budget,
        flight,
        payload: new.payload.clone(),
        notes: new.notes.clone(),
        assignee: new.assignee.clone(),
        created_by: call.actor.clone(),
        created_at: call.now,
        updated_by: call.actor.clone(),
        updated_at: call.now,
        qa: None,
        deploy: None,
        created: Vec::new(),
        live_budget: None,
        failure: None,
        cloned_from,
        review: Review::default(),
    };
    if ticket.request == RequestType::Create {
        tx.claim(
            &keys::platform_name(ticket.platform, &ticket.account, &ticket.name),
            ticket.id,
        )?;
    }
    tx.save(&keys::next_ticket_no(), &Counter { n: u64::from(no.0) + 1 })?;
    tx.claim(&keys::ticket_no(no), ticket.id)?;
    tx.refer(&keys::refs(Noun::Campaign, ticket.campaign))?;
    tx.refer(&keys::refs(Noun::Channel, ticket.channel))?;
    tx.refer(&keys::account_refs(ticket.platform, &ticket.account))?;
    tx.save(&keys::ticket(ticket.id), &ticket)?;
    Ok(ticket)
}

/// Where a ticket stands: everything its name is made of, all of it usable.
struct Place {
    campaign: Campaign,
    brand: Brand,
    market: Market,
    channel: Channel,
    account: AccountId,
}

/// Finds the place, or notes everything that is missing or retired.
fn place(tx: &mut Tx<'_>, problems: &mut Problems, new: &NewTicket) -> Result<Option<Place>, Refusal> {
    let campaign = tx.load::<Campaign>(&keys::campaign(new.campaign))?.map(|c| c.value);
    let mut brand = None;
    let mut market = None;
    match &campaign {
        None => problems.invalid("campaign", "there is no such campaign", "choose one from the list"),
        Some(c) => {
            if c.retired {
                problems.invalid(
                    "campaign",
                    format!("campaign {} is retired", c.title),
                    "choose another, or bring it back",
                );
            }
            brand = usable_brand(tx, problems, c.brand)?;
            market = usable_market(tx, problems, c.market)?;
        }
    }
    let channel = tx.load::<Channel>(&keys::channel(new.channel))?.map(|c| c.value);
    let account = match &channel {
        None => {
            problems.invalid("channel", "there is no such channel", "choose one from the list");
            None
        }
        Some(c) => {
            if c.retired {
                problems.invalid(
                    "channel",
                    format!("channel {} is retired", c.code),
                    "choose another, or have an admin bring it back",
                );
            }
            account(tx, problems, c, new)?
        }
    };
    Ok(match (campaign, brand, market, channel, account) {
        (Some(campaign), Some(brand), Some(market), Some(channel), Some(account)) => Some(Place {
            campaign,
            brand,
            market,
            channel,
            account,
        }),
        _ => None,
    })
}

/// The account named, or the only one there is. A change request takes the account of what it changes.
fn account(
    tx: &mut Tx<'_>,
    problems: &mut Problems,
    channel: &Channel,
    new: &NewTicket,
) -> Result<Option<AccountId>, Refusal> {
    let known = || {
        let ids: Vec<&str> = channel.accounts.iter().map(|a| a.id.as_str()).take(8).collect();
        ids.join(", ")
    };
    if let Some(id) = &new.account {
        if channel.account(id).is_some() {
            return Ok(Some(id.clone()));
        }
        problems.invalid(
            "account",
            format!("channel {} has no account {id}", channel.code),
            format!("choose one of {}", known()),
        );
        return Ok(None);
    }
    if new.request != RequestType::Create && new.target.is_some() {
        // A problem with the target is noted where the target is judged.
        let mut aside = Problems::new();
        if let Some(of) = target::find(tx, &mut aside, new)? {
            return Ok(Some(of.account));
        }
    }
    match channel.accounts.as_slice() {
        [only] => Ok(Some(only.id.clone())),
        [] => {
            problems.invalid(
                "account",
                format!("channel {} has no account", channel.code),
                "have an admin add one",
            );
            Ok(None)
        }
        _ => {
            problems.invalid(
                "account",
                format!("channel {} has several accounts", channel.code),
                format!("choose one of {}", known()),
            );
            Ok(None)
        }
    }
}

/// Builds the name and makes sure that it has one reading among the codes registered now.
fn fresh_name(tx: &mut Tx<'_>, problems: &mut Problems, place: &Place) -> Result<String, Refusal> {
    let Place {
        campaign,
        brand,
        market,
        channel,
        ..
    } = place;
    let name = taxonomy::build(&brand.code, &market.code, &channel.code, campaign.year, &campaign.label);
    let mut codes = Codes::default();
    // Absent codes are relied on too: a code registered at the same moment makes this decision run again.
    for (b, m, c) in taxonomy::candidates(&name) {
        if let Some(owner) = tx.owner(&keys::code(Noun::Brand, &b))? {
            codes.brands.extend(owner.parse().ok().map(|id| (b, id)));
        }
        if let Some(owner) = tx.owner(&keys::code(Noun::Market, &m))? {
            codes.markets.extend(owner.parse().ok().map(|id| (m, id)));
        }
        if let Some(owner) = tx.owner(&keys::code(Noun::Channel, &c))? {
            codes.channels.extend(owner.parse().ok().map(|id| (c, id)));
        }
    }
    let expected = taxonomy::Expected {
        brand: campaign.brand,
        market: campaign.market,
        channel: channel.id,
        year: campaign.year,
        label: &campaign.label,
    };
    if let Err(why) = taxonomy::check(&name, &codes, expected) {
        problems.invalid("name", format!("{name}: {why}"), why.remedy());
    }
    Ok(name)
}

/// A name on an account belongs to one CREATE ticket: it is what an object is looked up by after a lost answer.
fn name_is_free(tx: &mut Tx<'_>, problems: &mut Problems, place: &Place, name: &str) -> Result<(), Refusal> {
    let key = keys::platform_name(place.channel.platform, &place.account, name);
    let Some(owner) = tx.owner(&key)? else {
        return Ok(());
    };
    let holder = owner
        .parse()
        .ok()
        .and_then(|id| tx.peek::<Ticket>(&keys::ticket(id)))
        .map_or_else(|| "another ticket".to_owned(), |t| format!("ticket {}", t.no));
    problems.duplicate(
        "name",
        format!("{name} is taken on account {} by {holder}", place.account),
        format!("work with {holder}, or choose another campaign, channel or account"),
    );
    Ok(())
}

fn next_no(tx: &mut Tx<'_>) -> Result<TicketNo, Refusal> {
    let next = tx.count(&keys::next_ticket_no())?.max(u64::from(TicketNo::FIRST.0));
    u32::try_from(next)
        .ok()
        .filter(|n| *n < u32::MAX)
        .map(TicketNo)
        .ok_or_else(|| {
            Refusal::new(
                RefusalCode::Unsupported,
                Problem::whole("every ticket number is used up", "start a new store"),
            )
        })
}
