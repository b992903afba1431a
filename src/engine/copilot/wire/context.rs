//! How many tokens a model takes: what the configuration says, else what the server says, else what is known of the
//! model, else little.

use serde_json::Value;

/// Taken when nobody says anything, tokens.
pub const FALLBACK_WINDOW: u32 = 8_192;

/// Windows by the beginning of a model's name, longest beginning first. From the makers' model pages, 2026-11; a
/// declared value always wins, so a model that is missing here costs snippets and never an error.
const KNOWN: &[(&str, u32)] = &[
    ("gpt-4.1", 1_000_000),
    ("gpt-4o", 128_000),
    ("gpt-4-turbo", 128_000),
    ("gpt-3.5-turbo", 16_385),
    ("claude-", 200_000),
    ("mistral-large", 128_000),
    ("mistral-small", 32_000),
    ("llama-3.1", 128_000),
    ("llama-3.3", 128_000),
    ("llama3.1", 128_000),
];

/// The window to plan with, tokens: declared, else served, else known, else [`FALLBACK_WINDOW`].
pub fn context_window(declared: Option<u32>, served: Option<u32>, model: &str) -> u32 {
    // A gateway puts the maker in front: `openai/gpt-4o`.
    let name = model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase();
    let known = || KNOWN.iter().find(|(start, _)| name.starts_with(start)).map(|(_, n)| *n);
    declared.or(served).or_else(known).unwrap_or(FALLBACK_WINDOW)
}

/// The window a server gives for `model` in its list of models: `max_model_len` (vLLM), `context_length` (OpenRouter),
/// `context_window` (Groq), `meta.n_ctx_train` is the training's and no promise, so it is not read.
pub fn served_window(body: &[u8], model: &str) -> Option<u32> {
    let json: Value = serde_json::from_slice(body).ok()?;
    let models = json.get("data")?.as_array()?;
    let ours = models
        .iter()
        .find(|m| m.get("id").and_then(Value::as_str) == Some(model))?;
    let figure = |key: &str| ours.get(key).and_then(Value::as_u64);
    let found = figure("max_model_len")
        .or_else(|| figure("context_length"))
        .or_else(|| figure("context_window"))?;
    u32::try_from(found).ok().filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_window_wins_then_the_served_then_the_known() {
        let served = served_window(br#"{"data":[{"id":"a"},{"id":"m","max_model_len":32768}]}"#, "m");
        assert_eq!(served, Some(32_768));
        assert_eq!(context_window(Some(4_096), served, "gpt-4o"), 4_096);
        assert_eq!(context_window(None, served, "gpt-4o"), 32_768);
        assert_eq!(context_window(None, None, "openai/gpt-4o-mini"), 128_000);
        assert_eq!(context_window(None, None, "house-model"), FALLBACK_WINDOW);
        assert_eq!(served_window(b"<html>", "m"), None);
    }
}
