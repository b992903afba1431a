//! Where tokens come from: a value the configuration read, a private file, or a command.
//!
//! Nothing is cached: a token is read again for every request, so a renewed file or a secret manager's new value works
//! at once and "read the token again" needs no code of its own.
//!
//! Invariant: no error holds a token or what a command printed.

use std::{collections::BTreeMap, future::Future, path::PathBuf, pin::Pin, process::Stdio, sync::Arc, time::Duration};

use tokio::io::AsyncReadExt as _;

use super::{NamedCredentials, Secret};
use crate::engine::model::platform::{AccountId, PlatformId};

/// A token, or why there is none, in the operator's words.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<Secret, String>> + Send + 'a>>;

/// Headers to send besides the token, or why one of them cannot be read, in the operator's words.
pub type HeadersFuture<'a> = Pin<Box<dyn Future<Output = Result<Vec<(String, Secret)>, String>> + Send + 'a>>;

/// Finds the token of an account.
pub trait Credentials: Send + Sync {
    /// The token to use for `account` on `platform` now.
    fn token<'a>(&'a self, platform: PlatformId, account: &'a AccountId) -> TokenFuture<'a>;

    /// What else goes into the headers of every request, by name: a further secret, the manager account.
    fn headers<'a>(&'a self, _platform: PlatformId, _account: &'a AccountId) -> HeadersFuture<'a> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// The environment variable the token of `account` is read from, if it is read from one.
    fn variable(&self, _account: &AccountId) -> Option<String> {
        None
    }

    /// What all of this adds to a request, by name. Reads nothing.
    fn named(&self, platform: PlatformId, account: &AccountId) -> NamedCredentials {
        NamedCredentials::new(platform, self.variable(account))
    }
}

/// One secret, wherever it is kept. As a source of tokens it gives every account the same.
pub trait SecretSource: Send + Sync {
    /// The secret as it is now.
    fn read(&self) -> TokenFuture<'_>;

    /// The environment variable it is read from, if it is read from one.
    fn variable(&self) -> Option<String> {
        None
    }
}

impl<S: SecretSource> Credentials for S {
    fn token<'a>(&'a self, _: PlatformId, _: &'a AccountId) -> TokenFuture<'a> {
        self.read()
    }

    fn variable(&self, _: &AccountId) -> Option<String> {
        SecretSource::variable(self)
    }
}

/// A token known from the start: a configuration value taken from an environment variable, or a test's.
#[derive(Clone, Debug)]
pub struct FixedToken(pub Secret);

impl SecretSource for FixedToken {
    fn read(&self) -> TokenFuture<'_> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// A file only its owner may read; the first line is the token.
#[derive(Clone, Debug)]
pub struct FileToken {
    /// Where it is.
    pub path: PathBuf,
}

/// A token file is one line; anything larger is the wrong file.
const MAX_SOURCE: u64 = 64 * 1024;

impl FileToken {
    async fn first_line(&self) -> Result<Secret, String> {
        use std::os::unix::fs::MetadataExt as _;
        let at = self.path.display();
        // Without waiting: opening a named pipe would otherwise hang until somebody writes to it.
        let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
        let file = tokio::fs::OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open(&self.path)
            .await
            .map_err(|e| format!("the token file {at} cannot be opened: {e}"))?;
        // Asked of the open file, not of the path, so that it cannot be swapped in between.
        let meta = file
            .metadata()
            .await
            .map_err(|e| format!("the token file {at} cannot be examined: {e}"))?;
        if !meta.is_file() {
            return Err(format!("the token file {at} is not a regular file"));
        }
        if meta.mode() & 0o077 != 0 {
            return Err(format!(
                "the token file {at} has mode {:04o}, others could read it: run chmod 600 on it",
                meta.mode() & 0o7777
            ));
        }
        let us = rustix::process::geteuid().as_raw();
        if meta.uid() != us && meta.uid() != 0 {
            return Err(format!(
                "the token file {at} belongs to user {}, not to the engine's user {us}",
                meta.uid()
            ));
        }
        let mut bytes = Vec::new();
        file.take(MAX_SOURCE)
            .read_to_end(&mut bytes)
            .await
            .map_err(|e| format!("the token file {at} cannot be read: {e}"))?;
        let text = String::from_utf8(bytes).map_err(|_| format!("the token file {at} is not text"))?;
        Secret::from_source(&text).map_err(|why| format!("the token file {at}: {why}"))
    }
}

impl SecretSource for FileToken {
    fn read(&self) -> TokenFuture<'_> {
        Box::pin(self.first_line())
    }
}

/// A command whose first line of output is the token. Started directly, without a shell.
#[derive(Clone, Debug)]
pub struct CommandToken {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// How long it may take.
    pub timeout: Duration,
}

impl CommandToken {
    /// A command with the usual 10 s to answer.
    pub fn new(program: impl Into<PathBuf>, args: Vec<String>) -> Self {
        Self {
            program: program.into(),
            args,
            timeout: Duration::from_secs(10),
        }
    }

    async fn run(&self) -> Result<Secret, String> {
        let what = self.program.display();
        // What it says on stderr could quote the token, so nobody reads it.
        let mut child = tokio::process::Command::new(&self.program)
            .args(&self.args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| format!("the token command {what} did not start: {e}"))?;
        let out = child.stdout.take();
        let work = async {
            let mut bytes = Vec::new();
            if let Some(out) = out {
                out.take(MAX_SOURCE).read_to_end(&mut bytes).await?;
            }
            Ok::<_, std::io::Error>((child.wait().await?, bytes))
        };
        let (status, bytes) = tokio::time::timeout(self.timeout, work)
            .await
            .map_err(|_| {
                format!(
                    "the token command {what} gave no answer within {:?}; it was stopped",
                    self.timeout
                )
            })?
            .map_err(|e| format!("the token command {what} cannot be read: {e}"))?;
        if !status.success() {
            return Err(format!(
                "the token command {what} failed ({status}); run it by hand to see why"
            ));
        }
        let text = String::from_utf8(bytes).map_err(|_| format!("the token command {what} did not print text"))?;
        Secret::from_source(&text).map_err(|why| format!("the token command {what}: {why}"))
    }
}

