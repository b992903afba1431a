//! Decisions about channels and their accounts.
//!
//! An account belongs to one channel: two channels on one account would fight over names and over the account's pace.
//! An account's currency is fixed while tickets use it: their budgets are in it.

use super::{
    super::{
        call::{Call, not_found, nothing_to_change, same_version},
        changes::{Changes, subject},
        command::ChannelPatch,
        problems::Problems,
        text,
        tx::Tx,
    },
    codes, let_go, must_be_free, removed, set, update_words,
};
use crate::engine::{
    model::{
        event::{EventKind, Noun},
        governance::{Account, Channel},
        ids::ChannelId,
        platform::{AccountId, PlatformId},
        refusal::{Problem, Refusal, RefusalCode},
    },
    store::{Commit, schema::keys},
};

const NOUN: Noun = Noun::Channel;
/// Most accounts of one channel: a row must fit into one record.
const ACCOUNTS_MAX: usize = 200;

/// Makes a channel.
pub fn create(call: &Call<'_>, new: &Channel) -> Result<Commit, Refusal> {
    let (mut tx, mut problems) = (call.tx(), Problems::new());
    let key = keys::channel(new.id);
    must_be_free(&mut tx, &mut problems, NOUN, &key);
    codes::must_be_new(&mut problems, new.retired, &new.aliases);
    let mut channel = new.clone();
    channel.accounts.sort_by(|a, b| a.id.cmp(&b.id));
    if !call.view.speaks(channel.platform) {
        problems.invalid(
            "platform",
            format!("this build cannot speak to {}", channel.platform),
            "choose a platform it can speak to",
        );
    }
    check(&mut problems, call, &channel);
    codes::claim(&mut tx, &mut problems, NOUN, channel.id, &channel.code)?;
    for account in &channel.accounts {
        claim_account(&mut tx, &mut problems, &channel, &account.id)?;
    }
    problems.check()?;
    tx.save(&key, &channel)?;
    let about = subject(NOUN, channel.id, &channel.code);
    let sentence = format!("channel {} created: {}", channel.code, channel.name);
    Ok(call.finish(tx, Changes::new().event(EventKind::Created, about, &sentence)))
}

/// Changes a channel.
pub fn update(call: &Call<'_>, id: ChannelId, version: u64, patch: &ChannelPatch) -> Result<Commit, Refusal> {
    let (mut tx, mut problems) = (call.tx(), Problems::new());
    let key = keys::channel(id);
    let old = tx.load::<Channel>(&key)?.ok_or_else(|| not_found(NOUN, id))?;
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
    set(&mut new.retired, patch.retired.as_ref());
    for account in &patch.remove_accounts {
        remove_account(&mut tx, &mut problems, &mut new, patch, account)?;
    }
    for account in &patch.set_accounts {
        set_account(&mut tx, &mut problems, &mut new, patch, account)?;
    }
    new.accounts.sort_by(|a, b| a.id.cmp(&b.id));
    check(&mut problems, call, &new);
    problems.check()?;

    let changes = differences(&old, &new);
    if changes.is_empty() {
        return Err(nothing_to_change(NOUN, &old.code));
    }
    tx.save(&key, &new)?;
    let about = subject(NOUN, id, &new.code);
    let (kind, sentence) = update_words(NOUN, &old.code, old.retired, new.retired);
    Ok(call.finish(tx, changes.event(kind, about, &sentence)))
}

/// Removes a channel nobody refers to, with its accounts.
pub fn delete(call: &Call<'_>, id: ChannelId, version: u64) -> Result<Commit, Refusal> {
    let mut tx = call.tx();
    let key = keys::channel(id);
    let old = tx.load::<Channel>(&key)?.ok_or_else(|| not_found(NOUN, id))?;
    same_version(NOUN, &old.value.code, version, old.version)?;
    let old = old.value;
    let_go(&mut tx, NOUN, id, (&old.code, &old.aliases), "ticket")?;
    for account in &old.accounts {
        release_account(&mut tx, old.platform, &account.id);
    }
    Ok(removed(call, tx, NOUN, id, &old.code, &key))
}

