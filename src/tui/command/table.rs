//! The command table. One record per command; everything that mentions a command or a key reads it from here.
//!
//! A record is `Variant: id, title (at most 32 characters), what it does in one sentence, contexts, keys`, and what
//! else is special about it: `.hint(rank)` puts it into the footer (1 first), `.danger(..)` makes the gate ask,
//! `.when(..)` says when it is possible, `.cli(..)` is its twin on the command line, `.arg(..)` lets the palette take
//! words after it. Ids are stable for ever: configuration, audit and scripts use them.

use super::{available, ctx::Ctx};
use crate::tui::app::model::Model;

/// How much a command can hurt. The gate reads it, nothing else does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// Changes nothing.
    #[default]
    None,
    /// Can be taken back: done at once.
    Undoable,
    /// Hard to take back: asks for `y`.
    Hard,
    /// Reaches outside: asks to type the ticket's number; in demo and sandbox only for `y`.
    Outward,
}

/// Why a command is not possible now, for people.
pub type Reason = String;

/// A command.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// Which.
    pub cmd: Cmd,
    /// Stable for ever: `ticket.retry`.
    pub id: &'static str,
    /// At most 32 characters.
    pub title: &'static str,
    /// One sentence on the consequence.
    pub doc: &'static str,
    /// Where it is live.
    pub contexts: &'static [Ctx],
    /// Default chords, as names with blanks between.
    pub keys: &'static [&'static str],
    /// Rank in the footer, 1 first; 0 = not there.
    pub hint: u8,
    /// What the gate asks.
    pub danger: Danger,
    /// Possible now, or why not.
    pub available: fn(&Model) -> Result<(), Reason>,
    /// Words it takes in the palette.
    pub arg: Option<&'static str>,
    /// Its twin on the command line.
    pub cli: Option<&'static str>,
    /// While tickets are marked it means all of them.
    pub bulk: bool,
}

impl Command {
    const fn new(
        cmd: Cmd,
        id: &'static str,
        title: &'static str,
        doc: &'static str,
        contexts: &'static [Ctx],
        keys: &'static [&'static str],
    ) -> Self {
        Self {
            cmd,
            id,
            title,
            doc,
            contexts,
            keys,
            hint: 0,
            danger: Danger::None,
            available: available::always,
            arg: None,
            cli: None,
            bulk: false,
        }
    }

    const fn hint(self, rank: u8) -> Self {
        Self { hint: rank, ..self }
    }

    const fn danger(self, danger: Danger) -> Self {
        Self { danger, ..self }
    }

    const fn when(self, available: fn(&Model) -> Result<(), Reason>) -> Self {
        Self { available, ..self }
    }

    const fn arg(self, arg: &'static str) -> Self {
        Self { arg: Some(arg), ..self }
    }

    const fn cli(self, cli: &'static str) -> Self {
        Self { cli: Some(cli), ..self }
    }

    const fn bulk(self, bulk: bool) -> Self {
        Self { bulk, ..self }
    }

    /// The first chord, for footer and lists.
    pub const fn key(&self) -> &'static str {
        match self.keys {
            [first, ..] => first,
            [] => "",
        }
    }

    /// True when the palette offers it: it makes sense away from its key.
    pub fn is_in_palette(&self) -> bool {
        self.contexts.iter().any(|c| {
            matches!(
                c,
                Ctx::Global
                    | Ctx::Ticket
                    | Ctx::Board
                    | Ctx::Tickets
                    | Ctx::Campaigns
                    | Ctx::Governance
                    | Ctx::Qa
                    | Ctx::Findings
                    | Ctx::Deploys
                    | Ctx::Detail
                    | Ctx::Copilot
                    | Ctx::Audit
                    | Ctx::Logs
            )
        })
    }
}

macro_rules! commands {
    ($($variant:ident: $id:literal, $title:literal, $doc:literal, [$($ctx:ident),*], [$($key:literal),*]
       $(, $method:ident($arg:expr))*;)+) => {
        /// Every command.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Cmd { $(#[doc = $doc] $variant),+ }

        /// The table, in the order of the documentation.
        pub static TABLE: &[Command] = &[
            $(Command::new(Cmd::$variant, $id, $title, $doc, &[$(Ctx::$ctx),*], &[$($key),*])$(.$method($arg))*),+
        ];

        impl Cmd {
            /// Its record.
            pub fn record(self) -> &'static Command {
                // The table is in the enum's order; the fallback is unreachable and a test says so.
                static FALLBACK: Command = Command::new(Cmd::Back, "", "", "", &[], &[]);
                TABLE.get(self as usize).unwrap_or(&FALLBACK)
            }
        }
    };
}

