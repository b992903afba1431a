//! `--plain`: the console as lines, for screen readers and terminals that cannot place text. Numbered menus, one
//! question at a time, tables from the command line. Nothing is drawn over, nothing moves, nothing interrupts.
//!
//! Every item is a verb of the command line, parsed and carried out like there: same requests, same refusals, same
//! audit.

mod lines;
mod menu;
mod news;
mod rows;

use std::sync::Arc;

use clap::Parser as _;

use super::{
    args::{Args, Globals, Noun},
    call::{Call, Switches},
    carry_out,
    failure::Failure,
    output::{Output, Table},
    person::Person,
    stop::Stop,
    ticket::sheet,
};
use crate::{
    engine::{
        api::{EngineClient, TicketView, TicketWindow, filter::Filter},
        model::{sanitise::excerpt, ticket::Status},
    },
    tui::Exit,
};
use lines::Lines;
use menu::{Choice, Item, MAIN, TICKET};
use news::News;

/// Rows of a list before it asks whether to go on.
const PAGE: usize = 20;

/// Why the talk is over.
enum End {
    /// Nobody types any more, or they left.
    Left,
    /// A signal, with its exit code.
    Stopped(u8),
}

/// The plain console.
pub struct Plain {
    call: Call,
    lines: Lines,
    news: News,
}

/// Talks until somebody leaves; says how it ended.
pub async fn run(client: Arc<dyn EngineClient>, globals: &Globals, stop: &Stop) -> Result<Exit, Failure> {
    let out = Output::one_stream();
    let mut plain = Plain {
        news: News::new(client.notices()),
        lines: Lines::of_process(),
        call: Call {
            client,
            out,
            switches: Switches::of(globals),
            // Questions are asked here, in words of their own; a verb never reads the terminal beside us.
            person: Person::Absent,
            stop: stop.clone(),
        },
    };
    match plain.main().await {
        End::Stopped(code) => Err(Failure::stopped(code)),
        End::Left => Ok(Exit::Quit {
            open: plain.left_open().await,
        }),
    }
}

impl Plain {
    async fn main(&mut self) -> End {
        self.greet().await;
        self.offer(MAIN.iter().copied(), "Leave");
        loop {
            match self.turn().await {
                Ok(()) => {}
                Err(end) => return end,
            }
        }
    }

    /// Deploys that are under way.
    async fn left_open(&self) -> u64 {
        let tickets = self.call.overview().await.map(|o| o.tickets).unwrap_or_default();
        let open = tickets.iter().filter(|(status, _)| *status == Status::Deploying);
        open.map(|(_, n)| n).sum()
    }

    async fn greet(&mut self) {
        let words = match self.call.overview().await {
            Ok(o) => format!(
                "OmniTraffick in lines. {}, as {} ({}), {} commits so far.",
                o.environment.to_uppercase(),
                o.actor.name,
                o.actor.role,
                o.head
            ),
            Err(failure) => {
                self.call.out.failure(&failure);
                return;
            }
        };
        self.say(&words);
        self.say("Answer with a number and Enter. Enter alone says the choices again, 0 always leads out.");
    }

