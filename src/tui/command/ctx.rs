//! Where a command is live. The console builds a stack of these, nearest first; the first binding wins.

/// A place with keys of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ctx {
    /// Everywhere, overlays included.
    Always,
    /// Every screen.
    Global,
    /// Every list and every long text.
    List,
    /// Wherever a ticket is selected.
    Ticket,
    /// The board.
    Board,
    /// The ticket table.
    Tickets,
    /// The campaigns.
    Campaigns,
    /// The governed values.
    Governance,
    /// The QA rules.
    Qa,
    /// What QA found.
    Findings,
    /// The deploy queue and its accounts.
    Deploys,
    /// One ticket.
    Detail,
    /// The copilot.
    Copilot,
    /// The audit trail.
    Audit,
    /// The log.
    Logs,
    /// A yes-or-no question.
    Dialog,
    /// The question whether a form is left.
    Leave,
    /// A one-line question.
    Prompt,
    /// A list to choose from.
    Choose,
    /// The palette and the help.
    Finder,
    /// A long text.
    Viewer,
    /// What came of something done to many tickets.
    Report,
    /// A form.
    Form,
    /// A line of text being edited.
    Field,
    /// Several lines of text being edited.
    Area,
    /// A payload as text.
    Payload,
}

impl Ctx {
    /// Every context, in the order of the documentation.
    pub const ALL: [Self; 26] = [
        Self::Global,
        Self::List,
        Self::Ticket,
        Self::Board,
        Self::Tickets,
        Self::Campaigns,
        Self::Governance,
        Self::Qa,
        Self::Findings,
        Self::Deploys,
        Self::Detail,
        Self::Copilot,
        Self::Audit,
        Self::Logs,
        Self::Dialog,
        Self::Leave,
        Self::Prompt,
        Self::Choose,
        Self::Finder,
        Self::Viewer,
        Self::Report,
        Self::Form,
        Self::Field,
        Self::Area,
        Self::Payload,
        Self::Always,
    ];

    /// The heading in help and documentation.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Always => "Everywhere, also in dialogs",
            Self::Global => "On every screen",
            Self::List => "In every list and text",
            Self::Ticket => "Wherever a ticket is selected",
            Self::Board => "Board",
            Self::Tickets => "Tickets",
            Self::Campaigns => "Campaigns",
            Self::Governance => "Governance",
            Self::Qa => "QA rules",
            Self::Findings => "QA findings",
            Self::Deploys => "Deploys",
            Self::Detail => "Ticket detail",
            Self::Copilot => "Copilot",
            Self::Audit => "Audit",
            Self::Logs => "Logs",
            Self::Dialog => "In a question",
            Self::Leave => "Leaving a form",
            Self::Prompt => "In a one-line question",
            Self::Choose => "In a list to choose from",
            Self::Finder => "In palette and help",
            Self::Viewer => "In a text",
            Self::Report => "In the report of a bulk",
            Self::Form => "In a form",
            Self::Field => "In a field",
            Self::Area => "In a field of several lines",
            Self::Payload => "In the payload as text",
        }
    }
}
