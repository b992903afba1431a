//! Decisions about campaigns.
//!
//! Brand, market, year and label are what names are made of, so they are fixed once a ticket exists. The label is
//! always made from the title: two spellings of one thing would be two campaigns.

use super::{
    call::{Call, not_found, not_in_use, nothing_to_change, same_version},
    changes::{Changes, subject},
    command::CampaignPatch,
    problems::Problems,
    text,
    tx::Tx,
};
use crate::engine::{
    model::{
        campaign::Campaign,
        code::Label,
        event::{EventKind, Noun},
        governance::{Brand, Market},
        ids::{BrandId, CampaignId, MarketId},
        money::Money,
        refusal::{Problem, Refusal, RefusalCode},
        time::Flight,
    },
    store::{Commit, schema::keys},
    taxonomy::{self, YEARS},
};

const NOUN: Noun = Noun::Campaign;

/// Makes a campaign. Its creation time is the engine's, whatever the value says.
pub fn create(call: &Call<'_>, new: &Campaign) -> Result<Commit, Refusal> {
    let (mut tx, mut problems) = (call.tx(), Problems::new());
    let key = keys::campaign(new.id);
    if !tx.is_free(&key) {
        problems.push(
            RefusalCode::Duplicate,
            Problem::whole("this campaign exists already", "look at the list again"),
        );
    }
    if new.retired {
        problems.invalid(
            "retired",
            "a new campaign cannot be retired",
            "make it first, retire it later",
        );
    }
    let campaign = Campaign {
        created_at: call.now,
        ..new.clone()
    };
    check(&mut problems, &campaign);
    match Label::from_words(&campaign.title) {
        Ok(label) if label == campaign.label => {}
        Ok(label) => problems.invalid(
            "label",
            format!("the label {} does not follow from the title", campaign.label),
            format!("it must be {label}"),
        ),
        Err(why) => problems.invalid("title", why, "write a title of letters and digits"),
    }
    let market = usable_market(&mut tx, &mut problems, campaign.market)?;
    let brand = usable_brand(&mut tx, &mut problems, campaign.brand)?;
    claim(&mut tx, &mut problems, &campaign)?;
    problems.check()?;
    tx.refer(&keys::refs(Noun::Brand, campaign.brand))?;
    tx.refer(&keys::refs(Noun::Market, campaign.market))?;
    tx.save(&key, &campaign)?;
    let name = name_of(&campaign, brand.as_ref(), market.as_ref());
    let about = subject(NOUN, campaign.id, &name);
    let sentence = format!("campaign {name} created");
    Ok(call.finish(tx, Changes::new().event(EventKind::Created, about, &sentence)))
}

