//! Where a platform is and where its tokens are read.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};

use super::secrets::TokenSource;
use crate::engine::model::{
    platform::AccountId,
    rate::{Allowance, Rate},
};

/// `[platforms.<name>]` as written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlatformSection {
    /// Address without version.
    pub base_url: Option<String>,
    /// API version.
    pub version: Option<String>,
    /// Token for every account without its own.
    pub token: Option<TokenSource>,
    /// The manager account through which the others are reached.
    pub login_account: Option<AccountId>,
    /// Further headers of every request, by name, and where their values are read.
    pub headers: BTreeMap<String, TokenSource>,
    /// What one account may do.
    pub account_rate: Option<Rate>,
    /// What all accounts together may do.
    pub app_rate: Option<Rate>,
    /// Settings by account.
    pub accounts: BTreeMap<AccountId, AccountSection>,
}

/// `[platforms.<name>.accounts."<id>"]` as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSection {
    /// The account's own token.
    pub token: TokenSource,
}

impl PlatformSection {
    /// Allowances that differ from the published ones.
    pub const fn allowance(&self) -> Allowance {
        Allowance {
            account: self.account_rate,
            app: self.app_rate,
        }
    }

    /// Settings with paths meant from the file's directory.
    pub fn settings(self, base: &Path) -> PlatformSettings {
        PlatformSettings {
            base_url: self.base_url,
            version: self.version,
            token: self.token.map(|t| t.from_base(base)),
            login_account: self.login_account,
            headers: self
                .headers
                .into_iter()
                .map(|(name, source)| (name, source.from_base(base)))
                .collect(),
            accounts: self
                .accounts
                .into_iter()
                .map(|(id, account)| (id, account.token.from_base(base)))
                .collect(),
        }
    }
}

/// Settings of one platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlatformSettings {
    /// Address without version; `None` = the platform's own.
    pub base_url: Option<String>,
    /// API version; `None` = the one this build was checked against.
    pub version: Option<String>,
    /// Token for every account without its own.
    pub token: Option<TokenSource>,
    /// The manager account through which the others are reached.
    pub login_account: Option<AccountId>,
    /// Further headers of every request, by name, and where their values are read.
    pub headers: BTreeMap<String, TokenSource>,
    /// Tokens by account.
    pub accounts: BTreeMap<AccountId, TokenSource>,
}

impl PlatformSettings {
    /// Where the account's token is read.
    pub fn token_for(&self, account: &AccountId) -> Option<&TokenSource> {
        self.accounts.get(account).or(self.token.as_ref())
    }

    /// A further header is none the program sets itself.
    pub(super) fn check_headers(&self) -> Result<(), (String, String)> {
        for name in self.headers.keys() {
            let form = name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            let ours = [
                "authorization",
                "access-token",
                "content-type",
                "content-length",
                "host",
            ];
            if name.is_empty() || !form {
                return Err((name.clone(), "is not a header in small letters".to_owned()));
            }
            if ours.contains(&name.as_str()) {
                return Err((name.clone(), "is set by the program".to_owned()));
            }
        }
        Ok(())
    }

    /// True when the address is on this machine: a simulation, not the platform.
    pub fn is_local(&self) -> bool {
        self.base_url.as_deref().is_some_and(is_local)
    }

    /// A token must not travel in the clear, nor inside an address.
    pub(super) fn check_base_url(&self) -> Result<(), String> {
        self.base_url.as_deref().map_or(Ok(()), check_address)
    }

    /// A version is one path segment.
    pub(super) fn check_version(&self) -> Result<(), String> {
        let fits = self.version.as_deref().is_none_or(|v| {
            v.len() <= 12 && v.starts_with('v') && v.bytes().skip(1).all(|b| b.is_ascii_digit() || b".-_".contains(&b))
        });
        fits.then_some(()).ok_or_else(|| "is not a version".to_owned())
    }
}

/// An address a secret may be sent to.
pub(super) fn check_address(url: &str) -> Result<(), String> {
    let (rest, secure) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, false),
        _ => return Err("is not an http address".to_owned()),
    };
    let authority = authority(rest);
    if authority.is_empty() || authority.contains('@') {
        return Err("must name a host, without user or password".to_owned());
    }
    if rest.contains(['?', '#']) || rest.contains(char::is_whitespace) {
        return Err("must not hold a query, a fragment or spaces".to_owned());
    }
    if !secure && !is_loopback(authority) {
        return Err("would send tokens in the clear".to_owned());
    }
    Ok(())
}

/// True when an address is on this machine.
pub(super) fn is_local(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    rest.is_some_and(|rest| is_loopback(authority(rest)))
}

fn authority(rest: &str) -> &str {
    rest.split('/').next().unwrap_or_default()
}

/// `localhost`, `127.x.y.z` and `[::1]`, with or without a port.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::real("https://graph.facebook.com", true, false)]
    #[case::local("http://127.0.0.1:8790", true, true)]
    #[case::v6("http://[::1]:8790/x", true, true)]
    #[case::clear("http://graph.facebook.com", false, false)]
    #[case::lookalike("http://127.0.0.1.example.com", false, false)]
    #[case::user("https://me:pw@graph.facebook.com", false, false)]
    #[case::query("https://graph.facebook.com/?access_token=x", false, false)]
    #[case::scheme("ftp://graph.facebook.com", false, false)]
    #[case::nothing("https://", false, false)]
    fn addresses(#[case] url: &str, #[case] taken: bool, #[case] local: bool) {
        let settings = PlatformSettings {
            base_url: Some(url.to_owned()),
            ..PlatformSettings::default()
        };
        assert_eq!(settings.check_base_url().is_ok(), taken);
        assert_eq!(settings.is_local(), local);
    }

    #[rstest]
    #[case("developer-token", true)]
    #[case("Developer-Token", false)]
    #[case("authorization", false)]
    #[case("", false)]
    fn further_headers(#[case] name: &str, #[case] taken: bool) {
        let settings = PlatformSettings {
            headers: [(name.to_owned(), TokenSource::Env("X".into()))].into(),
            ..PlatformSettings::default()
        };
        assert_eq!(settings.check_headers().is_ok(), taken);
    }

    #[test]
    fn an_accounts_own_token_wins() {
        let act = |s: &str| s.parse::<AccountId>().unwrap();
        let settings = PlatformSettings {
            token: Some(TokenSource::Env("ALL".into())),
            accounts: [(act("act_1"), TokenSource::Env("ONE".into()))].into(),
            ..PlatformSettings::default()
        };
        assert_eq!(settings.token_for(&act("act_1")), Some(&TokenSource::Env("ONE".into())));
        assert_eq!(settings.token_for(&act("act_2")), Some(&TokenSource::Env("ALL".into())));
    }
}
