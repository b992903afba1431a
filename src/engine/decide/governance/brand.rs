//! Decisions about brands.

use super::{
    super::{
        call::{Call, not_found, nothing_to_change, same_version},
        changes::{Changes, subject},
        command::BrandPatch,
        problems::Problems,
        text,
    },
    codes, let_go, must_be_free, removed, set, update_words,
};
use crate::engine::{
    model::{
        event::{EventKind, Noun},
        governance::Brand,
        ids::BrandId,
        refusal::Refusal,
    },
    store::{Commit, schema::keys},
};

const NOUN: Noun = Noun::Brand;

/// Makes a brand.
pub fn create(call: &Call<'_>, new: &Brand) -> Result<Commit, Refusal> {
    let (mut tx, mut problems) = (call.tx(), Problems::new());
    let key = keys::brand(new.id);
    must_be_free(&mut tx, &mut problems, NOUN, &key);
    codes::must_be_new(&mut problems, new.retired, &new.aliases);
    text::line(&mut problems, "name", &new.name, 1, text::NAME_MAX);
    codes::claim(&mut tx, &mut problems, NOUN, new.id, &new.code)?;
    problems.check()?;
    tx.save(&key, new)?;
    let about = subject(NOUN, new.id, &new.code);
    let sentence = format!("brand {} created: {}", new.code, new.name);
    Ok(call.finish(tx, Changes::new().event(EventKind::Created, about, &sentence)))
}

/// Changes a brand.
pub fn update(call: &Call<'_>, id: BrandId, version: u64, patch: &BrandPatch) -> Result<Commit, Refusal> {
    let (mut tx, mut problems) = (call.tx(), Problems::new());
    let key = keys::brand(id);
    let old = tx.load::<Brand>(&key)?.ok_or_else(|| not_found(NOUN, id))?;
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
    set(&mut new.family_friendly, patch.family_friendly.as_ref());
    set(&mut new.retired, patch.retired.as_ref());
    text::line(&mut problems, "name", &new.name, 1, text::NAME_MAX);
    problems.check()?;

    let mut changes = Changes::new();
    changes.value("code", &old.code, &new.code);
    changes.value("name", &old.name, &new.name);
    changes.value("family_friendly", &old.family_friendly, &new.family_friendly);
    changes.value("retired", &old.retired, &new.retired);
    if changes.is_empty() {
        return Err(nothing_to_change(NOUN, &old.code));
    }
    tx.save(&key, &new)?;
    let about = subject(NOUN, id, &new.code);
    let (kind, sentence) = update_words(NOUN, &old.code, old.retired, new.retired);
    Ok(call.finish(tx, changes.event(kind, about, &sentence)))
}

/// Removes a brand nobody refers to.
pub fn delete(call: &Call<'_>, id: BrandId, version: u64) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let key = keys::brand(id);
    let old = tx.load::<Brand>(&key)?.ok_or_else(|| not_found(NOUN, id))?;
    same_version(NOUN, &old.value.code, version, old.version)?;
    let Brand { code, aliases, .. } = old.value;
    let_go(&mut tx, NOUN, id, (&code, &aliases), "campaign")?;
    Ok(removed(call, tx, NOUN, id, &code, &key))
}
