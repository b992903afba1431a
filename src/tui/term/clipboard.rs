//! Copying to the clipboard of the terminal, which may be on another machine than we are: OSC 52. Never read.

use crossterm::{clipboard::CopyToClipboard, queue};

/// Terminals drop longer sequences (74 KB after base64).
pub const LIMIT: usize = 74_000 / 4 * 3;

/// The way, for the message: a terminal that does not allow it says nothing, so people should know what was tried.
pub const WAY: &str = "to your terminal's clipboard by OSC 52";

/// The bytes that copy a text, or why it cannot be copied.
pub fn bytes(text: &str) -> Result<Vec<u8>, String> {
    if text.len() > LIMIT {
        return Err(format!(
            "{} bytes are too many for a terminal's clipboard, at most {LIMIT}",
            text.len()
        ));
    }
    let mut out = Vec::new();
    queue!(out, CopyToClipboard::to_clipboard_from(text)).map_err(|e| e.to_string())?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_one_osc_52_and_long_text_is_refused() {
        assert_eq!(bytes("1042").unwrap(), b"\x1b]52;c;MTA0Mg==\x1b\\");
        assert!(bytes(&"x".repeat(LIMIT + 1)).is_err());
    }
}