/// Changes a campaign.
pub fn update(call: &Call<'_>, id: CampaignId, version: u64, patch: &CampaignPatch) -> Result<Commit, Refusal> {
    let (mut tx, mut problems) = (call.tx(), Problems::new());
    let key = keys::campaign(id);
    let old = tx.load::<Campaign>(&key)?.ok_or_else(|| not_found(NOUN, id))?;
    same_version(NOUN, &old.value.title, version, old.version)?;
    let old = old.value;
    let mut new = apply(&mut problems, &old, patch);
    check(&mut problems, &new);

    let moved = |c: &Campaign| (c.brand, c.market, c.year, c.label.clone());
    if moved(&old) != moved(&new) {
        fixed_by_tickets(&mut tx, &mut problems, &old, &new)?;
    }
    let old_brand = tx.peek::<Brand>(&keys::brand(old.brand));
    let old_market = tx.peek::<Market>(&keys::market(old.market));
    let (mut brand, mut market) = (old_brand.clone(), old_market.clone());
    if new.brand != old.brand {
        brand = usable_brand(&mut tx, &mut problems, new.brand)?;
        tx.unrefer(&keys::refs(Noun::Brand, old.brand))?;
        tx.refer(&keys::refs(Noun::Brand, new.brand))?;
    }
    if new.market != old.market {
        market = usable_market(&mut tx, &mut problems, new.market)?;
        tx.unrefer(&keys::refs(Noun::Market, old.market))?;
        tx.refer(&keys::refs(Noun::Market, new.market))?;
    }
    let identity = |c: &Campaign| keys::campaign_name(c.brand, c.market, c.year, &c.label);
    if identity(&old) != identity(&new) {
        tx.delete_if_there(&identity(&old));
        claim(&mut tx, &mut problems, &new)?;
    }
    problems.check()?;

    let mut changes = Changes::new();
    let code = |b: Option<&Brand>| b.map_or_else(String::new, |b| b.code.to_string());
    changes.text("brand", code(old_brand.as_ref()), code(brand.as_ref()));
    let code = |m: Option<&Market>| m.map_or_else(String::new, |m| m.code.to_string());
    changes.text("market", code(old_market.as_ref()), code(market.as_ref()));
    changes.value("year", &old.year, &new.year);
    changes.value("title", &old.title, &new.title);
    changes.value("label", &old.label, &new.label);
    changes.option("budget", old.budget.as_ref(), new.budget.as_ref(), Money::to_string);
    changes.option("flight", old.flight.as_ref(), new.flight.as_ref(), show_flight);
    changes.value("retired", &old.retired, &new.retired);
    if changes.is_empty() {
        return Err(nothing_to_change(NOUN, &old.title));
    }
    new.created_at = old.created_at;
    tx.save(&key, &new)?;
    let name = name_of(&new, brand.as_ref(), market.as_ref());
    let about = subject(NOUN, id, &name);
    let (kind, sentence) = if new.retired && !old.retired {
        (EventKind::Retired, format!("campaign {name} retired"))
    } else {
        (EventKind::Updated, format!("campaign {name} changed: {{fields}}"))
    };
    Ok(call.finish(tx, changes.event(kind, about, &sentence)))
}

/// Removes a campaign without tickets.
pub fn delete(call: &Call<'_>, id: CampaignId, version: u64) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let key = keys::campaign(id);
    let old = tx.load::<Campaign>(&key)?.ok_or_else(|| not_found(NOUN, id))?;
    same_version(NOUN, &old.value.title, version, old.version)?;
    let old = old.value;
    let refs = keys::refs(NOUN, id);
    not_in_use(NOUN, &old.title, tx.count(&refs)?, "ticket")?;
    tx.unrefer(&keys::refs(Noun::Brand, old.brand))?;
    tx.unrefer(&keys::refs(Noun::Market, old.market))?;
    tx.delete_if_there(&keys::campaign_name(old.brand, old.market, old.year, &old.label));
    tx.delete_if_there(&refs);
    tx.delete(&key);
    let brand = tx.peek::<Brand>(&keys::brand(old.brand));
    let market = tx.peek::<Market>(&keys::market(old.market));
    let name = name_of(&old, brand.as_ref(), market.as_ref());
    let about = subject(NOUN, id, &name);
    let sentence = format!("campaign {name} removed");
    Ok(call.finish(tx, Changes::new().event(EventKind::Deleted, about, &sentence)))
}

/// A flight for people: `2026-12-01 to 2026-12-31`.
pub fn show_flight(flight: &Flight) -> String {
    match flight.end {
        Some(end) => format!("{} to {end}", flight.start),
        None => format!("from {}", flight.start),
    }
}

/// The campaign's brand, for something new: it must be there and not retired. Problems name the field `brand`.
pub fn usable_brand(tx: &mut Tx<'_>, problems: &mut Problems, id: BrandId) -> Result<Option<Brand>, Refusal> {
    let found = tx.load::<Brand>(&keys::brand(id))?.map(|b| b.value);
    match &found {
        None => problems.invalid("brand", "there is no such brand", "choose one from the list"),
        Some(b) if b.retired => problems.invalid(
            "brand",
            format!("brand {} is retired", b.code),
            "choose another, or have an admin bring it back",
        ),
        Some(_) => {}
    }
    Ok(found)
}

