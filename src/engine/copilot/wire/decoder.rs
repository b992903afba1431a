//! From the bytes of an answer to events, for both formats.

use serde_json::Value;

use super::{Event, Finish, LlmError, ModelKind, Usage, anthropic, openai, sse::SseDecoder};

/// How the bytes ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The server closed the body in good order.
    Clean,
    /// The connection failed, or we stopped reading: why.
    Broken(LlmError),
}

/// Decodes one answer.
pub struct Decoder {
    kind: ModelKind,
    mode: Mode,
    state: State,
}

/// A stream was asked for; some servers answer with one JSON document all the same.
enum Mode {
    /// Only blanks and byte order marks so far.
    Unknown(Vec<u8>),
    Stream(Box<SseDecoder>),
    Document(Vec<u8>),
}

/// What is known of the answer so far. The format's own files read and write it.
#[derive(Debug, Default)]
pub struct State {
    events: Vec<Event>,
    request_id: Option<String>,
    shaped: bool,
    started: bool,
    over: bool,
    chars: usize,
    any_delta: bool,
    usage: Option<Usage>,
    finish: Option<Finish>,
}

impl State {
    /// The server has begun; told once.
    pub fn start(&mut self, id: Option<&str>, model: Option<&str>) {
        if !self.started {
            self.started = true;
            let request_id = self.request_id.take().or_else(|| id.map(str::to_owned));
            let model = model.map(str::to_owned);
            self.events.push(Event::Started { request_id, model });
        }
    }

    /// More of the answer.
    pub fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.any_delta = true;
            self.chars += text.chars().count();
            self.events.push(Event::Text(text.to_owned()));
        }
    }

    /// More thinking.
    pub fn reasoning(&mut self, text: &str) {
        if !text.is_empty() {
            self.any_delta = true;
            self.events.push(Event::Reasoning(text.to_owned()));
        }
    }

    /// What the server counted so far; the last figures count.
    pub fn usage(&mut self) -> &mut Usage {
        self.usage.get_or_insert_default()
    }

    /// Why the answer ends, before the stream does.
    pub fn finish(&mut self, finish: Finish) {
        self.finish = Some(finish);
    }

    /// True when a JSON answer was asked for.
    pub const fn takes_shape(&self) -> bool {
        self.shaped
    }

    /// True once a reason to end was given.
    pub const fn has_finish(&self) -> bool {
        self.finish.is_some()
    }

    /// The stream is over in good order.
    pub fn done(&mut self) {
        let finish = self.finish.take();
        self.close(Event::Finished(
            finish.unwrap_or_else(|| Finish::Other("no reason given".to_owned())),
        ));
    }

    /// The answer failed. After the first delta it is an interruption whatever the cause: the text stays.
    pub fn fail(&mut self, error: LlmError) {
        let keeps = matches!(error, LlmError::Cancelled { .. } | LlmError::Interrupted { .. });
        let error = match error {
            LlmError::Cancelled { .. } => LlmError::Cancelled { chars: self.chars },
            LlmError::Interrupted { why, .. } => LlmError::Interrupted { chars: self.chars, why },
            other => other,
        };
        let error = if self.any_delta && !keeps {
            LlmError::Interrupted {
                chars: self.chars,
                why: error.to_string(),
            }
        } else {
            error
        };
        self.close(Event::Failed(error));
    }

    fn close(&mut self, last: Event) {
        if !self.over {
            self.over = true;
            self.events.extend(self.usage.take().map(Event::Usage));
            self.events.push(last);
        }
    }
}

impl Decoder {
    /// `request_id` is the header's and wins over the one inside the stream; `shaped` when [`super::Ask::shape`] was
    /// set.
    pub fn new(kind: ModelKind, request_id: Option<String>, shaped: bool) -> Self {
        let state = State {
            request_id,
            shaped,
            ..State::default()
        };
        Self {
            kind,
            mode: Mode::Unknown(Vec::new()),
            state,
        }
    }

    /// Takes more bytes and gives the events that are complete with them.
    pub fn push(&mut self, piece: &[u8]) -> Vec<Event> {
        if !self.state.over {
            self.take(piece);
        }
        std::mem::take(&mut self.state.events)
    }

