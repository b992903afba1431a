//! The command line: one file per noun, every verb an engine request.
//!
//! Why a twin of the console: the same requests, the same refusals, the same audit, so that a script and a person
//! cannot see different houses.
//!
//! Invariants
//! - stdout is data, stderr is talk. With `--json` stdout holds one document `{"v":1,"kind":…,"data":…}` (one a line
//!   while following), and a failure is one document on stderr.
//! - Exit codes: 0 done, 1 failed, 2 usage, 3 refused, 4 conflict, 5 unavailable, 6 damaged store, 129 hang-up,
//!   130 interrupt, 143 terminated.
//! - No prompt when stdin is not a terminal.
//! - Text from outside is sanitised before it is printed; in JSON, control characters are escaped.

pub mod args;
pub mod audit;
pub mod brand;
pub mod bulk;
pub mod call;
pub mod campaign;
pub mod channel;
pub mod channel_check;
pub mod config;
pub mod console;
pub mod copilot;
pub mod demo;
pub mod deploy;
pub mod doctor;
pub mod engine;
pub mod events;
pub mod failure;
pub mod gather;
pub mod governed;
pub mod guidelines;
pub mod handover;
pub mod hold;
pub mod market;
pub mod output;
pub mod person;
pub mod plain;
pub mod proposal;
pub mod rule;
pub mod sandbox;
pub mod serve;
pub mod session;
pub mod shell;
pub mod stop;
pub mod store;
pub mod themes;
pub mod ticket;
pub mod undo;
pub mod whoami;
pub mod wiring;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::{ffi::OsString, process::ExitCode};

use clap::{Parser as _, error::ErrorKind};

use crate::{
    config::{Config, Overrides, environment::Environment, values::LogLevel},
    logging,
};
use args::{Args, Globals, Noun};
use call::{Call, Switches};
use failure::Failure;
use output::Output;
use person::Person;
use session::{Access, Session};
use stop::Stop;

/// Runs the program and says how it ended.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    // Not a verb: the reader of PDF files gets no configuration, no log and no output of ours.
    #[cfg(feature = "pdf")]
    if crate::pdf::reader::is_meant(&args) {
        return crate::pdf::reader::run();
    }
    // Asked before parsing, because a wrong command line must be answered in the wanted form too.
    let json = args.iter().any(|a| a == "--json");
    let mut out = Output::standard(json);
    let code = match Args::try_parse_from(args) {
        Ok(args) => start(args, &mut out).unwrap_or_else(|failure| {
            out.failure(&failure);
            failure.exit
        }),
        Err(e) if json && e.use_stderr() => {
            let failure = Failure::usage(e.render().to_string().trim_end());
            out.failure(&failure);
            failure.exit
        }
        Err(e) => {
            let failed = e.print().is_err() || e.kind() != ErrorKind::DisplayHelp && e.use_stderr();
            if failed { 2 } else { 0 }
        }
    };
    ExitCode::from(out.finish(code))
}

/// What needs no engine is done at once; the rest gets a runtime.
fn start(args: Args, out: &mut Output) -> Result<u8, Failure> {
    let Args { globals, noun } = args;
    match noun {
        Some(Noun::Completions { shell }) => {
            shell::completions(shell, out);
            return Ok(0);
        }
        Some(Noun::Man { dir }) => return shell::man(dir.as_deref(), out).map(|()| 0),
        Some(Noun::Serve(ref options)) => serve::leave_session(options),
        _ => {}
    }
    let environment = Environment::of_process();
    let config = load(&globals, &environment)?;
    if let Some(Noun::Config(verb)) = noun {
        config::run(&config, &environment, &verb, out);
        return Ok(0);
    }
    let log = logging::start(config.log_level, &config.log_dir);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("omnitraffick")
        .build()
        .map_err(|e| Failure::unavailable(format!("no threads to work with: {e}")))?;
    let result = runtime.block_on(async {
        let stop = Stop::on_signals()?;
        with_engine(&globals, noun, &config, &environment, &log, &stop, out).await
    });
    // A read of the terminal cannot be called off; it must not hold up the end.
    runtime.shutdown_background();
    result
}

fn load(globals: &Globals, environment: &Environment) -> Result<Config, Failure> {
    let log_level = globals
        .log_level
        .as_deref()
        .map(LogLevel::parse)
        .transpose()
        .map_err(|e| Failure::usage(format!("--log-level: {e}")))?;
    let overrides = Overrides {
        config: globals.config.clone(),
        store: globals.store.clone(),
        log_level: log_level.map(|l| l.0),
        ephemeral: globals.ephemeral,
    };
    Ok(Config::load(environment, &overrides)?)
}

