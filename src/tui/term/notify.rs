//! Calling a person who looks elsewhere: the bell, or a message the terminal shows as it likes. Off unless wished.

use crate::tui::app::notify::{Way, Wishes};

/// The title of a message, and the first words of one without.
const TITLE: &str = "OmniTraffick";

/// The bytes of a call; none when nobody wants to be called.
///
/// tmux rings its own bell, but throws away sequences it does not know: those are wrapped for it. It passes them on only
/// with `allow-passthrough on`.
pub fn bytes(wishes: &Wishes, text: &str) -> Vec<u8> {
    // A text ends the sequence by a control character and the title by a semicolon.
    let clean = |text: &str| -> String {
        let plain = text.chars().filter(|c| !c.is_control());
        plain.map(|c| if c == ';' { ',' } else { c }).collect()
    };
    let sequence = match wishes.way {
        Way::Off => return Vec::new(),
        Way::Bell => return vec![0x07],
        Way::Osc9 => format!("\x1b]9;{TITLE}: {}\x1b\\", clean(text)),
        Way::Osc777 => format!("\x1b]777;notify;{TITLE};{}\x1b\\", clean(text)),
    };
    if wishes.in_tmux {
        format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b")).into_bytes()
    } else {
        sequence.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(way: Way, in_tmux: bool, text: &str) -> String {
        let wishes = Wishes {
            way,
            in_tmux,
            ..Wishes::default()
        };
        String::from_utf8(bytes(&wishes, text)).unwrap()
    }

    #[test]
    fn a_call_is_one_sequence_and_its_text_cannot_end_it() {
        assert_eq!(made(Way::Off, false, "x"), "");
        assert_eq!(made(Way::Bell, true, "x"), "\x07");
        let osc9 = made(Way::Osc9, false, "1042 is live; \x1b]0;t\x07\u{9c}ok");
        assert_eq!(osc9, "\x1b]9;OmniTraffick: 1042 is live, ]0,tok\x1b\\");
        let osc777 = made(Way::Osc777, false, "1042 is live");
        assert_eq!(osc777, "\x1b]777;notify;OmniTraffick;1042 is live\x1b\\");
    }

    #[test]
    fn inside_tmux_it_is_wrapped() {
        let wrapped = made(Way::Osc777, true, "hello");
        assert_eq!(
            wrapped,
            "\x1bPtmux;\x1b\x1b]777;notify;OmniTraffick;hello\x1b\x1b\\\x1b\\"
        );
    }
}
