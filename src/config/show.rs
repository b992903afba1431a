//! The configuration in force, for people and for `--json`, with every secret left out.

use std::collections::BTreeMap;

use super::{Config, model, values::Span};
use crate::engine::{copilot::scope::Dimension, model::actor::Role};

impl Config {
    /// Every key with its value in force. Tokens appear as where they are read, never as what they are.
    pub fn in_force(&self) -> BTreeMap<String, String> {
        let p = &self.policy;
        let span = |d| Span(d).to_string();
        let reads: Vec<_> = p.reconcile_reads.iter().map(|d| span(*d)).collect();
        let mut rows: BTreeMap<String, String> = [
            ("store.dir", self.store.display().to_string()),
            ("store.allow_fuse", self.allow_fuse.to_string()),
            ("store.ephemeral", self.ephemeral.to_string()),
            ("store.segment_kib", self.segment_kib.to_string()),
            ("environment.name", self.environment.clone()),
            ("engine.max_daily_budget", p.max_daily_budget.to_string()),
            ("engine.max_lifetime_budget", p.max_lifetime_budget.to_string()),
            ("engine.max_tries", p.max_tries.to_string()),
            ("engine.backoff_base", span(p.backoff_base)),
            ("engine.backoff_cap", span(p.backoff_cap)),
            ("engine.rate_limit_deadline", span(p.rate_limit_deadline)),
            ("engine.processing_deadline", span(p.processing_deadline)),
            ("engine.reconcile_reads", reads.join(", ")),
            ("engine.early_look", span(p.early_look)),
            ("engine.lane_recheck", span(p.lane_recheck)),
            ("engine.reconcile_deadline", span(p.reconcile_deadline)),
            ("engine.reconcile_again", span(p.reconcile_again)),
            (
                "host.socket",
                self.socket
                    .as_ref()
                    .map_or_else(|| "by user".to_owned(), |s| s.display().to_string()),
            ),
            (
                "host.group",
                self.group.clone().unwrap_or_else(|| "the engine's own".to_owned()),
            ),
            ("network.proxy", self.proxy.clone().unwrap_or_else(|| "none".to_owned())),
            ("log.level", self.log_level.as_str().to_ascii_lowercase()),
            ("log.dir", self.log_dir.display().to_string()),
            ("ui.theme", self.ui.theme.clone()),
            ("ui.color", self.ui.depth.as_str().to_owned()),
            ("ui.ascii", self.ui.ascii.to_string()),
            ("console.notify", self.console.notify.as_str().to_owned()),
            ("console.notify_on", self.console.occasion_words()),
            (
                "console.clipboard",
                self.console
                    .clipboard
                    .as_ref()
                    .map_or_else(|| "the terminal".to_owned(), |c| c.join(" ")),
            ),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
        for (id, own) in &p.pace {
            let rates = [("account_rate", own.account), ("app_rate", own.app)];
            for (key, rate) in rates {
                if let Some(rate) = rate {
                    rows.insert(format!("platforms.{id}.{key}"), rate.to_string());
                }
            }
        }
        rows.extend(self.people_rows());
        if !p.blackouts.is_empty() {
            rows.insert("blackouts".to_owned(), format!("{} windows", p.blackouts.len()));
        }
        rows.extend(model::in_force(self.model.as_ref()));
        for (id, platform) in &self.platforms {
            let mut put = |key: &str, value: Option<String>| {
                if let Some(value) = value {
                    rows.insert(format!("platforms.{id}.{key}"), value);
                }
            };
            put("base_url", platform.base_url.clone());
            put("version", platform.version.clone());
            put("token", platform.token.as_ref().map(ToString::to_string));
            put(
                "login_account",
                platform.login_account.as_ref().map(ToString::to_string),
            );
            for (name, source) in &platform.headers {
                put(&format!("headers.{name}"), Some(source.to_string()));
            }
            for (account, token) in &platform.accounts {
                put(&format!("accounts.{account}.token"), Some(token.to_string()));
            }
        }
        rows.extend(self.guideline_rows());
        let preset = self.keys.preset.as_ref().map_or("default", |(name, _)| name.as_str());
        rows.insert("keys.preset".to_owned(), preset.to_owned());
        let unbound: Vec<&str> = self.keys.unbind.iter().map(|(chord, _)| chord.as_str()).collect();
        rows.insert("keys.unbind".to_owned(), unbound.join(", "));
        for (command, chords, _) in &self.keys.bind {
            rows.insert(format!("keys.bind.{command}"), chords.join(", "));
        }
        rows
    }

    fn people_rows(&self) -> BTreeMap<String, String> {
        let (roles, approvals) = (&self.roles, &self.policy.approvals);
        let mut rows: BTreeMap<String, String> = [
            ("roles.anybody", roles.anybody.unwrap_or(Role::Viewer).to_string()),
            (
                "roles.root_is",
                roles.root_is.clone().unwrap_or_else(|| "root only looks".to_owned()),
            ),
            ("approvals.single_operator", approvals.single_operator.to_string()),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
        rows.extend(
            roles
                .users
                .iter()
                .map(|(n, r)| (format!("roles.users.{n}"), r.to_string())),
        );
        rows.extend(
            roles
                .groups
                .iter()
                .map(|(n, r)| (format!("roles.groups.{n}"), r.to_string())),
        );
        for rule in &approvals.rules {
            let mut put = |key: &str, words: Vec<String>| {
                if !words.is_empty() {
                    rows.insert(format!("approvals.rules.{}.{key}", rule.name), words.join(", "));
                }
            };
            put("needs", vec![rule.approvals.to_string()]);
            put("brands", rule.brands.iter().map(ToString::to_string).collect());
            put("markets", rule.markets.iter().map(ToString::to_string).collect());
            put("platforms", rule.platforms.iter().map(ToString::to_string).collect());
            put("requests", rule.requests.iter().map(ToString::to_string).collect());
            put(
                "daily_above",
                rule.daily_above.iter().map(ToString::to_string).collect(),
            );
            put(
                "lifetime_above",
                rule.lifetime_above.iter().map(ToString::to_string).collect(),
            );
        }
        rows
    }

    fn guideline_rows(&self) -> BTreeMap<String, String> {
        let key = |name: &str| format!("copilot.guidelines.{name}");
        let has_starter = self.guidelines.iter().any(|f| f.path.is_none());
        let heal = if self.heals { "propose" } else { "off" };
        let mut rows = BTreeMap::from([
            (key("starter"), has_starter.to_string()),
            ("copilot.heal".to_owned(), heal.to_owned()),
        ]);
        for folder in &self.guidelines {
            let Some(path) = &folder.path else { continue };
            let mut put = |name: &str, value: Option<String>| {
                if let Some(value) = value {
                    rows.insert(key(&format!("folders.{}.{name}", folder.name)), value);
                }
            };
            put("path", Some(path.display().to_string()));
            put("kind", folder.kind.map(|k| k.to_string()));
            for d in Dimension::ALL {
                let values: Vec<_> = folder.scope.of(d).iter().map(String::as_str).collect();
                put(d.as_str(), (!values.is_empty()).then(|| values.join(", ")));
            }
            put("owner", folder.owner.clone());
            put("language", folder.language.clone());
            put("may_leave_host", folder.may_leave_host.map(|m| m.to_string()));
            put("reviewed", Some(folder.reviewed.to_string()));
            put(
                "released",
                (!folder.released.is_empty()).then(|| folder.released.join(", ")),
            );
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Overrides, environment::Environment, keys::KEYS};

    #[test]
    fn every_key_without_a_chosen_name_is_shown() {
        let config = Config::load(&Environment::for_test([], "/home/ana"), &Overrides::default()).unwrap();
        let shown = config.in_force();
        for key in KEYS.iter().filter(|k| !k.path.contains('<')) {
            assert!(shown.contains_key(key.path), "{} is not shown", key.path);
        }
    }
}
