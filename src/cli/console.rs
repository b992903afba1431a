//! No noun: the console. Over the configured store, or over the demo.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::Arc,
};

use super::{
    args::Globals,
    failure::Failure,
    handover::{self, Left},
    plain,
    session::{Access, Session},
    stop::Stop,
    themes,
};
use crate::{
    config::{Config, console, environment::Environment, ui},
    demo::Demo,
    engine::api::EngineClient,
    logging::{self, Logging},
    tui::{
        self, Exit, TuiOptions,
        app::notify::{Occasion, Way, Wishes},
        theme,
    },
};

/// Opens the console over the store: this process runs the engine as long as the console is open.
pub async fn run(
    globals: &Globals,
    config: &Config,
    environment: &Environment,
    log: &Logging,
    stop: &Stop,
) -> Result<u8, Failure> {
    let options = if globals.plain {
        None
    } else {
        needs_terminal()?;
        Some(options(globals, config, environment, log)?)
    };
    let session = Session::open(
        config,
        environment,
        Access {
            read_only: globals.read_only,
            makes: !globals.read_only,
            asks: true,
            sends: true,
            client: "console",
            attaches: true,
            takes_over: false,
        },
    )
    .await?;
    let shown = match options {
        None => plain::run(session.client(), globals, stop).await,
        Some(mut options) => {
            options.environment.clone_from(&config.environment);
            // The name has letters, digits and dashes only.
            let file = format!("console-{}.json", config.environment);
            options.state = environment.dirs().map(|d| d.state.join(file));
            options.fresh = globals.fresh;
            options.hand_over = handover::before_sleep(&session, config);
            show(session.client(), options).await
        }
    };
    let left = handover::leave(session, config).await?;
    let exit = shown?;
    // The terminal is the person's again: what goes on or stands still now is said where they look.
    let note = match left {
        Left::Nothing => None,
        Left::HandedOver => Some("open deploys go on in the background engine".to_owned()),
        Left::Closed => exit.note(),
    };
    if let Some(note) = note {
        let _ = writeln!(std::io::stderr(), "{note}");
    }
    Ok(exit.code())
}

/// Opens the console over the demo. The agency is written while it is open, so that people see it come to life.
pub async fn demo(
    globals: &Globals,
    config: &Config,
    environment: &Environment,
    log: &Logging,
    stop: &Stop,
) -> Result<u8, Failure> {
    let options = if globals.plain {
        None
    } else {
        needs_terminal()?;
        let mut options = options(globals, config, environment, log)?;
        "demo".clone_into(&mut options.environment);
        Some(options)
    };
    let (uid, login) = environment.who();
    let demo = Arc::new(Demo::start(uid, &login).await?);
    let seeding = tokio::spawn({
        let demo = Arc::clone(&demo);
        async move {
            if let Err(error) = demo.seed().await {
                tracing::error!(%error, "the demo's agency is not complete");
            }
        }
    });
    let shown = match options {
        None => plain::run(demo.client(), globals, stop).await,
        Some(options) => show(demo.client(), options).await,
    };
    seeding.abort();
    // Waiting for the abort gives back the last other handle, so that the demo can be closed.
    let _ = seeding.await;
    if let Ok(demo) = Arc::try_unwrap(demo) {
        demo.close().await?;
    }
    Ok(shown?.code())
}

fn needs_terminal() -> Result<(), Failure> {
    if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Failure::usage(
        "the console needs a terminal on standard input and output; --plain is a console of lines, and --help lists the verbs",
    ))
}

/// The console has a thread and a runtime of its own: neither it nor the engine can stall the other.
async fn show(client: Arc<dyn EngineClient>, options: TuiOptions) -> Result<Exit, Failure> {
    tokio::task::spawn_blocking(move || tui::run_blocking(client, options))
        .await
        .map_err(|e| Failure::internal(&format!("the console ended: {e}")))?
        .map_err(|e| Failure::unavailable(e.to_string()))
}

/// Keys somebody chose, as the console takes them.
fn wishes(config: &Config) -> tui::KeyWishes {
    let keys = config.keys.clone();
    let wish = |(command, chords, place)| tui::Wish { command, chords, place };
    tui::KeyWishes {
        preset: keys.preset,
        unbind: keys.unbind,
        bind: keys.bind.into_iter().map(wish).collect(),
    }
}

/// The program that takes copied text: the switch is stronger than the file.
fn clipboard(globals: &Globals, config: &Config) -> Result<Option<Vec<String>>, Failure> {
    let Some(text) = &globals.clipboard_cmd else {
        return Ok(config.console.clipboard.clone());
    };
    match shlex::split(text).filter(|words| !words.is_empty()) {
        Some(words) => Ok(Some(words)),
        None => Err(Failure::usage(
            "--clipboard-cmd: no program is named, or a quote is open",
        )),
    }
}

