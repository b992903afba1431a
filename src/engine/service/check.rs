//! Whether the accounts of a channel can be used: token, access, status, currency and zone, asked of the platform itself.
//! Reads only, and only when somebody asks.

use std::sync::Arc;

use super::{Engine, ask::not_found, tokens};
use crate::{
    engine::{
        api::{ApiError, Notice},
        deploy::calls::Calls,
        model::{
            account_report::AccountReport,
            governance::Account,
            ids::ChannelId,
            platform::{AccountId, PlatformId},
            refusal::{Problem, Refusal},
        },
    },
    platforms::{Exchange, Platform, transport::Transport},
};

impl Engine {
    /// Asks every account of a channel, or one of them.
    pub(super) async fn check_channel(
        &self,
        id: ChannelId,
        only: Option<&AccountId>,
    ) -> Result<Vec<AccountReport>, ApiError> {
        let channel = self.projection.read(|s| s.channels.get(&id).map(|c| c.value.clone()));
        let channel = channel.ok_or_else(|| not_found(format!("there is no channel {id}")))?;
        let code = &channel.code;
        let platform = self
            .platform(channel.platform)
            .ok_or_else(|| not_found(format!("this build cannot speak to {}", channel.platform)))?;
        let wire = self.wire()?;
        let accounts: Vec<&Account> = channel
            .accounts
            .iter()
            .filter(|a| only.is_none_or(|id| a.id == *id))
            .collect();
        match (accounts.as_slice(), only) {
            ([], Some(account)) => return Err(not_found(format!("channel {code} has no account {account}"))),
            ([], None) => {
                let remedy = "add one with `channel update CODE --account`";
                let problem = Problem::whole(format!("channel {code} has no account to check"), remedy);
                return Err(ApiError::from(Refusal::invalid(vec![problem])));
            }
            _ => {}
        }
        let mut reports = Vec::new();
        let mut news = false;
        for account in accounts {
            let report = self.probe(wire, channel.platform, platform, account).await;
            news |= self.tokens.learn(&report);
            reports.push(report);
        }
        if news {
            // The header shows tokens that end soon.
            self.notify(Notice::Health);
        }
        Ok(reports)
    }

    async fn probe(
        &self,
        wire: &Arc<dyn Transport>,
        id: PlatformId,
        platform: &Arc<dyn Platform>,
        account: &Account,
    ) -> AccountReport {
        let calls = Calls::new(self, wire.as_ref());
        let key = (id, account.id.clone());
        let mut answers: Vec<Exchange> = Vec::new();
        for request in platform.probe(account) {
            let answer = match answers.last() {
                // What kept one question from an answer keeps the next too, and each could take its whole time.
                Some(Err(lost)) => Err(lost.clone()),
                _ => calls.ask(&key, platform.as_ref(), &request).await,
            };
            answers.push(answer);
        }
        let mut report = platform.interpret_probe(account, &answers);
        tokens::judge(&mut report, self.clock.now());
        report
    }

    /// The way out, for a question somebody asks.
    pub(super) fn wire(&self) -> Result<&Arc<dyn Transport>, ApiError> {
        self.wire
            .as_ref()
            .ok_or_else(|| ApiError::Unavailable("this engine was started without a way to the platforms".to_owned()))
    }
}