impl SecretSource for CommandToken {
    fn read(&self) -> TokenFuture<'_> {
        Box::pin(self.run())
    }
}

/// Tokens by account, with one for all others.
#[derive(Clone, Default)]
pub struct CredentialBook {
    /// The accounts that have a source of their own.
    pub by_account: BTreeMap<AccountId, Arc<dyn SecretSource>>,
    /// The source for every other account.
    pub default: Option<Arc<dyn SecretSource>>,
    /// Where the value of each further header is read.
    pub headers: BTreeMap<String, Arc<dyn SecretSource>>,
    /// Further headers that are no secrets, with their values.
    pub open: BTreeMap<String, String>,
}

impl Credentials for CredentialBook {
    fn token<'a>(&'a self, platform: PlatformId, account: &'a AccountId) -> TokenFuture<'a> {
        match self.by_account.get(account).or(self.default.as_ref()) {
            Some(source) => source.read(),
            None => Box::pin(async move {
                Err(format!(
                    "no token is configured for account {account} on {platform}; add one to the configuration"
                ))
            }),
        }
    }

    fn headers<'a>(&'a self, _: PlatformId, _: &'a AccountId) -> HeadersFuture<'a> {
        Box::pin(async move {
            let mut out = Vec::new();
            for (name, source) in &self.headers {
                let value = source.read().await;
                let value = value.map_err(|why| format!("the value of the header {name}: {why}"))?;
                out.push((name.clone(), value));
            }
            Ok(out)
        })
    }

    fn variable(&self, account: &AccountId) -> Option<String> {
        let source = self.by_account.get(account).or(self.default.as_ref())?;
        source.variable()
    }

    fn named(&self, platform: PlatformId, account: &AccountId) -> NamedCredentials {
        let mut named = NamedCredentials::new(platform, self.variable(account));
        for (name, source) in &self.headers {
            named.secret(platform, name, source.variable());
        }
        for (name, value) in &self.open {
            named.open(name, value);
        }
        named
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn account() -> AccountId {
        "act_1".parse().unwrap()
    }

    async fn ask(source: &dyn Credentials) -> Result<String, String> {
        source
            .token(PlatformId::Meta, &account())
            .await
            .map(|s| s.expose().to_owned())
    }

    #[tokio::test]
    async fn a_token_file_must_be_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, "EAAB-file\n").unwrap();
        let source = FileToken { path: path.clone() };
        for (mode, fine) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let got = ask(&source).await;
            assert_eq!(got.is_ok(), fine, "{mode:o}: {got:?}");
            assert!(!got.err().unwrap_or_default().contains("EAAB"));
        }
        let pipe = dir.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let why = ask(&FileToken { path: pipe }).await.unwrap_err();
        assert!(why.contains("not a regular file"), "{why}");
        let gone = FileToken {
            path: dir.path().join("none"),
        };
        assert!(ask(&gone).await.unwrap_err().contains("cannot be opened"));
    }

    #[tokio::test]
    async fn a_command_gives_its_first_line_or_a_reason_without_its_output() {
        let sh = |script: &str| CommandToken::new("/bin/sh", vec!["-c".into(), script.into()]);
        assert_eq!(ask(&sh("echo EAAB-cmd; echo more")).await.unwrap(), "EAAB-cmd");
        let failed = ask(&sh("echo EAAB-cmd; echo EAAB-cmd >&2; exit 3")).await.unwrap_err();
        assert!(failed.contains('3') && !failed.contains("EAAB"), "{failed}");
        let mut slow = sh("sleep 60");
        slow.timeout = Duration::from_millis(20);
        assert!(ask(&slow).await.unwrap_err().contains("no answer within"));
        let missing = CommandToken::new("/nonexistent/token-helper", vec![]);
        assert!(ask(&missing).await.unwrap_err().contains("did not start"));
    }

    #[tokio::test]
    async fn the_book_prefers_the_account_and_names_the_account_it_does_not_know() {
        let fixed = |t: &str| -> Arc<dyn SecretSource> { Arc::new(FixedToken(Secret::from_source(t).unwrap())) };
        let mut book = CredentialBook::default();
        assert!(ask(&book).await.unwrap_err().contains("act_1"));
        book.default = Some(fixed("all"));
        assert_eq!(ask(&book).await.unwrap(), "all");
        book.by_account.insert(account(), fixed("own"));
        assert_eq!(ask(&book).await.unwrap(), "own");
        book.headers.insert("developer-token".to_owned(), fixed("dev-1"));
        let headers = book.headers(PlatformId::GoogleAds, &account()).await.unwrap();
        assert_eq!(
            (headers[0].0.as_str(), headers[0].1.expose()),
            ("developer-token", "dev-1")
        );
        let none = FileToken {
            path: "/nonexistent/token".into(),
        };
        book.headers.insert("x-more".to_owned(), Arc::new(none));
        let why = book.headers(PlatformId::GoogleAds, &account()).await.unwrap_err();
        assert!(why.contains("x-more") && !why.contains("dev-1"), "{why}");
    }
}
