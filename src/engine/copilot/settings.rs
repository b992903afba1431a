//! What a person decides about the model endpoint, as values.

use rust_decimal::Decimal;

use super::{
    cost::{Limits, Price},
    wire::ModelKind,
};

/// One endpoint and its model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelSettings {
    /// The format it speaks.
    pub kind: ModelKind,
    /// Address below which the format's paths stand: `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`,
    /// `https://api.anthropic.com`.
    pub base_url: String,
    /// The model's name there.
    pub model: String,
    /// It runs on this machine: nothing leaves the host.
    pub local: bool,
    /// Tokens the model takes, if the configuration says so.
    pub context_tokens: Option<u32>,
    /// Longest answer, tokens.
    pub answer_tokens: u32,
    /// Sent only when set.
    pub temperature: Option<Decimal>,
    /// What tokens cost; `None` = unknown, which is never shown as 0.
    pub price: Option<Price>,
    /// What may be spent.
    pub limits: Limits,
    /// What happens when a secret is found in what would be sent.
    pub on_secret: OnSecret,
}

/// What happens when a secret is found in what would be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnSecret {
    /// Nothing is sent, and the person learns where the secret stands.
    Block,
    /// It is replaced by a name.
    Replace,
}

/// Longest answer when the configuration does not say, tokens.
pub const ANSWER_TOKENS: u32 = 800;
