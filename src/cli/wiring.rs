//! From configuration to the way out: which platform is where, and where its tokens are read.

use std::{collections::BTreeMap, sync::Arc};

use super::failure::Failure;
use crate::{
    config::{Config, environment::Environment, platforms::PlatformSettings, secrets::TokenSource},
    engine::{
        clock::{SystemClock, SystemEntropy},
        copilot::{client::ModelClient, exchange::Exchange},
        host::CopilotWays,
        model::platform::PlatformId,
    },
    platforms::{
        home::home,
        transport::{
            CommandToken, CredentialBook, Credentials, FileToken, FixedToken, HttpModelTransport, HttpSettings,
            HttpTransport, PlatformEndpoint, Secret, SecretSource, TokenFuture, Transport,
        },
    },
};

/// The transport to every platform of the build. A platform without a token is reachable all the same: its deploys
/// wait and say that a token is missing.
pub fn transport(
    config: &Config,
    environment: &Environment,
    platforms: impl Iterator<Item = PlatformId>,
) -> Result<Arc<dyn Transport>, Failure> {
    let nothing = PlatformSettings::default();
    let endpoints: BTreeMap<_, _> = platforms
        .filter_map(|id| {
            let settings = config.platforms.get(&id).unwrap_or(&nothing);
            endpoint(id, settings, environment).map(|e| (id, e))
        })
        .collect();
    let settings = HttpSettings {
        proxy: config.proxy.clone(),
        ..HttpSettings::default()
    };
    let transport =
        HttpTransport::new(&settings, endpoints).map_err(|e| Failure::unavailable(format!("no way out: {e}")))?;
    Ok(Arc::new(transport))
}

/// The copilot's ways out: the configured model server, if one is, and the secrets that must not go there. Without a
/// model it works all the same, from the guidelines alone.
pub fn copilot(config: &Config, environment: &Environment) -> Result<Arc<CopilotWays>, Failure> {
    let entropy = || Arc::new(SystemEntropy::from_os());
    let mut secrets = Vec::new();
    // A command is not run for this: what it prints lives for minutes, and is found by its shape.
    let mut known = |token: &TokenSource| {
        if !matches!(token, TokenSource::Command(_)) {
            secrets.push(source(token, environment));
        }
    };
    for platform in config.platforms.values() {
        let tokens = platform.token.iter().chain(platform.accounts.values());
        tokens.chain(platform.headers.values()).for_each(&mut known);
    }
    let Some(model) = &config.model else {
        return Ok(Arc::new(CopilotWays {
            model: None,
            secrets,
            heals: config.heals,
        }));
    };
    model.key.iter().for_each(&mut known);
    let key = model.key.as_ref().map(|k| source(k, environment));
    let transport = HttpModelTransport::new(&model.settings.base_url, key, config.proxy.as_deref())
        .map_err(|e| Failure::unavailable(format!("no way to the model server: {e}")))?;
    let client = ModelClient::new(
        Arc::new(transport),
        model.settings.clone(),
        Arc::new(SystemClock),
        entropy(),
    );
    Ok(Arc::new(CopilotWays {
        model: Some(Exchange::new(client, entropy())),
        secrets,
        heals: config.heals,
    }))
}

/// True when every platform the configuration speaks of answers from a simulation on this machine. One it is silent
/// about has no token, so nothing can be sent there.
pub fn is_simulated(config: &Config) -> bool {
    !config.platforms.is_empty() && config.platforms.values().all(PlatformSettings::is_local)
}

fn endpoint(id: PlatformId, settings: &PlatformSettings, environment: &Environment) -> Option<PlatformEndpoint> {
    let home = home(id);
    let or_home = |own: &Option<String>, home: Option<&str>| own.clone().or_else(|| home.map(str::to_owned));
    Some(PlatformEndpoint {
        base_url: or_home(&settings.base_url, home.map(|h| h.base_url))?,
        version: or_home(&settings.version, home.map(|h| h.version))?,
        credentials: credentials(id, settings, environment),
    })
}

