//! Request fields some servers refuse: learnt from the first refusal, left out from then on.

/// What an endpoint and its model do not take. Remembered by the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OptionalFields {
    /// `stream_options`: no usage is reported then.
    pub no_stream_options: bool,
    /// `max_tokens` is called `max_completion_tokens`.
    pub completion_tokens: bool,
    /// `temperature`.
    pub no_temperature: bool,
    /// `response_format`.
    pub no_response_format: bool,
}

impl OptionalFields {
    /// What to leave out besides, from the parameter and the words of a refusal. `None` when they name none of ours,
    /// or one that was left out already: the same request would be refused again.
    pub fn without(self, param: &str, message: &str) -> Option<Self> {
        let low = message.to_lowercase();
        let names = |field: &str| param.contains(field) || low.contains(field);
        let unknown = [
            "unsupported",
            "not supported",
            "unrecognized",
            "unknown",
            "unexpected",
            "extra",
            "not permitted",
        ];
        let mut next = self;
        if names("stream_options") {
            next.no_stream_options = true;
        } else if names("response_format") {
            next.no_response_format = true;
        } else if names("temperature") {
            next.no_temperature = true;
        } else if low.contains("max_completion_tokens")
            || (names("max_tokens") && unknown.iter().any(|w| low.contains(w)))
        {
            next.completion_tokens = true;
        }
        (next != self).then_some(next)
    }
}
