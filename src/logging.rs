//! What the program says about itself: to a daily file and to a ring the console shows, never to the terminal.
//!
//! Why one layer for both: a secret is masked once, where the record is made, so file and screen cannot differ.
//!
//! Invariants
//! - Every record is one line, sanitised and redacted before it is kept anywhere.
//! - The ring is bounded ([`log_feed::CAPACITY`]).
//! - Neither a full disk nor an unwritable directory stops the program.

use std::{
    fmt::{self, Write as _},
    io::Write as _,
    path::Path,
    sync::LazyLock,
};

use regex::Regex;
use tracing::{
    Level, Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::{
    engine::{
        clock::{Clock, SystemClock},
        model::sanitise::sanitise,
    },
    log_feed::{self, LogFeed},
};

/// Days of log files kept on disk.
const DAYS: usize = 14;
/// Longest record, in characters.
const LONGEST: usize = 4_000;

/// The running log. Keep it until the program ends: dropping it writes out what is still on the way to the file.
#[derive(Debug)]
pub struct Logging {
    /// What the console's log screen reads.
    pub feed: LogFeed,
    /// Why nothing is written to a file, if so.
    pub problem: Option<String>,
    _writer: Option<WorkerGuard>,
}

/// Starts logging: `level` for this program, warnings only from the crates it uses. Call once.
pub fn start(level: Level, dir: &Path) -> Logging {
    let feed = LogFeed::default();
    let (file, writer, problem) = match open(dir) {
        Ok((file, guard)) => (Some(file), Some(guard), None),
        Err(e) => (None, None, Some(format!("no log file in {}: {e}", dir.display()))),
    };
    let filter = Targets::new()
        .with_default(level.min(Level::WARN))
        .with_target("omnitraffick", level);
    let recorder = Recorder {
        feed: feed.clone(),
        file,
    };
    // Fails only when somebody else (a test) already listens; then their subscriber has the records.
    let _ = tracing_subscriber::registry()
        .with(recorder.with_filter(filter))
        .try_init();
    if let Some(problem) = &problem {
        tracing::warn!("{problem}");
    }
    Logging {
        feed,
        problem,
        _writer: writer,
    }
}

/// Opens today's file in a directory only the owner can read.
fn open(dir: &Path) -> Result<(NonBlocking, WorkerGuard), Box<dyn std::error::Error>> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let appender = tracing_appender::rolling::RollingFileAppender::builder()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("omnitraffick")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(dir)?;
    Ok(tracing_appender::non_blocking(appender))
}

/// Makes one line of each record and gives it to ring and file.
struct Recorder {
    feed: LogFeed,
    file: Option<NonBlocking>,
}

/// A span's fields as text, kept with the span.
struct SpanFields(String);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_new_span(&self, attrs: &span::Attributes<'_>, id: &span::Id, ctx: Context<'_, S>) {
        let mut words = Words::default();
        attrs.record(&mut words);
        if let Some(span) = ctx.span(id) {
            span.extensions_mut().insert(SpanFields(words.fields));
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, ctx: Context<'_, S>) {
        let mut words = Words::default();
        event.record(&mut words);
        for span in ctx.event_scope(event).into_iter().flatten() {
            if let Some(fields) = span.extensions().get::<SpanFields>() {
                words.fields.push_str(&fields.0);
            }
        }
        let meta = event.metadata();
        let text: String = (words.message + &words.fields).chars().take(LONGEST).collect();
        let text = redact(sanitise(&text).as_str());
        let target = sanitise(meta.target()).into_string();
        let now = SystemClock.now();
        if let Some(file) = &self.file {
            // The appender drops lines when its queue is full; nothing may wait for a disk here.
            let _ = writeln!(file.clone(), "{now} {:5} {target} {text}", meta.level());
        }
        self.feed.push(now, loudness(*meta.level()), &target, text);
    }
}