    /// Says a menu.
    fn offer<'a>(&mut self, titles: impl Iterator<Item = &'a str>, way_out: &str) {
        self.say("");
        for line in menu::lines(titles, way_out) {
            self.say(&line);
        }
    }

    /// Nothing there is was chosen.
    fn unknown(&mut self, typed: &str, items: usize) {
        let typed = quoted(typed);
        self.say(&format!("There is no {typed}: 1 to {items}, or Enter for the choices."));
    }

    /// One choice of the first menu; it is said again when somebody asks for it.
    async fn turn(&mut self) -> Result<(), End> {
        let typed = self.ask("Your choice:").await?;
        match menu::choice(&typed, MAIN.len()) {
            Choice::Out => return Err(End::Left),
            Choice::Again => self.offer(MAIN.iter().copied(), "Leave"),
            Choice::Item(0) => {
                let prompt = "Which, such as status:qa-failed market:DE spring; Enter for all:";
                let filter = self.ask(prompt).await?;
                self.tickets(&filter).await?;
            }
            Choice::Item(1) => self.open_one().await?,
            Choice::Item(2) => {
                self.carry_out(&["deploy", "list"], false).await?;
                self.open_one().await?;
            }
            Choice::Item(3) => self.tickets("needs:approval").await?,
            Choice::Item(4) => {
                let (newest, older) = self.news.read();
                if newest.is_empty() {
                    self.say("Nothing new.");
                }
                for line in newest {
                    self.say(&line);
                }
                if older > 0 {
                    self.say(&format!("{older} older: the same choice says more."));
                }
            }
            Choice::Item(_) => self.any_verb().await?,
            Choice::Unknown => self.unknown(&typed, MAIN.len()),
        }
        Ok(())
    }

    /// Says tickets, a page more with every `m`, and opens one.
    async fn tickets(&mut self, filter: &str) -> Result<(), End> {
        let filter = match Filter::parse(filter) {
            Ok(filter) => filter,
            Err(why) => {
                self.say(&why);
                return Ok(());
            }
        };
        let (mut from, mut rows) = (0, PAGE);
        loop {
            let window = TicketWindow {
                filter: filter.clone(),
                ..TicketWindow::default()
            };
            match self.call.cards(window, rows).await {
                Ok((cards, matching)) => {
                    for card in cards.iter().skip(from) {
                        self.say(&rows::row(card));
                    }
                    self.say(&rows::count(cards.len(), matching));
                }
                Err(failure) => {
                    self.call.out.failure(&failure);
                    return Ok(());
                }
            }
            loop {
                let typed = self
                    .ask("A ticket's number, m for more, l for the list again, Enter to go back:")
                    .await?;
                match typed.trim() {
                    "" | "0" | "q" => return Ok(()),
                    "m" => (from, rows) = (rows, rows + PAGE),
                    "l" => from = 0,
                    no => {
                        self.ticket(no).await?;
                        continue;
                    }
                }
                break;
            }
        }
    }

    async fn open_one(&mut self) -> Result<(), End> {
        let typed = self.ask("A ticket's number, Enter to go back:").await?;
        match typed.trim() {
            "" | "0" | "q" => Ok(()),
            no => self.ticket(no).await,
        }
    }

    /// One ticket: where it stands, what was found, and what can be done.
    async fn ticket(&mut self, selector: &str) -> Result<(), End> {
        let mut whole = true;
        loop {
            let view = match self.call.ticket(selector).await {
                Ok(view) => view,
                Err(failure) => {
                    self.call.out.failure(&failure);
                    return Ok(());
                }
            };
            if whole {
                self.head(&view);
                self.offer(TICKET.iter().map(|i| i.title), "Back");
            } else {
                // After an act only where it stands now: fourteen lines again would bury the answer.
                self.say(&format!("{}: status {}.", view.card.no, view.card.status.word()));
            }
            let typed = self.ask(&format!("Ticket {}, your choice:", view.card.no)).await?;
            let chosen = menu::choice(&typed, TICKET.len());
            whole = chosen == Choice::Again;
            match chosen {
                Choice::Out => return Ok(()),
                Choice::Again => {}
                Choice::Item(n) => {
                    if let Some(item) = TICKET.get(n) {
                        self.act(item, &view).await?;
                    }
                }
                Choice::Unknown => self.unknown(&typed, TICKET.len()),
            }
        }
    }

    /// A ticket in a few lines, its findings among them.
    fn head(&mut self, view: &TicketView) {
        let card = &view.card;
        let mut table = Table::bare();
        table.field("ticket", format!("{} {}", card.no, card.name));
        table.field("status", card.status.word());
        for finding in view.ticket.value.qa.iter().flat_map(|qa| &qa.findings) {
            table.field(
                "finding",
                format!("{}: {}: {}", finding.rule, finding.field, finding.message),
            );
            table.field("to do", &finding.remedy);
        }
        if let Some(why) = &view.why {
            table.field("why", &why.text);
        }
        self.say("");
        self.print(&table.render());
    }

    async fn act(&mut self, item: &Item, view: &TicketView) -> Result<(), End> {
        let no = view.card.no.to_string();
        let mut text = String::new();
        if let Some(prompt) = item.asks {
            text = self.ask(prompt).await?;
            if text.trim().is_empty() {
                self.say("Nothing typed, nothing done.");
                return Ok(());
            }
        }
        if item.typed && !self.is_sure(item, view, &no).await? {
            self.say("Nothing was changed.");
            return Ok(());
        }
        let words = item.words(&no, text.trim());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.carry_out(&words, item.typed).await?;
        Ok(())
    }

    /// What reaches outside is confirmed by typing the ticket's number, with everything in view that would go out.
    async fn is_sure(&mut self, item: &Item, view: &TicketView, no: &str) -> Result<bool, End> {
        let card = &view.card;
        let budget = sheet::budget(card.budget.as_ref());
        self.say(&format!(
            "{} {no} {}: {} on {}, account {}, budget {budget}.",
            item.title, card.name, card.request, card.platform, card.account
        ));
        let typed = self
            .ask(&format!(
                "Type {no} to do it, anything else leaves everything as it is:"
            ))
            .await?;
        Ok(typed.trim() == no)
    }

    async fn any_verb(&mut self) -> Result<(), End> {
        let typed = self
            .ask("The verb as on the command line, such as market list; --help lists them; Enter to go back:")
            .await?;
        if typed.trim().is_empty() {
            return Ok(());
        }
        let Some(words) = shlex::split(&typed) else {
            self.say("A quote is open.");
            return Ok(());
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let words = words.strip_prefix(&["omnitraffick"]).unwrap_or(&words);
        self.carry_out(words, false).await?;
        Ok(())
    }

    /// Carries a verb out. `is_sure`: its question was answered here. False when it was refused.
    async fn carry_out(&mut self, words: &[&str], is_sure: bool) -> Result<bool, End> {
        let line = std::iter::once("omnitraffick").chain(words.iter().copied());
        let args = match Args::try_parse_from(line) {
            Ok(args) => args,
            Err(error) => {
                self.print(&error.render().to_string());
                return Ok(false);
            }
        };
        let Some(noun) = args.noun.filter(runs_here) else {
            self.say("That is a program of its own: leave, and start it from the shell.");
            return Ok(false);
        };
        let before = self.call.switches;
        self.call.switches.yes |= is_sure || args.globals.yes;
        self.call.switches.dry_run |= args.globals.dry_run;
        let stop = self.call.stop.clone();
        let result = tokio::select! {
            result = Box::pin(carry_out(&mut self.call, noun)) => result,
            code = stop.wait() => return Err(End::Stopped(code)),
        };
        self.call.switches = before;
        match result {
            Ok(code) => Ok(code == 0),
            Err(failure) => {
                self.call.out.failure(&failure);
                Ok(false)
            }
        }
    }

    /// Asks; first says in a word that something happened.
    async fn ask(&mut self, prompt: &str) -> Result<String, End> {
        match self.news.came() {
            0 => {}
            1 => self.say("1 new message."),
            n => self.say(&format!("{n} new messages.")),
        }
        let out = self.call.out.writer();
        // A reader that went away is noticed at the next line.
        let _ = write!(out, "{prompt} ").and_then(|()| out.flush());
        tokio::select! {
            line = self.lines.next() => line.ok_or(End::Left),
            code = self.call.stop.wait() => Err(End::Stopped(code)),
        }
    }

    fn say(&mut self, line: &str) {
        self.call.out.say(line);
    }

    fn print(&mut self, text: &str) {
        for line in text.lines() {
            self.say(line);
        }
    }
}

/// What somebody typed, to be said back.
fn quoted(typed: &str) -> String {
    format!("\"{}\"", excerpt(typed, 40))
}

/// False for verbs that are a program of their own.
const fn runs_here(noun: &Noun) -> bool {
    !matches!(
        noun,
        Noun::Doctor(_)
            | Noun::Demo(_)
            | Noun::Engine(_)
            | Noun::Sandbox(_)
            | Noun::Config(_)
            | Noun::Serve(_)
            | Noun::Completions { .. }
            | Noun::Man { .. }
    )
}