fn check(problems: &mut Problems, call: &Call<'_>, channel: &Channel) {
    text::line(problems, "name", &channel.name, 1, text::NAME_MAX);
    if channel.accounts.len() > ACCOUNTS_MAX {
        problems.invalid(
            "accounts",
            format!("{} accounts are too many for one channel", channel.accounts.len()),
            format!("split them over channels of at most {ACCOUNTS_MAX}"),
        );
        return;
    }
    let mut before: Option<&AccountId> = None;
    for account in &channel.accounts {
        let at = format!("accounts.{}", account.id);
        if before == Some(&account.id) {
            problems.duplicate(
                at.as_str(),
                format!("{} is in the list twice", account.id),
                "name it once",
            );
        }
        before = Some(&account.id);
        text::line(problems, &format!("{at}.name"), &account.name, 1, text::NAME_MAX);
        text::zone(problems, &format!("{at}.timezone"), &account.timezone);
        if let Err(mut problem) = call.view.check_account(account, channel.platform) {
            problem.field = Some(at.as_str().into());
            problems.push(RefusalCode::Invalid, problem);
        }
    }
}

fn claim_account(
    tx: &mut Tx<'_>,
    problems: &mut Problems,
    channel: &Channel,
    account: &AccountId,
) -> Result<(), Refusal> {
    let key = keys::account(channel.platform, account);
    match tx.owner(&key)? {
        None => tx.claim(&key, channel.id),
        Some(owner) if owner == channel.id.to_string() => Ok(()),
        Some(owner) => {
            let holder = owner
                .parse()
                .ok()
                .and_then(|id| tx.peek::<Channel>(&keys::channel(id)))
                .map_or_else(|| "another channel".to_owned(), |c| format!("channel {}", c.code));
            problems.duplicate(
                format!("accounts.{account}").as_str(),
                format!("account {account} belongs to {holder}"),
                "take it away there first: an account belongs to one channel",
            );
            Ok(())
        }
    }
}

fn set_account(
    tx: &mut Tx<'_>,
    problems: &mut Problems,
    channel: &mut Channel,
    patch: &ChannelPatch,
    account: &Account,
) -> Result<(), Refusal> {
    let at = format!("accounts.{}", account.id);
    if patch.set_accounts.iter().filter(|a| a.id == account.id).count() > 1 {
        problems.invalid(at.as_str(), format!("{} is set twice", account.id), "set it once");
        return Ok(());
    }
    let Some(present) = channel.accounts.iter_mut().find(|a| a.id == account.id) else {
        claim_account(tx, problems, channel, &account.id)?;
        channel.accounts.push(account.clone());
        return Ok(());
    };
    if present.currency != account.currency {
        let tickets = tx.count(&keys::account_refs(channel.platform, &account.id))?;
        if tickets > 0 {
            problems.push(
                RefusalCode::InUse,
                Problem::at(
                    format!("{at}.currency").as_str(),
                    format!(
                        "{tickets} ticket(s) have budgets in {} on {}",
                        present.currency, account.id
                    ),
                    "remove those tickets first, or keep the currency",
                ),
            );
        }
    }
    present.clone_from(account);
    Ok(())
}

fn remove_account(
    tx: &mut Tx<'_>,
    problems: &mut Problems,
    channel: &mut Channel,
    patch: &ChannelPatch,
    account: &AccountId,
) -> Result<(), Refusal> {
    let at = format!("accounts.{account}");
    if patch.set_accounts.iter().any(|a| &a.id == account) {
        problems.invalid(
            at.as_str(),
            format!("{account} is both set and taken away"),
            "do one of the two",
        );
        return Ok(());
    }
    if channel.account(account).is_none() {
        problems.push(
            RefusalCode::NotFound,
            Problem::at(
                at.as_str(),
                format!("channel {} has no account {account}", channel.code),
                "look at the list again",
            ),
        );
        return Ok(());
    }
    let tickets = tx.count(&keys::account_refs(channel.platform, account))?;
    if tickets > 0 {
        problems.push(
            RefusalCode::InUse,
            Problem::at(
                at.as_str(),
                format!("{tickets} ticket(s) spend from {account}"),
                "keep it, or remove those tickets first",
            ),
        );
    }
    release_account(tx, channel.platform, account);
    channel.accounts.retain(|a| &a.id != account);
    Ok(())
}

fn release_account(tx: &mut Tx<'_>, platform: PlatformId, account: &AccountId) {
    tx.delete_if_there(&keys::account(platform, account));
    tx.delete_if_there(&keys::account_refs(platform, account));
}

fn differences(old: &Channel, new: &Channel) -> Changes {
    let mut changes = Changes::new();
    changes.value("code", &old.code, &new.code);
    changes.value("name", &old.name, &new.name);
    changes.value("retired", &old.retired, &new.retired);
    let show = |a: &Account| format!("{}, {}, {}", a.name, a.currency, a.timezone);
    let ids: std::collections::BTreeSet<&AccountId> = old.accounts.iter().chain(&new.accounts).map(|a| &a.id).collect();
    for id in ids {
        let at = format!("accounts.{id}");
        changes.option(at.as_str(), old.account(id), new.account(id), show);
    }
    changes
}
