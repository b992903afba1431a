//! What may happen at a console, and how to draw it from a seed.

use fastrand::Rng;
use omnitraffick::tui::command::{Key, table::TABLE};

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A key, as fast as keys come.
    Key(Key),
    /// Keys of somebody who knows what they want, slowly enough for every question.
    Keys(Vec<Key>),
    /// Pasted text.
    Paste(String),
    /// The window has another size.
    Resize(u16, u16),
    /// Milliseconds go by.
    Wait(u16),
    /// So many answers come in.
    Answers(u8),
    /// Answers overtake each other.
    Shuffle,
    /// An answer is lost.
    Fail,
    /// The engine's news came too fast.
    NoticesLost,
    /// Somebody else does something.
    Colleague(u8),
}

/// Keys with a name.
pub const NAMED: [Key; 19] = [
    Key::Enter,
    Key::Esc,
    Key::Tab,
    Key::BackTab,
    Key::Backspace,
    Key::Delete,
    Key::Up,
    Key::Down,
    Key::Left,
    Key::Right,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
    Key::F(1),
    Key::F(4),
    Key::F(6),
    Key::F(9),
    Key::F(12),
];

/// Texts people type or paste: good ones, wrong ones, hostile ones.
pub const TEXTS: [&str; 18] = [
    "status:failed",
    "status:qa-failed market:US",
    "colour:red",
    "!owner:ana",
    "1001",
    "1007 1008",
    "level:warn",
    "actor:ana",
    "120.00",
    "+3d",
    "2026-12-01",
    "a reason\nin two lines",
    "\u{1b}]52;c;eA==\u{7}\u{1b}[2J",
    "\u{202e}desrever \u{9b}31m",
    "日本語 한국어 👩‍👩‍👧 e\u{301}\u{301}\u{301}",
    "P\ny\nD\ny\nQ\n",
    "{\"ad_set\": {\"targeting\": {\"age_min\": 1",
    "{\n  \"campaign\": {\"objective\": \"OUTCOME_SALES\"},\r\n  \"own\": [1, {\"\u{202e}\": null}]\n}",
];

/// The keys of a text.
pub fn typed(text: &str) -> Vec<Key> {
    text.chars().filter(|c| !c.is_control()).map(Key::Char).collect()
}

/// The chord of the n-th command that has one.
pub fn chord(n: usize) -> Vec<Key> {
    let bound: Vec<&str> = TABLE.iter().flat_map(|c| c.keys.iter().copied()).collect();
    Key::parse_chord(bound[n % bound.len()]).unwrap_or_default()
}

/// The n-th command with whatever it asks for: on the ticket table, a text, Enter, and yes.
pub fn carried_through(n: usize, text: &str) -> Vec<Key> {
    // Out of whatever is open first, a touched form included.
    let mut keys = vec![Key::Esc, Key::Char('y'), Key::Esc, Key::Esc, Key::Char('2')];
    keys.extend(chord(n));
    keys.extend(typed(text));
    keys.extend([Key::Enter, Key::Enter, Key::Char('y'), Key::Ctrl('s')]);
    keys
}

/// The n-th command through the palette.
pub fn palette(n: usize, word: Option<&str>) -> Vec<Key> {
    let mut keys = vec![Key::Char(':')];
    keys.extend(typed(TABLE[n % TABLE.len()].id));
    if let Some(word) = word {
        keys.push(Key::Char(' '));
        keys.extend(typed(word));
    }
    keys.push(Key::Enter);
    keys
}

/// What happens next.
pub fn next(rng: &mut Rng) -> Happening {
    let text = |rng: &mut Rng| TEXTS[rng.usize(..TEXTS.len())];
    match rng.u32(..1000) {
        0..280 => Happening::Key(Key::Char(char::from(rng.u8(b' '..=b'~')))),
        280..420 => Happening::Key(NAMED[rng.usize(..NAMED.len())]),
        420..450 => Happening::Key(Key::Ctrl(char::from(rng.u8(b'a'..=b'z')))),
        450..470 => Happening::Key(Key::Char(
            *rng.choice(&['é', 'ß', '日', '\u{301}', '👩']).unwrap_or(&'é'),
        )),
        470..640 => Happening::Keys(chord(rng.usize(..))),
        640..680 => Happening::Keys(carried_through(rng.usize(..), text(rng))),
        680..700 => {
            let word = rng.bool().then(|| text(rng));
            Happening::Keys(palette(rng.usize(..), word))
        }
        700..720 => {
            let mut keys = typed(text(rng));
            keys.push(Key::Enter);
            Happening::Keys(keys)
        }
        720..740 => Happening::Paste(text(rng).to_owned()),
        740..755 => Happening::Resize(rng.u16(0..=300), rng.u16(0..=100)),
        755..775 => Happening::Resize(rng.u16(60..=130), rng.u16(16..=40)),
        775..780 => Happening::Resize(rng.u16(0..=6), rng.u16(0..=4)),
        780..880 => Happening::Wait(rng.u16(1..500)),
        880..890 => Happening::Wait(rng.u16(500..20_000)),
        890..960 => Happening::Answers(rng.u8(1..20)),
        960..975 => Happening::Shuffle,
        975..985 => Happening::Fail,
        985..988 => Happening::NoticesLost,
        _ => Happening::Colleague(rng.u8(..)),
    }
}