/// The campaign's market, for something new: it must be there and not retired. Problems name the field `market`.
pub fn usable_market(tx: &mut Tx<'_>, problems: &mut Problems, id: MarketId) -> Result<Option<Market>, Refusal> {
    let found = tx.load::<Market>(&keys::market(id))?.map(|m| m.value);
    match &found {
        None => problems.invalid("market", "there is no such market", "choose one from the list"),
        Some(m) if m.retired => problems.invalid(
            "market",
            format!("market {} is retired", m.code),
            "choose another, or have an admin bring it back",
        ),
        Some(_) => {}
    }
    Ok(found)
}

fn apply(problems: &mut Problems, old: &Campaign, patch: &CampaignPatch) -> Campaign {
    let mut new = old.clone();
    new.brand = patch.brand.unwrap_or(old.brand);
    new.market = patch.market.unwrap_or(old.market);
    new.year = patch.year.unwrap_or(old.year);
    new.budget = patch.budget.unwrap_or(old.budget);
    new.flight = patch.flight.unwrap_or(old.flight);
    new.retired = patch.retired.unwrap_or(old.retired);
    if let Some(title) = &patch.title {
        new.title.clone_from(title);
        match Label::from_words(title) {
            Ok(label) => new.label = label,
            Err(why) => problems.invalid("title", why, "write a title of letters and digits"),
        }
    }
    new
}

fn check(problems: &mut Problems, campaign: &Campaign) {
    text::line(problems, "title", &campaign.title, 1, text::NAME_MAX);
    if !YEARS.contains(&campaign.year) {
        problems.invalid(
            "year",
            format!(
                "{} is not a year from {} to {}",
                campaign.year,
                YEARS.start(),
                YEARS.end()
            ),
            "write four digits, such as 2026",
        );
    }
    text::positive(problems, "budget", campaign.budget.as_ref());
    text::flight(problems, campaign.flight);
}

fn claim(tx: &mut Tx<'_>, problems: &mut Problems, campaign: &Campaign) -> Result<(), Refusal> {
    let key = keys::campaign_name(campaign.brand, campaign.market, campaign.year, &campaign.label);
    match tx.owner(&key)? {
        None => tx.claim(&key, campaign.id),
        Some(owner) if owner == campaign.id.to_string() => Ok(()),
        Some(_) => {
            problems.duplicate(
                "title",
                format!(
                    "this brand and market already have a campaign {} in {}",
                    campaign.label, campaign.year
                ),
                "use that one, or choose other words",
            );
            Ok(())
        }
    }
}

/// Notes every identity field that would change although tickets are named after it.
fn fixed_by_tickets(tx: &mut Tx<'_>, problems: &mut Problems, old: &Campaign, new: &Campaign) -> Result<(), Refusal> {
    let tickets = tx.count(&keys::refs(NOUN, old.id))?;
    if tickets == 0 {
        return Ok(());
    }
    let changed = [
        ("brand", old.brand != new.brand),
        ("market", old.market != new.market),
        ("year", old.year != new.year),
        ("title", old.label != new.label),
    ];
    for (field, _) in changed.into_iter().filter(|(_, c)| *c) {
        problems.push(
            RefusalCode::InUse,
            Problem::at(
                field,
                format!("{tickets} ticket(s) are named after it"),
                "make a new campaign and clone the tickets into it",
            ),
        );
    }
    Ok(())
}

/// What people call a campaign; its title where brand or market cannot be read.
fn name_of(campaign: &Campaign, brand: Option<&Brand>, market: Option<&Market>) -> String {
    match (brand, market) {
        (Some(b), Some(m)) => taxonomy::campaign_name(&b.code, &m.code, campaign.year, &campaign.label),
        _ => campaign.title.clone(),
    }
}
