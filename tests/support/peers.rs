//! What the tests at an engine's socket share.
#![allow(dead_code, reason = "every test binary uses a part of it")]
#![allow(clippy::unwrap_used, reason = "test code")]

use std::{path::Path, sync::Arc};

use omnitraffick::engine::{
    api::{CommandKind, EngineClient},
    decide::command::Command,
    host::{
        Host,
        socket::{
            path::{Audience, bind},
            server::Server,
        },
        who::Who,
    },
    model::{
        governance::Market,
        ids::MarketId,
        roles::{Directory, Roles},
    },
};

/// Lets an engine listen; `directory` knows who everybody is.
pub fn listen(host: &Host, path: &Path, directory: impl Directory + 'static) -> Server {
    let own = rustix::process::geteuid().as_raw();
    let who = Who::new(own, Box::new(directory), Roles::default());
    let listener = bind(path, &Audience::Owner).unwrap();
    Server::start(Arc::clone(host.engine()), listener, path.to_owned(), who, "test".into()).unwrap()
}

/// Codes that are allowed and of which no two are the same: three letters each.
pub fn code(n: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap());
    format!("{}{}{}", letter(n / 676), letter(n / 26), letter(n))
}

/// A new market, under an id of its own.
pub fn market(client: &dyn EngineClient, code: &str) -> Command {
    let market = Market {
        id: MarketId::new(client.new_uuid()),
        code: code.parse().unwrap(),
        name: "Somewhere".into(),
        countries: vec!["US".into()],
        region: "AMER".into(),
        timezone: "UTC".into(),
        daily_cap: None,
        aliases: vec![],
        retired: false,
    };
    Command {
        id: client.command_id(),
        kind: CommandKind::MarketCreate(market),
    }
}
