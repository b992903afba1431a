//! What a model is asked to do: answer a question, or mend a ticket. Each has its fixed instructions, always the same
//! bytes, so that servers can cache them.

use serde_json::json;

use super::{propose::OPERATIONS_MAX, wire::Shape};

/// What a model is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Answer from the snippets.
    Answer,
    /// Propose a change of a ticket that was refused.
    Mend,
}

const ANSWER: &str =
    "You answer questions of people who set up advertising campaigns. You know nothing but the snippets \
in this request.
1. Use the snippets only. Add nothing you know from elsewhere and guess nothing.
2. After every sentence that states a rule, name the snippets it stands in, like [S1] or [S1][S2]. Repeat numbers, \
units and quotations exactly as they stand there.
3. If the snippets do not cover the question, answer NO_RULE and nothing else.
Answer in the language of the question, in short sentences.
";

const MEND: &str = "You mend the content of an advertising ticket that was refused. You know nothing but what stands in \
this request.
1. Answer with one JSON object and nothing else: {\"patch\": [], \"rationale\": \"\", \"confidence\": \"low\"}.
2. \"patch\" is a JSON Patch (RFC 6902) with the operations add, replace and remove, eight at most. Change as little as \
mends it, keep the language and the tone, and change only the fields that are listed, each by the pointer it is listed \
under. Money, dates, names, accounts, places and addresses are not yours.
3. \"rationale\" says why, in at most three short sentences. After each that states a rule, name the snippets it stands \
in, like [S1].
4. \"confidence\" is low, medium or high.
5. Where nothing you may change mends it, the patch is empty and the rationale says why.
";

impl Purpose {
    /// Version of the fixed text, for the audit row. Every change of a text gets a number no text had before.
    pub const fn template(self) -> u32 {
        match self {
            Self::Answer => 1,
            Self::Mend => 2,
        }
    }

    /// The fixed part of the instructions.
    pub const fn rules(self) -> &'static str {
        match self {
            Self::Answer => ANSWER,
            Self::Mend => MEND,
        }
    }

    /// What stands before the question.
    pub const fn question_word(self) -> &'static str {
        match self {
            Self::Answer => "The question",
            Self::Mend => "The task",
        }
    }

    /// True where nothing may be said without a snippet. A platform's refusal can be mended without a house rule.
    pub const fn needs_snippets(self) -> bool {
        matches!(self, Self::Answer)
    }

    /// The shape the answer must have; `None` = text.
    pub fn shape(self) -> Option<Shape> {
        let operation = json!({
            "type": "object",
            "properties": {
                "op": {"type": "string", "enum": ["add", "replace", "remove"]},
                "path": {"type": "string", "description": "JSON pointer of a listed field"},
                "value": {"description": "the new value; left out with remove"},
            },
            "required": ["op", "path"],
        });
        let schema = json!({
            "type": "object",
            "properties": {
                "patch": {"type": "array", "maxItems": OPERATIONS_MAX, "items": operation},
                "rationale": {"type": "string"},
                "confidence": {"type": "string", "enum": ["low", "medium", "high"]},
            },
            "required": ["patch", "rationale", "confidence"],
        });
        (self == Self::Mend).then(|| Shape {
            name: "proposal".to_owned(),
            schema,
        })
    }
}
