//! `config`: the configuration in force.

use clap::Subcommand;
use serde_json::json;

use super::{
    output::{Output, Table},
    themes,
};
use crate::config::{Config, environment::Environment};

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Say whether the file is good; what is wrong is named with its line
    Check,
    /// Print what is in force; secrets appear only as where they are read
    Show,
}

/// Carries out a verb. A bad file never gets here: it is refused while it is loaded.
pub fn run(config: &Config, environment: &Environment, verb: &Verb, out: &mut Output) {
    let source = config.source.as_ref().map(|p| p.display().to_string());
    let mut t = Table::bare();
    match verb {
        Verb::Check => {
            let words = source.as_deref().map_or("no file, defaults are in force", |_| "good");
            t.row([source.as_deref().unwrap_or("configuration"), words]);
            // Not the file's own fault: a theme beside it may be one nobody uses.
            let warnings = themes::all(environment).problems;
            for warning in &warnings {
                t.row(["warn", warning]);
            }
            out.one(
                "config_check",
                &json!({"file": source, "good": true, "warnings": warnings}),
                &t,
            );
        }
        Verb::Show => {
            let rows = config.in_force();
            t.row(["file", source.as_deref().unwrap_or("none")]);
            for (key, value) in &rows {
                t.row([key, value]);
            }
            out.one("config", &json!({"file": source, "values": rows}), &t);
        }
    }
}