/// How the person wants to be called, as the console takes it.
fn notify(config: &Config, environment: &Environment) -> Wishes {
    let occasion = |o| match o {
        console::Occasion::Live => Occasion::Live,
        console::Occasion::Failed => Occasion::Failed,
        console::Occasion::NeedsOperator => Occasion::NeedsOperator,
        console::Occasion::Assigned => Occasion::Assigned,
        console::Occasion::Mention => Occasion::Mention,
        console::Occasion::Watched => Occasion::Watched,
    };
    Wishes {
        way: match config.console.notify {
            console::Notify::Off => Way::Off,
            console::Notify::Bell => Way::Bell,
            console::Notify::Osc9 => Way::Osc9,
            console::Notify::Osc777 => Way::Osc777,
        },
        on: config.console.occasions().into_iter().map(occasion).collect(),
        in_tmux: environment.var("TMUX").is_some(),
    }
}

/// The editor with its arguments: words between blanks, as shells and other programs read the two variables.
fn editor(environment: &Environment) -> Option<tui::Editor> {
    let set = ["VISUAL", "EDITOR"]
        .into_iter()
        .find_map(|name| environment.var(name).filter(|v| !v.trim().is_empty()));
    Some(tui::Editor {
        command: set?.split_whitespace().map(str::to_owned).collect(),
        dir: environment.dirs()?.state.clone(),
    })
}

/// A theme by its name: one built in, or a file of that name beside the configuration.
fn theme_of(name: &str, environment: &Environment) -> Result<(theme::ThemeName, Option<theme::Own>), Failure> {
    if let Some(built_in) = theme::ThemeName::parse(name) {
        return Ok((built_in, None));
    }
    let known = theme::ThemeName::ALL.map(theme::ThemeName::as_str).join(", ");
    let dir = environment.dirs().map(|d| d.config.join("themes"));
    let dir = dir.filter(|_| themes::is_name(name));
    let path = dir.map(|d| d.join(format!("{name}.toml"))).filter(|p| p.exists());
    let Some(path) = path else {
        return Err(Failure::usage(format!(
            "there is no theme {name}: known are {known}, and files themes/NAME.toml beside the configuration"
        )));
    };
    let (own, _) = themes::read(&path).map_err(Failure::usage)?;
    Ok((own.base(), Some(own)))
}

fn options(
    globals: &Globals,
    config: &Config,
    environment: &Environment,
    log: &Logging,
) -> Result<TuiOptions, Failure> {
    let (wanted, own) = theme_of(globals.theme.as_deref().unwrap_or(&config.ui.theme), environment)?;
    if environment.var("TERM").is_none_or(|t| t.is_empty() || t == "dumb") {
        return Err(Failure::usage(
            "TERM says that this terminal cannot place text: omnitraffick --plain is the console as lines; --help lists the verbs",
        ));
    }
    // Locally the house paints its own ground. Over SSH that costs bytes, and on a ground nobody knows the middle
    // tones read on black and on white.
    let over_ssh = config.ui.over_ssh;
    let theme = match wanted {
        _ if config.ui.depth == ui::Depth::Mono => theme::ThemeName::Mono,
        theme::ThemeName::House if over_ssh && own.is_none() => theme::ThemeName::Middle,
        other => other,
    };
    let found = themes::all(environment);
    let clipboard = clipboard(globals, config)?;
    let in_tmux = environment.var("TMUX").is_some();
    Ok(TuiOptions {
        themes: found.themes,
        theme_problems: found.problems,
        terminal: format!(
            "{}{}",
            super::doctor::terminal_words(config, environment),
            if in_tmux { ", in tmux" } else { "" }
        ),
        mask: logging::redact,
        clipboard: tui::Clipboard {
            command: clipboard,
            in_tmux,
        },
        read_only: globals.read_only,
        theme,
        own_theme: own,
        color: match config.ui.depth {
            ui::Depth::Mono => theme::Depth::Mono,
            ui::Depth::Ansi16 => theme::Depth::Ansi16,
            ui::Depth::Ansi256 => theme::Depth::Indexed,
            ui::Depth::Truecolor => theme::Depth::True,
        },
        painted: !over_ssh && config.ui.depth >= ui::Depth::Ansi256,
        ascii: config.ui.ascii,
        log_feed: log.feed.clone(),
        editor: editor(environment),
        keys: wishes(config),
        notify: notify(config, environment),
        zone: jiff::tz::TimeZone::system(),
        embeds_engine: true,
        ..TuiOptions::default()
    })
}