async fn with_engine(
    globals: &Globals,
    noun: Option<Noun>,
    config: &Config,
    environment: &Environment,
    log: &logging::Logging,
    stop: &Stop,
    out: &mut Output,
) -> Result<u8, Failure> {
    let noun = match noun {
        None => return console::run(globals, config, environment, log, stop).await,
        Some(Noun::Store(verb)) if verb.is_offline() => {
            return store::offline((config, environment), globals, verb, out).await;
        }
        Some(Noun::Engine(verb)) => return engine::run(config, verb, out).await,
        Some(Noun::Doctor(options)) => return doctor::run(options, config, environment, log, out).await,
        Some(Noun::Demo(options)) if options.headless => return demo::headless(environment, stop, out).await,
        Some(Noun::Demo(_)) => return console::demo(globals, config, environment, log, stop).await,
        Some(Noun::Sandbox(options)) => return sandbox::run(options, stop, out).await,
        Some(noun) => noun,
    };
    if globals.read_only && matches!(noun, Noun::Serve(_)) {
        return Err(Failure::usage(
            "serve works off the queue; with --read-only it would have nothing to do",
        ));
    }
    if noun.needs_no_store(config.model.is_some()) {
        let session = Session::beside(config, environment, noun.folders()).await?;
        return in_session(session, globals, noun, stop, out).await;
    }
    let access = Access {
        read_only: globals.read_only,
        makes: noun.makes() && !globals.read_only && !globals.dry_run,
        asks: noun.asks(),
        sends: noun.sends(),
        client: "cli",
        attaches: !matches!(noun, Noun::Serve(_)),
        takes_over: matches!(&noun, Noun::Serve(options) if options.take_over),
    };
    let session = Session::open(config, environment, access).await?;
    in_session(session, globals, noun, stop, out).await
}

/// Carries a noun out and closes its session, whatever came of it.
async fn in_session(
    session: Session,
    globals: &Globals,
    noun: Noun,
    stop: &Stop,
    out: &mut Output,
) -> Result<u8, Failure> {
    let mut call = Call {
        client: session.client(),
        out: std::mem::replace(out, Output::closed()),
        switches: Switches::of(globals),
        person: Person::of_process(),
        stop: stop.clone(),
    };
    let result = if noun.ends_itself() {
        carry_out(&mut call, noun).await
    } else {
        tokio::select! {
            result = carry_out(&mut call, noun) => result,
            code = stop.wait() => Err(Failure::stopped(code)),
        }
    };
    *out = call.out;
    let closed = session.close().await;
    let code = result?;
    closed?;
    Ok(code)
}

/// One noun, one file.
pub(crate) async fn carry_out(call: &mut Call, noun: Noun) -> Result<u8, Failure> {
    match noun {
        Noun::Market(verb) => market::run(call, verb).await.map(|()| 0),
        Noun::Brand(verb) => brand::run(call, verb).await.map(|()| 0),
        Noun::Channel(verb) => channel::run(call, verb).await,
        Noun::Campaign(verb) => campaign::run(call, verb).await.map(|()| 0),
        Noun::Ticket(verb) => ticket::run(call, *verb).await,
        Noun::Deploy(verb) => deploy::run(call, verb).await.map(|()| 0),
        Noun::Proposal(verb) => proposal::run(call, verb).await.map(|()| 0),
        Noun::Rule(verb) => rule::run(call, verb).await.map(|()| 0),
        Noun::Hold(verb) => hold::run(call, verb).await.map(|()| 0),
        Noun::Events(ask) => events::run(call, ask).await.map(|()| 0),
        Noun::Audit(ask) => audit::run(call, ask).await.map(|()| 0),
        Noun::Whoami => whoami::run(call).await.map(|()| 0),
        Noun::Guidelines(verb) => guidelines::run(call, verb).await.map(|()| 0),
        Noun::Copilot(verb) => copilot::run(call, verb).await,
        Noun::Undo(args) => undo::undo(call, args).await.map(|()| 0),
        Noun::Redo => undo::redo(call).await.map(|()| 0),
        Noun::Store(verb) => store::run(call, verb).await.map(|()| 0),
        Noun::Serve(options) => serve::run(call, options).await.map(|()| 0),
        Noun::Doctor(_)
        | Noun::Demo(_)
        | Noun::Engine(_)
        | Noun::Sandbox(_)
        | Noun::Config(_)
        | Noun::Completions { .. }
        | Noun::Man { .. } => Err(Failure::internal("a verb without an engine was sent to one")),
    }
}