commands! {
    // Global
    Back: "app.back", "Back", "Closes what is open, clears the filter, then goes back to the board.", [Global], ["Esc", "Ctrl-g"];
    Close: "app.close", "Close", "Like back; on the board it quits the console, like Q.", [Global], ["q"];
    Quit: "app.quit", "Quit", "Leaves the console. If the engine runs in it, a background engine takes open deploys over.", [Global], ["Q"];
    Palette: "app.palette", "Command", "Finds any command by name and runs it.", [Global], [":", "Ctrl-p"], hint(90);
    Help: "app.help", "Help", "Lists every key that works here; Enter runs one.", [Global], ["?", "F1"], hint(91);
    Actions: "app.actions", "Actions", "Lists what can be done with the selection, each refused one with its reason.", [Global], ["x"], hint(63);
    Refresh: "app.refresh", "Refresh", "Asks the engine again for what is on screen, and shows what came above it.", [Global], ["r"];
    Previous: "app.previous", "Back to where I was", "Returns to the screen shown before this one.", [Global], ["Ctrl-o"];
    Messages: "app.messages", "Messages", "Lists every message of this console with time, reason and remedy.", [Global], ["g m"];
    DraftList: "draft.list", "Drafts", "Lists forms that were not handed in, to go on with one or drop it.", [Global], ["g f"], when(available::drafts);
    Report: "bulk.report", "Last report", "Shows what came of what was done to many tickets last.", [Global], ["g r"], when(available::reported);
    Theme: "app.theme", "Theme", "Changes the colour table: house, middle, light, high-contrast, mono, or a theme file of yours.", [Global], [], arg("theme");
    GoBoard: "go.board", "Board", "Shows the board: the state of the house at a glance.", [Global], ["1", "g b"];
    GoTickets: "go.tickets", "Tickets", "Shows the ticket table: find, sort, filter.", [Global], ["2", "g l"];
    GoTicket: "go.ticket", "Ticket by number", "Shows a ticket; the palette lists those at hand, any number can be typed.", [Global], ["g t"], arg("number");
    GoCampaigns: "go.campaigns", "Campaigns", "Shows the campaigns with their tickets.", [Global], ["3", "g c"];
    GoGovernance: "go.governance", "Governance", "Shows markets, brands, channels and accounts.", [Global], ["4", "g v"];
    GoQa: "go.qa", "QA", "Shows the QA rules: those of the house and those built in.", [Global], ["5", "g q"], cli("rule list --all");
    GoDeploys: "go.deploys", "Deploys", "Shows the deploy queue: what runs, what waits and why.", [Global], ["6", "g d"];
    GoCopilot: "go.copilot", "Copilot", "Shows the copilot: what the house's guidelines say to a question.", [Global], ["7", "g p"];
    GoAudit: "go.audit", "Audit", "Shows who did what.", [Global], ["8", "g a"];
    GoLogs: "go.logs", "Logs", "Shows the last lines of the log.", [Global], ["9", "g o"];

    GoApprovals: "go.approvals", "Approvals", "Shows the tickets that wait for an approver.", [Global], ["A", "g w"], cli("ticket list -f needs:approval");
    Undo: "app.undo", "Undo", "Takes your last change back, and says what it was; what is live on a platform stays as it is.", [Global], ["u"], danger(Danger::Undoable), cli("undo");
    Redo: "app.redo", "Redo", "Makes the change again that you took back last.", [Global], ["Ctrl-r"], when(available::changes), cli("redo");
    Mouse: "app.mouse", "Mouse", "Takes wheel and click for the console, or gives the mouse back to the terminal.", [Global], [];
    CopyShow: "copy.show", "Show what was copied", "Shows the text of the last copy or of the row, to be selected with the terminal.", [Global], ["Y"];

    // Lists
    Down: "list.down", "Down", "Next row.", [List], ["j", "Down"];
    Up: "list.up", "Up", "Previous row.", [List], ["k", "Up"];
    Top: "list.top", "First", "First row.", [List], ["g g", "Home"];
    Bottom: "list.bottom", "Last", "Last row.", [List], ["G", "End"];
    HalfDown: "list.half_down", "Half a page down", "Half a page down.", [List], ["Ctrl-d"];
    HalfUp: "list.half_up", "Half a page up", "Half a page up.", [List], ["Ctrl-u"];
    PageDown: "list.page_down", "Page down", "A page down.", [List], ["PgDn", "Ctrl-f"];
    PageUp: "list.page_up", "Page up", "A page up.", [List], ["PgUp", "Ctrl-b"];
    Filter: "list.filter", "Filter", "Narrows the list: words, field:value, !not.", [List], ["/"], hint(80), arg("filter"), when(available::filterable);
    CopyRow: "copy.row", "Copy the row", "Copies the selected row as text.", [List], ["y y"], when(available::row_selected);

    // Tickets, wherever one is selected
    TicketQa: "ticket.qa", "QA", "Runs the pre-flight checks on the ticket's present content.", [Ticket], ["t"], hint(20), danger(Danger::Undoable), when(available::qa), cli("ticket qa <no>"), bulk(true), arg("tickets");
    TicketDeploy: "ticket.deploy", "Deploy", "Publishes the ticket: creates its objects on the platform and activates them.", [Ticket], ["P"], hint(11), danger(Danger::Outward), when(available::ready), cli("ticket deploy <no>"), bulk(true), arg("tickets");
    TicketRetry: "ticket.retry", "Retry", "Takes the failed deploy up again where it stopped.", [Ticket], ["R"], hint(23), danger(Danger::Hard), when(available::retry), cli("ticket retry <no>"), bulk(true), arg("tickets");
    TicketCancel: "ticket.cancel", "Cancel", "Calls the ticket off; asks what to do with objects that exist.", [Ticket], ["X"], danger(Danger::Hard), when(available::cancel), cli("ticket cancel <no>"), bulk(true);
    TicketHold: "ticket.hold", "Pause or resume", "Stops the deploy before its next step, or lets it go on.", [Ticket], ["Z"], danger(Danger::Undoable), when(available::hold), cli("deploy pause <no>"), bulk(true);
    TicketMove: "ticket.move", "Move", "Lists where the ticket can go from here, each refused move with its reason.", [Ticket], ["m"], hint(24), when(available::ticket);
    TicketApprove: "ticket.approve", "Approve", "Agrees that the ticket is deployed as it is shown; from a list it opens the ticket first.", [Ticket], ["b a"], danger(Danger::Hard), when(available::approve), cli("ticket approve <no>");
    TicketDecline: "ticket.decline", "Decline", "Sends the ticket back to its author with a reason; from a list it opens the ticket first.", [Ticket], ["b d"], danger(Danger::Undoable), when(available::decline), cli("ticket decline <no> --reason <text>");
    TicketComment: "ticket.comment", "Comment", "Says something about the ticket to colleagues; its history shows it.", [Ticket], ["b c"], danger(Danger::Undoable), when(available::ticket), cli("ticket comment <no> <text>");
    TicketWatch: "ticket.watch", "Watch or not", "Tells you here what happens to the ticket, or stops that; who wrote it or takes care of it hears of it without asking.", [Ticket], ["b w"], danger(Danger::Undoable), when(available::ticket), cli("ticket watch <no>");
    TicketWithdraw: "ticket.withdraw", "Back to draft", "Takes the ticket back to draft; its QA result is void.", [Ticket], [], danger(Danger::Undoable), when(available::withdraw), cli("ticket withdraw <no>"), bulk(true);
    TicketCare: "ticket.assign", "Owner and priority", "Changes who takes care of the ticket and how soon; voids no QA.", [Ticket], ["O"], danger(Danger::Undoable), when(available::ticket), cli("ticket assign <no> <name>"), bulk(true);
    TicketEdit: "ticket.edit", "Edit", "Opens the ticket's form; saving content takes it back to draft. Of marked tickets, sets one field.", [Ticket], ["e"], hint(22), danger(Danger::Undoable), when(available::ticket), cli("ticket update <no> --set <field>=<value>"), bulk(true);
    TicketClone: "ticket.clone", "Copy", "Copies the ticket into a new draft, for another campaign.", [Ticket], ["C"], danger(Danger::Undoable), when(available::copy), cli("ticket clone <no>");
    TicketDelete: "ticket.delete", "Delete", "Removes a ticket that never had a deploy.", [Ticket], ["D"], danger(Danger::Hard), when(available::delete), cli("ticket delete <no>");
    TicketWhy: "ticket.why", "Why", "Says why the ticket is where it is, what comes next and who must act.", [Ticket], ["w"], hint(25), when(available::ticket), cli("ticket why <no>");
    TicketValidate: "ticket.validate", "Validate", "Asks the platform whether it would take the ticket's requests; nothing is carried out.", [Ticket], ["V"], when(available::validate), cli("ticket deploy <no> --validate-only");
    TicketAsk: "ticket.ask", "Ask", "Asks the copilot about the ticket: its brand, platform, market and findings go along.", [Ticket], ["i"], hint(92), when(available::ticket), cli("copilot ask <text> --ticket <no>");
    CopyNo: "copy.number", "Copy the number", "Copies the ticket's number.", [Ticket], ["y i"], when(available::ticket);
    CopyName: "copy.name", "Copy the name", "Copies the ticket's platform name.", [Ticket], ["y n"], when(available::ticket);

    // Wherever tickets are listed
    TicketOpen: "ticket.open", "Open", "Shows the ticket with its findings, payload, ledger and history.", [Board, Tickets], ["Enter"], hint(10), when(available::ticket);
    TicketNew: "ticket.new", "New ticket", "Opens the form of a new ticket.", [Board, Tickets, Detail], ["a"], hint(15), danger(Danger::Undoable), cli("ticket create");

    // Marks, wherever tickets are listed
    MarkToggle: "mark.toggle", "Mark", "Marks the ticket, or takes the mark away, and goes on to the next.", [Board, Tickets, Findings], ["Space"], hint(92), when(available::ticket);
    MarkRange: "mark.range", "Mark the range", "Marks every row from the one marked last to the cursor.", [Board, Tickets], ["v"], when(available::ticket);
    MarkAll: "mark.all", "Mark all", "Marks every ticket the filter lets through, in view or not, as it is now; on the board those of the column.", [Board, Tickets, Findings], ["*"], hint(93);
    MarkNone: "mark.none", "No marks", "Takes all marks away.", [Board, Tickets, Findings], ["-"], when(available::marked);

    // Board
    BoardLeft: "board.left", "Column left", "Goes to the column at the left.", [Board], ["h", "Left", "Shift-Tab"];
    BoardRight: "board.right", "Column right", "Goes to the column at the right.", [Board], ["l", "Right", "Tab"];

    // Tickets
    TicketsSort: "tickets.sort", "Sort", "Chooses the order of the table.", [Tickets], ["s"], hint(60);
    TicketsReverse: "tickets.reverse", "Turn the order around", "Shows the table from its other end.", [Tickets], ["S"];

    TicketsColumns: "tickets.columns", "Columns", "Shows or hides columns of the table.", [Tickets], ["c"], hint(61);
    ViewOpen: "view.open", "Views", "Lists the saved views of the ticket table; a name shows that one.", [Tickets], ["'"], hint(62), arg("view");
    ViewSave: "view.save", "Save the view", "Saves filter, order and columns of the ticket table under a name.", [Tickets], [], arg("view"), when(available::ticket_table);
    ViewDelete: "view.delete", "Remove a view", "Removes the saved view with this name, or the one shown.", [Tickets], [], arg("view");
    CopyCli: "copy.cli", "Copy as a command line", "Copies the list shown, or what was done to many tickets, as a line for a script.", [Board, Tickets, Deploys, Report], ["y c"];

    // Campaigns
    CampaignOpen: "campaign.open", "Its tickets", "Shows the campaign's tickets.", [Campaigns], ["Enter"], hint(10), when(available::campaign);
    CampaignTicket: "campaign.ticket", "New ticket", "Opens the form of a new ticket with the selected campaign chosen.", [Campaigns], ["T"], hint(14), danger(Danger::Undoable), when(available::campaign), cli("ticket create");
    CampaignAdd: "campaign.add", "Add", "Opens the form for a new campaign.", [Campaigns], ["a"], hint(11), danger(Danger::Undoable), when(available::campaigns), cli("campaign create");
    CampaignEdit: "campaign.edit", "Edit", "Opens the selected campaign's form.", [Campaigns], ["e"], hint(12), danger(Danger::Undoable), when(available::campaign), cli("campaign update <campaign>");
    CampaignDelete: "campaign.delete", "Delete or retire", "Removes a campaign without tickets; one with tickets is retired instead.", [Campaigns], ["D"], hint(13), danger(Danger::Hard), when(available::campaign), cli("campaign delete <campaign>");

    // Governance
    GovernLeft: "governance.left", "List before", "Shows the list before: markets, brands, channels, accounts.", [Governance], ["h", "Left", "Shift-Tab"];
    GovernRight: "governance.right", "Next list", "Shows the next list: markets, brands, channels, accounts.", [Governance], ["l", "Right", "Tab"], hint(14);
    GovernUsage: "governance.usage", "Where used", "Shows the campaigns or tickets that use the value.", [Governance], ["Enter"], hint(13), when(available::governed);
    GovernAdd: "governance.add", "Add", "Opens the form for a new value of this list.", [Governance], ["a"], hint(10), danger(Danger::Undoable), when(available::govern), cli("market create <code>");
    GovernEdit: "governance.edit", "Edit", "Opens the selected value's form; a change of a used code shows what it touches first.", [Governance], ["e"], hint(11), danger(Danger::Undoable), when(available::govern_row), cli("market update <code>");
    GovernDelete: "governance.delete", "Delete or retire", "Removes a value nothing refers to; one in use is retired instead.", [Governance], ["D"], hint(12), danger(Danger::Hard), when(available::govern_row), cli("market delete <code>");
    GovernCheck: "governance.check", "Check accounts", "Asks the platform whether token, access, status, currency and zone are right; reads only.", [Governance], ["c"], hint(15), when(available::checkable), cli("channel check <code>");

    // QA
    RuleFindings: "rule.findings", "Its findings", "Shows the tickets the rule finds something in.", [Qa], ["Enter"], hint(10), when(available::rule);
    RuleAdd: "rule.add", "Add", "Opens the builder for a rule of the house; a dry run shows what it would find before it is saved.", [Qa, Findings], ["a"], hint(15), danger(Danger::Outward), when(available::rules), cli("rule add <name>");
    RuleEdit: "rule.edit", "Edit", "Opens the builder on the selected rule of the house; saving brings a retired one back.", [Qa], ["e"], hint(12), danger(Danger::Outward), when(available::house_rule), cli("rule add <name>");
    RuleTry: "rule.try", "Try", "Tries the rule on all open tickets; nothing is saved.", [Qa], ["t"], hint(13), when(available::rule_written), cli("rule dry-run <name>");
    RuleRetire: "rule.retire", "Retire", "Takes the rule out of force; it stays readable.", [Qa], ["D"], hint(14), danger(Danger::Hard), when(available::house_rule), cli("rule retire <name>");
    QaPane: "qa.pane", "Findings or rules", "Goes between what QA found and the rules.", [Qa, Findings], ["Tab", "Shift-Tab"], hint(16);
    FindingOpen: "finding.open", "Open", "Opens or closes a group; of a finding, goes to its field and opens it.", [Findings], ["Enter"], hint(10), when(available::finding_line);
    FindingFix: "finding.fix", "Fix", "Looks for a fix of the finding; of marked tickets or a whole rule, sets the field at fault on all.", [Findings], ["f"], hint(11), danger(Danger::Undoable), when(available::finding_line), cli("ticket heal <no>");
    FindingsBy: "findings.by", "By rule or ticket", "Groups the findings by rule or by ticket.", [Findings], ["s"], hint(12);
    FoundNext: "findings.next", "Next finding", "Goes to the next finding; a closed group opens.", [Findings], ["n"], hint(13);
    FoundBack: "findings.previous", "Previous finding", "Goes to the finding before.", [Findings], ["N"];

    // Deploys
    DeployOpen: "deploy.open", "Log or answer", "Shows every attempt with its answer; where the executor asks, offers the answers.", [Deploys], ["Enter"], hint(10), when(available::deploy);
    DeployAnswer: "deploy.answer", "Answer", "Answers the executor's question about a step: adopt, none exists, go on, abandon.", [Deploys, Detail], ["A"], hint(11), danger(Danger::Outward), when(available::deploy_asks), cli("deploy resolve <no> --adopt <id>");
    DeployTicket: "deploy.ticket", "Its ticket", "Shows the ticket in detail.", [Deploys], ["o"], hint(18), when(available::deploy);
    DeployWhy: "deploy.why", "Why", "Says why the deploy is not running and what comes next.", [Deploys], ["w"], hint(12), when(available::deploy), cli("ticket why <no>");
    DeployHold: "deploy.hold", "Pause or resume", "Pauses or resumes the deploy; on an account, holds it, its platform or everything.", [Deploys], ["Z"], hint(13), danger(Danger::Undoable), when(available::deploy_hold), cli("deploy pause <no>");
    DeployPriority: "deploy.priority", "Priority", "Puts the deploy before or behind others on its account.", [Deploys], ["p"], hint(19), danger(Danger::Undoable), when(available::deploy_priority), cli("deploy priority <no> high");
    DeployRetry: "deploy.retry", "Retry now", "Drops the wait and tries now; takes a failed deploy up again where it stopped.", [Deploys], ["R"], hint(14), danger(Danger::Hard), when(available::deploy_retry), cli("ticket retry <no>"), arg("tickets");
    DeployCancel: "deploy.cancel", "Cancel", "Calls the ticket off; asks what to do with objects that exist.", [Deploys], ["X"], hint(15), danger(Danger::Hard), when(available::deploy_cancel), cli("ticket cancel <no>");
    DeployPane: "deploys.pane", "Queue or accounts", "Goes between the queue and the accounts.", [Deploys], ["Tab", "Shift-Tab"], hint(16);
    DeployFinished: "deploys.finished", "Finished ones", "Shows finished deploys too, or hides them.", [Deploys], ["'"], hint(17);
    // Ticket detail
    DetailEnter: "detail.open", "Open", "Opens the field of the row or finding; in the ledger the log or the question, in the history the whole entry.", [Detail], ["Enter"], hint(10);
    DetailTabNext: "detail.next_tab", "Next tab", "Findings, payload, ledger, history.", [Detail], ["."], hint(12);
    DetailTabBack: "detail.previous_tab", "Previous tab", "The tab before.", [Detail], [","], hint(11);
    DetailSwap: "detail.swap", "Other pane", "Goes from the form to the tabs and back.", [Detail], ["Tab", "Shift-Tab"], hint(13);
    FindingNext: "detail.next_finding", "Next finding", "Goes to the next finding and opens its field.", [Detail], ["n"], hint(14);
    FindingBack: "detail.previous_finding", "Previous finding", "Goes to the finding before and opens its field.", [Detail], ["N"];
    DetailFold: "detail.fold", "Optional fields", "Shows or folds away optional fields that are not set.", [Detail], ["+"], hint(30);
    ProposalMake: "proposal.make", "Propose a fix", "Looks for a fix of what the platform or QA refused and shows it under the findings; changes nothing.", [Detail], ["f f"], hint(16), danger(Danger::Undoable), when(available::heals), cli("ticket heal <no>");
    ProposalApply: "proposal.apply", "Apply the proposal", "Applies the proposal as an edit of yours; the ticket is a draft then and QA starts anew.", [Detail], ["f a"], hint(8), danger(Danger::Hard), when(available::proposed), cli("proposal apply <no>.<n>");
    ProposalDecline: "proposal.decline", "Decline the proposal", "Takes the proposal off the list.", [Detail], ["f d"], hint(9), danger(Danger::Undoable), when(available::proposed), cli("proposal decline <no>.<n>");
    CopyIds: "copy.ids", "Copy the external ids", "Copies what exists on the platform: step, id and name.", [Detail], ["y e"];
    CopyCurl: "copy.curl", "Copy as curl", "Copies the requests of the payload tab as commands of curl, without the token.", [Detail], ["y c"], when(available::planned), cli("ticket preview <no> --curl");

    // Copilot
    CopilotAsk: "copilot.ask", "Ask", "Opens the line a question is written in.", [Copilot], ["i"], hint(10), cli("copilot ask <text>");
    CopilotSend: "copilot.send", "Send or open", "Sends the question that is ready; opens the selected source, or a new question.", [Copilot], ["Enter"], hint(11);
    CopilotTake: "copilot.take_out", "Take out", "Takes the selected item out of the question before it is sent, or puts it back.", [Copilot], ["Space"], hint(12), when(available::copilot_review);
    CopilotShow: "copilot.preview", "What will be sent", "Shows every word that would be sent to the model.", [Copilot], ["p"], hint(13), when(available::copilot_looked), cli("copilot ask <text> --preview");
    CopilotPane: "copilot.pane", "Answer or sources", "Goes between the answer and its sources.", [Copilot], ["Tab", "Shift-Tab"], hint(14);
    CopilotSource: "copilot.source", "Open the source", "Shows the selected snippet whole, the question's words marked.", [Copilot], ["o"], hint(15), when(available::copilot_source);
    CopilotStop: "copilot.stop", "Stop", "Stops the answer; what has come stays. Esc does the same.", [Copilot], ["x"], hint(16), when(available::copilot_under_way);
    CopilotRetry: "copilot.retry", "Ask again", "Asks the same question again; the former answer stays above.", [Copilot], ["R"], hint(17), when(available::copilot_asked);
    CopilotEdit: "copilot.edit", "Edit and ask", "Opens the question to be changed and asked again.", [Copilot], ["e"], hint(18), when(available::copilot_asked);
    CopilotUnfold: "copilot.unfold", "The model's own words", "Shows or hides words of a model that are no house rules.", [Copilot], ["."], hint(30), when(available::copilot_answered);
    CopilotAlone: "copilot.alone", "Without the ticket", "Asks about everything from now on, not about the ticket.", [Copilot], ["D"], when(available::copilot_ticket);
    CopilotHistory: "copilot.history", "Earlier questions", "Shows earlier questions from the journal, of the ticket if there is one.", [Copilot], ["H"], hint(31);
    CopilotCopyAnswer: "copilot.copy_answer", "Copy the answer", "Copies the model's words; y y copies them with their sources.", [Copilot], ["y a"], when(available::copilot_answered);
    CopilotCopyOwner: "copilot.copy_owner", "Copy for the owner", "Copies the question prepared for whoever owns the policy.", [Copilot], ["y o"], when(available::copilot_no_rule);
    CopilotUseful: "copilot.useful", "It was useful", "Notes in the journal that the answer helped.", [Copilot], ["+"], hint(20), danger(Danger::Undoable), when(available::copilot_recorded), cli("copilot judge <seq> useful");
    CopilotWrong: "copilot.wrong", "It was wrong", "Notes in the journal that the answer was wrong.", [Copilot], ["-"], hint(21), danger(Danger::Undoable), when(available::copilot_recorded), cli("copilot judge <seq> wrong");

    // Audit
    AuditOpen: "audit.open", "Before and after", "Shows the entry with every field before and after.", [Audit], ["Enter"], hint(10), when(available::row_selected);
    AuditVerify: "audit.verify", "Verify", "Checks the whole journal and its chain of hashes in the engine.", [Audit], ["V"], hint(11), cli("store verify");

    // Logs
    LogsLess: "logs.less", "Less detail", "Hides the quietest level shown.", [Logs], [","], hint(10);
    LogsMore: "logs.more", "More detail", "Shows one quieter level.", [Logs], ["."], hint(11);
    LogsFollow: "logs.follow", "Follow", "Stays at the newest line, or stays where you are.", [Logs], ["F"], hint(12);
    LogsOpen: "logs.open", "Whole line", "Shows the whole line.", [Logs], ["Enter"], when(available::row_selected);

    // Questions
    Yes: "dialog.yes", "Yes", "Does it.", [Dialog], ["y"], hint(1);
    No: "dialog.no", "No", "Leaves everything as it is.", [Dialog], ["n", "Esc", "q", "Ctrl-g"], hint(2);
    PromptSubmit: "prompt.submit", "Take it", "Takes what was typed.", [Prompt], ["Enter"], hint(1);
    PromptCancel: "prompt.cancel", "Cancel", "Leaves everything as it is.", [Prompt], ["Esc", "Ctrl-g"], hint(2);
    PromptOlder: "prompt.older", "Earlier question", "Shows the question asked before, where questions are asked.", [Prompt], ["Up"];
    PromptNewer: "prompt.newer", "Later question", "Shows the question asked after it.", [Prompt], ["Down"];
    ChooseTake: "choose.take", "Take it", "Takes the selected row.", [Choose], ["Enter"], hint(1);
    ChooseCancel: "choose.cancel", "Cancel", "Leaves everything as it is.", [Choose], ["Esc", "Ctrl-g"], hint(2);
    ChooseDown: "choose.down", "Down", "Next row.", [Choose], ["Down", "Ctrl-n"];
    ChooseUp: "choose.up", "Up", "Previous row.", [Choose], ["Up", "Ctrl-p"];
    ChoosePageDown: "choose.page_down", "Page down", "A page down.", [Choose], ["PgDn"];
    ChoosePageUp: "choose.page_up", "Page up", "A page up.", [Choose], ["PgUp"];
    FinderComplete: "finder.complete", "Complete", "Writes the selected command's id into the line, for words after it.", [Finder], ["Tab"], hint(3);
    ViewerClose: "viewer.close", "Close", "Closes the text.", [Viewer], ["Esc", "q", "Enter", "Ctrl-g"], hint(1);
    ViewerCopy: "viewer.copy", "Copy", "Copies the whole text.", [Viewer], ["y y"], hint(2);

    ReportClose: "report.close", "Close", "Closes the report; what runs goes on.", [Report], ["Esc", "q", "Enter", "Ctrl-g"], hint(1);
    ReportAgain: "report.again", "Again", "Does it again for those it did not work for, after the same question.", [Report], ["R"], hint(2);
    ReportCopy: "report.copy", "Copy", "Copies the report as text.", [Report], ["y y"], hint(3);
    ReportJson: "report.copy_json", "Copy as JSON", "Copies the report as JSON.", [Report], ["y j"], hint(4);

    // Forms and fields
    FormEnter: "form.enter", "Next field", "Takes the row of an open list and goes to the next field; on the last row it hands the form in.", [Form], ["Enter"], hint(2);
    FormNext: "form.next", "Next field", "Goes to the next field; takes the row of a list only if you typed or moved in it.", [Form], ["Tab"];
    FormBack: "form.back", "Previous field", "Goes to the field before.", [Form], ["Shift-Tab"];
    FormSubmit: "form.submit", "Submit", "Hands the form in.", [Form], ["Ctrl-s"], hint(1);
    FormCancel: "form.cancel", "Leave", "Leaves the form; what was typed is dropped after a question.", [Form], ["Esc", "Ctrl-g"], hint(3);
    FormEditor: "form.editor", "Editor", "Opens the field in $VISUAL or $EDITOR; JSON is laid out in lines.", [Form], ["F4"];
    FormPayload: "form.payload", "Payload as text", "Opens the platform's fields as JSON beside the form, with what may be written and what QA says.", [Form], ["F6"], hint(6), when(available::payload_text);
    FormKeep: "form.keep", "Keep as a draft", "Leaves the form; what was typed stays as a draft.", [Leave], ["k"], hint(3);
    FormToggle: "form.toggle", "Yes or no", "Turns a yes-or-no field around.", [Form], ["Space"];
    FormDown: "form.down", "Down", "Next row of an open list; the field below elsewhere.", [Form], ["Down"];
    FormUp: "form.up", "Up", "Row before in an open list; the field above elsewhere.", [Form], ["Up"];
    FormOptionDown: "form.option_down", "Open the list", "Opens the list of a choice, and goes to its next row; Space opens it too.", [Form], ["Ctrl-n"];
    FormOptionUp: "form.option_up", "Previous choice", "Opens the list of a choice, and goes to the row before.", [Form], ["Ctrl-p"];
    FormFind: "form.find", "Find a field", "Lists the form's fields, also those folded away, and goes to the chosen one.", [Form], ["Ctrl-f"], hint(4);
    FormSectionNext: "form.next_section", "Next section", "Goes to the first field of the next section.", [Form], ["PgDn"];
    FormSectionBack: "form.previous_section", "Section before", "Goes to the first field of the section before.", [Form], ["PgUp"];
    FormMarkNext: "form.next_finding", "Next finding", "Goes to the next field with a finding or a problem.", [Form], ["F8"], hint(5);
    FormMarkBack: "form.previous_finding", "Finding before", "Goes to the field before that has a finding or a problem.", [Form], ["F7"];
    FieldLeft: "field.left", "Left", "One character left.", [Field], ["Left"];
    FieldRight: "field.right", "Right", "One character right.", [Field], ["Right"];
    FieldHome: "field.home", "Start", "To the start of the line.", [Field], ["Home", "Ctrl-a"];
    FieldEnd: "field.end", "End", "To the end of the line.", [Field], ["End", "Ctrl-e"];
    FieldBackspace: "field.backspace", "Delete back", "Deletes the character before the cursor.", [Field], ["Backspace"];
    FieldDelete: "field.delete", "Delete", "Deletes the character under the cursor.", [Field], ["Del"];
    FieldWordBack: "field.word_back", "Delete a word", "Deletes the word before the cursor.", [Field], ["Ctrl-w"];
    FieldKillStart: "field.kill_start", "Delete to the start", "Deletes everything before the cursor.", [Field], ["Ctrl-u"];
    FieldKillEnd: "field.kill_end", "Delete to the end", "Deletes everything after the cursor.", [Field], ["Ctrl-k"];
    AreaNewline: "area.newline", "New line", "Starts a new line.", [Area], ["Ctrl-j"];
    AreaUp: "area.up", "Line up", "One line up.", [Area], ["Up"];
    AreaDown: "area.down", "Line down", "One line down.", [Area], ["Down"];

    // The payload as text
    PayloadApply: "payload.apply", "Take over", "Takes the text over into the form; text that cannot be read stays, with its line.", [Payload], ["Ctrl-s"], hint(1);
    PayloadLeave: "payload.leave", "Leave", "Goes back to the form; what was typed is kept until it is taken over.", [Payload], ["Esc", "Ctrl-g"], hint(2);
    PayloadSwap: "payload.swap", "Take it, or the form", "Takes what is offered; else shows the form where there is room for one of both, or goes two columns in.", [Payload], ["Tab"], hint(3);
    PayloadEnter: "payload.enter", "New line", "Starts a new line; takes the offered row once you moved to it.", [Payload], ["Enter"];
    PayloadNext: "payload.offer", "What may stand here", "Lists names and words the platform knows here, and goes to the next one.", [Payload], ["Ctrl-n"], hint(4);
    PayloadBack: "payload.offer_back", "Offer before", "Goes to the offered row before.", [Payload], ["Ctrl-p"];
    PayloadUndo: "payload.undo", "Step back", "Takes the last change of the text back.", [Payload], ["F9"], hint(6);
    PayloadRedo: "payload.redo", "Step forward", "Makes the change of the text again that was taken back.", [Payload], ["Ctrl-r"];
    PayloadMarkNext: "payload.next_finding", "Next finding", "Goes to the next line with a finding or a problem.", [Payload], ["F8"], hint(5);
    PayloadMarkBack: "payload.previous_finding", "Finding before", "Goes to the line before that has a finding or a problem.", [Payload], ["F7"];
    PayloadPageDown: "payload.page_down", "Page down", "A page down.", [Payload], ["PgDn"];
    PayloadPageUp: "payload.page_up", "Page up", "A page up.", [Payload], ["PgUp"];
    PayloadEditor: "payload.editor", "Editor", "Opens the text in $VISUAL or $EDITOR.", [Payload], ["F4"];

    // Always
    Repaint: "app.repaint", "Repaint", "Draws the whole screen again.", [Always], ["Ctrl-l"];
    Stop: "app.stop", "Stop", "Closes the overlay that is open.", [Always], ["Ctrl-c"];
    Suspend: "app.suspend", "Suspend", "Puts the console to sleep; fg wakes it.", [Always], ["Ctrl-z"];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::tui::command::Key;

    #[test]
    fn a_command_is_found_at_its_place() {
        for (i, record) in TABLE.iter().enumerate() {
            assert_eq!(record.cmd as usize, i, "{}", record.id);
            assert_eq!(record.cmd.record().id, record.id);
        }
    }

    #[test]
    fn ids_are_unique_and_titles_short() {
        let mut seen = BTreeSet::new();
        for record in TABLE {
            assert!(seen.insert(record.id), "{} twice", record.id);
            assert!(record.title.chars().count() <= 32, "{}", record.id);
            assert!(record.doc.ends_with('.'), "{} needs a sentence", record.id);
            assert!(!record.contexts.is_empty(), "{}", record.id);
        }
    }

    #[test]
    fn every_key_has_a_name_we_know() {
        for record in TABLE {
            for chord in record.keys {
                assert!(Key::parse_chord(chord).is_some(), "{}: {chord}", record.id);
            }
        }
    }

    #[test]
    fn nothing_that_moves_can_harm() {
        for record in TABLE.iter().filter(|r| r.danger > Danger::None) {
            for chord in record.keys {
                let keys = Key::parse_chord(chord).unwrap();
                assert!(!keys.iter().any(|k| k.moves()), "{} sits on {chord}", record.id);
            }
        }
    }

    #[test]
    fn what_can_harm_has_a_twin_on_the_command_line() {
        for record in TABLE.iter().filter(|r| r.danger > Danger::None) {
            assert!(record.cli.is_some(), "{}", record.id);
        }
    }

    #[test]
    fn keys_that_terminals_confuse_are_not_bound() {
        let banned = ["Ctrl-h", "Ctrl-i", "Ctrl-m", "Ctrl-[", "Ctrl-\\"];
        for record in TABLE {
            for chord in record.keys {
                assert!(
                    !banned.iter().any(|b| chord.split(' ').any(|k| k == *b)),
                    "{}",
                    record.id
                );
            }
        }
    }
}