    /// No more bytes come: the last events, of which the very last is `Finished` or `Failed` unless it was given.
    pub fn end(&mut self, how: Ending) -> Vec<Event> {
        if !self.state.over {
            match how {
                Ending::Clean => self.end_clean(),
                Ending::Broken(error) => {
                    // Everything that matters had arrived: the model had said why it stops. A person's stop is kept.
                    if self.state.has_finish() && !matches!(error, LlmError::Cancelled { .. }) {
                        self.state.done();
                    } else {
                        self.state.fail(error);
                    }
                }
            }
        }
        std::mem::take(&mut self.state.events)
    }

    /// Characters of the answer so far.
    pub const fn chars(&self) -> usize {
        self.state.chars
    }

    /// True after the first text or reasoning: from here on nothing is asked again.
    pub const fn any_delta(&self) -> bool {
        self.state.any_delta
    }

    /// True after the last event.
    pub const fn is_over(&self) -> bool {
        self.state.over
    }

    fn take(&mut self, piece: &[u8]) {
        if let Mode::Unknown(held) = &mut self.mode {
            held.extend_from_slice(piece);
            let blank = |b: &u8| b.is_ascii_whitespace() || [0xEF, 0xBB, 0xBF].contains(b);
            let Some(first) = held.iter().copied().find(|b| !blank(b)) else {
                return;
            };
            let held = std::mem::take(held);
            match first {
                b'{' | b'[' => self.mode = Mode::Document(held),
                b'<' => self.state.fail(LlmError::Protocol {
                    why: "it is a web page; is copilot.model.base_url right?".to_owned(),
                }),
                _ => {
                    self.mode = Mode::Stream(Box::new(SseDecoder::new()));
                    self.take(&held);
                }
            }
            return;
        }
        match &mut self.mode {
            Mode::Document(held) => held.extend_from_slice(piece),
            Mode::Stream(sse) => {
                let found = sse.push(piece);
                self.events(found);
            }
            Mode::Unknown(_) => {}
        }
    }

    fn events(&mut self, (data, problem): (Vec<String>, Option<String>)) {
        for data in data {
            if self.state.over {
                return;
            }
            match self.kind {
                ModelKind::OpenaiChat => openai::event(&data, &mut self.state),
                ModelKind::Anthropic => anthropic::event(&data, &mut self.state),
            }
        }
        if let Some(why) = problem {
            self.state.fail(LlmError::Protocol { why });
        }
    }

    fn end_clean(&mut self) {
        match &mut self.mode {
            Mode::Unknown(_) => {}
            Mode::Stream(sse) => {
                let found = sse.end();
                self.events(found);
            }
            Mode::Document(held) => {
                let text = String::from_utf8_lossy(held);
                let text = text.trim_start_matches('\u{feff}');
                match (serde_json::from_str::<Value>(text), self.kind) {
                    (Ok(json), ModelKind::OpenaiChat) => openai::document(&json, &mut self.state),
                    (Ok(json), ModelKind::Anthropic) => anthropic::document(&json, &mut self.state),
                    (Err(e), _) => self.state.fail(LlmError::Protocol {
                        why: format!("it is neither a stream of events nor JSON: {e}"),
                    }),
                }
            }
        }
        if self.state.has_finish() {
            self.state.done();
        } else {
            self.state.fail(LlmError::Interrupted {
                chars: 0,
                why: "the server ended the stream without saying why".to_owned(),
            });
        }
    }
}

/// `value[key]` as text; null and everything else is nothing.
pub fn text_at<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// A number at a pointer; 0 when it is absent, null or something else.
pub fn count_at(value: &Value, pointer: &str) -> u64 {
    value.pointer(pointer).and_then(Value::as_u64).unwrap_or(0)
}

/// Reads one event's JSON, or fails the stream.
pub fn parse(data: &str, state: &mut State) -> Option<Value> {
    match serde_json::from_str::<Value>(data) {
        Ok(json) if json.is_object() => Some(json),
        Ok(_) => {
            state.fail(LlmError::Protocol {
                why: "an event is JSON but not an object".to_owned(),
            });
            None
        }
        Err(e) => {
            state.fail(LlmError::Protocol {
                why: format!("an event is not JSON: {e}"),
            });
            None
        }
    }
}

/// No tool was offered.
pub fn refuse_tool(state: &mut State) {
    state.fail(LlmError::Protocol {
        why: "the model called a tool although none was offered".to_owned(),
    });
}