/// How loud a record is, in the console's words.
const fn loudness(level: Level) -> log_feed::Level {
    match level {
        Level::TRACE => log_feed::Level::Trace,
        Level::DEBUG => log_feed::Level::Debug,
        Level::INFO => log_feed::Level::Info,
        Level::WARN => log_feed::Level::Warn,
        Level::ERROR => log_feed::Level::Error,
    }
}

/// A record's message and its fields as ` key=value`.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = if field.name() == "message" {
            write!(self.message, "{value:?}")
        } else {
            write!(self.fields, " {}={value:?}", field.name())
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = if field.name() == "message" {
            write!(self.message, "{value}")
        } else {
            write!(self.fields, " {}={value:?}", field.name())
        };
    }
}

/// What a secret looks like, and what stands in its place. Compiled once; `None` when a pattern is broken.
static SECRETS: LazyLock<Option<Vec<(Regex, &str)>>> = LazyLock::new(|| {
    [
        // `Bearer` first: its value would otherwise stay behind after `token: ***`.
        (r"(?i)\b(bearer)\s+[A-Za-z0-9._~+/=-]+", "$1 ***"),
        (
            concat!(
                r"(?i)\b((?:[a-z_-]*(?:token|secret|password|passwd)|appsecret_proof|api_?key)",
                r#"\\?["']?\s*[=:]\s*)(?:\\?"[^"\\]*\\?"|'[^']*'|[^\s"'&,;}\]]+)"#
            ),
            "$1***",
        ),
        (r"\bEAA[A-Za-z0-9]{6,}", "EAA***"),
    ]
    .into_iter()
    .map(|(pattern, with)| Regex::new(pattern).map(|r| (r, with)))
    .collect::<Result<_, _>>()
    .ok()
});

/// Masks everything that looks like a credential: `access_token=…`, `Bearer …`, `EAA…`, keys named token or secret.
pub fn redact(text: &str) -> String {
    let Some(secrets) = SECRETS.as_ref() else {
        return "[withheld: the patterns for secrets are broken]".to_owned();
    };
    secrets.iter().fold(text.to_owned(), |text, (pattern, with)| {
        match pattern.replace_all(&text, *with) {
            std::borrow::Cow::Borrowed(_) => text,
            std::borrow::Cow::Owned(masked) => masked,
        }
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::query("GET /x?access_token=EAAB12345678&limit=5", "GET /x?access_token=***&limit=5")]
    #[case::header("Authorization: Bearer abc.def-1", "Authorization: Bearer ***")]
    #[case::bare("got EAABsbCS1234567890 back", "got EAA*** back")]
    #[case::json(r#"{"client_secret":"s p a c e","a":1}"#, r#"{"client_secret":***,"a":1}"#)]
    #[case::escaped_json(r#"body="{\"token\":\"abc\"}""#, r#"body="{\"token\":***}""#)]
    #[case::bearer_in_a_token_field("token: Bearer abc", "token: *** ***")]
    #[case::proof("appsecret_proof=0123abcd", "appsecret_proof=***")]
    #[case::innocent("the token expired; EAA is a prefix", "the token expired; EAA is a prefix")]
    fn secrets_are_masked(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(redact(text), expected);
    }

    #[test]
    fn a_record_is_one_safe_line_with_its_spans() {
        let feed = LogFeed::default();
        let subscriber = tracing_subscriber::registry().with(Recorder {
            feed: feed.clone(),
            file: None,
        });
        tracing::subscriber::with_default(subscriber, || {
            let _span = tracing::info_span!("deploy", ticket = 1042).entered();
            tracing::info!(access_token = "EAAB12345678", "two\nlines \u{1b}[2J");
        });
        let lines = feed.after(0);
        let texts: Vec<_> = lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["two lines ^[[2J access_token=*** ticket=1042"]);
    }

    #[test]
    fn an_unwritable_directory_is_a_remark_not_an_end() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        let logging = start(Level::INFO, &file.join("below"));
        assert!(logging.problem.is_some_and(|p| p.contains("no log file in")));
    }
}
