//! The configuration in force, for people and for `--json`, with every secret left out.

use std::collections::BTreeMap;

use super::{Config, values::Span};

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
            ("environment.name", self.environment.clone()),
            ("engine.max_daily_budget", p.max_daily_budget.to_string()),
            ("engine.max_lifetime_budget", p.max_lifetime_budget.to_string()),
            ("engine.max_tries", p.max_tries.to_string()),
            ("engine.backoff_base", span(p.backoff_base)),
            ("engine.backoff_cap", span(p.backoff_cap)),
            ("engine.rate_limit_default", span(p.rate_limit_default)),
            ("engine.rate_limit_deadline", span(p.rate_limit_deadline)),
            ("engine.reconcile_reads", reads.join(", ")),
            ("engine.early_look", span(p.early_look)),
            ("engine.lane_recheck", span(p.lane_recheck)),
            ("engine.reconcile_deadline", span(p.reconcile_deadline)),
            ("engine.reconcile_again", span(p.reconcile_again)),
            ("network.proxy", self.proxy.clone().unwrap_or_else(|| "none".to_owned())),
            ("log.level", self.log_level.as_str().to_ascii_lowercase()),
            ("log.dir", self.log_dir.display().to_string()),
            ("ui.theme", self.ui.theme.clone()),
            ("ui.color", self.ui.depth.as_str().to_owned()),
            ("ui.ascii", self.ui.ascii.to_string()),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
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
