//! Every key of the configuration file, as a table: `docs/configuration.md` is made of it, and a test holds it against
//! the structs that read the file.

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Dotted, with `<..>` for names people choose.
    pub path: &'static str,
    /// An example value as written in TOML.
    pub example: &'static str,
    /// What holds when it is absent.
    pub default: &'static str,
    /// What it does.
    pub help: &'static str,
}

macro_rules! keys {
    ($($path:literal, $example:literal, $default:literal, $help:literal;)+) => {
        /// All keys, in file order.
        pub const KEYS: &[Key] = &[$(Key { path: $path, example: $example, default: $default, help: $help }),+];
    };
}

keys! {
    "store.dir", "\"/var/lib/omnitraffick/store\"", "`store` in the data directory",
        "Directory of the store. `--store` and `OMNITRAFFICK_STORE` are stronger.";
    "store.allow_fuse", "true", "`false`",
        "The store may lie on a FUSE file system. Only where that syncs what it is told to.";
    "store.ephemeral", "true", "`false`",
        "The store may lie in memory (tmpfs), gone with the next start of the machine. `--ephemeral` is stronger.";
    "store.segment_kib", "65536", "`65536`",
        "KiB of journal after which a new file is begun; 64 to 1048576. So much room is set aside ahead of time.";
    "host.socket", "\"/run/omnitraffick/engine.sock\"", "in the runtime directory of the user, else in the store",
        "Where the engine listens and consoles attach. A named socket is open to its group.";
    "host.group", "\"traffops\"", "the group the engine runs as",
        "Group whose members may connect, with `host.socket`. The engine's user must be in it. A directory that is made for the socket is its own too, to pass through and not to write in.";
    "environment.name", "\"prod\"", "`prod`",
        "Name shown in the header: 1 to 24 letters, digits or `-`. A place without a name is treated as production.";
    "engine.max_daily_budget", "\"100000\"", "`100000`",
        "Highest daily budget of one ticket, main units of its own currency.";
    "engine.max_lifetime_budget", "\"1000000\"", "`1000000`",
        "Highest lifetime budget of one ticket, main units of its own currency.";
    "engine.max_tries", "6", "`6`",
        "Tries of one step that may end as \"not executed\" before the deploy fails; 1 to 100.";
    "engine.backoff_base", "\"2s\"", "`2s`", "First wait after a failed try; doubled with every further one.";
    "engine.backoff_cap", "\"5m\"", "`5m`", "Longest wait after a failed try.";
    "engine.rate_limit_deadline", "\"24h\"", "`1d`", "How long rate limits may hold up one step in all.";
    "engine.processing_deadline", "\"2h\"", "`2h`",
        "How long a platform may work on an uploaded file (a video) before the step fails.";
    "engine.reconcile_reads", "[\"45s\", \"90s\", \"3m\"]", "`[\"45s\", \"90s\", \"3m\"]`",
        "When to look an unknown outcome up, counted from the last byte. At least two, the last at 60s or later; absence is believed only after all.";
    "engine.early_look", "\"5s\"", "`5s`", "An early look that may find the object and never proves its absence.";
    "engine.lane_recheck", "\"5m\"", "`5m`",
        "How often an account that is blocked (token, permission, billing) is tried again, besides on request.";
    "engine.reconcile_deadline", "\"30m\"", "`30m`", "When no look counted for this long, a person is asked.";
    "engine.reconcile_again", "\"60s\"", "`1m`", "Distance between further looks when planned ones did not count.";
    "roles.users.<user>", "\"approver\"", "none",
        "Role of a login: `viewer` looks and asks the copilot, `trafficker` writes and deploys, `approver` also approves, \
         `admin` also governs. It has this role and no other. Only from a file nobody but the engine's user and root can write.";
    "roles.groups.<group>", "\"trafficker\"", "none", "Role of a Unix group's members; of several groups the highest counts.";
    "roles.anybody", "\"viewer\"", "`viewer`", "Role of everybody else who may connect. The engine's own user is admin.";
    "roles.root_is", "\"ana\"", "root only looks",
        "Whose role and name uid 0 has: behind `sudo` the engine sees no person.";
    "approvals.single_operator", "false", "`false`",
        "In a house of one: you may approve what you wrote yourself, and the journal says so. Not together with `[roles]`.";
    "approvals.rules.<rule>.needs", "2", "none: must be given",
        "How many approvers have to agree before such a ticket is deployed: 1 or 2. Of several rules the strictest counts; PAUSE never needs any.";
    "approvals.rules.<rule>.brands", "[\"ACM\"]", "all", "Only campaigns of these brands, by code or former code.";
    "approvals.rules.<rule>.markets", "[\"US\"]", "all", "Only campaigns of these markets, by code or former code.";
    "approvals.rules.<rule>.platforms", "[\"meta\"]", "all", "Only these platforms.";
    "approvals.rules.<rule>.requests", "[\"CREATE\", \"UPDATE_BUDGET\"]", "all but PAUSE", "Only these request types.";
    "approvals.rules.<rule>.daily_above", "\"1000\"", "any budget",
        "Only daily budgets above this, main units of the account's currency.";
    "approvals.rules.<rule>.lifetime_above", "\"20000\"", "any budget",
        "Only lifetime budgets above this; beside `daily_above`, either is enough.";
    "platforms.<platform>.base_url", "\"http://127.0.0.1:8790\"", "the platform's own address",
        "Address without version. `https`, except for a simulation on this machine.";
    "platforms.<platform>.version", "\"v25.0\"", "the version this build was checked against", "API version.";
    "platforms.<platform>.token", "{ env = \"META_TOKEN\" }", "none: deploys wait for one",
        "Where the token is read: `{env = \"NAME\"}`, `{file = \"PATH\"}` (readable by its owner only) or \
         `{command = [\"PROGRAM\", \"ARG\"]}` (first line printed). Never the token itself.";
    "platforms.<platform>.login_account", "\"123-456-7890\"", "none: accounts are reached directly",
        "The manager account access goes through, where a platform has such (Google Ads).";
    "platforms.<platform>.headers.<name>", "{ env = \"DEVELOPER_TOKEN\" }", "none",
        "A further header of every request and where its value is read, as for the token.";
    "platforms.<platform>.account_rate", "\"9000/5m\"", "as published",
        "Calls one account may make at once, and when all of them are back; a write may count several.";
    "platforms.<platform>.app_rate", "\"2/250ms\"", "as published", "The same for all accounts of the platform together.";
    "platforms.<platform>.accounts.<account>.token", "{ file = \"tokens/act_123\" }", "the platform's token",
        "The account's own token.";
    "blackouts.<window>.from", "\"22:00\"", "none: must be given",
        "First moment of a time in which nothing new is sent: a time of day, or `2026-12-24T18:00`. Open calls end as ever.";
    "blackouts.<window>.to", "\"06:00\"", "none: must be given", "First moment after it, in the same form.";
    "blackouts.<window>.zone", "\"Europe/Berlin\"", "none: must be given",
        "Whose local time. A time that a clock change leaves out moves forward, one that comes twice means the first.";
    "blackouts.<window>.days", "[\"fri\", \"sat\"]", "every day", "Days it begins on, with times of day.";
    "blackouts.<window>.scope", "\"activate\"", "`all`",
        "`all` holds every step back, `activate` only what switches something on. PAUSE tickets and cancels always go.";
    "blackouts.<window>.platform", "\"meta\"", "all", "Only this platform.";
    "blackouts.<window>.market", "\"US\"", "all", "Only campaigns of this market, by code.";
    "blackouts.<window>.brand", "\"ACM\"", "all", "Only campaigns of this brand, by code.";
    "copilot.heal", "\"propose\"", "`propose`",
        "What happens when a platform refuses a deploy and a rule knows a fix: `propose` writes the proposal down at once, \
         `off` waits until somebody asks. Nothing is ever applied by itself.";
    "copilot.model.kind", "\"openai_chat\"", "required with the section",
        "Format the model server speaks: `openai_chat` (hosted services, gateways, vLLM, llama.cpp, Ollama) or `anthropic`. \
         Without `[copilot.model]` the copilot shows snippets only.";
    "copilot.model.base_url", "\"http://127.0.0.1:11434/v1\"", "required with the section",
        "Address below which the format's paths stand; for `openai_chat` it usually ends in `/v1`. `https`, except on this machine.";
    "copilot.model.model", "\"llama3.1\"", "required with the section", "The model's name at that server.";
    "copilot.model.key", "{ env = \"MODEL_KEY\" }", "none is sent",
        "Where the key is read, as for a platform's token.";
    "copilot.model.local", "true", "`false`",
        "The model runs on this machine, so nothing leaves the host. Only for a loopback address.";
    "copilot.model.context_tokens", "32000", "what the server says, else what is known of the model, else 8192",
        "Tokens the model takes; at least 2048.";
    "copilot.model.answer_tokens", "800", "`800`", "Longest answer, tokens; 64 to 32000.";
    "copilot.model.temperature", "\"0.2\"", "not sent", "From 0 to 2; some models refuse it.";
    "copilot.model.price.currency", "\"USD\"", "required with a price", "Currency of the price, the limits and the cap.";
    "copilot.model.price.input", "\"2.50\"", "required with a price: without one the cost is unknown, never 0",
        "Price of a million input tokens, main units.";
    "copilot.model.price.cached", "\"1.25\"", "the input price",
        "Price of a million input tokens read from the server's cache.";
    "copilot.model.price.output", "\"10.00\"", "required with a price", "Price of a million output tokens.";
    "copilot.model.confirm_above", "\"0.50\"", "never asks",
        "A question estimated above this cost is confirmed before it is sent.";
    "copilot.model.day_cap", "\"20\"", "none", "Highest cost of one person's questions a day.";
    "copilot.model.redaction", "\"block\"", "`block`; `replace` when local",
        "What happens when a secret is found in what would be sent: `block` sends nothing and says where it is, `replace` sends a name instead.";
    "network.proxy", "\"http://proxy.example:3128\"", "none",
        "Proxy for everything that is not on this machine. `HTTP_PROXY` and its kin are not read.";
    "copilot.guidelines.starter", "true", "`true`",
        "Whether the guidelines this program comes with are searched too.";
    "copilot.guidelines.folders.<folder>.path", "\"guidelines/brands\"", "required",
        "A folder of guidelines, or one file: markdown, plain text, and PDF where that is built in. What is said here is stronger than what its files say.";
    "copilot.guidelines.folders.<folder>.kind", "\"brand\"", "what the file says",
        "`brand`, `platform_policy` or `runbook`.";
    "copilot.guidelines.folders.<folder>.brand", "[\"ACM\"]", "what the file says, else all",
        "Brands its documents hold for.";
    "copilot.guidelines.folders.<folder>.platform", "[\"meta\"]", "what the file says, else all",
        "Platforms its documents hold for.";
    "copilot.guidelines.folders.<folder>.market", "[\"DE\"]", "what the file says, else all",
        "Markets its documents hold for.";
    "copilot.guidelines.folders.<folder>.objective", "[\"OUTCOME_SALES\"]", "what the file says, else all",
        "Objectives its documents hold for, in the platform's word.";
    "copilot.guidelines.folders.<folder>.owner", "\"brand desk\"", "what the file says",
        "Who answers for them.";
    "copilot.guidelines.folders.<folder>.language", "\"de\"", "`en`",
        "Language of documents that do not name theirs, two letters.";
    "copilot.guidelines.folders.<folder>.may_leave_host", "false", "what the file says, else `false`",
        "Whether its documents may be sent to a language model on another host. `false` is final; `true` holds where the file is silent.";
    "copilot.guidelines.folders.<folder>.reviewed", "true", "`false`",
        "Whether somebody reads every change before it gets there.";
    "copilot.guidelines.folders.<folder>.released", "[\"9fdba2b8c1d4\"]", "none",
        "Contents released from quarantine, each by the beginning of its hash as `guidelines check` prints it. A changed file needs a new release.";
    "log.level", "\"info\"", "`info`",
        "`error`, `warn`, `info`, `debug` or `trace`, for this program; the crates it uses log warnings only.";
    "log.dir", "\"/var/log/omnitraffick\"", "`log` in the state directory",
        "Directory of the daily log files; the last 14 are kept.";
    "ui.theme", "\"house\"", "`house`; `light` where COLORFGBG tells of a light ground",
        "Theme of the console: `house`, `middle`, `light`, `high-contrast`, `mono`, or NAME of a file `themes/NAME.toml` beside the configuration (`base`, `text`, `ground`, `accent`, `muted`, `info`, `ready`, `busy`, `ok`, `warn`, `error`; a colour is `\"#rrggbb\"` or 16 to 255). `--theme` is stronger.";
    "ui.color", "\"auto\"", "`auto`", "`auto`, `never`, `16`, `256` or `truecolor`.";
    "ui.ascii", "false", "by locale", "Draw with ASCII only.";
    "keys.preset", "\"default\"", "`default`", "Keys to start from: `default`, or `arrows`, where no letter moves the cursor.";
    "keys.unbind", "[\"D\"]", "none", "Keys that run nothing; `:` still finds the command.";
    "keys.bind.<command>", "[\"F5\", \"W r\"]", "as in `docs/keys.md`",
        "Keys of a command by its id, in quotes, instead of its own. What cannot be is said with its line when the console opens.";
    "console.notify", "\"osc9\"", "`off`",
        "How the console calls somebody who looks elsewhere: `off`, `bell`, `osc9` (iTerm2, WezTerm, Windows Terminal, ghostty) or `osc777` (foot, urxvt, ghostty). Inside tmux it needs `allow-passthrough on`, except for the bell.";
    "console.notify_on", "[\"live\", \"failed\"]", "`[\"failed\", \"needs-operator\", \"assigned\", \"mention\"]`",
        "What it calls for: `live`, `failed`, `needs-operator` (the executor asks), `assigned` (a ticket is yours now), `mention` (`@login` in a comment), `watched` (news of a ticket you watch: live, failed, a question, a comment, an approval). Never for what you did yourself.";
    "console.clipboard", "[\"wl-copy\"]", "by the terminal (OSC 52), in tmux also its buffer",
        "Program that takes copied text on its standard input. `--clipboard-cmd` is stronger.";
}

