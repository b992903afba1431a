//! Decisions about markets.

use super::{
    super::{
        call::{Call, not_found, nothing_to_change, same_version},
        changes::{Changes, subject},
        command::MarketPatch,
        problems::Problems,
        text,
    },
    codes, let_go, must_be_free, removed, set, update_words,
};
use crate::engine::{
    model::{
        event::{EventKind, Noun},
        governance::Market,
        ids::MarketId,
        money::Money,
        refusal::Refusal,
    },
    store::{Commit, schema::keys},
};

const NOUN: Noun = Noun::Market;

/// Makes a market.
pub fn create(call: &Call<'_>, new: &Market) -> Result<Commit, Refusal> {
    let (mut tx, mut problems) = (call.tx(), Problems::new());
    let key = keys::market(new.id);
    must_be_free(&mut tx, &mut problems, NOUN, &key);
    codes::must_be_new(&mut problems, new.retired, &new.aliases);
    let market = tidy(new.clone());
    check(&mut problems, &market);
    codes::claim(&mut tx, &mut problems, NOUN, market.id, &market.code)?;
    problems.check()?;
    tx.save(&key, &market)?;
    let about = subject(NOUN, market.id, &market.code);
    let sentence = format!("market {} created: {}", market.code, market.name);
    Ok(call.finish(tx, Changes::new().event(EventKind::Created, about, &sentence)))
}

/// Changes a market.
pub fn update(call: &Call<'_>, id: MarketId, version: u64, patch: &MarketPatch) -> Result<Commit, Refusal> {
    let (mut tx, mut problems) = (call.tx(), Problems::new());
    let key = keys::market(id);
    let old = tx.load::<Market>(&key)?.ok_or_else(|| not_found(NOUN, id))?;
    same_version(NOUN, &old.value.code, version, old.version)?;
    let old = old.value;
    let mut new = old.clone();
    if let Some(code) = &patch.code {
        codes::rename(
            &mut tx,
            &mut problems,
            NOUN,
            id,
            (&mut new.code, &mut new.aliases),
            code,
        )?;
    }
    set(&mut new.name, patch.name.as_ref());
    set(&mut new.countries, patch.countries.as_ref());
    set(&mut new.region, patch.region.as_ref());
    set(&mut new.timezone, patch.timezone.as_ref());
    set(&mut new.daily_cap, patch.daily_cap.as_ref());
    set(&mut new.retired, patch.retired.as_ref());
    let new = tidy(new);
    check(&mut problems, &new);
    problems.check()?;

    let mut changes = Changes::new();
    changes.value("code", &old.code, &new.code);
    changes.value("name", &old.name, &new.name);
    changes.text("countries", old.countries.join(", "), new.countries.join(", "));
    changes.value("region", &old.region, &new.region);
    changes.value("timezone", &old.timezone, &new.timezone);
    changes.option(
        "daily_cap",
        old.daily_cap.as_ref(),
        new.daily_cap.as_ref(),
        Money::to_string,
    );
    changes.value("retired", &old.retired, &new.retired);
    if changes.is_empty() {
        return Err(nothing_to_change(NOUN, &old.code));
    }
    tx.save(&key, &new)?;
    let about = subject(NOUN, id, &new.code);
    let (kind, sentence) = update_words(NOUN, &old.code, old.retired, new.retired);
    Ok(call.finish(tx, changes.event(kind, about, &sentence)))
}

/// Removes a market nobody refers to.
pub fn delete(call: &Call<'_>, id: MarketId, version: u64) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let key = keys::market(id);
    let old = tx.load::<Market>(&key)?.ok_or_else(|| not_found(NOUN, id))?;
    same_version(NOUN, &old.value.code, version, old.version)?;
    let Market { code, aliases, .. } = old.value;
    let_go(&mut tx, NOUN, id, (&code, &aliases), "campaign")?;
    Ok(removed(call, tx, NOUN, id, &code, &key))
}

/// Countries are a set: order and repeats mean nothing.
fn tidy(mut market: Market) -> Market {
    market.countries.sort();
    market.countries.dedup();
    market
}

fn check(problems: &mut Problems, market: &Market) {
    text::line(problems, "name", &market.name, 1, text::NAME_MAX);
    text::line(problems, "region", &market.region, 0, text::REGION_MAX);
    text::countries(problems, "countries", &market.countries);
    text::zone(problems, "timezone", &market.timezone);
    text::positive(problems, "daily_cap", market.daily_cap.as_ref());
}