fn credentials(id: PlatformId, settings: &PlatformSettings, environment: &Environment) -> Arc<dyn Credentials> {
    let source = |s: &TokenSource| source(s, environment);
    let default = match &settings.token {
        Some(token) => Some(source(token)),
        // A simulation takes any token, and there is nothing to protect.
        None if settings.is_local() => Secret::from_source("simulation")
            .ok()
            .map(|s| Arc::new(FixedToken(s)) as Arc<dyn SecretSource>),
        None => None,
    };
    let headers = settings
        .headers
        .iter()
        .map(|(name, s)| (name.clone(), source(s)))
        .collect();
    // Not a secret, but it travels with them: which account is asked through depends on whose token it is.
    let login = settings.login_account.as_ref().zip(login_header(id));
    let open = login
        .map(|(account, name)| (name.to_owned(), account.as_str().replace('-', "")))
        .into_iter()
        .collect();
    Arc::new(CredentialBook {
        headers,
        open,
        by_account: settings
            .accounts
            .iter()
            .map(|(id, s)| (id.clone(), source(s)))
            .collect(),
        default,
    })
}

/// Where the configuration says a secret is read.
fn source(source: &TokenSource, environment: &Environment) -> Arc<dyn SecretSource> {
    match source {
        TokenSource::File(path) => Arc::new(FileToken { path: path.clone() }),
        TokenSource::Command(words) => {
            let mut words = words.iter().cloned();
            let program = words.next().unwrap_or_default();
            Arc::new(CommandToken::new(program, words.collect()))
        }
        TokenSource::Env(name) => Arc::new(Variable {
            name: name.clone(),
            value: match environment.var(name).map(Secret::from_source) {
                Some(Ok(secret)) => Ok(secret),
                Some(Err(why)) => Err(format!("environment variable {name}: {why}")),
                None => Err(format!(
                    "environment variable {name} is not set; set it and start the engine again"
                )),
            },
        }),
    }
}

/// The header that names the manager account.
const fn login_header(platform: PlatformId) -> Option<&'static str> {
    match platform {
        PlatformId::GoogleAds => Some("login-customer-id"),
        PlatformId::Meta | PlatformId::Tiktok => None,
    }
}

/// An environment variable, read when the program started; or why it holds no token.
struct Variable {
    name: String,
    value: Result<Secret, String>,
}

impl SecretSource for Variable {
    fn read(&self) -> TokenFuture<'_> {
        Box::pin(async { self.value.clone() })
    }

    fn variable(&self) -> Option<String> {
        Some(self.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::transport::HeaderText;

    #[tokio::test]
    async fn the_manager_account_travels_as_digits() {
        let settings = PlatformSettings {
            login_account: Some("123-456-7890".parse().unwrap()),
            headers: [("developer-token".to_owned(), TokenSource::Env("DEV".to_owned()))].into(),
            ..PlatformSettings::default()
        };
        let environment = Environment::for_test([("DEV", "dev-secret")], "/h");
        let account = "9876543210".parse().unwrap();
        let headers = async |platform| {
            let book = credentials(platform, &settings, &environment);
            let secret = book.headers(platform, &account).await.unwrap();
            assert_eq!(secret[0].1.expose(), "dev-secret");
            let named = book.named(platform, &account).headers.into_iter();
            let pairs = named.map(|(name, value)| match value {
                HeaderText::Open(value) => format!("{name}={value}"),
                HeaderText::Secret { variable, .. } => format!("{name}=${variable}"),
            });
            pairs.collect::<Vec<_>>()
        };
        assert_eq!(
            headers(PlatformId::GoogleAds).await,
            ["developer-token=$DEV", "login-customer-id=1234567890"]
        );
        assert_eq!(headers(PlatformId::Meta).await, ["developer-token=$DEV"]);
    }

    #[tokio::test]
    async fn a_missing_variable_is_named_and_a_present_one_read() {
        let environment = Environment::for_test([("GOOD", "tok"), ("BAD", "two words")], "/h");
        let ask = async |name: &str| {
            let source = source(&TokenSource::Env(name.to_owned()), &environment);
            source.read().await.map(|s| s.expose().to_owned())
        };
        assert_eq!(ask("GOOD").await, Ok("tok".to_owned()));
        assert!(
            ask("BAD")
                .await
                .is_err_and(|e| e.contains("BAD") && !e.contains("two words"))
        );
        assert!(ask("NONE").await.is_err_and(|e| e.contains("NONE is not set")));
    }
}