/// Environment variables the program reads, with what each does.
pub const VARIABLES: &[(&str, &str)] = &[
    ("`OMNITRAFFICK_CONFIG`", "Configuration file; `--config` is stronger."),
    ("`OMNITRAFFICK_STORE`", "Directory of the store; `--store` is stronger."),
    (
        "HOME, XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME",
        "Where configuration, store and log are by default.",
    ),
    (
        "`XDG_RUNTIME_DIR`",
        "Where the engine's socket is, unless `host.socket` names a place.",
    ),
    (
        "NO_COLOR",
        "Set and not empty: no colour, unless `ui.color` names a depth.",
    ),
    ("`TERM`, `COLORTERM`", "How many colours the terminal has."),
    (
        "LC_ALL, LC_CTYPE, LANG",
        "Whether the terminal speaks UTF-8; if not, ASCII is drawn.",
    ),
    ("`SSH_CONNECTION`", "The console is at the far end of a connection."),
    ("names given by `{env = \"…\"}`", "Tokens."),
];

/// The reference part of `docs/configuration.md`.
pub fn markdown() -> String {
    use std::fmt::Write as _;
    let mut out = String::from("| key | example | default | what it does |\n|---|---|---|---|\n");
    for k in KEYS {
        let _ = writeln!(out, "| `{}` | `{}` | {} | {} |", k.path, k.example, k.default, k.help);
    }
    out.push_str("\n| variable | what it does |\n|---|---|\n");
    for (name, help) in VARIABLES {
        let _ = writeln!(out, "| {name} | {help} |");
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::file::ConfigFile;

    /// A file that sets every key of the table to its example.
    fn full() -> String {
        KEYS.iter()
            .map(|k| {
                let path = k.path.replace("<platform>", "meta").replace("<account>", "act_123");
                let path = path.replace("<name>", "x-token").replace("<window>", "freeze");
                let path = path.replace("<folder>", "house").replace("<rule>", "large");
                let path = path.replace("<user>", "ana").replace("<group>", "ops");
                let path = path.replace("<command>", "some-command");
                format!("{path} = {}", k.example)
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn leaves(prefix: &str, value: &toml::Value, out: &mut BTreeSet<String>) {
        match value {
            toml::Value::Table(table) if !matches!(prefix.rsplit('.').next(), Some("token" | "x-token" | "key")) => {
                for (key, inner) in table {
                    leaves(&format!("{prefix}.{key}"), inner, out);
                }
            }
            _ => {
                let path = prefix
                    .trim_start_matches('.')
                    .replace("platforms.meta", "platforms.<platform>");
                let path = path.replace("act_123", "<account>").replace("x-token", "<name>");
                let path = path.replace(".freeze.", ".<window>.");
                let path = path.replace("rules.large", "rules.<rule>");
                let path = path
                    .replace("users.ana", "users.<user>")
                    .replace("groups.ops", "groups.<group>");
                let path = path.replace("some-command", "<command>");
                out.insert(path.replace("folders.house", "folders.<folder>"));
            }
        }
    }

    #[test]
    fn table_and_structs_know_the_same_keys() {
        let file: ConfigFile = toml::from_str(&full()).unwrap();
        let mut read = BTreeSet::new();
        leaves("", &toml::Value::try_from(&file).unwrap(), &mut read);
        let table: BTreeSet<_> = KEYS.iter().map(|k| k.path.to_owned()).collect();
        assert_eq!(read, table);
    }

    /// Serialising cannot show a field that is `None`: the names serde expects can.
    #[test]
    fn no_field_of_a_section_is_missing_from_the_table() {
        for section in [
            "store",
            "environment",
            "engine",
            "network",
            "log",
            "ui",
            "roles",
            "approvals",
            "approvals.rules.large",
            "keys",
            "console",
            "platforms.meta",
            "copilot",
            "copilot.guidelines",
            "copilot.guidelines.folders.house",
            "copilot.model",
            "copilot.model.price",
        ] {
            let refused = toml::from_str::<ConfigFile>(&format!("{section}.no_such_key = 1")).unwrap_err();
            let message = refused.message().to_owned();
            for field in message.split('`').skip(3).step_by(2) {
                let path = format!("{section}.{field}").replace("meta", "<platform>");
                let path = path
                    .replace("folders.house", "folders.<folder>")
                    .replace("rules.large", "rules.<rule>");
                assert!(
                    KEYS.iter().any(|k| k.path.starts_with(&path)),
                    "{path} is not in the table"
                );
            }
        }
    }

    #[test]
    fn the_page_holds_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
        let mut page = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
        let table = markdown();
        // `UPDATE_DOCS=1` writes the page instead of complaining.
        if std::env::var_os("UPDATE_DOCS").is_some() {
            let from = page.find("| key | example |").unwrap();
            let variables = from + page[from..].find("| variable |").unwrap();
            let end = page[variables..].find("\n\n").map_or(page.len(), |n| variables + n + 1);
            page.replace_range(from..end, &table);
            std::fs::write(path, &page).unwrap();
        }
        assert!(page.contains(&table), "docs/configuration.md should hold:\n\n{table}");
    }
}
